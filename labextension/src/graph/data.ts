/**
 * The data of a rule graph view, as wfnb/pictures/live.py gives it.
 *
 * Knows: what is left out of the data when it is empty.
 * Does not know: how anything is drawn.
 * Holds: every number of a node that comes out of here is one of `nodes`.
 */

export const VERSION = 1;

export interface IProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly place: string;
  readonly reasons: readonly string[];
  readonly fix: string;
}

/** One request of a rule: who answers it, and why not the others. */
export interface IChoice {
  readonly what: string;
  readonly kind: string;
  readonly line: number | null;
  readonly chosen: readonly string[];
  readonly rejected: readonly (readonly [string, string])[];
  readonly more: number;
  readonly is_sure: boolean;
}

export interface IGraphNode {
  /** The id that events have for it, or one that only pictures have. */
  readonly id: string;
  readonly kind: string;
  /** What the kind is called. */
  readonly word: string;
  readonly name: string;
  readonly note: string;
  /** The cell or file it was written in. */
  readonly group: string;
  readonly module: string;
  readonly place: string;
  readonly signature: string;
  readonly doc: string;
  /** What it asks of wfnb itself. */
  readonly through: readonly string[];
  /** Under which ids events tell of the rules that it stands for. */
  readonly tasks: readonly string[];
  /** Of a group: the nodes in it. */
  readonly members: readonly number[];
  readonly problems: readonly IProblem[];
  readonly choices: readonly IChoice[];
}

export interface IBox {
  readonly node: number;
  /** Its middle and its size. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The path of its outline, around (0, 0). */
  readonly outline: string;
  readonly padding: number;
  readonly name: string;
  readonly note: string;
  readonly corner: string;
  readonly chip: string;
  readonly badge: string;
}

export interface IGraphEdge {
  /** Nodes: who makes it, and who asks. */
  readonly source: number;
  readonly target: number;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly is_rival: boolean;
  readonly is_stopped: boolean;
  readonly is_back: boolean;
  readonly is_loop: boolean;
  /** x, y, x, y, …: curved between points 2n and 2n + 1, straight between the others. */
  readonly points: readonly number[];
}

export interface IPicture {
  readonly direction: 'down' | 'right';
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly IBox[];
  readonly edges: readonly IGraphEdge[];
}

export interface IGraph {
  readonly title: string;
  readonly problems: readonly IProblem[];
  /** What it is about at first; nothing for all. */
  readonly focus: readonly number[];
  readonly first: string;
  readonly nodes: readonly IGraphNode[];
  readonly pictures: { readonly [name: string]: IPicture };
}

export const NOTHING: IGraph = {
  title: '',
  problems: [],
  focus: [],
  first: 'rules',
  nodes: [],
  pictures: { rules: { direction: 'down', width: 0, height: 0, boxes: [], edges: [] } }
};

/** A picture of a graph by its name; that of the rules if it has none of that name. */
export function pictureOf(graph: IGraph, name: string): IPicture {
  const found = graph.pictures[name] ?? graph.pictures['rules'];
  return found ?? { direction: 'down', width: 0, height: 0, boxes: [], edges: [] };
}

type Loose = { readonly [name: string]: unknown };

/** The graph in a JSON value; null if it is none of this version. */
export function readGraph(value: unknown): IGraph | null {
  const data = value as Loose | null;
  if (typeof data !== 'object' || data === null || data['v'] !== VERSION) {
    return null;
  }
  const nodes = list(data['nodes']).map(node);
  const pictures = Object.entries(data['pictures'] as Loose).map(
    ([name, one]) => [name, picture(one as Loose, nodes.length)] as const
  );
  return {
    title: text(data['title']),
    problems: list(data['problems']).map(problem),
    focus: numbers(data['focus']),
    first: text(data['first']),
    nodes,
    pictures: Object.fromEntries(pictures)
  };
}

function node(one: Loose): IGraphNode {
  const id = text(one['id']);
  const tasks = texts(one['tasks']);
  const kind = text(one['kind']);
  const isRule = kind === 'rule' || kind === 'goal';
  return {
    id,
    kind,
    word: text(one['word']),
    name: text(one['name']),
    note: text(one['note']),
    group: text(one['group']),
    module: text(one['module']),
    place: text(one['place']),
    signature: text(one['signature']),
    doc: text(one['doc']),
    through: texts(one['through']),
    tasks: tasks.length || !isRule ? tasks : [id],
    members: numbers(one['members']),
    problems: list(one['problems']).map(problem),
    choices: list(one['choices']).map(choice)
  };
}

function problem(one: Loose): IProblem {
  return {
    code: text(one['code']),
    severity: text(one['severity']),
    message: text(one['message']),
    place: text(one['place']),
    reasons: texts(one['reasons']),
    fix: text(one['fix'])
  };
}

function choice(one: Loose): IChoice {
  return {
    what: text(one['what']),
    kind: text(one['kind']),
    line: typeof one['line'] === 'number' ? one['line'] : null,
    chosen: texts(one['chosen']),
    rejected: (one['rejected'] ?? []) as readonly (readonly [string, string])[],
    more: number(one['more']),
    is_sure: one['is_sure'] === true
  };
}

function picture(one: Loose, count: number): IPicture {
  const edges = list(one['edges']).map(edge);
  const boxes = list(one['boxes']).map(box);
  const isNode = (n: number) => n >= 0 && n < count;
  return {
    direction: one['direction'] === 'right' ? 'right' : 'down',
    width: number(one['width']),
    height: number(one['height']),
    boxes: boxes.filter(found => isNode(found.node)),
    edges: edges.filter(found => isNode(found.source) && isNode(found.target))
  };
}

function box(one: Loose): IBox {
  const [x = 0, y = 0, width = 0, height = 0] = numbers(one['at']);
  return {
    node: number(one['node']),
    x,
    y,
    width,
    height,
    outline: text(one['outline']),
    padding: number(one['padding']),
    name: text(one['name']),
    note: text(one['note']),
    corner: text(one['corner']),
    chip: text(one['chip']),
    badge: text(one['badge'])
  };
}

function edge(one: Loose): IGraphEdge {
  const [source = -1, target = -1] = numbers(one['ends']);
  return {
    source,
    target,
    kind: text(one['kind']),
    labels: texts(one['labels']),
    is_rival: one['is_rival'] === true,
    is_stopped: one['is_stopped'] === true,
    is_back: one['is_back'] === true,
    is_loop: one['is_loop'] === true,
    points: numbers(one['points'])
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function list(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? (value as readonly Loose[]) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? (value as readonly number[]) : [];
}
