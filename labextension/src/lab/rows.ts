/**
 * Rows: the rules of an engine as the side panel lists them.
 *
 * Knows: nodes, counts, the data of graphs. Does not know: how a row looks.
 * Holds: pure.
 */

import { own } from '../protocol/fold';
import { INode } from '../protocol/kinds';
import { IState } from '../protocol/state';
import { IPlace } from './lines';
import { isUsersRule } from './texts';

export interface IRow {
  readonly node: INode;
  readonly isHere: boolean;
  readonly known: number;
  readonly stale: number;
}

/** Rules of a cell, then the others; each group by name. */
export function rowsOf(state: IState, cell: string): readonly IRow[] {
  return Object.values(state.nodes)
    .filter(isUsersRule)
    .map(node => ({
      node,
      isHere: cell !== '' && node.cell === cell,
      ...(own(state.tasks, node.id) ?? { known: 0, stale: 0 })
    }))
    .sort((a, b) => Number(b.isHere) - Number(a.isHere) || compare(a.node, b.node));
}

function compare(a: INode, b: INode): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}

/** Where a rule is defined. */
export function placeOf(node: INode): IPlace {
  const { cell, place, extent } = node;
  return { cell, place, line: extent?.line ?? lineIn(place), source: extent?.text ?? '' };
}

function lineIn(place: string): number | null {
  const line = /, line (\d+)$/.exec(place)?.[1];
  return line === undefined ? null : Number(line);
}

/** The same graph, with these nodes in the middle. */
export function about(text: string, ids: readonly string[]): string {
  const data = JSON.parse(text) as { nodes?: readonly { readonly id: string }[] };
  const nodes = data.nodes ?? [];
  const focus = [...nodes.keys()].filter(number => ids.includes(nodes[number]?.id ?? ''));
  return JSON.stringify({ ...data, focus });
}
