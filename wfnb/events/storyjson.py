"""Stories as JSON: what a request did, in a form that is kept.

    {"kind": "wfnb-story", "v": 1, "recording": {…}, "drawing": {…}}

The fields are those of `StepStory`, and of the records that it holds (`steps.py`). A field with a
default may be missing; one that is not known is passed over, since with the same version it is a
new one. What is read is data for views: nothing in it is run, imported or looked up.

Knows: that form, and what has to fit together in it.
Does not know: files.
Holds: what is accepted is whole: each position leads to something, every number is a real one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite

from wfnb.events.codec import ProtocolError, data_from_json, data_to_json
from wfnb.events.steps import Recording, StepStory, TaskDrawing

STORY_VERSION = 1
KIND = "wfnb-story"


class NewerStory(ProtocolError):
    """It was written by a newer wfnb."""


class NoStory(ProtocolError):
    """It is something else."""


def story_to_text(story: StepStory) -> str:
    """The text of a file; ASCII, so that no reader can get its letters wrong."""
    whole = {"kind": KIND, "v": STORY_VERSION, **data_to_json(story)}
    return json.dumps(whole, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def story_from_text(text: str) -> StepStory:
    """The story again.

    Raises:
        NoStory: it is something else.
        NewerStory: it is of a later version.
        ProtocolError: it is damaged; says where.
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise NoStory("it is nested too deeply") from None
    except ValueError as error:  # also for a number of too many digits
        raise NoStory(f"it is no JSON: {error}") from None
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise NoStory(f'it is JSON, but does not say "kind": "{KIND}"')
    version = data.get("v")
    if type(version) is int and version > STORY_VERSION:
        raise NewerStory(f"it is of version {version}, and this wfnb reads version {STORY_VERSION}")
    if version != STORY_VERSION:
        raise ProtocolError(f"v: no version is called {version!r:.40}")
    recording = data_from_json(Recording, data.get("recording"), "recording")
    for problem in _wrong_in(recording):
        raise ProtocolError(problem)
    drawing = data_from_json(TaskDrawing, data.get("drawing"), "drawing")
    for problem in _wrong_in_drawing(drawing, len(recording.tasks)):
        raise ProtocolError(problem)
    return StepStory(recording, drawing)


def _wrong_in(recording: Recording) -> Iterator[str]:
    tasks, sources = len(recording.tasks), len(recording.sources)
    for number, task in enumerate(recording.tasks):
        where = f"recording.tasks[{number}]"
        if task.source is not None and not 0 <= task.source < sources:
            yield f"{where}.source: there is no source {task.source}"
        for below in task.stands_on:
            if not 0 <= below < tasks:
                yield f"{where}.stands_on: there is no task {below}"
    for number, step in enumerate(recording.steps):
        where = f"recording.steps[{number}]"
        if not 0 <= step.task < tasks:
            yield f"{where}.task: there is no task {step.task}"
        if step.by is not None and not 0 <= step.by < tasks:
            yield f"{where}.by: there is no task {step.by}"
        if not (isfinite(step.at_s) and step.at_s >= 0):
            yield f"{where}.at_s: no time is {step.at_s}"
        if step.worker < 0:
            yield f"{where}.worker: no worker is {step.worker}"
        if step.line is not None and step.line < 0:
            yield f"{where}.line: no line is {step.line}"
        if not 1 <= step.part <= step.parts:
            yield f"{where}.part: none of {step.parts} is {step.part}"


def _wrong_in_drawing(drawing: TaskDrawing, tasks: int) -> Iterator[str]:
    numbers = [drawing.width, drawing.height]
    drawn: set[int] = set()
    for position, box in enumerate(drawing.boxes):
        for one in box.tasks:
            if not 0 <= one < tasks or one in drawn:
                yield f"drawing.boxes[{position}].tasks: no task, or one drawn twice: {one}"
            drawn.add(one)
        numbers += [box.x, box.y, box.width, box.height]
    if len(drawn) != tasks:
        yield "drawing.boxes: not every task is in one"
    for position, line in enumerate(drawing.lines):
        for one in (line.source, line.target):
            if not 0 <= one < len(drawing.boxes):
                yield f"drawing.lines[{position}]: there is no box {one}"
        if len(line.points) < 4 or len(line.points) % 4:
            yield f"drawing.lines[{position}].points: they are no pairs"
        numbers += line.points
    if not all(isfinite(number) and abs(number) < 1e7 for number in numbers):
        yield "drawing: a number is out of bounds"
