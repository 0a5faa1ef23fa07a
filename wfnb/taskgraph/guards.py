"""Guards: whether a remembered value is still what it was when its rule gave it.

A rule gives a list or a frame, a cell or another rule changes it in place, and whoever asks next
gets the changed one. So values that can change leave a mark, a digest, and are looked at again
when they have been used and when they are handed out.

Knows: marks, and what looking costs.
Does not know: when a body runs.
Holds: a value found changed is never used: it is made again, and what was made from it too.
"""

from __future__ import annotations

import sys
import warnings
from time import perf_counter, thread_time
from types import FrameType
from typing import TYPE_CHECKING, Any

from wfnb.errors import MutationError, MutationWarning
from wfnb.hashing.mutability import may_change
from wfnb.taskgraph import texts
from wfnb.taskgraph.causes import Because
from wfnb.taskgraph.naming import describe, short_value
from wfnb.taskgraph.tasks import Task, is_given, iter_tasks

if TYPE_CHECKING:
    from wfnb.settings import Settings
    from wfnb.taskgraph.driver import Worker

SHARE = 0.05  # of the time it took to make a value that may go into looking at it
FLOOR_S = 0.002  # of each request that may always go into looking

MUTATED = Because("its value had been changed in place")


class Guard:
    """What is known about looking at the values of one family.

    Attributes:
        cost_s: of looking once, measured the last time.
        worth_s: what looking once may cost, from the time the value took.
    """

    __slots__ = ("cost_s", "has_looked", "worth_s")

    def __init__(self) -> None:
        self.cost_s = 0.0
        self.has_looked = False
        self.worth_s = FLOOR_S

    def may_look(self, settings: Settings, spent_s: float) -> bool:
        """Whether looking is worth it now; `spent_s` went into looking in this request."""
        if settings.guard_mutation is not None:
            return settings.guard_mutation
        return self.cost_s <= self.worth_s or spent_s + self.cost_s <= FLOOR_S

    def look(self, value: object) -> bytes | None:
        """A digest of what is in a value; None if that cannot change, or cannot be seen."""
        from wfnb.hashing.contents.changeable import content_digest  # late: few need it

        since = thread_time()  # what other programs take meanwhile is not its cost
        try:
            return content_digest(value)
        except BaseException:  # an interrupt is known to the session, which ends at its next step
            return None
        finally:
            cost_s = thread_time() - since
            # the first look has much to import: what it cost says little about the next
            self.cost_s = cost_s if self.has_looked else min(cost_s, FLOOR_S)
            self.has_looked = True


def guard_for(product: type) -> Guard | None:
    """A guard for products that can change in place; None for all others."""
    return Guard() if may_change(product) else None


def mark(worker: Worker, guard: Guard, value: object) -> bytes | None:
    """The mark of a value that a body has just given; the lock is let go of meanwhile."""
    session = worker.session
    guard.worth_s = max(FLOOR_S, SHARE * (perf_counter() - session.since))
    if not guard.may_look(session.graph.settings, session.looked_s):
        return None
    found: bytes | None = _look(worker, guard, value)
    session.looked_s += guard.cost_s
    return found


def find_changed(worker: Worker, deps: tuple[Any, ...]) -> list[Task]:
    """Those of the values a body has used that are not what they were; as `mark`."""
    session = worker.session
    found = []
    for dep in dict.fromkeys(iter_tasks(deps)):
        guard = None if is_given(dep) else dep.family.guard
        if guard is None or getattr(dep, "mark", None) is None:
            continue
        if guard.may_look(session.graph.settings, session.looked_s):
            value, marked = dep.value, dep.mark
            now = _look(worker, guard, value)
            session.looked_s += guard.cost_s
            if now == marked:
                session.sound.add(dep)
            elif now is not None and dep.value is value:
                found.append(dep)
    return found


def is_changed(task: Task, settings: Settings) -> bool:
    """Whether a remembered value that is about to be handed out is not what it was."""
    guard, value, marked = task.family.guard, task.value, getattr(task, "mark", None)
    if guard is None or marked is None or not guard.may_look(settings, 0.0):
        return False
    now = guard.look(value)
    return now is not None and now != marked and task.value is value


def note(task: Task) -> str:
    """What to tell a user whose own code changed a remembered value."""
    value = type(task.value).__name__
    return (
        f"the {value} that {describe(task)} had given was changed in place since; "
        "it is made again. Work on a copy of what a request gives"
    )


def _look(worker: Worker, guard: Guard, value: object) -> bytes | None:
    worker.release()  # a big frame takes a while, and a registered function is the user's
    worker.in_body = True
    try:
        return guard.look(value)
    finally:
        worker.in_body = False
        worker.acquire()


def mutation(task: Task, dep: Task) -> MutationError:
    """The error of a rule that changes in place what another made for it."""
    maker = dep.family.rule
    name = short_value(dep.value)
    return MutationError(
        f"{task.family.rule.name} changed in place what {maker.name} made for it",
        place=task.family.rule.place,
        why=[f"{describe(dep)} had given something else; now it is {name}"],
        fix="work on a copy: all who ask for it are given the same object",
    )


def warn(text: str) -> None:
    """Tell of it by a warning at the user's line."""
    level = 1
    frame: FrameType | None = sys._getframe()
    while frame is not None and texts.is_engine_frame(frame):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, MutationWarning, stacklevel=level)
