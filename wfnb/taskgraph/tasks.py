"""The records of the task graph: tasks, attempts to run them, and batches waited for together.

Knows: states, generations, edges, who waits for whom.
Does not know: rules, how a body runs, threads, time.
Holds: a CLEAN task's dependencies are CLEAN, at the generations in `seen`.
       `dependents` of a task holds every task whose last value was made from it.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfnb.taskgraph.causes import Cause
    from wfnb.taskgraph.families import Family
    from wfnb.taskgraph.sessions import Session
    from wfnb.taskgraph.texts import Failure

NEW = 0  # never had a value, or was abandoned before it had one
RUNNING = 1  # claimed: on a stack, queued for a worker, or suspended
CLEAN = 2  # the value holds
BOUND = 3  # the value holds in the session that made or checked it, and is suspect in any other
FAILED = 4  # the error holds in its session only; any other session runs the rule again
DIRTY = 5  # something below may have changed: compare generations before trusting the value
CLEARED = 6  # the rule changed or was invalidated: run it again

STATE_NAMES = ("new", "running", "clean", "bound", "failed", "dirty", "cleared")

BY_ERROR = 2  # `bound` of a body that was raised into: comparing dependencies cannot clean it
BY_SCOPE = 3  # `bound` of a body whose value is good for one request only
FAILURE = -1  # what `seen` holds for a dependency that failed: no generation ever equals it

Dependency = "Task | tuple[Task, ...]"


class Stop(BaseException):
    """Unwinds rule bodies when their session stops; never seen outside."""


class Task:
    """One rule with the params it uses, and what is remembered of it.

    Attributes:
        family: the rule with its in-set; None (see `is_given`) for a param handed on as it is.
        params: one value per type of the family's in-set, same order.
        value: the last good value; kept while dirty, cleared or running, to compare with.
        generation: moves only when the value changed; 0 before the first value.
        deps: what the last completed run asked for, in order; a batch is a tuple of tasks.
        seen: the generations that run saw, same shape as `deps`.
        dependents: None, one task, a short list, or a dict used as an ordered set.
        version: the family's version when the value was made; a `Cause` forces a run.
        session: the number of the session that claimed it last; BOUND and FAILED hold in it alone.
        waiters: None, one waiter, or a list: attempts and batches to tell when this settles.
        error: for FAILED, the original exception with its rule frames.
        cause: why it ran the last time; None for its first run.
        mark: a digest of a value that can change in place; not set, or None, if there is none.
        was: for a generation above 1, the value before this one as text; None if it was not kept.
    """

    __slots__ = (
        "cause",
        "dependents",
        "deps",
        "error",
        "family",
        "generation",
        "mark",
        "params",
        "seen",
        "session",
        "state",
        "value",
        "version",
        "waiters",
        "was",
    )

    family: Family
    params: tuple[object, ...]
    state: int
    value: object
    generation: int
    deps: tuple[Any, ...]
    seen: tuple[Any, ...]
    dependents: Any
    version: object
    session: int
    waiters: Any
    error: Failure
    cause: Cause | None
    mark: bytes | None
    was: str | None


class Attempt:
    """A run of a task: what its body has asked for so far, and while it waits, its coroutine.

    The outside request is one, too, without a task.
    """

    __slots__ = (
        "before",
        "bound",
        "coroutine",
        "deps",
        "is_cleaning",
        "is_reversed",
        "revision",
        "seen",
        "session",
        "task",
        "version",
        "wanted",
    )

    task: Task | None
    before: int  # the task's state before this attempt, to go back to when it is abandoned
    deps: list[Any] | None
    seen: list[Any]  # once `deps` is a list
    bound: int
    revision: int
    version: object

    # set when it is suspended first
    session: Session
    coroutine: Coroutine[Any, Any, Any] | Generator[Any, Any, Any]
    wanted: Task | Batch | None  # None while it is on a stack
    is_cleaning: bool  # compares generations only, no body has started
    is_reversed: bool  # told to stop comparing: the dependency now waits for this task

    def iter_wanted(self) -> Iterable[Task]:
        """The tasks it waits for: none while it is on a stack."""
        wanted = self.wanted
        if wanted is None:
            return ()
        return (wanted,) if isinstance(wanted, Task) else wanted.tasks[wanted.scan : wanted.limit]

    def note(self, dep: Any, seen: Any) -> None:
        """Record what the body has just been answered from."""
        if self.deps is None:
            self.deps = [dep]
            self.seen = [seen]
        else:
            self.deps.append(dep)
            self.seen.append(seen)

    def asked(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """`deps` and `seen` as a task keeps them."""
        return (tuple(self.deps), tuple(self.seen)) if self.deps else ((), ())


class Batch:
    """The tasks of one MultiGet, in request order, and how far they have come.

    `limit` is the lowest position known to have failed (or the length): nothing from there on
    is started any more, and nothing from there on is waited for.

    Attributes:
        asker: whose body or comparison wants them.
    """

    __slots__ = ("asker", "attempt", "is_shared", "limit", "missing", "next", "scan", "tasks")

    attempt: Attempt | None

    def __init__(self, tasks: list[Task], asker: Task) -> None:
        self.tasks = tasks
        self.asker = asker
        self.next = 0  # first position not yet started
        self.scan = 0  # every position below has settled well
        self.limit = len(tasks)
        self.missing = 0
        self.is_shared = False  # offered to other workers
        self.attempt = None

    def fail(self, task: Task) -> None:
        """Note that `task` failed: nothing after its first position is wanted."""
        with suppress(ValueError):  # it stands behind a failure already known
            self.limit = self.tasks.index(task, self.scan, self.limit)


def new_task(family: Family, key: object, params: tuple[object, ...]) -> Task:
    """A task nobody asked for yet, entered in its family's memo."""
    task = Task()
    task.family = family
    task.params = params
    task.state = NEW
    task.generation = 0
    task.cause = None
    task.waiters = None
    task.dependents = None
    task.deps = task.seen = ()
    family.memo[key] = task
    return task


def is_given(task: Task) -> bool:
    """Whether this only stands in for a param that is handed on."""
    family: Family | None = task.family
    return family is None


def is_settled(task: Task, session_number: int) -> bool:
    """Whether the task has its answer, a value or an error, for this session."""
    state = task.state
    return state is CLEAN or (
        (state is BOUND or state is FAILED) and task.session == session_number
    )


def is_batch_ready(batch: Batch, session_number: int) -> bool:
    """Whether all its tasks are settled, or all before a failed one; moves `scan` and `limit`."""
    tasks = batch.tasks
    scan = batch.scan
    limit = batch.limit
    while scan < limit:
        task = tasks[scan]
        if task.state is not CLEAN:
            if not is_settled(task, session_number):
                batch.scan = scan
                return False
            if task.state is FAILED:
                batch.limit = scan
                break
        scan += 1
    batch.scan = scan
    return True


def iter_tasks(deps: tuple[Any, ...]) -> Iterator[Task]:
    """The tasks of a dependency tuple, batches opened."""
    for dep in deps:
        if dep.__class__ is Task:
            yield dep
        else:
            yield from dep


def iter_dependents(task: Task) -> Iterator[Task]:
    """The tasks whose last value was made from this one."""
    dependents = task.dependents
    if dependents is None:
        return
    if dependents.__class__ is Task:
        yield dependents
    else:
        yield from dependents


_MOST_IN_LIST = 16


def add_dependent(dep: Task, task: Task) -> None:
    """Record that `task` was made from `dep`."""
    dependents = dep.dependents
    if dependents is None:
        dep.dependents = task
    elif dependents is task:
        pass
    elif dependents.__class__ is list:
        if task not in dependents:
            if len(dependents) < _MOST_IN_LIST:
                dependents.append(task)
            else:
                dep.dependents = {**dict.fromkeys(dependents), task: None}
    elif dependents.__class__ is dict:
        dependents[task] = None
    else:
        dep.dependents = [dependents, task]


def remove_dependent(dep: Task, task: Task) -> None:
    """Record that `task`'s value no longer stands on `dep`."""
    dependents = dep.dependents
    if dependents is task:
        dep.dependents = None
    elif dependents.__class__ is list:
        if task in dependents:
            dependents.remove(task)
    elif dependents.__class__ is dict:
        dependents.pop(task, None)


def set_edges(task: Task, deps: tuple[Any, ...], seen: tuple[Any, ...]) -> None:
    """Make `deps` what `task` was made from, and nothing else."""
    old = task.deps
    task.seen = seen
    if deps == old:
        return
    task.deps = deps
    now = set(iter_tasks(deps))
    for dep in iter_tasks(old):
        if dep not in now:
            remove_dependent(dep, task)
    for dep in now:
        add_dependent(dep, task)


def add_waiter(task: Task, waiter: Attempt | Batch) -> None:
    """Have `waiter` told when `task` settles."""
    waiters = task.waiters
    if waiters is None:
        task.waiters = waiter
    elif waiters.__class__ is list:
        waiters.append(waiter)
    else:
        task.waiters = [waiters, waiter]


def take_waiters(task: Task) -> list[Attempt | Batch]:
    """All who wait for `task`, who are forgotten by this."""
    waiters = task.waiters
    task.waiters = None
    if waiters is None:
        return []
    return waiters if waiters.__class__ is list else [waiters]
