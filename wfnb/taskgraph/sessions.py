"""A session: one outside request and all it causes, from the first task to the answer.

Knows: what is ready, who waits, who drives, when to rest, when to stop, what was running then.
Does not know: how a body is stepped (`driver`), how the rule graph answers (`graph`).
Holds: all fields are touched under the graph's lock, except `stop`, which an interrupt may set.
       When the driver rests, something else is running, or a cycle has been reported.
"""

from __future__ import annotations

import _thread
import contextvars
import random
from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Any

from wfnb.errors import RequestInterrupted, WfnbBug
from wfnb.rules.requests import Request, _active
from wfnb.taskgraph import texts
from wfnb.taskgraph.cycles import find_cycle
from wfnb.taskgraph.driver import DEPTH, Stop, Worker, deps_hold
from wfnb.taskgraph.tasks import (
    BOUND,
    FAILED,
    NEW,
    RUNNING,
    Attempt,
    Batch,
    Task,
    add_waiter,
    is_batch_ready,
    is_settled,
    take_waiters,
)

if TYPE_CHECKING:
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.workers import Pool

REST_S = 0.05  # the longest nap of a resting driver: an interrupt is seen at its end at the latest


class Restart(BaseException):
    """The wiring of the request changed while it ran; it must be resolved anew."""


class Session:
    """One outside request.

    Attributes:
        number: unique and growing; values bound to a session carry it.
        ran, cleaned, failed: tasks in the order it happened to them.
        cut_off: tasks whose bodies an interrupt ended.
        stop: why the session stops, raised to whoever asked; None while it runs.
    """

    def __init__(
        self,
        graph: TaskGraph,
        pool: Pool | None,
        *,
        query: tuple[type, frozenset[type]],
        shuffle: random.Random | None = None,
    ) -> None:
        self.graph = graph
        self.query = query
        self.pool = pool
        self.shuffle = shuffle
        self.max_depth = 0 if shuffle is not None else DEPTH
        self.number = graph.next_session_number()
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
            self.close(asker)
            _active.worker = outer
        if self.stop is not _OVER and self.stop is not None:
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
                self.take_on(root, item)  # answered, but not for us

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
                    self.wake(task)
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
                        attempt.session.push(attempt)
                        return
                if any(map(_is_outdated, (*found, *self.attempts.values()))):  # maybe undone
                    self.stop = self._start_over()
                else:
                    self.stop = texts.cycle([a.task for a in found if a.task is not None])
                raise Stop
        elif len(self.workers) == 1 and len(self.graph.sessions) == 1:
            raise WfnbBug(
                f"{texts.describe(self.root)} is waited for, but nobody runs it",  # type: ignore[arg-type]
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
        for attempt in self.attempts.values():
            self.ready.extend(
                task
                for task in attempt.iter_wanted()
                if task.state is RUNNING and self.is_abandoned(task)
            )

    def ring(self) -> None:
        """Wake the resting driver, if it rests."""
        if self.is_resting:
            self.is_resting = False
            self._bell.release()

    # ---------------------------------------------------------------- waiting and waking

    def wait_for(self, attempt: Attempt, wanted: Task | Batch) -> None:
        """Have a suspended attempt resumed when what it asked for has its answer."""
        number = self.number
        if wanted.__class__ is Task:
            task: Task = wanted
            if self.fresh is task:  # started for this very attempt: no wait goes round by it
                self.fresh = None
                if task.waiters is None:
                    task.waiters = attempt
                else:
                    add_waiter(task, attempt)
                return
            if is_settled(task, number):
                self.ready.append(attempt)
                return
            add_waiter(task, attempt)
            if task.state is RUNNING and not self.is_abandoned(task):
                self.suspicious.append(attempt)
            else:
                self.ready.append(task)
        else:
            batch: Batch = wanted  # type: ignore[assignment]
            batch.attempt = attempt
            batch.missing = 0
            started = batch.next
            for position in range(batch.scan, batch.limit):
                task = batch.tasks[position]
                if is_settled(task, number):
                    continue
                batch.missing += 1
                add_waiter(task, batch)
                if task.state is RUNNING and not self.is_abandoned(task):
                    if not self.suspicious or self.suspicious[-1] is not attempt:
                        self.suspicious.append(attempt)
                elif position < started:
                    self.ready.append(task)
            if not batch.missing:
                batch.attempt = None
                self.ready.append(attempt)
                return
            if batch.next < batch.limit and not batch.is_shared:
                batch.is_shared = True
                self.batches.append(batch)
        if self.is_resting:
            self.ring()

    def wake(self, task: Task) -> None:
        """`task` has its answer: whoever waits for it may go on."""
        waiters = task.waiters
        if waiters.__class__ is Attempt:
            task.waiters = None
            waiters.session.push(waiters)
            return
        for waiter in take_waiters(task):
            if waiter.__class__ is Attempt:
                waiter.session.push(waiter)
                continue
            batch: Batch = waiter  # type: ignore[assignment]
            attempt = batch.attempt
            if attempt is None:
                continue
            if not is_settled(task, attempt.session.number):  # its answer is ours alone
                attempt.session.take_on(task, batch)
                continue
            batch.missing -= 1
            if task.state is FAILED:
                batch.fail(task)
            if batch.missing <= 0 or (
                batch.limit < len(batch.tasks) and is_batch_ready(batch, attempt.session.number)
            ):
                batch.attempt = None
                attempt.session.push(attempt)

    def hand_over(self, task: Task) -> None:
        """We leave `task` unanswered: those of other sessions who wait for it run it themselves."""
        for waiter in take_waiters(task):
            attempt = waiter.attempt if isinstance(waiter, Batch) else waiter
            if attempt is not None and attempt.session is not self:
                attempt.session.take_on(task, waiter)

    def take_on(self, task: Task, waiter: Attempt | Batch) -> None:
        """Run a task that another session leaves to us."""
        if self.is_closed:
            return
        add_waiter(task, waiter)
        self.ready.append(task)
        self.ring()

    def push(self, attempt: Attempt) -> None:
        """An attempt can go on."""
        if self.is_closed:
            return
        self.ready.append(attempt)
        if self.is_resting:
            self.ring()

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
        if attempt.version != task.family.version:
            self.stop = (
                self._start_over()
            )  # a body from an older definition: nobody wants what it asks
            raise Stop
        link = self.graph.learn(task, request)
        if link is None:
            self.stop = self._start_over()
            raise Stop
        return link

    def _start_over(self) -> BaseException:
        """What to stop with when the wiring has changed: nobody may have effects twice."""
        if not self.with_effects:
            return Restart()
        return texts.cannot_start_over(next(iter(self.with_effects)))

    # ---------------------------------------------------------------- the end

    def is_stopped(self) -> bool:
        """Whether the session is to end; asked where an interrupt may just have come."""
        return self.stop is not None

    def interrupt(self) -> None:
        """Stop as soon as every thread is back from its body; may be called from a signal."""
        if self.stop is None:
            self.stop = RequestInterrupted("the request was interrupted")

    def close(self, worker: Worker) -> None:
        """Leave nothing of this session in the graph but finished tasks."""
        if self.is_closed:
            return
        self.is_closed = True
        stop = self.stop
        if stop is None:
            self.stop = _OVER
        elif isinstance(stop, RequestInterrupted):
            self._name_what_ran(stop, worker)
        graph = self.graph
        graph.sessions.pop(self.number, None)
        attempts = list(self.attempts.values())
        self.attempts.clear()
        for attempt in attempts:
            task = attempt.task
            if task is None:
                continue
            worker.give_back(task, attempt.before)
        for attempt in attempts:
            if attempt.is_cleaning:
                attempt.coroutine.close()
            else:
                self.close_coroutine(worker, attempt.coroutine)
        for other in graph.sessions.values():
            other.ring()
        for task in self.failed:
            if task is not self.root and task.state is FAILED and task.session == self.number:
                task.error = _FORGOTTEN
        self.ready.clear()
        self.batches.clear()
        self.suspicious.clear()

    def abandon(self) -> None:
        """End the session from outside, when its asking thread is inside a body that stays."""
        outer = _active.worker
        worker = _active.worker = Worker(self, is_asker=False)
        try:
            self.close(worker)
        finally:
            _active.worker = outer

    def close_coroutine(self, worker: Worker, coroutine: Any) -> None:
        """End a suspended body; its `finally` blocks run, and may not ask for anything."""
        try:  # noqa: SIM105  # suppress() has frames an interrupt could land in
            # The await it stands at takes over the lock that we hold, and lets go of it.
            coroutine.close()
        except BaseException:
            pass  # the body's clean-up failed: its session is over, and its asker has an answer
        if worker.in_body:
            worker.in_body = False
            worker.acquire()

    def _name_what_ran(self, stop: RequestInterrupted, asker: Worker) -> None:
        running = [*self.cut_off]
        running += [
            worker.attempt.task
            for worker in self.workers
            if worker is not asker and worker.in_body and worker.attempt.task is not None
        ]
        names = list(dict.fromkeys(texts.describe(task) for task in running))
        stop.running = tuple(names)
        what = f" while {texts.name_list(names)} ran" if names else ""
        done = len(self.ran)
        kept = f"; {done} finished task{'s are' if done != 1 else ' is'} kept" if done else ""
        stop.args = (f"the request was interrupted{what}{kept}",)


def _is_outdated(attempt: Attempt) -> bool:
    """Whether a body started from what holds no more, so that it might not wait here now."""
    task, session = attempt.task, attempt.session
    if task is None or attempt.is_cleaning:
        return task in session.recalled
    deps, seen = attempt.asked()
    is_current = attempt.version == task.family.version and task not in session.recalled
    return not (is_current and deps_hold(deps, seen, session.number))


class _Over(BaseException):
    pass


_OVER = _Over()
_FORGOTTEN = texts.Failure(_OVER, None, 0)

__all__ = ["BOUND", "Restart", "Session"]
