"""Following: one request out of all that an engine does, at a pace that a front end can take.

Knows: which events are of the request, what of them may be left out when many come at once.
Does not know: who shows it.
Holds: messages are numbered anew, without a gap. At most `MOST_A_SECOND` come, and they stay small
       whatever the request does. A request that is started over goes on under its new number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from wfnb.events.fold import fold_events
from wfnb.events.kinds import (
    Event,
    GraphChanged,
    LaneMoved,
    MultiGetMoved,
    Node,
    RequestEnded,
    RequestStarted,
    RequestStopping,
    TasksDone,
    WaitingMoved,
)
from wfnb.events.state import Batch, Message, RequestState, Snapshot, State

if TYPE_CHECKING:
    from wfnb.engine import Engine

MOST_A_SECOND = 10
MOST_LANES = 60  # in one message, before what came between is left out
_PATIENCE_S = 1.0  # how long a message may take, before we look whether the request still runs

_OfRequest = (
    RequestStarted,
    TasksDone,
    MultiGetMoved,
    LaneMoved,
    WaitingMoved,
    RequestStopping,
    RequestEnded,
)


def follow(engine: Engine, request: int) -> Iterator[Message | None]:
    """What happens to one request: a snapshot first, then batches, the last when it has ended.

    None comes now and then while there is nothing to tell. A request that has ended, or that never
    was, gives nothing.
    """
    notes: SimpleQueue[Message] = SimpleQueue()
    with engine.subscribe(notes.put) as subscription:
        picked = _Picked(request)
        due_s = 0.0
        while not picked.is_over:
            found = _next(notes, until_s=due_s)
            if not found and picked.number not in engine.running:
                subscription.catch_up()  # its end may not be told yet
                found = _all(notes)
                if not found:
                    return
            if not found:
                yield None
                continue
            message = picked.take(found)
            if message is not None:
                due_s = time.monotonic() + 1 / MOST_A_SECOND
                yield message


def _next(notes: SimpleQueue[Message], until_s: float) -> list[Message]:
    """What has come by then, or the first that comes later; nothing if none comes for long."""
    time.sleep(max(0.0, until_s - time.monotonic()))
    try:
        found = [notes.get(timeout=_PATIENCE_S)]
    except Empty:
        return []
    return found + _all(notes)


def _all(notes: SimpleQueue[Message]) -> list[Message]:
    """What has come."""
    found = []
    while not notes.empty():
        found.append(notes.get())
    return found


class _Picked:
    """What is known of the request so far.

    Attributes:
        number: by which it runs now.
        is_over: it has ended, and was not started over.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_over = False
        self._all = State()
        self._state = State()
        self._began_at_s = 0.0
        self._seq = 0
        self._is_told = False
        self._has_restarted = False

    def take(self, messages: list[Message]) -> Message | None:
        """The message for what has come; None if nothing of it is about the request."""
        events: list[Event] = []
        at_s = 0.0
        for message in messages:
            if isinstance(message, Snapshot):
                self._all = message.state
                self._began_at_s = message.began_at_s
                known = [one for one in message.state.requests if one.request == self.number]
                self._state = State(requests=tuple(known), nodes=self._nodes_of(known))
            else:
                at_s = message.at_s
                graph = [one for one in message.events if isinstance(one, GraphChanged)]
                self._all = fold_events(self._all, graph)
                events += self._pick(message.events)
        is_first = not self._is_told
        known = list(fold_events(self._state, events).requests)
        if not known:
            return None
        events = [*self._new_nodes(events), *_thinned(events)]
        self._state = fold_events(self._state, events)
        request = self._state.requests[-1]
        self.is_over = request.outcome not in ("running", "started over")
        if is_first:
            if self.is_over:
                return None
            self._is_told = True
            return Snapshot(self._seq, self._began_at_s, self._state)
        if not events:
            return None
        self._seq += 1
        return Batch(self._seq, at_s, tuple(events))

    def _pick(self, events: tuple[Event, ...]) -> Iterator[Event]:
        for event in events:
            if not isinstance(event, _OfRequest):
                continue
            if isinstance(event, RequestStarted) and self._has_restarted:
                before = self._state.requests[-1]
                if (event.product, event.params) == (before.product, before.params):
                    self.number = event.request
                    self._has_restarted = False
            if event.request == self.number:
                if isinstance(event, RequestEnded):
                    self._has_restarted = event.outcome == "started over"
                yield event

    def _new_nodes(self, events: list[Event]) -> Iterator[Event]:
        """The rules that are told of for the first time: views show their names."""
        rules = {one.rule for one in events if isinstance(one, TasksDone)}
        nodes = [self._all.nodes[one] for one in sorted(rules) if one in self._all.nodes]
        nodes = [one for one in nodes if one.id not in self._state.nodes]
        if nodes:
            yield GraphChanged(tuple(nodes), (), (), ())

    def _nodes_of(self, requests: list[RequestState]) -> dict[str, Node]:
        rules = {rule for one in requests for rule in one.rules}
        return {rule: self._all.nodes[rule] for rule in rules if rule in self._all.nodes}


def _thinned(events: list[Event]) -> list[Event]:
    """The same to the same end, without what a later event of the message says anew."""
    lanes = sum(isinstance(one, LaneMoved) for one in events)
    seen: set[object] = set()
    kept: list[Event] = []
    for event in reversed(events):
        key: object = None
        match event:
            case MultiGetMoved():
                key = (event.request, event.number)
            case WaitingMoved():
                key = event.request
            case LaneMoved() if lanes > MOST_LANES:
                key = (event.request, "lane", event.worker)
        if key is None or key not in seen:
            kept.append(event)
        seen.add(key)
    return kept[::-1]
