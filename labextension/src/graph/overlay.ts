/**
 * The overlay: what becomes of each rule's tasks, as far as events tell.
 *
 * Knows: the state of an engine. Does not know: boxes, colours.
 * Holds: pure. A time is never more than what was seen: workers are looked at up to 20 times a
 *   second, and a body that is suspended is in no worker.
 */

import { whyText } from '../dom/terms';
import { tr } from '../dom/words';
import { own } from '../protocol/fold';
import { IRequestState, IState } from '../protocol/state';

/** By how much it wants to be seen. */
export const STATUSES = [
  'running',
  'failed',
  'waiting',
  'dirty',
  'disk',
  'done',
  'memo',
  'known',
  'idle'
] as const;
export type Status = (typeof STATUSES)[number];

export const SIGNS: { readonly [status in Status]: string } = {
  running: '▶',
  failed: '✖',
  waiting: '‖',
  dirty: '◌',
  disk: '▤',
  done: '✔',
  memo: '≡',
  known: '●',
  idle: ''
};

export interface IDoing {
  readonly status: Status;
  /** Bodies that workers are in, and that stand at an await, as far as they are told. */
  readonly running: number;
  readonly waiting: number;
  /** In the newest request: ran, were kept or found on disk, failed. */
  readonly done: number;
  readonly memo: number;
  readonly disk: number;
  readonly failed: number;
  /** What is remembered, and how much of it is suspected. */
  readonly known: number;
  readonly stale: number;
  /** How long workers were seen in its bodies during that request. */
  readonly seenS: number;
  /** Whether it may have been longer, as only the last spans are kept. */
  readonly isAtLeast: boolean;
  /** Why tasks came to their end, with counts. */
  readonly whys: readonly string[];
}

/** The request to show: the newest that runs, else the newest. */
export function shownRequest(state: IState): IRequestState | null {
  const running = state.requests.filter(one => one.outcome === 'running');
  return running[running.length - 1] ?? state.requests[state.requests.length - 1] ?? null;
}

/** What the rules with these ids do, together. */
export function doing(
  state: IState,
  request: IRequestState | null,
  rules: readonly string[],
  mostSpans: number
): IDoing {
  const found = { running: 0, waiting: 0, done: 0, memo: 0, disk: 0, failed: 0, known: 0, stale: 0 };
  const whys: string[] = [];
  for (const rule of rules) {
    const counts = own(state.tasks, rule);
    found.known += counts?.known ?? 0;
    found.stale += counts?.stale ?? 0;
    const told = request ? own(request.rules, rule) : undefined;
    found.done += told?.ran ?? 0;
    found.memo += told?.kept ?? 0;
    found.disk += told?.loaded ?? 0;
    found.failed += told?.failed ?? 0;
    whys.push(...(told?.whys ?? []).map(one => whyText(one, String(one.count))));
  }
  const mine = (one: { readonly rule: string }) => rules.includes(one.rule);
  const lanes = (request?.lanes ?? []).filter(mine);
  const spans = (request?.spans ?? []).filter(mine);
  found.running = lanes.length;
  found.waiting = (request?.first_waiting ?? []).filter(mine).length;
  return {
    ...found,
    status: statusOf(found),
    seenS: spans.reduce((sum, one) => sum + one.to_s - one.from_s, 0),
    isAtLeast: (request?.spans.length ?? 0) >= mostSpans,
    whys
  };
}

function statusOf(found: Omit<IDoing, 'status' | 'seenS' | 'isAtLeast' | 'whys'>): Status {
  if (found.running) {
    return 'running';
  }
  if (found.failed) {
    return 'failed';
  }
  if (found.waiting) {
    return 'waiting';
  }
  if (found.stale) {
    return 'dirty';
  }
  if (found.disk) {
    return 'disk';
  }
  if (found.done) {
    return 'done';
  }
  if (found.memo) {
    return 'memo';
  }
  return found.known ? 'known' : 'idle';
}

/** A few words: "▶ 2  ✔ 198  ≡ 3"; "" if there is nothing to say. */
export function shortly(doing: IDoing): string {
  const { running, waiting, done, memo, disk, failed, known, stale } = doing;
  const parts: [Status, number][] = [
    ['running', running],
    ['waiting', waiting],
    ['failed', failed],
    ['done', done],
    ['memo', memo],
    ['disk', disk],
    ['dirty', stale]
  ];
  const told = parts.filter(([, number]) => number);
  if (!told.length && known) {
    told.push(['known', known]);
  }
  return told.map(([status, number]) => `${SIGNS[status]} ${short(number)}`).join('  ');
}

/** All of it in words. */
export function inWords(doing: IDoing): readonly string[] {
  const { running, waiting, done, memo, disk, failed, known, stale } = doing;
  const parts = [
    running && tr('%1 running', running),
    waiting && tr('%1 waiting for others', waiting),
    failed && tr('%1 failed', failed),
    done && tr('%1 done', done),
    memo && tr('%1 from memo', memo),
    disk && tr('%1 from disk', disk),
    stale && tr('%1 dirty', stale),
    known && tr('%1 remembered', known)
  ];
  return parts.filter((one): one is string => Boolean(one));
}

function short(number: number): string {
  return number < 10_000 ? String(number) : `${Math.floor(number / 1000)}k`;
}
