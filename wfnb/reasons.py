"""Reasons: why a task ran, or would run, told down to what moved first.

Knows: causes that tasks keep, and how definitions differ.
Does not know: how anything runs.
Holds: nothing here runs a rule. The text is the same for a notebook run twice from the top.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wfnb.rules.wording import listing
from wfnb.taskgraph.causes import Because, Cause, Moved, Redefined, WorldMoved, cause_of, moved
from wfnb.taskgraph.naming import describe, short_value
from wfnb.taskgraph.tasks import CLEAN, CLEARED, DIRTY, FAILED, Task, is_given

if TYPE_CHECKING:
    from wfnb.rules.rule import RuleKey
    from wfnb.taskgraph.graph import TaskGraph

Differences = Callable[["RuleKey", Any, Any], tuple[str, tuple[str, ...]]]
_DEEPEST = 12  # levels of a tree that a reader still follows
_MOST_BELOW = 6
FIRST = "asked for the first time"
AS_IT_WAS = "what it stands on came out as it was"


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a why, and the lines that explain it.

    Attributes:
        text: a sentence without a full stop.
        below: what it comes from.
    """

    text: str
    below: tuple[Reason, ...] = ()

    @property
    def roots(self) -> tuple[str, ...]:
        """The sentences that nothing explains any more: what moved first."""
        if not self.below:
            return (self.text,)
        return tuple(dict.fromkeys(text for one in self.below for text in one.roots))

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _lines(self) -> list[str]:
        lines = [self.text]
        for one in self.below:
            is_last = one is self.below[-1]
            first, *rest = one._lines()
            lines.append(f"{'└─' if is_last else '├─'} {first}")
            lines += [f"{'  ' if is_last else '│ '} {line}" for line in rest]
        return lines


class Reasons:
    """Tells reasons; of what is stale while the graph's lock is held, of what ran also without.

    Args:
        differences: the cell that made a rule mean something else, and what differs, in words.
    """

    def __init__(self, graph: TaskGraph, differences: Differences) -> None:
        self._graph = graph
        self._differences = differences
        self.lock = graph.lock

    def why(self, product: type, params: tuple[object, ...]) -> Reason:
        """Why the task of an outside request ran the last time, or would run now.

        Raises:
            WiringError: it cannot be answered.
        """
        root = self._graph.root(product, params)
        if is_given(root):
            return Reason(f"{describe(root)} is a param: nothing has to run")
        return self.of(root)

    def of(self, task: Task) -> Reason:
        """The same for any task."""
        name = describe(task)
        if task.state is FAILED:
            return Reason(f"{name} failed the last time, and will run again")
        if will_run(task):
            return Reason(f"{name} will run", self.pending(task))
        if task.state in (CLEARED, DIRTY):
            return Reason(
                f"{name} will be checked, and run if what it stands on moved", self.pending(task)
            )
        if not task.generation:
            return Reason(f"{name} has not run yet")
        cause: Cause | None = getattr(task, "cause", None)
        if cause is None:
            return Reason(f"{name} ran when it was first asked for, and has held since")
        return Reason(f"{name} ran again", self._because(cause, _DEEPEST))

    def clauses(self, task: Task) -> tuple[str, str]:
        """Why a task ran the last time: in one clause, and in one that fits many of its kind."""
        return self.clauses_of(getattr(task, "cause", None))

    def clauses_of(self, cause: Cause | None) -> tuple[str, str]:
        """The same of a cause; None stands for the first run of a task."""
        if cause is None:
            return FIRST, FIRST
        if not isinstance(cause, Moved):
            own = _first_of(self._own(cause))
            return own, own
        world = _world_below(cause)
        if world is not None:
            return world.text, world.text
        did = "failed" if cause.now is None else "gave something else"
        return self._moved(cause), f"{cause.dep.family.rule.name}, which it asked, {did}"

    def pending_clause(self, task: Task) -> str:
        """Why a stale task will run or be checked, in one clause."""
        if will_run(task):
            return _first_of(self.pending(task))
        below = [dep for dep, seen in _pairs(task) if not is_given(dep) and _is_moved(dep, seen)]
        ours = [dep for dep in below if dep.family.rule.is_intrinsic]
        if below and len(ours) == len(below):
            return _first_of(self.pending(task))
        names = dict.fromkeys(dep.family.rule.name for dep in below if dep not in ours)
        if names:
            return f"it stands on {listing(names)}"
        return AS_IT_WAS if task.state is DIRTY else "it was changed and changed back"

    # ---------------------------------------------------------------- what will be

    def pending(self, task: Task) -> tuple[Reason, ...]:
        """Why a stale task is: a cause of its own, or what moved or will run below it."""
        if will_run(task):
            return self._own(cause_of(task))
        found: list[Reason] = []
        todo, known = deque([task]), {task}
        while todo:
            above = todo.popleft()
            for dep, seen in _pairs(above):
                if dep in known or is_given(dep):
                    continue
                known.add(dep)
                if will_run(dep):
                    below = self.pending(dep)
                    is_world = isinstance(cause_of(dep), WorldMoved)
                    found += below if is_world else [Reason(f"{describe(dep)} will run", below)]
                elif dep.state in (CLEARED, DIRTY):
                    todo.append(dep)
                elif dep.generation != seen or dep.state is FAILED:
                    found += self._because(moved(dep, seen), _DEEPEST)
        return _fold(found) or ((Reason(AS_IT_WAS),) if task.state is DIRTY else ())

    # ---------------------------------------------------------------- what was

    def _because(self, cause: Cause, depth: int) -> tuple[Reason, ...]:
        if not isinstance(cause, Moved):
            return self._own(cause)
        dep = cause.dep
        world = _world_below(cause)
        if world is not None:
            return (Reason(world.text),)
        below: tuple[Reason, ...] = ()
        if dep.generation == cause.now:
            known: Cause | None = getattr(dep, "cause", None)
            if known is not None:
                below = self._because(known, depth - 1) if depth else (Reason("…"),)
        return (Reason(self._moved(cause), below),)

    def _moved(self, cause: Moved) -> str:
        dep = cause.dep
        if cause.now is None:
            return f"{describe(dep)}, which it asked, failed"
        gave = f"{describe(dep)} gave"
        with self.lock:
            generation, value, was = dep.generation, dep.value, getattr(dep, "was", None)
        if generation != cause.now:
            return f"{gave} another value"
        after = short_value(value)
        before = was if cause.now == cause.seen + 1 else None
        if before == after:
            return f"{gave} another {after}"
        return (
            f"{gave} {before} before, {after} now" if before else f"{gave} another value: {after}"
        )

    def _own(self, cause: Cause | None) -> tuple[Reason, ...]:
        if isinstance(cause, Because):
            return (Reason(cause.text),)
        assert isinstance(cause, Redefined)
        cell, parts = self._differences(cause.key, cause.old, cause.new)
        head = f"rule {cause.key.name} has changed" + (f", by {cell}" if cell else "")
        return (Reason(head, tuple([Reason(part) for part in parts])),)


def _world_below(cause: Cause | None) -> WorldMoved | None:
    """What moved in the world, if only rules that ship with wfnb lie between."""
    while isinstance(cause, Moved) and cause.dep.family.rule.is_intrinsic:
        if cause.dep.generation != cause.now:
            return None
        cause = getattr(cause.dep, "cause", None)
        if isinstance(cause, WorldMoved):
            return cause
    return None


def will_run(task: Task) -> bool:
    """Whether a stale task runs for certain; else it does if what it stands on comes out new."""
    return task.state is CLEARED and cause_of(task) is not None


def _pairs(task: Task) -> Iterator[tuple[Task, int]]:
    """Each dependency with the generation that was seen, batches opened."""
    for dep, seen in zip(task.deps, task.seen, strict=True):
        if isinstance(dep, Task):
            yield dep, seen
        else:
            yield from zip(dep, seen, strict=True)


def _is_moved(dep: Task, seen: int) -> bool:
    return dep.state is not CLEAN or dep.generation != seen


def _first_of(reasons: Sequence[Reason | str]) -> str:
    roots = [t for one in reasons for t in ((one,) if isinstance(one, str) else one.roots)]
    more = len(roots) - 1
    return roots[0] + (f", and {more} more" if more else "")


def _fold(found: list[Reason]) -> tuple[Reason, ...]:
    """Many reasons as a few: those alike but for their task are told by the first."""
    groups: dict[tuple[str, ...], list[Reason]] = {}
    for one in found:
        groups.setdefault(tuple(one.roots), []).append(one)
    kept = []
    for group in groups.values():
        first = group[0]
        if len(group) > 1:
            first = Reason(f"{first.text}, and {len(group) - 1} more", first.below)
        kept.append(first)
    if len(kept) > _MOST_BELOW:
        kept = [*kept[:_MOST_BELOW], Reason(f"{len(kept) - _MOST_BELOW} more")]
    return tuple(kept)
