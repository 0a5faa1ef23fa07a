/**
 * Places: from what a kernel says of a cell to the cell in a notebook.
 *
 * Knows: ids and numbers of cells, lines. Does not know: rules.
 * Holds: a cell may be in another notebook with the same kernel. A line is looked for by its text,
 *   nearest to where it was: the cell may have been edited since it ran.
 */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Cell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IPlace, rowOf } from './lines';

/** Goes to places; false if a place is in no notebook that is open. */
export type Go = (place: IPlace) => Promise<boolean>;

/** Show a place to the reader: scroll there, select the cell, put the cursor on the line. */
export function makeGo(app: JupyterFrontEnd, tracker: INotebookTracker): Go {
  return async place => {
    const found = findCell(tracker, place);
    if (!found) {
      return false;
    }
    const { panel, index } = found;
    const { content: notebook } = panel;
    app.shell.activateById(panel.id);
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'smart').catch(() => undefined);
    const cell = notebook.widgets[index];
    if (!cell) {
      return false;
    }
    if (place.line === null) {
      notebook.mode = 'command';
      notebook.activate();
      return true;
    }
    await cell.ready;
    putCursor(cell, place.line, place.source);
    notebook.mode = 'edit';
    cell.editor?.focus();
    return true;
  };
}

/** The cell of a place; its number, "In [3]", counts in the current notebook only. */
export function findCell(
  tracker: INotebookTracker,
  { cell, place }: IPlace
): { readonly panel: NotebookPanel; readonly index: number } | null {
  const current = tracker.currentWidget;
  const kernel = current?.sessionContext.session?.kernel?.id;
  const panels: NotebookPanel[] = current ? [current] : [];
  tracker.forEach(one => {
    if (one !== current && kernel && one.sessionContext.session?.kernel?.id === kernel) {
      panels.push(one);
    }
  });
  for (const panel of cell ? panels : []) {
    const index = panel.content.widgets.findIndex(one => one.model.id === cell);
    if (index >= 0) {
      return { panel, index };
    }
  }
  const number = /^In \[(\d+)\]/.exec(place)?.[1];
  if (cell || !current || number === undefined) {
    return null;
  }
  const index = current.content.widgets.findIndex(
    one => one.model.type === 'code' && String(one.model.sharedModel.toJSON()['execution_count']) === number
  );
  return index >= 0 ? { panel: current, index } : null;
}

function putCursor(cell: Cell, line: number, source: string): void {
  const lines = cell.model.sharedModel.source.split('\n');
  const row = rowOf(lines, line, source);
  const column = lines[row]?.search(/\S|$/) ?? 0;
  cell.editor?.setCursorPosition({ line: row, column });
  cell.editor?.revealPosition({ line: row, column });
}
