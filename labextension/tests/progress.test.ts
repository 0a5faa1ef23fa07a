import { duration } from '../src/dom/texts';
import { describe, expect, it } from 'vitest';
import { barText, chosen, remaining, stopping, summary, waitingText } from '../src/progress/telling';
import { IMultiGetMoved } from '../src/protocol/kinds';
import { IRequestState } from '../src/protocol/state';

const bar = (changes: Partial<IMultiGetMoved> = {}): IMultiGetMoved => ({
  kind: 'multi-get-moved',
  request: 1,
  number: 0,
  asker: 'gather()',
  place: '',
  total: 10,
  done: 4,
  reused: 1,
  failed: 0,
  running: 2,
  waiting: 3,
  is_over: false,
  ...changes
});

const request = (changes: Partial<IRequestState> = {}): IRequestState => ({
  request: 1,
  product: 'Gallery',
  params: [],
  is_goal: false,
  started_s: 1,
  outcome: 'answered',
  is_stopping: false,
  ended_s: 4.2,
  error: '',
  exit_code: null,
  cut_off: [],
  rules: {
    a: { ran: 1200, kept: 0, failed: 0, whys: [], loaded: 0 },
    b: { ran: 1, kept: 2, failed: 3, whys: [], loaded: 0 }
  },
  multigets: [bar()],
  lanes: [],
  spans: [],
  waiting: 0,
  first_waiting: [],
  ...changes
});

describe('progress', () => {
  it('tells times as people do', () => {
    expect([0, 0.44, 9.94, 9.96, 59.4, 59.6, 200, 3600, 7500].map(duration)).toEqual([
      '0.0 s', '0.4 s', '9.9 s', '10 s', '59 s', '1 min 0 s', '3 min 20 s', '1 h 0 min', '2 h 5 min'
    ]);
    expect(duration(-1)).toBe('0.0 s');
  });

  it('sums up a request in a line', () => {
    expect(summary(request())).toBe('Gallery: 1,201 ran, 2 kept, 1 reused, 3 failed in 3.2 s');
    expect(summary(request({ outcome: 'interrupted', cut_off: ['a(1)'] }))).toMatch(/; interrupted in a\(1\)$/);
    const rules = { a: { ran: 1, kept: 0, failed: 0, whys: [], loaded: 4 } };
    expect(summary(request({ rules }))).toBe('Gallery: 1 ran, 4 from disk, 1 reused, 0 failed in 3.2 s');
    expect(summary(request({ is_goal: true, exit_code: 0 }))).toMatch(/^goal Gallery: .* s$/);
  });

  it('says what a bar shows', () => {
    expect(barText(bar())).toBe('4 done, 1 reused, 2 running, 3 waiting of 10');
  });

  it('tells what is left only where that is known', () => {
    const start = { at_s: 10, ended: 0 };
    expect(remaining(bar(), start, 14)).toBe(5);
    expect(remaining(bar({ done: 2 }), start, 14)).toBeNull(); // too few
    expect(remaining(bar(), start, 10.5)).toBeNull(); // too soon
    expect(remaining(bar({ is_over: true }), start, 14)).toBeNull();
    expect(remaining(bar(), { at_s: 10, ended: 3 }, 14)).toBeNull(); // they ended before
  });

  it('shows the bars that move first', () => {
    const bars = [0, 1, 2, 3].map(number => bar({ number, is_over: number < 2 }));
    expect(chosen(bars, 3).map(one => one.number)).toEqual([0, 2, 3]);
    expect(chosen(bars, 1).map(one => one.number)).toEqual([2]);
  });

  it('says what a stopped request waits for', () => {
    const lane = { worker: 0, task: 'a(1)', rule: '', since_s: 1 };
    expect(stopping(request())).toBe('stopping');
    expect(stopping(request({ lanes: [lane, lane] }))).toBe('stopping: waiting for a(1) and 1 more to come back');
  });

  it('says where bodies wait', () => {
    const waits = { task: 'a(1)', rule: '', place: 'In [2], line 3', wanted: 2 };
    expect(waitingText(request({ waiting: 1, first_waiting: [waits] }))).toBe(
      'a(1) waits for 2 tasks at In [2], line 3'
    );
    expect(waitingText(request())).toBe('');
  });
});
