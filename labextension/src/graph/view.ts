/**
 * The rule graph view: the rules as a picture that follows what becomes of them.
 *
 * Knows: which picture, which part of it, what is selected, searched and open.
 * Does not know: who brings the data and the events; how a box is drawn, or what an event means.
 * Holds: nothing here waits for a kernel: pictures come ready, parts are closed up in the page. When
 *   the graph changes, what is selected stays selected and stays where it was on the screen.
 */

import './graph.css';
import { FOCUS, makeRoot, wantsLessMotion } from '../dom/root';
import { h, set, svg } from '../dom/elements';
import { Feed } from '../protocol/feed';
import { MOST_SPANS } from '../protocol/kinds';
import { closeUp } from './closing';
import { IGraph, IGraphNode, IPicture, NOTHING, readGraph } from './data';
import { doing, shownRequest } from './overlay';
import { Finder } from './finder';
import { Action, actionOf, ZOOM } from './keyboard';
import { button, drawDoing, drawPanel, problem } from './panel';
import { findAgain, homes, reach, stepFrom } from './part';
import { drawPicture, IDrawn } from './picture';
import { drawTable, ITable } from './table';
import { IPlace, makeViewport } from './viewport';
import { keysOf, legendOf, partOf, pictureName, requestText } from './words';

/** Where the data of a graph comes from. */
export interface IGraphSource {
  /** As JSON text; "" before there is any. */
  readonly data: () => string;
  /** Whether the feed still tells anything. */
  readonly isLive: () => boolean;
  readonly onChange: (tell: () => void) => () => void;
}

const TALLEST_PX = 560;
const SHORTEST_PX = 220;
const LEAST_PANEL_PX = 320;
const TICK_MS = 500;

interface IAnchor {
  readonly node: IGraphNode;
  readonly at: readonly [number, number];
}

/** What a view leaves to the one that takes its place: JupyterLab soon draws its first view again. */
export interface IMemory {
  left?: {
    readonly name: string;
    readonly about: readonly string[] | null;
    readonly selected: IGraphNode | null;
    readonly isOpen: boolean;
    readonly isTable: boolean;
    readonly place: IPlace | null;
  };
}

/** Show a rule graph within `host`; returns what takes it away. */
export function mountGraph(
  host: HTMLElement,
  feed: Feed,
  source: IGraphSource,
  memory: IMemory = {}
): () => void {
  const view = new GraphView(host, feed, source, memory);
  return () => view.end();
}

class GraphView {
  private text = '';
  private graph: IGraph = NOTHING;
  private name = 'rules';
  /** Ids of the nodes that the shown part is about; null for all. */
  private about: readonly string[] | null = null;
  private shown: IPicture = readPicture(NOTHING, 'rules');
  private drawn: IDrawn = drawPicture(NOTHING, this.shown);
  private table: ITable | null = null;
  private selected: number | null = null;
  private pressedNode: number | null = null;
  private isPanning = false;
  private firstSeen = { request: -1, atMs: 0 };
  private readonly root;
  private readonly viewport;
  private readonly title = h('h2');
  private readonly request = h('p', { class: 'wfnb-request' });
  private readonly plane = svg('g');
  private readonly canvas;
  private readonly frame = h('div', { class: 'wfnb-frame' });
  private readonly rows = h('div', { class: 'wfnb-rows', hidden: true });
  private readonly panel = h('aside', { class: 'wfnb-panel', 'aria-label': 'Details', hidden: true });
  private readonly loose = h('div');
  private readonly partName = h('p', { class: 'wfnb-part', hidden: true });
  private readonly finder;
  private readonly choice;
  private readonly tools = h('div', { class: 'wfnb-tools' });
  private readonly asTable;
  private readonly panMode;
  private readonly scale = h('span', { class: 'wfnb-scale' });
  private readonly legend = h('p', { class: 'wfnb-faint wfnb-legend' });
  private readonly keys = h('p', { class: 'wfnb-faint wfnb-keys' });

  constructor(
    host: HTMLElement,
    private readonly feed: Feed,
    private readonly source: IGraphSource,
    private readonly memory: IMemory
  ) {
    this.root = makeRoot(host, 'graph', 'Rule graph');
    this.canvas = svg('svg', { class: 'wfnb-canvas', role: 'group', 'aria-label': 'Picture of the rules' }, this.plane);
    this.viewport = makeViewport(this.canvas, this.plane, seen => {
      this.scale.textContent = `${Math.round(seen.scale * 100)} %`;
      this.drawn.see(seen);
      this.remember();
    });
    this.finder = new Finder(() => this.mark(), node => this.goToHit(node));
    this.choice = h('select', { ...FOCUS, 'aria-label': 'What is drawn' });
    this.asTable = button('Table', () => this.showTable(this.rows.hidden));
    this.panMode = button('Pan', () => this.setPanning(!this.isPanning), 'Arrow keys move the picture');
    this.build();
    this.listen();
    this.tellAround();
    this.takeData();
    this.takeState();
  }

  end(): void {
    this.viewport.end();
    this.root.end();
  }

  /** At once, not at the end: the view that follows may be there before this one goes. */
  private remember(): void {
    if (this.graph !== NOTHING) {
      this.memory.left = {
        name: this.name,
        about: this.about,
        selected: this.selected === null ? null : (this.graph.nodes[this.selected] ?? null),
        isOpen: !this.panel.hidden,
        isTable: !this.rows.hidden,
        place: this.viewport?.place() ?? null
      };
    }
  }

  // ---------------------------------------------------------------- parts of the view

  private build(): void {
    set(this.asTable, { 'aria-pressed': 'false' });
    set(this.panMode, { 'aria-pressed': 'false' });
    this.tools.append(
      ...this.finder.elements,
      h('span', { class: 'wfnb-space' }),
      this.choice,
      button('−', () => this.viewport.zoom(1 / ZOOM), 'Smaller'),
      this.scale,
      button('+', () => this.viewport.zoom(ZOOM), 'Larger'),
      button('Fit', () => this.viewport.fit(), 'Show all of it'),
      this.panMode,
      this.asTable
    );
    this.frame.append(this.canvas);
    const stage = h('div', { class: 'wfnb-stage' }, this.frame, this.rows, this.panel);
    this.root.element.append(
      h('div', { class: 'wfnb-headline' }, this.title, this.request),
      this.tools,
      this.partName,
      stage,
      this.loose,
      this.legend,
      this.keys
    );
  }

  private listen(): void {
    this.root.onEnd(this.feed.onState(() => this.takeState()));
    this.root.onEnd(
      this.source.onChange(() => {
        this.takeData();
        this.takeState();
      })
    );
    const timer = window.setInterval(() => this.showRequest(), TICK_MS);
    this.root.onEnd(() => window.clearInterval(timer));
    this.choice.addEventListener('change', () => this.show(this.choice.value, this.about));
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
    this.panel.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        this.close();
      }
    });
  }

  // ---------------------------------------------------------------- what comes in

  private takeData(): void {
    const text = this.source.data();
    const graph = text && text !== this.text ? readGraph(JSON.parse(text)) : null;
    if (graph === null) {
      return;
    }
    this.text = text;
    const isFirst = this.graph === NOTHING;
    const before = this.anchor();
    const old = this.graph;
    const left = isFirst ? this.memory.left : undefined;
    const selected = this.selected === null ? left?.selected : old.nodes[this.selected];
    const isOpen = left ? left.isOpen : !this.panel.hidden;
    this.graph = graph;
    this.finder.use(graph);
    if (isFirst) {
      this.name = left?.name ?? graph.first;
      const ids = graph.focus.map(number => graph.nodes[number]?.id ?? '');
      this.about = left ? left.about : ids.length ? ids : null;
    }
    this.selected = null;
    const again = (this.about ?? []).map(id => {
      const node = old.nodes.find(one => one.id === id);
      const number = node ? findAgain(graph, node) : null;
      return number === null ? id : (graph.nodes[number]?.id ?? id);
    });
    this.show(this.name, this.about && again);
    const number = selected ? findAgain(graph, selected) : null;
    if (number !== null && this.drawn.boxes.has(number)) {
      this.select(number);
      if (isOpen) {
        this.open(number, false);
      }
    } else if (isOpen) {
      this.close(false);
    }
    this.restore(before);
    if (left?.isTable) {
      this.showTable(true);
    }
    if (left?.place) {
      this.viewport.put(left.place);
    }
    if (!isFirst) {
      this.root.say(`The rules have changed: ${graph.title}`);
    }
  }

  /** Something that should stay where it is on the screen. */
  private anchor(): IAnchor | null {
    const { clientWidth, clientHeight } = this.canvas;
    const [x, y] = this.viewport.toPlane(clientWidth / 2, clientHeight / 2);
    const far = (box: { x: number; y: number }) => Math.hypot(box.x - x, box.y - y);
    const nearest = [...this.shown.boxes].sort((a, b) => far(a) - far(b))[0];
    const box = this.shown.boxes.find(one => one.node === this.selected) ?? nearest;
    const node = box && this.graph.nodes[box.node];
    return box && node ? { node, at: this.viewport.toScreen(box.x, box.y) } : null;
  }

  private restore(before: IAnchor | null): void {
    const number = before ? findAgain(this.graph, before.node) : null;
    const box = this.shown.boxes.find(one => one.node === number);
    if (before && box && !this.viewport.isFitted()) {
      const [x, y] = this.viewport.toScreen(box.x, box.y);
      this.viewport.pan(before.at[0] - x, before.at[1] - y);
    }
  }

  private takeState(): void {
    const { state } = this.feed;
    const request = shownRequest(state);
    for (const { node } of this.shown.boxes) {
      const tasks = this.graph.nodes[node]?.tasks ?? [];
      if (tasks.length) {
        const found = doing(state, request, tasks, MOST_SPANS);
        this.drawn.tell(node, found);
        this.table?.tell(node, found);
      }
    }
    const host = this.panel.querySelector('.wfnb-doing');
    const node = this.selected === null ? undefined : this.graph.nodes[this.selected];
    if (host && node) {
      drawDoing(host, node, doing(state, request, node.tasks, MOST_SPANS));
    }
    this.showRequest();
  }

  private showRequest(): void {
    const request = shownRequest(this.feed.state);
    let text = '';
    if (!this.source.isLive()) {
      text = 'No longer told what runs: %wf graph shows a new view.';
    } else if (request) {
      if (this.firstSeen.request !== request.request) {
        this.firstSeen = { request: request.request, atMs: performance.now() };
      }
      text = requestText(request, (performance.now() - this.firstSeen.atMs) / 1000);
    }
    if (this.request.textContent !== text) {
      this.request.textContent = text;
      if (request && request.outcome !== 'running') {
        this.root.say(text);
      }
    }
  }

  // ---------------------------------------------------------------- what is drawn

  /** Draw a picture, or the part of it that is about some nodes. */
  private show(name: string, about: readonly string[] | null): void {
    const before = this.about;
    const isOther = name !== this.name;
    this.name = name in this.graph.pictures ? name : this.graph.first;
    const whole = readPicture(this.graph, this.name);
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
    this.frame.style.height = `${Math.min(TALLEST_PX, Math.max(SHORTEST_PX, this.shown.height + 40))}px`;
    const isSame = JSON.stringify(before) === JSON.stringify(this.about);
    if (this.viewport.isFitted() || !isSame || isOther) {
      this.viewport.fit(this.shown.boxes.find(box => box.node === (roots[0] ?? box.node)));
    } else {
      this.viewport.look();
    }
    if (this.selected !== null && !this.drawn.boxes.has(this.selected)) {
      this.selected = null;
      this.panel.hidden = true;
    }
    this.table = this.rows.hidden ? null : this.makeTable();
    this.tellAround();
    this.mark();
    this.rove();
    this.takeState();
  }

  private tellAround(): void {
    const { graph, shown } = this;
    this.title.textContent = graph.title || 'no rules yet';
    this.choice.replaceChildren(
      ...Object.keys(graph.pictures).map(name =>
        h('option', { value: name, selected: name === this.name }, pictureName(name))
      )
    );
    this.choice.value = this.name;
    this.choice.hidden = Object.keys(graph.pictures).length < 2;
    this.partName.hidden = this.about === null;
    if (this.about) {
      const all = readPicture(graph, this.name).boxes.length;
      this.partName.replaceChildren(
        `${partOf(graph, this.about, shown.boxes.length, all)} `,
        button('Show all', () => this.showAll())
      );
    }
    this.loose.replaceChildren(...graph.problems.filter(one => one.severity !== 'note').map(problem));
    this.legend.textContent = legendOf(shown);
    this.keys.textContent = keysOf(shown);
  }

  private showAll(): void {
    const { selected } = this;
    this.show(this.name, null);
    if (selected !== null) {
      this.goTo(selected);
    }
  }

  private focusOn(node: number): void {
    const id = this.graph.nodes[node]?.id;
    if (id !== undefined) {
      this.show(this.name, [id]);
      this.goTo(node);
      this.root.say(this.partName.firstChild?.textContent ?? '');
    }
  }

  private showTable(isTable: boolean): void {
    this.rows.hidden = !isTable;
    this.frame.hidden = isTable;
    set(this.asTable, { 'aria-pressed': String(isTable) });
    this.table = isTable ? this.makeTable() : null;
    this.remember();
    this.mark();
    this.takeState();
    if (!isTable && this.viewport.isFitted()) {
      this.viewport.fit();
    }
  }

  private makeTable(): ITable {
    const table = drawTable(this.graph, this.shown, node => {
      this.select(node);
      this.open(node);
    });
    this.rows.replaceChildren(table.element);
    return table;
  }

  // ---------------------------------------------------------------- search

  private mark(): void {
    const found = this.finder.found(homes(this.graph, this.shown));
    this.drawn.mark(found, this.selected);
    this.table?.mark(found, this.selected);
  }

  /** To a node that was found, in another picture if it is not in this one. */
  private goToHit(node: number): void {
    if (!homes(this.graph, this.shown).has(node)) {
      const whole = homes(this.graph, readPicture(this.graph, this.name)).has(node);
      this.show(whole ? this.name : 'all' in this.graph.pictures ? 'all' : 'rules', null);
    }
    const box = homes(this.graph, this.shown).get(node);
    if (box !== undefined) {
      this.goTo(box, false);
    }
    this.mark();
    const found = this.graph.nodes[node];
    this.root.say(`${found?.word ?? ''} ${found?.name ?? ''}, ${this.finder.words}`);
  }

  // ---------------------------------------------------------------- selection and keys

  private select(node: number): void {
    if (this.selected !== node) {
      this.selected = node;
      this.rove();
      this.mark();
      if (!this.panel.hidden) {
        this.open(node, false);
      }
    }
    const box = this.shown.boxes.find(one => one.node === node);
    if (box) {
      this.viewport.reveal(box);
      this.viewport.look();
    }
  }

  /** Select a node and show it; the focus follows, unless it is needed elsewhere. */
  private goTo(node: number, withFocus = true): void {
    const box = this.shown.boxes.find(one => one.node === node);
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

  private focusBox(node: number | null): void {
    if (node !== null) {
      this.select(node); // which puts it on the page, if it was out of sight
      this.drawn.boxes.get(node)?.focus({ preventScroll: true });
    }
  }

  /** Exactly one box takes part in tabbing. */
  private rove(): void {
    const first = this.shown.boxes.find(box => box.node === this.selected) ?? this.shown.boxes[0];
    for (const [node, box] of this.drawn.boxes) {
      set(box, { tabindex: node === first?.node ? 0 : -1 });
    }
  }

  private clicked(event: Event): void {
    // A notebook may scroll between press and release; then the box is not under the pointer any more.
    const node = nodeOf(event.target) ?? this.pressedNode;
    this.pressedNode = null;
    if (node !== null && !this.viewport.wasDragged()) {
      this.select(node);
      this.open(node, false);
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
      case 'open':
        this.open(node);
        break;
      case 'focus':
        this.focusOn(node);
        break;
      case 'back':
        this.back();
    }
  }

  /** Escape: first the panel, then the part, then pan mode. */
  private back(): void {
    if (!this.panel.hidden) {
      this.close();
    } else if (this.about) {
      this.showAll();
    } else if (this.isPanning) {
      this.setPanning(false);
    }
  }

  private setPanning(isPanning: boolean): void {
    this.isPanning = isPanning;
    set(this.panMode, { 'aria-pressed': String(isPanning) });
  }

  // ---------------------------------------------------------------- panel

  private open(node: number, withFocus = true): void {
    const isNew = this.panel.hidden;
    this.panel.hidden = false;
    this.panel.replaceChildren(
      ...drawPanel(this.graph, this.shown, node, {
        go: other => this.follow(other),
        focus: other => this.focusOn(other),
        close: () => this.close()
      })
    );
    this.panel.scrollTop = 0;
    this.remember();
    const tall = this.rows.hidden ? this.frame.offsetHeight : TALLEST_PX;
    this.panel.style.maxHeight = `${Math.max(LEAST_PANEL_PX, tall)}px`;
    this.takeState();
    if (withFocus) {
      this.panel.querySelector('h3')?.focus({ preventScroll: wantsLessMotion() });
    }
    const box = this.shown.boxes.find(one => one.node === node);
    if (isNew && box && !this.viewport.isFitted()) {
      this.viewport.reveal(box);
    }
  }

  /** To a node that the panel names, wherever it is drawn. */
  private follow(node: number): void {
    if (!this.drawn.boxes.has(node)) {
      const whole = readPicture(this.graph, this.name).boxes.some(box => box.node === node);
      this.show(whole ? this.name : 'rules', null);
    }
    this.goTo(node, this.rows.hidden);
    this.open(node, !this.rows.hidden);
  }

  private close(withFocus = true): void {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.remember();
    if (withFocus && this.selected !== null) {
      const row = this.rows.querySelector<HTMLElement>(`tr[data-node="${this.selected}"] button`);
      if (this.rows.hidden) {
        this.focusBox(this.selected);
      } else {
        row?.focus();
      }
    }
  }
}

function readPicture(graph: IGraph, name: string): IPicture {
  const found = graph.pictures[name] ?? graph.pictures['rules'];
  return found ?? { direction: 'down', width: 0, height: 0, boxes: [], edges: [] };
}

function nodeOf(target: EventTarget | null): number | null {
  const box = target instanceof Element ? target.closest('[data-node]') : null;
  const text = box?.getAttribute('data-node');
  return text ? Number(text) : null;
}
