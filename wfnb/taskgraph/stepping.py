"""Stepping: the driver, with a note of each step. For requests that are recorded, and no others.

Knows: what each entry to the driver means to someone who follows a request.
Does not know: how the driver works inside; how steps are shown.
Holds: a request that is not recorded runs none of this. Notes are taken under the engine's lock.
       At most `most` of them are kept; the others are counted.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.lines import line_of_caller, line_of_suspended
from wfnb.taskgraph.tasks import (
    BOUND,
    CLEAN,
    FAILED,
    NEW,
    RUNNING,
    Attempt,
    Task,
    is_given,
    is_settled,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from wfnb.events.steps import StepKind
    from wfnb.rules.requests import Call, Get, MultiGet, Request
    from wfnb.taskgraph.sessions import Session

_BODIES = frozenset({Worker.run_body.__code__, Worker.resume.__code__})


class Note(NamedTuple):
    """One step.

    Attributes:
        about: of "finished" the value, of "failed" the error, of "started" the cause.
    """

    kind: StepKind
    at: float
    task: Task
    by: Task | None
    worker: int
    line: str
    about: object


class Tape:
    """The notes of one session.

    Attributes:
        notes: in order.
        dropped: how many came after the last one that was kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.notes: list[Note] = []
        self.dropped = 0
        self._workers = 0
        self._open: dict[Task, int] = {}  # by whom they were begun last

    def next_worker(self) -> int:
        """A number for a worker that is not the asker."""
        self._workers += 1
        return self._workers

    def note(
        self,
        kind: StepKind,
        task: Task,
        worker: int,
        *,
        by: Task | None = None,
        line: str = "",
        about: object = None,
    ) -> None:
        """Keep a step, if there is room."""
        if kind in ("finished", "failed", "cleaned", "put back", "cut off"):
            self._open.pop(task, None)
        elif kind in ("checked", "started", "suspended", "resumed"):
            self._open[task] = worker
        if len(self.notes) < self.most:
            self.notes.append(Note(kind, perf_counter(), task, by, worker, line, about))
        else:
            self.dropped += 1

    def is_full(self) -> bool:
        """Whether what comes now is only counted."""
        return len(self.notes) >= self.most

    def end(self) -> None:
        """The request has ended: what it has begun and not ended was cut off."""
        for task, worker in list(self._open.items()):
            self.note("cut off", task, worker)


class Stepper(Worker):
    """A worker that notes what it does."""

    __slots__ = ("number", "tape")

    def __init__(self, session: Session, *, is_asker: bool) -> None:
        super().__init__(session, is_asker=is_asker)
        assert session.tape is not None
        self.tape = session.tape
        self.number = 0 if is_asker else self.tape.next_worker()

    def await_get(self, get: Get[Any] | Call[Any]) -> Generator[Any, Any, Any]:
        """Note who is asked, and ask."""
        __tracebackhide__ = True
        self._note_asked((get,))
        return super().await_get(get)

    def await_all(self, multi: MultiGet[Any]) -> Generator[Any, Any, Any]:
        """The same for many."""
        __tracebackhide__ = True
        self._note_asked(multi.gets)
        return super().await_all(multi)

    def run(self, task: Task) -> None:
        """Note that a task is looked at, and what comes of it."""
        family = task.family
        if not (task.generation and family.is_cacheable and task.version == family.version):
            super().run(task)
            return
        self.tape.note("checked", task, self.number)
        super().run(task)
        self._note_checked(task)

    def run_body(self, task: Task, before: int) -> None:
        """Note the beginning of a body, and how far it came."""
        __tracebackhide__ = True
        cause = task.cause if before is not NEW else None
        self.tape.note("started", task, self.number, about=cause)
        super().run_body(task, before)
        self._note_body(task)

    def resume(self, attempt: Attempt) -> None:
        """Note that a body goes on, and how far it came."""
        __tracebackhide__ = True
        task = attempt.task
        assert task is not None
        is_cleaning = attempt.is_cleaning
        self.tape.note("resumed", task, self.number)
        super().resume(attempt)
        if is_cleaning:
            self._note_checked(task)
        else:
            self._note_body(task)

    # ---------------------------------------------------------------- what became of it

    def _note_asked(self, gets: Iterable[Request[Any]]) -> None:
        if self.tape.is_full():
            return
        self.in_body = False
        self.acquire()
        try:
            asker = self.attempt.task
            assert asker is not None
            line = line_of_caller(_BODIES)
            for get in gets:
                task = self._find(asker, get)
                if task is not None and not is_given(task):
                    is_there = is_settled(task, self.session.number)
                    kind: StepKind = "reused" if is_there else "asked"
                    self.tape.note(kind, task, self.number, by=asker, line=line)
        finally:
            self.release()
            self.in_body = True

    def _find(self, asker: Task, get: Any) -> Task | None:
        """The task that is asked for; None if that comes out only as it is asked."""
        link = asker.family.links.get(get.wiring)
        try:
            found: Task | None = None if link is None else link.find(asker.params, get)
        except Exception:  # the same is raised when it is asked, with its place
            return None
        return found

    def _note_body(self, task: Task) -> None:
        state = task.state
        if state is RUNNING:
            self._note_suspended(task)
        elif state is FAILED:
            self.tape.note("failed", task, self.number, about=task.error.error)
        elif state is CLEAN or state is BOUND:
            self.tape.note("finished", task, self.number, about=task.value)
        else:
            self.tape.note("put back", task, self.number)

    def _note_checked(self, task: Task) -> None:
        """After a look: if it led to the body, that has noted the rest."""
        cleaned = self.session.cleaned
        if task.state is RUNNING:
            attempt = self.session.attempts.get(task)
            if attempt is not None and attempt.is_cleaning:
                self._note_suspended(task)
        elif cleaned and cleaned[-1] is task:
            self.tape.note("cleaned", task, self.number)

    def _note_suspended(self, task: Task) -> None:
        attempt = self.session.attempts.get(task)
        line = line_of_suspended(attempt) if attempt is not None else ""
        self.tape.note("suspended", task, self.number, line=line)
