/**
 * Controls: buttons, the slider, speed and play.
 *
 * Knows: how many steps there are. Does not know: what they are.
 * Holds: nothing plays before somebody asks for it.
 */

import { h, set } from '../dom/elements';
import { FOCUS } from '../dom/root';

export const SPEEDS = [0.5, 1, 2, 5] as const;

export interface IControls {
  readonly element: HTMLElement;
  readonly show: (n: number, told: string, isPlaying: boolean) => void;
  readonly predicts: HTMLInputElement;
  readonly speed: () => number;
}

export interface ICommands {
  readonly go: (n: number) => void;
  readonly by: (steps: number) => void;
  readonly play: () => void;
  readonly predict: (isOn: boolean) => void;
}

export function makeControls(length: number, commands: ICommands): IControls {
  const first = button('|◀', 'First step', () => commands.go(0));
  const back = button('◀', 'One step back', () => commands.by(-1));
  const play = button('Play', 'Play', commands.play);
  const next = button('▶', 'One step on', () => commands.by(1));
  const last = button('▶|', 'Last step', () => commands.go(length));
  const slider = h('input', {
    ...FOCUS,
    type: 'range',
    min: 0,
    max: length,
    step: 1,
    'aria-label': 'Step'
  });
  slider.addEventListener('input', () => commands.go(Number(slider.value)));
  const where = h('output', { class: 'wfnb-story-where' });
  const speed = h(
    'select',
    { ...FOCUS, 'aria-label': 'Steps a second' },
    ...SPEEDS.map(one => h('option', { value: one, selected: one === 1 }, `${one} a second`))
  );
  const predicts = h('input', { ...FOCUS, type: 'checkbox' });
  predicts.addEventListener('change', () => commands.predict(predicts.checked));
  const element = h(
    'div',
    { class: 'wfnb-story-controls', role: 'group', 'aria-label': 'Steps' },
    first,
    back,
    play,
    next,
    last,
    slider,
    where,
    speed,
    h('label', {}, predicts, ' predict')
  );
  return {
    element,
    predicts,
    speed: () => Number(speed.value) || 1,
    show: (n, told, isPlaying) => {
      slider.value = String(n);
      set(slider, { 'aria-valuetext': `step ${n} of ${length}: ${told}` });
      where.textContent = `step ${n} of ${length}`;
      set(first, { disabled: n === 0 });
      set(back, { disabled: n === 0 });
      set(next, { disabled: n === length });
      set(last, { disabled: n === length });
      play.textContent = isPlaying ? 'Pause' : 'Play';
      set(play, { 'aria-label': isPlaying ? 'Pause' : 'Play', disabled: length === 0 });
    }
  };
}

function button(text: string, label: string, onClick: () => void): HTMLButtonElement {
  const found = h('button', { ...FOCUS, type: 'button', 'aria-label': label, title: label }, text);
  found.addEventListener('click', onClick);
  return found;
}

export const KEYS: readonly (readonly [string, string])[] = [
  ['→ ←', 'one step on, one back'],
  ['Page Down, Page Up', 'ten steps on, ten back'],
  ['End, Home', 'the last step, the beginning'],
  ['Space', 'play, pause'],
  ['P', 'predict: choose what comes next before it is shown'],
  ['1 2 3 4', 'choose, while you predict'],
  ['↓ ↑ in the graph', 'from task to task'],
  ['Enter, Escape', 'look at a task or open a group, go back to the step']
];
