/**
 * Problems by the cell that they are about, and what was looked at when there are none.
 *
 * Knows: what a place looks like. Does not know: how it is shown.
 */

import { tr, trn } from '../dom/words';
import { IProblem } from '../protocol/kinds';
import { IState } from '../protocol/state';

export interface IGroup {
  /** The cell or the file; "" for what is about none. */
  readonly cell: string;
  readonly problems: readonly IProblem[];
}

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
  const of = (severity: string) => problems.filter(one => one.severity === severity).length;
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')];
  const told = [
    errors && trn('%1 error', '%1 errors', errors),
    warnings && trn('%1 warning', '%1 warnings', warnings),
    notes && trn('%1 note', '%1 notes', notes)
  ];
  return told.filter(Boolean).join(', ') || tr('no problems');
}

/** What has been looked at: the sentence under "no problems". */
export function checked(state: IState): string {
  const of = (kind: string) => Object.values(state.nodes).filter(one => one.kind === kind).length;
  const [rules, queries, inputs] = [of('rule'), of('query'), of('open input')];
  if (!rules) {
    return tr('There are no rules yet: a function with @rule in a cell is one.');
  }
  const whole = queries
    ? trn(
        'Checked the requests of %1 rule and %2: each has one rule to answer it.',
        'Checked the requests of %1 rules and %2: each has one rule to answer it.',
        rules,
        trn('%1 query', '%1 queries', queries)
      )
    : trn(
        'Checked the requests of %1 rule: each has one rule to answer it.',
        'Checked the requests of %1 rules: each has one rule to answer it.',
        rules
      );
  const open = trn(
    '%1 type nobody makes: open inputs, passed with a request.',
    '%1 types nobody makes: open inputs, passed with a request.',
    inputs
  );
  return inputs ? `${whole} ${open}` : whole;
}
