/**
 * Controls: buttons, the slider, speed and play.
 *
 * Knows: how many steps there are. Does not know: what they are.
 * Holds: nothing plays before somebody asks for it.
 */

import { enable, h, set } from '../dom/elements';
import { FOCUS } from '../dom/root';
import { tr } from '../dom/words';

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
  const first = button('|◀', tr('First step'), () => commands.go(0));
  const back = button('◀', tr('One step back'), () => commands.by(-1));
  const play = button(tr('Play'), tr('Play'), commands.play);
  const next = button('▶', tr('One step on'), () => commands.by(1));
  const last = button('▶|', tr('Last step'), () => commands.go(length));
  const slider = h('input', {
    ...FOCUS,
    type: 'range',
    min: 0,
    max: length,
    step: 1,
    'aria-label': tr('Step')
  });
  slider.addEventListener('input', () => commands.go(Number(slider.value)));
  const where = h('output', { class: 'wfnb-story-where' });
  const speed = h(
    'select',
    { ...FOCUS, 'aria-label': tr('Steps a second') },
    ...SPEEDS.map(one => h('option', { value: one, selected: one === 1 }, tr('%1 a second', one)))
  );
  const predicts = h('input', { ...FOCUS, type: 'checkbox' });
  predicts.addEventListener('change', () => commands.predict(predicts.checked));
  const element = h(
    'div',
    { class: 'wfnb-story-controls', role: 'group', 'aria-label': tr('Steps') },
    first,
    back,
    play,
    next,
    last,
    slider,
    where,
    speed,
    h('label', {}, predicts, ` ${tr('predict')}`)
  );
  return {
    element,
    predicts,
    speed: () => Number(speed.value) || 1,
    show: (n, told, isPlaying) => {
      slider.value = String(n);
      set(slider, { 'aria-valuetext': tr('step %1 of %2: %3', n, length, told) });
      where.textContent = tr('step %1 of %2', n, length);
      [first, back].forEach(one => enable(one, n > 0));
      [next, last].forEach(one => enable(one, n < length));
      const label = isPlaying ? tr('Pause') : tr('Play');
      play.textContent = label;
      set(play, { 'aria-label': label });
      enable(play, length > 0);
    }
  };
}

function button(text: string, label: string, onClick: () => void): HTMLButtonElement {
  const found = h('button', { ...FOCUS, type: 'button', 'aria-label': label, title: label }, text);
  found.addEventListener('click', () => found.getAttribute('aria-disabled') === 'true' || onClick());
  return found;
}

/** What keys do: each with its meaning. */
export function keys(): readonly (readonly [string, string])[] {
  return [
    ['→ ←', tr('one step on, one back')],
    [tr('Page Down, Page Up'), tr('ten steps on, ten back')],
    [tr('End, Home'), tr('the last step, the beginning')],
    [tr('Space'), tr('play, pause')],
    ['P', tr('predict: choose what comes next before it is shown')],
    ['1 2 3 4', tr('choose, while you predict')],
    [tr('↓ ↑ in the graph'), tr('from task to task')],
    [tr('Enter, Escape'), tr('look at a task or open a group, go back to the step')]
  ];
}
