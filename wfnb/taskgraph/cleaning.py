"""Cleaning: proving, without running its body, that a suspected task's value still holds.

Knows: recorded dependencies, in the order they were asked for.
Does not know: how they are brought up to date (`driver`).
Holds: as `outcomes`. After "Dirtying and Cleaning", pantsbuild/pants:src/rust/graph/README.md.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from wfnb.taskgraph.causes import (
    INVALIDATED,
    MEANWHILE,
    REVERSED,
    Cause,
    first_moved,
    moved,
)
from wfnb.taskgraph.holding import still_holds
from wfnb.taskgraph.outcomes import give_back
from wfnb.taskgraph.sharing import start_batch
from wfnb.taskgraph.tasks import (
    BOUND,
    CLEAN,
    FAILED,
    RUNNING,
    Attempt,
    Batch,
    Task,
    is_batch_ready,
    iter_tasks,
)
from wfnb.taskgraph.waiting import wait_for, wake

if TYPE_CHECKING:
    from wfnb.taskgraph.driver import Worker


def clean(worker: Worker, task: Task) -> None:
    """Start proving, without running its body, that a suspected task's value still holds."""
    before = task.state
    task.state = RUNNING
    task.session = worker.session.number
    worker.depth += 1
    worker.ticks += 1
    try:
        drive_cleaning(worker, task, _compare(worker, task), before)
    finally:
        worker.depth -= 1


def _compare(worker: Worker, task: Task) -> Generator[Any, Any, tuple[Cause | None, int]]:
    """Bring the recorded dependencies up to date in the order they were asked.

    Stops at the first whose generation is not the one seen: a later one may not be wanted any
    more. A batch was asked for at once and is brought up to date at once.

    Returns:
        What differs, None if nothing does, and the revision of the graph at which that was so.
    """
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
            batch = Batch(list(dep), task)
            start_batch(worker, batch)
            while not is_batch_ready(batch, worker.session.number):
                worker = yield batch
                if worker.session.is_reversed(task):
                    return REVERSED, revision
            if batch.limit < len(dep) or tuple([t.generation for t in dep]) != seen:
                return first_moved(dep, seen), revision
    return None, revision


def drive_cleaning(worker: Worker, task: Task, comparing: Any, before: int) -> None:
    """Take a comparison a step further; run the body when it found a difference."""
    __tracebackhide__ = True
    session = worker.session
    try:
        started = task in session.attempts
        wanted = comparing.send(worker) if started else next(comparing)
    except StopIteration as stop:
        found = stop.value
    except BaseException:
        session.attempts.pop(task, None)
        give_back(worker, task, before)
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
        wait_for(session, attempt, wanted)
        return
    # Out here, so that what the body raises is not raised "during the handling of" StopIteration.
    _conclude(worker, task, found, before)


def _conclude(worker: Worker, task: Task, found: Any, before: int) -> None:
    """Clean the task if nothing differs, else run its body."""
    __tracebackhide__ = True
    session = worker.session
    session.attempts.pop(task, None)
    cause, revision = found
    if cause is None and revision != session.graph.revision:
        if task in session.recalled:
            cause = INVALIDATED
        elif task.version != task.family.version:
            cause = MEANWHILE
        elif not still_holds(task, session.number):
            drive_cleaning(worker, task, _compare(worker, task), before)
            return
    session.recalled.discard(task)  # if it was, it runs now
    if cause is not None:
        task.cause = cause
        worker.run_body(task, before)
        return
    if any(dep.state is not CLEAN for dep in iter_tasks(task.deps)):
        task.state = BOUND
        task.session = session.number
    else:
        task.state = CLEAN
    session.cleaned.append(task)
    if task.waiters is not None:
        wake(task)
