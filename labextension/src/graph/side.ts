/**
 * The side: where the panel stands, beside the picture or the table, as long as it is open.
 *
 * Knows: whether it is open, and how tall it may be. Does not know: which node is selected.
 * Holds: what is closed has nothing in it.
 */

import { wantsLessMotion } from '../dom/root';
import { h } from '../dom/elements';
import { tr } from '../dom/words';
import { IGraph, IGraphNode, IPicture } from './data';
import { IDoing } from './overlay';
import { drawDoing, drawPanel, IPanelActions } from './panel';

const LEAST_PX = 320;

export class Side {
  readonly element = h('aside', { class: 'wfnb-panel', 'aria-label': tr('Details'), hidden: true });

  constructor(private readonly actions: IPanelActions) {
    this.element.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        actions.close();
      }
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Show a node beside something `tallPx` tall, which is measured once the panel is there. */
  open(graph: IGraph, picture: IPicture, node: number, tallPx: () => number): void {
    this.element.hidden = false;
    this.element.replaceChildren(...drawPanel(graph, picture, node, this.actions));
    this.element.scrollTop = 0;
    this.element.style.maxHeight = `${Math.max(LEAST_PX, tallPx())}px`;
  }

  close(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** Show what the rules of the node do. */
  tell(node: IGraphNode, doing: IDoing): void {
    const host = this.element.querySelector('.wfnb-doing');
    if (host) {
      drawDoing(host, node, doing);
    }
  }

  focus(): void {
    this.element.querySelector('h3')?.focus({ preventScroll: wantsLessMotion() });
  }
}
