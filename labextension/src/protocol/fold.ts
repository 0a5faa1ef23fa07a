/**
 * Folding: messages become the state that views show; wfnb/events/fold.py does the same.
 *
 * Knows: what each kind of event does to the state.
 * Does not know: who sends messages, or shows the state.
 * Holds: pure; tests/protocol/vectors.json gives the same states in both languages. An event of a
 *   kind that is not known, or about a request that is too old, changes nothing.
 */

import { ILaneMoved, IMultiGetMoved, IRequestEnded, ITasksDone, WfnbEvent } from './kinds';
import {
  IBatch,
  ILane,
  IRequestState,
  ISpan,
  IState,
  IWhy,
  MOST_CHANGES,
  MOST_MULTIGETS,
  MOST_REQUESTS,
  MOST_SPANS,
  MOST_WHYS,
  OTHER_REASONS,
  WfnbMessage
} from './state';

type Mapping<V> = { readonly [key: string]: V };

export const EMPTY: IState = {
  nodes: {},
  edges: {},
  problems: [],
  tasks: {},
  requests: [],
  changes: [],
  remembered: {},
  passed: 0
};

/** A message is missing, or the first one is no snapshot. */
export class Gap extends Error {}

/** The state after these messages. Throws `Gap` when one is missing. */
export function fold(messages: Iterable<WfnbMessage>): IState {
  let seq: number | null = null;
  let state = EMPTY;
  for (const message of messages) {
    if (message.kind === 'snapshot') {
      state = message.state;
    } else if (seq === null || message.seq !== seq + 1) {
      throw new Gap(`message ${message.seq} after ${seq ?? 'nothing'}`);
    } else {
      state = foldEvents(state, message.events);
    }
    seq = message.seq;
  }
  return state;
}

/** The state after these events. */
export function foldEvents(state: IState, events: IBatch['events']): IState {
  return events.reduce(foldEvent, state);
}

/** The state after one event. */
export function foldEvent(state: IState, event: WfnbEvent): IState {
  switch (event.kind) {
    case 'rules-changed':
    case 'tasks-touched':
      return { ...state, changes: last(MOST_CHANGES, [...state.changes, event]) };
    case 'graph-changed':
      return {
        ...state,
        nodes: put(state.nodes, byId(event.nodes), event.gone_nodes),
        edges: put(state.edges, byId(event.edges), event.gone_edges)
      };
    case 'problems-changed':
      return { ...state, problems: event.problems };
    case 'tasks-counted': {
      const counts = { known: event.known, stale: event.stale };
      const gone = event.known ? [] : [event.rule];
      return { ...state, tasks: put(state.tasks, mapping(event.rule, counts), gone) };
    }
    case 'remembered': {
      const count = (own(state.remembered, event.product) ?? 0) + event.count;
      return { ...state, remembered: put(state.remembered, mapping(event.product, count)) };
    }
    case 'requests-passed':
      return { ...state, passed: state.passed + event.count };
    case 'request-started':
      return { ...state, requests: bounded([...state.requests, started(event)]) };
    case 'tasks-done':
      return inRequest(state, event.request, one => done(one, event));
    case 'multi-get-moved':
      return inRequest(state, event.request, one => multiget(one, event));
    case 'lane-moved':
      return inRequest(state, event.request, one => lane(one, event));
    case 'waiting-moved':
      return inRequest(state, event.request, one => ({
        ...one,
        waiting: event.count,
        first_waiting: event.first
      }));
    case 'request-stopping':
      return inRequest(state, event.request, one => ({ ...one, is_stopping: true }));
    case 'request-ended':
      return inRequest(state, event.request, one => ended(one, event));
    default:
      return state; // a newer kernel may know more kinds
  }
}

function started(event: Extract<WfnbEvent, { kind: 'request-started' }>): IRequestState {
  return {
    request: event.request,
    product: event.product,
    params: event.params,
    is_goal: event.is_goal,
    started_s: event.at_s,
    outcome: 'running',
    is_stopping: false,
    ended_s: null,
    error: '',
    exit_code: null,
    cut_off: [],
    rules: {},
    multigets: [],
    lanes: [],
    spans: [],
    waiting: 0,
    first_waiting: []
  };
}

function done(request: IRequestState, event: ITasksDone): IRequestState {
  const counts = own(request.rules, event.rule) ?? { ran: 0, kept: 0, failed: 0, whys: [], loaded: 0 };
  const same = (text: string) => (why: IWhy) => why.what === event.what && why.text === text;
  const whys = [...counts.whys];
  let text = event.why;
  if (!whys.some(same(text)) && whys.length >= MOST_WHYS) {
    text = OTHER_REASONS;
  }
  const position = whys.findIndex(same(text));
  const known = whys[position];
  const why = { what: event.what, text, count: (known?.count ?? 0) + event.count };
  if (known) {
    whys[position] = why;
  } else {
    whys.push(why);
  }
  const changed = { ...counts, [event.what]: counts[event.what] + event.count, whys };
  return { ...request, rules: put(request.rules, mapping(event.rule, changed)) };
}

function multiget(request: IRequestState, event: IMultiGetMoved): IRequestState {
  const position = request.multigets.findIndex(one => one.number === event.number);
  const multigets = [...request.multigets];
  if (position >= 0) {
    multigets[position] = event;
    return { ...request, multigets };
  }
  return { ...request, multigets: last(MOST_MULTIGETS, [...multigets, event]) };
}

function lane(request: IRequestState, event: ILaneMoved): IRequestState {
  const left = request.lanes.filter(one => one.worker === event.worker);
  const lanes = request.lanes.filter(one => one.worker !== event.worker);
  if (event.task) {
    lanes.push({
      worker: event.worker,
      task: event.task,
      rule: event.rule,
      since_s: event.at_s
    });
  }
  lanes.sort((a, b) => a.worker - b.worker);
  return { ...request, lanes, spans: spans(request, left, event.at_s) };
}

function ended(request: IRequestState, event: IRequestEnded): IRequestState {
  return {
    ...request,
    outcome: event.outcome,
    is_stopping: false,
    ended_s: event.at_s,
    error: event.error,
    exit_code: event.exit_code,
    cut_off: event.cut_off,
    lanes: [],
    spans: spans(request, request.lanes, event.at_s),
    waiting: 0,
    first_waiting: []
  };
}

function spans(request: IRequestState, left: readonly ILane[], at_s: number): readonly ISpan[] {
  const over = left.map(one => ({
    worker: one.worker,
    task: one.task,
    rule: one.rule,
    from_s: one.since_s,
    to_s: at_s
  }));
  return last(MOST_SPANS, [...request.spans, ...over]);
}

function inRequest(
  state: IState,
  request: number,
  change: (one: IRequestState) => IRequestState
): IState {
  const requests = state.requests.map(one => (one.request === request ? change(one) : one));
  return { ...state, requests: bounded(requests) };
}

/** All that run, and the last that have ended. */
function bounded(requests: readonly IRequestState[]): readonly IRequestState[] {
  let surplus = requests.filter(one => one.outcome !== 'running').length - MOST_REQUESTS;
  return requests.filter(one => one.outcome === 'running' || surplus-- <= 0);
}

function last<T>(most: number, all: readonly T[]): readonly T[] {
  return all.slice(-most);
}

function byId<T extends { readonly id: string }>(all: readonly T[]): Mapping<T> {
  return Object.fromEntries(all.map(one => [one.id, one]));
}

function mapping<V>(key: string, value: V): Mapping<V> {
  return Object.fromEntries([[key, value]]); // a literal would take "__proto__" for something else
}

/** The value of a key that the mapping itself has: rules and types are named by users. */
export function own<V>(all: Mapping<V>, key: string): V | undefined {
  return Object.prototype.hasOwnProperty.call(all, key) ? all[key] : undefined;
}

function put<V>(old: Mapping<V>, added: Mapping<V>, gone: readonly string[] = []): Mapping<V> {
  const entries = new Map([...Object.entries(old), ...Object.entries(added)]);
  gone.forEach(key => entries.delete(key));
  return Object.fromEntries(entries);
}
