/**
 * Where in a cell's text an extent is now.
 *
 * The kernel tells where it was when the cell ran. Lines above may have come or gone since, and
 * IPython drops empty lines at the beginning and indentation that all lines have; so the line is
 * looked for by its text, nearest to where it was.
 *
 * Knows: lines, UTF-16 offsets. Does not know: editors.
 */

import { IExtent } from '../protocol/kinds';

export interface IRange {
  readonly from: number;
  readonly to: number;
}

/** Offsets in the text; null if the line is there no more. */
export function locate(text: string, extent: IExtent): IRange | null {
  const lines = text.split('\n');
  const wanted = extent.text.trim();
  const distance = (row: number) => Math.abs(row + 1 - extent.line);
  const rows = [...lines.keys()].filter(row => lines[row]?.trim() === wanted);
  const row = rows.sort((a, b) => distance(a) - distance(b))[0] ?? -1;
  const first = lines[row];
  if (first === undefined) {
    return null;
  }
  const shift = indent(first) - indent(extent.text);
  const last = row + extent.end_line - extent.line;
  const end =
    lines[last] === undefined
      ? first.length + offset(lines, row)
      : offset(lines, last) + clamp(extent.end_column + shift, lines[last]);
  const from = offset(lines, row) + clamp(extent.column + shift, first);
  return { from, to: Math.max(from, end) };
}

function offset(lines: readonly string[], row: number): number {
  return lines.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function clamp(column: number, line: string): number {
  return Math.min(Math.max(column, 0), line.length);
}
