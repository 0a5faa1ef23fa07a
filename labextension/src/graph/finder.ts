/**
 * The finder: a field to search in, how many hits there are, and which of them is looked at.
 *
 * Knows: hits as nodes, and which of them are in the picture.
 * Does not know: what becomes of a hit that is gone to.
 */

import { FOCUS } from '../dom/root';
import { h } from '../dom/elements';
import { tr, trn } from '../dom/words';
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
    placeholder: tr('Search'),
    'aria-label': tr('Search names, signatures, cells'),
    spellcheck: 'false'
  });
  private readonly told = h('span', { class: 'wfnb-found', role: 'status' });

  /** `onLook` is called when there are other hits, `onGo` to go to one. */
  constructor(private readonly onLook: () => void, private readonly onGo: (node: number) => void) {
    this.elements = [
      this.field,
      button('‹', () => this.step(-1), tr('Previous hit')),
      button('›', () => this.step(1), tr('Next hit')),
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
    const hits =
      this.at >= 0
        ? trn('%2 of %1 hit', '%2 of %1 hits', this.hits.length, this.at + 1)
        : trn('%1 hit', '%1 hits', this.hits.length);
    this.told.textContent = outside ? tr('%1 (%2 not in this picture)', hits, outside) : hits;
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
