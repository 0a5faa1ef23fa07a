/**
 * Problems by the cell that they are about, and what was looked at when there are none.
 *
 * Knows: what a place looks like. Does not know: how it is shown.
 */

import { count } from '../dom/texts';
import { IProblem } from '../protocol/kinds';
import { IState } from '../protocol/state';

export interface IGroup {
  /** The cell or the file; "" for what is about none. */
  readonly cell: string;
  readonly problems: readonly IProblem[];
}

const SEVERITIES = ['error', 'warning', 'note'] as const;
const PLACE = /^(.*)(?:, line |:)(\d+)$/s;

/** Groups in the order of their first problem; within one, as the engine told them. */
export function byCell(problems: readonly IProblem[]): readonly IGroup[] {
  const groups = new Map<string, IProblem[]>();
  for (const problem of problems) {
    const cell = splitPlace(problem.place).cell;
    groups.set(cell, [...(groups.get(cell) ?? []), problem]);
  }
  return [...groups].map(([cell, found]) => ({ cell, problems: found }));
}

/** "In [3], line 2" is of the cell "In [3]", line 2; "a.py:12" of the file a.py, line 12. */
export function splitPlace(place: string): { cell: string; line: number | null } {
  const match = PLACE.exec(place);
  return match ? { cell: match[1] ?? '', line: Number(match[2]) } : { cell: place, line: null };
}

/** "2 errors, 1 note"; "no problems". */
export function summary(problems: readonly IProblem[]): string {
  const told = SEVERITIES.map(severity => {
    const found = problems.filter(one => one.severity === severity).length;
    return found ? count(found, severity) : '';
  });
  return told.filter(Boolean).join(', ') || 'no problems';
}

/** What has been looked at: the sentence under "no problems". */
export function checked(state: IState): string {
  const of = (kind: string) => Object.values(state.nodes).filter(one => one.kind === kind).length;
  if (!of('rule')) {
    return 'There are no rules yet: a function with @rule in a cell is one.';
  }
  const queries = of('query');
  const whose = `${count(of('rule'), 'rule')}${queries ? ` and ${count(queries, 'query', 'queries')}` : ''}`;
  const inputs = of('open input');
  const open = inputs ? ` ${count(inputs, 'type')} nobody makes: open inputs, passed with a request.` : '';
  return `Checked the requests of ${whose}: each has one rule to answer it.${open}`;
}
