/**
 * The captions: what is said around the picture of what is drawn.
 *
 * Knows: the title, the part, problems that belong to no node, what lines mean, what keys do.
 * Does not know: where on the page they stand.
 */

import { h } from '../dom/elements';
import { tr } from '../dom/words';
import { pictureOf } from './data';
import { button, problem } from './panel';
import { Scene } from './scene';
import { keysOf, legendOf, partOf } from './words';

export class Captions {
  readonly title = h('h2');
  readonly part = h('p', { class: 'wfnb-part', hidden: true });
  readonly loose = h('div');
  readonly legend = h('p', { class: 'wfnb-faint wfnb-legend' });
  readonly keys = h('p', { class: 'wfnb-faint wfnb-keys' });

  /** Say what a scene shows. */
  tell(scene: Scene): void {
    const { graph, name, about, shown } = scene;
    this.title.textContent = graph.title || tr('no rules yet');
    this.part.hidden = about === null;
    if (about) {
      const all = pictureOf(graph, name).boxes.length;
      this.part.replaceChildren(
        `${partOf(graph, about, shown.boxes.length, all)} `,
        button(tr('Show all'), () => scene.showAll())
      );
    }
    this.loose.replaceChildren(...graph.problems.filter(one => one.severity !== 'note').map(problem));
    this.legend.textContent = legendOf(shown);
    this.keys.textContent = keysOf(shown);
  }

  /** Which part is shown, in words. */
  get partName(): string {
    return this.part.firstChild?.textContent ?? '';
  }
}
