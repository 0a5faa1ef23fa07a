/**
 * The scene: what of a graph is drawn, and where the reader is in it.
 *
 * Knows: which picture it is, which part of it, what is selected, what is seen.
 * Does not know: what stands around the picture; who searches, what runs.
 * Holds: pictures come ready, and parts are closed up here: nothing waits for a kernel. What is
 *   selected has a box, and exactly one box takes part in tabbing.
 */

import { h, set, svg } from '../dom/elements';
import { tr } from '../dom/words';
import { closeUp } from './closing';
import { IGraph, IGraphNode, IPicture, NOTHING, pictureOf } from './data';
import { Action, actionOf } from './keyboard';
import { IDoing } from './overlay';
import { findAgain, homes, reach, stepFrom } from './part';
import { drawPicture, IDrawn } from './picture';
import { IViewport, makeViewport } from './viewport';

export const TALLEST_PX = 560;
const SHORTEST_PX = 220;

/** What a scene tells whoever has it. */
export interface ISceneEvents {
  /** Something else is drawn; `hasLost` if what was selected is not in it. */
  readonly onShow: (hasLost: boolean) => void;
  readonly onSelect: (node: number) => void;
  readonly onMove: (scale: number) => void;
  readonly onClick: (node: number) => void;
  /** A key asked for what is not the scene's to do. */
  readonly onAsk: (what: 'open' | 'focus' | 'back', node: number) => void;
}

export interface IAnchor {
  readonly node: IGraphNode;
  readonly at: readonly [number, number];
}

export class Scene {
  readonly element = h('div', { class: 'wfnb-frame' });
  readonly viewport: IViewport;
  graph: IGraph = NOTHING;
  name = 'rules';
  /** Ids of the nodes that the shown part is about; null for all. */
  about: readonly string[] | null = null;
  shown: IPicture = pictureOf(NOTHING, 'rules');
  selected: number | null = null;
  /** Whether arrow keys move the picture. */
  isPanning = false;
  private drawn: IDrawn = drawPicture(NOTHING, this.shown);
  private pressedNode: number | null = null;
  private readonly plane = svg('g');
  private readonly canvas;

  constructor(private readonly events: ISceneEvents) {
    this.canvas = svg(
      'svg',
      { class: 'wfnb-canvas', role: 'group', 'aria-label': tr('Picture of the rules') },
      this.plane
    );
    this.element.append(this.canvas);
    this.viewport = makeViewport(this.canvas, this.plane, seen => {
      this.drawn.see(seen);
      this.events.onMove(seen.scale);
    });
    this.listen();
  }

  end(): void {
    this.viewport.end();
  }

  // ---------------------------------------------------------------- what is drawn

  /** Draw a picture of another graph, or the same part of it; nothing is selected then. */
  use(graph: IGraph, { name, about }: Pick<Scene, 'name' | 'about'>): void {
    const old = this.graph;
    [this.graph, this.name, this.about, this.selected] = [graph, name, about, null];
    const again = about?.map(id => {
      const node = old.nodes.find(one => one.id === id);
      const number = node ? findAgain(graph, node) : null;
      return number === null ? id : (graph.nodes[number]?.id ?? id);
    });
    this.show(name, again ?? null);
  }

  /** Draw a picture, or the part of it that is about some nodes. */
  show(name: string, about: readonly string[] | null): void {
    const before = this.about;
    const isOther = name !== this.name;
    this.name = name in this.graph.pictures ? name : this.graph.first;
    const whole = pictureOf(this.graph, this.name);
    const ids = new Map(this.graph.nodes.map((node, number) => [node.id, number]));
    const home = homes(this.graph, whole);
    const roots = (about ?? [])
      .map(id => home.get(ids.get(id) ?? -1))
      .filter((one): one is number => one !== undefined);
    this.about = about && roots.length ? about : null;
    this.shown = this.about ? closeUp(whole, reach(whole, roots)) : whole;
    this.drawn = drawPicture(this.graph, this.shown);
    this.plane.replaceChildren(this.drawn.element);
    this.viewport.setSize(this.shown.width, this.shown.height);
    this.element.style.height = `${Math.min(TALLEST_PX, Math.max(SHORTEST_PX, this.shown.height + 40))}px`;
    const isSame = JSON.stringify(before) === JSON.stringify(this.about);
    if (this.viewport.isFitted() || !isSame || isOther) {
      this.viewport.fit(this.shown.boxes.find(box => box.node === (roots[0] ?? box.node)));
    } else {
      this.viewport.look();
    }
    const hasLost = this.selected !== null && !this.has(this.selected);
    if (hasLost) {
      this.selected = null;
    }
    this.rove();
    this.events.onShow(hasLost);
  }

  showAll(): void {
    const { selected } = this;
    this.show(this.name, null);
    if (selected !== null) {
      this.goTo(selected);
    }
  }

  showAbout(node: number): void {
    const id = this.graph.nodes[node]?.id;
    if (id !== undefined) {
      this.show(this.name, [id]);
      this.goTo(node);
    }
  }

  /** Show what a node's rules do. */
  tell(node: number, doing: IDoing): void {
    this.drawn.tell(node, doing);
  }

  /** Point out what was found, and what is selected; null if nobody searches. */
  mark(found: ReadonlySet<number> | null): void {
    this.drawn.mark(found, this.selected);
  }

  /** Whether a node has a box of its own. */
  has(node: number): boolean {
    return this.drawn.boxes.has(node);
  }

  // ---------------------------------------------------------------- where the reader is

  select(node: number): void {
    if (this.selected !== node) {
      this.selected = node;
      this.rove();
      this.events.onSelect(node);
    }
    const box = this.boxOf(node);
    if (box) {
      this.viewport.reveal(box);
      this.viewport.look();
    }
  }

  /** Select a node and show it; the focus follows, unless it is needed elsewhere. */
  goTo(node: number, withFocus = true): void {
    const box = this.boxOf(node);
    if (!box) {
      return;
    }
    this.select(node);
    if (!this.viewport.isFitted()) {
      this.viewport.reveal(box, true);
    }
    if (withFocus) {
      this.focusBox(node);
    }
  }

  focusBox(node: number | null): void {
    if (node !== null) {
      this.select(node); // which puts it on the page, if it was out of sight
      this.drawn.boxes.get(node)?.focus({ preventScroll: true });
    }
  }

  /** Move as little as needed for a node to be seen, where not all is. */
  reveal(node: number): void {
    const box = this.boxOf(node);
    if (box && !this.viewport.isFitted()) {
      this.viewport.reveal(box);
    }
  }

  /** Something that should stay where it is on the screen. */
  anchor(): IAnchor | null {
    const { clientWidth, clientHeight } = this.canvas;
    const [x, y] = this.viewport.toPlane(clientWidth / 2, clientHeight / 2);
    const far = (box: { x: number; y: number }) => Math.hypot(box.x - x, box.y - y);
    const nearest = [...this.shown.boxes].sort((a, b) => far(a) - far(b))[0];
    const box = this.boxOf(this.selected) ?? nearest;
    const node = box && this.graph.nodes[box.node];
    return box && node ? { node, at: this.viewport.toScreen(box.x, box.y) } : null;
  }

  /** Put it there again, in another graph. */
  restore(before: IAnchor | null): void {
    const box = this.boxOf(before ? findAgain(this.graph, before.node) : null);
    if (before && box && !this.viewport.isFitted()) {
      const [x, y] = this.viewport.toScreen(box.x, box.y);
      this.viewport.pan(before.at[0] - x, before.at[1] - y);
    }
  }

  private boxOf(node: number | null): IPicture['boxes'][number] | undefined {
    return this.shown.boxes.find(box => box.node === node);
  }

  /** Exactly one box takes part in tabbing. */
  private rove(): void {
    const first = this.boxOf(this.selected) ?? this.shown.boxes[0];
    for (const [node, box] of this.drawn.boxes) {
      set(box, { tabindex: node === first?.node ? 0 : -1 });
    }
  }

  // ---------------------------------------------------------------- pointer and keys

  private listen(): void {
    this.canvas.addEventListener('pointerdown', event => {
      this.pressedNode = nodeOf(event.target);
    });
    this.canvas.addEventListener('click', event => this.clicked(event));
    this.canvas.addEventListener('focusin', event => {
      const node = nodeOf(event.target);
      if (node !== null) {
        this.select(node);
      }
    });
    this.canvas.addEventListener('keydown', event => this.pressed(event));
  }

  private clicked(event: Event): void {
    // A notebook may scroll between press and release; then the box is not under the pointer any more.
    const node = nodeOf(event.target) ?? this.pressedNode;
    this.pressedNode = null;
    if (node !== null && !this.viewport.wasDragged()) {
      this.select(node);
      this.events.onClick(node);
    }
  }

  private pressed(event: KeyboardEvent): void {
    const node = nodeOf(event.target);
    const action = node === null ? null : actionOf(event, this.shown.direction, this.isPanning);
    if (node !== null && action !== null) {
      event.preventDefault();
      this.act(node, action);
    }
  }

  private act(node: number, action: Action): void {
    const { boxes } = this.shown;
    switch (action.do) {
      case 'step':
        this.focusBox(stepFrom(this.shown, node, action.step));
        break;
      case 'first':
        this.focusBox(boxes[0]?.node ?? null);
        break;
      case 'last':
        this.focusBox(boxes[boxes.length - 1]?.node ?? null);
        break;
      case 'pan':
        this.viewport.pan(action.x, action.y);
        break;
      case 'zoom':
        this.viewport.zoom(action.factor);
        break;
      case 'fit':
        this.viewport.fit();
        break;
      default:
        this.events.onAsk(action.do, node);
    }
  }
}

function nodeOf(target: EventTarget | null): number | null {
  const box = target instanceof Element ? target.closest('[data-node]') : null;
  const text = box?.getAttribute('data-node');
  return text ? Number(text) : null;
}
