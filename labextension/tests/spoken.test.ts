/** What views say in states that are seldom seen: all of it passes the translator. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../src/dom/words';
import { IGraph, IPicture } from '../src/graph/data';
import { doing, inWords } from '../src/graph/overlay';
import { keysOf, legendOf, partOf, pictureName, requestText } from '../src/graph/words';
import { barText, PARTS, stopping, summary, tally, title, waitingText } from '../src/progress/telling';
import { IMultiGetMoved } from '../src/protocol/kinds';
import { IRecording, IStep } from '../src/protocol/steps';
import { EMPTY } from '../src/protocol/fold';
import { IRequestState } from '../src/protocol/state';
import { keys } from '../src/story/controls';
import { storyOf } from '../src/story/decode';
import { choices, label, verdict } from '../src/story/predict';
import { advance, beginning } from '../src/story/replay';
import { ending, opening, sentence, title as titleOf } from '../src/story/sentences';
import { LOOKS, summary as summaryOf } from '../src/story/states';
import { MARKING, unmarked } from './marks';

beforeEach(() => speak(MARKING));
afterEach(() => speak());

const KINDS: readonly IStep['kind'][] = [
  'asked', 'reused', 'checked', 'started', 'suspended', 'resumed',
  'finished', 'failed', 'cleaned', 'put back', 'cut off'
];

const OUTCOMES = ['answered', 'failed', 'interrupted', 'refused', 'started over'] as const;

/** Numbers that look like chance: the same ones each time. */
const dice = (seed: number) => () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};

const anyRecording = (seed: number): IRecording => {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
  const tasks = Array.from({ length: 6 }, (_, n) => ({
    task: `⟦t${n}()⟧`,
    rule: `r${n % 3}`,
    name: `⟦t${n}⟧`,
    product: pick(['⟦T⟧', '']),
    source: null,
    stands_on: []
  }));
  const steps = Array.from({ length: 200 }, (_, n) => ({
    kind: pick(KINDS),
    at_s: n,
    task: Math.floor(roll() * 6),
    by: roll() < 0.6 ? Math.floor(roll() * 6) : null,
    worker: pick([0, 1]),
    place: pick(['', 'a']),
    note: pick(['', 'asked for the first time', '⟦it was invalidated⟧']),
    line: pick([null, 1]),
    part: pick([1, 1, 2]),
    parts: 2
  }));
  const around = { request: 1, product: '⟦P⟧', params: pick([[], ['⟦a⟧']]), sources: [], text: '' };
  return {
    ...around,
    outcome: pick(['remembered', ...OUTCOMES]),
    dropped: pick([0, 1, 2]),
    tasks,
    steps: seed % 9 ? steps : []
  };
};

const request = (changes: Partial<IRequestState>): IRequestState => ({
  request: 1,
  product: '⟦Gallery⟧',
  params: [],
  is_goal: true,
  started_s: 1,
  outcome: 'running',
  is_stopping: false,
  ended_s: 4.2,
  error: '',
  exit_code: null,
  cut_off: [],
  rules: {
    a: { ran: 12, kept: 2, failed: 3, whys: [{ what: 'ran', text: 'other reasons', count: 2 }], loaded: 5 }
  },
  multigets: [],
  lanes: [],
  spans: [],
  waiting: 0,
  first_waiting: [],
  ...changes
});

describe('stories', () => {
  it('say every sentence through the translator', () => {
    const told = new Set<string>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const recording = anyRecording(seed);
      [titleOf(recording), opening(recording), ending(recording)].forEach(one => told.add(one));
      let stage = beginning(recording);
      recording.steps.forEach((_, n) => {
        told.add(sentence(recording, stage, n));
        const odd = KINDS.map(kind => ({ kind, task: n % 6, by: n % 2 ? n % 5 : null }));
        for (const choice of [...choices(recording, stage, n), ...odd]) {
          told.add(label(recording, choice));
          told.add(verdict(recording, stage, n, choice).text);
        }
        stage = advance(recording, stage, n);
      });
      told.add(summaryOf(stage.map(one => one.state)));
    }
    expect(told.size).toBeGreaterThan(1000);
    expect([...told].filter(one => !one.includes('«') || unmarked(one).length)).toEqual([]);
  });

  it('name their signs and keys, and say what is none', () => {
    const told = [
      ...Object.values(LOOKS).flatMap(one => [one.word(), one.told(2)]),
      ...keys().map(([key, what]) => (/[A-Za-z]{2,}/.test(key) ? key + what : what)),
      ...[null, {}, { kind: 'wfnb-story', v: 2, recording: {}, drawing: {} }].map(storyOf).map(String)
    ];
    expect(told.filter(one => !one.includes('«') || unmarked(one).length)).toEqual([]);
  });
});

describe('requests', () => {
  it('are told through the translator, whatever becomes of them', () => {
    const lane = { worker: 0, task: '⟦a()⟧', rule: 'a', since_s: 1 };
    const told = (['running', ...OUTCOMES] as const).flatMap(outcome =>
      [
        request({ outcome }),
        request({ outcome, error: '⟦E⟧', exit_code: 2, cut_off: ['⟦a()⟧'], is_stopping: true }),
        request({ outcome, lanes: [lane, lane], cut_off: ['⟦a()⟧', '⟦b()⟧'], is_goal: false })
      ].flatMap(one => [summary(one), tally(one), stopping(one), requestText(one, 9)])
    );
    for (const [place, wanted] of [['', 1], ['⟦c⟧', 1], ['', 2], ['⟦c⟧', 2]] as const) {
      const waits = { task: '⟦w()⟧', rule: 'a', place, wanted };
      told.push(...[1, 2].map(waiting => waitingText(request({ waiting, first_waiting: [waits] }))));
    }
    const bar = { done: 1, reused: 2, failed: 3, running: 4, waiting: 5, total: 6 };
    told.push(barText(bar as IMultiGetMoved), title(request({})));
    told.push(...PARTS.map(one => one.word()));
    expect(told.filter(one => !one.includes('«') || unmarked(one).length)).toEqual([]);
  });
});

describe('graphs', () => {
  it('say through the translator what is around them', () => {
    const line = { is_rival: false, is_stopped: false };
    const edges = [
      { ...line, kind: 'param' },
      { ...line, kind: 'get' },
      { ...line, kind: 'get', is_rival: true },
      { ...line, kind: 'get', is_stopped: true }
    ];
    const pictures = ['down', 'right'].map(
      direction => ({ direction, edges }) as unknown as IPicture
    );
    const graph = { nodes: [{ id: 'a', name: '⟦a⟧' }] } as unknown as IGraph;
    const busy = request({ lanes: [{ worker: 0, task: 'a', rule: 'a', since_s: 1 }] });
    const state = { ...EMPTY, tasks: { a: { known: 1, stale: 2 } } };
    const found = doing(state, busy, ['a'], 300);
    const told = [
      ...pictures.flatMap(one => [keysOf(one), legendOf(one)]),
      ...['rules', 'all', 'cells', 'modules'].map(pictureName),
      partOf(graph, ['a'], 1, 1),
      partOf(graph, ['a'], 1, 2),
      ...inWords({ ...found, waiting: 1, disk: 1 }),
      ...found.whys
    ];
    expect(told).toHaveLength(19);
    expect(told.filter(one => !one.includes('«') || unmarked(one).length)).toEqual([]);
  });
});
