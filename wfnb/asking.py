"""Asking: one outside request from the session that drives it to the task with its answer.

Knows: sessions, interrupts, event loops.
Does not know: definitions, params, how bodies are run.
Holds: whatever happens, the graph's lock is free afterwards, and `last` tells what was done.
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from wfnb.errors import RequestInterrupted
from wfnb.listeners import Ear
from wfnb.reports import SessionReport
from wfnb.taskgraph import garbage
from wfnb.taskgraph.closing import abandon
from wfnb.taskgraph.interrupts import Shield
from wfnb.taskgraph.sessions import Restart, Session
from wfnb.taskgraph.tasks import FAILED, Task
from wfnb.taskgraph.workers import Pool

if TYPE_CHECKING:
    import asyncio
    from random import Random

    from wfnb.taskgraph.graph import TaskGraph

_CUT_OFF = "the request was interrupted"
_GRACE_S = 0.15  # how long an interrupted `elsewhere` waits for its thread to come back


class Deterministic:
    """An executor for tests: one thread, and a seeded choice among all that is ready.

    Args:
        seed: the same seed and requests give the same order.
        on_step: called between steps, free to define, invalidate or interrupt.
    """

    def __init__(self, seed: int = 0, on_step: Callable[[], object] | None = None) -> None:
        from random import Random  # late: it costs 3 ms, and only tests need it

        self.random = Random(seed)
        self.on_step = on_step


class Asking:
    """Runs outside requests.

    Args:
        shuffle: for tests: one thread, and a choice among all that is ready.
        ear: where requests are heard.

    Attributes:
        last: what the last request did; None before the first.
    """

    def __init__(self, graph: TaskGraph, shuffle: Random | None, ear: Ear | None = None) -> None:
        self.last: SessionReport | None = None
        self._ear = ear if ear is not None else Ear()
        self._graph = graph
        self._shuffle = shuffle
        self._pool = Pool(graph) if shuffle is None else None

    def here(
        self,
        product: type,
        params: tuple[object, ...],
        started: Callable[[Session], None] | None = None,
    ) -> Task:
        """Drive to the answer on this thread, whatever it is.

        Args:
            started: told the session before it runs, and each that starts it over.

        Raises:
            RequestInterrupted: it was interrupted; what had finished is kept.
            WfnbError: it could not be wired, or ran into a cycle.
        """
        __tracebackhide__ = True
        over: list[Session] = []
        try:
            while True:
                task = self._once(product, params, started, over)
                if task is not None:
                    return task
        finally:
            for session in over:
                self._graph.restarting.pop(session.number, None)

    def _once(
        self,
        product: type,
        params: tuple[object, ...],
        started: Callable[[Session], None] | None,
        over: list[Session],
    ) -> Task | None:
        """One session; None if it is to be started over, and then it is the last of `over`."""
        __tracebackhide__ = True
        graph = self._graph
        query = (product, frozenset([param.__class__ for param in params]))
        session = Session(graph, self._pool, query=query, params=params, shuffle=self._shuffle)
        if started is not None:
            started(session)
        recorder = self._ear.recorder
        if recorder is not None:
            recorder.began(session)
        worker = session.worker_class(session, is_asker=True)
        with Shield(session, worker) as shield:
            graph.lock.acquire()
            garbage.relax()
            try:
                if over:
                    session.follow(over[-1])
                graph.sessions[session.number] = session
                if self._ear.listener is not None:
                    self._ear.listener.began(session)
                if self._pool is not None:
                    self._pool.watch()
                if session.stop is not None:
                    raise session.stop
                task = graph.root(product, params)
                session.drive_to_answer(task, worker)
                report = self._report(session, task)
            except Restart as error:
                over.append(session)
                graph.restarting[session.number] = session
                report = SessionReport(session, None, error)
                return None
            except BaseException as error:
                report = self._report(session, None, error)
                raise
            finally:
                try:
                    if self._ear.listener is not None:
                        self._ear.listener.ended(report)
                    if recorder is not None:
                        recorder.ended(session, report)
                finally:
                    graph.sessions.pop(session.number, None)
                    garbage.restore()
                    graph.lock.release()
        if shield.is_pressed and task.state is not FAILED:
            raise RequestInterrupted("the request was interrupted as it ended; all is kept")
        return task

    def _report(
        self, session: Session, task: Task | None, error: BaseException | None = None
    ) -> SessionReport:
        report = SessionReport(session, task, error)
        if not session.is_given_up:  # else `last` is of what was asked since
            self.last = report
        return report

    async def elsewhere(self, product: type, params: tuple[object, ...]) -> Task:
        """The same on a thread of its own; the running event loop stays free."""
        __tracebackhide__ = True
        import asyncio  # a third of what importing wfnb would cost, and only needed here

        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        pressed: asyncio.Future[Any] = loop.create_future()
        sessions: list[Session] = []

        def settle(task: Task | None, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(_Carried(error))
            else:
                answer.set_result(task)

        def began(session: Session) -> None:
            session.on_cancel = wake
            sessions.append(session)
            if pressed.done():  # it was meant for the one that this starts over
                session.interrupt()

        def drive() -> None:
            try:
                task = self.here(product, params, began)
            except BaseException as error:
                outcome: tuple[Task | None, BaseException | None] = (None, error)
            else:
                outcome = (task, None)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, *outcome)

        def press() -> None:
            if not pressed.done():
                pressed.set_result(None)
            if sessions:
                sessions[-1].interrupt()

        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(drive,), daemon=True)
        place = _place()
        is_task = place == "task"

        def wake() -> None:
            loop.call_soon_threadsafe(press)

        def let_go() -> None:
            with self._graph.lock:
                for session in sessions[-1:]:
                    if session.number in self._graph.sessions:
                        abandon(session)

        answer.add_done_callback(_look)
        with Shield(wake=wake, is_for_others_too=is_task) as shield:
            thread.start()
            try:
                await asyncio.wait({answer, pressed}, return_when=asyncio.FIRST_COMPLETED)
                if not answer.done():
                    await asyncio.wait({answer}, timeout=_GRACE_S)
            except asyncio.CancelledError:
                press()
                if is_task or not shield.is_pressed:
                    late = threading.Timer(_GRACE_S, let_go)  # the loop may be blocked by then
                    late.daemon = True
                    late.start()
                    if is_task and shield.is_pressed:
                        raise asyncio.CancelledError(_CUT_OFF) from None
                    raise
        if answer.done():
            try:
                found: Task = answer.result()
                return found
            except _Carried as carried:
                error = carried.error
        else:
            let_go()
            stop = sessions[-1].stop
            is_told = isinstance(stop, RequestInterrupted)
            error = stop if is_told and stop else RequestInterrupted("interrupted")
        is_cancelled = any(one.is_cancelled for one in sessions) and not shield.is_pressed
        is_mild = is_task or (is_cancelled and place != "cell")
        if is_mild and isinstance(error, KeyboardInterrupt):
            raise asyncio.CancelledError(str(error)) from None
        raise error


def _place() -> str:
    """Whether the caller is the "cell" of a notebook itself, a "task" that one has started, or "".

    A KeyboardInterrupt out of a task goes past whoever awaits it and ends the event loop, and in a
    notebook the kernel with it. What asyncio has for tasks is being cancelled.
    """
    is_task = False
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in ("IPython", "ipykernel"):
            return "task" if is_task else "cell"
        is_task = is_task or package == "asyncio"
        frame = frame.f_back
    return ""


def _look(answer: asyncio.Future[Any]) -> None:
    """Keep asyncio from telling that nobody has looked at an error."""
    if not answer.cancelled():
        answer.exception()


class _Carried(Exception):
    """Carries any exception through a future, which refuses some."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
