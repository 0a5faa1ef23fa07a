/**
 * A section of the side panel: a heading that folds what is under it.
 *
 * Knows: headings, folding. Does not know: what is shown.
 */

import { FOCUS } from '../../dom/root';
import { h, set } from '../../dom/elements';

export class Fold {
  readonly body = h('div', { class: 'wfnb-side-body' });
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly note = h('span', { class: 'wfnb-side-note' });

  /** @param opened called when it is opened or closed. */
  constructor(
    title: string,
    private readonly opened: () => void = () => undefined
  ) {
    this.button = h('button', { ...FOCUS, type: 'button', 'aria-expanded': 'true' }, title);
    this.button.addEventListener('click', () => this.fold(this.isOpen));
    this.element = h(
      'section',
      { class: 'wfnb-side-section', 'aria-label': title },
      h('h2', {}, this.button, this.note),
      this.body
    );
  }

  get isOpen(): boolean {
    return !this.body.hidden;
  }

  fold(isFolded: boolean): void {
    this.body.hidden = isFolded;
    set(this.button, { 'aria-expanded': String(!isFolded) });
    this.opened();
  }

  /** Show it open, and put the focus there. */
  focus(): void {
    this.fold(false);
    this.button.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** What the heading says besides. */
  say(note: string): void {
    if (this.note.textContent !== note) {
      this.note.textContent = note;
    }
  }
}
