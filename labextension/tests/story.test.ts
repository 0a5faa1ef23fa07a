import { describe, expect, it } from 'vitest';
import stories from '../../tests/protocol/stories.json';
import { IRecording, IStep } from '../src/protocol/steps';
import { storyOf } from '../src/story/decode';
import { choices, isQuestion, label, verdict } from '../src/story/predict';
import { advance, beginning, isSettled, Replay, Stage } from '../src/story/replay';
import { ending, opening, sentence } from '../src/story/sentences';
import { foremost, summary } from '../src/story/states';

const recordingOf = (name: keyof typeof stories): IRecording => {
  const story = storyOf(stories[name]);
  if (typeof story === 'string') {
    throw new Error(story);
  }
  return story.recording;
};
const [first, again, failed] = (['first', 'again', 'failed'] as const).map(recordingOf) as [
  IRecording,
  IRecording,
  IRecording
];

const folded = (recording: IRecording, n: number): Stage => {
  let stage = beginning(recording);
  for (let step = 0; step < n; step += 1) stage = advance(recording, stage, step);
  return stage;
};
const told = (recording: IRecording): string[] =>
  recording.steps.map((_, n) => sentence(recording, folded(recording, n), n));

/** Numbers that look like chance: the same ones each time. */
const dice = (seed: number) => () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const KINDS: readonly IStep['kind'][] = [
  'asked', 'reused', 'checked', 'started', 'suspended', 'resumed',
  'finished', 'failed', 'cleaned', 'put back', 'cut off'
];
const anyRecording = (seed: number): IRecording => {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
  const tasks = Array.from({ length: 6 }, (_, n) => ({
    task: `t${n}()`, rule: `r${n % 3}`, name: `t${n}`, product: 'T', source: null, stands_on: []
  }));
  const steps = Array.from({ length: 200 }, (_, n) => ({
    kind: pick(KINDS),
    at_s: n,
    task: Math.floor(roll() * 6),
    by: roll() < 0.6 ? Math.floor(roll() * 6) : null,
    worker: 0,
    place: pick(['', 'a, line 1', 'a, line 2']),
    note: '',
    line: pick([null, 1, 2]),
    part: pick([1, 1, 2]),
    parts: 2
  }));
  return { ...first, tasks, steps, sources: [] };
};

describe('a replay', () => {
  it('is at every step what folding up to it gives, whatever way one walks', () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const recording = anyRecording(seed);
      const [replay, roll] = [new Replay(recording), dice(seed)];
      let n = 0;
      for (let move = 0; move < 40; move += 1) {
        n = roll() < 0.5 ? Math.floor(roll() * 201) : Math.max(0, Math.min(200, n + (roll() < 0.5 ? 1 : -1)));
        expect(replay.at(n)).toEqual(folded(recording, n));
      }
    }
  });

  it('stays within its steps', () => {
    const replay = new Replay(first);
    expect(replay.at(-5)).toEqual(beginning(first));
    expect(replay.at(1e9)).toEqual(folded(first, first.steps.length));
    expect(replay.at(Number.NaN)).toEqual(beginning(first));
  });

  it('suspends who asks until all answers are there', () => {
    const states = first.steps.map((_, n) => folded(first, n + 1)[0]?.state);
    expect(states).toEqual([
      'running', // started
      'suspended', 'suspended', 'running', // default_size: asked, started, finished
      'suspended', 'suspended', 'suspended', // three resizes asked
      'suspended', 'suspended', 'suspended',
      'suspended', 'suspended', 'suspended',
      'suspended', 'suspended', 'running', // the last of them finished
      'done'
    ]);
  });

  it('takes two awaits in one line for two', () => {
    const [ask] = first.steps.filter(one => one.parts === 3);
    const alone = { ...ask!, part: 1, parts: 1 };
    const loop = { ...first, steps: [first.steps[0]!, alone, { ...alone, task: 3 }] };
    expect(folded(loop, 3)[0]?.wants).toEqual([3]);
  });

  it('ends with everything settled', () => {
    for (const recording of [first, again, failed]) {
      const end = folded(recording, recording.steps.length);
      expect(end.every(one => isSettled(one.state))).toBe(true);
    }
  });

  it('is at once at the end of ten thousand steps', () => {
    const steps = Array.from({ length: 10_000 }, (_, n) => ({ ...first.steps[n % first.steps.length]! }));
    const replay = new Replay({ ...first, steps });
    const since = performance.now();
    replay.at(10_000);
    for (let n = 10_000; n > 9_000; n -= 1) replay.at(n);
    expect(performance.now() - since).toBeLessThan(4000);
  });
});

describe('sentences', () => {
  it('tell a first request', () => {
    const [gallery, size] = ["make_gallery(Folder('owl'))", 'default_size()'];
    expect(told(first)).toEqual([
      `You asked for Gallery, and ${gallery} makes it. Its body starts from the top: it was never made before.`,
      `${gallery} asks for Size; its body is suspended at line 61 until ${size} is there.`,
      `The body of ${size} starts from the top: it was never made before.`,
      `${size} is done and gave Size(64). ${gallery} gets it and goes on at line 61.`,
      `${gallery} asks for 3 × Thumb at once at line 63; number 1 is resize(Photo('cat')). The body is suspended until all of them are there.`,
      `${gallery} asks for 3 × Thumb at once at line 63; number 2 is resize(Photo('dog')). The body is suspended until all of them are there.`,
      `${gallery} asks for 3 × Thumb at once at line 63; number 3 is resize(Photo('owl')). The body is suspended until all of them are there.`,
      "The body of resize(Photo('cat')) starts from the top: it was never made before.",
      `resize(Photo('cat')) takes a Size, which ${size} makes: it was made a moment ago, so the body can begin.`,
      `resize(Photo('cat')) is done and gave Thumb('cat'). ${gallery} still waits for 2 more tasks.`,
      "The body of resize(Photo('dog')) starts from the top: it was never made before.",
      `resize(Photo('dog')) takes a Size, which ${size} makes: it was made a moment ago, so the body can begin.`,
      `resize(Photo('dog')) is done and gave Thumb('dog'). ${gallery} still waits for 1 more task.`,
      "The body of resize(Photo('owl')) starts from the top: it was never made before.",
      `resize(Photo('owl')) takes a Size, which ${size} makes: it was made a moment ago, so the body can begin.`,
      `resize(Photo('owl')) is done and gave Thumb('owl'). ${gallery} gets it and goes on at line 63.`,
      `${gallery} is done and gave Gallery(3).`
    ]);
  });

  it('tell what was checked, reused and kept', () => {
    const lines = told(again);
    expect(lines[0]).toBe(
      "make_gallery(Folder('owl')) has a value from an earlier request. Before any body runs, wfnb " +
        'looks at what that value was made from: if nothing of it comes out different, the value still holds.'
    );
    expect(lines[1]).toBe("The body of resize(Photo('cat')) starts again from the top: it was invalidated.");
    expect(lines[2]).toBe(
      "resize(Photo('cat')) takes a Size, which default_size() makes: it is remembered, so the body can begin."
    );
    expect(lines[lines.length - 1]).toBe(
      "make_gallery(Folder('owl')) is kept: nothing that it was made from came out different, so its " +
        'body does not run, and its value holds.'
    );
  });

  it('tell where an error goes', () => {
    const lines = told(failed);
    expect(lines[lines.length - 2]).toBe(
      "resize(Photo('bad')) fails at line 55 with ValueError: no image. The error is raised at the " +
        "await of make_gallery(Folder('bad')) at line 63, which may catch it."
    );
    expect(lines[lines.length - 1]).toBe(
      "make_gallery(Folder('bad')) fails at line 63 with ValueError: no image."
    );
  });

  it('tell the beginning and the end', () => {
    expect(opening(first)).toBe(
      "Gallery is asked for with Folder('owl'). Nothing has happened yet: 17 steps to go."
    );
    expect(ending(first)).toBe('The request has its answer.');
    expect(ending({ ...first, dropped: 2 })).toBe(
      'The request has its answer. At least 2 more steps came after these and were not recorded.'
    );
    expect(ending({ ...first, outcome: 'interrupted' })).toBe(
      'The request was interrupted; what had finished is kept.'
    );
  });

  it('are there for every kind of step in any order', () => {
    const recording = anyRecording(7);
    expect(told(recording).every(Boolean)).toBe(true);
    expect(told(recording).some(one => /undefined|null|NaN/.test(one))).toBe(false);
  });
});

describe('predictions', () => {
  it('offer what happens once, among three or four that differ', () => {
    for (const recording of [first, again, failed, anyRecording(3)]) {
      recording.steps.forEach((step, n) => {
        const found = choices(recording, folded(recording, n), n);
        const labels = found.map(one => label(recording, one));
        expect(found.length).toBeLessThanOrEqual(4);
        expect(found.length).toBeGreaterThanOrEqual(recording.sources.length && n ? 3 : 1);
        expect(new Set(labels).size).toBe(labels.length);
        expect(found.filter(one => one.kind === step.kind && one.task === step.task && one.by === step.by)).toHaveLength(1);
        expect(found).toEqual(choices(recording, folded(recording, n), n));
      });
    }
  });

  it('are not always right at the same place', () => {
    const places = first.steps.map((step, n) =>
      choices(first, folded(first, n), n).findIndex(one => one.kind === step.kind && one.task === step.task)
    );
    expect(new Set(places).size).toBeGreaterThan(1);
  });

  it('ask about a MultiGet once', () => {
    expect([4, 5, 6, 7].map(n => isQuestion(first, folded(first, n), n))).toEqual([true, false, false, true]);
  });

  it('say why', () => {
    const stage = folded(first, 7);
    expect(verdict(first, stage, 7, { kind: 'started', task: 2, by: null })).toEqual({
      isRight: true,
      text: "Right. The body of resize(Photo('cat')) starts from the top: it was never made before."
    });
    expect(verdict(first, stage, 7, { kind: 'finished', task: 0, by: null })).toEqual({
      isRight: false,
      text:
        "Not this time. make_gallery(Folder('owl')) still waits for resize(Photo('cat')) and 2 more. " +
        "What happens: The body of resize(Photo('cat')) starts from the top: it was never made before."
    });
    expect(verdict(first, folded(first, 1), 1, { kind: 'started', task: 1, by: null }).text).toMatch(
      /^Not this time. Nobody has asked for default_size\(\) yet, and a body starts only when somebody asks. /
    );
  });
});

describe('groups', () => {
  it('show what moves, and count the rest', () => {
    expect(foremost(['done', 'running', 'failed'])).toBe('running');
    expect(summary(['done', 'running', 'done'])).toBe('▶ 1 running, ✔ 2 done');
  });
});

describe('a story', () => {
  it('of another version, or of something else, is not shown', () => {
    expect(storyOf(null)).toBe('There is no story here.');
    expect(storyOf({ cells: [] })).toBe('This is no story.');
    expect(storyOf({ ...stories.first, v: 2 })).toBe(
      'This is a story of version 2, and this view shows version 1.'
    );
  });
});
