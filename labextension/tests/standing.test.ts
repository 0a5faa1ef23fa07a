import { describe, expect, it } from 'vitest';
import { defines, standingOf } from '../src/lab/standing';
import { countsText, standingWord, statusText } from '../src/lab/texts';
import { EMPTY, foldEvents } from '../src/protocol/fold';
import { INode, IProblem, WfnbEvent } from '../src/protocol/kinds';
import { IState } from '../src/protocol/state';
import { trans } from './trans';

const RESIZE = 'rule|__main__|resize|__main__.Thumb|__main__.Photo';
const TEXT = '@rule\nasync def resize(photo: Photo) -> Thumb:\n    ...';

const rule = (id: string, cell: string, label = 'resize'): INode => ({
  id,
  kind: 'rule',
  label,
  place: '',
  cell,
  extent: null
});
const problem = (severity: string): IProblem => ({
  code: 'WF203',
  severity,
  message: '',
  place: '',
  reasons: [],
  fix: '',
  source: '',
  cell: 'c',
  extent: null
});
const stateOf = (...events: WfnbEvent[]): IState =>
  foldEvents({ ...EMPTY, nodes: { [RESIZE]: rule(RESIZE, 'c') } }, events);
const started: WfnbEvent = {
  kind: 'request-started',
  request: 1,
  product: 'Thumb',
  params: [],
  is_goal: false,
  at_s: 1
};
const done = (what: 'ran' | 'failed'): WfnbEvent => ({
  kind: 'tasks-done',
  request: 1,
  rule: RESIZE,
  what,
  count: 2,
  why: ''
});
const ended: WfnbEvent = {
  kind: 'request-ended',
  request: 1,
  outcome: 'failed',
  error: '',
  exit_code: null,
  cut_off: [],
  at_s: 2
};
const changed = (at_s: number): WfnbEvent => ({
  kind: 'rules-changed',
  cell: '',
  added: [],
  changed: ['resize'],
  removed: [],
  cleared: 0,
  dirtied: 0,
  at_s
});
const lane: WfnbEvent = { kind: 'lane-moved', request: 1, worker: 0, task: 't', rule: RESIZE, at_s: 1 };
const counted = (known: number, stale: number): WfnbEvent => ({
  kind: 'tasks-counted',
  rule: RESIZE,
  known,
  stale
});
const problems = (...severities: string[]): WfnbEvent => ({
  kind: 'problems-changed',
  problems: severities.map(problem)
});

const told = (state: IState, text = TEXT, ...others: string[]) => {
  const found = standingOf(state, 'c', text, () => others);
  return found && [standingWord(found.standing, trans), ...countsText(found, trans)].join(' · ');
};

describe('how the rules of a cell stand', () => {
  it('is not said of a cell without rules', () => {
    expect(standingOf(stateOf(), 'other', TEXT, () => [])).toBeNull();
    expect(standingOf({ ...EMPTY, nodes: { r: rule('r', '') } }, '', TEXT, () => [])).toBeNull();
  });

  it.each([
    ['sound · 1 rule', []],
    ['sound · 1 rule · 12 remembered', [counted(12, 0)]],
    ['dirty · 1 rule · 12 remembered · 3 to redo', [counted(12, 3)]],
    ['sound · 1 rule · 1 warning', [problems('warning', 'note')]],
    ['problem · 1 rule · 2 errors', [problems('error', 'error')]],
    ['running · 1 rule · 1 error', [problems('error'), started, lane]],
    ['failed · 1 rule · 2 failed', [started, done('failed'), ended]],
    ['failed · 1 rule · 2 failed', [changed(0.5), started, done('failed'), ended]],
    ['sound · 1 rule', [started, done('failed'), ended, changed(3)]],
    ['sound · 1 rule', [started, lane, ended]]
  ] as const)('%s', (expected, events) => {
    expect(told(stateOf(...events))).toBe(expected);
  });

  it('goes by the last request that ran the rule', () => {
    const again = [started, done('ran'), ended].map(one => ({ ...one, request: 2 }) as WfnbEvent);
    expect(told(stateOf(started, done('failed'), ended, ...again))).toBe('sound · 1 rule');
  });

  it('leaves out a rule whose text has gone to another cell', () => {
    expect(told(stateOf(), 'x = 1', 'y', TEXT)).toBeNull();
    expect(told(stateOf(), 'x = 1', 'y')).toBe('sound · 1 rule'); // it is being edited
    expect(told(stateOf(), TEXT, TEXT)).toBe('sound · 1 rule'); // a copy is elsewhere
  });

  it('leaves out a problem whose text has gone to another cell', () => {
    const extent = { line: 3, column: 4, end_line: 3, end_column: 7, text: '    ...' };
    const state = { ...stateOf(), problems: [{ ...problem('error'), extent }] };
    const edited = TEXT.replace('...', '....');
    expect(told(state)).toBe('problem · 1 rule · 1 error');
    expect(told(state, edited)).toBe('problem · 1 rule · 1 error');
    expect(told(state, edited, TEXT)).toBe('sound · 1 rule');
  });
});

describe('the definition of a rule', () => {
  it('is found by its name', () => {
    expect(defines('async  def\tresize (photo)', 'resize')).toBe(true);
    expect(defines('  def resize(photo)', 'Gallery.resize')).toBe(true);
    expect(defines('def größe(x)', 'größe')).toBe(true);
    expect(defines('def resize_all(x)', 'resize')).toBe(false);
    expect(defines('def größer(x)', 'größe')).toBe(false);
    expect(defines('undef resize', 'resize')).toBe(false);
    expect(defines('resize(x)', 'resize')).toBe(false);
  });
});

describe('the status bar', () => {
  it('says what there is, and always how many rules', () => {
    expect(statusText(EMPTY, trans)).toBe('0 rules');
    expect(statusText(stateOf(), trans)).toBe('1 rule');
    const busy = stateOf(problems('error', 'warning', 'note'), started);
    const nodes = { ...busy.nodes, f: rule('rule|wfnb.intrinsics.rules|f', ''), o: rule('o', '', 'other') };
    expect(statusText({ ...busy, nodes }, trans)).toBe('2 rules · 2 problems · 1 running');
  });
});
