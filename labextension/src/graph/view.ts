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
import { count, h, set, svg } from '../dom/elements';
import { Feed } from '../protocol/feed';
import { MOST_SPANS } from '../protocol/kinds';
import { closeUp } from './closing';
import { IGraph, IGraphNode, IPicture, NOTHING, readGraph } from './data';
import { doing, shownRequest } from './overlay';
import { button, drawDoing, drawPanel, problem, seconds } from './panel';
import { findAgain, homes, reach, search, Step, stepFrom } from './part';
import { drawPicture, IDrawn } from './picture';
import { drawTable, ITable } from './table';
import { makeViewport } from './viewport';

/** Where the data of a graph comes from. */
export interface IGraphSource {
  /** As JSON text; "" before there is any. */
  readonly data: () => string;
  /** Whether the feed still tells anything. */
  readonly isLive: () => boolean;
  readonly onChange: (tell: () => void) => () => void;
}

const PICTURES: { readonly [name: string]: string } = {
  rules: 'rules',
  all: 'rules, and wfnb itself',
  cells: 'one box per cell or file',
  modules: 'one box per module'
};
const STEP_PX = 60;
const TALLEST_PX = 560;
const SHORTEST_PX = 220;
const LEAST_PANEL_PX = 320;
const TICK_MS = 500;

interface IAnchor {
  readonly node: IGraphNode;
  readonly at: readonly [number, number];
}

/** Show a rule graph within `host`; returns what takes it away. */
export function mountGraph(host: HTMLElement, feed: Feed, source: IGraphSource): () => void {
  const view = new GraphView(host, feed, source);
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
  private hits: readonly number[] = [];
  private hit = -1;
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
  private readonly field;
  private readonly found = h('span', { class: 'wfnb-found', role: 'status' });
  private readonly choice;
  private readonly tools = h('div', { class: 'wfnb-tools' });
  private readonly asTable;
  private readonly panMode;
  private readonly scale = h('span', { class: 'wfnb-scale' });
  private readonly legend = h('p', { class: 'wfnb-faint wfnb-legend' });
  private readonly keys = h('p', { class: 'wfnb-faint wfnb-keys' });

  constructor(host: HTMLElement, private readonly feed: Feed, private readonly source: IGraphSource) {
    this.root = makeRoot(host, 'graph', 'Rule graph');
    this.canvas = svg('svg', { class: 'wfnb-canvas', role: 'group', 'aria-label': 'Picture of the rules' }, this.plane);
    this.viewport = makeViewport(this.canvas, this.plane, seen => {
      this.scale.textContent = `${Math.round(seen.scale * 100)} %`;
      this.drawn.see(seen);
    });
    this.field = h('input', { ...FOCUS, type: 'search', placeholder: 'Search', 'aria-label': 'Search names, signatures, cells', spellcheck: 'false' });
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

  // ---------------------------------------------------------------- parts of the view

  private build(): void {
    set(this.asTable, { 'aria-pressed': 'false' });
    set(this.panMode, { 'aria-pressed': 'false' });
    this.tools.append(
      this.field,
      button('‹', () => this.stepHit(-1), 'Previous hit'),
      button('›', () => this.stepHit(1), 'Next hit'),
      this.found,
      h('span', { class: 'wfnb-space' }),
      this.choice,
      button('−', () => this.viewport.zoom(1 / 1.25), 'Smaller'),
      this.scale,
      button('+', () => this.viewport.zoom(1.25), 'Larger'),
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
    this.field.addEventListener('input', () => this.look());
    this.field.addEventListener('keydown', event => {
      if (event.key === 'Enter') {
        this.stepHit(event.shiftKey ? -1 : 1);
      } else if (event.key === 'Escape' && this.field.value) {
        this.field.value = '';
        this.look();
      }
    });
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
    const selected = this.selected === null ? null : old.nodes[this.selected];
    const isOpen = !this.panel.hidden;
    this.graph = graph;
    if (isFirst) {
      this.name = graph.first;
      const ids = graph.focus.map(number => graph.nodes[number]?.id ?? '');
      this.about = ids.length ? ids : null;
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
    } else if (request?.outcome === 'running') {
      if (this.firstSeen.request !== request.request) {
        this.firstSeen = { request: request.request, atMs: performance.now() };
      }
      const since = (performance.now() - this.firstSeen.atMs) / 1000;
      text = `${request.is_stopping ? '■ stopping' : '▶ running'} ${request.product} · ${seconds(since)}`;
    } else if (request) {
      const took = (request.ended_s ?? request.started_s) - request.started_s;
      const sign = request.outcome === 'answered' ? '✔' : '✖';
      const error = request.error ? ` · ${request.error}` : '';
      text = `${sign} last request: ${request.product} ${request.outcome} in ${seconds(took)}${error}`;
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
    this.look(false);
    this.rove();
    this.takeState();
  }

  private tellAround(): void {
    const { graph, shown } = this;
    this.title.textContent = graph.title || 'no rules yet';
    this.choice.replaceChildren(
      ...Object.keys(graph.pictures).map(name =>
        h('option', { value: name, selected: name === this.name }, PICTURES[name] ?? name)
      )
    );
    this.choice.value = this.name;
    this.choice.hidden = Object.keys(graph.pictures).length < 2;
    this.partName.hidden = this.about === null;
    if (this.about) {
      const names = this.about.map(id => graph.nodes.find(node => node.id === id)?.name ?? '');
      const all = readPicture(graph, this.name).boxes.length;
      this.partName.replaceChildren(
        `What concerns ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}: ${shown.boxes.length} of ${count(all, 'box', 'boxes')} `,
        button('Show all', () => this.showAll())
      );
    }
    this.loose.replaceChildren(...graph.problems.filter(one => one.severity !== 'note').map(problem));
    const kinds = new Set(shown.edges.map(edge => (edge.is_stopped ? 'stopped' : edge.is_rival ? 'rival' : edge.kind)));
    this.legend.textContent = [
      kinds.has('param') && 'solid: needed before it starts',
      (kinds.has('get') || kinds.has('call')) && 'dashed: asked for while it runs',
      kinds.has('rival') && 'dotted: could answer, too',
      kinds.has('stopped') && 'crossed: stopped by an error'
    ]
      .filter(Boolean)
      .join(' · ');
    const [back, on, beside] = shown.direction === 'down' ? ['↑', '↓', '← →'] : ['←', '→', '↑ ↓'];
    this.keys.textContent =
      `Keys: ${back} who makes it · ${on} who asks · ${beside} beside · Enter details · ` +
      'Esc back · F only what concerns it · + − 0 zoom, or Ctrl and the wheel · Shift and arrows move';
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
    this.look(false);
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

  private look(isNew = true): void {
    this.hits = search(this.graph, this.field.value);
    if (isNew) {
      this.hit = -1;
    }
    this.mark();
  }

  private mark(): void {
    const isSearching = this.field.value.trim() !== '';
    const home = homes(this.graph, this.shown);
    const inside = this.hits.filter(node => home.has(node));
    const boxes = new Set(inside.map(node => home.get(node) ?? node));
    const outside = this.hits.length - inside.length;
    const more = outside ? ` (${outside} not in this picture)` : '';
    const at = this.hit >= 0 ? `${this.hit + 1} of ` : '';
    this.found.textContent = isSearching ? `${at}${count(this.hits.length, 'hit')}${more}` : '';
    this.drawn.mark(isSearching ? boxes : null, this.selected);
    this.table?.mark(isSearching ? boxes : null, this.selected);
  }

  private stepHit(by: number): void {
    if (!this.hits.length) {
      return;
    }
    this.hit = this.hit < 0 && by < 0 ? this.hits.length - 1 : (this.hit + by + this.hits.length) % this.hits.length;
    const node = this.hits[this.hit] ?? 0;
    if (!homes(this.graph, this.shown).has(node)) {
      const whole = homes(this.graph, readPicture(this.graph, this.name)).has(node);
      this.show(whole ? this.name : 'all' in this.graph.pictures ? 'all' : 'rules', null);
    }
    const box = homes(this.graph, this.shown).get(node);
    if (box !== undefined) {
      this.goTo(box, false);
    }
    const found = this.graph.nodes[node];
    this.mark();
    this.root.say(`${found?.word ?? ''} ${found?.name ?? ''}, ${this.found.textContent ?? ''}`);
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

  private focusBox(node: number): void {
    this.select(node); // which puts it on the page, if it was out of sight
    this.drawn.boxes.get(node)?.focus({ preventScroll: true });
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
    if (event.ctrlKey || event.metaKey || event.altKey || node === null) {
      return;
    }
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if (x || y) {
      if (this.isPanning || event.shiftKey) {
        this.viewport.pan(-x * STEP_PX, -y * STEP_PX);
      } else {
        const isDown = this.shown.direction === 'down';
        const [along, beside] = isDown ? [y, x] : [x, y];
        const step: Step = along ? (along < 0 ? 'makers' : 'askers') : beside < 0 ? 'before' : 'after';
        const next = stepFrom(this.shown, node, step);
        if (next !== null) {
          this.focusBox(next);
        }
      }
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.open(node);
    } else if (event.key === 'Escape') {
      this.back();
    } else if (event.key === '+' || event.key === '=') {
      this.viewport.zoom(1.25);
    } else if (event.key === '-') {
      this.viewport.zoom(1 / 1.25);
    } else if (event.key === '0') {
      this.viewport.fit();
    } else if (event.key.toLowerCase() === 'f') {
      this.focusOn(node);
    } else if (event.key === 'Home' || event.key === 'End') {
      const { boxes } = this.shown;
      const target = event.key === 'Home' ? boxes[0] : boxes[boxes.length - 1];
      if (target) {
        this.focusBox(target.node);
      }
    } else {
      return;
    }
    event.preventDefault();
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

const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
};

function readPicture(graph: IGraph, name: string): IPicture {
  const found = graph.pictures[name] ?? graph.pictures['rules'];
  return found ?? { direction: 'down', width: 0, height: 0, boxes: [], edges: [] };
}

function nodeOf(target: EventTarget | null): number | null {
  const box = target instanceof Element ? target.closest('[data-node]') : null;
  const text = box?.getAttribute('data-node');
  return text ? Number(text) : null;
}
