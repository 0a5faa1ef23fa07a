/**
 * The keyboard: what a key asks for, with the focus on a box.
 *
 * Knows: which way lines run. Does not know: what becomes of it.
 * Holds: pure. Keys with Ctrl, ⌘ or Alt are the browser's.
 */

import { IPicture } from './data';
import { Step } from './part';

export type Action =
  | { readonly do: 'step'; readonly step: Step }
  | { readonly do: 'pan'; readonly x: number; readonly y: number }
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'open' | 'back' | 'fit' | 'focus' | 'first' | 'last' };

export const ZOOM = 1.25;

const STEP_PX = 60;
const ARROWS = new Map<string, readonly [number, number]>([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]]
]);
const KEYS = new Map<string, Action>([
  ['Enter', { do: 'open' }],
  [' ', { do: 'open' }],
  ['Escape', { do: 'back' }],
  ['+', { do: 'zoom', factor: ZOOM }],
  ['=', { do: 'zoom', factor: ZOOM }],
  ['-', { do: 'zoom', factor: 1 / ZOOM }],
  ['0', { do: 'fit' }],
  ['f', { do: 'focus' }],
  ['F', { do: 'focus' }],
  ['Home', { do: 'first' }],
  ['End', { do: 'last' }]
]);

/** What a key asks for; null if nothing. */
export function actionOf(
  event: KeyboardEvent,
  direction: IPicture['direction'],
  isPanning: boolean
): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return null;
  }
  const arrow = ARROWS.get(event.key);
  if (!arrow) {
    return KEYS.get(event.key) ?? null;
  }
  const [x, y] = arrow;
  if (isPanning || event.shiftKey) {
    return { do: 'pan', x: -x * STEP_PX, y: -y * STEP_PX };
  }
  const [along, beside] = direction === 'down' ? [y, x] : [x, y];
  if (along) {
    return { do: 'step', step: along < 0 ? 'makers' : 'askers' };
  }
  return { do: 'step', step: beside < 0 ? 'before' : 'after' };
}
