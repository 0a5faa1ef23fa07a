"""Holding: whether what a run saw is still so.

Knows: versions and generations. Does not know: how anything is brought up to date.
"""

from __future__ import annotations

from typing import Any

from wfnb.taskgraph.tasks import FAILED, FAILURE, Task, is_settled


def still_holds(task: Task, session_number: int) -> bool:
    """Whether the definition and every dependency are still as the last run saw them."""
    return task.version == task.family.version and deps_hold(task.deps, task.seen, session_number)


def deps_hold(deps: tuple[Any, ...], seen: tuple[Any, ...], session_number: int) -> bool:
    """Whether dependencies are still as they were seen, without bringing any up to date."""
    for dep, generation in zip(deps, seen, strict=True):
        if dep.__class__ is Task:
            if not _is_as_seen(dep, generation, session_number):
                return False
        elif not all(
            _is_as_seen(one, number, session_number)
            for one, number in zip(dep, generation, strict=True)
        ):
            return False
    return True


def _is_as_seen(dep: Task, seen: int, session_number: int) -> bool:
    if not is_settled(dep, session_number):
        return False
    return seen == FAILURE if dep.state is FAILED else dep.generation == seen
