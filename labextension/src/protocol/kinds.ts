// Written from wfnb/events by `python -m wfnb.events.typescript`; do not edit.
export const VERSION = 1;
export const MOST_REQUESTS = 20;
export const MOST_MULTIGETS = 20;
export const MOST_SPANS = 300;
export const MOST_WHYS = 12;
export const MOST_CHANGES = 20;
export const OTHER_REASONS = 'other reasons';

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
  /** "ran" to the end, was "kept" after a look at what it stands on, or "failed". */
  readonly what: 'ran' | 'kept' | 'failed';
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

/** What is remembered of one rule. */
export interface ITaskCounts {
  readonly known: number;
  readonly stale: number;
}

/** Tasks of one rule that came to the same end for one reason. */
export interface IWhy {
  readonly what: 'ran' | 'kept' | 'failed';
  readonly text: string;
  readonly count: number;
}

/** What one request did with the tasks of one rule. */
export interface IRuleCounts {
  readonly ran: number;
  readonly kept: number;
  readonly failed: number;
  readonly whys: readonly IWhy[];
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

/** A task that steps are about. */
export interface IStepTask {
  /** "resize(Photo('a.jpg'))". */
  readonly task: string;
  /** the id of its rule's node, as in events. */
  readonly rule: string;
  /** of its rule, to be read. */
  readonly name: string;
  /** the name of what it makes. */
  readonly product: string;
  /** position in the recording's `sources`; None if its text is not at hand. */
  readonly source: number | null;
  /** positions of the tasks that its value was made from, as far as steps tell of them. */
  readonly stands_on: readonly number[];
}

/** One step. */
export interface IStep {
  readonly kind: 'asked' | 'reused' | 'checked' | 'started' | 'suspended' | 'resumed' | 'finished' | 'failed' | 'cleaned' | 'put back' | 'cut off';
  /** seconds since the request began. */
  readonly at_s: number;
  /** position in the recording's `tasks`. */
  readonly task: number;
  /** the task whose body asks, likewise; None for the request itself, and where no one does. */
  readonly by: number | null;
  /** 0 is the thread that asked. */
  readonly worker: number;
  /**
   * the line of the await that is asked from, or stood at; of "failed", the line that raised; ""
   * elsewhere.
   */
  readonly place: string;
  /** of "finished" the value, of "failed" the error, of "started" the cause; as short text. */
  readonly note: string;
  /** the same as a line of the body's own source; None where it is in none. */
  readonly line: number | null;
  /** of "asked" and "reused", which request of its MultiGet this is, from 1 on. */
  readonly part: number;
  /** how many those are together; they are steps that follow each other. */
  readonly parts: number;
}

/** The text of a body as it was when it ran. */
export interface ISource {
  /** of its first line: "In [3], line 2". */
  readonly place: string;
  /** the number of that line. */
  readonly first: number;
  /** without what all of them are indented by; the first ones, if there are many. */
  readonly lines: readonly string[];
  /** how many more there are. */
  readonly left_out: number;
}

/** What one request did, step by step. */
export interface IRecording {
  /** its number, as in events; 0 for one that was answered from memory at once. */
  readonly request: number;
  readonly product: string;
  readonly params: readonly string[];
  /** as in events, or "remembered". */
  readonly outcome: string;
  readonly tasks: readonly IStepTask[];
  readonly steps: readonly IStep[];
  /** how many steps came after the last one that was kept, at least. */
  readonly dropped: number;
  readonly sources: readonly ISource[];
  /** the story of the request: what ran, was kept and reused, with the reasons. */
  readonly text: string;
}

/** A task in the drawing of a recording, or all tasks of one rule that have no box of their own. */
export interface ITaskBox {
  /** positions in the recording's `tasks`; one for a box of its own. */
  readonly tasks: readonly number[];
  /** the upper line. */
  readonly name: string;
  /** the lower line. */
  readonly detail: string;
  /** of its middle, in pixels, as all that follows. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From a task to who asked for it, or to what stands on it. */
export interface ITaskLine {
  /** position in the drawing's `boxes`, as is `target`. */
  readonly source: number;
  readonly target: number;
  /** x, y, x, y, …: curved between points 2n and 2n + 1, straight between the others. */
  readonly points: readonly number[];
  /** whether it leads against the direction of the drawing. */
  readonly is_back: boolean;
  /** whether it ends where it starts. */
  readonly is_loop: boolean;
}

/** Where everything goes. */
export interface ITaskDrawing {
  /** "down" or "right": which way lines lead. */
  readonly direction: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ITaskBox[];
  readonly lines: readonly ITaskLine[];
}

/** All that a view needs to go through a request: what a saved story holds. */
export interface IStepStory {
  readonly recording: IRecording;
  readonly drawing: ITaskDrawing;
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

export type WfnbMessage =
  | ISnapshot
  | IBatch;
