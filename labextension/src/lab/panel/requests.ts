/**
 * What runs: each request with its progress, and a way to cancel it.
 *
 * Knows: which requests are shown, and for how long. Does not know: how progress looks.
 * Holds: one that is over before it was noticed is not shown; the last one stays until another runs.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { h } from '../../dom/elements';
import { IState } from '../../protocol/state';
import { mountProgress } from '../../progress/view';
import { controlOf } from '../asking';
import { IEngine } from '../tokens';
import { NotebookPanel } from '@jupyterlab/notebook';
import { Fold } from './section';

const NOTICED_MS = 400;

interface IShown {
  readonly host: HTMLElement;
  readonly end: () => void;
}

export class RequestsSection {
  readonly fold: Fold;
  private readonly nothing = h('p', { class: 'wfnb-side-text' });
  private readonly list = h('div');
  private readonly shown = new Map<number, IShown>();
  private readonly seenMs = new Map<number, number>();
  private engine: IEngine | null = null;
  private panel: NotebookPanel | null = null;
  private timer = 0;

  constructor(trans: TranslationBundle) {
    this.fold = new Fold(trans.__('Running'));
    this.nothing.textContent = trans.__('No request runs.');
    this.fold.body.append(this.nothing, this.list);
  }

  update(engine: IEngine | null, panel: NotebookPanel | null): void {
    if (engine?.feed !== this.engine?.feed || panel !== this.panel) {
      this.clear();
    }
    [this.engine, this.panel] = [engine, panel];
    const running = engine ? runningIn(engine.feed.state) : [];
    const now = performance.now();
    running.forEach(one => this.seenMs.set(one, this.seenMs.get(one) ?? now));
    const due = running.filter(one => now - (this.seenMs.get(one) ?? now) >= NOTICED_MS);
    due.filter(one => !this.shown.has(one)).forEach(one => this.show(one));
    [...this.seenMs.keys()].filter(one => !running.includes(one)).forEach(one => this.seenMs.delete(one));
    const over = [...this.shown.keys()].filter(one => !running.includes(one));
    (due.length ? over : over.slice(0, -1)).forEach(one => this.drop(one));
    this.nothing.hidden = this.shown.size > 0;
    this.fold.say(running.length ? String(running.length) : '');
    window.clearTimeout(this.timer);
    if (due.length < running.length) {
      this.timer = window.setTimeout(() => this.update(this.engine, this.panel), NOTICED_MS);
    }
  }

  clear(): void {
    window.clearTimeout(this.timer);
    [...this.shown.keys()].forEach(one => this.drop(one));
    this.seenMs.clear();
  }

  private show(number: number): void {
    const { engine, panel } = this;
    if (!engine || !panel) {
      return;
    }
    const host = h('div', { class: 'wfnb-side-request' });
    this.list.append(host);
    const { feed, end } = engine.feed.part(state => ({
      ...state,
      requests: state.requests.filter(one => one.request === number)
    }));
    const unmount = mountProgress(host, feed, {
      control: controlOf(engine, panel),
      isLive: () => true
    });
    this.shown.set(number, { host, end: () => (unmount(), end()) });
  }

  private drop(number: number): void {
    const shown = this.shown.get(number);
    this.shown.delete(number);
    shown?.end();
    shown?.host.remove();
  }
}

/** The numbers of the requests that run. */
export function runningIn(state: IState): readonly number[] {
  return state.requests.filter(one => one.outcome === 'running').map(one => one.request);
}
