/**
 * Replay: what every task is doing after the first n steps of a recording.
 *
 * The engine notes what it does, not what follows from it. A body that asks stands at its await
 * until the answer is there, whether its coroutine was put aside for that or the task was made
 * right above it on the stack: both are "suspended" here, as they are for who reads the rule.
 *
 * Knows: steps. Does not know: words, pictures.
 * Holds: a pure fold. Whatever way one walks, the stage at n is that of the first n steps.
 */

import { IRecording } from '../protocol/steps';

export type TaskState =
  | 'unseen'
  | 'asked'
  | 'checking'
  | 'running'
  | 'suspended'
  | 'done'
  | 'memory'
  | 'kept'
  | 'failed'
  | 'put back'
  | 'cut off';

export interface ITaskNow {
  readonly state: TaskState;
  /** The line of its own source at which it stands; null while there is none. */
  readonly line: number | null;
  /** Its value or its error as text, once there is one. */
  readonly note: string;
  readonly worker: number;
  /** What it has asked for and not got yet, in the order of asking. */
  readonly wants: readonly number[];
  /** Its coroutine, or the look at it, was put aside: only a step of its own takes it further. */
  readonly isAside: boolean;
}

/** By position in the recording's tasks. */
export type Stage = readonly ITaskNow[];

const UNSEEN: ITaskNow = {
  state: 'unseen',
  line: null,
  note: '',
  worker: 0,
  wants: [],
  isAside: false
};
const SETTLED: ReadonlySet<TaskState> = new Set<TaskState>(['done', 'memory', 'kept', 'failed']);
const EVERY = 64;

/** Whether a task has its answer. */
export function isSettled(state: TaskState): boolean {
  return SETTLED.has(state);
}

/** Before the first step. */
export function beginning(recording: IRecording): Stage {
  return recording.tasks.map(() => UNSEEN);
}

/** One step further: step `n`, of a stage at n. */
export function advance(recording: IRecording, stage: Stage, n: number): Stage {
  const step = recording.steps[n];
  if (step === undefined) {
    return stage;
  }
  const next = [...stage];
  const change = (task: number, to: Partial<ITaskNow>) => {
    next[task] = { ...(next[task] ?? UNSEEN), ...to };
  };
  const before = stage[step.task] ?? UNSEEN;
  switch (step.kind) {
    case 'asked':
    case 'reused':
      if (before.state === 'unseen') {
        change(step.task, { state: step.kind === 'asked' ? 'asked' : 'memory', note: step.note });
      }
      if (step.by !== null) {
        const asker = stage[step.by] ?? UNSEEN;
        const kept = isSameAwait(recording, n) ? asker.wants : [];
        const wants = step.kind === 'asked' ? [...kept, step.task] : kept;
        const state = wants.length ? 'suspended' : 'running';
        change(step.by, { state, wants, line: step.line ?? asker.line, isAside: false });
      }
      return next;
    case 'checked':
      change(step.task, { state: 'checking', worker: step.worker });
      return next;
    case 'started':
      change(step.task, {
        ...UNSEEN,
        state: 'running',
        worker: step.worker,
        line: step.line
      });
      return next;
    case 'suspended':
      change(step.task, {
        state: before.state === 'checking' ? 'checking' : 'suspended',
        line: step.line ?? before.line,
        isAside: true
      });
      return next;
    case 'resumed':
      change(step.task, {
        state: before.state === 'checking' ? 'checking' : 'running',
        worker: step.worker,
        wants: [],
        isAside: false
      });
      return next;
    case 'finished':
    case 'cleaned':
    case 'failed': {
      const state = ({ finished: 'done', cleaned: 'kept', failed: 'failed' } as const)[step.kind];
      const line = step.kind === 'failed' ? (step.line ?? before.line) : null;
      change(step.task, { state, line, note: step.note, wants: [], isAside: false });
      for (const asker of waitingFor(stage, step.task)) {
        const now = next[asker] ?? UNSEEN;
        const wants = now.wants.filter(one => one !== step.task);
        const goesOn = now.state === 'suspended' && !now.isAside && !wants.length;
        change(asker, { wants, state: goesOn ? 'running' : now.state });
      }
      return next;
    }
    case 'put back':
    case 'cut off':
      change(step.task, { state: step.kind, line: null, wants: [], isAside: false });
      return next;
  }
}

/** Who waits for a task, by position. */
export function waitingFor(stage: Stage, task: number): readonly number[] {
  return stage.flatMap((now, asker) => (now.wants.includes(task) ? [asker] : []));
}

/** Whether step `n` asks in the same breath as the one before: further tasks of one MultiGet. */
export function isSameAwait(recording: IRecording, n: number): boolean {
  const [step, last] = [recording.steps[n], recording.steps[n - 1]];
  return (
    step !== undefined &&
    last !== undefined &&
    step.part > 1 &&
    last.part === step.part - 1 &&
    last.by === step.by
  );
}

/** The steps of the MultiGet, or of the one request, that step `n` is part of: [first, end). */
export function awaitOf(recording: IRecording, n: number): readonly [number, number] {
  let [first, end] = [n, n + 1];
  while (isSameAwait(recording, first)) first -= 1;
  while (isSameAwait(recording, end)) end += 1;
  return [first, end];
}

/** Stages of one recording, fast in both directions. */
export class Replay {
  constructor(readonly recording: IRecording) {
    this._kept.set(0, beginning(recording));
  }

  /** How many steps there are; stages are at 0 to this. */
  get length(): number {
    return this.recording.steps.length;
  }

  /** After the first n steps. */
  at(n: number): Stage {
    const wanted = Math.max(0, Math.min(this.length, Math.trunc(n) || 0));
    let from = wanted;
    while (!this._kept.has(from)) {
      from = from % EVERY ? from - (from % EVERY) : from - EVERY;
    }
    let stage = this._kept.get(from) ?? beginning(this.recording);
    if (this._last[0] <= wanted && this._last[0] > from) {
      [from, stage] = this._last;
    }
    for (; from < wanted; ) {
      stage = advance(this.recording, stage, from);
      from += 1;
      if (from % EVERY === 0) {
        this._kept.set(from, stage);
      }
    }
    this._last = [wanted, stage];
    return stage;
  }

  private readonly _kept = new Map<number, Stage>();
  private _last: readonly [number, Stage] = [0, []];
}
