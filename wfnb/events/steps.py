"""Steps: a recording of one request, to go through it forwards and backwards.

Knows: kinds of step, and what each is about.
Does not know: how steps are taken down.
Holds: plain data, as events. The steps of one thread are in order; `at_s` never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StepKind = Literal[
    "asked",  # a body is at an await, and asks for the task; `by` is who asks
    "reused",  # the answer was remembered, or had been made by another asker
    "checked",  # a look at what the task stands on begins: it may hold as it is
    "started",  # the body begins
    "suspended",  # the body stands at an await whose answer is still being made
    "resumed",  # the body goes on
    "finished",  # the body returned
    "failed",  # the body raised
    "cleaned",  # the look has shown that the value holds; no body ran
    "put back",  # the task has to begin anew: something changed, or the stack was too short
    "cut off",  # the request ended before the task did
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        at_s: seconds since the request began.
        task: position in the recording's `tasks`.
        by: the task whose body asks, likewise; None for the request itself, and where no one does.
        worker: 0 is the thread that asked.
        place: the line of the await that is asked from, or stood at; of "failed", the line that
            raised; "" elsewhere.
        line: the same as a line of the body's own source; None where it is in none.
        note: of "finished" the value, of "failed" the error, of "started" the cause; as short text.
        part: of "asked" and "reused", which request of its MultiGet this is, from 1 on.
        parts: how many those are together; they are steps that follow each other.
    """

    kind: StepKind
    at_s: float
    task: int
    by: int | None
    worker: int
    place: str
    note: str
    line: int | None = None
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class StepTask:
    """A task that steps are about.

    Attributes:
        task: "resize(Photo('a.jpg'))".
        rule: the id of its rule's node, as in events.
        name: of its rule, to be read.
        product: the name of what it makes.
        source: position in the recording's `sources`; None if its text is not at hand.
        stands_on: positions of the tasks that its value was made from, as far as steps tell of
            them.
    """

    task: str
    rule: str
    name: str = ""
    product: str = ""
    source: int | None = None
    stands_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a body as it was when it ran.

    Attributes:
        place: of its first line: "In [3], line 2".
        first: the number of that line.
        lines: without what all of them are indented by; the first ones, if there are many.
        left_out: how many more there are.
    """

    place: str
    first: int
    lines: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """What one request did, step by step.

    Attributes:
        request: its number, as in events; 0 for one that was answered from memory at once.
        outcome: as in events, or "remembered".
        dropped: how many steps came after the last one that was kept, at least.
        text: the story of the request: what ran, was kept and reused, with the reasons.
    """

    request: int
    product: str
    params: tuple[str, ...]
    outcome: str
    tasks: tuple[StepTask, ...]
    steps: tuple[Step, ...]
    dropped: int
    sources: tuple[Source, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class TaskBox:
    """A task in the drawing of a recording, or all tasks of one rule that have no box of their own.

    Attributes:
        tasks: positions in the recording's `tasks`; one for a box of its own.
        name: the upper line.
        detail: the lower line.
        x: of its middle, in pixels, as all that follows.
    """

    tasks: tuple[int, ...]
    name: str
    detail: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TaskLine:
    """From a task to who asked for it, or to what stands on it.

    Attributes:
        source: position in the drawing's `boxes`, as is `target`.
        points: x, y, x, y, …: curved between points 2n and 2n + 1, straight between the others.
        is_back: whether it leads against the direction of the drawing.
        is_loop: whether it ends where it starts.
    """

    source: int
    target: int
    points: tuple[float, ...]
    is_back: bool = False
    is_loop: bool = False


@dataclass(frozen=True, slots=True)
class TaskDrawing:
    """Where everything goes.

    Attributes:
        direction: "down" or "right": which way lines lead.
    """

    direction: str
    width: float
    height: float
    boxes: tuple[TaskBox, ...]
    lines: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class StepStory:
    """All that a view needs to go through a request: what a saved story holds."""

    recording: Recording
    drawing: TaskDrawing
