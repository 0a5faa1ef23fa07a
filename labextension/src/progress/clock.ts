/**
 * The clock: what time it is for the kernel, which may be on another machine.
 *
 * Knows: when batches were put together there, and when they came here.
 */

import { Feed } from '../protocol/feed';

export class Clock {
  private at_s = 0;
  private sinceMs = 0;

  constructor(private readonly feed: Feed) {}

  /** A message has come. */
  tick(): void {
    if (this.feed.at_s > this.at_s) {
      this.at_s = this.feed.at_s;
      this.sinceMs = performance.now();
    }
  }

  /** Whether a batch has told the time; before that it is a guess. */
  get isSet(): boolean {
    return this.at_s > 0;
  }

  /** Seconds since the stream began; before the first batch by the clocks of both machines. */
  now(least_s: number): number {
    const now_s = this.at_s
      ? this.at_s + (performance.now() - this.sinceMs) / 1000
      : (Date.now() - this.feed.beganAtMs) / 1000;
    return Math.max(least_s, now_s);
  }
}
