"""Closing: the end of a session, whoever ends it.

Knows: what a session leaves behind, and what its interrupt should name.
Does not know: how bodies run.
Holds: nothing of a closed session stays in the graph but finished tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.errors import RequestInterrupted
from wfnb.rules.requests import _active
from wfnb.taskgraph import texts
from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.naming import describe, name_list
from wfnb.taskgraph.outcomes import close_coroutine, give_back
from wfnb.taskgraph.tasks import FAILED

if TYPE_CHECKING:
    from wfnb.taskgraph.sessions import Session


class _Over(BaseException):
    pass


OVER = _Over()
_FORGOTTEN = texts.Failure(OVER, None, 0)


def close(session: Session, worker: Worker) -> None:
    """Leave nothing of this session in the graph but finished tasks."""
    if session.is_closed:
        return
    session.is_closed = True
    stop = session.stop
    if stop is None:
        session.stop = OVER
    elif isinstance(stop, RequestInterrupted):
        _name_what_ran(session, stop, worker)
    if session.turns is not None:
        session.turns.close()
        session.turns = None
    if session.pool is not None:
        session.pool.leave([w for w in session.workers if not w.is_asker and w.in_body])
    graph = session.graph
    graph.sessions.pop(session.number, None)
    attempts = list(session.attempts.values())
    session.attempts.clear()
    for attempt in attempts:
        task = attempt.task
        if task is None:
            continue
        give_back(worker, task, attempt.before)
    for attempt in attempts:
        if attempt.is_cleaning:
            attempt.coroutine.close()
        else:
            close_coroutine(worker, attempt.coroutine)
    for other in graph.sessions.values():
        other.ring()
    for task in session.failed:
        if task is not session.root and task.state is FAILED and task.session == session.number:
            task.error = _FORGOTTEN
    session.ready.clear()
    session.batches.clear()
    session.suspicious.clear()


def abandon(session: Session) -> None:
    """End the session from outside, when its asking thread is inside a body that stays."""
    session.is_given_up = session.is_given_up or not session.is_closed
    outer = _active.worker
    worker = _active.worker = Worker(session, is_asker=False)
    try:
        close(session, worker)
    finally:
        _active.worker = outer


def _name_what_ran(session: Session, stop: RequestInterrupted, asker: Worker) -> None:
    running = [*session.cut_off]
    running += [
        worker.attempt.task
        for worker in session.workers
        if worker is not asker and worker.in_body and worker.attempt.task is not None
    ]
    names = list(dict.fromkeys(describe(task) for task in running))
    stop.running = tuple(names)
    what = f" while {name_list(names)} ran" if names else ""
    done = len(session.ran)
    kept = f"; {done} finished task{'s are' if done != 1 else ' is'} kept" if done else ""
    stop.args = (f"the request was interrupted{what}{kept}",)
