/**
 * What the extension says of an engine, in few words.
 *
 * Knows: states. Does not know: where it is shown.
 * Holds: each phrase passes the translator.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { INode, IProblem, IState } from '../protocol/kinds';

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
