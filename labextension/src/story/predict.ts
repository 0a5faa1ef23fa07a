/**
 * Predict: what may happen next, for the viewer to choose from before it is shown.
 *
 * Knows: stages, and what could follow from them.
 * Does not know: whether the viewer is right (`verdict` says so when asked), or how it is shown.
 * Holds: pure, the same choices each time. Of two tasks of one rule that could do the same, only
 *        the one that did is offered: nobody could know which comes first.
 */

import { tr } from '../dom/words';
import { IRecording, IStep } from '../protocol/steps';
import { isSameAwait, isSettled, Stage, TaskState } from './replay';
import { nameOf } from './names';
import { sentence } from './sentences';

export interface IChoice {
  readonly kind: IStep['kind'];
  readonly task: number;
  readonly by: number | null;
}

export interface IVerdict {
  readonly isRight: boolean;
  readonly text: string;
}

const MOST = 4;

/** Whether step `n` is worth a question: not for the second and later parts of a MultiGet. */
export function isQuestion(recording: IRecording, stage: Stage, n: number): boolean {
  return !isSameAwait(recording, n) && choices(recording, stage, n).length > 1;
}

/** Up to four things that may happen as step `n` of a stage, the one that does among them. */
export function choices(recording: IRecording, stage: Stage, n: number): readonly IChoice[] {
  const step = recording.steps[n];
  if (step === undefined) {
    return [];
  }
  const right: IChoice = { kind: step.kind, task: step.task, by: step.by };
  const kept: IChoice[] = [];
  for (const one of [...shuffled(likely(recording, stage), n), ...shuffled(unlikely(recording, stage), n)]) {
    if (isAlike(recording, one, right)) {
      continue;
    }
    if (kept.length < MOST - 1 && !kept.some(other => isAlike(recording, one, other))) {
      kept.push(one);
    }
  }
  const place = mixed(n) % (kept.length + 1);
  return [...kept.slice(0, place), right, ...kept.slice(place)];
}

/** What a choice says. */
export function label(recording: IRecording, choice: IChoice): string {
  const name = nameOf(recording, choice.task);
  const by = choice.by === null ? '' : nameOf(recording, choice.by);
  switch (choice.kind) {
    case 'asked':
      return tr('%1 asks for %2, and is suspended', by, name);
    case 'reused':
      return by
        ? tr('%1 asks for %2, which is there already', by, name)
        : tr('%1 is answered from memory', name);
    case 'checked':
      return tr('wfnb looks whether %1 still holds', name);
    case 'started':
      return tr('the body of %1 starts', name);
    case 'suspended':
      return tr('%1 is put aside', name);
    case 'resumed':
      return tr('%1 goes on', name);
    case 'finished':
      return tr('%1 is done', name);
    case 'failed':
      return tr('%1 fails', name);
    case 'cleaned':
      return tr('%1 is kept without running', name);
    case 'put back':
      return tr('%1 is put back, to begin anew', name);
    case 'cut off':
      return tr('%1 is cut off', name);
  }
}

/** Whether a choice was right, and why. */
export function verdict(
  recording: IRecording,
  stage: Stage,
  n: number,
  choice: IChoice
): IVerdict {
  const step = recording.steps[n];
  const told = sentence(recording, stage, n);
  if (step !== undefined && isSame(choice, step)) {
    return { isRight: true, text: tr('Right. %1', told) };
  }
  const why = whyNot(recording, stage, choice);
  const text = why
    ? tr('Not this time. %1 What happens: %2', why, told)
    : tr('Not this time. What happens: %1', told);
  return { isRight: false, text };
}

/** Why a choice cannot be, as far as the stage tells. */
export function whyNot(recording: IRecording, stage: Stage, choice: IChoice): string {
  const now = stage[choice.task];
  const name = nameOf(recording, choice.task);
  switch (choice.kind) {
    case 'started':
      if (now?.state === 'unseen') {
        return tr(
          'Nobody has asked for %1 yet, and a body starts only when somebody asks.',
          name
        );
      }
      return isSettled(now?.state ?? 'unseen')
        ? tr('%1 is settled already, and no task runs twice in one request.', name)
        : tr('%1 is asked for, but something else has its turn before.', name);
    case 'suspended':
      return tr('%1 is at no await whose answer is missing, so it need not wait.', name);
    case 'finished':
    case 'failed':
    case 'resumed':
      return waits(recording, name, now?.wants ?? []);
    case 'asked':
    case 'reused':
      return choice.by !== null && stage[choice.by]?.state === 'suspended'
        ? tr(
            '%1 is suspended, and a suspended body asks for nothing.',
            nameOf(recording, choice.by)
          )
        : tr('%1 is not what is asked for at this line.', name);
    case 'cleaned':
      return tr(
        'Whether %1 holds is not known yet: something that it was made from is not settled.',
        name
      );
    default:
      return '';
  }
}

function waits(recording: IRecording, name: string, wants: readonly number[]): string {
  const [first, ...more] = wants;
  if (first === undefined) {
    return tr('%1 has more to do first.', name);
  }
  const other = nameOf(recording, first);
  return more.length
    ? tr('%1 still waits for %2 and %3 more.', name, other, more.length)
    : tr('%1 still waits for %2.', name, other);
}

/** What could be thought to happen by who does not know all of it. */
function likely(recording: IRecording, stage: Stage): IChoice[] {
  const found: IChoice[] = [];
  const add = (kind: IStep['kind'], task: number, by: number | null = null) =>
    found.push({ kind, task, by });
  stage.forEach((now, task) => {
    const could: { readonly [state in TaskState]?: readonly IStep['kind'][] } = {
      asked: ['started'],
      checking: ['started', 'cleaned'],
      running: ['finished', 'failed'],
      suspended: ['resumed', 'finished'],
      'put back': ['started']
    };
    (could[now.state] ?? []).forEach(kind => add(kind, task));
    if (now.state === 'running' || now.state === 'suspended') {
      const below = stepsBy(recording, task).find(one => stage[one]?.state === 'unseen');
      if (below !== undefined) {
        add('asked', below, task);
        add('started', below);
      }
    }
    if (now.state === 'unseen' && found.length < 2) {
      add('started', task);
    }
  });
  return found;
}

/** What cannot happen, and may be taken for it all the same. */
function unlikely(recording: IRecording, stage: Stage): IChoice[] {
  const found: IChoice[] = [];
  stage.forEach((now, task) => {
    if (isSettled(now.state)) {
      found.push({ kind: 'started', task, by: null });
    } else if (now.state === 'running') {
      const [below] = stepsBy(recording, task).filter(one => isSettled(stage[one]?.state ?? 'unseen'));
      found.push({ kind: 'suspended', task, by: null });
      found.push(...(below === undefined ? [] : [{ kind: 'reused', task: below, by: task } as const]));
    } else if (now.state === 'suspended') {
      found.push({ kind: 'failed', task, by: null });
    }
  });
  return found;
}

function shuffled(found: readonly IChoice[], seed: number): IChoice[] {
  return found
    .map((choice, place) => ({ choice, order: mixed(seed * 31 + place) }))
    .sort((a, b) => a.order - b.order)
    .map(one => one.choice);
}

function stepsBy(recording: IRecording, asker: number): number[] {
  return recording.steps.filter(one => one.by === asker).map(one => one.task);
}

function isSame(a: IChoice, b: IChoice): boolean {
  return a.kind === b.kind && a.task === b.task && a.by === b.by;
}

function isAlike(recording: IRecording, a: IChoice, b: IChoice): boolean {
  const rule = (task: number) => recording.tasks[task]?.rule;
  return a.kind === b.kind && rule(a.task) === rule(b.task);
}

/** A number that looks like chance, and is the same each time. */
function mixed(seed: number): number {
  let x = (seed + 1) * 2654435761;
  x ^= x >>> 15;
  x = Math.imul(x, 2246822519);
  x ^= x >>> 13;
  return x >>> 0;
}
