/**
 * Commands: what can be done about the rules of the current notebook.
 *
 * Knows: names of commands, what the kernel is asked, where its answer is shown.
 * Does not know: menus and shortcuts (schema/settings.json), how answers are found.
 * Holds: all are enabled only while the kernel of the current notebook has wfnb, but for showing
 *   the panel.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { LabIcon } from '@jupyterlab/ui-components';
import { JSONObject } from '@lumino/coreutils';
import { spotsIn, text, texts, whysIn } from './answers';
import { ask } from './asking';
import { dependantsIcon, whyIcon, wfnbIcon } from './icons';
import { runningIn } from './panel/requests';
import { Go, makeGo } from './places';
import { IAnswer, IEngine, IEngines, ISide } from './tokens';

interface IHere {
  readonly engine: IEngine;
  readonly panel: NotebookPanel;
}

interface ICommand {
  readonly label: string;
  readonly caption: string;
  readonly icon?: LabIcon;
  readonly execute: (here: IHere, args: JSONObject) => unknown;
}

export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:commands',
  description: 'Commands about the rules of a notebook.',
  autoStart: true,
  requires: [IEngines, INotebookTracker, ISide],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    side: ISide,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('wfnb');
    const doing = new Doing(side, makeGo(app, tracker), trans);
    const here = (): IHere | null => {
      const panel = tracker.currentWidget;
      const engine = engines.of(panel);
      return panel && engine && { engine, panel };
    };
    const category = trans.__('Rules (wfnb)');
    app.commands.addCommand(OPEN_PANEL, {
      label: trans.__('Show Panel'),
      caption: trans.__('Show the side panel with the rules of the notebook'),
      icon: wfnbIcon,
      execute: () => side.open()
    });
    palette?.addItem({ command: OPEN_PANEL, category });
    const commands = commandsOf(doing, trans);
    for (const [id, command] of Object.entries(commands)) {
      app.commands.addCommand(id, {
        label: command.label,
        caption: command.caption,
        ...(command.icon ? { icon: command.icon } : {}),
        isEnabled: () => here() !== null,
        isVisible: () => here() !== null,
        execute: async args => {
          const found = here();
          await (found && command.execute(found, args as JSONObject));
        }
      });
      palette?.addItem({ command: id, category });
    }
    let was = false;
    const look = () => {
      const is = here() !== null;
      if (is !== was) {
        was = is;
        Object.keys(commands).forEach(id => app.commands.notifyCommandChanged(id));
      }
    };
    engines.changed.connect(look);
    tracker.currentChanged.connect(look);
  }
};

const OPEN_PANEL = 'wfnb:open-panel';

function commandsOf(doing: Doing, trans: TranslationBundle): { readonly [id: string]: ICommand } {
  return {
    'wfnb:check-rules': {
      label: trans.__('Check Rules'),
      caption: trans.__('Show every problem of the rules'),
      execute: () => doing.side.open('problems')
    },
    'wfnb:show-graph': {
      label: trans.__('Show Rule Graph'),
      caption: trans.__('Show who makes what from what'),
      execute: () => doing.side.open('graph')
    },
    'wfnb:run-dependants': {
      label: trans.__('Run What Depends on Changed Cells'),
      caption: trans.__('Run the cells that have asked for what has changed since'),
      icon: dependantsIcon,
      execute: here => doing.runDependants(here)
    },
    'wfnb:why-rerun': {
      label: trans.__('Why Did This Run Again?'),
      caption: trans.__('Tell why the rules of this cell ran again, or will'),
      icon: whyIcon,
      execute: here => doing.why(here)
    },
    'wfnb:go-to-maker': {
      label: trans.__('Go to Rule That Makes This Type'),
      caption: trans.__('Of the type at the cursor'),
      execute: (here, args) => doing.goToMaker(here, args)
    },
    'wfnb:find-users': {
      label: trans.__('Find Rules That Use This Type'),
      caption: trans.__('Of the type at the cursor'),
      execute: (here, args) => doing.findUsers(here, args)
    },
    'wfnb:cancel': {
      label: trans.__('Cancel Requests'),
      caption: trans.__('Interrupt every request that runs; what had finished is kept'),
      execute: here => doing.cancel(here)
    },
    'wfnb:clear-cell': {
      label: trans.__('Forget What This Cell Made'),
      caption: trans.__('Have the rules of this cell run again when they are next asked for'),
      execute: here => doing.clear(here, { do: 'clear', cell: cellOf(here) })
    },
    'wfnb:clear-memo': {
      label: trans.__('Forget All That Was Made'),
      caption: trans.__('Have every rule run again when it is next asked for'),
      execute: here => doing.clear(here, { do: 'clear' })
    }
  };
}

class Doing {
  constructor(
    readonly side: ISide,
    private readonly go: Go,
    private readonly trans: TranslationBundle
  ) {}

  async why(here: IHere): Promise<void> {
    const answer = await this.ask(here, { do: 'why', cell: cellOf(here) });
    const title = this.trans.__('Why did this run again?');
    this.side.tell({ title, text: answer.done ? '' : answer.text, whys: whysIn(answer) });
  }

  async goToMaker(here: IHere, args: JSONObject): Promise<void> {
    const answer = await this.ask(here, { do: 'makers', ...subject(here, args) });
    const spots = spotsIn(answer);
    const [first] = spots;
    if (first && spots.length === 1 && (await this.go(first))) {
      return;
    }
    const title = this.trans.__('Who makes %1?', text(answer, 'type') || this.trans.__('this'));
    this.side.tell({ title, text: answer.text, spots });
  }

  async findUsers(here: IHere, args: JSONObject): Promise<void> {
    const answer = await this.ask(here, { do: 'users', ...subject(here, args) });
    const title = this.trans.__('Who uses %1?', text(answer, 'type') || this.trans.__('this'));
    this.side.tell({ title, text: answer.text, spots: spotsIn(answer) });
  }

  /** Run the cells of this notebook that would not find again what they asked for. */
  async runDependants(here: IHere): Promise<void> {
    const answer = await this.ask(here, { do: 'dependants' });
    const wanted = new Set(texts(answer, 'cells'));
    const { content, sessionContext } = here.panel;
    const cells = content.widgets.filter(one => wanted.has(one.model.id));
    const title = this.trans.__('What depends on changed cells');
    if (!cells.length) {
      const elsewhere = wanted.size ? this.trans.__('They are in another notebook.') : '';
      this.side.tell({ title, text: [answer.text, elsewhere].filter(Boolean).join('. ') });
      return;
    }
    await NotebookActions.runCells(content, cells, sessionContext);
  }

  async clear(here: IHere, what: JSONObject): Promise<void> {
    const answer = await this.ask(here, what);
    Notification.info(answer.text, { autoClose: 4000 });
  }

  /** By the kernel's own means; if it does not answer, by an interrupt, if the user wants that. */
  async cancel({ engine, panel }: IHere): Promise<void> {
    const { trans } = this;
    const running = runningIn(engine.feed.state);
    if (!running.length) {
      Notification.info(trans.__('No request runs.'), { autoClose: 4000 });
      return;
    }
    const answers = await Promise.all(running.map(request => ask(engine, { do: 'cancel', request })));
    if (answers.includes(null)) {
      Notification.warning(trans.__('The kernel does not answer while the cell runs.'), {
        autoClose: 15_000, // without it only the bell shows that there is something
        actions: [
          {
            label: trans.__('Interrupt the kernel'),
            callback: () => void panel.sessionContext.session?.kernel?.interrupt()
          }
        ]
      });
    }
  }

  private async ask({ engine }: IHere, what: JSONObject): Promise<IAnswer> {
    const busy = this.trans.__('The kernel did not answer. It may be busy with a cell.');
    return (await ask(engine, what, 5000)) ?? { done: false, text: busy };
  }
}

function cellOf({ panel }: IHere): string {
  return panel.content.activeCell?.model.id ?? '';
}

/** What is asked about: a type by name, or what the cursor of the active cell is on. */
function subject({ panel }: IHere, args: JSONObject): JSONObject {
  if (typeof args['name'] === 'string') {
    return { name: args['name'] };
  }
  const editor = panel.content.activeCell?.editor;
  const source = panel.content.activeCell?.model.sharedModel.source ?? '';
  return { text: source, at: editor ? editor.getOffsetAt(editor.getCursorPosition()) : 0 };
}
