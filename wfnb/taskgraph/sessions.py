"""A session: one outside request and all it causes, from the first task to the answer.

Knows: what is ready, who waits, who drives, when to rest, when to stop, what was running then.
Does not know: how a body is stepped (`driver`), how the rule graph answers (`graph`).
Holds: all fields are touched under the graph's lock, except `stop`, which an interrupt may set.
       When the driver rests, something else is running, or a cycle has been reported.
"""

from __future__ import annotations

import _thread
import contextvars
from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Any

from wfnb.errors import RequestInterrupted, WfnbBug
from wfnb.rules.requests import Request, _active
from wfnb.taskgraph import texts
from wfnb.taskgraph.closing import OVER, close
from wfnb.taskgraph.cycles import find_cycle
from wfnb.taskgraph.driver import DEPTH, Worker
from wfnb.taskgraph.holding import deps_hold
from wfnb.taskgraph.naming import describe
from wfnb.taskgraph.tasks import (
    BOUND,
    FAILED,
    NEW,
    RUNNING,
    Attempt,
    Batch,
    Stop,
    Task,
    add_waiter,
    is_settled,
)
from wfnb.taskgraph.waiting import push, take_on, wake

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.stepping import Tape
    from wfnb.taskgraph.turns import Turns
    from wfnb.taskgraph.workers import Pool

_CUT_OFF = "the request was interrupted"
REST_S = 0.05  # the longest nap of a resting driver: an interrupt is seen at its end at the latest


class Restart(BaseException):
    """The wiring of the request changed while it ran; it must be resolved anew."""


class Session:
    """One outside request.

    Attributes:
        number: unique and growing; values bound to a session carry it.
        first: its own, or that of the session which it starts over.
        is_interrupted: whether an interrupt came, in time or not.
        is_cancelled: whether it was stopped by its number.
        is_given_up: whether it was ended from outside; its asker has gone on without it.
        is_told_slow: whether it was said that it takes long.
        on_cancel: called, without a lock, when it was cancelled by its number.
        ran, cleaned, failed: tasks in the order it happened to them.
        cut_off: tasks whose bodies an interrupt ended.
        tape: where each step is noted, if the request is recorded.
        worker_class: what its workers are.
        stop: why the session stops, raised to whoever asked; None while it runs.
    """

    def __init__(
        self,
        graph: TaskGraph,
        pool: Pool | None,
        *,
        query: tuple[type, frozenset[type]],
        params: tuple[object, ...] = (),
        shuffle: random.Random | None = None,
    ) -> None:
        self.graph = graph
        self.query = query
        self.params = params
        self.tape: Tape | None = None
        self.worker_class = Worker
        self.pool = pool
        self.shuffle = shuffle
        self.max_depth = 0 if shuffle is not None else DEPTH
        self.number = self.first = graph.next_session_number()
        self.is_interrupted = False
        self.is_cancelled = False
        self.is_given_up = False
        self.is_told_slow = False
        self.on_cancel: Callable[[], object] | None = None
        self.context = contextvars.copy_context()
        self.ready: deque[Task | Attempt] = deque()
        self.batches: list[Batch] = []
        self.attempts: dict[Task, Attempt] = {}
        self.suspicious: list[Attempt] = []
        self.taken_from: Batch | None = None  # where the item taken last stood
        self.fresh: Task | None = None  # just started on behalf of whoever suspends next
        self.ran: list[Task] = []
        self.cleaned: list[Task] = []
        self.failed: list[Task] = []
        self.cut_off: list[Task] = []
        self.recalled: set[Task] = set()  # invalidated while running: to run again
        self.since = perf_counter()
        self.looked_s = 0.0  # went into looking at values that can change
        self.with_effects: set[Task] = set()  # never to run anew
        self.sound: set[Task] = set()  # whose values were seen to be what their rules gave
        self.mutated: list[Task] = []  # whose values were not, and are made again
        self.told = 0  # how many old values were kept as text
        self.driver: Worker | None = None
        self.workers: list[Worker] = []
        self.stop: BaseException | None = None
        self.turns: Turns | None = None  # once a second thread runs bodies
        self.is_closed = False
        self.is_resting = False
        self._bell = _thread.allocate_lock()
        self._bell.acquire()
        self.root: Task | None = None
        self.asking = Attempt()  # the outside request
        self.asking.task = self.asking.wanted = None
        self.asking.session = self

    # ---------------------------------------------------------------- the asking thread

    def drive_to_answer(self, root: Task, asker: Worker) -> Task:
        """Run until `root` has its answer; the lock is held before and after.

        Raises:
            BaseException: what `stop` says, if the session was stopped.
        """
        self.root = root
        self.driver = asker
        self.workers.append(asker)
        outer = _active.worker
        _active.worker = asker
        try:
            while not is_settled(root, self.number):
                self.ready.append(root)
                add_waiter(root, self.asking)
                self.drive(asker)
            if root.state is FAILED:
                texts.note_requests(root, self.query[0])
        except Stop:
            pass
        finally:
            self.driver = None
            close(self, asker)
            _active.worker = outer
        if self.stop is not OVER and self.stop is not None:
            raise self.stop
        return root

    def drive(self, worker: Worker) -> None:
        """Do what is ready until the root is settled, or this worker is not the driver any more.

        Raises:
            Stop: the session stopped.
        """
        ready = self.ready
        while True:
            if self.stop is not None:
                raise Stop
            root = self.root
            if root is None or (root.state is not RUNNING and is_settled(root, self.number)):
                return
            if self.driver is not worker:
                if worker.is_asker or (self.driver is None and not self.is_resting):
                    self.driver = worker
                else:
                    return
            if ready and ready[-1].__class__ is Attempt and self.shuffle is None:
                item: Task | Attempt | None = ready.pop()
            else:
                item = self.next_item()
            if self.turns is not None:
                if item is None:
                    self.turns.end(worker)
                else:
                    self.turns.begin(worker)
            if item is None:
                if not worker.is_asker:
                    self.driver = None
                    self.ring()
                    return
                self.rest(worker)
            elif item.__class__ is Task:
                batch = self.taken_from
                worker.run(item)
                if batch is not None and item.state is FAILED:
                    batch.fail(item)  # nothing behind it is started any more
            elif item.wanted is not None:  # type: ignore[union-attr]
                worker.resume(item)  # type: ignore[arg-type]
            elif item is self.asking:
                take_on(self, root, item)  # answered, but not for us

    def next_item(self) -> Task | Attempt | None:
        """The next thing to do, taken; None if nothing is ready."""
        ready = self.ready
        number = self.number
        if self.shuffle is not None:
            self._shuffle()
        while True:
            self.taken_from = None
            if ready:
                item = ready.pop()
                if item.__class__ is Attempt:
                    return item
            else:
                batches = self.batches
                while batches and batches[-1].next >= batches[-1].limit:
                    batches.pop().is_shared = False
                if not batches:
                    return None
                batch = batches[-1]
                item = batch.tasks[batch.next]
                batch.next += 1
                self.taken_from = batch
            task: Task = item  # type: ignore[assignment]
            if task.state is NEW:
                return task
            if task.state is RUNNING:
                if self.is_abandoned(task):
                    return task
            elif is_settled(task, number):
                if task.waiters is not None:
                    wake(task)
            else:
                return task

    def _shuffle(self) -> None:
        """For tests: everything startable goes to `ready`, in an order the seed chooses."""
        assert self.shuffle is not None
        for batch in self.batches:
            self.ready.extend(batch.tasks[batch.next : batch.limit])
            batch.next = batch.limit
            batch.is_shared = False
        self.batches.clear()
        if len(self.ready) > 1:
            position = self.shuffle.randrange(len(self.ready))
            self.ready[position], self.ready[-1] = self.ready[-1], self.ready[position]
        if self.graph.on_step is not None:
            lock = self.graph.lock
            lock.release()
            try:
                self.graph.on_step()
            finally:
                lock.acquire()

    def has_work(self) -> bool:
        """Whether another worker could do something now."""
        batches = self.batches
        while batches and batches[-1].next >= batches[-1].limit:
            batches.pop().is_shared = False
        return bool(self.ready or batches)

    def rest(self, worker: Worker) -> None:
        """Nothing is ready: look for cycles, then nap until somebody rings."""
        if self.suspicious:
            found = find_cycle(self.suspicious, self.graph.sessions)
            self.suspicious.clear()
            if found is not None:
                for attempt in found:
                    if attempt.is_cleaning:
                        attempt.is_reversed = True
                        push(attempt.session, attempt)
                        return
                if any(map(_is_outdated, (*found, *self.attempts.values()))):  # maybe undone
                    self._start_over()
                else:
                    self.stop = texts.cycle([a.task for a in found if a.task is not None])
                raise Stop
        elif len(self.workers) == 1 and len(self.graph.sessions) == 1:
            self._take_over_abandoned()  # of a session that has ended since we looked
            if self.ready:
                return
            raise WfnbBug(
                f"{describe(self.root)} is waited for, but nobody runs it",  # type: ignore[arg-type]
                fix="this is a bug in wfnb: please report it with the cells that led here",
            )
        self.is_resting = True
        self.graph.lock.release()
        rung = self._bell.acquire(True, REST_S)
        self.graph.lock.acquire()
        if not rung:
            if not self.is_resting:
                self._bell.acquire()
            self._take_over_abandoned()
        self.is_resting = False

    def _take_over_abandoned(self) -> None:
        """Tasks we wait for, whose session ended meanwhile, are ours to run."""
        wanted = [task for attempt in self.attempts.values() for task in attempt.iter_wanted()]
        if self.root is not None:
            wanted.append(self.root)
        self.ready.extend(
            task for task in wanted if task.state is RUNNING and self.is_abandoned(task)
        )

    def ring(self) -> None:
        """Wake the resting driver, if it rests."""
        if self.is_resting:
            self.is_resting = False
            self._bell.release()

    def offer(self) -> None:
        """Nobody drives: let a pooled worker carry on with what is ready, if there is anything."""
        if self.pool is not None and self.has_work():
            self.pool.submit(self)

    def is_abandoned(self, task: Task) -> bool:
        """Whether a running task's session is over, so that anyone may start it again."""
        return task.session != self.number and task.session not in self.graph.sessions

    def is_reversed(self, task: Task) -> bool:
        """Whether a comparison was told to stop, because its dependency now waits for it."""
        attempt = self.attempts.get(task)
        return attempt is not None and attempt.is_reversed

    def learn(self, attempt: Attempt, request: Request[Any]) -> Any:
        """The link of a request that the rule's text did not show.

        Raises:
            WiringError: nobody can answer it.
            Stop: the rule uses more params, or means something else by now; all starts over.
        """
        task: Task = attempt.task  # type: ignore[assignment]  # a body is running
        if attempt.version is not task.family.version:
            self._start_over()  # a body from an older definition: nobody wants what it asks
            raise Stop
        link = self.graph.learn(task, request)
        if link is None:
            self._start_over()
            raise Stop
        return link

    def _start_over(self) -> None:
        """Stop because the wiring has changed, if nothing stops it yet: no effects twice."""
        if self.stop is not None:
            return
        if not self.with_effects:
            self.stop = Restart()
        else:
            self.stop = texts.cannot_start_over(next(iter(self.with_effects)))

    # ---------------------------------------------------------------- the end

    def is_stopped(self) -> bool:
        """Whether the session is to end; asked where an interrupt may just have come."""
        return self.stop is not None

    def interrupt(self) -> None:
        """Stop as soon as every thread is back from its body; may be called from a signal."""
        self.is_interrupted = True
        if self.stop is None or isinstance(self.stop, Restart):
            self.stop = RequestInterrupted(_CUT_OFF)

    def follow(self, before: Session) -> None:
        """Start `before` over; an interrupt that came too late for it is meant for this one."""
        self.graph.restarting.pop(before.number, None)
        self.first, self.is_told_slow = before.first, before.is_told_slow
        if before.is_interrupted:
            self.interrupt()

    def cancel(self) -> bool:
        """The same under the lock, where it is known whether there is still something to stop."""
        if self.is_closed and self.number not in self.graph.restarting:
            return False
        self.interrupt()
        self.is_cancelled = isinstance(self.stop, RequestInterrupted)
        return self.is_cancelled


def _is_outdated(attempt: Attempt) -> bool:
    """Whether a body started from what holds no more, so that it might not wait here now."""
    task, session = attempt.task, attempt.session
    if task is None:
        return False
    if attempt.is_cleaning:
        return task in session.recalled or task.version != task.family.version
    deps, seen = attempt.asked()
    is_current = attempt.version is task.family.version and task not in session.recalled
    return not (is_current and deps_hold(deps, seen, session.number))


__all__ = ["BOUND", "Restart", "Session"]
