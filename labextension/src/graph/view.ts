/**
 * The rule graph view: the rules as a picture that follows what becomes of them.
 *
 * Knows: which parts a view has, and what each has to hear of the others.
 * Does not know: who brings the data and the events; how a box is drawn, or what an event means.
 * Holds: when the graph changes, what is selected stays selected and stays where it was on the screen.
 */

import './graph.css';
import { makeRoot } from '../dom/root';
import { h } from '../dom/elements';
import { tr } from '../dom/words';
import { Feed } from '../protocol/feed';
import { MOST_SPANS } from '../protocol/state';
import { Captions } from './captions';
import { IGraphNode, NOTHING, pictureOf, readGraph } from './data';
import { Finder } from './finder';
import { doing, shownRequest } from './overlay';
import { findAgain, homes } from './part';
import { RequestLine } from './request';
import { Scene, TALLEST_PX } from './scene';
import { Side } from './side';
import { Table } from './table';
import { Tools } from './tools';
import { IPlace } from './viewport';

/** Where the data of a graph comes from. */
export interface IGraphSource {
  /** As JSON text; "" before there is any. */
  readonly data: () => string;
  /** Whether the feed still tells anything. */
  readonly isLive: () => boolean;
  readonly onChange: (tell: () => void) => () => void;
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
  private readonly root;
  private readonly scene;
  private readonly side;
  private readonly table;
  private readonly request;
  private readonly finder;
  private readonly tools;
  private readonly captions = new Captions();

  constructor(
    host: HTMLElement,
    private readonly feed: Feed,
    private readonly source: IGraphSource,
    private readonly memory: IMemory
  ) {
    this.root = makeRoot(host, 'graph', tr('Rule graph'));
    this.scene = new Scene({
      onShow: hasLost => this.drawn(hasLost),
      onSelect: node => this.selected(node),
      onMove: scale => {
        this.tools.setScale(scale);
        this.remember();
      },
      onClick: node => this.open(node, false),
      onAsk: (what, node) => this.asked(what, node)
    });
    this.side = new Side({
      go: node => this.follow(node),
      focus: node => this.focusOn(node),
      close: () => this.close()
    });
    this.table = new Table(node => {
      this.scene.select(node);
      this.open(node);
    });
    this.request = new RequestLine(feed, source.isLive, this.root.say);
    this.finder = new Finder(() => this.mark(), node => this.goToHit(node));
    this.tools = new Tools(this.scene, () => this.showTable(!this.table.isShown));
    this.build();
    this.root.onEnd(feed.onState(() => this.takeState()));
    this.root.onEnd(source.onChange(() => this.takeAll()));
    this.tellAround();
    this.takeAll();
  }

  end(): void {
    this.scene.end();
    this.request.end();
    this.root.end();
  }

  /** At once, not at the end: the view that follows may be there before this one goes. */
  private remember(): void {
    const { graph, name, about, selected, viewport } = this.scene;
    if (graph !== NOTHING) {
      this.memory.left = {
        name,
        about,
        selected: selected === null ? null : (graph.nodes[selected] ?? null),
        isOpen: this.side.isOpen,
        isTable: this.table.isShown,
        place: viewport.place()
      };
    }
  }

  // ---------------------------------------------------------------- parts of the view

  private build(): void {
    const { captions, scene, side, table } = this;
    this.root.element.append(
      h('div', { class: 'wfnb-headline' }, captions.title, this.request.element),
      h(
        'div',
        { class: 'wfnb-tools' },
        ...this.finder.elements,
        h('span', { class: 'wfnb-space' }),
        ...this.tools.elements
      ),
      captions.part,
      h('div', { class: 'wfnb-stage' }, scene.element, table.element, side.element),
      captions.loose,
      captions.legend,
      captions.keys
    );
  }

  // ---------------------------------------------------------------- what comes in

  private takeAll(): void {
    this.takeData();
    this.takeState();
  }

  private takeData(): void {
    const text = this.source.data();
    const graph = text && text !== this.text ? readGraph(JSON.parse(text)) : null;
    if (graph === null) {
      return;
    }
    const { scene } = this;
    this.text = text;
    const isFirst = scene.graph === NOTHING;
    const before = scene.anchor();
    const left = isFirst ? this.memory.left : undefined;
    const selected = scene.selected === null ? left?.selected : scene.graph.nodes[scene.selected];
    const isOpen = left ? left.isOpen : this.side.isOpen;
    this.finder.use(graph);
    const ids = graph.focus.map(number => graph.nodes[number]?.id ?? '');
    const first = left ?? { name: graph.first, about: ids.length ? ids : null };
    scene.use(graph, isFirst ? first : scene);
    const number = selected ? findAgain(graph, selected) : null;
    if (number !== null && scene.has(number)) {
      scene.select(number);
      if (isOpen) {
        this.open(number, false);
      }
    } else if (isOpen) {
      this.close(false);
    }
    scene.restore(before);
    if (left?.isTable) {
      this.showTable(true);
    }
    if (left?.place) {
      scene.viewport.put(left.place);
    }
    if (!isFirst) {
      this.root.say(tr('The rules have changed: %1', graph.title));
    }
  }

  private takeState(): void {
    const { graph, shown, selected } = this.scene;
    const { state } = this.feed;
    const request = shownRequest(state);
    for (const { node } of shown.boxes) {
      const tasks = graph.nodes[node]?.tasks ?? [];
      if (tasks.length) {
        const found = doing(state, request, tasks, MOST_SPANS);
        this.scene.tell(node, found);
        this.table.tell(node, found);
      }
    }
    const node = selected === null ? undefined : graph.nodes[selected];
    if (node && this.side.isOpen) {
      this.side.tell(node, doing(state, request, node.tasks, MOST_SPANS));
    }
    this.request.draw();
  }

  // ---------------------------------------------------------------- around the picture

  private drawn(hasLost: boolean): void {
    if (hasLost) {
      this.side.close();
    }
    this.table.draw(this.scene.graph, this.scene.shown);
    this.tellAround();
    this.mark();
    this.takeState();
  }

  private tellAround(): void {
    this.tools.tell();
    this.captions.tell(this.scene);
  }

  private focusOn(node: number): void {
    this.scene.showAbout(node);
    this.root.say(this.captions.partName);
  }

  private showTable(isTable: boolean): void {
    const { element, graph, shown, viewport } = this.scene;
    element.hidden = isTable;
    this.table.toggle(isTable);
    this.table.draw(graph, shown);
    this.tools.setTable(isTable);
    this.remember();
    this.mark();
    this.takeState();
    if (!isTable && viewport.isFitted()) {
      viewport.fit();
    }
  }

  // ---------------------------------------------------------------- search

  private mark(): void {
    const { graph, shown, selected } = this.scene;
    const found = this.finder.found(homes(graph, shown));
    this.scene.mark(found);
    this.table.mark(found, selected);
  }

  /** To a node that was found, in another picture if it is not in this one. */
  private goToHit(node: number): void {
    const { scene } = this;
    const { graph } = scene;
    if (!homes(graph, scene.shown).has(node)) {
      const whole = homes(graph, pictureOf(graph, scene.name)).has(node);
      scene.show(whole ? scene.name : 'all' in graph.pictures ? 'all' : 'rules', null);
    }
    const box = homes(graph, scene.shown).get(node);
    if (box !== undefined) {
      scene.goTo(box, false);
    }
    this.mark();
    const found = graph.nodes[node];
    this.root.say(`${found?.word ?? ''} ${found?.name ?? ''}, ${this.finder.words}`);
  }

  // ---------------------------------------------------------------- selection and keys

  private selected(node: number): void {
    this.mark();
    if (this.side.isOpen) {
      this.open(node, false);
    }
  }

  private asked(what: 'open' | 'focus' | 'back', node: number): void {
    switch (what) {
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
    if (this.side.isOpen) {
      this.close();
    } else if (this.scene.about) {
      this.scene.showAll();
    } else if (this.scene.isPanning) {
      this.tools.setPanning(false);
    }
  }

  // ---------------------------------------------------------------- panel

  private open(node: number, withFocus = true): void {
    const { scene, side } = this;
    const isNew = !side.isOpen;
    side.open(scene.graph, scene.shown, node, () =>
      this.table.isShown ? TALLEST_PX : scene.element.offsetHeight
    );
    this.remember();
    this.takeState();
    if (withFocus) {
      side.focus();
    }
    if (isNew) {
      scene.reveal(node);
    }
  }

  /** To a node that the panel names, wherever it is drawn. */
  private follow(node: number): void {
    const { scene } = this;
    if (!scene.has(node)) {
      const whole = pictureOf(scene.graph, scene.name).boxes.some(box => box.node === node);
      scene.show(whole ? scene.name : 'rules', null);
    }
    scene.goTo(node, !this.table.isShown);
    this.open(node, this.table.isShown);
  }

  private close(withFocus = true): void {
    const { selected } = this.scene;
    this.side.close();
    this.remember();
    if (withFocus && selected !== null) {
      if (this.table.isShown) {
        this.table.focus(selected);
      } else {
        this.scene.focusBox(selected);
      }
    }
  }
}
