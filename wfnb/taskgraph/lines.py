"""Lines: where in its text a body stands.

Knows: frames of coroutines and of stacks, and which modules are wfnb's own.
Does not know: who wants to know.
Holds: of a rule that awaits a helper, the line of the helper counts: it has the await.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from wfnb.places import place

if TYPE_CHECKING:
    from types import CodeType, FrameType, TracebackType

    from wfnb.taskgraph.tasks import Attempt

_OURS = __name__.partition(".")[0] + "."


def is_ours(frame: FrameType) -> bool:
    """Whether a frame is one of wfnb's own."""
    return str(frame.f_globals.get("__name__", "")).startswith(_OURS)


def line_of(frame: FrameType) -> str:
    """`In [3], line 4` or `workflow.py:12`."""
    return place(frame.f_code.co_filename, frame.f_lineno).short


class Spot(NamedTuple):
    """A line of a function, kept without its words: those take longer to find."""

    code: CodeType
    line: int

    @property
    def short(self) -> str:
        """`In [3], line 4` or `workflow.py:12`."""
        return place(self.code.co_filename, self.line).short


def line_of_suspended(attempt: Attempt) -> str:
    """The await that a suspended body stands at; "" if that is not to be seen."""
    spot = spot_of_suspended(attempt)
    return spot.short if spot is not None else ""


def spot_of_suspended(attempt: Attempt) -> Spot | None:
    """The same without words."""
    if attempt.is_cleaning:
        return None
    found: Spot | None = None
    coroutine: Any = attempt.coroutine
    while coroutine is not None:
        frame: FrameType | None = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        if not is_ours(frame):
            found = Spot(frame.f_code, frame.f_lineno)
        coroutine = getattr(coroutine, "cr_await", None)
    return found


def spot_of_caller(bodies: frozenset[CodeType], skip: int) -> Spot | None:
    """The innermost line on this stack that is not wfnb's, above the nearest of `bodies`.

    Args:
        skip: frames that are known to be wfnb's; to look at a frame costs more than all the rest.
    """
    frame: FrameType | None = sys._getframe(skip)
    while frame is not None and frame.f_code not in bodies:
        if not is_ours(frame):
            return Spot(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return None


def spot_of_failure(traceback: TracebackType | None, code: CodeType) -> Spot | None:
    """The line of a function that an exception came through last."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            found = Spot(code, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
