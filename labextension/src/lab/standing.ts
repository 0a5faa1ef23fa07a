/**
 * How the rules of one cell stand.
 *
 * Knows: states; the texts of the cells of a notebook. Does not know: how it is shown.
 * Holds: pure. What the kernel has told of a cell stands until the cell runs again, however it is
 *   edited; but a rule or a problem whose text has gone to another cell counts for neither.
 */

import { own } from '../protocol/fold';
import { INode, IProblem } from '../protocol/kinds';
import { IRequestState, IState } from '../protocol/state';
import { locate } from './positions';
import { isUsersRule } from './texts';

/** The first that is true: what runs is more telling than what stands. */
export type Standing = 'running' | 'problem' | 'failed' | 'dirty' | 'sound';

export interface ICellState {
  readonly standing: Standing;
  readonly rules: number;
  /** Tasks that are remembered, and how many of them will be checked or run again. */
  readonly remembered: number;
  readonly stale: number;
  readonly errors: number;
  readonly warnings: number;
  /** Tasks that failed in the last request that asked for them. */
  readonly failed: number;
}

/**
 * What is said of the rules of a cell; null if it has none.
 *
 * @param others gives the texts of the other cells of its notebook.
 */
export function standingOf(
  state: IState,
  cell: string,
  text: string,
  others: () => readonly string[]
): ICellState | null {
  const isHere = (is: (text: string) => boolean) => is(text) || !others().some(is);
  const rules = rulesOf(state, cell).filter(node => isHere(one => defines(one, node.label)));
  if (!rules.length) {
    return null;
  }
  const ids = new Set(rules.map(node => node.id));
  const counts = [...ids].map(id => own(state.tasks, id) ?? { known: 0, stale: 0 });
  const problems = problemsOf(state, cell).filter(
    ({ extent }) => !extent || isHere(one => locate(one, extent) !== null)
  );
  const of = (severity: string) => problems.filter(one => one.severity === severity).length;
  const found = {
    rules: rules.length,
    remembered: counts.reduce((sum, one) => sum + one.known, 0),
    stale: counts.reduce((sum, one) => sum + one.stale, 0),
    errors: of('error'),
    warnings: of('warning'),
    failed: rules.reduce((sum, node) => sum + failures(state, node), 0)
  };
  return { standing: standing(found, isRunning(state, ids)), ...found };
}

/** Whether a text has the definition of a rule; "Gallery.resize" is defined as "resize". */
export function defines(text: string, name: string): boolean {
  const last = name.split('.').pop()?.split(' ')[0] ?? name;
  const words = text.matchAll(/(?<![\p{L}\p{N}_])def[ \t]+([\p{L}\p{N}_]+)/gu);
  return [...words].some(word => word[1] === last);
}

export function problemsOf(state: IState, cell: string): readonly IProblem[] {
  return state.problems.filter(one => cell && one.cell === cell);
}

const known = new WeakMap<IState['nodes'], Map<string, INode[]>>();

function rulesOf(state: IState, cell: string): readonly INode[] {
  let byCell = known.get(state.nodes);
  if (!byCell) {
    byCell = new Map();
    for (const node of Object.values(state.nodes)) {
      if (node.cell && isUsersRule(node)) {
        byCell.set(node.cell, [...(byCell.get(node.cell) ?? []), node]);
      }
    }
    known.set(state.nodes, byCell);
  }
  return byCell.get(cell) ?? [];
}

function standing(found: Omit<ICellState, 'standing'>, isRunning: boolean): Standing {
  if (isRunning) return 'running';
  if (found.errors) return 'problem';
  if (found.failed) return 'failed';
  return found.stale ? 'dirty' : 'sound';
}

function isRunning(state: IState, rules: ReadonlySet<string>): boolean {
  return state.requests.some(one =>
    [...one.lanes, ...one.first_waiting].some(body => rules.has(body.rule))
  );
}

/** How many tasks of a rule failed when they were last asked for, unless it was changed since. */
function failures(state: IState, rule: INode): number {
  for (const request of [...state.requests].reverse()) {
    const counts = own(request.rules, rule.id);
    if (counts && (counts.failed || counts.ran)) {
      return counts.failed && !isChangedSince(state, rule, request) ? counts.failed : 0;
    }
  }
  return 0;
}

function isChangedSince(state: IState, rule: INode, request: IRequestState): boolean {
  return state.changes.some(
    one =>
      one.kind === 'rules-changed' &&
      one.at_s > request.started_s &&
      [...one.added, ...one.changed].includes(rule.label)
  );
}
