"""The driver: what happens between two awaits of a rule body. The hot path of wfnb.

Knows: how a request is followed to a task, and how a body is run inline, suspended, resumed.
Does not know: what becomes of it (`outcomes`), how a value is proved to hold (`cleaning`), who
       waits (`waiting`), what others could do meanwhile (`sharing`), which thread should do it
       (`workers`), when a session ends (`sessions`).
Holds: everything here but a rule body runs under the engine's lock; a body never does.
       `in_body` is True exactly while control is in a body, give or take the engine's own frames.
       Whoever resumes a suspended coroutine holds the lock; the await it resumes lets go of it.

How it is fast. `Get(...)` leads through one dict to a link, through another to the task. A task
that is done costs its asker no suspension. A task that is not runs right here, on the asker's
stack, as long as the stack is shallow and this worker is the session's driver; only then does a
coroutine suspend, and a deque takes over. What a body asked for stands in its `Attempt` from the
start, so that a worker changes bodies by pointing at another. A MultiGet is a shared batch: its
tasks are started in request order by whoever drives. A leaf allocates its task, its attempt, its
coroutine, and nothing else. Ideas measured in a prototype.
"""

from __future__ import annotations

import _thread
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from wfnb.rules.requests import Call, Get, MultiGet, _active
from wfnb.taskgraph import texts
from wfnb.taskgraph.causes import cause_of
from wfnb.taskgraph.cleaning import clean, drive_cleaning
from wfnb.taskgraph.outcomes import fail, finish, suspend
from wfnb.taskgraph.sharing import drive_again, let_others_drive, start_batch
from wfnb.taskgraph.tasks import (
    BY_ERROR,
    CLEAN,
    FAILED,
    FAILURE,
    NEW,
    RUNNING,
    Attempt,
    Batch,
    Stop,
    Task,
    is_batch_ready,
    is_given,
    is_settled,
    new_task,
)

if TYPE_CHECKING:
    from wfnb.taskgraph.sessions import Session

DEPTH = 40  # inline levels before a suspension; a level takes three Python frames


class Worker:
    """One thread's view of one session: what it is running, on whose behalf.

    Attributes:
        is_asker: whether this is the thread that asked, which drives whenever it can.
        thread: the one that made it, and on which it works.
        ticks: moves whenever a body is entered; a watcher that sees it stand still knows that
            the body blocks.
        attempt: of the body now on top of this worker's stack; without one, the outside request.
        number: in a recording; set where there is one (`stepping`).
    """

    __slots__ = (
        "acquire",
        "attempt",
        "depth",
        "in_body",
        "is_asker",
        "max_depth",
        "number",
        "raised",
        "release",
        "session",
        "thread",
        "ticks",
        "ticks_seen",
    )

    number: int

    def __init__(self, session: Session, *, is_asker: bool) -> None:
        self.session = session
        self.is_asker = is_asker
        self.thread = _thread.get_ident()
        self.acquire = session.graph.lock.acquire
        self.release = session.graph.lock.release
        self.max_depth = session.max_depth
        self.depth = 0
        self.ticks = self.ticks_seen = 0
        self.in_body = False
        self.attempt = session.asking
        self.raised: texts.Failure | None = None

    # ---------------------------------------------------------------- awaits

    def await_get(self, get: Get[Any] | Call[Any]) -> Generator[Any, Any, Any]:
        """What `await Get(...)` and `await some_rule(...)` do."""
        __tracebackhide__ = True
        self.in_body = False
        self.acquire()
        try:
            session = self.session
            if session.stop is not None:
                raise Stop
            attempt = self.attempt
            asker: Task = attempt.task  # type: ignore[assignment]  # a body is running
            link = asker.family.links.get(get.wiring)
            if link is None:
                link = self.session.learn(attempt, get)
            if link.is_straight:
                family = link.family
                value = get.values
                key = family.key_of(value)
                task = family.memo.get(key)
                if task is None:
                    task = new_task(family, key, (value,))
            else:
                task = link.find(asker.params, get)
                if is_given(task):
                    value = task.value
                    self.ticks += 1
                    self.release()
                    self.in_body = True
                    return value
            if task.state is not CLEAN:
                if task.state is NEW and self.depth < self.max_depth and session.driver is self:
                    self.run_body(task, NEW)  # as `settle` does, with a frame less on the stack
                    is_there = task.state is CLEAN or self.has_settled(task)
                else:
                    is_there = self.settle(task)
                while not is_there:
                    self = yield task
                    if session.stop is not None:
                        raise Stop
                    is_there = self.settle(task)
                if task.state is not CLEAN:
                    attempt.bound = attempt.bound or True
                    if task.state is FAILED:
                        attempt.note(task, FAILURE)
                        self.raised = task.error
                        raise task.error.error.with_traceback(task.error.traceback)
            if attempt.deps is None:
                attempt.deps = [task]
                attempt.seen = [task.generation]
            else:
                attempt.deps.append(task)
                attempt.seen.append(task.generation)
            value = task.value
        except BaseException:
            self.leave_raising()
            raise
        self.ticks += 1
        self.release()
        self.in_body = True
        return value

    def await_all(self, multi: MultiGet[Any]) -> Generator[Any, Any, Any]:
        """What `await MultiGet(...)` does."""
        __tracebackhide__ = True
        self.in_body = False
        self.acquire()
        try:
            if self.session.stop is not None:
                raise Stop
            attempt = self.attempt
            asker: Task = attempt.task  # type: ignore[assignment]  # a body is running
            links: dict[Any, Any] = asker.family.links
            tasks: list[Task] = []
            append = tasks.append
            is_done = True
            for get in multi.gets:
                link = links.get(get.wiring)
                if link is None:
                    link = self.session.learn(attempt, get)
                    links = asker.family.links
                if link.is_straight:
                    family = link.family
                    value = get.values
                    key = family.key_of(value)
                    task = family.memo.get(key)
                    if task is None:
                        task = new_task(family, key, (value,))
                else:
                    task = link.find(asker.params, get)
                if task.state is not CLEAN:
                    is_done = False
                append(task)
            if not is_done:
                batch = Batch(tasks, asker)
                start_batch(self, batch)
                while not is_batch_ready(batch, self.session.number):
                    self = yield batch
                    if self.session.stop is not None:
                        raise Stop
                if batch.limit < len(tasks):
                    attempt.bound = True
                    failed = tasks[batch.limit]
                    wanted = tuple(tasks[: batch.limit + 1])
                    gens = [t.generation for t in wanted]
                    gens[-1] = FAILURE
                    attempt.note(wanted, tuple(gens))
                    texts.note_other_failures(tasks, batch.limit, self.session.number)
                    self.raised = failed.error
                    raise failed.error.error.with_traceback(failed.error.traceback)
                for task in tasks:
                    if task.state is not CLEAN:
                        attempt.bound = attempt.bound or True
                        break
            if tasks:
                attempt.note(tuple(tasks), tuple([t.generation for t in tasks]))
            values = tuple([t.value for t in tasks])
        except BaseException:
            self.leave_raising()
            raise
        self.ticks += 1
        self.release()
        self.in_body = True
        return values

    def leave_raising(self) -> None:
        """Go back to the body with an exception; its value will not be good beyond this session."""
        worker = _active.worker or self
        worker.attempt.bound = BY_ERROR
        worker.ticks += 1
        worker.release()
        worker.in_body = True

    # ---------------------------------------------------------------- bringing tasks up to date

    def settle(self, task: Task) -> bool:
        """Bring `task` up to date right here if that can be; whether it has its answer now."""
        state = task.state
        if state is CLEAN:
            return True
        session = self.session
        if state is RUNNING:
            if not session.is_abandoned(task):
                return False
        elif state is not NEW and is_settled(task, session.number):
            return True
        if self.depth >= self.max_depth or session.driver is not self:
            return False
        if state is NEW:
            self.run_body(task, NEW)
        else:
            self.run(task)
        return self.has_settled(task)

    def has_settled(self, task: Task) -> bool:
        """Whether a task just started on this stack has its answer, or its asker has to wait."""
        if task.state is RUNNING:
            self.session.fresh = task
            return False
        return is_settled(task, self.session.number)

    def run(self, task: Task) -> None:
        """Start a task that is neither running nor settled, on this stack."""
        family = task.family
        if task.generation and family.is_cacheable and task.version == family.version:
            clean(self, task)  # the value may still hold, if its dependencies do
        else:
            if task.state is not NEW:
                task.cause = cause_of(task)
            self.run_body(task, task.state)

    def run_body(self, task: Task, before: int) -> None:
        """Start the body of a task; `before` is the state that it goes back to if it is abandoned.

        The task ends settled, suspended with an attempt, or (the session stopped) as before.

        Raises:
            Stop: the session stopped.
        """
        __tracebackhide__ = True
        family = task.family
        session = self.session
        task.state = RUNNING
        task.session = session.number
        outer = self.attempt
        attempt = self.attempt = Attempt()
        attempt.task = task
        attempt.version = family.version
        attempt.deps = None
        attempt.bound = False
        attempt.revision = session.graph.revision
        attempt.before = before
        self.depth += 1
        self.ticks += 1
        params = task.params
        arguments = family.arguments
        since = let_others_drive(self) if family.is_slow else 0.0
        try:
            if family.is_plain:
                try:
                    self.release()
                    self.in_body = True
                    value = family.start(*(params if arguments is None else arguments(params)))
                    self.in_body = False
                except BaseException as error:
                    self.in_body = False
                    self.acquire()
                    fail(self, attempt, error)
                else:
                    self.acquire()
                    finish(self, attempt, value)
            else:
                coroutine = None
                try:
                    self.release()
                    self.in_body = True
                    coroutine = family.start(*(params if arguments is None else arguments(params)))
                    wanted = coroutine.send(None)
                except StopIteration as stop:
                    self.in_body = False
                    self.acquire()
                    finish(self, attempt, stop.value)
                except BaseException as error:
                    self.in_body = False
                    self.acquire()
                    fail(self, attempt, error)
                else:
                    suspend(self, attempt, coroutine, wanted)
        finally:
            if since:
                drive_again(self, family, since)
            self.depth -= 1
            self.attempt = outer

    def resume(self, attempt: Attempt) -> None:
        """Take a suspended attempt a step further."""
        __tracebackhide__ = True
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        session = self.session
        coroutine = attempt.coroutine
        attempt.wanted = None
        if attempt.is_cleaning:
            drive_cleaning(self, task, coroutine, attempt.before)
            return
        family = task.family
        self.attempt = attempt
        self.depth += 1
        self.ticks += 1
        since = let_others_drive(self) if family.is_slow else 0.0
        try:
            try:
                wanted = coroutine.send(self)
            except StopIteration as stop:
                self.in_body = False
                self.acquire()
                session.attempts.pop(task, None)
                finish(self, attempt, stop.value)
            except BaseException as error:
                self.in_body = False
                self.acquire()
                session.attempts.pop(task, None)
                fail(self, attempt, error)
            else:
                suspend(self, attempt, coroutine, wanted)
        finally:
            if since:
                drive_again(self, family, since)
            self.depth -= 1
            self.attempt = session.asking
