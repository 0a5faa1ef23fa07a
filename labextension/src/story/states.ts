/** States of tasks, as they are shown: a sign, a word, and a name for the style sheet. */

import { TaskState } from './replay';

export interface ILook {
  readonly sign: string;
  readonly word: string;
  readonly name: string;
}

export const LOOKS: { readonly [state in TaskState]: ILook } = {
  unseen: { sign: '·', word: 'not yet', name: 'unseen' },
  asked: { sign: '?', word: 'asked for', name: 'asked' },
  checking: { sign: '~', word: 'checking', name: 'checking' },
  running: { sign: '▶', word: 'running', name: 'running' },
  suspended: { sign: 'Ⅱ', word: 'suspended', name: 'suspended' },
  done: { sign: '✔', word: 'done', name: 'done' },
  memory: { sign: '↺', word: 'from memory', name: 'memory' },
  kept: { sign: '=', word: 'kept', name: 'kept' },
  failed: { sign: '✖', word: 'failed', name: 'failed' },
  'put back': { sign: '↶', word: 'put back', name: 'back' },
  'cut off': { sign: '⊘', word: 'cut off', name: 'cut' }
};

/** Of a group, whose tasks may be in several states: "2 running, 5 done of 40". */
export function summary(states: readonly TaskState[]): string {
  const counts = new Map<TaskState, number>();
  states.forEach(one => counts.set(one, (counts.get(one) ?? 0) + 1));
  const told = (Object.keys(LOOKS) as TaskState[])
    .filter(one => counts.has(one))
    .map(one => `${LOOKS[one].sign} ${counts.get(one) ?? 0} ${LOOKS[one].word}`);
  return told.join(', ');
}

/** The state that says most of a group: what moves, else what went wrong, else what is left. */
export function foremost(states: readonly TaskState[]): TaskState {
  const order: readonly TaskState[] = [
    'running',
    'checking',
    'suspended',
    'failed',
    'asked',
    'put back',
    'cut off',
    'unseen',
    'done',
    'kept',
    'memory'
  ];
  return order.find(one => states.includes(one)) ?? 'unseen';
}
