/**
 * The tools: which picture, how large, moved by keys or not, as a picture or as a table.
 *
 * Knows: what each of them is called, and what it says of itself.
 * Does not know: what becomes of the table.
 * Holds: a tool that is on says so.
 */

import { FOCUS } from '../dom/root';
import { h, set } from '../dom/elements';
import { tr } from '../dom/words';
import { ZOOM } from './keyboard';
import { button } from './panel';
import { Scene } from './scene';
import { pictureName } from './words';

export class Tools {
  readonly elements: readonly HTMLElement[];
  private readonly choice = h('select', { ...FOCUS, 'aria-label': tr('What is drawn') });
  private readonly scale = h('span', { class: 'wfnb-scale' });
  private readonly panMode;
  private readonly asTable;

  /** `onTable` is called to show the table, or the picture again. */
  constructor(private readonly scene: Scene, onTable: () => void) {
    const { viewport } = scene;
    const pan = () => this.setPanning(!scene.isPanning);
    this.panMode = button(tr('Pan'), pan, tr('Arrow keys move the picture'));
    this.asTable = button(tr('Table'), onTable);
    set(this.panMode, { 'aria-pressed': 'false' });
    set(this.asTable, { 'aria-pressed': 'false' });
    this.choice.addEventListener('change', () => scene.show(this.choice.value, scene.about));
    this.elements = [
      this.choice,
      button('−', () => viewport.zoom(1 / ZOOM), tr('Smaller')),
      this.scale,
      button('+', () => viewport.zoom(ZOOM), tr('Larger')),
      button(tr('Fit'), () => viewport.fit(), tr('Show all of it')),
      this.panMode,
      this.asTable
    ];
  }

  /** Offer the pictures that there are. */
  tell(): void {
    const { graph, name } = this.scene;
    const names = Object.keys(graph.pictures);
    this.choice.replaceChildren(
      ...names.map(one => h('option', { value: one, selected: one === name }, pictureName(one)))
    );
    this.choice.value = name;
    this.choice.hidden = names.length < 2;
  }

  setScale(scale: number): void {
    this.scale.textContent = `${Math.round(scale * 100)} %`;
  }

  setTable(isTable: boolean): void {
    set(this.asTable, { 'aria-pressed': String(isTable) });
  }

  setPanning(isPanning: boolean): void {
    this.scene.isPanning = isPanning;
    set(this.panMode, { 'aria-pressed': String(isPanning) });
  }
}
