/**
 * The viewport: which part of the plane is seen, and how large.
 *
 * Knows: an SVG element and the group in it that moves.
 * Does not know: what is drawn.
 * Holds: a plain wheel scrolls the page; only with Ctrl or ⌘ it zooms. What was dragged is no click.
 */

import { ISeen } from './picture';

export interface IViewport {
  readonly zoom: (factor: number) => void;
  readonly pan: (dx: number, dy: number) => void;
  /**
   * Show all of the plane; it stays fitted until somebody zooms or pans. With an area: if all of it
   * were too small to be read, show that.
   */
  readonly fit: (at?: IArea) => void;
  readonly isFitted: () => boolean;
  /** Tell again what is seen, as something else is there to be seen. */
  readonly look: () => void;
  /** The size of what there is to see. */
  readonly setSize: (width: number, height: number) => void;
  /** Move as little as needed for a box to be seen; or put it in the middle. */
  readonly reveal: (box: IArea, middle?: boolean) => void;
  /** Where on the screen a point of the plane is, and back. */
  readonly toScreen: (x: number, y: number) => [number, number];
  readonly toPlane: (x: number, y: number) => [number, number];
  /** What is seen, unless all of it is; and to see that again. */
  readonly place: () => IPlace | null;
  readonly put: (place: IPlace) => void;
  readonly wasDragged: () => boolean;
  readonly end: () => void;
}

export interface IPlace {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface IArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 0.05;
const LARGEST = 4;
const MARGIN = 16;
const LEAST_TO_READ = 0.25;
const ENOUGH_TO_READ = 0.6;
const CLICK_PX = 4;
const WHEEL = 0.0022;

export function makeViewport(
  host: SVGSVGElement,
  plane: SVGGElement,
  onMove: (seen: ISeen) => void
): IViewport {
  let [x, y, scale] = [0, 0, 1];
  let [width, height] = [0, 0];
  let isFitted = true;
  let dragged = false;
  const size = () => {
    const { clientWidth, clientHeight } = host;
    return [clientWidth || 800, clientHeight || 400] as const;
  };
  const apply = () => {
    const [w, h] = size(); // before anything moves: asked for afterwards, it costs a whole layout
    plane.setAttribute('transform', `translate(${round(x)} ${round(y)}) scale(${round(scale)})`);
    onMove({ left: -x / scale, top: -y / scale, right: (w - x) / scale, bottom: (h - y) / scale, scale });
  };
  const fit = (at?: IArea) => {
    const [w, h] = size();
    const whole = Math.min((w - 2 * MARGIN) / (width || 1), (h - 2 * MARGIN) / (height || 1));
    scale = Math.min(1, Math.max(SMALLEST, whole));
    if (at && scale < LEAST_TO_READ) {
      scale = ENOUGH_TO_READ;
      x = w / 2 - at.x * scale;
      y = h / 2 - at.y * scale;
      isFitted = false;
    } else {
      x = (w - width * scale) / 2;
      y = Math.max(MARGIN, (h - height * scale) / 2);
      isFitted = true;
    }
    apply();
  };
  const zoomAt = (factor: number, px: number, py: number) => {
    const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
    x = px - ((px - x) * next) / scale;
    y = py - ((py - y) * next) / scale;
    scale = next;
    isFitted = false;
    apply();
  };
  const pan = (dx: number, dy: number) => {
    x += dx;
    y += dy;
    isFitted = false;
    apply();
  };
  const wheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = host.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 16 * WHEEL : WHEEL));
      zoomAt(factor, event.clientX - box.left, event.clientY - box.top);
    }
  };
  let last: [number, number] | null = null;
  let way = 0;
  const down = (event: PointerEvent) => {
    if (event.button === 0) {
      last = [event.clientX, event.clientY];
      way = 0;
      dragged = false;
      host.setPointerCapture(event.pointerId);
    }
  };
  const move = (event: PointerEvent) => {
    if (!last) {
      return;
    }
    const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
    way += Math.abs(dx) + Math.abs(dy);
    last = [event.clientX, event.clientY];
    dragged ||= way > CLICK_PX;
    if (dragged) {
      pan(dx, dy);
    }
  };
  const up = () => {
    last = null;
  };
  host.addEventListener('wheel', wheel, { passive: false });
  host.addEventListener('pointerdown', down);
  host.addEventListener('pointermove', move);
  host.addEventListener('pointerup', up);
  host.addEventListener('pointercancel', up);
  const resized = new ResizeObserver(() => isFitted && fit());
  resized.observe(host);
  return {
    zoom: factor => {
      const [w, h] = size();
      zoomAt(factor, w / 2, h / 2);
    },
    pan,
    fit,
    isFitted: () => isFitted,
    look: apply,
    setSize: (w, h) => {
      [width, height] = [w, h];
    },
    reveal: (box, middle = false) => {
      const [w, h] = size();
      const [bx, by] = [box.x * scale + x, box.y * scale + y];
      const [hw, hh] = [(box.width * scale) / 2 + MARGIN, (box.height * scale) / 2 + MARGIN];
      const shift = (at: number, half: number, room: number) =>
        middle || 2 * half > room
          ? room / 2 - at
          : Math.max(0, half - at) + Math.min(0, room - half - at);
      const [dx, dy] = [shift(bx, hw, w), shift(by, hh, h)];
      if (dx || dy) {
        pan(dx, dy);
      }
    },
    toScreen: (px, py) => [px * scale + x, py * scale + y],
    toPlane: (px, py) => [(px - x) / scale, (py - y) / scale],
    place: () => (isFitted ? null : { x, y, scale }),
    put: place => {
      ({ x, y, scale } = place);
      isFitted = false;
      apply();
    },
    wasDragged: () => dragged,
    end: () => {
      resized.disconnect();
      host.removeEventListener('wheel', wheel);
      host.removeEventListener('pointerdown', down);
      host.removeEventListener('pointermove', move);
      host.removeEventListener('pointerup', up);
      host.removeEventListener('pointercancel', up);
    }
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
