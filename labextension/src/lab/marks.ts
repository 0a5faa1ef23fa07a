/**
 * Marks: a line under each cell with rules that says how they stand.
 *
 * Knows: cells and their states. Does not know: how a state is found.
 * Holds: nothing is written into the notebook. What is shown by a shape is said in a word, too.
 */

import { StateEffect, StateField } from '@codemirror/state';
import { EditorView, showPanel } from '@codemirror/view';
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { h, set } from '../dom/elements';
import { ICellEditor, showInCells } from './editors';
import { ICellState, Standing, standingOf } from './standing';
import { countsText, standingWord } from './texts';
import { IEngines } from './tokens';

const SETTINGS = 'wfnb:settings';
const SIGNS: { readonly [one in Standing]: string } = {
  running: '▶',
  problem: '✖',
  failed: '⚡',
  dirty: '◐',
  sound: '✔'
};

export const marksPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:marks',
  description: 'How the rules of each cell stand.',
  autoStart: true,
  requires: [IEngines, INotebookTracker, IEditorExtensionRegistry],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    _: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    registry: IEditorExtensionRegistry,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const marks = new Marks(engines, (translator ?? nullTranslator).load('wfnb'));
    const shown = {
      name: 'wfnb:marks',
      extension: isShown,
      show: (cell: ICellEditor) => marks.show(cell)
    };
    const again = showInCells(shown, registry, tracker, engines);
    void settings?.load(SETTINGS).then(found => {
      const look = () => {
        marks.isOn = found.get('marks').composite !== false;
        again();
      };
      found.changed.connect(look);
      look();
    });
  }
};

class Marks {
  isOn = true;
  private readonly elements = new WeakMap<EditorView, HTMLElement>();

  constructor(
    private readonly engines: IEngines,
    private readonly trans: TranslationBundle
  ) {}

  show({ view, model, panel }: ICellEditor): void {
    const engine = this.isOn && model.type === 'code' ? this.engines.of(panel) : null;
    const text = view.state.doc.toString();
    const found =
      engine &&
      standingOf(engine.feed.state, model.id, text, () => others(panel, model.id));
    const mark = found && this.drawn(view, found);
    if (view.state.field(isShown, false) !== mark) {
      view.dispatch({ effects: setMark.of(mark) });
    }
  }

  private drawn(view: EditorView, found: ICellState): HTMLElement {
    const known = this.elements.get(view) ?? h('div', { role: 'note' });
    const word = standingWord(found.standing, this.trans);
    const counts = countsText(found, this.trans);
    set(known, {
      class: 'wfnb-mark',
      'data-standing': found.standing,
      'aria-label': this.trans.__('Rules of this cell: %1', [word, ...counts].join(', '))
    });
    const told = [word, ...counts].join(' · ');
    if (known.textContent !== `${SIGNS[found.standing]}${told}`) {
      known.replaceChildren(
        h('span', { class: 'wfnb-mark-sign', 'aria-hidden': 'true' }, SIGNS[found.standing]),
        h('span', {}, told)
      );
    }
    this.elements.set(view, known);
    return known;
  }
}

const setMark = StateEffect.define<HTMLElement | null>();

/** The mark that an editor shows at its lower edge. */
const isShown = StateField.define<HTMLElement | null>({
  create: () => null,
  update: (before, transaction) =>
    transaction.effects.reduce((now, one) => (one.is(setMark) ? one.value : now), before),
  provide: field => showPanel.from(field, dom => dom && (() => ({ dom })))
});

function others(panel: NotebookPanel, cell: string): readonly string[] {
  const cells = [...(panel.content.model?.cells ?? [])];
  return cells.filter(one => one.id !== cell && one.type === 'code').map(one => one.sharedModel.source);
}
