/**
 * Squiggles: problems under the text that they are about, with the fix on hover.
 *
 * Knows: problems, extents, diagnostics of CodeMirror. Does not know: other cells.
 * Holds: a squiggle moves with its text. It is drawn anew only when the cell's problems are others.
 */

import { Diagnostic, forEachDiagnostic, setDiagnostics } from '@codemirror/lint';
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICellModel } from '@jupyterlab/cells';
import { IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { h } from '../dom/elements';
import { severityWord } from '../dom/terms';
import { speak } from '../dom/words';
import { IProblem } from '../protocol/kinds';
import { ICellEditor, showInCells } from './editors';
import { locate } from './positions';
import { problemsOf } from './standing';
import { IEngines } from './tokens';

/** What an editor that has gone showed, and over which text. */
interface ILeft {
  readonly key: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

const LOOKS: { readonly [severity: string]: Pick<Diagnostic, 'severity' | 'markClass'> } = {
  error: { severity: 'error' },
  warning: { severity: 'warning' }
};
const NOTE = { severity: 'info', markClass: 'wfnb-note' } as const;

export const squigglesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:squiggles',
  description: 'Problems with rules in the editors of cells.',
  autoStart: true,
  requires: [IEngines, INotebookTracker, IEditorExtensionRegistry],
  optional: [ITranslator],
  activate: (
    _: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    registry: IEditorExtensionRegistry,
    translator: ITranslator | null
  ) => {
    speak((translator ?? nullTranslator).load('wfnb'));
    const squiggles = new Squiggles(engines);
    const shown = {
      name: 'wfnb:squiggles',
      show: (cell: ICellEditor) => squiggles.show(cell),
      leave: (cell: ICellEditor) => squiggles.leave(cell)
    };
    showInCells(shown, registry, tracker, engines);
  }
};

class Squiggles {
  private readonly drawn = new WeakMap<object, string>();
  private readonly left = new WeakMap<ICellModel, ILeft>();

  constructor(private readonly engines: IEngines) {}

  show({ view, model, panel }: ICellEditor): void {
    const engine = model.type === 'code' ? this.engines.of(panel) : null;
    const problems = engine ? problemsOf(engine.feed.state, model.id) : [];
    const key = problems.length ? JSON.stringify(problems) : '';
    if ((this.drawn.get(view) ?? '') === key) {
      return;
    }
    this.drawn.set(view, key);
    const text = view.state.doc.toString();
    const left = this.left.get(model);
    this.left.delete(model);
    const found =
      left?.key === key && left.text === text
        ? left.diagnostics
        : problems.map(one => diagnostic(one, text)).filter((one): one is Diagnostic => !!one);
    view.dispatch(setDiagnostics(view.state, found));
  }

  leave({ view, model }: ICellEditor): void {
    const key = this.drawn.get(view);
    if (key) {
      const diagnostics: Diagnostic[] = [];
      forEachDiagnostic(view.state, (one, from, to) => diagnostics.push({ ...one, from, to }));
      this.left.set(model, { key, text: view.state.doc.toString(), diagnostics });
    }
  }
}

function diagnostic(problem: IProblem, text: string): Diagnostic | null {
  const range = problem.extent ? locate(text, problem.extent) : null;
  if (!range) {
    return null;
  }
  return {
    ...range,
    ...(LOOKS[problem.severity] ?? NOTE),
    message: problem.message,
    renderMessage: () => shown(problem)
  };
}

function shown(problem: IProblem): HTMLElement {
  return h(
    'div',
    { class: 'wfnb-squiggle' },
    h(
      'p',
      {},
      h('span', { class: 'wfnb-squiggle-code' }, `${severityWord(problem.severity)} ${problem.code}`),
      ` ${problem.message}`
    ),
    ...problem.reasons.map(one => h('p', { class: 'wfnb-squiggle-reason' }, one)),
    problem.fix && h('p', { class: 'wfnb-squiggle-fix' }, `→ ${problem.fix}`)
  );
}
