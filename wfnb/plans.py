"""Plans: what a request would do, found without doing it.

Knows: the memo and the links. Does not know: how anything runs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfnb.taskgraph.families import Family, Link, UnionLink
from wfnb.taskgraph.naming import describe
from wfnb.taskgraph.tasks import BOUND, CLEAN, DIRTY, NEW, Task, is_given, iter_tasks

if TYPE_CHECKING:
    from wfnb.taskgraph.graph import TaskGraph

_MOST_OF_ONE = 3  # tasks of one rule that are listed one by one


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request would do.

    Attributes:
        would_run: tasks whose rules would run, as `rule(param, …)`.
        to_check: tasks whose dependencies would be compared; they run only if one differs.
        remembered: tasks whose values would be reused.
        may_follow: names of rules that those which run may ask for; how often is not known.
    """

    would_run: tuple[str, ...]
    to_check: tuple[str, ...]
    remembered: tuple[str, ...]
    may_follow: tuple[str, ...]

    def __str__(self) -> str:
        if not (self.would_run or self.to_check or self.remembered):
            return "nothing to run: a param answers"
        lines = [f"run       {text}" for text in _grouped(self.would_run)]
        lines += [f"check     {text}" for text in _grouped(self.to_check)]
        lines += [f"reuse     {text}" for text in _grouped(self.remembered)]
        lines += [f"as needed {name}" for name in self.may_follow]
        return "\n".join(lines)

    __repr__ = __str__


def _grouped(tasks: tuple[str, ...]) -> list[str]:
    """Tasks one by one; those of a rule that has many as `rule × 16`, where its first stands."""
    counts = Counter(task.partition("(")[0] for task in tasks)
    lines: dict[str, None] = {}
    for task in tasks:
        name = task.partition("(")[0]
        lines[task if counts[name] <= _MOST_OF_ONE else f"{name} × {counts[name]}"] = None
    return list(lines)


def plan_for(graph: TaskGraph, product: type, params: tuple[object, ...]) -> Plan:
    """The plan of a request; the graph's lock is held.

    Raises:
        WiringError: it cannot be answered.
    """
    root = graph.root(product, params)
    run: list[Task] = []
    check: list[Task] = []
    reuse: list[Task] = []
    todo = [] if is_given(root) else [root]
    seen = set(todo)
    while todo:
        task = todo.pop()
        state = task.state
        if state is CLEAN:
            reuse.append(task)
            continue
        if state is DIRTY or (state is BOUND and task.family.is_cacheable):
            check.append(task)
        else:
            run.append(task)
        below = [dep for dep in iter_tasks(task.deps) if not is_given(dep)]
        for dep in reversed(below):
            if dep not in seen:
                seen.add(dep)
                todo.append(dep)
    known = {task.family for task in (*run, *check, *reuse)}
    follow: dict[Family, None] = {}
    families = [task.family for task in run if task.state is NEW]
    done = set(families)
    while families:
        family = families.pop()
        for target in _targets(family):
            if target not in known:
                follow[target] = None
            if target not in done:
                done.add(target)
                families.append(target)
    names = sorted({family.rule.name for family in follow})
    return Plan(
        tuple([describe(task) for task in run]),
        tuple([describe(task) for task in check]),
        tuple([describe(task) for task in reuse]),
        tuple(names),
    )


def _targets(family: Family) -> list[Family]:
    found: list[Family] = []
    links: list[object] = list(family.links.values())
    while links:
        link = links.pop()
        if isinstance(link, UnionLink):
            links.extend(link.members.values())
        elif isinstance(link, Link):
            found.append(link.family)
    return found
