import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../src/protocol/clock';
import { Feed } from '../src/protocol/feed';
import { EMPTY } from '../src/protocol/fold';

const BEGAN_S = 1_000_000;

/** A feed of a stream that began 60 s ago, by the clock of this machine. */
function opened(): Feed {
  const feed = new Feed();
  feed.take({ v: 1, kind: 'snapshot', seq: 1, began_at_s: BEGAN_S, state: EMPTY });
  return feed;
}

const batch = (seq: number, at_s: number) => ({ v: 1, kind: 'batch', seq, at_s, events: [] });

beforeEach(() => {
  vi.useFakeTimers({ now: (BEGAN_S + 60) * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the clock', () => {
  it('goes by both machines until a batch tells the time', () => {
    const clock = new Clock(opened());

    expect([clock.now(0), clock.isSet]).toEqual([60, false]);
    vi.advanceTimersByTime(2000);
    expect(clock.now(0)).toBe(62);
  });

  it('goes by the kernel from the first batch on', () => {
    const feed = opened();
    const clock = new Clock(feed);

    feed.take(batch(2, 40)); // its clock is 20 s slow
    vi.advanceTimersByTime(1500);

    expect([clock.now(0), clock.isSet]).toEqual([41.5, true]);
  });

  it('is not set by what came before it was made', () => {
    const feed = opened();
    feed.take(batch(2, 40));
    vi.advanceTimersByTime(10_000);
    const clock = new Clock(feed);

    feed.take({ v: 1, kind: 'snapshot', seq: 3, began_at_s: BEGAN_S, state: EMPTY });
    expect([clock.now(0), clock.isSet]).toEqual([70, false]);
    feed.take(batch(4, 51));
    expect([clock.now(0), clock.isSet]).toEqual([51, true]);
  });

  it('is never before what is known to have been', () => {
    expect(new Clock(opened()).now(99)).toBe(99);
  });

  it('hears nothing after its end', () => {
    const feed = opened();
    const clock = new Clock(feed);
    clock.end();
    feed.take(batch(2, 40));
    expect(clock.isSet).toBe(false);
  });
});
