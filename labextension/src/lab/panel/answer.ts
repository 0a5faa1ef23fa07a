/**
 * The answer to what was asked last: places to go to, and reasons.
 *
 * Knows: what is told. Does not know: who asked.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { FOCUS } from '../../dom/root';
import { h } from '../../dom/elements';
import { IPlace } from '../lines';
import { Go } from '../places';
import { ITold } from '../tokens';
import { Fold } from './section';

export class AnswerSection {
  readonly fold: Fold;
  private readonly spoken = h('p', { class: 'wfnb-side-text', role: 'status' });
  private readonly found = h('div');

  constructor(
    private readonly go: Go,
    private readonly trans: TranslationBundle
  ) {
    this.fold = new Fold(trans.__('Answer'));
    const close = h('button', { ...FOCUS, type: 'button' }, trans.__('Close'));
    close.addEventListener('click', () => this.clear());
    this.fold.body.append(this.spoken, this.found, close);
    this.clear();
  }

  clear(): void {
    this.fold.element.hidden = true;
    this.spoken.textContent = '';
    this.found.replaceChildren();
  }

  show({ title, text, spots = [], whys = [] }: ITold): void {
    this.fold.element.hidden = false;
    this.fold.say(title);
    this.spoken.textContent = text;
    this.found.replaceChildren(
      h(
        'ul',
        {},
        ...spots.map(spot =>
          h(
            'li',
            {},
            h('span', { class: 'wfnb-side-how' }, spot.how, ' '),
            h('code', {}, spot.label),
            placeButton(spot, this.go, this.trans)
          )
        )
      ),
      ...whys.map(why =>
        h(
          'div',
          {},
          h('h3', {}, h('code', {}, why.label)),
          ...why.reasons.map(reason => h('pre', { class: 'wfnb-side-why' }, reason))
        )
      )
    );
    this.fold.fold(false);
  }
}

/** What leads to a place; its mere name if that is in no cell, and nothing if it is unknown. */
export function placeButton(place: IPlace, go: Go, trans: TranslationBundle): HTMLElement | false {
  if (!place.place) {
    return false;
  }
  if (!place.cell && !place.place.startsWith('In [')) {
    return h('span', { class: 'wfnb-side-note' }, place.place);
  }
  const label = trans.__('Go to %1', place.place);
  const button = h('button', { ...FOCUS, type: 'button', 'aria-label': label }, place.place);
  button.addEventListener('click', () => void go(place));
  return button;
}
