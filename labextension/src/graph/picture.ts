/**
 * The picture: boxes and edges of a rule graph as SVG elements.
 *
 * Knows: shapes as the kernel gave them, and where things stand.
 * Does not know: what is zoomed, searched or running; `mark` and `tell` are told.
 * Holds: each box is a button with a name that says all that its look says.
 */

import { FOCUS } from '../dom/root';
import { set, svg } from '../dom/elements';
import { severityWord } from '../dom/terms';
import { IBox, IGraph, IGraphEdge, IGraphNode, IPicture } from './data';
import { IDoing, inWords, shortly } from './overlay';
import { throughText } from './panel';

const NAME_PX = 13;
const TAG_COLUMN = 6.1;
const STATUS_COLUMN = 6.6;

// Above this many boxes, zooming would take half a second: all texts are measured again.
const MANY = 200;
const READABLE = 0.3;

export interface ISeen {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly scale: number;
}

export interface IDrawn {
  readonly element: SVGGElement;
  /** Node → its box. */
  readonly boxes: ReadonlyMap<number, SVGGElement>;
  /** Show what a node's rules do. */
  readonly tell: (node: number, doing: IDoing) => void;
  /** What of the plane is seen, and how large; the rest of a large picture is not drawn. */
  readonly see: (seen: ISeen) => void;
  /** Show what was found, and where the reader is. */
  readonly mark: (found: ReadonlySet<number> | null, selected: number | null) => void;
}

export function drawPicture(graph: IGraph, picture: IPicture): IDrawn {
  const edges = picture.edges.map(edge => drawEdge(edge, picture.direction));
  const boxes = new Map<number, SVGGElement>();
  const statuses = new Map<number, SVGGElement>();
  const labels = new Map<number, string>();
  for (const box of picture.boxes) {
    const node = graph.nodes[box.node];
    if (!node) {
      continue;
    }
    const status = svg('g', { class: 'wfnb-status' });
    const label = spoken(node);
    boxes.set(box.node, drawBox(node, box, label, status));
    statuses.set(box.node, status);
    labels.set(box.node, label);
  }
  const isLarge = picture.boxes.length > MANY;
  const lines = svg('g', { 'aria-hidden': 'true' }, ...(isLarge ? [] : edges));
  const shapes = svg('g', {}, ...(isLarge ? [] : boxes.values()));
  const element = svg('g', {}, lines, shapes);
  const at = new Map(picture.boxes.map(box => [box.node, box]));
  const told = new Map<number, string>();
  const reaches = picture.edges.map(reachOf);
  return {
    element,
    boxes,
    tell: (node, doing) => {
      const [target, status, box] = [boxes.get(node), statuses.get(node), at.get(node)];
      const text = shortly(doing);
      const key = `${doing.status} ${text}`;
      if (!target || !status || !box || told.get(node) === key) {
        return;
      }
      told.set(node, key);
      set(target, {
        'data-status': doing.status,
        'aria-label': [labels.get(node), ...inWords(doing)].join(', ')
      });
      status.replaceChildren(...(text ? drawStatus(text, box) : []));
    },
    see: seen => {
      set(element, { 'data-far': seen.scale < READABLE && isLarge });
      if (!isLarge) {
        return;
      }
      for (const box of picture.boxes) {
        const target = boxes.get(box.node);
        const [w, h] = [box.width / 2, box.height / 2 + 16];
        const isSeen = isIn(seen, box.x - w, box.y - h, box.x + w, box.y + h);
        const canBeReached = target?.getAttribute('tabindex') === '0';
        attach(shapes, target, isSeen || canBeReached);
      }
      reaches.forEach(([left, top, right, bottom], number) => {
        attach(lines, edges[number], isIn(seen, left, top, right, bottom));
      });
    },
    mark: (found, selected) => {
      for (const [node, target] of boxes) {
        set(target, {
          'data-found': found?.has(node),
          'data-aside': found !== null && !found.has(node),
          'aria-current': node === selected ? 'true' : null
        });
      }
      picture.edges.forEach((edge, number) => {
        const isNear = selected !== null && (edge.source === selected || edge.target === selected);
        const way = edges[number];
        if (way) {
          set(way, { 'data-near': isNear });
        }
      });
    }
  };
}

/** What a box is called: all that it shows, in words. */
function spoken(node: IGraphNode): string {
  const problems = node.problems.filter(one => one.severity !== 'note');
  return [
    `${node.word} ${node.name}`,
    node.note,
    node.kind === 'group' ? node.group : node.place,
    throughText(node),
    ...problems.map(one => `${severityWord(one.severity)} ${one.code}`)
  ]
    .filter(Boolean)
    .join(', ');
}

function drawBox(node: IGraphNode, box: IBox, label: string, status: SVGGElement): SVGGElement {
  const left = -box.width / 2 + box.padding;
  const right = box.width / 2 - box.padding;
  const isCentred = box.padding > 12 && !box.chip && !box.badge;
  const where = isCentred ? { x: 0, 'text-anchor': 'middle' } : { x: left };
  const isError = box.badge.startsWith('✖');
  const tags: SVGElement[] = [];
  let end = right;
  for (const [text, kind] of [
    [box.badge, isError ? 'error' : 'warning'],
    [box.chip, 'chip']
  ] as const) {
    if (text) {
      const width = text.length * TAG_COLUMN + 10;
      tags.push(drawTag(text, end - width, width, kind));
      end -= width + 6;
    }
  }
  return svg(
    'g',
    {
      ...FOCUS,
      class: `wfnb-box wfnb-${node.kind}${isError ? ' wfnb-broken' : ''}`,
      transform: `translate(${box.x} ${box.y})`,
      role: 'button',
      tabindex: -1,
      'aria-label': label,
      'data-node': box.node
    },
    svg('path', { class: 'wfnb-shape', d: box.outline }),
    svg('text', { class: 'wfnb-name', ...where, y: -3, 'font-size': NAME_PX }, box.name),
    svg('text', { ...where, y: 13 }, box.note),
    box.corner ? svg('text', { class: 'wfnb-corner', x: right, y: 13, 'text-anchor': 'end' }, box.corner) : null,
    ...tags,
    status
  );
}

function drawTag(text: string, x: number, width: number, kind: string): SVGGElement {
  return svg(
    'g',
    { class: `wfnb-tag wfnb-tag-${kind}` },
    svg('rect', { x, y: -15, width, height: 14, rx: kind === 'error' ? 7 : 2 }),
    svg('text', { x: x + width / 2, y: -4.6, 'text-anchor': 'middle' }, text)
  );
}

/** A label that hangs on the lower edge of a box. */
function drawStatus(text: string, box: IBox): SVGElement[] {
  const width = [...text].length * STATUS_COLUMN + 12;
  const x = box.width / 2 - width - 6;
  const y = box.height / 2 - 4;
  return [
    svg('rect', { x, y, width, height: 15, rx: 7.5 }),
    svg('text', { x: x + width / 2, y: y + 11, 'text-anchor': 'middle' }, text)
  ];
}

function reachOf(edge: IGraphEdge): readonly [number, number, number, number] {
  const xs = edge.points.filter((_, n) => n % 2 === 0);
  const ys = edge.points.filter((_, n) => n % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** To hide would not do: Chromium lays out what is hidden, too, when the scale changes. */
function attach(layer: SVGElement, element: SVGElement | undefined, isSeen: boolean): void {
  if (element && isSeen !== (element.parentNode === layer)) {
    if (isSeen) {
      layer.append(element);
    } else {
      element.remove();
    }
  }
}

function isIn(seen: ISeen, left: number, top: number, right: number, bottom: number): boolean {
  return left <= seen.right && seen.left <= right && top <= seen.bottom && seen.top <= bottom;
}

function drawEdge(edge: IGraphEdge, direction: IPicture['direction']): SVGGElement {
  const kind = edge.is_stopped ? 'stopped' : edge.is_rival ? 'rival' : edge.kind;
  const group = svg('g', { class: `wfnb-edge wfnb-edge-${kind}` });
  const { d, tip, dx, dy } = route(edge, direction);
  const [x, y] = tip;
  group.append(svg('path', { class: 'wfnb-way', d }));
  if (edge.is_stopped) {
    const [cx, cy] = [x - 7 * dx, y - 7 * dy];
    group.append(
      svg('path', {
        class: 'wfnb-cross',
        d: `M${cx - 4} ${cy - 4}L${cx + 4} ${cy + 4}M${cx - 4} ${cy + 4}L${cx + 4} ${cy - 4}`
      })
    );
  } else {
    const [bx, by] = [x - 9 * dx, y - 9 * dy];
    group.append(
      svg('path', {
        class: 'wfnb-head',
        d: `M${x} ${y}L${bx - 4 * dy} ${by - 4 * dx}L${bx + 4 * dy} ${by + 4 * dx}z`
      })
    );
  }
  if (edge.labels.length) {
    group.append(svg('title', {}, edge.labels.join(', ')));
  }
  return group;
}

function route(edge: IGraphEdge, direction: IPicture['direction']) {
  const points: [number, number][] = [];
  for (let n = 0; n + 1 < edge.points.length; n += 2) {
    points.push([edge.points[n] ?? 0, edge.points[n + 1] ?? 0]);
  }
  const isDown = direction === 'down';
  if (edge.is_loop) {
    const [[x0, y0] = [0, 0], , [x1, y1] = [0, 0], [x2, y2] = [0, 0], tip = [0, 0]] = points;
    const d = `M${x0} ${y0}C${x1} ${y1} ${x2} ${y2} ${tip[0] + 6} ${tip[1]}`;
    return { d, tip: tip as [number, number], dx: -1, dy: 0 };
  }
  const sign = edge.is_back ? -1 : 1;
  const [dx, dy] = isDown ? [0, sign] : [sign, 0];
  const tip = points.pop() ?? [0, 0];
  points.push([tip[0] - 7 * dx, tip[1] - 7 * dy]);
  let d = '';
  points.forEach(([x, y], number) => {
    const [px, py] = points[number - 1] ?? [0, 0];
    if (!number) {
      d = `M${x} ${y}`;
    } else if (number % 2 === 0) {
      d += `L${x} ${y}`;
    } else if (isDown) {
      d += `C${px} ${(py + y) / 2} ${x} ${(py + y) / 2} ${x} ${y}`;
    } else {
      d += `C${(px + x) / 2} ${py} ${(px + x) / 2} ${y} ${x} ${y}`;
    }
  });
  return { d, tip, dx, dy };
}
