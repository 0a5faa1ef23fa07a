"""Waiting and waking: who is told when a task has its answer.

Knows: attempts and batches that wait, of whatever session.
Does not know: how the answer comes about.
Holds: everything here runs under the engine's lock. A waiter is told once, and only of an answer
       that holds in its own session; what another session leaves unanswered it runs itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.taskgraph.tasks import (
    FAILED,
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
    from wfnb.taskgraph.sessions import Session


def wait_for(session: Session, attempt: Attempt, wanted: Task | Batch) -> None:
    """Have a suspended attempt resumed when what it asked for has its answer."""
    number = session.number
    if wanted.__class__ is Task:
        task: Task = wanted
        if session.fresh is task:  # started for this very attempt: no wait goes round by it
            session.fresh = None
            if task.waiters is None:
                task.waiters = attempt
            else:
                add_waiter(task, attempt)
            return
        if is_settled(task, number):
            session.ready.append(attempt)
            return
        add_waiter(task, attempt)
        if task.state is RUNNING and not session.is_abandoned(task):
            session.suspicious.append(attempt)
        else:
            session.ready.append(task)
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
            if task.state is RUNNING and not session.is_abandoned(task):
                if not session.suspicious or session.suspicious[-1] is not attempt:
                    session.suspicious.append(attempt)
            elif position < started:
                session.ready.append(task)
        if not batch.missing:
            batch.attempt = None
            session.ready.append(attempt)
            return
        if batch.next < batch.limit and not batch.is_shared:
            batch.is_shared = True
            session.batches.append(batch)
    if session.is_resting:
        session.ring()


def wake(task: Task) -> None:
    """`task` has its answer: whoever waits for it may go on."""
    waiters = task.waiters
    if waiters.__class__ is Attempt:
        task.waiters = None
        push(waiters.session, waiters)
        return
    for waiter in take_waiters(task):
        if waiter.__class__ is Attempt:
            push(waiter.session, waiter)
            continue
        batch: Batch = waiter  # type: ignore[assignment]
        attempt = batch.attempt
        if attempt is None:
            continue
        if not is_settled(task, attempt.session.number):  # its answer is ours alone
            take_on(attempt.session, task, batch)
            continue
        batch.missing -= 1
        if task.state is FAILED:
            batch.fail(task)
        if batch.missing <= 0 or (
            batch.limit < len(batch.tasks) and is_batch_ready(batch, attempt.session.number)
        ):
            batch.attempt = None
            push(attempt.session, attempt)


def hand_over(session: Session, task: Task) -> None:
    """We leave `task` unanswered: those of other sessions who wait for it run it themselves."""
    for waiter in take_waiters(task):
        attempt = waiter.attempt if isinstance(waiter, Batch) else waiter
        if attempt is not None and attempt.session is not session:
            take_on(attempt.session, task, waiter)


def take_on(session: Session, task: Task, waiter: Attempt | Batch) -> None:
    """Run a task that another session leaves to us."""
    if session.is_closed:
        return
    add_waiter(task, waiter)
    session.ready.append(task)
    session.ring()


def push(session: Session, attempt: Attempt) -> None:
    """An attempt can go on."""
    if session.is_closed:
        return
    session.ready.append(attempt)
    if session.is_resting:
        session.ring()
