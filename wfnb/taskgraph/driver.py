"""The driver: what happens between two awaits of a rule body. The hot path of wfnb.

Knows: how a request is followed to a task, run inline, suspended, resumed, finished, compared.
Does not know: which thread should do it (`workers`), when a session ends (`sessions`), cells.
Holds: everything here but a rule body runs under the engine's lock; a body never does.
       `in_body` is True exactly while control is in a body, give or take the engine's own frames.
       Whoever resumes a suspended coroutine holds the lock; the await it resumes lets go of it.

How it is fast. `Get(...)` leads through one dict to a link, through another to the task. A task
that is done costs its asker no suspension. A task that is not runs right here, on the asker's
stack, as long as the stack is shallow and this worker is the session's driver; only then does a
coroutine suspend, and a deque takes over. What a body asked for stands in its `Attempt` from the
start, so that a worker changes bodies by pointing at another. A MultiGet is a shared batch: its
tasks are started in request order by whoever drives. A leaf allocates its task, its attempt, its
coroutine, and nothing else. Ideas measured in a prototype; Pants' cleaning rules follow
"Dirtying and Cleaning", pantsbuild/pants:src/rust/graph/README.md.
"""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any

from wfnb.hashing.equality import is_same, is_same_at_once
from wfnb.rules.requests import Call, Get, MultiGet, _active
from wfnb.taskgraph import texts
from wfnb.taskgraph.causes import (
    FROM_ERROR,
    INVALIDATED,
    MEANWHILE,
    REVERSED,
    Cause,
    cause_of,
    first_moved,
    moved,
)
from wfnb.taskgraph.guards import MUTATED, find_changed, mark, mutation
from wfnb.taskgraph.tasks import (
    BOUND,
    CLEAN,
    CLEARED,
    DIRTY,
    FAILED,
    FAILURE,
    NEW,
    RUNNING,
    Attempt,
    Batch,
    Task,
    add_dependent,
    is_batch_ready,
    is_given,
    is_settled,
    iter_tasks,
    new_task,
    set_edges,
)

if TYPE_CHECKING:
    from wfnb.taskgraph.families import Family
    from wfnb.taskgraph.sessions import Session

BY_ERROR = 2  # `bound` of a body that was raised into: comparing dependencies cannot clean it
DEPTH = 40  # inline levels before a suspension; a level takes three Python frames
MOST_TOLD = 64  # old values that a session keeps as text: more than a reader reads
TICK_S = 0.001  # a body that has not come back after this long is taken to be blocking


class Stop(BaseException):
    """Unwinds rule bodies when their session stops; never seen outside."""


class Worker:
    """One thread's view of one session: what it is running, on whose behalf.

    Attributes:
        is_asker: whether this is the thread that asked, which drives whenever it can.
        ticks: moves whenever a body is entered; a watcher that sees it stand still knows that
            the body blocks.
        attempt: of the body now on top of this worker's stack; without one, the outside request.
    """

    __slots__ = (
        "acquire",
        "attempt",
        "depth",
        "in_body",
        "is_asker",
        "max_depth",
        "raised",
        "release",
        "session",
        "ticks",
        "ticks_seen",
    )

    def __init__(self, session: Session, *, is_asker: bool) -> None:
        self.session = session
        self.is_asker = is_asker
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
                batch = Batch(tasks)
                self.start_batch(batch)
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
            self.clean(task)  # the value may still hold, if its dependencies do
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
        since = self.let_others_drive() if family.is_slow else 0.0
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
                    self.fail(attempt, error)
                else:
                    self.acquire()
                    self.finish(attempt, value)
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
                    self.finish(attempt, stop.value)
                except BaseException as error:
                    self.in_body = False
                    self.acquire()
                    self.fail(attempt, error)
                else:
                    self.suspend(attempt, coroutine, wanted)
        finally:
            if since:
                self.drive_again(family, since)
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
            self.drive_cleaning(task, coroutine, attempt.before)
            return
        family = task.family
        self.attempt = attempt
        self.depth += 1
        self.ticks += 1
        since = self.let_others_drive() if family.is_slow else 0.0
        try:
            try:
                wanted = coroutine.send(self)
            except StopIteration as stop:
                self.in_body = False
                self.acquire()
                session.attempts.pop(task, None)
                self.finish(attempt, stop.value)
            except BaseException as error:
                self.in_body = False
                self.acquire()
                session.attempts.pop(task, None)
                self.fail(attempt, error)
            else:
                self.suspend(attempt, coroutine, wanted)
        finally:
            if since:
                self.drive_again(family, since)
            self.depth -= 1
            self.attempt = session.asking

    # ---------------------------------------------------------------- outcomes of a body

    def suspend(self, attempt: Attempt, coroutine: Any, wanted: Any) -> None:
        """A body asked for something that is not there yet (or for something foreign)."""
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        session = self.session
        while self.in_body:  # the yield was none of ours, which hold the lock
            self.in_body = False
            self.acquire()
            session.attempts.pop(task, None)  # if it waited before, it does not any more
            error = texts.foreign_await(task, coroutine, wanted)
            try:
                self.release()
                self.in_body = True
                wanted = coroutine.throw(error)
            except StopIteration as stop:
                self.in_body = False
                self.acquire()
                self.finish(attempt, stop.value)
                return
            except BaseException as raised:
                self.in_body = False
                self.acquire()
                self.fail(attempt, raised)
                return
        if session.stop is not None:
            self.give_back(task, attempt.before)
            session.close_coroutine(self, coroutine)
            raise Stop
        attempt.session = session
        attempt.coroutine = coroutine
        attempt.wanted = wanted
        attempt.is_cleaning = attempt.is_reversed = False
        session.attempts[task] = attempt
        session.wait_for(attempt, wanted)

    def finish(self, attempt: Attempt, value: object) -> None:
        """A body returned: compare, record, wake. A completed run is a fact and may be kept."""
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        family = task.family
        session = self.session
        if session.stop is not None:
            self.stopped(attempt, value)
            return
        if value.__class__ is not family.product:
            self.fail(attempt, texts.wrong_product(task, value))
            return
        deps = attempt.deps
        if family.asks_guarded and deps is not None and self.refuses_changed(attempt):
            return
        found = None
        if family.guard is not None:
            found = mark(self, family.guard, value)
            if session.is_stopped():  # while the lock was free
                self.stopped(attempt, value)
                return
        if task.generation == 0:
            task.value = value
            task.generation = 1
            if deps is not None:
                task.deps = tuple(deps)
                task.seen = tuple(attempt.seen)
                for dep in deps:
                    if dep.__class__ is Task:
                        add_dependent(dep, task)
                    else:
                        for one in dep:
                            add_dependent(one, task)
        else:
            self.store_again(attempt, task, value, found)
        if found is not None:
            if task.value is value:
                task.mark = found
            session.sound.add(task)
        task.version = attempt.version
        session.ran.append(task)
        if (
            attempt.revision != session.graph.revision
            and (task in session.recalled or not still_holds(task, session.number))
            and task not in session.with_effects
        ):
            if task in session.recalled:
                session.recalled.discard(task)
                task.version = INVALIDATED
            task.state = DIRTY if task.version == family.version else CLEARED
            if task.waiters is not None:
                session.ready.append(task)
            return
        if attempt.bound or not family.is_cacheable:
            task.state = BOUND
            task.session = session.number
            if attempt.bound is BY_ERROR:
                task.version = FROM_ERROR
        else:
            task.state = CLEAN
        if task.waiters is not None:
            session.wake(task)

    def store_again(
        self, attempt: Attempt, task: Task, value: object, found: bytes | None = None
    ) -> None:
        """Keep the value of a re-run, and its mark; the generation moves only if it differs."""
        session = self.session
        old = task.value
        if task.version is MUTATED:  # the old value is not what it was: its mark still is
            task.generation += found is None or found != task.mark
            task.value = value
            task.mark = found
            task.was = None
        elif old is not value:
            was = None
            is_equal = is_same_at_once(old, value)
            if is_equal is None or (not is_equal and session.told < MOST_TOLD):
                self.release()  # a user's __eq__ may take long, or be interrupted
                self.in_body = True
                try:
                    is_equal = is_same(old, value)
                    if not is_equal and session.told < MOST_TOLD:
                        session.told += 1
                        was = texts.short_value(old)
                except BaseException:
                    is_equal = False
                self.in_body = False
                self.acquire()
            if not is_equal:
                task.value = value
                task.generation += 1
                task.mark = found
                task.was = was
        if attempt.deps is not None or task.deps:
            set_edges(task, *attempt.asked())

    def fail(self, attempt: Attempt, error: BaseException, *, is_final: bool = False) -> None:
        """A body raised: nothing is remembered beyond this session.

        Args:
            is_final: running it anew would fail in the same way.
        """
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        session = self.session
        if session.stop is not None or isinstance(error, KeyboardInterrupt):
            if session.stop is None:
                session.interrupt()
            if isinstance(error, KeyboardInterrupt):  # not one that only waited for it
                session.cut_off.append(task)
            self.give_back(task, attempt.before)
            raise Stop
        if isinstance(error, RecursionError) and self.depth > 1:
            # our own frames may have made the stack too short: from below
            task.state = attempt.before
            return
        is_checked = is_final or not task.family.asks_guarded or not attempt.deps
        if not is_checked and self.refuses_changed(attempt):
            return
        raised = self.raised
        task.error = texts.failure(
            error, task, raised if raised is not None and raised.error is error else None
        )
        task.session = session.number
        task.state = FAILED
        session.failed.append(task)
        # The last good value keeps its own dependencies: it may come to hold again.
        deps, seen = attempt.asked()
        for dep in iter_tasks(deps):
            add_dependent(dep, task)
        if (
            not is_final
            and task not in session.with_effects
            and attempt.revision != session.graph.revision
            and not (
                attempt.version == task.family.version and deps_hold(deps, seen, session.number)
            )
        ):
            task.state = CLEARED
            if task.waiters is not None:
                session.ready.append(task)
            return
        if task.waiters is not None:
            session.wake(task)

    def refuses_changed(self, attempt: Attempt) -> bool:
        """Whether a body used values that are not what they were, so that it has to run anew.

        Those values are made again. Where one had been seen to be sound in this session, it is
        the body that changed it, and the task fails.
        """
        session = self.session
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        changed = find_changed(self, attempt.asked()[0])
        if not changed or task in session.with_effects:
            return False
        session.graph.clear(changed, for_good=MUTATED)
        ours = [dep for dep in changed if dep in session.sound]
        session.sound.difference_update(changed)
        if ours:
            session.mutated = [dep for dep in session.mutated if dep not in ours]  # so it was us
            self.fail(attempt, mutation(task, ours[0]), is_final=True)
            return True
        session.mutated += changed
        task.state = attempt.before
        if task.waiters is not None:
            session.ready.append(task)
        return True

    def stopped(self, attempt: Attempt, value: object) -> None:
        """A body returned after its session had stopped: keep the value if it is still a fact."""
        task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
        session = self.session
        self.give_back(task, attempt.before)
        if (
            task.state is not RUNNING
            and task.state is not CLEAN
            and attempt.revision == session.graph.revision
            and not attempt.bound
            and attempt.deps is None
            and task.family.is_cacheable
            and value.__class__ is task.family.product
        ):
            if task.generation == 0:
                task.value = value
                task.generation = 1
            else:
                self.store_again(attempt, task, value)
            task.version = attempt.version
            task.state = CLEAN
        raise Stop

    def give_back(self, task: Task, before: int) -> None:
        """The session stopped under a running task: leave it as it was, unless another took it."""
        if task.state is RUNNING and task.session == self.session.number:
            task.state = before
            self.session.hand_over(task)

    # ---------------------------------------------------------------- cleaning

    def clean(self, task: Task) -> None:
        """Start proving, without running its body, that a suspected task's value still holds."""
        before = task.state
        task.state = RUNNING
        task.session = self.session.number
        self.depth += 1
        self.ticks += 1
        try:
            self.drive_cleaning(task, self.compare(task), before)
        finally:
            self.depth -= 1

    def compare(self, task: Task) -> Generator[Any, Any, tuple[Cause | None, int]]:
        """Bring the recorded dependencies up to date in the order they were asked.

        Stops at the first whose generation is not the one seen: a later one may not be wanted any
        more. A batch was asked for at once and is brought up to date at once.

        Returns:
            What differs, None if nothing does, and the revision of the graph at which that was so.
        """
        worker = self
        revision = worker.session.graph.revision
        for dep, seen in zip(task.deps, task.seen, strict=True):
            if dep.__class__ is Task:
                while not worker.settle(dep):
                    worker = yield dep
                    if worker.session.is_reversed(task):
                        return REVERSED, revision
                if dep.state is FAILED or dep.generation != seen:
                    return moved(dep, seen), revision
            else:
                batch = Batch(list(dep))
                worker.start_batch(batch)
                while not is_batch_ready(batch, worker.session.number):
                    worker = yield batch
                    if worker.session.is_reversed(task):
                        return REVERSED, revision
                if batch.limit < len(dep) or tuple([t.generation for t in dep]) != seen:
                    return first_moved(dep, seen), revision
        return None, revision

    def drive_cleaning(self, task: Task, comparing: Any, before: int) -> None:
        """Take a comparison a step further; run the body when it found a difference."""
        __tracebackhide__ = True
        session = self.session
        try:
            started = task in session.attempts
            wanted = comparing.send(self) if started else next(comparing)
        except StopIteration as stop:
            session.attempts.pop(task, None)
            cause, revision = stop.value
            if cause is None and revision != session.graph.revision:
                if task in session.recalled:
                    cause = INVALIDATED
                elif not still_holds(task, session.number):
                    cause = MEANWHILE
            session.recalled.discard(task)  # if it was, it runs now
            if cause is not None:
                task.cause = cause
                self.run_body(task, before)
                return
            if any(dep.state is not CLEAN for dep in iter_tasks(task.deps)):
                task.state = BOUND
                task.session = session.number
            else:
                task.state = CLEAN
            session.cleaned.append(task)
            if task.waiters is not None:
                session.wake(task)
        except BaseException:
            session.attempts.pop(task, None)
            self.give_back(task, before)
            raise
        else:
            attempt = Attempt()
            attempt.task = task
            attempt.session = session
            attempt.coroutine = comparing
            attempt.before = before
            attempt.wanted = wanted
            attempt.is_cleaning = True
            attempt.is_reversed = False
            session.attempts[task] = attempt
            session.wait_for(attempt, wanted)

    # ---------------------------------------------------------------- batches

    def start_batch(self, batch: Batch) -> None:
        """Start what is not started of a batch, in request order, as far as this worker may."""
        session = self.session
        if self.depth >= self.max_depth or session.driver is not self:
            return
        tasks = batch.tasks
        if len(tasks) - batch.next > 1 and not batch.is_shared:
            session.batches.append(batch)
            batch.is_shared = True
        number = session.number
        while batch.next < batch.limit and session.driver is self:
            position = batch.next
            task = tasks[position]
            batch.next = position + 1
            state = task.state
            if state is CLEAN or state is RUNNING:
                continue
            if state is NEW:
                self.run_body(task, NEW)
            elif state is CLEARED or not is_settled(task, number):
                self.run(task)
            if task.state is FAILED and position < batch.limit:
                batch.limit = position
        if session.batches and session.batches[-1] is batch and batch.next >= batch.limit:
            session.batches.pop()
            batch.is_shared = False

    # ---------------------------------------------------------------- sharing the work

    def let_others_drive(self) -> float:
        """Before a body known to block: another worker may carry on with what is ready."""
        session = self.session
        if session.driver is self:
            session.driver = None
            session.offer()
        return perf_counter()

    def drive_again(self, family: Family, since: float) -> None:
        """After such a body: the asking thread drives again; a body that was quick is not slow."""
        session = self.session
        if perf_counter() - since < TICK_S / 2:
            family.is_slow = False
        if self.is_asker or session.driver is None:
            session.driver = self


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
