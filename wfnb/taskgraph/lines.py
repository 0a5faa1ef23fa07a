"""Lines: where in its text a body stands.

Knows: frames of coroutines and of stacks, and which modules are wfnb's own.
Does not know: who wants to know.
Holds: of a rule that awaits a helper, the line of the helper counts: it has the await.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from wfnb.places import place

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from wfnb.taskgraph.tasks import Attempt

_OURS = __name__.partition(".")[0] + "."


def is_ours(frame: FrameType) -> bool:
    """Whether a frame is one of wfnb's own."""
    return str(frame.f_globals.get("__name__", "")).startswith(_OURS)


def line_of(frame: FrameType) -> str:
    """`In [3], line 4` or `workflow.py:12`."""
    return place(frame.f_code.co_filename, frame.f_lineno).short


def line_of_suspended(attempt: Attempt) -> str:
    """The await that a suspended body stands at; "" if that is not to be seen."""
    if attempt.is_cleaning:
        return ""
    found = ""
    coroutine: Any = attempt.coroutine
    while coroutine is not None:
        frame: FrameType | None = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        if not is_ours(frame):
            found = line_of(frame)
        coroutine = getattr(coroutine, "cr_await", None)
    return found


def line_of_caller(bodies: frozenset[CodeType]) -> str:
    """The innermost line on this stack that is not wfnb's, above the nearest of `bodies`."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code not in bodies:
        if not is_ours(frame):
            return line_of(frame)
        frame = frame.f_back
    return ""
