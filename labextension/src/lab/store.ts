/**
 * The store: what each kernel has told of its engine.
 *
 * Knows: kernels by id, and messages as they came.
 * Does not know: notebooks, comms.
 * Holds: an engine is there from its first checkpoint until its kernel leaves it. After a lost
 *   message its state stays as it was until another checkpoint, for which `needs` asks once.
 */

import { Feed } from '../protocol/feed';

export class Store {
  private readonly feeds = new Map<string, Feed>();
  private readonly asked = new Set<string>();

  /**
   * @param tell called whenever an engine has come, gone or moved.
   * @param needs called when a kernel has to be asked for a checkpoint.
   */
  constructor(
    private readonly tell: (kernel: string) => void,
    private readonly needs: (kernel: string) => void
  ) {}

  /** The feed of a kernel that has told something; null for any other. */
  of(kernel: string): Feed | null {
    const feed = this.feeds.get(kernel);
    return feed?.isOpen ? feed : null;
  }

  /** Take a message, as JSON gave it. */
  take(kernel: string, data: unknown): void {
    let feed = this.feeds.get(kernel);
    if (!feed) {
      feed = new Feed();
      this.feeds.set(kernel, feed);
      feed.onState(() => {
        this.asked.delete(kernel);
        this.tell(kernel);
      });
    }
    feed.take(data);
    if (feed.isBehind && !this.asked.has(kernel)) {
      this.asked.add(kernel);
      this.needs(kernel);
    }
  }

  /** The kernel has no engine any more: it restarts, has gone, or nobody looks at it. */
  drop(kernel: string): void {
    const was = this.of(kernel);
    this.feeds.delete(kernel);
    this.asked.delete(kernel);
    if (was) {
      this.tell(kernel);
    }
  }
}
