/**
 * The root of a view: theme, keys, and what is said aloud.
 *
 * Knows: how front ends say that they are dark; which keys would reach the notebook.
 * Does not know: what is shown.
 * Holds: `end` takes back all that was registered outside the root.
 */

import './root.css';
import { h } from './elements';

const QUIET_MS = 2000;

export interface IRoot {
  readonly element: HTMLElement;
  /** Have a sentence read aloud; at most one in two seconds, and the newest wins. */
  readonly say: (text: string) => void;
  /** Called when the view goes. */
  readonly onEnd: (undo: () => void) => void;
  readonly end: () => void;
}

/** An empty view within `host`; `label` is what screen readers call it. */
export function makeRoot(host: HTMLElement, name: string, label: string): IRoot {
  const spoken = h('div', { class: 'wfnb-spoken', 'aria-live': 'polite' });
  const element = h('section', { class: `wfnb-view wfnb-${name}`, 'aria-label': label }, spoken);
  const undos = [followTheme(element), keepKeys(element)];
  const { say, end } = announcer(spoken);
  undos.push(end, () => element.remove());
  host.append(element);
  return {
    element,
    say,
    onEnd: undo => undos.push(undo),
    end: () => undos.splice(0).forEach(undo => undo())
  };
}

/**
 * Attributes of whatever can have the focus. Notebook 7 looks for shortcuts before the element
 * hears of a key, and only this attribute, on the element itself, keeps it from that.
 */
export const FOCUS = { 'data-lm-suppress-shortcuts': 'true' } as const;

/** Whether the reader asked for less movement. */
export function wantsLessMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function keepKeys(element: HTMLElement): () => void {
  const stop = (event: Event) => event.stopPropagation();
  const kinds = ['keydown', 'keyup', 'keypress'];
  kinds.forEach(kind => element.addEventListener(kind, stop));
  return () => kinds.forEach(kind => element.removeEventListener(kind, stop));
}

function followTheme(element: HTMLElement): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const look = () => {
    element.dataset['wfnbTheme'] = isDark(system.matches) ? 'dark' : 'light';
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributes: true });
  system.addEventListener('change', look);
  look();
  return () => {
    observer.disconnect();
    system.removeEventListener('change', look);
  };
}

function isDark(isSystemDark: boolean): boolean {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) {
    return jpThemeLight === 'false';
  }
  if (vscodeThemeKind !== undefined) {
    return !vscodeThemeKind.includes('light');
  }
  return isSystemDark;
}

function announcer(spoken: HTMLElement): { say: (text: string) => void; end: () => void } {
  let timer: number | undefined;
  let next = '';
  const speak = () => {
    timer = undefined;
    if (next && next !== spoken.textContent) {
      spoken.textContent = next;
      timer = window.setTimeout(speak, QUIET_MS);
    }
    next = '';
  };
  return {
    say: text => {
      next = text;
      if (timer === undefined) {
        speak();
      }
    },
    end: () => window.clearTimeout(timer)
  };
}
