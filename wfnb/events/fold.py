"""Folding: messages become the state that views show.

Knows: what each kind of event does to the state.
Does not know: who sends messages, or shows the state.
Holds: pure. A snapshot and what came after it give the same state as all messages from the start.
       An event about a request that is not known, as it is too old, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

from wfnb.events.kinds import (
    Event,
    GraphChanged,
    LaneMoved,
    MultiGetMoved,
    ProblemsChanged,
    Remembered,
    RequestEnded,
    RequestsPassed,
    RequestStarted,
    RequestStopping,
    RulesChanged,
    TasksCounted,
    TasksDone,
    TasksTouched,
    WaitingMoved,
)
from wfnb.events.state import (
    MOST_CHANGES,
    MOST_MULTIGETS,
    MOST_REQUESTS,
    MOST_SPANS,
    MOST_WHYS,
    OTHER_REASONS,
    Lane,
    Message,
    RequestState,
    RuleCounts,
    Snapshot,
    Span,
    State,
    TaskCounts,
    Why,
)

V = TypeVar("V")


class Gap(Exception):
    """A message is missing, or the first one is no snapshot: ask for a new snapshot."""


def fold(messages: Iterable[Message]) -> State:
    """The state after these messages.

    Raises:
        Gap: a message is missing.
    """
    seq: int | None = None
    state = State()
    for message in messages:
        if isinstance(message, Snapshot):
            state = message.state
        elif seq is None or message.seq != seq + 1:
            raise Gap(f"message {message.seq} after {'nothing' if seq is None else seq}")
        else:
            state = fold_events(state, message.events)
        seq = message.seq
    return state


def fold_events(state: State, events: Iterable[Event]) -> State:
    """The state after these events."""
    for event in events:
        state = fold_event(state, event)
    return state


def fold_event(state: State, event: Event) -> State:
    """The state after one event."""
    match event:
        case RulesChanged() | TasksTouched():
            return replace(state, changes=(*state.changes, event)[-MOST_CHANGES:])
        case GraphChanged():
            return replace(
                state,
                nodes=_put(state.nodes, {one.id: one for one in event.nodes}, event.gone_nodes),
                edges=_put(state.edges, {one.id: one for one in event.edges}, event.gone_edges),
            )
        case ProblemsChanged():
            return replace(state, problems=event.problems)
        case TasksCounted():
            counts = TaskCounts(event.known, event.stale)
            gone = () if event.known else (event.rule,)
            return replace(state, tasks=_put(state.tasks, {event.rule: counts}, gone))
        case Remembered():
            count = state.remembered.get(event.product, 0) + event.count
            return replace(state, remembered=_put(state.remembered, {event.product: count}))
        case RequestsPassed():
            return replace(state, passed=state.passed + event.count)
        case RequestStarted():
            started = RequestState(
                event.request, event.product, event.params, event.is_goal, event.at_s
            )
            return replace(state, requests=_bounded((*state.requests, started)))
        case TasksDone():
            return _in_request(state, event.request, lambda one: _done(one, event))
        case MultiGetMoved():
            return _in_request(state, event.request, lambda one: _multiget(one, event))
        case LaneMoved():
            return _in_request(state, event.request, lambda one: _lane(one, event))
        case WaitingMoved():
            return _in_request(
                state,
                event.request,
                lambda one: replace(one, waiting=event.count, first_waiting=event.first),
            )
        case RequestStopping():
            return _in_request(state, event.request, lambda one: replace(one, is_stopping=True))
        case RequestEnded():
            return _in_request(state, event.request, lambda one: _ended(one, event))
        case _:
            assert_never(event)


def _put(old: Mapping[str, V], new: Mapping[str, V], gone: Iterable[str] = ()) -> Mapping[str, V]:
    found = {**old, **new}
    for key in gone:
        found.pop(key, None)
    return found


def _in_request(
    state: State, request: int, change: Callable[[RequestState], RequestState]
) -> State:
    requests = tuple([change(one) if one.request == request else one for one in state.requests])
    return replace(state, requests=_bounded(requests))


def _bounded(requests: tuple[RequestState, ...]) -> tuple[RequestState, ...]:
    """All that run, and the last that have ended."""
    surplus = sum(one.outcome != "running" for one in requests) - MOST_REQUESTS
    kept = []
    for one in requests:
        if one.outcome != "running" and surplus > 0:
            surplus -= 1
        else:
            kept.append(one)
    return tuple(kept)


def _done(request: RequestState, event: TasksDone) -> RequestState:
    counts = request.rules.get(event.rule, RuleCounts())
    whys = {(why.what, why.text): why.count for why in counts.whys}
    key = (event.what, event.why)
    if key not in whys and len(whys) >= MOST_WHYS:
        key = (event.what, OTHER_REASONS)
    whys[key] = whys.get(key, 0) + event.count
    counts = RuleCounts(
        counts.ran + event.count * (event.what == "ran"),
        counts.kept + event.count * (event.what == "kept"),
        counts.failed + event.count * (event.what == "failed"),
        tuple([Why(what, text, count) for (what, text), count in whys.items()]),
        counts.loaded + event.count * (event.what == "loaded"),
    )
    return replace(request, rules=_put(request.rules, {event.rule: counts}))


def _multiget(request: RequestState, event: MultiGetMoved) -> RequestState:
    others = list(request.multigets)
    for position, one in enumerate(others):
        if one.number == event.number:
            others[position] = event
            return replace(request, multigets=tuple(others))
    return replace(request, multigets=(*others, event)[-MOST_MULTIGETS:])


def _lane(request: RequestState, event: LaneMoved) -> RequestState:
    left = [one for one in request.lanes if one.worker == event.worker]
    lanes = [one for one in request.lanes if one.worker != event.worker]
    if event.task:
        lanes.append(Lane(event.worker, event.task, event.rule, event.at_s))
    return replace(
        request,
        lanes=tuple(sorted(lanes, key=lambda one: one.worker)),
        spans=_spans(request, left, event.at_s),
    )


def _ended(request: RequestState, event: RequestEnded) -> RequestState:
    return replace(
        request,
        outcome=event.outcome,
        is_stopping=False,
        ended_s=event.at_s,
        error=event.error,
        exit_code=event.exit_code,
        cut_off=event.cut_off,
        lanes=(),
        spans=_spans(request, request.lanes, event.at_s),
        waiting=0,
        first_waiting=(),
    )


def _spans(request: RequestState, left: Iterable[Lane], at_s: float) -> tuple[Span, ...]:
    ended = [Span(one.worker, one.task, one.rule, one.since_s, at_s) for one in left]
    return (*request.spans, *ended)[-MOST_SPANS:]
