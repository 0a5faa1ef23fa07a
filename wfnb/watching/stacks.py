"""Stacks: what stands on a worker's stack, read from another thread.

A body that asks for something new waits on the stack while that runs, and is entered nowhere: this
is what makes a task cheap. Frames know it all the same, with the line of each await.

Knows: which frames are the engine's, and their local names.
Does not know: who wants to know.
Holds: reads only. What it finds was so a moment ago.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.lines import is_ours, line_of
from wfnb.taskgraph.sharing import start_batch
from wfnb.taskgraph.tasks import Batch, Task

if TYPE_CHECKING:
    from types import FrameType

_BODIES = frozenset({Worker.run_body.__code__, Worker.resume.__code__})
_AWAIT_ALL = Worker.await_all.__code__
_START_BATCH = start_batch.__code__
_MOST_FRAMES = 2_000


@dataclass(frozen=True, slots=True)
class Held:
    """A body that waits on the stack, or a MultiGet that is gone through there.

    Attributes:
        what: the task, or the tasks of the MultiGet.
        place: the line of the await; "" for a comparison, which has none.
    """

    what: Task | Batch
    place: str


def iter_held(workers: Iterable[Worker]) -> Iterator[Held]:
    """What the stacks of these workers hold but for the bodies that they are in; outermost last."""
    frames = sys._current_frames()
    for worker in workers:
        frame = frames.get(worker.thread)
        if frame is not None:
            yield from _iter_stack(frame)


def _iter_stack(frame: FrameType | None) -> Iterator[Held]:
    is_top = True
    line = ""  # of the innermost frame that is not ours, since the last body
    batch: Batch | None = None
    for _ in range(_MOST_FRAMES):
        if frame is None:
            return
        code = frame.f_code
        if code is _START_BATCH:
            batch = frame.f_locals.get("batch")
            back = frame.f_back
            if batch is not None and (back is None or back.f_code is not _AWAIT_ALL):
                yield Held(batch, "")
                batch = None
        elif code in _BODIES:
            task = frame.f_locals.get("task")
            if task is not None and not is_top:
                yield Held(task, line)
            is_top, line = False, ""
        elif not line and not is_top and not is_ours(frame):
            line = line_of(frame)
            if batch is not None:
                yield Held(batch, line)
                batch = None
        frame = frame.f_back
