/**
 * The rule graph, about the rules of the active cell.
 *
 * Knows: when the rules have changed, and which are to be in the middle.
 * Does not know: how a graph is drawn, or drawn up.
 * Holds: the kernel is asked once for each set of rules, and only while the section is open. What a
 *   reader has selected is kept until the active cell has other rules.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { h } from '../../dom/elements';
import { mountGraph } from '../../graph/view';
import { IState } from '../../protocol/state';
import { ask } from '../asking';
import { about, rowsOf } from '../rows';
import { IEngine } from '../tokens';
import { Fold } from './section';

const PATIENCE_MS = 8000;

export class GraphSection {
  readonly fold: Fold;
  private readonly note = h('p', { class: 'wfnb-side-text' });
  private readonly host = h('div');
  private engine: IEngine | null = null;
  private cell = '';
  private data = '';
  private drawnOf: readonly unknown[] = [];
  private isAsking = false;
  private focus = '';
  private unmount: (() => void) | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly trans: TranslationBundle) {
    this.fold = new Fold(trans.__('Rule graph'), () => this.look());
    this.fold.body.append(this.note, this.host);
    this.fold.fold(true);
  }

  update(engine: IEngine | null, cell: string): void {
    if (engine?.feed !== this.engine?.feed) {
      this.clear();
    }
    [this.engine, this.cell] = [engine, cell];
    this.look();
  }

  clear(): void {
    this.unmount?.();
    this.unmount = null;
    this.engine = null;
    this.data = '';
    this.drawnOf = [];
  }

  private look(): void {
    const { engine } = this;
    if (!engine || !this.fold.isOpen) {
      return;
    }
    const { state } = engine.feed;
    const of = [state.nodes, state.edges, state.problems];
    if (of.some((one, n) => one !== this.drawnOf[n]) && !this.isAsking) {
      void this.draw(engine, of);
    }
    this.mount(engine, state);
  }

  private async draw(engine: IEngine, of: readonly unknown[]): Promise<void> {
    this.isAsking = true;
    const answer = await ask(engine, { do: 'graph' }, PATIENCE_MS);
    this.isAsking = false;
    if (engine.feed !== this.engine?.feed) {
      return;
    }
    this.drawnOf = of;
    const busy = this.trans.__('The kernel did not answer. It may be busy with a cell.');
    this.note.textContent = answer ? answer.text : busy;
    if (answer?.done) {
      this.data = JSON.stringify(answer['data']);
      this.listeners.forEach(tell => tell());
    }
    this.look();
  }

  /** Show the graph; again from the beginning when it is about other rules. */
  private mount(engine: IEngine, state: IState): void {
    if (!this.data) {
      return;
    }
    const ids = rowsOf(state, this.cell).filter(row => row.isHere).map(row => row.node.id);
    const focus = JSON.stringify(ids);
    if (this.unmount && focus === this.focus) {
      return;
    }
    this.unmount?.();
    this.focus = focus;
    this.unmount = mountGraph(this.host, engine.feed, {
      data: () => about(this.data, ids),
      isLive: () => true,
      onChange: tell => {
        this.listeners.add(tell);
        return () => this.listeners.delete(tell);
      }
    });
  }
}
