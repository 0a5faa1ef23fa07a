/**
 * Sentences: what happens in a step, and why, for somebody who is learning it.
 *
 * Knows: steps, and the stage before each.
 * Does not know: how it is shown.
 * Holds: pure. Names and values are put in as they are: whoever shows a sentence shows text.
 */

import { count } from '../dom/texts';
import { IRecording, IStep } from '../protocol/steps';
import { advance, awaitOf, isSettled, Stage, waitingFor } from './replay';

/** The answer of the request: what it was for, as "Gallery(Folder('photos'))". */
export function title(recording: IRecording): string {
  return `${recording.product} from ${recording.params.join(', ') || 'nothing'}`;
}

/** What step `n` does; `stage` is the one before it. */
export function sentence(recording: IRecording, stage: Stage, n: number): string {
  const step = recording.steps[n];
  if (step === undefined) {
    return '';
  }
  const name = nameOf(recording, step.task);
  switch (step.kind) {
    case 'asked':
    case 'reused':
      return step.by === null ? remembered(name, step) : asks(recording, stage, n, step, step.by);
    case 'checked':
      return (
        `${name} has a value from an earlier request. Before any body runs, wfnb looks at what ` +
        'that value was made from: if nothing of it comes out different, the value still holds.'
      );
    case 'started':
      return starts(recording, n, step, name);
    case 'suspended':
      return suspends(recording, stage, step, name);
    case 'resumed':
      return stage[step.task]?.state === 'checking'
        ? `What ${name} was made from is settled; the look at it goes on.`
        : `${name} goes on${at(stage[step.task]?.line ?? null)}: all that it waited for is there.`;
    case 'finished':
      return `${name} is done${step.note && ` and gave ${step.note}`}.${after(recording, stage, n)}`;
    case 'failed':
      return `${name} fails${at(step.line)} with ${step.note || 'an error'}.${after(recording, stage, n)}`;
    case 'cleaned':
      return (
        `${name} is kept: nothing that it was made from came out different, so its body does ` +
        `not run, and its value holds.${after(recording, stage, n)}`
      );
    case 'put back':
      return (
        `${name} is put back: a definition changed while it ran, or there was no room to go ` +
        'deeper. It will begin anew; nothing half made is kept.'
      );
    case 'cut off':
      return `The request ended before ${name} did: it is cut off here. Nothing half made is kept.`;
  }
}

/** What there is to say before the first step, and after the last. */
export function opening(recording: IRecording): string {
  if (!recording.steps.length) {
    return `${recording.product} was asked for, and no step of it was recorded.`;
  }
  return (
    `${recording.product} is asked for${recording.params.length ? ` with ${recording.params.join(', ')}` : ''}. ` +
    `Nothing has happened yet: ${count(recording.steps.length, 'step')} to go.`
  );
}

/** How the request ended. */
export function ending(recording: IRecording): string {
  const more = recording.dropped
    ? ` At least ${count(recording.dropped, 'more step')} came after these and ${recording.dropped === 1 ? 'was' : 'were'} not recorded.`
    : '';
  const told: { readonly [outcome: string]: string } = {
    answered: 'The request has its answer.',
    remembered: 'The request had its answer from memory.',
    failed: 'The request failed.',
    interrupted: 'The request was interrupted; what had finished is kept.',
    refused: 'The request was refused.',
    'started over': 'A definition changed, and the request was started over.'
  };
  return `${told[recording.outcome] ?? `The request ended: ${recording.outcome}.`}${more}`;
}

export function nameOf(recording: IRecording, task: number): string {
  return recording.tasks[task]?.task ?? '?';
}

function remembered(name: string, step: IStep): string {
  return (
    `${name} was made before, and nothing has changed since: the answer` +
    `${step.note && `, ${step.note},`} comes from memory, and no body runs.`
  );
}

function starts(recording: IRecording, n: number, step: IStep, name: string): string {
  const isNew = step.note === 'asked for the first time';
  const who = n
    ? `The body of ${name}`
    : `You asked for ${recording.product}, and ${name} makes it. Its body`;
  const why = isNew ? 'it was never made before' : step.note || 'its value does not hold any more';
  const where = step.worker
    ? ` It runs on worker ${step.worker}, as a body on another thread has not come back yet.`
    : '';
  return `${who} starts${isNew ? '' : ' again'} from the top: ${why}.${where}`;
}

function asks(
  recording: IRecording,
  stage: Stage,
  n: number,
  step: IStep,
  by: number
): string {
  const [asker, name] = [nameOf(recording, by), nameOf(recording, step.task)];
  const product = recording.tasks[step.task]?.product ?? '';
  const [first, end] = awaitOf(recording, n);
  const place = at(step.line);
  const state = stage[step.task]?.state ?? 'unseen';
  const isBefore = step.place === '';
  if (end - first > 1) {
    const kinds = new Set(recording.steps.slice(first, end).map(one => recording.tasks[one.task]?.product));
    const what = kinds.size === 1 && product ? `${end - first} × ${product}` : `${end - first} things`;
    const part = `${asker} asks for ${what} at once${place}; number ${n - first + 1} is ${name}`;
    return step.kind === 'reused'
      ? `${part}, and that is there already.`
      : `${part}. The body is suspended until all of them are there.`;
  }
  if (step.kind === 'reused') {
    const since = isSettled(state) && state !== 'memory' ? 'was made a moment ago' : 'is remembered';
    return isBefore
      ? `${asker} takes ${aOr(product)}, which ${name} makes: it ${since}, so the body can begin.`
      : `${asker} asks for ${product || name}${place}: ${name} ${since}, so its body is not suspended and goes straight on.`;
  }
  const already = state === 'running' || state === 'suspended' ? ', which is being made already' : '';
  return isBefore
    ? `${asker} takes ${aOr(product)}, which ${name} makes${already}: its body can begin only when that is there.`
    : `${asker} asks for ${product || name}; its body is suspended${place} until ${name} is there${already}.`;
}

function suspends(recording: IRecording, stage: Stage, step: IStep, name: string): string {
  const wants = stage[step.task]?.wants ?? [];
  if (stage[step.task]?.state === 'checking') {
    return `The look at ${name} is put aside until what it was made from is settled.`;
  }
  const what = wants.length === 1 ? nameOf(recording, wants[0] ?? -1) : count(wants.length, 'task');
  return (
    `${name} stands${at(step.line)} at its await. ${wants.length ? `It still needs ${what}, so its` : 'Its'} ` +
    'coroutine is put aside, and the thread is free for something else.'
  );
}

/** What comes of a task that has settled, for those who wait for it. */
function after(recording: IRecording, stage: Stage, n: number): string {
  const step = recording.steps[n];
  if (step === undefined) {
    return '';
  }
  const next = advance(recording, stage, n);
  const told = waitingFor(stage, step.task).map(asker => {
    const [name, now] = [nameOf(recording, asker), next[asker]];
    const left = now?.wants.length ?? 0;
    if (step.kind === 'failed') {
      return ` The error is raised at the await of ${name}${at(now?.line ?? null)}, which may catch it.`;
    }
    if (left) {
      return ` ${name} still waits for ${count(left, 'more task')}.`;
    }
    return now?.isAside
      ? ` ${name} has all that it waited for, and can go on.`
      : ` ${name} gets it and goes on${at(now?.line ?? null)}.`;
  });
  return told.slice(0, 2).join('');
}

function at(line: number | null): string {
  return line === null ? '' : ` at line ${line}`;
}

function aOr(product: string): string {
  return product ? `${/^[AEIOU]/.test(product) ? 'an' : 'a'} ${product}` : 'a value';
}
