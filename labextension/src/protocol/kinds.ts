// Written from wfnb/events/kinds.py by `python -m wfnb.events.typescript`; do not edit.

export const VERSION = 1;

/** Sent after rules were defined, redefined or withdrawn, once the engine has taken them on. */
export interface IRulesChanged {
  readonly kind: 'rules-changed';
  /** the label of the cell that did it; "" if that is not known. */
  readonly cell: string;
  /** names of rules. */
  readonly added: readonly string[];
  /** names of rules. */
  readonly changed: readonly string[];
  /** names of rules. */
  readonly removed: readonly string[];
  /** how many tasks have to run again, and how many are suspected. */
  readonly cleared: number;
  /** how many tasks have to run again, and how many are suspected. */
  readonly dirtied: number;
  readonly at_s: number;
}

/**
 * A piece of a cell's or a file's text, as an editor would mark it. A cell is told as it ran: its
 * author may have edited it since, and IPython drops empty lines before the first line and
 * indentation that all lines have. The text tells how far it is off.
 */
export interface IExtent {
  /** counted from 1. */
  readonly line: number;
  /** counted from 0, in UTF-16 code units; the last one is not part of it. */
  readonly column: number;
  /** counted from 1. */
  readonly end_line: number;
  /** counted from 0, in UTF-16 code units; the last one is not part of it. */
  readonly end_column: number;
  /** the whole first line. */
  readonly text: string;
}

/** A rule, or what stands beside rules in their graph. */
export interface INode {
  /** the same in each run of the same notebook. */
  readonly id: string;
  /** "rule", "query", "param", "open input" or "union". */
  readonly kind: string;
  /** how to show it. */
  readonly label: string;
  /** "In [3], line 2"; "" when unknown. */
  readonly place: string;
  /** id of the cell in the notebook; "" when unknown, or in a file. */
  readonly cell: string;
  /** the name where it is defined; None when unknown. */
  readonly extent: IExtent | null;
}

/** A request: from who asks to who could answer. */
export interface IEdge {
  /** unique in the graph. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** "param", "get", "call" or "query". */
  readonly kind: string;
  /** what is asked: "Thumbnail from Photo". */
  readonly label: string;
  /** of the request; None when unknown. */
  readonly line: number | null;
  /** whether what was asked so far follows it. */
  readonly is_chosen: boolean;
}

/** Sent when the rule graph looks otherwise: after definitions, and after new queries. */
export interface IGraphChanged {
  readonly kind: 'graph-changed';
  /** new ones, and those that look otherwise. */
  readonly nodes: readonly INode[];
  /** new ones, and those that look otherwise. */
  readonly edges: readonly IEdge[];
  /** ids. */
  readonly gone_nodes: readonly string[];
  /** ids. */
  readonly gone_edges: readonly string[];
}

/** A diagnostic of the rule graph. */
export interface IProblem {
  readonly code: string;
  /** "error", "warning" or "note". */
  readonly severity: string;
  readonly message: string;
  /** the line it is about; "" when unknown. */
  readonly place: string;
  /** one line each, the most telling first. */
  readonly reasons: readonly string[];
  /** what to do; "" when nothing can be said. */
  readonly fix: string;
  /** the text of that line; "" when it is not at hand. */
  readonly source: string;
  /** as in `Node`. */
  readonly cell: string;
  /** the request, the parameter or the name that it is about; None when unknown. */
  readonly extent: IExtent | null;
}

/** Sent with `GraphChanged` when what is wrong with the rules has changed. */
export interface IProblemsChanged {
  readonly kind: 'problems-changed';
  /** all of them, leaf causes first. */
  readonly problems: readonly IProblem[];
}

/**
 * Sent when tasks were cleared though no definition changed: the world moved, or they were
 * invalidated, or a value was changed in place.
 */
export interface ITasksTouched {
  readonly kind: 'tasks-touched';
  /** a clause. */
  readonly why: string;
  /** as in `RulesChanged`. */
  readonly cleared: number;
  /** as in `RulesChanged`. */
  readonly dirtied: number;
  readonly at_s: number;
}

/** Sent, while no request runs, for each rule whose numbers of tasks have changed. */
export interface ITasksCounted {
  readonly kind: 'tasks-counted';
  readonly rule: string;
  /** tasks that have a value, or had one. */
  readonly known: number;
  /** those of them that will be checked or run when they are next asked for. */
  readonly stale: number;
}

/** Sent when a request begins to run; not for one whose answer is remembered. */
export interface IRequestStarted {
  readonly kind: 'request-started';
  /** a number that no other request of the engine has. */
  readonly request: number;
  /** the name of the type that is asked for. */
  readonly product: string;
  readonly params: readonly string[];
  readonly is_goal: boolean;
  readonly at_s: number;
}

/**
 * Sent while a request runs, for the tasks of one rule that came to their end since the last
 * message for the same reason.
 */
export interface ITasksDone {
  readonly kind: 'tasks-done';
  readonly request: number;
  readonly rule: string;
  /**
   * "ran" to the end, was "kept" after a look at what it stands on, "failed", or was "loaded" from
   * disk, which an engine without results on disk never tells.
   */
  readonly what: 'ran' | 'kept' | 'failed' | 'loaded';
  /** of these tasks; to be added up. */
  readonly count: number;
  /** a clause that fits all of them; for what ran, the cause. */
  readonly why: string;
}

/**
 * Sent while a request runs, when a MultiGet of two or more has come on since last told. A MultiGet
 * that begins and ends between two messages is not told.
 */
export interface IMultiGetMoved {
  readonly kind: 'multi-get-moved';
  readonly request: number;
  /** unique within the request. */
  readonly number: number;
  /** the task whose body awaits it. */
  readonly asker: string;
  /** the line of the await; "" when unknown, or for one that is only checked. */
  readonly place: string;
  /** how many tasks; the sum of the five below. */
  readonly total: number;
  /** ran, or were kept after a look, in this request. */
  readonly done: number;
  /** were remembered. */
  readonly reused: number;
  readonly failed: number;
  /** started, and not ended: in their bodies, or suspended. */
  readonly running: number;
  /** not started. */
  readonly waiting: number;
  /** nothing will move any more. */
  readonly is_over: boolean;
}

/**
 * Sent while a request runs, when a worker is found in another body than last told. Workers are
 * looked at up to 20 times a second: what takes less may go unseen.
 */
export interface ILaneMoved {
  readonly kind: 'lane-moved';
  readonly request: number;
  /** 0 is the thread that asked. */
  readonly worker: number;
  /** "" when the worker is in no body. */
  readonly task: string;
  /** of the task; "" without one. */
  readonly rule: string;
  /** when it was found there. */
  readonly at_s: number;
}

/** A task whose body stands at an await. */
export interface IWaiting {
  readonly task: string;
  readonly rule: string;
  /** the line of the await; "" when unknown. */
  readonly place: string;
  /** how many tasks it waits for. */
  readonly wanted: number;
}

/** Sent while a request runs, when other bodies stand at an await than last told. */
export interface IWaitingMoved {
  readonly kind: 'waiting-moved';
  readonly request: number;
  /** how many do. */
  readonly count: number;
  /** at most five of them, those before which others wait first. */
  readonly first: readonly IWaiting[];
}

/** Sent when a request was interrupted, and waits for its threads to come back from bodies. */
export interface IRequestStopping {
  readonly kind: 'request-stopping';
  readonly request: number;
  readonly at_s: number;
}

/** Sent when a request has its answer or will get none; the last event of the request. */
export interface IRequestEnded {
  readonly kind: 'request-ended';
  readonly request: number;
  /**
   * "answered"; "failed", a rule raised; "interrupted"; "refused", as it could not be wired or
   * waited for itself; "started over" under another number, as its wiring changed.
   */
  readonly outcome: 'running' | 'answered' | 'failed' | 'interrupted' | 'refused' | 'started over';
  /** the type and the first line of what was raised; "" if nothing was. */
  readonly error: string;
  /** of a goal that was answered; None otherwise. */
  readonly exit_code: number | null;
  /** tasks whose bodies the interrupt ended. */
  readonly cut_off: readonly string[];
  readonly at_s: number;
}

/** Sent for requests that were answered from memory since the last message. */
export interface IRemembered {
  readonly kind: 'remembered';
  /** the name of the type that was asked for. */
  readonly product: string;
  /** how many such requests; to be added up. */
  readonly count: number;
}

/** Sent in place of the events of many short requests between two messages. */
export interface IRequestsPassed {
  readonly kind: 'requests-passed';
  /** how many requests began and ended without events of their own. */
  readonly count: number;
  /** tasks, over all of them. */
  readonly ran: number;
  /** tasks, over all of them. */
  readonly kept: number;
  /** tasks, over all of them. */
  readonly failed: number;
}

export type WfnbEvent =
  | IRulesChanged
  | IGraphChanged
  | IProblemsChanged
  | ITasksTouched
  | ITasksCounted
  | IRequestStarted
  | ITasksDone
  | IMultiGetMoved
  | ILaneMoved
  | IWaitingMoved
  | IRequestStopping
  | IRequestEnded
  | IRemembered
  | IRequestsPassed;
