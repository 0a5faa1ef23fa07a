import { describe, expect, it } from 'vitest';
import { Store } from '../src/lab/store';
import { EMPTY } from '../src/protocol/fold';

const snapshot = (seq: number, passed = 0, began_at_s = 1000) => ({
  v: 1,
  kind: 'snapshot',
  seq,
  began_at_s,
  state: { ...EMPTY, passed }
});
const batch = (seq: number, count = 1) => ({
  v: 1,
  kind: 'batch',
  seq,
  at_s: 0,
  events: [{ kind: 'requests-passed', count, ran: 0, kept: 0, failed: 0 }]
});

function made() {
  const told: string[] = [];
  const asked: string[] = [];
  const store = new Store(
    kernel => told.push(kernel),
    kernel => asked.push(kernel)
  );
  return { store, told, asked };
}

describe('the store', () => {
  it('knows a kernel from its first checkpoint on', () => {
    const { store, told } = made();
    store.take('a', batch(1));
    expect(store.of('a')).toBeNull();

    store.take('a', snapshot(1));
    store.take('a', batch(2, 3));

    expect(store.of('a')?.state.passed).toBe(3);
    expect(told).toEqual(['a', 'a']);
  });

  it('keeps kernels apart', () => {
    const { store } = made();
    store.take('a', snapshot(1, 1));
    store.take('b', snapshot(1, 2));

    expect([store.of('a')?.state.passed, store.of('b')?.state.passed]).toEqual([1, 2]);
    expect(store.of('c')).toBeNull();
  });

  it('asks once for a checkpoint after a lost message', () => {
    const { store, asked } = made();
    store.take('a', snapshot(1));
    store.take('a', batch(3));
    store.take('a', batch(4));
    expect(asked).toEqual(['a']);
    expect(store.of('a')?.state.passed).toBe(0);

    store.take('a', snapshot(5, 7));
    store.take('a', batch(6));
    expect(asked).toEqual(['a']);
    store.take('a', batch(8));

    expect(store.of('a')?.state.passed).toBe(8);
    expect(asked).toEqual(['a', 'a']);
  });

  it('starts anew with a restarted kernel, whatever its numbers', () => {
    const { store, told } = made();
    store.take('a', snapshot(40, 5));
    store.drop('a');
    expect(store.of('a')).toBeNull();

    store.take('a', snapshot(0, 0, 2000));

    expect(store.of('a')?.state.passed).toBe(0);
    expect(told).toEqual(['a', 'a', 'a']);
  });

  it('takes the messages of another engine in the same kernel', () => {
    const { store } = made();
    store.take('a', snapshot(40, 5));
    store.take('a', snapshot(0, 1, 2000));
    store.take('a', batch(1));

    expect(store.of('a')?.state.passed).toBe(2);
  });

  it('passes over what is no message, and says nothing when nothing was there', () => {
    const { store, told, asked } = made();
    for (const odd of [null, 1, 'x', {}, { v: 2, kind: 'snapshot' }, { kind: 'batch' }]) {
      store.take('a', odd);
    }
    store.drop('a');
    store.drop('b');

    expect([told, asked, store.of('a')]).toEqual([[], [], null]);
  });
});
