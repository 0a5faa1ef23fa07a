/**
 * The side panel's place in JupyterLab.
 *
 * Knows: areas, settings. Does not know: what the panel shows.
 */

import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { speak } from '../dom/words';
import { wfnbIcon } from './icons';
import { Side } from './panel/side';
import { makeGo } from './places';
import { IEngines, ISide } from './tokens';

const SETTINGS = 'wfnb:settings';
const ID = 'wfnb-side';
const RANK = 850;

export const sidePlugin: JupyterFrontEndPlugin<ISide> = {
  id: 'wfnb:side',
  description: 'Problems, running requests and rules beside the notebook.',
  autoStart: true,
  requires: [IEngines, INotebookTracker],
  optional: [ILayoutRestorer, ISettingRegistry, ITranslator],
  provides: ISide,
  activate: (
    app: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('wfnb');
    speak(trans);
    const reveal = () => app.shell.activateById(ID);
    const side = new Side(engines, tracker, makeGo(app, tracker), trans, reveal);
    side.id = ID;
    side.title.icon = wfnbIcon;
    side.title.caption = trans.__('Rules: problems, running requests, what is remembered');
    let area = '';
    const place = (wanted: string) => {
      if (wanted !== area) {
        area = wanted;
        app.shell.add(side, area, { rank: RANK, type: 'wfnb' });
      }
    };
    place('right'); // before the layout is restored, so that an open panel is open again
    restorer?.add(side, ID);
    void settings
      ?.load(SETTINGS)
      .then(found => {
        const look = () => place(found.get('panel').composite === 'left' ? 'left' : 'right');
        found.changed.connect(look);
        look();
      })
      .catch(() => undefined);
    return side;
  }
};
