/**
 * What the progress view says of a request, in words.
 *
 * Knows: counts, and what can honestly be said of the time that is left.
 * Does not know: how it is shown.
 */

import { count, duration } from '../dom/texts';
import { IMultiGetMoved } from '../protocol/kinds';
import { IRequestState } from '../protocol/state';

/** What a task of a MultiGet can be; for each a sign and a word, since colour is not enough. */
export const PARTS = [
  { key: 'done', sign: '✔' },
  { key: 'reused', sign: '↺' },
  { key: 'failed', sign: '✖' },
  { key: 'running', sign: '▶' },
  { key: 'waiting', sign: '○' }
] as const;

export type Part = (typeof PARTS)[number]['key'];

/** "Gallery", or "goal Publish". */
export function title(request: IRequestState): string {
  return request.is_goal ? `goal ${request.product}` : request.product;
}

/** Tasks by what became of them, over all rules; remembered ones as far as MultiGets tell. */
export function totals(request: IRequestState) {
  const rules = Object.values(request.rules);
  const sum = (of: (one: (typeof rules)[number]) => number) => rules.reduce((all, one) => all + of(one), 0);
  return {
    ran: sum(one => one.ran),
    kept: sum(one => one.kept),
    failed: sum(one => one.failed),
    reused: request.multigets.reduce((all, one) => all + one.reused, 0)
  };
}

/** "200 ran, 12 reused, 0 failed". */
export function tally(request: IRequestState): string {
  const { ran, kept, failed, reused } = totals(request);
  const number = (n: number) => n.toLocaleString('en');
  return [
    `${number(ran)} ran`,
    kept > 0 && `${number(kept)} kept`,
    `${number(reused)} reused`,
    `${number(failed)} failed`
  ]
    .filter(Boolean)
    .join(', ');
}

/** The whole of a request that has ended, in one line. */
export function summary(request: IRequestState): string {
  const took = duration((request.ended_s ?? request.started_s) - request.started_s);
  const told = `${title(request)}: ${tally(request)} in ${took}`;
  switch (request.outcome) {
    case 'interrupted':
      return `${told}; interrupted${cutOff(request)}`;
    case 'failed':
    case 'refused':
      return `${told}; failed${request.error ? `: ${request.error}` : ''}`;
    case 'started over':
      return `${told}; started over`;
    default:
      return request.exit_code ? `${told}; exit code ${request.exit_code}` : told;
  }
}

function cutOff({ cut_off: tasks }: IRequestState): string {
  const [first] = tasks;
  return first === undefined ? '' : ` in ${first}${more(tasks.length - 1)}`;
}

/** "resize(Photo('a.jpg')) and 3 more"; "" for none. */
export function running(request: IRequestState): string {
  const [first] = request.lanes;
  return first === undefined ? '' : `${first.task}${more(request.lanes.length - 1)}`;
}

function more(number: number): string {
  return number > 0 ? ` and ${number} more` : '';
}

/** What a request that was told to stop still waits for. */
export function stopping(request: IRequestState): string {
  const task = running(request);
  return task ? `stopping: waiting for ${task} to come back` : 'stopping';
}

/** "3 done, 0 reused, …": a bar in words. */
export function barText(bar: IMultiGetMoved): string {
  return PARTS.filter(({ key }) => bar[key] > 0 || key === 'done')
    .map(({ key }) => `${bar[key].toLocaleString('en')} ${key}`)
    .join(', ') + ` of ${bar.total.toLocaleString('en')}`;
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
  const wanted = first.wanted > 1 ? ` for ${count(first.wanted, 'task')}` : '';
  return `${first.task} waits${wanted}${first.place ? ` at ${first.place}` : ''}${more(request.waiting - 1)}`;
}
