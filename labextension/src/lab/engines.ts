/**
 * Engines by notebook: which kernel each notebook has, and one carrier for each kernel.
 *
 * Knows: notebooks, their kernels, which connection to a kernel may have comms.
 * Does not know: what is shown.
 * Holds: notebooks with the same kernel have the same engine. A kernel that no notebook has any
 *   more is left alone.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Kernel } from '@jupyterlab/services';
import { JSONObject } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { Carrier } from './carrier';
import { Store } from './store';
import { IAnswer, IEngine, IEngines } from './tokens';

export class Engines implements IEngines {
  private readonly store = new Store(
    () => this.changedSignal.emit(),
    kernel => this.carriers.get(kernel)?.renew()
  );
  private readonly carriers = new Map<string, Carrier>();
  private readonly kernels = new Map<NotebookPanel, Kernel.IKernelConnection | null>();
  private readonly changedSignal = new Signal<this, void>(this);

  get changed(): ISignal<IEngines, void> {
    return this.changedSignal;
  }

  of(panel: NotebookPanel | null): IEngine | null {
    const kernel = panel && this.kernels.get(panel)?.id;
    const feed = kernel ? this.store.of(kernel) : null;
    return kernel && feed ? { kernel, feed, ask: what => this.ask(kernel, what) } : null;
  }

  /** Look after a notebook until it is closed. */
  add(panel: NotebookPanel): void {
    const { sessionContext } = panel;
    sessionContext.kernelChanged.connect(this.onKernel, this);
    panel.disposed.connect(() => {
      sessionContext.kernelChanged.disconnect(this.onKernel, this);
      this.remove(panel);
    });
    this.assign(panel);
  }

  /** The page goes: kernels need tell it nothing more. */
  leave(): void {
    this.carriers.forEach(carrier => carrier.close());
  }

  private ask(kernel: string, what: JSONObject): Promise<IAnswer> {
    const carrier = this.carriers.get(kernel);
    return carrier ? carrier.ask(what) : Promise.reject(new Error('the kernel has gone'));
  }

  private onKernel(sender: unknown): void {
    for (const panel of this.kernels.keys()) {
      if (panel.sessionContext === sender) {
        this.assign(panel);
      }
    }
  }

  /** Take a notebook with the kernel that it has now. */
  private assign(panel: NotebookPanel): void {
    const kernel = panel.sessionContext.session?.kernel ?? null;
    const before = this.kernels.get(panel) ?? null;
    this.kernels.set(panel, kernel);
    if (kernel) {
      this.carry(kernel.id);
    }
    this.moved(before);
  }

  private remove(panel: NotebookPanel): void {
    const before = this.kernels.get(panel) ?? null;
    this.kernels.delete(panel);
    this.moved(before);
  }

  private moved(before: Kernel.IKernelConnection | null): void {
    if (before) {
      this.carry(before.id);
    }
    this.changedSignal.emit();
  }

  /** See that a kernel has a carrier, if a notebook has the kernel. */
  private carry(id: string): void {
    const known = this.carriers.get(id);
    const connections = [...this.kernels.values()].filter(
      (one): one is Kernel.IKernelConnection => one?.id === id && !one.isDisposed
    );
    if (known && !known.isDisposed && connections.length) {
      return;
    }
    this.carriers.delete(id);
    known?.dispose();
    const [first] = connections;
    if (!first) {
      return;
    }
    const shared = connections.find(one => one.handleComms);
    const carrier: Carrier = new Carrier(shared ?? first, !shared, {
      onMessage: data => this.store.take(id, data),
      onGone: () => {
        this.store.drop(id);
        if (carrier.isDisposed && this.carriers.get(id) === carrier) {
          this.carry(id); // the notebook whose connection it was has gone; another may be left
        }
      }
    });
    this.carriers.set(id, carrier);
  }
}

export const enginesPlugin: JupyterFrontEndPlugin<IEngines> = {
  id: 'wfnb:engines',
  description: 'What the kernels of notebooks tell of their rules.',
  autoStart: true,
  requires: [INotebookTracker],
  provides: IEngines,
  activate: (_: JupyterFrontEnd, tracker: INotebookTracker) => {
    const engines = new Engines();
    tracker.widgetAdded.connect((_, panel) => engines.add(panel));
    tracker.forEach(panel => engines.add(panel));
    window.addEventListener('pagehide', () => engines.leave());
    return engines;
  }
};
