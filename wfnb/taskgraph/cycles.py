"""Cycles among suspended attempts, found when their session has nothing else to do.

Knows: who waits for what.
Does not know: how the wait came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from wfnb.taskgraph.tasks import RUNNING, Attempt, Task

if TYPE_CHECKING:
    from wfnb.taskgraph.sessions import Session


def find_cycle(
    suspects: Iterable[Attempt], sessions: Mapping[int, Session]
) -> list[Attempt] | None:
    """The attempts of one cycle, each waiting for the next, the last for the first; or None.

    Args:
        suspects: attempts that asked for a task already running. Every cycle has one of them,
            since a task nobody had started cannot be waiting.

    Cost: each waiting attempt is visited once.
    """
    done: set[int] = set()
    for suspect in suspects:
        if suspect.task is None or _current(suspect.task, sessions) is not suspect:
            continue
        path: list[Attempt] = []
        on_path: dict[int, int] = {}
        walk: list[Iterator[Attempt]] = [iter([suspect])]
        while walk:
            attempt = next(walk[-1], None)
            if attempt is None:
                walk.pop()
                if path:
                    del on_path[id(path[-1])]
                    path.pop()
                continue
            if id(attempt) in on_path:
                return path[on_path[id(attempt)] :]
            if id(attempt) in done:
                continue
            done.add(id(attempt))
            on_path[id(attempt)] = len(path)
            path.append(attempt)
            walk.append(_waited_for(attempt, sessions))
    return None


def _waited_for(attempt: Attempt, sessions: Mapping[int, Session]) -> Iterator[Attempt]:
    for task in attempt.iter_wanted():
        if task.state is RUNNING:
            inner = _current(task, sessions)
            if inner is not None:
                yield inner


def _current(task: Task, sessions: Mapping[int, Session]) -> Attempt | None:
    session = sessions.get(task.session)
    return session.attempts.get(task) if session is not None else None
