/**
 * The clock: what time it is for the kernel, which may be on another machine.
 *
 * Knows: when batches were put together there, and when they came here.
 * Does not know: what is timed.
 * Holds: a batch that came before the clock was made does not set it: nobody knows how long ago that was.
 */

import { Feed } from './feed';

export class Clock {
  /** To be called when nobody asks for the time any more. */
  readonly end: () => void;
  private heard_s: number;
  private sinceMs: number | null = null;

  constructor(private readonly feed: Feed) {
    this.heard_s = feed.at_s;
    this.end = feed.onState(() => this.hear());
  }

  /** Whether a batch has told the time; before that it is a guess. */
  get isSet(): boolean {
    return this.sinceMs !== null;
  }

  /** Seconds since the stream began; before the first batch by the clocks of both machines. */
  now(least_s: number): number {
    const now_s =
      this.sinceMs === null
        ? (Date.now() - this.feed.beganAtMs) / 1000
        : this.heard_s + (performance.now() - this.sinceMs) / 1000;
    return Math.max(least_s, now_s);
  }

  private hear(): void {
    if (this.feed.at_s > this.heard_s) {
      this.heard_s = this.feed.at_s;
      this.sinceMs = performance.now();
    }
  }
}
