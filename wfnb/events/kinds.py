"""The kinds of event: what observers are told.

A change here is a change to a protocol. Adding a kind, or a field with a default, keeps `VERSION`;
all else raises it. Each docstring says when the event is sent. Rules are named by the id of their
node in the graph, tasks and values as users read them (`resize(Photo('cat.jpg'))`).

Knows: fields and their units.
Does not know: where events come from, or what becomes of them.
Holds: plain data only: strings, numbers, tuples, and dataclasses of these. `at_s` is in seconds
       since the stream began. No event is sent for a single task: there may be 100,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VERSION = 1

What = Literal["ran", "kept", "failed", "loaded"]
Outcome = Literal["running", "answered", "failed", "interrupted", "refused", "started over"]

# -------------------------------------------------------------------- what events are made of


@dataclass(frozen=True, slots=True)
class Extent:
    """A piece of a cell's or a file's text, as an editor would mark it.

    A cell is told as it ran: its author may have edited it since, and IPython drops empty lines
    before the first line and indentation that all lines have. The text tells how far it is off.

    Attributes:
        line, end_line: counted from 1.
        column, end_column: counted from 0, in UTF-16 code units; the last one is not part of it.
        text: the whole first line.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A rule, or what stands beside rules in their graph.

    Attributes:
        id: the same in each run of the same notebook.
        kind: "rule", "query", "param", "open input" or "union".
        label: how to show it.
        place: "In [3], line 2"; "" when unknown.
        cell: id of the cell in the notebook; "" when unknown, or in a file.
        extent: the name where it is defined; None when unknown.
    """

    id: str
    kind: str
    label: str
    place: str
    cell: str = ""
    extent: Extent | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A request: from who asks to who could answer.

    Attributes:
        id: unique in the graph.
        kind: "param", "get", "call" or "query".
        label: what is asked: "Thumbnail from Photo".
        line: of the request; None when unknown.
        is_chosen: whether what was asked so far follows it.
    """

    id: str
    source: str
    target: str
    kind: str
    label: str
    line: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic of the rule graph.

    Attributes:
        severity: "error", "warning" or "note".
        place: the line it is about; "" when unknown.
        reasons: one line each, the most telling first.
        fix: what to do; "" when nothing can be said.
        source: the text of that line; "" when it is not at hand.
        cell: as in `Node`.
        extent: the request, the parameter or the name that it is about; None when unknown.
    """

    code: str
    severity: str
    message: str
    place: str
    reasons: tuple[str, ...]
    fix: str
    source: str = ""
    cell: str = ""
    extent: Extent | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task whose body stands at an await.

    Attributes:
        place: the line of the await; "" when unknown.
        wanted: how many tasks it waits for.
    """

    task: str
    rule: str
    place: str
    wanted: int


# -------------------------------------------------------------------- definitions


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Sent after rules were defined, redefined or withdrawn, once the engine has taken them on.

    Attributes:
        cell: the label of the cell that did it; "" if that is not known.
        added, changed, removed: names of rules.
        cleared, dirtied: how many tasks have to run again, and how many are suspected.
    """

    cell: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    cleared: int
    dirtied: int
    at_s: float


@dataclass(frozen=True, slots=True)
class GraphChanged:
    """Sent when the rule graph looks otherwise: after definitions, and after new queries.

    Attributes:
        nodes, edges: new ones, and those that look otherwise.
        gone_nodes, gone_edges: ids.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    gone_nodes: tuple[str, ...]
    gone_edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemsChanged:
    """Sent with `GraphChanged` when what is wrong with the rules has changed.

    Attributes:
        problems: all of them, leaf causes first.
    """

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class TasksTouched:
    """Sent when tasks were cleared though no definition changed: the world moved, or they were
    invalidated, or a value was changed in place.

    Attributes:
        why: a clause.
        cleared, dirtied: as in `RulesChanged`.
    """

    why: str
    cleared: int
    dirtied: int
    at_s: float


@dataclass(frozen=True, slots=True)
class TasksCounted:
    """Sent, while no request runs, for each rule whose numbers of tasks have changed.

    Attributes:
        known: tasks that have a value, or had one.
        stale: those of them that will be checked or run when they are next asked for.
    """

    rule: str
    known: int
    stale: int


# -------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class RequestStarted:
    """Sent when a request begins to run; not for one whose answer is remembered.

    Attributes:
        request: a number that no other request of the engine has.
        product: the name of the type that is asked for.
    """

    request: int
    product: str
    params: tuple[str, ...]
    is_goal: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class TasksDone:
    """Sent while a request runs, for the tasks of one rule that came to their end since the last
    message for the same reason.

    Attributes:
        what: "ran" to the end, was "kept" after a look at what it stands on, "failed", or was
            "loaded" from disk, which an engine without results on disk never tells.
        count: of these tasks; to be added up.
        why: a clause that fits all of them; for what ran, the cause.
    """

    request: int
    rule: str
    what: What
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class MultiGetMoved:
    """Sent while a request runs, when a MultiGet of two or more has come on since last told.

    A MultiGet that begins and ends between two messages is not told.

    Attributes:
        number: unique within the request.
        asker: the task whose body awaits it.
        place: the line of the await; "" when unknown, or for one that is only checked.
        total: how many tasks; the sum of the five below.
        done: ran, or were kept after a look, in this request.
        reused: were remembered.
        running: started, and not ended: in their bodies, or suspended.
        waiting: not started.
        is_over: nothing will move any more.
    """

    request: int
    number: int
    asker: str
    place: str
    total: int
    done: int
    reused: int
    failed: int
    running: int
    waiting: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class LaneMoved:
    """Sent while a request runs, when a worker is found in another body than last told.

    Workers are looked at up to 20 times a second: what takes less may go unseen.

    Attributes:
        worker: 0 is the thread that asked.
        task: "" when the worker is in no body.
        rule: of the task; "" without one.
        at_s: when it was found there.
    """

    request: int
    worker: int
    task: str
    rule: str
    at_s: float


@dataclass(frozen=True, slots=True)
class WaitingMoved:
    """Sent while a request runs, when other bodies stand at an await than last told.

    Attributes:
        count: how many do.
        first: at most five of them, those before which others wait first.
    """

    request: int
    count: int
    first: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class RequestStopping:
    """Sent when a request was interrupted, and waits for its threads to come back from bodies."""

    request: int
    at_s: float


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """Sent when a request has its answer or will get none; the last event of the request.

    Attributes:
        outcome: "answered"; "failed", a rule raised; "interrupted"; "refused", as it could not be
            wired or waited for itself; "started over" under another number, as its wiring changed.
        error: the type and the first line of what was raised; "" if nothing was.
        exit_code: of a goal that was answered; None otherwise.
        cut_off: tasks whose bodies the interrupt ended.
    """

    request: int
    outcome: Outcome
    error: str
    exit_code: int | None
    cut_off: tuple[str, ...]
    at_s: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """Sent for requests that were answered from memory since the last message.

    Attributes:
        product: the name of the type that was asked for.
        count: how many such requests; to be added up.
    """

    product: str
    count: int


@dataclass(frozen=True, slots=True)
class RequestsPassed:
    """Sent in place of the events of many short requests between two messages.

    Attributes:
        count: how many requests began and ended without events of their own.
        ran, kept, failed: tasks, over all of them.
    """

    count: int
    ran: int
    kept: int
    failed: int


Event = (
    RulesChanged
    | GraphChanged
    | ProblemsChanged
    | TasksTouched
    | TasksCounted
    | RequestStarted
    | TasksDone
    | MultiGetMoved
    | LaneMoved
    | WaitingMoved
    | RequestStopping
    | RequestEnded
    | Remembered
    | RequestsPassed
)
