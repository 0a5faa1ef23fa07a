/**
 * Asking: what happens when a body asks for something, for somebody who is learning it.
 *
 * Knows: the steps "asked" and "reused" that have an asker, and the stage before each.
 * Does not know: other steps.
 * Holds: pure, as all sentences.
 */

import { tr, trn } from '../dom/words';
import { IRecording, IStep } from '../protocol/steps';
import { nameOf } from './names';
import { awaitOf, isSettled, Stage } from './replay';

/** What step `n` does, in which `by` asks; `stage` is the one before it. */
export function asks(
  recording: IRecording,
  stage: Stage,
  n: number,
  step: IStep,
  by: number
): string {
  const [first, end] = awaitOf(recording, n);
  const asker = nameOf(recording, by);
  if (end - first > 1) {
    return asksForMany(recording, n, step, asker);
  }
  const name = nameOf(recording, step.task);
  const product = recording.tasks[step.task]?.product ?? '';
  const state = stage[step.task]?.state ?? 'unseen';
  const isBefore = step.place === '';
  if (step.kind === 'reused') {
    const isFresh = isSettled(state) && state !== 'memory';
    return isBefore
      ? takesAtOnce(asker, product, name, isFresh)
      : goesStraightOn(asker, product || name, name, step.line, isFresh);
  }
  const isUnderWay = state === 'running' || state === 'suspended';
  return isBefore
    ? takes(asker, product, name, isUnderWay)
    : isSuspended(asker, product || name, name, step.line, isUnderWay);
}

function asksForMany(recording: IRecording, n: number, step: IStep, asker: string): string {
  const [first, end] = awaitOf(recording, n);
  const steps = recording.steps.slice(first, end);
  const [product, ...others] = new Set(steps.map(one => recording.tasks[one.task]?.product));
  const what =
    product && !others.length
      ? `${steps.length} × ${product}`
      : trn('%2 thing', '%2 things', steps.length, steps.length);
  const values = [asker, what, n - first + 1, nameOf(recording, step.task)] as const;
  const { line } = step;
  if (step.kind === 'reused') {
    return line === null
      ? tr('%1 asks for %2 at once; number %3 is %4, and that is there already.', ...values)
      : tr(
          '%1 asks for %2 at once at line %5; number %3 is %4, and that is there already.',
          ...values,
          line
        );
  }
  const asked =
    line === null
      ? tr('%1 asks for %2 at once; number %3 is %4.', ...values)
      : tr('%1 asks for %2 at once at line %5; number %3 is %4.', ...values, line);
  return `${asked} ${tr('The body is suspended until all of them are there.')}`;
}

/** A parameter that is there. */
function takesAtOnce(asker: string, product: string, name: string, isFresh: boolean): string {
  return isFresh
    ? tr(
        '%1 takes %2, which %3 makes: it was made a moment ago, so the body can begin.',
        asker,
        aOr(product),
        name
      )
    : tr(
        '%1 takes %2, which %3 makes: it is remembered, so the body can begin.',
        asker,
        aOr(product),
        name
      );
}

/** A parameter that is not there yet. */
function takes(asker: string, product: string, name: string, isUnderWay: boolean): string {
  return isUnderWay
    ? tr(
        '%1 takes %2, which %3 makes, which is being made already: its body can begin only when ' +
          'that is there.',
        asker,
        aOr(product),
        name
      )
    : tr(
        '%1 takes %2, which %3 makes: its body can begin only when that is there.',
        asker,
        aOr(product),
        name
      );
}

/** A request whose answer is there. */
function goesStraightOn(
  asker: string,
  what: string,
  name: string,
  line: number | null,
  isFresh: boolean
): string {
  const asked =
    line === null
      ? tr('%1 asks for %2', asker, what)
      : tr('%1 asks for %2 at line %3', asker, what, line);
  return isFresh
    ? tr(
        '%1: %2 was made a moment ago, so its body is not suspended and goes straight on.',
        asked,
        name
      )
    : tr('%1: %2 is remembered, so its body is not suspended and goes straight on.', asked, name);
}

/** A request whose answer is not there yet. */
function isSuspended(
  asker: string,
  what: string,
  name: string,
  line: number | null,
  isUnderWay: boolean
): string {
  const asked = tr('%1 asks for %2', asker, what);
  if (isUnderWay) {
    return line === null
      ? tr('%1; its body is suspended until %2 is there, which is being made already.', asked, name)
      : tr(
          '%1; its body is suspended at line %3 until %2 is there, which is being made already.',
          asked,
          name,
          line
        );
  }
  return line === null
    ? tr('%1; its body is suspended until %2 is there.', asked, name)
    : tr('%1; its body is suspended at line %3 until %2 is there.', asked, name, line);
}

/** English articles; where there are none, all three may be just the name. */
function aOr(product: string): string {
  if (!product) {
    return tr('a value');
  }
  return /^[AEIOU]/.test(product) ? tr('an %1', product) : tr('a %1', product);
}
