"""Outcomes: what becomes of a task when its body has returned or raised.

Knows: what is remembered, for how long, and who is told.
Does not know: how a body runs (`driver`), how a value is proved to hold (`cleaning`).
Holds: everything here runs under the engine's lock, but for code of the user that it calls.
       A completed run is a fact and may be kept; an interrupted one never is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wfnb.hashing.equality import is_same, is_same_at_once
from wfnb.taskgraph import texts
from wfnb.taskgraph.causes import FROM_ERROR, INVALIDATED, MEANWHILE, ONE_REQUEST
from wfnb.taskgraph.guards import MUTATED, find_changed, mark, mutation
from wfnb.taskgraph.holding import deps_hold, still_holds
from wfnb.taskgraph.naming import short_value
from wfnb.taskgraph.tasks import (
    BOUND,
    BY_ERROR,
    BY_SCOPE,
    CLEAN,
    CLEARED,
    DIRTY,
    FAILED,
    RUNNING,
    Attempt,
    Stop,
    Task,
    add_dependent,
    iter_tasks,
    set_edges,
)
from wfnb.taskgraph.waiting import hand_over, wait_for, wake

if TYPE_CHECKING:
    from wfnb.taskgraph.driver import Worker

MOST_TOLD = 64  # old values that a session keeps as text: more than a reader reads


def suspend(worker: Worker, attempt: Attempt, coroutine: Any, wanted: Any) -> None:
    """A body asked for something that is not there yet (or for something foreign)."""
    task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
    session = worker.session
    while worker.in_body:  # the yield was none of ours, which hold the lock
        worker.in_body = False
        worker.acquire()
        session.attempts.pop(task, None)  # if it waited before, it does not any more
        error = texts.foreign_await(task, coroutine, wanted)
        try:
            worker.release()
            worker.in_body = True
            wanted = coroutine.throw(error)
        except StopIteration as stop:
            worker.in_body = False
            worker.acquire()
            finish(worker, attempt, stop.value)
            return
        except BaseException as raised:
            worker.in_body = False
            worker.acquire()
            fail(worker, attempt, raised)
            return
    if session.stop is not None:
        give_back(worker, task, attempt.before)
        close_coroutine(worker, coroutine)
        raise Stop
    attempt.session = session
    attempt.coroutine = coroutine
    attempt.wanted = wanted
    attempt.is_cleaning = attempt.is_reversed = False
    session.attempts[task] = attempt
    wait_for(session, attempt, wanted)


def finish(worker: Worker, attempt: Attempt, value: object) -> None:
    """A body returned: compare, record, wake. A completed run is a fact and may be kept."""
    task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
    family = task.family
    session = worker.session
    if session.stop is not None:
        _stopped(worker, attempt, value)
        return
    if value.__class__ is not family.product:
        fail(worker, attempt, texts.wrong_product(task, value))
        return
    deps = attempt.deps
    if family.asks_guarded and deps is not None and _refuses_changed(worker, attempt):
        return
    found = None
    if family.guard is not None:
        found = mark(worker, family.guard, value)
        if session.is_stopped():  # while the lock was free
            _stopped(worker, attempt, value)
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
        _store_again(worker, attempt, task, value, found)
    if found is not None:
        if task.value is value:
            task.mark = found
        session.sound.add(task)
    # a definition that has changed, and be it back again, may have been seen half
    task.version = attempt.version if attempt.version is family.version else MEANWHILE
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
        elif attempt.bound is BY_SCOPE:
            task.version = ONE_REQUEST
    else:
        task.state = CLEAN
    if task.waiters is not None:
        wake(task)


def _store_again(
    worker: Worker, attempt: Attempt, task: Task, value: object, found: bytes | None = None
) -> None:
    """Keep the value of a re-run, and its mark; the generation moves only if it differs."""
    session = worker.session
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
            worker.release()  # a user's __eq__ may take long, or be interrupted
            worker.in_body = True
            try:
                is_equal = is_same(old, value)
                if not is_equal and session.told < MOST_TOLD:
                    session.told += 1
                    was = short_value(old)
            except BaseException:
                is_equal = False
            worker.in_body = False
            worker.acquire()
        if not is_equal:
            task.value = value
            task.generation += 1
            task.mark = found
            task.was = was
    if attempt.deps is not None or task.deps:
        set_edges(task, *attempt.asked())


def fail(worker: Worker, attempt: Attempt, error: BaseException, *, is_final: bool = False) -> None:
    """A body raised: nothing is remembered beyond this session.

    Args:
        is_final: running it anew would fail in the same way.
    """
    task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
    session = worker.session
    if session.stop is not None or isinstance(error, KeyboardInterrupt):
        if session.stop is None:
            session.interrupt()
        if isinstance(error, KeyboardInterrupt):  # not one that only waited for it
            session.cut_off.append(task)
        give_back(worker, task, attempt.before)
        raise Stop
    if isinstance(error, RecursionError) and worker.depth > 1:
        # our own frames may have made the stack too short: from below
        task.state = attempt.before
        return
    is_checked = is_final or not task.family.asks_guarded or not attempt.deps
    if not is_checked and _refuses_changed(worker, attempt):
        return
    raised = worker.raised
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
        and not (attempt.version is task.family.version and deps_hold(deps, seen, session.number))
    ):
        task.state = CLEARED
        if task.waiters is not None:
            session.ready.append(task)
        return
    if task.waiters is not None:
        wake(task)


def _refuses_changed(worker: Worker, attempt: Attempt) -> bool:
    """Whether a body used values that are not what they were, so that it has to run anew.

    Those values are made again. Where one had been seen to be sound in this session, it is
    the body that changed it, and the task fails.
    """
    session = worker.session
    task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
    changed = find_changed(worker, attempt.asked()[0])
    if not changed or task in session.with_effects:
        return False
    session.graph.clear(changed, for_good=MUTATED)
    ours = [dep for dep in changed if dep in session.sound]
    session.sound.difference_update(changed)
    if ours:
        session.mutated = [dep for dep in session.mutated if dep not in ours]  # so it was us
        fail(worker, attempt, mutation(task, ours[0]), is_final=True)
        return True
    session.mutated += changed
    task.state = attempt.before
    if task.waiters is not None:
        session.ready.append(task)
    return True


def _stopped(worker: Worker, attempt: Attempt, value: object) -> None:
    """A body returned after its session had stopped: keep the value if it is still a fact."""
    task: Task = attempt.task  # type: ignore[assignment]  # not the outside request
    session = worker.session
    give_back(worker, task, attempt.before)
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
            _store_again(worker, attempt, task, value)
        task.version = attempt.version
        task.state = CLEAN
    raise Stop


def give_back(worker: Worker, task: Task, before: int) -> None:
    """The session stopped under a running task: leave it as it was, unless another took it."""
    if task.state is RUNNING and task.session == worker.session.number:
        task.state = before
        hand_over(worker.session, task)


def close_coroutine(worker: Worker, coroutine: Any) -> None:
    """End a suspended body; its `finally` blocks run, and may not ask for anything."""
    try:  # noqa: SIM105  # suppress() has frames an interrupt could land in
        # The await it stands at takes over the lock that we hold, and lets go of it.
        coroutine.close()
    except BaseException:
        pass  # the body's clean-up failed: its session is over, and its asker has an answer
    if worker.in_body:
        worker.in_body = False
        worker.acquire()
