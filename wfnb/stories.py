"""Stories: what the last request did, and what is stale now, with a reason for each.

Knows: how to tell many tasks in few lines.
Does not know: how reasons are found (`reasons.py`).
Holds: lines are in the order in which rules ask, dependencies first, whatever the order of threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from wfnb.reasons import will_run
from wfnb.taskgraph.causes import withdrawn
from wfnb.taskgraph.naming import describe, label_of
from wfnb.taskgraph.tasks import (
    CLEAN,
    CLEARED,
    DIRTY,
    FAILED,
    Task,
    is_given,
    iter_dependents,
    iter_tasks,
)

if TYPE_CHECKING:
    from wfnb.reasons import Reasons
    from wfnb.reports import SessionReport
    from wfnb.taskgraph.graph import TaskGraph

_MOST_REASONS = 3  # of one kind, for tasks of one rule, that are told one by one
_MOST_LINES = 40

_Told = tuple[str, Task, str, str]  # what, who, why, and why as it fits many


@dataclass(frozen=True, slots=True)
class Line:
    """Tasks of one rule that share a reason.

    Attributes:
        what: "ran", "kept" (checked, and not run), "reused", "failed"; "run", "check", "forgotten".
        tasks: as `rule(param, …)`.
        why: a clause; "" where there is nothing to say.
    """

    what: str
    tasks: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        name = self.tasks[0].partition("(")[0]
        head = self.tasks[0] if len(self.tasks) == 1 else f"{name} × {len(self.tasks)}"
        return f"{self.what:<9} {head}" + (f": {self.why}" if self.why else "")


class Story(tuple[Line, ...]):
    """Lines, and how they read together."""

    __slots__ = ()

    def __str__(self) -> str:
        lines = [str(line) for line in self[:_MOST_LINES]]
        if len(self) > _MOST_LINES:
            lines.append(f"… and {len(self) - _MOST_LINES} more lines")
        return "\n".join(lines) or "nothing"

    __repr__ = __str__


def story_of(report: SessionReport, reasons: Reasons) -> Story:
    """What a request did; without the graph's lock, as it shows values."""
    what: dict[Task, str] = {}
    what.update(dict.fromkeys(report.tasks_cleaned, "kept"))
    what.update(dict.fromkeys(report.tasks_ran, "ran"))
    what.update(dict.fromkeys(report.tasks_failed, "failed"))
    touched = sorted(what, key=describe)
    roots = [report.root] if report.root is not None else []
    found: list[_Told] = []
    for task in _in_order([*roots, *touched], set(what)):
        if is_plumbing(task):
            continue
        kind = what.get(task, "reused")
        if kind == "ran":
            found.append((kind, task, *reasons.clauses(task)))
        else:
            why = "nothing that it stands on moved" if kind == "kept" else ""
            found.append((kind, task, why, why))
    return _grouped(found)


def stale_now(graph: TaskGraph, reasons: Reasons) -> Story:
    """Every remembered task that cannot be trusted as it is; the graph's lock is held."""
    found: list[_Told] = []
    standing = graph.rule_graph.rules
    families = sorted(graph.families.values(), key=lambda f: (f.rule.name, f.rule.module))
    for family in families:
        if family.key[0] not in standing:
            why = withdrawn(family.key[0], standing, graph.change_of).text
            tasks = [task for task in family.memo.values() if task.generation]
            found += [("forgotten", task, why, why) for task in sorted(tasks, key=describe)]
            found += [(kind, task, why, why) for kind, task in _clean_above(tasks)]
    stale = [
        task
        for family in families
        if family.key[0] in standing
        for task in sorted(family.memo.values(), key=describe)
        if task.state in (CLEARED, DIRTY) and not is_plumbing(task)
    ]
    for task in sorted(stale, key=will_run, reverse=True):
        why = reasons.pending_clause(task)
        found.append(("run" if will_run(task) else "check", task, why, why))
    return _grouped(found)


def stale_tasks(graph: TaskGraph) -> set[Task]:
    """All of these, those that are forgotten left out; the graph's lock is held."""
    found: set[Task] = set()
    standing = graph.rule_graph.rules
    for family in graph.families.values():
        tasks = list(family.memo.values())
        if family.key[0] in standing:
            found.update([task for task in tasks if task.state in (CLEARED, DIRTY)])
        else:
            found.update([task for _, task in _clean_above(t for t in tasks if t.generation)])
    return found


def is_plumbing(task: Task) -> bool:
    """Whether a task is wfnb's own and too small to tell: files looked at, digests joined."""
    rule = task.family.rule
    return rule.is_intrinsic and (rule.desc is None or label_of(task) is None)


def _clean_above(forgotten: Iterable[Task]) -> Iterator[tuple[str, Task]]:
    """What stands on tasks that the next request forgets, and counts as clean until then."""
    layer, kind = list(forgotten), "run"
    known = set(layer)
    while layer:
        above = [
            one
            for task in layer
            for one in iter_dependents(task)
            if one.state is CLEAN and one not in known and task in iter_tasks(one.deps)
        ]
        layer = list(dict.fromkeys(above))
        known.update(layer)
        yield from ((kind, task) for task in layer)
        kind = "check"


def _in_order(roots: Iterable[Task], touched: set[Task]) -> Iterator[Task]:
    """Dependencies before what stands on them; below a task that was reused nothing is told."""
    done: set[Task] = set()
    for root in roots:
        todo: list[tuple[Task, bool]] = [(root, False)]
        while todo:
            task, is_ready = todo.pop()
            if is_ready:
                yield task
                continue
            if task in done or is_given(task):
                continue
            done.add(task)
            todo.append((task, True))
            if task in touched and task.state is not FAILED:
                todo.extend((dep, False) for dep in reversed(list(iter_tasks(task.deps))))


def _grouped(found: Iterable[_Told]) -> Story:
    """Those of one rule for one reason on one line, where the first of them stands.

    Reasons that differ only in values count as one where there are many.
    """
    groups: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for kind, task, why, kind_of_why in found:
        group = groups.setdefault((kind, task.family.rule.name, kind_of_why), {})
        group.setdefault(why, []).append(describe(task))
    lines: list[Line] = []
    for (kind, _, kind_of_why), told in groups.items():
        if len(told) > _MOST_REASONS:
            lines.append(Line(kind, tuple(chain.from_iterable(told.values())), kind_of_why))
        else:
            lines += [Line(kind, tuple(tasks), why) for why, tasks in told.items()]
    return Story(lines)
