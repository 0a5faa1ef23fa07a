/**
 * The editors of cells: whoever shows something in them is called when it may be another.
 *
 * JupyterLab makes an editor when a cell scrolls in, and may throw it away when the cell scrolls
 * out; what is shown comes and goes with it.
 *
 * Knows: editors, the cell and the notebook of each. Does not know: what is shown in them.
 * Holds: an editor that is in no notebook's cell is left alone. Nothing is dispatched while an
 *   editor updates itself.
 */

import { Extension } from '@codemirror/state';
import { EditorView, ViewPlugin, ViewUpdate } from '@codemirror/view';
import { ICellModel } from '@jupyterlab/cells';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IEngines } from './tokens';

export interface ICellEditor {
  readonly view: EditorView;
  readonly model: ICellModel;
  readonly panel: NotebookPanel;
}

export interface IShown {
  /** Of the editor extension. */
  readonly name: string;
  /** What every editor gets besides. */
  readonly extension?: Extension;
  /** The engine, the text or the editor is new; show what there is to show now. */
  readonly show: (cell: ICellEditor) => void;
  /** The editor goes, and may come again. */
  readonly leave?: (cell: ICellEditor) => void;
}

/** Have something shown in each cell's editor; returns what has it shown again in all of them. */
export function showInCells(
  shown: IShown,
  registry: IEditorExtensionRegistry,
  tracker: INotebookTracker,
  engines: IEngines
): () => void {
  const live = new Set<Place>();
  const plugin = (model: ICellModel) =>
    ViewPlugin.define(view => {
      const place = new Place(view, model, tracker, shown);
      live.add(place);
      place.later();
      return {
        update: (update: ViewUpdate) => {
          if (update.docChanged) {
            place.later();
          }
        },
        destroy: () => {
          live.delete(place);
          place.leave();
        }
      };
    });
  registry.addExtension({
    name: shown.name,
    factory: ({ model, inline }) => {
      if (!('sharedModel' in model) || !('id' in model) || inline === false) {
        return null; // a file
      }
      const all = [shown.extension ?? [], plugin(model as unknown as ICellModel)];
      return EditorExtensionRegistry.createImmutableExtension(all);
    }
  });
  const all = () => live.forEach(place => place.later());
  engines.changed.connect(all);
  return all;
}

/** One editor. */
class Place {
  private panel: NotebookPanel | null = null;
  private isDue = false;
  private isOver = false;

  constructor(
    private readonly view: EditorView,
    private readonly model: ICellModel,
    private readonly tracker: INotebookTracker,
    private readonly shown: IShown
  ) {}

  /** Show it once, after what goes on just now. */
  later(): void {
    if (!this.isDue) {
      this.isDue = true;
      queueMicrotask(() => {
        this.isDue = false;
        const cell = this.isOver ? null : this.find();
        if (cell) {
          this.shown.show(cell);
        }
      });
    }
  }

  leave(): void {
    const cell = this.find();
    this.isOver = true;
    if (cell) {
      this.shown.leave?.(cell);
    }
  }

  private find(): ICellEditor | null {
    if (!this.panel || this.panel.isDisposed) {
      this.panel = this.tracker.find(one => has(one, this.model)) ?? null;
    }
    return this.panel && { view: this.view, model: this.model, panel: this.panel };
  }
}

/** Whether a notebook has this very cell. */
export function has(panel: NotebookPanel, model: ICellModel): boolean {
  for (const cell of panel.content.model?.cells ?? []) {
    if (cell === model) {
      return true;
    }
  }
  return false;
}
