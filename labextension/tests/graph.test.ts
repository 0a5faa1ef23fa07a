import { describe, expect, it } from 'vitest';
import { closeUp } from '../src/graph/closing';
import { IBox, IGraph, IGraphEdge, IPicture, NOTHING, readGraph } from '../src/graph/data';
import { doing, inWords, shortly, shownRequest } from '../src/graph/overlay';
import { findAgain, homes, reach, search, stepFrom } from '../src/graph/part';
import { EMPTY } from '../src/protocol/fold';
import { IRequestState, IState } from '../src/protocol/state';

const box = (node: number, x: number, y: number, width = 80): IBox => ({
  node,
  x,
  y,
  width,
  height: 42,
  outline: '',
  padding: 12,
  name: '',
  note: '',
  corner: '',
  chip: '',
  badge: ''
});

const edge = (source: number, target: number, points: number[] = [0, 0, 0, 0]): IGraphEdge => ({
  source,
  target,
  kind: 'param',
  labels: [],
  is_rival: false,
  is_stopped: false,
  is_back: false,
  is_loop: source === target,
  points
});

// 0 → 2, 1 → 2, 2 → 3; 0 → 3 past the row of 2; 4 → 4 apart
const PICTURE: IPicture = {
  direction: 'down',
  width: 900,
  height: 260,
  boxes: [box(0, 100, 21), box(1, 600, 21), box(2, 350, 107), box(3, 350, 193), box(4, 800, 21)],
  edges: [
    edge(0, 2, [100, 42, 340, 86]),
    edge(1, 2, [600, 42, 360, 86]),
    edge(2, 3, [350, 128, 350, 172]),
    edge(0, 3, [90, 42, 200, 86, 200, 128, 340, 172]),
    edge(4, 4, [840, 13, 840, 13, 855, 13, 855, 29, 840, 29, 840, 29])
  ]
};

const graphOf = (...names: string[]): IGraph =>
  readGraph({
    v: 1,
    title: '',
    problems: [],
    focus: [],
    first: 'rules',
    nodes: names.map(name => ({ id: `rule|m|${name}`, kind: 'rule', word: 'rule', name, module: 'm' })),
    pictures: {}
  }) ?? NOTHING;

describe('data', () => {
  it('fills in what was left out as empty', () => {
    const [node] = graphOf('resize').nodes;
    expect(node).toMatchObject({ name: 'resize', doc: '', problems: [], tasks: ['rule|m|resize'] });
  });

  it('is refused in another version', () => {
    expect(readGraph({ v: 2 })).toBeNull();
    expect(readGraph('')).toBeNull();
    expect(readGraph(null)).toBeNull();
  });
});

describe('parts', () => {
  it('are what a node stands on and what stands on it', () => {
    expect([...reach(PICTURE, [0])].sort()).toEqual([0, 2, 3]);
    expect([...reach(PICTURE, [2])].sort()).toEqual([0, 1, 2, 3]);
    expect([...reach(PICTURE, [4])]).toEqual([4]);
  });

  it('keep rows and order when they close up, and nothing overlaps', () => {
    const found = closeUp(PICTURE, new Set([0, 1, 2, 3]));
    const at = new Map(found.boxes.map(one => [one.node, one]));
    const [a, b, c, d] = [0, 1, 2, 3].map(node => at.get(node)) as [IBox, IBox, IBox, IBox];
    expect(a.y).toBe(b.y);
    expect(a.y).toBeLessThan(c.y);
    expect(c.y).toBeLessThan(d.y);
    expect(b.x - a.x).toBeGreaterThanOrEqual(80 + 22);
    expect(found.width).toBeLessThan(PICTURE.width);
    expect(found.boxes.every(one => one.x - one.width / 2 >= -0.001)).toBe(true);
    const past = found.edges.find(one => one.source === 0 && one.target === 3);
    const bend = past?.points[2] ?? 0;
    expect(bend).toBeLessThan(c.x - 40); // beside the box that it passes, not under it
  });

  it('have edges that touch their own boxes', () => {
    const found = closeUp(PICTURE, new Set([0, 2]));
    const [way] = found.edges;
    const [from, to] = found.boxes as [IBox, IBox];
    expect(way?.points.slice(0, 2)).toEqual([from.x, from.y + 21]);
    expect(way?.points.slice(-2)).toEqual([to.x, to.y - 21]);
  });

  it('take loops along, and stand beside each other', () => {
    const found = closeUp(PICTURE, new Set([0, 2, 4]));
    const loop = found.edges.find(one => one.is_loop);
    const alone = found.boxes.find(one => one.node === 4);
    expect(loop?.points.slice(0, 2)).toEqual([(alone?.x ?? 0) + 40, (alone?.y ?? 0) - 8]);
    expect((alone?.x ?? 0) - 40).toBeGreaterThan((found.boxes[1]?.x ?? 0) + 40);
  });

  it('of nothing are empty', () => {
    expect(closeUp(PICTURE, new Set()).boxes).toEqual([]);
  });
});

describe('keys', () => {
  it('lead along lines, to the nearest', () => {
    expect(stepFrom(PICTURE, 2, 'makers')).toBe(0);
    expect(stepFrom(PICTURE, 0, 'askers')).toBe(2);
    expect(stepFrom(PICTURE, 3, 'askers')).toBeNull();
    expect(stepFrom(PICTURE, 4, 'makers')).toBeNull();
  });

  it('lead beside, within a row', () => {
    expect(stepFrom(PICTURE, 0, 'after')).toBe(1);
    expect(stepFrom(PICTURE, 1, 'after')).toBe(4);
    expect(stepFrom(PICTURE, 0, 'before')).toBeNull();
  });
});

describe('search', () => {
  it('finds all words, names that begin so first', () => {
    const graph = graphOf('make_resize', 'resize', 'other');
    expect(search(graph, 'resize')).toEqual([1, 0]);
    expect(search(graph, 'RESIZE make')).toEqual([0]);
    expect(search(graph, '  ')).toEqual([]);
    expect(search(graph, '.*')).toEqual([]);
  });
});

describe('nodes', () => {
  it('are found again by id, else by kind, module and name', () => {
    const graph = graphOf('a', 'b');
    const [a, b] = graph.nodes as [IGraph['nodes'][number], IGraph['nodes'][number]];
    expect(findAgain(graph, b)).toBe(1);
    expect(findAgain(graph, { ...a, id: 'rule|m|a|other types' })).toBe(0);
    expect(findAgain(graph, { ...a, id: 'x', name: 'x' })).toBeNull();
  });

  it('stand in the box of their group', () => {
    const graph = { ...graphOf('a', 'b', 'g') };
    const nodes = graph.nodes.map((one, n) => (n === 2 ? { ...one, members: [0, 1] } : one));
    const found = homes({ ...graph, nodes }, { ...PICTURE, boxes: [box(2, 0, 0)] });
    expect([found.get(0), found.get(1), found.get(2)]).toEqual([2, 2, 2]);
  });
});

describe('the overlay', () => {
  const request: IRequestState = {
    request: 1,
    product: 'Gallery',
    params: [],
    is_goal: false,
    started_s: 0,
    outcome: 'running',
    is_stopping: false,
    ended_s: null,
    error: '',
    exit_code: null,
    cut_off: [],
    rules: {
      a: { ran: 2, kept: 1, failed: 0, whys: [{ what: 'ran', text: 'never ran', count: 2 }], loaded: 0 },
      b: { ran: 1, kept: 0, failed: 1, whys: [], loaded: 0 }
    },
    multigets: [],
    lanes: [{ worker: 0, task: 'a(1)', rule: 'a', since_s: 1 }],
    spans: [{ worker: 0, task: 'a(0)', rule: 'a', from_s: 0, to_s: 0.5 }],
    waiting: 0,
    first_waiting: []
  };
  const state: IState = {
    ...EMPTY,
    tasks: { a: { known: 3, stale: 0 }, c: { known: 2, stale: 1 } },
    requests: [request]
  };

  it('tells by sign and number, and in words', () => {
    const a = doing(state, request, ['a'], 300);
    expect([a.status, shortly(a)]).toEqual(['running', '▶ 1  ✔ 2  ≡ 1']);
    expect(inWords(a)).toEqual(['1 running', '2 done', '1 from memo', '3 remembered']);
    expect([a.seenS, a.isAtLeast, a.whys]).toEqual([0.5, false, ['2 ran: never ran']]);
    expect(doing(state, request, ['a'], 1).isAtLeast).toBe(true);
  });

  it('adds up what stands in one box', () => {
    expect(shortly(doing(state, request, ['a', 'b', 'c'], 300))).toBe('▶ 1  ✖ 1  ✔ 3  ≡ 1  ◌ 1');
  });

  it('does not take the name of a rule for something of its own', () => {
    expect(doing(state, request, ['toString', '__proto__'], 300).status).toBe('idle');
  });

  it('is about the newest request that runs, else the newest', () => {
    const over = { ...request, request: 2, outcome: 'answered' } as const;
    expect(shownRequest({ ...state, requests: [request, over] })?.request).toBe(1);
    expect(shownRequest({ ...state, requests: [{ ...over, request: 1 }, over] })?.request).toBe(2);
    expect(shownRequest(EMPTY)).toBeNull();
  });
});
