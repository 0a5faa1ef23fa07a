/**
 * What the progress view says of a request, in words.
 *
 * Knows: counts, and what can honestly be said of the time that is left.
 * Does not know: how it is shown.
 */

import { duration } from '../dom/texts';
import { tr, trn } from '../dom/words';
import { IMultiGetMoved, IWaiting } from '../protocol/kinds';
import { IRequestState } from '../protocol/state';

/** What a task of a MultiGet can be; for each a sign and a word, since colour is not enough. */
export const PARTS = [
  { key: 'done', sign: '✔', word: () => tr('done'), told: (n: string) => tr('%1 done', n) },
  { key: 'reused', sign: '↺', word: () => tr('reused'), told: (n: string) => tr('%1 reused', n) },
  { key: 'failed', sign: '✖', word: () => tr('failed'), told: (n: string) => tr('%1 failed', n) },
  { key: 'running', sign: '▶', word: () => tr('running'), told: (n: string) => tr('%1 running', n) },
  { key: 'waiting', sign: '○', word: () => tr('waiting'), told: (n: string) => tr('%1 waiting', n) }
] as const;

export type Part = (typeof PARTS)[number]['key'];

/** "Gallery", or "goal Publish". */
export function title(request: IRequestState): string {
  return request.is_goal ? tr('goal %1', request.product) : request.product;
}

/** Tasks by what became of them, over all rules; remembered ones as far as MultiGets tell. */
export function totals(request: IRequestState) {
  const rules = Object.values(request.rules);
  const sum = (of: (one: (typeof rules)[number]) => number) => rules.reduce((all, one) => all + of(one), 0);
  return {
    ran: sum(one => one.ran),
    kept: sum(one => one.kept),
    loaded: sum(one => one.loaded ?? 0), // what was saved before has none
    failed: sum(one => one.failed),
    reused: request.multigets.reduce((all, one) => all + one.reused, 0)
  };
}

/** "200 ran, 12 reused, 0 failed". */
export function tally(request: IRequestState): string {
  const { ran, kept, loaded, failed, reused } = totals(request);
  const number = (n: number) => n.toLocaleString('en');
  return [
    tr('%1 ran', number(ran)),
    kept > 0 && tr('%1 kept', number(kept)),
    loaded > 0 && tr('%1 from disk', number(loaded)),
    tr('%1 reused', number(reused)),
    tr('%1 failed', number(failed))
  ]
    .filter(Boolean)
    .join(', ');
}

/** The whole of a request that has ended, in one line. */
export function summary(request: IRequestState): string {
  const took = duration((request.ended_s ?? request.started_s) - request.started_s);
  const { outcome, cut_off, error, exit_code } = request;
  const told = tr('%1: %2 in %3', title(request), tally(request), took);
  switch (outcome) {
    case 'interrupted': {
      const tasks = firstOf(cut_off);
      return tasks ? tr('%1; interrupted in %2', told, tasks) : tr('%1; interrupted', told);
    }
    case 'failed':
    case 'refused':
      return error ? tr('%1; failed: %2', told, error) : tr('%1; failed', told);
    case 'started over':
      return tr('%1; started over', told);
    default:
      return exit_code ? tr('%1; exit code %2', told, exit_code) : told;
  }
}

/** "resize(Photo('a.jpg')) and 3 more"; "" for none. */
export function running(request: IRequestState): string {
  return firstOf(request.lanes.map(one => one.task));
}

function firstOf(tasks: readonly string[]): string {
  const [first] = tasks;
  return first === undefined ? '' : andMore(first, tasks.length - 1);
}

function andMore(text: string, number: number): string {
  return number > 0 ? tr('%1 and %2 more', text, number) : text;
}

/** What a request that was told to stop still waits for. */
export function stopping(request: IRequestState): string {
  const task = running(request);
  return task ? tr('stopping: waiting for %1 to come back', task) : tr('stopping');
}

/** "3 done, 0 reused, …": a bar in words. */
export function barText(bar: IMultiGetMoved): string {
  const parts = PARTS.filter(({ key }) => bar[key] > 0 || key === 'done');
  const told = parts.map(({ key, told }) => told(bar[key].toLocaleString('en')));
  return tr('%1 of %2', told.join(', '), bar.total.toLocaleString('en'));
}

/** How a bar stood when it was first seen. */
export interface IStart {
  readonly at_s: number;
  readonly ended: number;
}

const LEAST_S = 1;
const LEAST_ENDED = 3;

/**
 * The seconds until this MultiGet is through, if its tasks go on as they did; null when too few
 * have ended to say. Of what comes after the MultiGet, nobody knows anything.
 */
export function remaining(bar: IMultiGetMoved, start: IStart, now_s: number): number | null {
  const ended = bar.done + bar.failed - start.ended;
  const took = now_s - start.at_s;
  if (bar.is_over || ended < LEAST_ENDED || took < LEAST_S) {
    return null;
  }
  return ((bar.running + bar.waiting) * took) / ended;
}

/** Bars to show: those that move before those that are over, outer before inner. */
export function chosen(bars: readonly IMultiGetMoved[], most: number): readonly IMultiGetMoved[] {
  return [...bars]
    .sort((a, b) => Number(a.is_over) - Number(b.is_over) || a.number - b.number)
    .slice(0, most)
    .sort((a, b) => a.number - b.number);
}

/** Where the first of the suspended bodies stands; "" for none. */
export function waitingText(request: IRequestState): string {
  const [first] = request.first_waiting;
  if (!request.waiting || first === undefined) {
    return '';
  }
  return andMore(waitText(first), request.waiting - 1);
}

function waitText({ task, wanted, place }: IWaiting): string {
  if (wanted > 1) {
    return place
      ? trn('%2 waits for %1 task at %3', '%2 waits for %1 tasks at %3', wanted, task, place)
      : trn('%2 waits for %1 task', '%2 waits for %1 tasks', wanted, task);
  }
  return place ? tr('%1 waits at %2', task, place) : tr('%1 waits', task);
}
