// Written from wfnb/events/state.py by `python -m wfnb.events.typescript`; do not edit.

import {
  IEdge,
  IMultiGetMoved,
  INode,
  IProblem,
  IRulesChanged,
  ITasksTouched,
  IWaiting,
  VERSION,
  WfnbEvent
} from './kinds';

export const MOST_REQUESTS = 20;
export const MOST_MULTIGETS = 20;
export const MOST_SPANS = 300;
export const MOST_WHYS = 12;
export const MOST_CHANGES = 20;
export const OTHER_REASONS = 'other reasons';

/** What is remembered of one rule. */
export interface ITaskCounts {
  readonly known: number;
  readonly stale: number;
}

/** Tasks of one rule that came to the same end for one reason. */
export interface IWhy {
  readonly what: 'ran' | 'kept' | 'failed' | 'loaded';
  readonly text: string;
  readonly count: number;
}

/** What one request did with the tasks of one rule. */
export interface IRuleCounts {
  readonly ran: number;
  readonly kept: number;
  readonly failed: number;
  readonly whys: readonly IWhy[];
  readonly loaded: number;
}

/** The body that a worker is in. */
export interface ILane {
  readonly worker: number;
  readonly task: string;
  readonly rule: string;
  readonly since_s: number;
}

/** A body that a worker was in, from when it was found there until it was found elsewhere. */
export interface ISpan {
  readonly worker: number;
  readonly task: string;
  readonly rule: string;
  readonly from_s: number;
  readonly to_s: number;
}

/** One request, running or ended. */
export interface IRequestState {
  readonly request: number;
  readonly product: string;
  readonly params: readonly string[];
  readonly is_goal: boolean;
  readonly started_s: number;
  /** "running" until it has ended. */
  readonly outcome: 'running' | 'answered' | 'failed' | 'interrupted' | 'refused' | 'started over';
  /** it was interrupted, and has not ended yet. */
  readonly is_stopping: boolean;
  readonly ended_s: number | null;
  readonly error: string;
  readonly exit_code: number | null;
  readonly cut_off: readonly string[];
  /** by rule id. */
  readonly rules: { readonly [key: string]: IRuleCounts };
  /** as last told, oldest first. */
  readonly multigets: readonly IMultiGetMoved[];
  /** what workers are in, by number of the worker. */
  readonly lanes: readonly ILane[];
  /** what they were in, by when it ended. */
  readonly spans: readonly ISpan[];
  /** bodies that are suspended, and the first of them. */
  readonly waiting: number;
  /** bodies that are suspended, and the first of them. */
  readonly first_waiting: readonly IWaiting[];
}

/** All that a view needs. */
export interface IState {
  /** the rule graph, by id. */
  readonly nodes: { readonly [key: string]: INode };
  /** the rule graph, by id. */
  readonly edges: { readonly [key: string]: IEdge };
  /** what is wrong with it, leaf causes first. */
  readonly problems: readonly IProblem[];
  /** what is remembered, by rule id. */
  readonly tasks: { readonly [key: string]: ITaskCounts };
  /** oldest first. */
  readonly requests: readonly IRequestState[];
  /** the last ones, oldest first. */
  readonly changes: readonly (IRulesChanged | ITasksTouched)[];
  /** how many requests were answered from memory, by product. */
  readonly remembered: { readonly [key: string]: number };
  /** how many requests had no events of their own. */
  readonly passed: number;
}

/** The first message to an observer: all that was told before it came. */
export interface ISnapshot {
  readonly v: typeof VERSION;
  readonly kind: 'snapshot';
  /** of the last batch that is in the state; the next one has `seq + 1`. */
  readonly seq: number;
  /** when the stream began, in seconds since 1970; every `at_s` counts from there. */
  readonly began_at_s: number;
  readonly state: IState;
}

/** All messages after the first: what happened since the last one. */
export interface IBatch {
  readonly v: typeof VERSION;
  readonly kind: 'batch';
  /** one more than that of the message before. */
  readonly seq: number;
  /** when it was put together. */
  readonly at_s: number;
  readonly events: readonly WfnbEvent[];
}

export type WfnbMessage =
  | ISnapshot
  | IBatch;
