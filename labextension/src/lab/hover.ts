/**
 * Hover: on the name of a type, who makes it and from what.
 *
 * Knows: tooltips of CodeMirror. Does not know: how a name is looked up.
 * Holds: names of cells whose kernel has wfnb are looked up, no others. What is shown is text.
 */

import { EditorView, hoverTooltip, Tooltip } from '@codemirror/view';
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICellModel } from '@jupyterlab/cells';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { h } from '../dom/elements';
import { ask } from './asking';
import { number, spotsIn, text } from './answers';
import { has } from './editors';
import { Go, makeGo } from './places';
import { IAnswer, IEngines } from './tokens';

const MOST_SPOTS = 6;

export const hoverPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:hover',
  description: 'Tells who makes the type under the pointer.',
  autoStart: true,
  requires: [IEngines, INotebookTracker, IEditorExtensionRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    engines: IEngines,
    tracker: INotebookTracker,
    registry: IEditorExtensionRegistry,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('wfnb');
    const go = makeGo(app, tracker);
    const lookUp = async (model: ICellModel, view: EditorView, at: number) => {
      const panel = tracker.find(one => has(one, model)) ?? null;
      const engine = model.type === 'code' ? engines.of(panel) : null;
      const source = view.state.doc.toString();
      if (!engine || !isName(source, at)) {
        return null;
      }
      const answer = await ask(engine, { do: 'hover', text: source, at });
      const isSame = view.state.doc.toString() === source; // not typed meanwhile
      return answer?.done && isSame ? tooltip(answer, go, trans) : null;
    };
    registry.addExtension({
      name: 'wfnb:hover',
      factory: ({ model, inline }) => {
        if (!('sharedModel' in model) || !('id' in model) || inline === false) {
          return null; // a file
        }
        const cell = model as unknown as ICellModel;
        return EditorExtensionRegistry.createImmutableExtension(
          hoverTooltip((view, at) => lookUp(cell, view, at))
        );
      }
    });
  }
};

function isName(source: string, at: number): boolean {
  return /[\p{L}\p{N}_]/u.test(source.slice(Math.max(0, at - 1), at + 1));
}

function tooltip(answer: IAnswer, go: Go, trans: TranslationBundle): Tooltip | null {
  const [pos, end] = [number(answer, 'begin'), number(answer, 'end')];
  if (pos === null || end === null) {
    return null;
  }
  return { pos, end, above: true, create: () => ({ dom: shown(answer, go, trans) }) };
}

function shown(answer: IAnswer, go: Go, trans: TranslationBundle): HTMLElement {
  const spots = spotsIn(answer);
  const more = spots.length - MOST_SPOTS;
  const doc = text(answer, 'doc');
  return h(
    'div',
    { class: 'wfnb-hover' },
    h('p', { class: 'wfnb-hover-type' }, text(answer, 'type')),
    doc && h('p', { class: 'wfnb-hover-doc' }, doc),
    answer.text && h('p', {}, answer.text),
    ...spots.slice(0, MOST_SPOTS).map(spot => {
      const button = h('button', { type: 'button' }, spot.place);
      button.addEventListener('click', () => void go(spot));
      const where = spot.place && (spot.cell ? button : spot.place);
      return h('p', {}, trans.__('made by '), h('code', {}, spot.label), where ? ' · ' : '', where);
    }),
    more > 0 && h('p', {}, trans.__('and %1 more', more))
  );
}
