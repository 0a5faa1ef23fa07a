/**
 * The renderer of views in saved notebooks: live while their kernel lives, from what the notebook
 * keeps of them afterwards.
 *
 * A display of a view has the widget, a text, and the name of the view; what the view showed is in
 * the metadata of the output (wfnb/watching/saving.py). We come before the widget's own renderer,
 * which shows an error where its model has gone, and hand over to it where the model is there.
 *
 * Knows: outputs, which models a kernel has. Does not know: how a view is drawn.
 * Holds: what a notebook holds is shown as text, trusted or not; a view that cannot make sense of
 *   it leaves the output to its text form. In a notebook that is not trusted no widget is shown.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { Panel, Widget } from '@lumino/widgets';
import { h } from '../dom/elements';
import { speak } from '../dom/words';
import { mountSaved } from '../saved/views';

const MIME = 'application/vnd.wfnb.view+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';
const COMMS = 'jupyter.widget';
const LOST = 'Error displaying widget';
const LOST_MS = 250;
const LOST_TRIES = 20;
const RANK = -20; // ipywidgets has -10, and the lowest is asked

export const rendererPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:renderer',
  description: 'Shows views of saved notebooks without a kernel.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, ITranslator],
  activate: (
    _: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('wfnb');
    speak(trans);
    const add = (to: IRenderMimeRegistry, panel: NotebookPanel | null) => {
      const createRenderer = () => new SavedView(panel, trans);
      to.addFactory({ safe: true, mimeTypes: [MIME], createRenderer }, RANK);
    };
    add(registry, null);
    tracker?.forEach(panel => add(panel.content.rendermime, panel));
    tracker?.widgetAdded.connect((_, panel) => add(panel.content.rendermime, panel));
  }
};

class SavedView extends Panel implements IRenderMime.IRenderer {
  private readonly saved = new Widget();
  private live: IRenderMime.IRenderer | null = null;
  private unmount: () => void = () => undefined;
  private model: IRenderMime.IMimeModel | null = null;
  private turn = 0;

  /** @param panel the notebook it is in; null elsewhere, where no model can be live. */
  constructor(
    private readonly panel: NotebookPanel | null,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('wfnb-saved');
    panel?.sessionContext.statusChanged.connect(this.onStatus, this);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const turn = ++this.turn;
    this.clear();
    const id = model.trusted ? modelId(model) : '';
    if (id && this.panel?.content.rendermime.getFactory(WIDGET)) {
      if (this.kernel?.hasComm(id)) {
        await this.delegate(model);
        return;
      }
      void this.isLive(id).then(isLive => {
        if (isLive && turn === this.turn && !this.isDisposed) {
          this.clear();
          void this.delegate(model);
        }
      });
    }
    this.showSaved(model);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.panel?.sessionContext.statusChanged.disconnect(this.onStatus, this);
      this.unmount();
    }
    super.dispose();
  }

  private get kernel() {
    return this.panel?.sessionContext.session?.kernel ?? null;
  }

  /** A page that was loaded again finds the models of its last load in the kernel. */
  private async isLive(id: string): Promise<boolean> {
    await this.panel?.sessionContext.ready;
    try {
      const reply = await this.kernel?.requestCommInfo({ target_name: COMMS });
      return reply?.content.status === 'ok' && id in reply.content.comms;
    } catch {
      return false; // the kernel has gone
    }
  }

  private async delegate(model: IRenderMime.IMimeModel): Promise<void> {
    const live = this.panel?.content.rendermime.createRenderer(WIDGET);
    if (live) {
      this.live = live;
      this.model = model;
      this.addWidget(live);
      await live.renderModel(model);
    }
  }

  /** With the kernel go the models. */
  private onStatus(_: unknown, status: string): void {
    const isOver = ['restarting', 'autorestarting', 'terminating', 'dead'].includes(status);
    if (isOver && this.live && this.model) {
      this.turn++;
      this.clear();
      this.showSaved(this.model);
    }
  }

  private clear(): void {
    this.unmount();
    this.unmount = () => undefined;
    this.live?.dispose();
    this.live = null;
    this.saved.node.replaceChildren();
  }

  private showSaved(model: IRenderMime.IMimeModel): void {
    const { turn } = this;
    const name = nameIn(model.data[MIME]);
    const [host, text] = [h('div'), h('pre', {}, textIn(model.data['text/plain']))];
    this.saved.node.replaceChildren(host);
    this.addWidget(this.saved);
    if (name !== 'story' || !model.trusted) {
      this.mount(host, name, model, text);
      hideLost(this.node, () => undefined);
      return;
    }
    host.append(text); // it stands above its live view; alone, the view follows it
    const below = h('div');
    this.saved.node.append(below);
    hideLost(this.node, isAlone => {
      if (isAlone && turn === this.turn && !this.isDisposed) {
        this.mount(below, name, model, null);
      }
    });
  }

  private mount(
    host: HTMLElement,
    name: string,
    model: IRenderMime.IMimeModel,
    instead: HTMLElement | null
  ): void {
    const unmount = mountSaved(host, name, model.metadata['wfnb']);
    if (unmount) {
      const note = this.trans.__('As it was when the cell ran.');
      host.append(h('p', { class: 'wfnb-saved-note' }, note));
      this.unmount = unmount;
    } else if (instead) {
      host.replaceChildren(instead);
    }
  }
}

/**
 * Some live views are outputs of their own, under what lasts. Where the model has gone, ipywidgets
 * says so there, and the view is here instead.
 *
 * @param done told whether no live view is there.
 */
function hideLost(node: HTMLElement, done: (isAlone: boolean) => void): void {
  let tries = 0;
  const look = () => {
    const next = node.closest('.jp-OutputArea-child')?.nextElementSibling;
    const isLost = next instanceof HTMLElement && next.textContent?.includes(LOST);
    if (isLost) {
      next.style.display = 'none';
      done(true);
    } else if (next?.querySelector('.wfnb-view')) {
      done(false);
    } else if (++tries < LOST_TRIES) {
      window.setTimeout(look, LOST_MS);
    } else {
      done(!next?.querySelector('.wfnb-view'));
    }
  };
  window.setTimeout(look, LOST_MS);
}

function modelId(model: IRenderMime.IMimeModel): string {
  const found = model.data[WIDGET] as { model_id?: unknown } | undefined;
  return typeof found?.model_id === 'string' ? found.model_id : '';
}

function nameIn(data: unknown): string {
  const found = data as { version?: unknown; view?: unknown } | null | undefined;
  return found?.version === 1 && typeof found.view === 'string' ? found.view : '';
}

function textIn(data: unknown): string {
  return Array.isArray(data) ? data.join('') : typeof data === 'string' ? data : '';
}
