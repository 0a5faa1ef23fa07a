/**
 * The task graph: a box per task, which says its state by shape, sign, word and colour.
 *
 * Knows: the drawing that came with the recording.
 * Does not know: steps; what a click means.
 * Holds: boxes are in the page once; a stage changes their attributes and nothing else. One box is
 *        in the tab order, and the up and down keys move from box to box.
 */

import { h, set, svg } from '../dom/elements';
import { FOCUS, wantsLessMotion } from '../dom/root';
import { tr } from '../dom/words';
import { IRecording, ITaskBox, ITaskDrawing, ITaskLine } from '../protocol/steps';
import { isSettled, Stage } from './replay';
import { foremost, LOOKS, summary } from './states';

const MARGIN = 14;
const MOST_BOXES = 2000;
const SMALLEST = 0.62; // of a wide graph in a narrow place; it is scrolled rather than unreadable

export interface IMark {
  /** The task that the step is about, and who asks for it. */
  readonly task: number | null;
  readonly by: number | null;
  /** The box that the details are about. */
  readonly chosen: number | null;
}

export interface IGraph {
  readonly element: HTMLElement;
  readonly show: (stage: Stage, mark: IMark) => void;
  /** The box that a task is in. */
  readonly boxOf: (task: number) => number;
}

export function makeGraph(
  recording: IRecording,
  drawing: ITaskDrawing,
  onChoose: (box: number) => void
): IGraph {
  const boxes = drawing.boxes.slice(0, MOST_BOXES);
  const boxByTask = new Map(boxes.flatMap((box, n) => box.tasks.map(task => [task, n] as const)));
  const parts = boxes.map(box => makeBox(box));
  const lines = drawing.lines.map(line => makeLine(line, drawing));
  const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN];
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': tr('Tasks') },
    svg('g', { transform: `translate(${MARGIN} ${MARGIN})` }, ...lines, ...parts.map(one => one.element))
  );
  picture.style.minWidth = `${Math.round(width * SMALLEST)}px`;
  const element = h('div', { class: 'wfnb-story-graph' }, picture);
  let tabbable = 0;
  const move = (to: number) => {
    set(parts[tabbable]?.element ?? picture, { tabindex: -1 });
    tabbable = Math.max(0, Math.min(parts.length - 1, to));
    set(parts[tabbable]?.element ?? picture, { tabindex: 0 });
  };
  move(0);
  parts.forEach(({ element: box }, n) => {
    box.addEventListener('click', () => {
      move(n);
      onChoose(n);
    });
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter') {
        onChoose(n);
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        move(n + (event.key === 'ArrowDown' ? 1 : -1));
        parts[tabbable]?.element.focus();
      } else {
        return;
      }
      event.preventDefault();
    });
  });
  const boxOf = (task: number) => boxByTask.get(task) ?? 0;
  return {
    element,
    boxOf,
    show: (stage, mark) => {
      const now = mark.task === null ? null : boxOf(mark.task);
      const asker = mark.by === null ? null : boxOf(mark.by);
      parts.forEach((part, n) => {
        const states = part.box.tasks.map(task => stage[task]?.state ?? 'unseen');
        const look = LOOKS[foremost(states)];
        const isGroup = states.length > 1;
        const done = states.filter(isSettled).length;
        const told = isGroup ? summary(states) : `${look.sign} ${look.word()}`;
        part.state.textContent = isGroup ? `${look.sign} ${done}/${states.length}` : told;
        part.title.textContent = `${part.box.name} ${part.box.detail}: ${told}`;
        set(part.element, {
          class: `wfnb-task wfnb-is-${look.name}${n === now ? ' wfnb-now' : ''}`,
          'aria-label': label(recording, part.box, told),
          'aria-current': n === now ? 'step' : null,
          'aria-pressed': n === mark.chosen ? 'true' : 'false'
        });
      });
      drawing.lines.forEach((line, n) => {
        const isNow = line.source === now && line.target === asker;
        set(lines[n] ?? picture, { class: `wfnb-task-line${isNow ? ' wfnb-now' : ''}` });
      });
      const box = boxes[now ?? -1];
      if (box) {
        reveal(element, picture, box, width);
      }
    }
  };
}

interface IPart {
  readonly box: ITaskBox;
  readonly element: SVGGElement;
  readonly state: SVGTextElement;
  readonly title: SVGTitleElement;
}

function makeBox(box: ITaskBox): IPart {
  const [x, y] = [box.x - box.width / 2, box.y - box.height / 2];
  const isGroup = box.tasks.length > 1;
  const rect = { x, y, width: box.width, height: box.height, rx: isGroup ? 2 : 7 };
  const state = svg('text', { class: 'wfnb-task-state', x: x + box.width - 9, y: box.y - 3 });
  const title = svg('title');
  const element = svg(
    'g',
    { ...FOCUS, role: 'button', tabindex: -1 },
    title,
    isGroup && svg('rect', { ...rect, x: x + 4, y: y + 4, class: 'wfnb-task-shade' }),
    svg('rect', { ...rect, class: 'wfnb-task-box' }),
    svg('text', { class: 'wfnb-task-name', x: x + 11, y: box.y - 3 }, box.name),
    svg('text', { class: 'wfnb-task-detail', x: x + 11, y: box.y + 13 }, box.detail),
    state
  );
  return { box, element, state, title };
}

function label(recording: IRecording, box: ITaskBox, told: string): string {
  const only = recording.tasks[box.tasks[0] ?? -1];
  return box.tasks.length === 1 && only ? `${only.task}: ${told}` : `${box.name}: ${told}`;
}

function makeLine(line: ITaskLine, drawing: ITaskDrawing): SVGGElement {
  return svg(
    'g',
    { class: 'wfnb-task-line' },
    svg('path', { d: way(line, drawing.direction === 'down'), class: 'wfnb-task-way' }),
    svg('path', { d: head(line, drawing.direction === 'down'), class: 'wfnb-task-head' })
  );
}

function way(line: ITaskLine, isDown: boolean): string {
  const points = pairs(line.points);
  const [start] = points;
  if (!start) {
    return '';
  }
  if (line.is_loop) {
    return `M${points.map(point => point.join(' ')).join('L')}`;
  }
  let d = `M${start.join(' ')}`;
  points.slice(1).forEach(([x, y], n) => {
    const [x0, y0] = points[n] ?? start;
    if (n % 2) {
      d += `L${x} ${y}`;
    } else {
      const half = isDown ? (y0 + y) / 2 : (x0 + x) / 2;
      d += isDown ? `C${x0} ${half} ${x} ${half} ${x} ${y}` : `C${half} ${y0} ${half} ${y} ${x} ${y}`;
    }
  });
  return d;
}

function head(line: ITaskLine, isDown: boolean): string {
  const [tip] = pairs(line.points).slice(-1);
  if (!tip || line.is_loop) {
    return '';
  }
  const sign = line.is_back ? -1 : 1;
  const [dx, dy] = isDown ? [0, sign] : [sign, 0];
  const [x, y] = tip;
  return `M${x} ${y}L${x - 8 * dx - 4 * dy} ${y - 8 * dy - 4 * dx}L${x - 8 * dx + 4 * dy} ${y - 8 * dy + 4 * dx}z`;
}

function pairs(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let n = 0; n + 1 < numbers.length; n += 2) {
    found.push([numbers[n] ?? 0, numbers[n + 1] ?? 0]);
  }
  return found;
}

/** Scroll the graph, and nothing around it, until a box is in sight. */
function reveal(element: HTMLElement, picture: SVGElement, box: ITaskBox, width: number): void {
  const scale = picture.clientWidth / width || 1;
  const [x, y] = [(box.x + MARGIN) * scale, (box.y + MARGIN) * scale];
  const [halfWidth, halfHeight] = [(box.width / 2 + 8) * scale, (box.height / 2 + 8) * scale];
  const left = inside(element.scrollLeft, element.clientWidth, x - halfWidth, x + halfWidth);
  const top = inside(element.scrollTop, element.clientHeight, y - halfHeight, y + halfHeight);
  if (left !== element.scrollLeft || top !== element.scrollTop) {
    element.scrollTo({ left, top, behavior: wantsLessMotion() ? 'auto' : 'smooth' });
  }
}

function inside(scroll: number, room: number, low: number, high: number): number {
  if (low < scroll || high > scroll + room) {
    return Math.max(0, (low + high - room) / 2);
  }
  return scroll;
}
