/**
 * Sentences: what happens in a step, and why, for somebody who is learning it.
 *
 * Knows: steps, and the stage before each.
 * Does not know: how it is shown.
 * Holds: pure. Names and values are put in as they are: whoever shows a sentence shows text.
 */

import { tr, trn } from '../dom/words';
import { IRecording, IStep } from '../protocol/steps';
import { asks } from './asking';
import { nameOf } from './names';
import { advance, Stage, waitingFor } from './replay';

/** The answer of the request: what it was for, as "Gallery(Folder('photos'))". */
export function title(recording: IRecording): string {
  const { product, params } = recording;
  const given = params.join(', ');
  return given ? tr('%1 from %2', product, given) : tr('%1 from nothing', product);
}

/** What step `n` does; `stage` is the one before it. */
export function sentence(recording: IRecording, stage: Stage, n: number): string {
  const step = recording.steps[n];
  if (step === undefined) {
    return '';
  }
  const name = nameOf(recording, step.task);
  const line = stage[step.task]?.line ?? null;
  switch (step.kind) {
    case 'asked':
    case 'reused':
      return step.by === null ? remembered(name, step) : asks(recording, stage, n, step, step.by);
    case 'checked':
      return tr(
        '%1 has a value from an earlier request. Before any body runs, wfnb looks at what ' +
          'that value was made from: if nothing of it comes out different, the value still holds.',
        name
      );
    case 'started':
      return starts(recording, n, step, name);
    case 'suspended':
      return suspends(recording, stage, step, name);
    case 'resumed':
      if (stage[step.task]?.state === 'checking') {
        return tr('What %1 was made from is settled; the look at it goes on.', name);
      }
      return line === null
        ? tr('%1 goes on: all that it waited for is there.', name)
        : tr('%1 goes on at line %2: all that it waited for is there.', name, line);
    case 'finished': {
      const { note } = step;
      const told = note ? tr('%1 is done and gave %2.', name, note) : tr('%1 is done.', name);
      return told + after(recording, stage, n);
    }
    case 'failed':
      return fails(step, name) + after(recording, stage, n);
    case 'cleaned': {
      const told = tr(
        '%1 is kept: nothing that it was made from came out different, so its body does ' +
          'not run, and its value holds.',
        name
      );
      return told + after(recording, stage, n);
    }
    case 'put back':
      return tr(
        '%1 is put back: a definition changed while it ran, or there was no room to go ' +
          'deeper. It will begin anew; nothing half made is kept.',
        name
      );
    case 'cut off':
      return tr(
        'The request ended before %1 did: it is cut off here. Nothing half made is kept.',
        name
      );
  }
}

/** What there is to say before the first step, and after the last. */
export function opening(recording: IRecording): string {
  const { product, params, steps } = recording;
  if (!steps.length) {
    return tr('%1 was asked for, and no step of it was recorded.', product);
  }
  const what = params.length
    ? tr('%1 is asked for with %2.', product, params.join(', '))
    : tr('%1 is asked for.', product);
  const left = trn(
    'Nothing has happened yet: %1 step to go.',
    'Nothing has happened yet: %1 steps to go.',
    steps.length
  );
  return `${what} ${left}`;
}

/** How the request ended. */
export function ending(recording: IRecording): string {
  const more = trn(
    'At least %1 more step came after these and was not recorded.',
    'At least %1 more steps came after these and were not recorded.',
    recording.dropped
  );
  const told = ended(recording.outcome);
  return recording.dropped ? `${told} ${more}` : told;
}

function ended(outcome: string): string {
  switch (outcome) {
    case 'answered':
      return tr('The request has its answer.');
    case 'remembered':
      return tr('The request had its answer from memory.');
    case 'failed':
      return tr('The request failed.');
    case 'interrupted':
      return tr('The request was interrupted; what had finished is kept.');
    case 'refused':
      return tr('The request was refused.');
    case 'started over':
      return tr('A definition changed, and the request was started over.');
    default:
      return tr('The request ended: %1.', outcome);
  }
}

function remembered(name: string, { note }: IStep): string {
  return note
    ? tr(
        '%1 was made before, and nothing has changed since: the answer, %2, comes from ' +
          'memory, and no body runs.',
        name,
        note
      )
    : tr(
        '%1 was made before, and nothing has changed since: the answer comes from memory, ' +
          'and no body runs.',
        name
      );
}

function fails(step: IStep, name: string): string {
  const error = step.note || tr('an error');
  return step.line === null
    ? tr('%1 fails with %2.', name, error)
    : tr('%1 fails at line %2 with %3.', name, step.line, error);
}

function starts(recording: IRecording, n: number, step: IStep, name: string): string {
  const told = n ? startsLater(step, name) : startsFirst(step, name, recording.product);
  const where = tr(
    'It runs on worker %1, as a body on another thread has not come back yet.',
    step.worker
  );
  return step.worker ? `${told} ${where}` : told;
}

function startsFirst(step: IStep, name: string, product: string): string {
  const asked = tr('You asked for %1, and %2 makes it.', product, name);
  const starts = isNew(step)
    ? tr('Its body starts from the top: it was never made before.')
    : tr('Its body starts again from the top: %1.', cause(step));
  return `${asked} ${starts}`;
}

function startsLater(step: IStep, name: string): string {
  return isNew(step)
    ? tr('The body of %1 starts from the top: it was never made before.', name)
    : tr('The body of %1 starts again from the top: %2.', name, cause(step));
}

function isNew(step: IStep): boolean {
  return step.note === 'asked for the first time';
}

function cause(step: IStep): string {
  return step.note || tr('its value does not hold any more');
}

function suspends(recording: IRecording, stage: Stage, step: IStep, name: string): string {
  if (stage[step.task]?.state === 'checking') {
    return tr('The look at %1 is put aside until what it was made from is settled.', name);
  }
  const where =
    step.line === null
      ? tr('%1 stands at its await.', name)
      : tr('%1 stands at line %2 at its await.', name, step.line);
  return `${where} ${putAside(recording, stage[step.task]?.wants ?? [])}`;
}

function putAside(recording: IRecording, wants: readonly number[]): string {
  const [only, ...more] = wants;
  if (only === undefined) {
    return tr('Its coroutine is put aside, and the thread is free for something else.');
  }
  if (!more.length) {
    return tr(
      'It still needs %1, so its coroutine is put aside, and the thread is free for something else.',
      nameOf(recording, only)
    );
  }
  return trn(
    'It still needs %1 task, so its coroutine is put aside, and the thread is free for ' +
      'something else.',
    'It still needs %1 tasks, so its coroutine is put aside, and the thread is free for ' +
      'something else.',
    wants.length
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
    const line = now?.line ?? null;
    const left = now?.wants.length ?? 0;
    if (step.kind === 'failed') {
      return raised(name, line);
    }
    if (left) {
      return trn(
        '%2 still waits for %1 more task.',
        '%2 still waits for %1 more tasks.',
        left,
        name
      );
    }
    if (now?.isAside) {
      return tr('%1 has all that it waited for, and can go on.', name);
    }
    return line === null
      ? tr('%1 gets it and goes on.', name)
      : tr('%1 gets it and goes on at line %2.', name, line);
  });
  return told.slice(0, 2).map(one => ` ${one}`).join('');
}

function raised(name: string, line: number | null): string {
  return line === null
    ? tr('The error is raised at the await of %1, which may catch it.', name)
    : tr('The error is raised at the await of %1 at line %2, which may catch it.', name, line);
}
