import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Feed } from '../src/protocol/feed';
import { EMPTY, fold, foldEvent, Gap } from '../src/protocol/fold';
import { WfnbEvent } from '../src/protocol/kinds';
import { IState, WfnbMessage } from '../src/protocol/state';

interface ICase {
  readonly name: string;
  readonly messages: readonly WfnbMessage[];
  readonly state: IState;
}

const file = new URL('../../tests/protocol/vectors.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as ICase[];

describe('fold', () => {
  it.each(cases)('gives the state that Python gives: $name', ({ messages, state }) => {
    expect(fold(messages)).toEqual(state);
  });

  it.each(cases)('gives the same to a feed: $name', ({ messages, state }) => {
    const feed = new Feed();
    messages.forEach(message => feed.take(message));
    expect(feed.state).toEqual(state);
  });

  it('keeps the order of keys', () => {
    for (const { messages, state } of cases) {
      expect(JSON.stringify(fold(messages))).toBe(JSON.stringify(state));
    }
  });

  it('refuses to go on after a gap', () => {
    const [snapshot] = cases[0]!.messages;
    const late = { v: 1, kind: 'batch', seq: 99, at_s: 0, events: [] } as const;
    expect(() => fold([snapshot!, late])).toThrow(new Gap('message 99 after 7'));
  });

  it('passes over kinds that are new', () => {
    expect(foldEvent(EMPTY, { kind: 'weather-changed' } as unknown as WfnbEvent)).toBe(EMPTY);
  });

  it('takes any name for a key', () => {
    const event = { kind: 'remembered', product: '__proto__', count: 2 } as const;
    const state = foldEvent(foldEvent(EMPTY, event), event);
    expect(Object.entries(state.remembered)).toEqual([['__proto__', 4]]);
  });
});

describe('a feed', () => {
  const snapshot = (seq: number, passed: number) => ({
    v: 1,
    kind: 'snapshot',
    seq,
    began_at_s: 5,
    state: { ...EMPTY, passed }
  });
  const batch = (seq: number) => ({
    v: 1,
    kind: 'batch',
    seq,
    at_s: 0,
    events: [{ kind: 'requests-passed', count: 1, ran: 0, kept: 0, failed: 0 }]
  });

  it('waits for a checkpoint after a lost batch', () => {
    const feed = new Feed();
    const passed: number[] = [];
    feed.onState(() => passed.push(feed.state.passed));
    [batch(1), snapshot(1, 1), batch(2), batch(4), batch(5), snapshot(5, 5), batch(6)].forEach(
      one => feed.take(one)
    );
    expect(passed).toEqual([1, 2, 5, 6]);
  });

  it('does not go back to an older checkpoint', () => {
    const feed = new Feed();
    [snapshot(1, 1), batch(2), batch(3), snapshot(2, 2)].forEach(one => feed.take(one));
    expect(feed.state.passed).toBe(3);
  });

  it('takes up a stream that began anew', () => {
    const feed = new Feed();
    feed.take(snapshot(9, 9));
    feed.take({ ...snapshot(0, 0), began_at_s: 6 });
    expect([feed.state.passed, feed.beganAtMs]).toEqual([0, 6000]);
  });

  it('passes over what is no message of this version', () => {
    const feed = new Feed();
    [null, 4, 'x', {}, { kind: 'snapshot', v: 2, seq: 1 }].forEach(one => feed.take(one));
    expect(feed.isOpen).toBe(false);
  });

  it('tells nobody who has left', () => {
    const feed = new Feed();
    let told = 0;
    feed.onState(() => told++)();
    feed.take(snapshot(1, 1));
    expect(told).toBe(0);
  });
});
