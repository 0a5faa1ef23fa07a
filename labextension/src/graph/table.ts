/**
 * The table: the same as the picture, a row for each box.
 *
 * Knows: nodes and edges. Does not know: where boxes stand.
 * Holds: while it is hidden it follows nothing.
 */

import { h, set } from '../dom/elements';
import { severityWord } from '../dom/terms';
import { tr } from '../dom/words';
import { IGraph, IGraphEdge, IPicture } from './data';
import { IDoing, inWords } from './overlay';
import { button } from './panel';

export class Table {
  readonly element = h('div', { class: 'wfnb-rows', hidden: true });
  private drawn: IDrawnTable | null = null;

  /** `open` is called with the node of a row that is pressed. */
  constructor(private readonly open: (node: number) => void) {}

  get isShown(): boolean {
    return !this.element.hidden;
  }

  toggle(isShown: boolean): void {
    this.element.hidden = !isShown;
  }

  /** Show this from now on. */
  draw(graph: IGraph, picture: IPicture): void {
    this.drawn = this.isShown ? drawTable(graph, picture, this.open) : null;
    if (this.drawn) {
      this.element.replaceChildren(this.drawn.element);
    }
  }

  tell(node: number, doing: IDoing): void {
    this.drawn?.tell(node, doing);
  }

  mark(found: ReadonlySet<number> | null, selected: number | null): void {
    this.drawn?.mark(found, selected);
  }

  focus(node: number): void {
    this.element.querySelector<HTMLElement>(`tr[data-node="${node}"] button`)?.focus();
  }
}

interface IDrawnTable {
  readonly element: HTMLElement;
  readonly tell: (node: number, doing: IDoing) => void;
  readonly mark: (found: ReadonlySet<number> | null, selected: number | null) => void;
}

function drawTable(
  graph: IGraph,
  picture: IPicture,
  open: (node: number) => void
): IDrawnTable {
  const makers = new Map<number, string[]>();
  const askers = new Map<number, string[]>();
  for (const edge of picture.edges) {
    const [source, target] = [graph.nodes[edge.source], graph.nodes[edge.target]];
    push(makers, edge.target, withHow(source?.name ?? '', edge));
    push(askers, edge.source, withHow(target?.name ?? '', edge));
  }
  const tasks = new Map<number, HTMLElement>();
  const rows = new Map<number, HTMLElement>();
  for (const { node: number } of picture.boxes) {
    const node = graph.nodes[number];
    if (!node) {
      continue;
    }
    const cell = h('td');
    tasks.set(number, cell);
    rows.set(
      number,
      h(
        'tr',
        { 'data-node': number },
        h('th', { scope: 'row' }, button(node.name, () => open(number))),
        h('td', {}, node.word),
        h('td', {}, node.kind === 'group' ? node.group : node.note),
        h('td', {}, (makers.get(number) ?? []).join(', ')),
        h('td', {}, (askers.get(number) ?? []).join(', ')),
        h('td', {}, node.kind === 'group' ? '' : node.place || node.group),
        h('td', {}, node.problems.map(one => `${severityWord(one.severity)} ${one.code}`).join(', ')),
        cell
      )
    );
  }
  const head = h('tr', {}, ...heads().map(text => h('th', { scope: 'col' }, text)));
  return {
    element: h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows.values())),
    tell: (node, doing) => {
      const cell = tasks.get(node);
      const text = inWords(doing).join(', ');
      if (cell && cell.textContent !== text) {
        cell.textContent = text;
      }
    },
    mark: (found, selected) => {
      for (const [node, row] of rows) {
        row.hidden = found !== null && !found.has(node);
        set(row, { 'aria-current': node === selected ? 'true' : null });
      }
    }
  };
}

function heads(): readonly string[] {
  return [
    tr('Name'),
    tr('What'),
    tr('Makes or is'),
    tr('Asks'),
    tr('Asked by'),
    tr('Where'),
    tr('Problems'),
    tr('Tasks')
  ];
}

/** A name at the end of a line, and what is special about the line. */
function withHow(name: string, edge: IGraphEdge): string {
  if (edge.is_stopped) {
    return tr('%1 (stopped by an error)', name);
  }
  return edge.is_rival ? tr('%1 (could answer, too)', name) : name;
}

function push(all: Map<number, string[]>, key: number, text: string): void {
  const known = all.get(key);
  if (known) {
    known.push(text);
  } else {
    all.set(key, [text]);
  }
}
