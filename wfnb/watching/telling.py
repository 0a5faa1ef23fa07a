"""Telling: engine objects become event data here, and nowhere else.

Knows: rules, tasks, diagnostics, and how users read them.
Does not know: when something is told, and to whom.
Holds: what it returns holds no object of the engine, and no value but as short text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from wfnb.events.kinds import (
    Edge,
    Event,
    GraphChanged,
    Node,
    Problem,
    ProblemsChanged,
    RequestEnded,
    RequestStarted,
    RulesChanged,
    Waiting,
)
from wfnb.places import NOWHERE, cell_of
from wfnb.rulegraph.drawing import id_of, name_of
from wfnb.rules.goals import has_effects, is_goal
from wfnb.rules.wording import cut, type_name
from wfnb.taskgraph.lines import line_of_suspended
from wfnb.taskgraph.naming import describe, short_value
from wfnb.taskgraph.tasks import CLEAN, FAILED, Attempt, Batch, Task, is_given
from wfnb.watching.extents import extent_of

if TYPE_CHECKING:
    from wfnb.definitions import Change
    from wfnb.reports import RequestFacts
    from wfnb.rulegraph.codes import Diagnostic
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import RuleKey

_WIDTH = 200

V = TypeVar("V")


def rule_id(key: RuleKey) -> str:
    """What events call a rule: the id of its node.

    Of rules that differ in nothing but the identity of classes, it is that of the first.
    """
    return id_of(name_of(key))


def task_rule_id(task: Task) -> str:
    """The same for the rule of a task; "" for a param that is handed on."""
    return "" if is_given(task) else rule_id(task.family.key[0])


def task_text(task: Task) -> str:
    """A task as users read it, whatever its params do when they are shown."""
    try:
        return clean(describe(task))
    except Exception:
        return f"{task.family.rule.name}(…)"


def clean(text: str) -> str:
    """The text without halves of characters, which no message and no file can hold."""
    return text.encode("utf-8", "replace").decode()


# -------------------------------------------------------------------- definitions


@dataclass(frozen=True, slots=True)
class Drawing:
    """A rule graph as events tell it; by id."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def draw(graph: RuleGraph, unseen: Iterable[Diagnostic] = ()) -> Drawing:
    """What a rule graph looks like, and what is wrong with it.

    Args:
        unseen: what is wrong besides, with what its rules read.
    """
    from wfnb.rulegraph.checks import in_order

    drawing = graph.to_networkx()
    nodes, edges = {}, {}
    where = {rule_id(key): rule.place for key, rule in graph.rules.items()}
    for name, found in drawing.nodes(data=True):
        id = id_of(name)
        at = where.get(id, NOWHERE)
        nodes[id] = Node(
            id, found["kind"], found["label"], found["place"], cell_of(at), extent_of(at)
        )
    for source, target, found in drawing.edges(data=True):
        ends = (id_of(source), id_of(target))
        line = found["line"]
        key = " ".join((*ends, "" if line is None else str(line), found["label"]))
        edges[key] = Edge(key, *ends, found["kind"], found["label"], line, found["is_chosen"])
    problems = in_order([*graph.diagnostics, *unseen])
    return Drawing(nodes, edges, tuple([_problem(one) for one in problems]))


def iter_changes(old: Drawing, new: Drawing) -> Iterator[Event]:
    """What has to be told to those who know the old one."""
    new_nodes, gone_nodes = _difference(old.nodes, new.nodes)
    new_edges, gone_edges = _difference(old.edges, new.edges)
    if new_nodes or gone_nodes or new_edges or gone_edges:
        yield GraphChanged(new_nodes, new_edges, gone_nodes, gone_edges)
    if new.problems != old.problems:
        yield ProblemsChanged(new.problems)


def _difference(
    old: Mapping[str, V], new: Mapping[str, V]
) -> tuple[tuple[V, ...], tuple[str, ...]]:
    changed = tuple([one for key, one in new.items() if old.get(key) != one])
    return changed, tuple([key for key in old if key not in new])


def _problem(found: Diagnostic) -> Problem:
    return Problem(
        found.code,
        found.severity,
        found.message,
        found.origin.short,
        tuple(found.reasons),
        found.fix or "",
        found.origin.text,
        cell_of(found.origin),
        extent_of(found.origin),
    )


def rules_changed(change: Change, cell: str, at_s: float) -> RulesChanged | None:
    """What a definition changed; None if that is nothing."""
    if not (change.added or change.changed or change.removed or change.cleared or change.dirtied):
        return None
    return RulesChanged(
        cell,
        tuple([rule.name for rule in change.added]),
        tuple([rule.name for rule in change.changed]),
        tuple([rule.name for rule in change.removed]),
        change.cleared,
        change.dirtied,
        at_s,
    )


# -------------------------------------------------------------------- requests


def request_started(
    number: int, product: type, params: tuple[object, ...], at_s: float
) -> RequestStarted:
    """The beginning of a request."""
    shown = tuple([value_text(param) for param in params if not has_effects(type(param))])
    return RequestStarted(number, type_name(product), shown, is_goal(product), at_s)


def request_ended(facts: RequestFacts, root: Task | None, at_s: float) -> RequestEnded:
    """The end of a request for this task."""
    error = error_text(*facts.error)
    exit_code = None
    if root is not None and root.state is FAILED:
        raised = root.error.error
        error = error_text(type(raised).__name__, raised)
    elif root is not None and is_goal(facts.query[0]):
        found = getattr(root.value, "exit_code", None)
        exit_code = found if type(found) is int else None
    cut_off = tuple(dict.fromkeys(map(task_text, facts.cut_off)))
    return RequestEnded(facts.number, facts.outcome, error, exit_code, cut_off, at_s)


def error_text(name: str, error: object) -> str:
    """The type of an error and the first line of its text."""
    try:
        text = str(error).strip().partition("\n")[0]
    except Exception:  # a user's own class may fail to give it
        text = ""
    return cut(clean(f"{name}: {text}" if text else name), _WIDTH)


def value_text(value: object) -> str:
    """A value as users read it, whatever it does when it is shown."""
    try:
        return clean(short_value(value))
    except Exception:
        return f"{type_name(type(value))}(…)"


# -------------------------------------------------------------------- bodies that wait


def waiting(attempt: Attempt) -> Waiting | None:
    """A suspended attempt; None if it goes on just now."""
    task, wanted = attempt.task, attempt.wanted
    if task is None or wanted is None:
        return None
    count = 1
    if isinstance(wanted, Batch):
        count = sum(one.state is not CLEAN for one in wanted.tasks[: wanted.limit])
    return Waiting(task_text(task), task_rule_id(task), line_of_suspended(attempt), count)
