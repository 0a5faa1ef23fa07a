/**
 * Cancel: the button, and what became of pressing it, in words.
 *
 * Knows: what to do when the kernel does not answer. Does not know: how it is asked.
 * Holds: the button says what it will do. A request that has ended has none.
 */

import { FOCUS } from '../dom/root';
import { enable, h, hasFocus } from '../dom/elements';
import { tr } from '../dom/words';
import { IControl } from '../protocol/control';
import { IRequestState } from '../protocol/state';
import { stopping, title } from './telling';

type Stage = 'idle' | 'asked' | 'cancelled' | 'unheard' | 'interrupted' | 'helpless';

export class Cancel {
  readonly button = h('button', { ...FOCUS, class: 'wfnb-cancel', type: 'button' }, tr('Cancel'));
  private stage: Stage = 'idle';
  private request: IRequestState | null = null;
  private answer = '';

  constructor(
    private readonly control: IControl,
    private readonly engine: number | undefined,
    private readonly changed: () => void
  ) {
    this.button.addEventListener('click', () => void this.press());
  }

  /** Take the newest state of the request; gives what to say about stopping it. */
  draw(request: IRequestState): string {
    this.request = request;
    const isOver = request.outcome !== 'running';
    const stops = request.is_stopping || this.stage === 'cancelled' || this.stage === 'interrupted';
    const isHeld = hasFocus(this.button);
    this.button.hidden = isOver || (stops && this.stage !== 'unheard') || this.stage === 'helpless';
    const after = this.button.nextElementSibling;
    if (isHeld && this.button.hidden && after instanceof HTMLElement) {
      after.focus(); // who uses keys stays in the view
    }
    enable(this.button, this.stage !== 'asked');
    const isUnheard = this.stage === 'unheard';
    const stop = tr('Interrupt the kernel');
    this.button.textContent = isUnheard ? stop : tr('Cancel');
    this.button.setAttribute('aria-label', isUnheard ? stop : tr('Cancel %1', title(request)));
    if (isOver) {
      return '';
    }
    if (request.is_stopping) {
      return stopping(request);
    }
    switch (this.stage) {
      case 'asked':
        return tr('asking the kernel to stop');
      case 'cancelled':
        return stopping(request);
      case 'unheard':
        return tr('The kernel does not answer while the cell runs.');
      case 'interrupted':
        return tr('interrupting the kernel');
      case 'helpless':
        return tr(
          'The kernel does not answer while the cell runs: press ■ in the toolbar of the notebook.'
        );
      default:
        return this.answer;
    }
  }

  private async press(): Promise<void> {
    const { request } = this;
    if (!request || this.stage === 'asked') {
      return;
    }
    if (this.stage === 'unheard' && this.control.interrupt) {
      this.turn('interrupted');
      await this.control.interrupt().catch(() => this.turn('helpless'));
      return;
    }
    this.turn('asked');
    const message = { do: 'cancel', request: request.request };
    const answer = await this.control.ask(
      this.engine === undefined ? message : { ...message, engine: this.engine }
    );
    if (!answer) {
      this.turn(this.control.interrupt ? 'unheard' : 'helpless');
      return;
    }
    this.answer = answer.done ? '' : answer.text;
    this.turn(answer.done ? 'cancelled' : 'idle');
  }

  private turn(stage: Stage): void {
    this.stage = stage;
    this.changed();
  }
}
