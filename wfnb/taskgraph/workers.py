"""Other threads, for when a body blocks: the pool that carries on, the watcher that notices.

Knows: threads, and how long a body has not come back.
Does not know: what is ready (sessions do), what a task is.
Holds: one worker drives a session at a time; all others are inside bodies. Tiny tasks never see
       a second thread: it takes a body that has not come back for a tick, or is known to block.

After the sysmon of the Go runtime: a thread stuck in a call loses its place, not its work.
"""

from __future__ import annotations

import _thread
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from wfnb.rules.requests import _active
from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.interrupts import press_again
from wfnb.taskgraph.patience import tell_if_slow
from wfnb.taskgraph.sharing import TICK_S
from wfnb.taskgraph.tasks import Stop
from wfnb.taskgraph.turns import Turns

if TYPE_CHECKING:
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.sessions import Session

MOST_THREADS = 64
_LINGER_S = 2.0  # how long a thread without work stays
_QUIET_TICKS = 50  # after so many ticks without a session, the watcher ends


class Pool:
    """Threads that drive sessions while another of their threads is inside a blocking body."""

    def __init__(self, graph: TaskGraph, most_threads: int = MOST_THREADS) -> None:
        self.graph = graph
        self.most_threads = most_threads
        self.threads = 0
        self.idle = 0
        self._jobs: SimpleQueue[Session] = SimpleQueue()
        self._is_watching = False
        self._left: set[Worker] = set()

    def leave(self, workers: list[Worker]) -> None:
        """Do not count on these any more: their session is over, and they are inside bodies."""
        self._left.update(workers)
        self.threads -= len(workers)

    def submit(self, session: Session) -> None:
        """Have some thread drive `session`, soon; called under the lock."""
        if self.idle:
            self.idle -= 1
        elif self.threads < self.most_threads:
            self.threads += 1
            _thread.start_new_thread(self._serve, ())
        else:
            return  # all are inside bodies: the first to come back carries on
        self._jobs.put(session)

    def _serve(self) -> None:
        lock = self.graph.lock
        while True:
            try:
                session = self._jobs.get(timeout=_LINGER_S)
            except Empty:
                with lock:
                    if self.idle and self._jobs.empty():
                        self.idle -= 1
                        self.threads -= 1
                        return
                continue
            if session.context.copy().run(self._drive, session):
                return
            with lock:
                self.idle += 1
            del session

    def _drive(self, session: Session) -> bool:
        """Drive as long as there is something to do; whether it was left behind meanwhile."""
        lock = self.graph.lock
        lock.acquire()
        worker = session.worker_class(session, is_asker=False)
        _active.worker = worker
        if session.turns is None and session.workers and not session.is_closed:
            session.turns = Turns(session.workers[0])
        session.workers.append(worker)
        try:
            session.drive(worker)
        except Stop:
            pass
        except BaseException as error:
            # a bug of ours, not of a rule: the asker must hear of it rather than wait
            if session.stop is None:
                session.stop = error
        finally:
            session.workers.remove(worker)
            if session.turns is not None:
                session.turns.end(worker)
            if session.driver is worker:
                session.driver = None
            session.ring()
            _active.worker = None
            is_left = worker in self._left
            self._left.discard(worker)
            lock.release()
        return is_left

    # ---------------------------------------------------------------- the watcher

    def watch(self) -> None:
        """Start the watcher unless it runs."""
        if not self._is_watching:
            self._is_watching = True
            _thread.start_new_thread(self._watch, ())

    def _watch(self) -> None:
        quiet = 0
        sessions = self.graph.sessions
        try:
            while quiet < _QUIET_TICKS:
                since = perf_counter()
                sleep(TICK_S)
                was_starved = perf_counter() - since > 4 * TICK_S
                quiet = 0 if sessions else quiet + 1
                self._look_around(was_starved)
        finally:
            self._is_watching = False
        if sessions:  # one began between the last look and now
            self.watch()

    def _look_around(self, was_starved: bool) -> None:
        """One look; nothing here outlives it, so that no ended session is kept."""
        for session in list(self.graph.sessions.values()):
            if session.stop is not None:
                with self.graph.lock:  # so that it lands before the session can end
                    press_again(session)
            self._look_at(session, was_starved)
            with suppress(Exception):  # no thread can be started: it is not shown, and goes on
                tell_if_slow(self.graph, session)

    def _look_at(self, session: Session, was_starved: bool) -> None:
        worker = session.driver
        if worker is None or not worker.in_body:
            return
        if worker.ticks != worker.ticks_seen or was_starved:
            # it moves; or this thread had to wait for the GIL, so the body computes in
            # Python and other threads would only slow it down
            worker.ticks_seen = worker.ticks
            return
        with self.graph.lock:
            has_moved = worker.ticks != worker.ticks_seen
            if has_moved or session.driver is not worker or not worker.in_body:
                return
            task = worker.attempt.task
            if task is not None:
                task.family.is_slow = True
            if session.has_work():
                session.driver = None
                self.submit(session)
