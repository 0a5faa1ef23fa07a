/**
 * Bars: one for each MultiGet, with what its tasks are, as widths, patterns, signs and words.
 *
 * Knows: how a bar is drawn. Does not know: which request it is of.
 * Holds: a bar keeps its element as long as it is shown, so that screen readers keep their place.
 */

import { duration } from '../dom/texts';
import { h, set } from '../dom/elements';
import { tr } from '../dom/words';
import { IMultiGetMoved } from '../protocol/kinds';
import { barText, IStart, PARTS, remaining } from './telling';

interface IBar {
  readonly element: HTMLElement;
  readonly draw: (bar: IMultiGetMoved, now_s: number | null) => void;
}

export class Bars {
  readonly element = h('ul', { class: 'wfnb-bars' });
  private readonly known = new Map<number, IBar>();

  /** Show these, in this order; without the time, nothing is said of how long they may take. */
  draw(bars: readonly IMultiGetMoved[], now_s: number | null): void {
    const shown = bars.map(bar => {
      const found = this.known.get(bar.number) ?? makeBar();
      this.known.set(bar.number, found);
      found.draw(bar, now_s);
      return found.element;
    });
    const before = [...this.element.children];
    if (shown.length !== before.length || shown.some((one, n) => one !== before[n])) {
      this.element.replaceChildren(...shown);
    }
    for (const number of [...this.known.keys()]) {
      if (!bars.some(bar => bar.number === number)) {
        this.known.delete(number);
      }
    }
  }
}

function makeBar(): IBar {
  let start: IStart | null = null;
  const segments = PARTS.map(({ key }) => h('span', { class: 'wfnb-segment', 'data-part': key }));
  const counts = PARTS.map(() => h('b'));
  const asker = h('span', { class: 'wfnb-code' });
  const left = h('span', { class: 'wfnb-left' });
  const track = h('div', { class: 'wfnb-track', role: 'progressbar', 'aria-valuemin': 0 }, ...segments);
  const legend = PARTS.map(({ key, sign, word }, n) =>
    h(
      'li',
      { 'data-part': key },
      h('span', { class: 'wfnb-swatch', 'data-part': key, 'aria-hidden': 'true' }),
      h('span', { 'aria-hidden': 'true' }, `${sign} `),
      counts[n],
      ` ${word()}`
    )
  );
  const element = h(
    'li',
    { class: 'wfnb-bar' },
    h('div', { class: 'wfnb-bar-head' }, asker, left),
    track,
    h('ul', { class: 'wfnb-legend' }, ...legend)
  );
  const draw = (bar: IMultiGetMoved, now_s: number | null) => {
    asker.textContent = bar.place ? `${bar.asker}, ${bar.place}` : bar.asker;
    set(track, {
      'aria-label': tr('MultiGet of %1', bar.asker),
      'aria-valuemax': bar.total,
      'aria-valuenow': bar.done + bar.reused + bar.failed,
      'aria-valuetext': barText(bar)
    });
    PARTS.forEach(({ key }, n) => {
      segments[n]!.style.flexGrow = String(bar[key]);
      counts[n]!.textContent = bar[key].toLocaleString('en');
      set(legend[n]!, { 'data-none': bar[key] === 0 });
    });
    if (!start && now_s !== null) {
      start = { at_s: now_s, ended: bar.done + bar.failed };
    }
    const seconds = start && now_s !== null ? remaining(bar, start, now_s) : null;
    left.textContent = seconds === null ? '' : tr('about %1 left here', duration(seconds));
  };
  return { element, draw };
}
