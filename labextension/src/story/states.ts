/** States of tasks, as they are shown: a sign, a word, and a name for the style sheet. */

import { tr } from '../dom/words';
import { TaskState } from './replay';

export interface ILook {
  readonly sign: string;
  readonly name: string;
  readonly word: () => string;
  /** So many tasks of a group are in it. */
  readonly told: (number: number) => string;
}

export const LOOKS: { readonly [state in TaskState]: ILook } = {
  unseen: {
    sign: '·',
    name: 'unseen',
    word: () => tr('not yet'),
    told: number => tr('%1 not yet', number)
  },
  asked: {
    sign: '?',
    name: 'asked',
    word: () => tr('asked for'),
    told: number => tr('%1 asked for', number)
  },
  checking: {
    sign: '~',
    name: 'checking',
    word: () => tr('checking'),
    told: number => tr('%1 checking', number)
  },
  running: {
    sign: '▶',
    name: 'running',
    word: () => tr('running'),
    told: number => tr('%1 running', number)
  },
  suspended: {
    sign: 'Ⅱ',
    name: 'suspended',
    word: () => tr('suspended'),
    told: number => tr('%1 suspended', number)
  },
  done: {
    sign: '✔',
    name: 'done',
    word: () => tr('done'),
    told: number => tr('%1 done', number)
  },
  memory: {
    sign: '↺',
    name: 'memory',
    word: () => tr('from memory'),
    told: number => tr('%1 from memory', number)
  },
  kept: {
    sign: '=',
    name: 'kept',
    word: () => tr('kept'),
    told: number => tr('%1 kept', number)
  },
  failed: {
    sign: '✖',
    name: 'failed',
    word: () => tr('failed'),
    told: number => tr('%1 failed', number)
  },
  'put back': {
    sign: '↶',
    name: 'back',
    word: () => tr('put back'),
    told: number => tr('%1 put back', number)
  },
  'cut off': {
    sign: '⊘',
    name: 'cut',
    word: () => tr('cut off'),
    told: number => tr('%1 cut off', number)
  }
};

/** Of a group, whose tasks may be in several states: "2 running, 5 done of 40". */
export function summary(states: readonly TaskState[]): string {
  const counts = new Map<TaskState, number>();
  states.forEach(one => counts.set(one, (counts.get(one) ?? 0) + 1));
  const told = (Object.keys(LOOKS) as TaskState[])
    .filter(one => counts.has(one))
    .map(one => `${LOOKS[one].sign} ${LOOKS[one].told(counts.get(one) ?? 0)}`);
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
