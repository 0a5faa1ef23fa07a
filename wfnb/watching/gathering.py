"""Gathering: how far one MultiGet has come.

Knows: the tasks of a batch, in request order, and how far they are started.
Does not know: where the batch stands, who is told.
Holds: a task that has its answer is counted once. Takes no lock.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from wfnb.events.kinds import MultiGetMoved
from wfnb.taskgraph.tasks import CLEAN, FAILED, Batch, Task, is_settled
from wfnb.watching.telling import task_text

if TYPE_CHECKING:
    from wfnb.taskgraph.sessions import Session

PART = 1_000  # tasks that are read at a time, several times over: they fit the processor's cache

_state_of = attrgetter("state")
_session_of = attrgetter("session")


class Gathering:
    """One MultiGet, counted once per task."""

    def __init__(self, request: int, number: int, batch: Batch) -> None:
        self.request = request
        self.number = number
        self.batch = batch
        self.asker = task_text(batch.asker)
        self.place = ""
        self._looked = 0  # positions below are counted, or in `_open`
        self._open: list[Task] = []
        self._done = self._reused = self._failed = 0
        self._told: MultiGetMoved | None = None

    def look(self, session: Session, place: str, *, is_last: bool) -> MultiGetMoved | None:
        """How far it has come; None if no further than last told."""
        batch = self.batch
        started = batch.next
        still = self._count(self._open, session.number)
        for since in range(self._looked, started, PART):
            tasks = batch.tasks[since : min(since + PART, started)]
            still += self._count(tasks, session.number)
        self._open = still
        self._looked = started
        self.place = self.place or place
        running = len(self._open)
        total = len(batch.tasks)
        waiting = total - self._done - self._reused - self._failed - running
        is_over = is_last or (not running and (started >= batch.limit or bool(self._failed)))
        event = MultiGetMoved(
            self.request,
            self.number,
            self.asker,
            self.place,
            total,
            self._done,
            self._reused,
            self._failed,
            running,
            waiting,
            is_over,
        )
        if event == self._told:
            return None
        self._told = event
        return event

    def _count(self, tasks: list[Task], number: int) -> list[Task]:
        """Count those that have their answer; the others are still open."""
        if list(map(_state_of, tasks)).count(CLEAN) == len(tasks):
            try:
                ours = list(map(_session_of, tasks)).count(number)
            except AttributeError:  # a param that is handed on was never claimed
                ours = sum(getattr(task, "session", 0) == number for task in tasks)
            self._done += ours
            self._reused += len(tasks) - ours
            return []
        still = []
        for task in tasks:
            if not is_settled(task, number):
                still.append(task)
            elif task.state is FAILED:
                self._failed += 1
            elif getattr(task, "session", 0) == number:
                self._done += 1
            else:
                self._reused += 1
        return still
