/**
 * Lines: where in a cell something is, as the kernel tells it, and where that is in the text now.
 *
 * Knows: lines. Does not know: cells.
 */

export interface IPlace {
  /** The id of a cell; "" when unknown. */
  readonly cell: string;
  /** Counted from 1; null for the cell as a whole. */
  readonly line: number | null;
  /** The text of the line; "" when unknown. */
  readonly source: string;
  /** "In [3], line 2". */
  readonly place: string;
}

/** The row, counted from 0, that has this text and is nearest to the line where it was. */
export function rowOf(lines: readonly string[], line: number, source: string): number {
  const wanted = source.trim();
  const rows = [...lines.keys()].filter(row => wanted && lines[row]?.trim() === wanted);
  const distance = (row: number) => Math.abs(row + 1 - line);
  const [nearest] = rows.sort((a, b) => distance(a) - distance(b));
  return nearest ?? Math.min(Math.max(line - 1, 0), lines.length - 1);
}
