/**
 * Closing up: a part of a picture without the room that the rest of it took.
 *
 * The kernel lays out whole graphs. To show a part, boxes keep their rows and their order, so that
 * they are found again, and move together; nothing has to be asked of a kernel that may be busy.
 *
 * Knows: rows, order, gaps. Does not know: what is shown, or why.
 * Holds: no box overlaps another. Edges have a place of their own in each row they cross.
 */

import { IBox, IGraphEdge, IPicture } from './data';

const GAP = { down: 22, right: 14 } as const;
const BEND_GAP = { down: 16, right: 12 } as const;
const ROW_GAP = { down: 44, right: 64 } as const;
const PART_GAP = 30;
const PORT = 12;
const SWEEPS = 6;

/** Something that takes room in a row: a box, or an edge on its way through. */
interface IItem {
  readonly size: number;
  readonly order: number;
  readonly box: IBox | null;
  readonly next: IItem[];
  at: number;
}

interface IRow {
  readonly items: IItem[];
  readonly begin: number;
  readonly end: number;
}

/** The picture of these nodes alone. */
export function closeUp(picture: IPicture, kept: ReadonlySet<number>): IPicture {
  const boxes = picture.boxes.filter(box => kept.has(box.node));
  const edges = picture.edges.filter(edge => kept.has(edge.source) && kept.has(edge.target));
  const found = { boxes: [] as IBox[], edges: [] as IGraphEdge[] };
  let width = 0;
  let height = 0;
  for (const part of connected(boxes, edges)) {
    const drawn = closePart(picture.direction, part.boxes, part.edges);
    const isDown = picture.direction === 'down';
    const [dx, dy] = isDown ? [width && width + PART_GAP, 0] : [0, height && height + PART_GAP];
    found.boxes.push(...drawn.boxes.map(box => ({ ...box, x: box.x + dx, y: box.y + dy })));
    found.edges.push(
      ...drawn.edges.map(edge => ({
        ...edge,
        points: edge.points.map((value, n) => value + (n % 2 ? dy : dx))
      }))
    );
    width = Math.max(width, drawn.width + dx);
    height = Math.max(height, drawn.height + dy);
  }
  return { direction: picture.direction, width, height, ...found };
}

function connected(boxes: readonly IBox[], edges: readonly IGraphEdge[]) {
  const home = new Map(boxes.map(box => [box.node, box.node]));
  const top = (node: number): number => {
    let up = node;
    for (let next = home.get(up) ?? up; next !== up; next = home.get(up) ?? up) {
      up = next;
    }
    home.set(node, up);
    return up;
  };
  edges.forEach(edge => home.set(top(edge.source), top(edge.target)));
  const parts = new Map<number, { boxes: IBox[]; edges: IGraphEdge[] }>();
  for (const box of boxes) {
    const part = parts.get(top(box.node)) ?? { boxes: [], edges: [] };
    part.boxes.push(box);
    parts.set(top(box.node), part);
  }
  edges.forEach(edge => parts.get(top(edge.source))?.edges.push(edge));
  return [...parts.values()].sort((a, b) => b.boxes.length - a.boxes.length);
}

function closePart(
  direction: IPicture['direction'],
  boxes: readonly IBox[],
  edges: readonly IGraphEdge[]
): IPicture {
  const isDown = direction === 'down';
  const across = (box: IBox) => (isDown ? box.y : box.x);
  const depth = (box: IBox) => (isDown ? box.height : box.width);
  const places = [...new Set(boxes.map(box => Math.round(across(box))))].sort((a, b) => a - b);
  const rowOf = (value: number) => places.findIndex(place => Math.abs(place - value) <= 1.5);
  const contents: IItem[][] = places.map(() => []);
  const items = new Map<number, IItem>();
  for (const box of boxes) {
    const item: IItem = {
      size: isDown ? box.width : box.height,
      order: isDown ? box.x : box.y,
      box,
      next: [],
      at: 0
    };
    items.set(box.node, item);
    contents[rowOf(across(box))]?.push(item);
  }
  const chains = edges.map(edge => chain(edge, items, contents, isDown, rowOf));
  const rows: IRow[] = [];
  let begin = 0;
  for (const row of contents) {
    row.sort((a, b) => a.order - b.order);
    const end = begin + Math.max(...row.map(item => (item.box ? depth(item.box) : 0)));
    rows.push({ items: row, begin, end });
    begin = end + ROW_GAP[direction];
  }
  arrange(rows, direction);
  const middles = new Map<IItem, number>();
  rows.forEach(row => row.items.forEach(item => middles.set(item, (row.begin + row.end) / 2)));
  const ports = portsOf(chains);
  const turn = (along: number, at: number): [number, number] => (isDown ? [along, at] : [at, along]);
  const placed = boxes.map(box => {
    const item = items.get(box.node);
    const [x, y] = turn(item?.at ?? 0, (item && middles.get(item)) ?? 0);
    return { ...box, x, y };
  });
  const at = new Map(placed.map(box => [box.node, box]));
  const ways = edges.map((edge, number) => {
    const old = edge.is_loop ? boxes.find(box => box.node === edge.source) : undefined;
    const now = at.get(edge.source);
    if (old && now) {
      const move = [now.x - old.x, now.y - old.y] as const;
      return { ...edge, points: edge.points.map((v, n) => v + (n % 2 ? move[1] : move[0])) };
    }
    return { ...edge, points: way(chains[number] ?? [], number, rows, ports, turn, edge.is_back) };
  });
  const alongs = rows.flatMap(row => row.items.map(item => item.at + item.size / 2));
  const [width, height] = turn(Math.max(0, ...alongs), rows[rows.length - 1]?.end ?? 0);
  return { direction, width, height, boxes: placed, edges: ways };
}

/** The items that an edge passes, in the direction of the picture. */
function chain(
  edge: IGraphEdge,
  items: ReadonlyMap<number, IItem>,
  contents: readonly IItem[][],
  isDown: boolean,
  rowOf: (value: number) => number
): IItem[] {
  const [first, last] = [edge.source, edge.target].map(node => items.get(node));
  if (!first || !last || edge.is_loop) {
    return [];
  }
  const bends: IItem[] = [];
  for (let n = 2; n + 3 < edge.points.length - 2; n += 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = edge.points.slice(n, n + 4);
    const row = rowOf(isDown ? (y0 + y1) / 2 : (x0 + x1) / 2);
    const bend: IItem = { size: 0, order: isDown ? x0 : y0, box: null, next: [], at: 0 };
    if (row >= 0) {
      contents[row]?.push(bend);
      bends.push(bend);
    }
  }
  const found = [first, ...bends, last];
  if (edge.is_back) {
    found.reverse();
  }
  found.forEach((item, n) => {
    const next = found[n + 1];
    if (next) {
      item.next.push(next);
      next.next.push(item);
    }
  });
  return found;
}

/** Put items near those that they are linked to, in their order. */
function arrange(rows: readonly IRow[], direction: IPicture['direction']): void {
  for (const row of rows) {
    place(row.items, row.items.map(() => 0), direction);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 ? [...rows].reverse() : rows;
    for (const row of order) {
      const wanted = row.items.map(item =>
        item.next.length
          ? item.next.reduce((sum, other) => sum + other.at, 0) / item.next.length
          : item.at
      );
      place(row.items, wanted, direction);
    }
  }
  const first = Math.min(...rows.flatMap(row => row.items.map(item => item.at - item.size / 2)));
  rows.forEach(row => row.items.forEach(item => (item.at -= first)));
}

/** As near to the wanted places as order and gaps allow, by least squares. */
function place(
  items: readonly IItem[],
  wanted: readonly number[],
  direction: IPicture['direction']
): void {
  let offset = 0;
  const offsets = items.map((item, n) => {
    const before = items[n - 1];
    if (before) {
      const gap = before.box && item.box ? GAP[direction] : BEND_GAP[direction];
      offset += before.size / 2 + gap + item.size / 2;
    }
    return offset;
  });
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((at, n) => {
    blocks.push({ sum: at - (offsets[n] ?? 0), count: 1 });
    for (;;) {
      const [a, b] = blocks.slice(-2);
      if (!a || !b || a.sum / a.count <= b.sum / b.count) {
        break;
      }
      blocks.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  });
  let number = 0;
  for (const block of blocks) {
    for (let n = 0; n < block.count; n++, number++) {
      const item = items[number];
      if (item) {
        item.at = block.sum / block.count + (offsets[number] ?? 0);
      }
    }
  }
}

/** Where edges leave and arrive, beside each other on their boxes. */
function portsOf(chains: readonly (readonly IItem[])[]) {
  const leaving = new Map<number, number>();
  const arriving = new Map<number, number>();
  const sides = [
    { ports: leaving, end: (way: readonly IItem[]) => [way[0], way[1]] as const },
    { ports: arriving, end: (way: readonly IItem[]) => way.slice(-2).reverse() }
  ];
  for (const { ports, end } of sides) {
    const edges = new Map<IItem, { at: number; number: number }[]>();
    chains.forEach((way, number) => {
      const [item, other] = end(way);
      if (item && other) {
        edges.set(item, [...(edges.get(item) ?? []), { at: other.at, number }]);
      }
    });
    for (const [item, found] of edges) {
      found.sort((a, b) => a.at - b.at || a.number - b.number);
      const step = Math.min(PORT, Math.max(0, item.size - 26) / Math.max(1, found.length - 1));
      found.forEach(({ number }, n) => {
        ports.set(number, item.at + (n - (found.length - 1) / 2) * step);
      });
    }
  }
  return { leaving, arriving };
}

function way(
  items: readonly IItem[],
  number: number,
  rows: readonly IRow[],
  ports: ReturnType<typeof portsOf>,
  turn: (along: number, at: number) => [number, number],
  isBack: boolean
): readonly number[] {
  const points: [number, number][] = [];
  items.forEach((item, n) => {
    const row = rows.find(one => one.items.includes(item));
    if (!row) {
      return;
    }
    const half = item.box ? (turn(item.box.height, item.box.width)[0]) / 2 : 0;
    const middle = (row.begin + row.end) / 2;
    if (n === 0) {
      points.push(turn(ports.leaving.get(number) ?? item.at, middle + half));
    } else if (n === items.length - 1) {
      points.push(turn(ports.arriving.get(number) ?? item.at, middle - half));
    } else {
      points.push(turn(item.at, row.begin), turn(item.at, row.end));
    }
  });
  return (isBack ? points.reverse() : points).flat();
}
