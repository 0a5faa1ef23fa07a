"""Stepping: the driver, with a note of each step. For requests that are recorded, and no others.

Knows: what each entry to the driver means to someone who follows a request.
Does not know: how the driver works inside; how steps are shown.
Holds: a request that is not recorded runs none of this. Notes are taken under the engine's lock.
       At most `most` of them are kept; the others are counted, or, where nobody wants to know how
       many, workers are plain ones again as soon as the tape is full.

A note takes about 2 µs. A place is a code object and a line until somebody wants it in words,
which takes longer than a note.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from wfnb.events.steps import StepKind
from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.lines import Spot, spot_of_caller, spot_of_failure, spot_of_suspended
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

    from wfnb.rules.requests import Call, Get, MultiGet, Request
    from wfnb.taskgraph.sessions import Session

_FRAMES = 4  # from where the caller is looked for up to the body, where nothing is in between
_BODIES = frozenset({Worker.run_body.__code__, Worker.resume.__code__})


_ENDS = frozenset({"finished", "failed", "cleaned", "put back", "cut off"})
_ASKS = frozenset({"asked", "reused"})


Note = tuple[StepKind, float, Task, Task | None, int, Spot | None, object]
"""One step: its kind, when, whose, who asked for it, on which worker, where that body stands, and
of "finished" the value, of "failed" the error, of "started" the cause. A named tuple would take
four times as long to make."""


class Tape:
    """The notes of one session.

    Args:
        most: how many are kept.
        counts: whether to go on counting after that, or to be in nobody's way.

    Attributes:
        notes: in order.
        dropped: how many came after the last one that was kept, as far as they were counted.
    """

    def __init__(self, most: int, *, counts: bool = True) -> None:
        self.most = most
        self.counts = counts
        self.notes: list[Note] = []
        self.dropped = 0
        self._workers = 0

    def next_worker(self) -> int:
        """A number for a worker that is not the asker."""
        self._workers += 1
        return self._workers

    def note(
        self,
        kind: StepKind,
        task: Task,
        worker: int,
        by: Task | None = None,
        spot: Spot | None = None,
        about: object = None,
    ) -> None:
        """Keep a step, if there is room."""
        if len(self.notes) < self.most:
            self.notes.append((kind, perf_counter(), task, by, worker, spot, about))
        else:
            self.dropped += 1

    def is_full(self) -> bool:
        """Whether what comes now is at most counted."""
        return len(self.notes) >= self.most

    def end(self) -> None:
        """The request has ended: what it has begun and not ended was cut off."""
        begun: dict[Task, int] = {}
        for kind, _, task, _, worker, _, _ in self.notes:
            if kind in _ENDS:
                begun.pop(task, None)
            elif kind not in _ASKS:
                begun[task] = worker
        if not self.is_full():
            for task, worker in begun.items():
                self.note("cut off", task, worker)


class Stepper(Worker):
    """A worker that notes what it does.

    Holds: its layout is that of a plain worker, which it becomes when the tape is full. What
        follows a call of the driver here is therefore no method.
    """

    __slots__ = ()

    def __init__(self, session: Session, *, is_asker: bool) -> None:
        super().__init__(session, is_asker=is_asker)
        assert session.tape is not None
        self.number = 0 if is_asker else session.tape.next_worker()

    def await_get(self, get: Get[Any] | Call[Any]) -> Generator[Any, Any, Any]:
        """Note who is asked, and ask."""
        __tracebackhide__ = True
        if not _is_over(self):
            _note_asked(self, (get,))
        return Worker.await_get(self, get)

    def await_all(self, multi: MultiGet[Any]) -> Generator[Any, Any, Any]:
        """The same for many."""
        __tracebackhide__ = True
        if not _is_over(self):
            _note_asked(self, multi.gets)
        return Worker.await_all(self, multi)

    def run(self, task: Task) -> None:
        """Note that a task is looked at, and what comes of it."""
        family = task.family
        looks = task.generation and family.is_cacheable and task.version == family.version
        if not looks or _is_over(self):
            Worker.run(self, task)
            return
        _tape(self).note("checked", task, self.number)
        Worker.run(self, task)
        _note_checked(self, task)

    def run_body(self, task: Task, before: int) -> None:
        """Note the beginning of a body, and how far it came."""
        __tracebackhide__ = True
        if _is_over(self):
            Worker.run_body(self, task, before)
            return
        cause = task.cause if before is not NEW else None
        code = task.family.rule.code  # as it is now: the rule may be written again
        spot = Spot(code, code.co_firstlineno)
        _tape(self).note("started", task, self.number, None, spot, cause)
        Worker.run_body(self, task, before)
        _note_body(self, task)

    def resume(self, attempt: Attempt) -> None:
        """Note that a body goes on, and how far it came."""
        __tracebackhide__ = True
        if _is_over(self):
            Worker.resume(self, attempt)
            return
        task = attempt.task
        assert task is not None
        is_cleaning = attempt.is_cleaning
        _tape(self).note("resumed", task, self.number)
        Worker.resume(self, attempt)
        if is_cleaning:
            _note_checked(self, task)
        else:
            _note_body(self, task)


def _tape(worker: Worker) -> Tape:
    tape = worker.session.tape
    assert tape is not None
    return tape


def _is_over(worker: Worker) -> bool:
    """Whether there is nothing to note any more; the worker is a plain one from then on."""
    tape = _tape(worker)
    if tape.counts or not tape.is_full():
        return False
    worker.session.worker_class = Worker
    worker.__class__ = Worker
    return True


# -------------------------------------------------------------------- what became of it


def _note_asked(worker: Worker, gets: Iterable[Request[Any]]) -> None:
    tape = _tape(worker)
    if tape.is_full():
        return
    worker.in_body = False
    worker.acquire()
    try:
        asker = worker.attempt.task
        assert asker is not None
        session = worker.session.number
        spot = spot_of_caller(_BODIES, _FRAMES)
        for get in gets:
            if not tape.counts and tape.is_full():
                break
            task = _find(asker, get)
            if task is not None and not is_given(task):
                kind: StepKind = "reused" if is_settled(task, session) else "asked"
                tape.note(kind, task, worker.number, asker, spot)
    finally:
        worker.release()
        worker.in_body = True


def _find(asker: Task, get: Any) -> Task | None:
    """The task that is asked for; None if that comes out only as it is asked."""
    link = asker.family.links.get(get.wiring)
    try:
        found: Task | None = None if link is None else link.find(asker.params, get)
    except Exception:  # the same is raised when it is asked, with its place
        return None
    return found


def _note_body(worker: Worker, task: Task) -> None:
    state, tape = task.state, _tape(worker)
    if state is RUNNING:
        _note_suspended(worker, task)
    elif state is FAILED:
        failure = task.error
        spot = spot_of_failure(failure.traceback, task.family.rule.code)
        tape.note("failed", task, worker.number, None, spot, failure.error)
    elif state is CLEAN or state is BOUND:
        tape.note("finished", task, worker.number, None, None, task.value)
    else:
        tape.note("put back", task, worker.number)


def _note_checked(worker: Worker, task: Task) -> None:
    """After a look: if it led to the body, that has noted the rest."""
    session = worker.session
    cleaned = session.cleaned
    if task.state is RUNNING:
        attempt = session.attempts.get(task)
        if attempt is not None and attempt.is_cleaning:
            _note_suspended(worker, task)
    elif cleaned and cleaned[-1] is task:
        _tape(worker).note("cleaned", task, worker.number)


def _note_suspended(worker: Worker, task: Task) -> None:
    attempt = worker.session.attempts.get(task)
    spot = spot_of_suspended(attempt) if attempt is not None else None
    _tape(worker).note("suspended", task, worker.number, None, spot)
