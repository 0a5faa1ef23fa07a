/**
 * The request line: what runs, and for how long, or what ran last.
 *
 * Knows: the newest request of a feed, and what time it is for the kernel.
 * Does not know: rules, boxes.
 */

import { h } from '../dom/elements';
import { tr } from '../dom/words';
import { Clock } from '../protocol/clock';
import { Feed } from '../protocol/feed';
import { shownRequest } from './overlay';
import { requestText } from './words';

const TICK_MS = 500;

export class RequestLine {
  readonly element = h('p', { class: 'wfnb-request' });
  private readonly clock;
  private readonly timer;

  /** `say` is called with the line when a request has ended. */
  constructor(
    private readonly feed: Feed,
    private readonly isLive: () => boolean,
    private readonly say: (text: string) => void
  ) {
    this.clock = new Clock(feed);
    this.timer = window.setInterval(() => this.draw(), TICK_MS);
  }

  end(): void {
    window.clearInterval(this.timer);
    this.clock.end();
  }

  draw(): void {
    const request = shownRequest(this.feed.state);
    let text = '';
    if (!this.isLive()) {
      text = tr('No longer told what runs: %wf graph shows a new view.');
    } else if (request) {
      text = requestText(request, this.clock.now(request.started_s));
    }
    if (this.element.textContent !== text) {
      this.element.textContent = text;
      if (request && request.outcome !== 'running') {
        this.say(text);
      }
    }
  }
}
