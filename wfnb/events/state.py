"""The state: what a view needs to know of an engine, and the messages that carry it.

Knows: fields and their bounds.
Does not know: how events change it (`fold.py`).
Holds: a state never changes. Whatever could grow without end is cut at the bounds below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wfnb.events.kinds import (
    Edge,
    Event,
    MultiGetMoved,
    Node,
    Outcome,
    Problem,
    RulesChanged,
    TasksTouched,
    Waiting,
    What,
)

MOST_REQUESTS = 20  # that have ended; those that run are all kept
MOST_MULTIGETS = 20  # per request
MOST_SPANS = 300  # per request
MOST_WHYS = 12  # reasons per rule and request
MOST_CHANGES = 20
OTHER_REASONS = "other reasons"


@dataclass(frozen=True, slots=True)
class Why:
    """Tasks of one rule that came to the same end for one reason."""

    what: What
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """What one request did with the tasks of one rule."""

    ran: int = 0
    kept: int = 0
    failed: int = 0
    whys: tuple[Why, ...] = ()
    loaded: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """The body that a worker is in."""

    worker: int
    task: str
    rule: str
    since_s: float


@dataclass(frozen=True, slots=True)
class Span:
    """A body that a worker was in, from when it was found there until it was found elsewhere."""

    worker: int
    task: str
    rule: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class RequestState:
    """One request, running or ended.

    Attributes:
        outcome: "running" until it has ended.
        is_stopping: it was interrupted, and has not ended yet.
        rules: by rule id.
        multigets: as last told, oldest first.
        lanes: what workers are in, by number of the worker.
        spans: what they were in, by when it ended.
        waiting, first_waiting: bodies that are suspended, and the first of them.
    """

    request: int
    product: str
    params: tuple[str, ...]
    is_goal: bool
    started_s: float
    outcome: Outcome = "running"
    is_stopping: bool = False
    ended_s: float | None = None
    error: str = ""
    exit_code: int | None = None
    cut_off: tuple[str, ...] = ()
    rules: Mapping[str, RuleCounts] = field(default_factory=dict)
    multigets: tuple[MultiGetMoved, ...] = ()
    lanes: tuple[Lane, ...] = ()
    spans: tuple[Span, ...] = ()
    waiting: int = 0
    first_waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """What is remembered of one rule."""

    known: int
    stale: int


@dataclass(frozen=True, slots=True)
class State:
    """All that a view needs.

    Attributes:
        nodes, edges: the rule graph, by id.
        problems: what is wrong with it, leaf causes first.
        tasks: what is remembered, by rule id.
        requests: oldest first.
        changes: the last ones, oldest first.
        remembered: how many requests were answered from memory, by product.
        passed: how many requests had no events of their own.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tasks: Mapping[str, TaskCounts] = field(default_factory=dict)
    requests: tuple[RequestState, ...] = ()
    changes: tuple[RulesChanged | TasksTouched, ...] = ()
    remembered: Mapping[str, int] = field(default_factory=dict)
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The first message to an observer: all that was told before it came.

    Attributes:
        seq: of the last batch that is in the state; the next one has `seq + 1`.
        began_at_s: when the stream began, in seconds since 1970; every `at_s` counts from there.
    """

    seq: int
    began_at_s: float
    state: State


@dataclass(frozen=True, slots=True)
class Batch:
    """All messages after the first: what happened since the last one.

    Attributes:
        seq: one more than that of the message before.
        at_s: when it was put together.
    """

    seq: int
    at_s: float
    events: tuple[Event, ...]


Message = Snapshot | Batch
