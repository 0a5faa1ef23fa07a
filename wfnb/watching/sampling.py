"""Sampling: what one running request has done since it was last looked at.

Nothing is told by the tasks themselves: a request that nobody watches does nothing for watchers,
and one that is watched does no more. Its lists are read from another thread, at C speed: counting
100,000 tasks takes a few hundredths of a second, whatever the number of looks.

Knows: the lists of a session, which only grow, and who is in which body now.
Does not know: who is told, how often it is asked to look.
Holds: every task that came to its end is told once. Takes no lock: what is read of a running
       session is as it was a moment ago, and what it cannot copy whole it leaves to the next look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from wfnb.errors import RequestInterrupted
from wfnb.events.kinds import (
    Event,
    LaneMoved,
    MultiGetMoved,
    RequestStopping,
    TasksDone,
    Waiting,
    WaitingMoved,
    What,
)
from wfnb.events.state import OTHER_REASONS
from wfnb.reasons import FIRST
from wfnb.reports import SessionReport
from wfnb.taskgraph.causes import Cause, Moved
from wfnb.taskgraph.lines import line_of_suspended
from wfnb.taskgraph.tasks import Attempt, Batch, Task
from wfnb.watching.gathering import PART, Gathering
from wfnb.watching.stacks import Held, iter_held
from wfnb.watching.telling import rule_id, task_rule_id, task_text, waiting

if TYPE_CHECKING:
    from wfnb.taskgraph.families import Family
    from wfnb.taskgraph.sessions import Session

MOST_WHYS = 30  # reasons that are put in words at one look
_MOST_WAITING = 5
_MOST_MULTIGETS = 20  # that are followed at a time
KEPT = "nothing that it stands on moved"
RAISED = "its rule raised"

_cause_of = attrgetter("cause")
_family_of = attrgetter("family")


class Causes:
    """Why tasks ran, taken down before they may run again.

    Attributes:
        since: how many came before the first of them.
    """

    __slots__ = ("found", "since")

    def __init__(self, tasks: list[Task], since: int) -> None:
        self.since = since
        self.found = _causes(tasks)

    def of(self, since: int, count: int) -> list[Cause | None]:
        """Those of so many tasks from there on."""
        return self.found[since - self.since : since - self.since + count]


class Sampler:
    """Looks at one request.

    Args:
        clause: a cause in words that fit many tasks of a kind.
    """

    def __init__(
        self, number: int, found: Session | SessionReport, clause: Callable[[Cause | None], str]
    ) -> None:
        self.number = number
        self._clause = clause
        self.session: Session | None = None
        if isinstance(found, SessionReport):
            self._lists = (found.tasks_ran, found.tasks_cleaned, found.tasks_failed)
        else:
            self.session = found
            self._lists = (found.ran, found.cleaned, found.failed)
        self._told = [0, 0, 0]
        self._workers: dict[Any, int] = {}
        self._lanes: dict[int, Task] = {}
        self._multigets: dict[Batch, Gathering] = {}
        self._numbers = 0
        self._waiting: tuple[int, tuple[Waiting, ...]] = (0, ())
        self._is_stopping = False

    def was_abandoned(self) -> bool:
        """Whether an interrupt ended it though its asker is still inside a body."""
        session = self.session
        return (
            session is not None
            and session.is_closed
            and isinstance(session.stop, RequestInterrupted)
        )

    @property
    def told_ran(self) -> int:
        """How many of the tasks that ran are told."""
        return self._told[0]

    def look(
        self, at_s: float, *, is_last: bool = False, causes: Causes | None = None
    ) -> Iterator[Event]:
        """What is new since the last look.

        Args:
            is_last: the request has ended.
            causes: of the tasks that have not been told, if they are known.
        """
        session = self.session
        if session is not None:
            if session.stop is not None and not session.is_closed and not self._is_stopping:
                self._is_stopping = True
                yield RequestStopping(self.number, at_s)
            attempts = [] if is_last else _copy(session.attempts)
            held = [] if is_last else list(iter_held(list(session.workers)))
            yield from self._look_at_multigets(session, attempts, held, is_last=is_last)
            if not is_last:
                yield from self._look_at_lanes(session, at_s)
                yield from self._look_at_waiting(attempts, held)
        yield from self._count(causes)

    # ---------------------------------------------------------------- what is done

    def _count(self, causes: Causes | None = None) -> Iterator[TasksDone]:
        first: Counter[Family] = Counter()
        again: dict[tuple[Family, object], list[Any]] = {}
        for tasks, since in self._new(0):
            known = causes.of(since, len(tasks)) if causes is not None else _causes(tasks)
            if known.count(None) == len(tasks):
                first.update(map(_family_of, tasks))
            else:
                self._group(tasks, known, again)
        for family, count in first.items():
            yield TasksDone(self.number, rule_id(family.key[0]), "ran", count, FIRST)
        found: Counter[tuple[str, str]] = Counter()
        for turn, ((family, _), (count, cause)) in enumerate(again.items()):
            why = self._why(cause) if turn < MOST_WHYS else OTHER_REASONS
            found[rule_id(family.key[0]), why] += count
        for (rule, why), count in found.items():
            yield TasksDone(self.number, rule, "ran", count, why)
        rest: tuple[tuple[int, What, str], ...] = ((1, "kept", KEPT), (2, "failed", RAISED))
        for which, what, why in rest:
            counts: Counter[Family] = Counter()
            for tasks, _ in self._new(which):
                counts.update(map(_family_of, tasks))
            for family, count in counts.items():
                yield TasksDone(self.number, rule_id(family.key[0]), what, count, why)

    def _new(self, which: int) -> Iterator[tuple[list[Task], int]]:
        """What one of the lists has got since last told, in parts, with where each begins."""
        tasks = self._lists[which]
        until = len(tasks)
        for since in range(self._told[which], until, PART):
            yield tasks[since : min(since + PART, until)], since
        self._told[which] = until

    def _group(
        self,
        tasks: list[Task],
        causes: list[Cause | None],
        groups: dict[tuple[Family, object], list[Any]],
    ) -> None:
        for task, cause in zip(tasks, causes, strict=True):
            kind: object = cause
            if isinstance(cause, Moved):
                dep = cause.dep.family
                kind = cause if dep.rule.is_intrinsic else (dep, cause.now is None)
            group = groups.get((task.family, kind))
            if group is None:
                groups[task.family, kind] = [1, cause]
            else:
                group[0] += 1

    def _why(self, cause: Cause | None) -> str:
        try:
            return self._clause(cause)
        except Exception:  # it changed while we looked, or a value cannot be shown
            return OTHER_REASONS

    # ---------------------------------------------------------------- what is going on

    def _look_at_lanes(self, session: Session, at_s: float) -> Iterator[LaneMoved]:
        now: dict[int, Task] = {}
        for worker in list(session.workers):
            task = worker.attempt.task
            if task is not None and worker.in_body:
                now[self._workers.setdefault(worker, len(self._workers))] = task
        for number in [*self._lanes, *(one for one in now if one not in self._lanes)]:
            task = now.get(number)
            if task is self._lanes.get(number):
                continue
            if task is None:
                yield LaneMoved(self.number, number, "", "", at_s)
            else:
                yield LaneMoved(self.number, number, task_text(task), task_rule_id(task), at_s)
        self._lanes = now

    def _look_at_waiting(self, attempts: list[Attempt], held: list[Held]) -> Iterator[WaitingMoved]:
        on_stacks = [one for one in reversed(held) if isinstance(one.what, Task)]
        first = [
            Waiting(task_text(one.what), task_rule_id(one.what), one.place, 1)
            for one in on_stacks[:_MOST_WAITING]
            if isinstance(one.what, Task)
        ]
        count = len(on_stacks)
        for attempt in attempts:
            if attempt.is_cleaning or attempt.wanted is None:
                continue
            count += 1
            if len(first) < _MOST_WAITING:
                found = waiting(attempt)
                if found is not None:
                    first.append(found)
        if (count, tuple(first)) != self._waiting:
            self._waiting = (count, tuple(first))
            yield WaitingMoved(self.number, *self._waiting)

    def _look_at_multigets(
        self, session: Session, attempts: list[Attempt], held: list[Held], *, is_last: bool
    ) -> Iterator[MultiGetMoved]:
        places = {one.what: one.place for one in held if isinstance(one.what, Batch)}
        for attempt in attempts:
            wanted = attempt.wanted
            if isinstance(wanted, Batch) and wanted not in places:
                is_known = wanted in self._multigets and self._multigets[wanted].place
                places[wanted] = "" if is_known else line_of_suspended(attempt)
        for batch in (*list(session.batches), *places):
            if batch not in self._multigets and len(batch.tasks) > 1 and not is_last:
                if len(self._multigets) >= _MOST_MULTIGETS:
                    break
                self._multigets[batch] = Gathering(self.number, self._numbers, batch)
                self._numbers += 1
        for batch, gathering in list(self._multigets.items()):
            event = gathering.look(session, places.get(batch, ""), is_last=is_last)
            if event is not None:
                yield event
                if event.is_over:
                    del self._multigets[batch]


def _causes(tasks: list[Task]) -> list[Cause | None]:
    return list(map(_cause_of, tasks))


def _copy(attempts: dict[Task, Attempt]) -> list[Attempt]:
    """The values of a dict that another thread changes."""
    try:
        return list(attempts.values())
    except RuntimeError:  # it grew while it was copied, as a collection of garbage let go
        return []
