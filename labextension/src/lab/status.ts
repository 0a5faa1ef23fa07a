/**
 * The item in the status bar: `12 rules · 1 problem · 3 running`.
 *
 * Knows: the current notebook. Does not know: what a click opens.
 * Holds: hidden while the kernel of the current notebook has no wfnb.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { h } from '../dom/elements';
import { IEngines } from './tokens';
import { statusText } from './texts';

const OPEN_PANEL = 'wfnb:open-panel';

export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:status',
  description: 'Rules, problems and running requests in the status bar.',
  autoStart: true,
  requires: [IEngines, INotebookTracker],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    bar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!bar) {
      return;
    }
    const trans = (translator ?? nullTranslator).load('wfnb');
    const button = h('button', { type: 'button', class: 'wfnb-status' });
    button.title = trans.__('Open the panel of wfnb');
    button.addEventListener('click', () => {
      if (app.commands.hasCommand(OPEN_PANEL)) {
        void app.commands.execute(OPEN_PANEL);
      }
    });
    const item = new Widget({ node: h('div', { class: 'wfnb-status-item' }, button) });
    const owner = {};
    const moved = new Signal<object, void>(owner);
    let shown = '';
    const look = () => {
      const engine = engines.of(tracker.currentWidget);
      const text = engine ? statusText(engine.feed.state, trans) : '';
      if (text !== shown) {
        shown = text;
        button.textContent = text;
        moved.emit();
      }
    };
    bar.registerStatusItem('wfnb:status', {
      item,
      align: 'left',
      rank: 20,
      isActive: () => shown !== '',
      activeStateChanged: moved
    });
    engines.changed.connect(look);
    tracker.currentChanged.connect(look);
    look();
  }
};
