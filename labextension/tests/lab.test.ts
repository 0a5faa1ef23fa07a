import { describe, expect, it } from 'vitest';
import { itemsIn, number, spotsIn, text, whysIn } from '../src/lab/answers';
import { isInCall } from '../src/lab/calls';
import { about, placeOf, rowsOf } from '../src/lab/rows';
import { rowOf } from '../src/lab/lines';
import { EMPTY } from '../src/protocol/fold';
import { Feed } from '../src/protocol/feed';
import { INode } from '../src/protocol/kinds';
import { IState } from '../src/protocol/state';

const node = (id: string, label: string, cell: string): INode => ({
  id,
  kind: 'rule',
  label,
  place: `In [1], line 2`,
  cell,
  extent: null
});
const state: IState = {
  ...EMPTY,
  nodes: {
    'rule|m|b': node('rule|m|b', 'b', 'one'),
    'rule|m|a': node('rule|m|a', 'a', 'two'),
    'rule|m|c': node('rule|m|c', 'c', 'two'),
    'rule|wfnb.x|d': node('rule|wfnb.x|d', 'd', ''),
    'open input|m.T': { ...node('open input|m.T', 'T', ''), kind: 'open input' }
  },
  tasks: { 'rule|m|c': { known: 3, stale: 1 } }
};

describe('answers', () => {
  it('are read whatever they are', () => {
    for (const wrong of [null, undefined, 7, 'x', [], { spots: 1, items: {}, rules: [null] }]) {
      expect(spotsIn(wrong)).toEqual([]);
      expect(itemsIn(wrong)).toEqual([]);
      expect(whysIn(wrong).every(one => one.reasons.length === 0)).toBe(true);
      expect([text(wrong, 'a'), number(wrong, 'a')]).toEqual(['', null]);
    }
    const [spot] = spotsIn({ spots: [{ label: 'f', line: '3', cell: 'c', more: 1 }] });
    expect(spot).toEqual({ label: 'f', how: '', cell: 'c', line: null, source: '', place: '' });
    expect(itemsIn({ items: [{ name: 'A', lacks: ['B', 1] }, {}] })).toEqual([
      { name: 'A', note: '', lacks: ['B'] }
    ]);
  });
});

describe('a cursor', () => {
  it.each([
    ['await Get(', true],
    ['await MultiGet(Get(A, A, a) for a in Get(', true],
    ['Get(A)', false],
    ['x = (', false],
    ['', false],
    ['f(1, (2', false]
  ])('is in a call after %j: %s', (before, found) => expect(isInCall(before)).toBe(found));
});

describe('rows', () => {
  it('are those of the cell first, without those of wfnb', () => {
    const rows = rowsOf(state, 'two');
    expect(rows.map(row => [row.node.label, row.isHere, row.known, row.stale])).toEqual([
      ['a', true, 0, 0],
      ['c', true, 3, 1],
      ['b', false, 0, 0]
    ]);
    expect(rowsOf(state, '').some(row => row.isHere)).toBe(false);
    expect(placeOf(node('x', 'x', 'one'))).toEqual({
      cell: 'one',
      place: 'In [1], line 2',
      line: 2,
      source: ''
    });
  });

  it('put the rules of a cell in the middle of a graph', () => {
    const data = JSON.stringify({ v: 1, focus: [0], nodes: [{ id: 'x' }, { id: 'y' }, { id: 'z' }] });
    expect(JSON.parse(about(data, ['z', 'y', 'gone'])).focus).toEqual([1, 2]);
  });
});

describe('a line', () => {
  it.each([
    [2, 'b', 1],
    [2, ' a ', 0],
    [9, 'gone', 3],
    [0, '', 0],
    [3, 'a', 3]
  ])('%i with the text %j is row %i', (line, source, row) =>
    expect(rowOf(['a', '  b', 'c', 'a'], line, source)).toBe(row)
  );
});

describe('a part of a feed', () => {
  it('moves with the whole until it is ended', () => {
    const whole = new Feed();
    const snapshot = (problems: unknown[], seq: number) => ({
      v: 1,
      kind: 'snapshot',
      seq,
      began_at_s: 1,
      state: { ...EMPTY, problems }
    });
    whole.take(snapshot([], 0));
    const { feed, end } = whole.part(one => ({ ...one, passed: one.problems.length }));
    let told = 0;
    feed.onState(() => told++);
    whole.take(snapshot([{}, {}], 1));
    expect([feed.isOpen, feed.state.passed, told]).toEqual([true, 2, 1]);
    end();
    whole.take(snapshot([{}], 2));
    expect([feed.state.passed, told]).toEqual([2, 1]);
  });
});
