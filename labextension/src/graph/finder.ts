/**
 * The finder: a field to search in, how many hits there are, and which of them is looked at.
 *
 * Knows: hits as nodes, and which of them are in the picture.
 * Does not know: what becomes of a hit that is gone to.
 */

import { count } from '../dom/texts';
import { FOCUS } from '../dom/root';
import { h } from '../dom/elements';
import { IGraph, NOTHING } from './data';
import { button } from './panel';
import { search } from './part';

export class Finder {
  readonly elements: readonly HTMLElement[];
  private hits: readonly number[] = [];
  private at = -1;
  private graph: IGraph = NOTHING;
  private readonly field = h('input', {
    ...FOCUS,
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search names, signatures, cells',
    spellcheck: 'false'
  });
  private readonly told = h('span', { class: 'wfnb-found', role: 'status' });

  /** `onLook` is called when there are other hits, `onGo` to go to one. */
  constructor(private readonly onLook: () => void, private readonly onGo: (node: number) => void) {
    this.elements = [
      this.field,
      button('‹', () => this.step(-1), 'Previous hit'),
      button('›', () => this.step(1), 'Next hit'),
      this.told
    ];
    this.field.addEventListener('input', () => this.look());
    this.field.addEventListener('keydown', event => {
      if (event.key === 'Enter') {
        this.step(event.shiftKey ? -1 : 1);
      } else if (event.key === 'Escape' && this.field.value) {
        this.field.value = '';
        this.look();
      }
    });
  }

  /** Search this graph from now on; the hit that is looked at stays, if its number does. */
  use(graph: IGraph): void {
    this.graph = graph;
    this.hits = search(graph, this.field.value);
    this.at = Math.min(this.at, this.hits.length - 1);
  }

  /** The boxes to point out, given where nodes are drawn; null if nobody searches. */
  found(home: ReadonlyMap<number, number>): ReadonlySet<number> | null {
    if (!this.field.value.trim()) {
      this.told.textContent = '';
      return null;
    }
    const boxes = this.hits.map(node => home.get(node)).filter(box => box !== undefined);
    const outside = this.hits.length - boxes.length;
    const more = outside ? ` (${outside} not in this picture)` : '';
    const at = this.at >= 0 ? `${this.at + 1} of ` : '';
    this.told.textContent = `${at}${count(this.hits.length, 'hit')}${more}`;
    return new Set(boxes);
  }

  /** How many hits there are, in words. */
  get words(): string {
    return this.told.textContent ?? '';
  }

  private look(): void {
    this.at = -1;
    this.use(this.graph);
    this.onLook();
  }

  private step(by: number): void {
    const { length } = this.hits;
    if (length) {
      this.at = this.at < 0 && by < 0 ? length - 1 : (this.at + by + length) % length;
      this.onGo(this.hits[this.at] ?? 0);
    }
  }
}
