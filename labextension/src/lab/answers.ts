/**
 * Answers of the kernel to questions about rules (see wfnb/notebook/questions.py), read.
 *
 * Knows: their shape. Does not know: who asks, how they are shown.
 * Holds: whatever comes, what is returned has the shape it says.
 */

import { IPlace } from './lines';

/** A place in a rule that has to do with a type. */
export interface ISpot extends IPlace {
  /** "make_thumbnail(upload: Upload) → Thumbnail". */
  readonly label: string;
  /** "makes", "takes", "asks for", "supplies". */
  readonly how: string;
}

export interface IItem {
  readonly name: string;
  readonly note: string;
  readonly lacks: readonly string[];
}

export interface IWhy {
  readonly label: string;
  readonly reasons: readonly string[];
}

export function spotsIn(answer: unknown): readonly ISpot[] {
  return list(answer, 'spots').map(one => ({
    label: text(one, 'label'),
    how: text(one, 'how'),
    cell: text(one, 'cell'),
    line: number(one, 'line'),
    source: text(one, 'source'),
    place: text(one, 'place')
  }));
}

export function itemsIn(answer: unknown): readonly IItem[] {
  return list(answer, 'items')
    .map(one => ({ name: text(one, 'name'), note: text(one, 'note'), lacks: texts(one, 'lacks') }))
    .filter(one => one.name);
}

export function whysIn(answer: unknown): readonly IWhy[] {
  return list(answer, 'rules').map(one => ({
    label: text(one, 'label'),
    reasons: texts(one, 'reasons')
  }));
}

export function text(from: unknown, name: string): string {
  const found = field(from, name);
  return typeof found === 'string' ? found : '';
}

export function texts(from: unknown, name: string): readonly string[] {
  return list(from, name).filter((one): one is string => typeof one === 'string');
}

export function number(from: unknown, name: string): number | null {
  const found = field(from, name);
  return typeof found === 'number' ? found : null;
}

function list(from: unknown, name: string): readonly unknown[] {
  const found = field(from, name);
  return Array.isArray(found) ? found : [];
}

function field(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? (from as { [name: string]: unknown })[name] : undefined;
}
