import { describe, expect, it } from 'vitest';
import { byCell, checked, splitPlace, summary } from '../src/problems/grouping';
import { EMPTY } from '../src/protocol/fold';
import { INode, IProblem } from '../src/protocol/kinds';
import { IState } from '../src/protocol/state';

const problem = (severity: string, place: string): IProblem => ({
  code: 'WF203',
  severity,
  message: 'nothing supplies Size',
  place,
  reasons: [],
  fix: '',
  source: '',
  cell: '',
  extent: null
});

const stateOf = (...kinds: string[]): IState => ({
  ...EMPTY,
  nodes: Object.fromEntries(
    kinds.map((kind, n) => [`n${n}`, { id: `n${n}`, kind, label: '', place: '' } as INode])
  )
});

describe('problems', () => {
  it('stand under their cell', () => {
    const found = ['In [3], line 2', 'b.py, line 9', '', 'In [3], line 7'].map(place =>
      problem('error', place)
    );
    expect(byCell(found).map(one => [one.cell, one.problems.length])).toEqual([
      ['In [3]', 2],
      ['b.py', 1],
      ['', 1]
    ]);
  });

  it('have a cell and a line', () => {
    expect(splitPlace('a, line 1.py, line 12')).toEqual({ cell: 'a, line 1.py', line: 12 });
    expect(splitPlace('a.py:7')).toEqual({ cell: 'a.py', line: 7 });
    expect(splitPlace('In [3]')).toEqual({ cell: 'In [3]', line: null });
  });

  it('are summed up', () => {
    const found = ['note', 'error', 'warning', 'error'].map(one => problem(one, ''));
    expect(summary(found)).toBe('2 errors, 1 warning, 1 note');
    expect(summary([])).toBe('no problems');
  });

  it('that are none say what was checked', () => {
    expect(checked(EMPTY)).toBe('There are no rules yet: a function with @rule in a cell is one.');
    expect(checked(stateOf('rule'))).toBe(
      'Checked the requests of 1 rule: each has one rule to answer it.'
    );
    expect(checked(stateOf('rule', 'rule', 'query', 'open input', 'open input'))).toBe(
      'Checked the requests of 2 rules and 1 query: each has one rule to answer it. ' +
        '2 types nobody makes: open inputs, passed with a request.'
    );
  });
});
