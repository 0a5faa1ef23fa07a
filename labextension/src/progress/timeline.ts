/**
 * The timeline: which bodies each thread was in, one lane per thread, from left to right.
 *
 * Knows: spans and lanes. Does not know: whether anybody looks.
 * Holds: at most so many spans as the protocol keeps; what is older has gone, and is said to have.
 */

import { whyText } from '../dom/terms';
import { duration } from '../dom/texts';
import { tr, trn } from '../dom/words';
import { FOCUS } from '../dom/root';
import { h, svg } from '../dom/elements';
import { IRequestState, ISpan, MOST_SPANS } from '../protocol/state';

const MOST_LANES = 16;
const MOST_ROWS = 100;
const ROW = 18;
const WIDTH = 1000;
const LABEL = 84;
const LETTER = 6.6;

/** All spans, those of bodies that still run included. */
function spansOf(request: IRequestState, now_s: number): readonly ISpan[] {
  const running = request.lanes.map(({ worker, task, rule, since_s }) => {
    return { worker, task, rule, from_s: since_s, to_s: now_s };
  });
  return [...request.spans, ...running];
}

/** The picture, and the same as a table. */
export function drawTimeline(request: IRequestState, now_s: number): HTMLElement {
  const spans = spansOf(request, now_s);
  if (!spans.length) {
    return h('p', { class: 'wfnb-faint' }, tr('No body was seen at work: all were short.'));
  }
  const isCut = request.spans.length >= MOST_SPANS;
  const since_s = isCut ? Math.min(...spans.map(one => one.from_s)) : request.started_s;
  const until_s = Math.max(request.ended_s ?? now_s, since_s + 0.001);
  const workers = [...new Set(spans.map(one => one.worker))].sort((a, b) => a - b);
  const shown = workers.slice(0, MOST_LANES);
  const left = workers.length - shown.length;
  const notes = [
    isCut && tr('The last %1 bodies that were seen.', MOST_SPANS),
    left > 0 && trn('%1 more thread.', '%1 more threads.', left),
    tr('Bodies of less than 0.05 s may go unseen.')
  ];
  return h(
    'div',
    {},
    picture(spans, shown, request.started_s, since_s, until_s),
    h('p', { class: 'wfnb-faint' }, notes.filter(Boolean).join(' ')),
    table(spans, request)
  );
}

function picture(
  spans: readonly ISpan[],
  workers: readonly number[],
  started_s: number,
  since_s: number,
  until_s: number
): SVGElement {
  const height = workers.length * ROW + 20;
  const scale = (WIDTH - LABEL - 8) / (until_s - since_s);
  const x = (at_s: number) => LABEL + (Math.max(at_s, since_s) - since_s) * scale;
  const element = svg('svg', {
    class: 'wfnb-timeline',
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: 'img',
    'aria-label': trn(
      'Timeline of %1 thread; the table below says the same',
      'Timeline of %1 threads; the table below says the same',
      workers.length
    )
  });
  workers.forEach((worker, row) => {
    const y = row * ROW;
    element.append(
      svg('text', { x: 0, y: y + 13, class: 'wfnb-lane-name' }, name(worker)),
      svg('line', { x1: LABEL, x2: WIDTH - 8, y1: y + ROW - 1, y2: y + ROW - 1, class: 'wfnb-lane-line' })
    );
    spans.filter(one => one.worker === worker).forEach((one, turn) => {
      const from = x(one.from_s);
      const width = Math.max(1.5, x(one.to_s) - from - 0.5);
      const fits = Math.floor((width - 6) / LETTER);
      element.append(
        svg(
          'g',
          { class: 'wfnb-span', 'data-turn': turn % 2 },
          svg('title', {}, `${one.task}, ${duration(one.to_s - one.from_s)}`),
          svg('rect', { x: from, y: y + 2, width, height: ROW - 5, rx: 2 }),
          fits > 3 && svg('text', { x: from + 3, y: y + 12.5 }, cut(one.task, fits))
        )
      );
    });
  });
  const y = workers.length * ROW + 14;
  element.append(
    svg('text', { x: LABEL, y, class: 'wfnb-lane-name' }, duration(since_s - started_s)),
    svg('text', { x: WIDTH - 8, y, class: 'wfnb-lane-name', 'text-anchor': 'end' }, duration(until_s - started_s))
  );
  return element;
}

function table(spans: readonly ISpan[], request: IRequestState): HTMLElement {
  const longest = [...spans]
    .sort((a, b) => b.to_s - b.from_s - (a.to_s - a.from_s))
    .slice(0, MOST_ROWS);
  const rows = longest.map(one =>
    h(
      'tr',
      {},
      h('td', { class: 'wfnb-code' }, one.task),
      h('td', {}, name(one.worker)),
      h('td', { class: 'wfnb-number' }, duration(one.from_s - request.started_s)),
      h('td', { class: 'wfnb-number' }, duration(one.to_s - one.from_s))
    )
  );
  const heads = [tr('task'), tr('thread'), tr('began at'), tr('took')];
  return scrolled(tr('The bodies that took longest'), heads, rows);
}

/** What became of the tasks of each rule, and why they ran. */
export function drawRules(request: IRequestState, names: (rule: string) => string): HTMLElement {
  const rows = Object.entries(request.rules).map(([rule, counts]) =>
    h(
      'tr',
      {},
      h('td', { class: 'wfnb-code' }, names(rule)),
      ...[counts.ran, counts.kept, counts.failed].map(one =>
        h('td', { class: 'wfnb-number' }, one.toLocaleString('en'))
      ),
      h('td', {}, counts.whys.map(one => whyText(one, one.count.toLocaleString('en'))).join('; '))
    )
  );
  const heads = [tr('rule'), tr('ran'), tr('kept'), tr('failed'), tr('why')];
  return scrolled(tr('Rules'), heads, rows);
}

function scrolled(caption: string, heads: readonly string[], rows: HTMLElement[]): HTMLElement {
  return h(
    'div',
    { ...FOCUS, class: 'wfnb-scrolled', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...heads.map(one => h('th', { scope: 'col' }, one)))),
      h('tbody', {}, ...rows)
    )
  );
}

function name(worker: number): string {
  return worker === 0 ? tr('asker') : tr('thread %1', worker);
}

function cut(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
