/**
 * The feed: the newest state of an engine, as far as its messages have arrived.
 *
 * Knows: checkpoints and batches, and which of them to take.
 * Does not know: how they arrive.
 * Holds: a batch counts only if it is the next one. After a lost message the state stays as it was
 *   until the next checkpoint, which nobody has to ask for.
 */

import { EMPTY, foldEvents } from './fold';
import { VERSION } from './kinds';
import { IState, WfnbMessage } from './state';

export class Feed {
  /** When the stream began, in milliseconds since 1970; every `at_s` counts from there. */
  beganAtMs = 0;
  /** Whether a checkpoint has come. */
  isOpen = false;
  /** When the last batch was put together, in seconds since the stream began; 0 before any. */
  at_s = 0;
  /** Whether a message was lost, so that the state stands still until the next checkpoint. */
  isBehind = false;
  state: IState = EMPTY;

  private seq = -1;
  private readonly listeners = new Set<() => void>();

  /** Take a message, as JSON gave it; anything else is passed over. */
  take(data: unknown): void {
    if (!isMessage(data) || data.v !== VERSION) {
      return;
    }
    if (data.kind === 'snapshot') {
      if (data.seq <= this.seq && data.began_at_s * 1000 === this.beganAtMs) {
        return; // batches were faster
      }
      this.beganAtMs = data.began_at_s * 1000;
      this.isOpen = true;
      this.isBehind = false;
      this.state = data.state;
    } else if (this.isOpen && data.seq === this.seq + 1) {
      this.state = foldEvents(this.state, data.events);
      this.at_s = data.at_s;
    } else {
      this.isBehind ||= this.isOpen && data.seq > this.seq;
      return;
    }
    this.seq = data.seq;
    this.listeners.forEach(tell => tell());
  }

  /** Call whenever the state has moved. Returns what ends it. */
  onState(tell: () => void): () => void {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  }

  /** A feed of a part of the state, which moves with this one until it is ended. */
  part(of: (state: IState) => IState): { readonly feed: Feed; readonly end: () => void } {
    const feed = new Feed();
    const follow = () => {
      feed.beganAtMs = this.beganAtMs;
      feed.isOpen = this.isOpen;
      feed.at_s = this.at_s;
      feed.state = of(this.state);
      feed.listeners.forEach(tell => tell());
    };
    follow();
    return { feed, end: this.onState(follow) };
  }
}

function isMessage(data: unknown): data is WfnbMessage {
  const kind = (data as { kind?: unknown } | null)?.kind;
  return kind === 'snapshot' || kind === 'batch';
}
