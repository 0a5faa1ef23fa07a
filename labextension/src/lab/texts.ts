/**
 * What the extension says of an engine, in few words.
 *
 * Knows: states. Does not know: where it is shown.
 * Holds: each phrase passes the translator.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { INode, IProblem } from '../protocol/kinds';
import { IState } from '../protocol/state';
import type { ICellState, Standing } from './standing';

/** "12 rules · 1 problem · 3 running"; what there is none of is left out, but rules. */
export function statusText(state: IState, trans: TranslationBundle): string {
  const rules = Object.values(state.nodes).filter(isUsersRule).length;
  const problems = state.problems.filter(isProblem).length;
  const running = state.requests.filter(one => one.outcome === 'running').length;
  return [
    trans._n('%1 rule', '%1 rules', rules),
    problems ? trans._n('%1 problem', '%1 problems', problems) : '',
    running ? trans.__('%1 running', running) : ''
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Not one that wfnb brings. */
export function isUsersRule(node: INode): boolean {
  return node.kind === 'rule' && !node.id.startsWith('rule|wfnb.');
}

/** Whether something ought to be done; a note is none. */
export function isProblem(problem: IProblem): boolean {
  return problem.severity !== 'note';
}

export function standingWord(standing: Standing, trans: TranslationBundle): string {
  switch (standing) {
    case 'running':
      return trans.__('running');
    case 'problem':
      return trans.__('problem');
    case 'failed':
      return trans.__('failed');
    case 'dirty':
      return trans.__('dirty');
    case 'sound':
      return trans.__('sound');
  }
}

/** "2 rules", "1 error", "12 remembered", "3 to redo": what there is of it. */
export function countsText(found: ICellState, trans: TranslationBundle): readonly string[] {
  return [
    trans._n('%1 rule', '%1 rules', found.rules),
    found.errors ? trans._n('%1 error', '%1 errors', found.errors) : '',
    found.warnings ? trans._n('%1 warning', '%1 warnings', found.warnings) : '',
    found.failed ? trans.__('%1 failed', found.failed) : '',
    found.remembered ? trans.__('%1 remembered', found.remembered) : '',
    found.stale ? trans.__('%1 to redo', found.stale) : ''
  ].filter(Boolean);
}
