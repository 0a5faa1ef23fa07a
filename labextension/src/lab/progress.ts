/**
 * Whether requests that take long are shown under cells, too: a setting, told to each kernel.
 *
 * Knows: the setting, which engines have been told. Does not know: how they are shown.
 * Holds: a kernel is told when it differs from what kernels do by themselves, or did so before.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ask } from './asking';
import { IEngines } from './tokens';

const SETTINGS = 'wfnb:settings';

export const progressPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:progress',
  description: 'Whether progress is shown under cells.',
  autoStart: true,
  requires: [IEngines, INotebookTracker],
  optional: [ISettingRegistry],
  activate: (
    _: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    settings: ISettingRegistry | null
  ) => {
    const told = new WeakMap<object, boolean>();
    let wanted = true;
    const look = () =>
      tracker.forEach(panel => {
        const engine = engines.of(panel);
        if (engine && (told.get(engine.feed) ?? true) !== wanted) {
          told.set(engine.feed, wanted);
          void ask(engine, { do: 'progress', wanted });
        }
      });
    void settings
      ?.load(SETTINGS)
      .then(found => {
        const read = () => {
          wanted = found.get('progress').composite !== false;
          look();
        };
        found.changed.connect(read);
        engines.changed.connect(look);
        read();
      })
      .catch(() => undefined);
  }
};
