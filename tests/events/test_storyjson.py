"""Stories as JSON: there and back, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest

from tests.events.watchers import TOYS, Number, Picky, Square, Squares, square
from wfnb import Engine
from wfnb.events.codec import ProtocolError
from wfnb.events.steps import Recording, StepStory
from wfnb.events.storyjson import NewerStory, NoStory, story_from_text, story_to_text
from wfnb.pictures.taskgraphs import MOST_BOXES, draw_tasks, step_story


def recorded(product: type, *params: object, engine: Engine | None = None) -> Recording:
    engine = engine or Engine(TOYS)
    with engine.recording() as recorder, suppress(ValueError):
        engine.request(product, *params)
    assert recorder.last is not None
    return recorder.last


def story() -> StepStory:
    return step_story(recorded(Squares, Number(2)))


@pytest.mark.parametrize(("product", "n"), [(Squares, 2), (Squares, 300), (Picky, 1), (Square, 1)])
def test_comes_back_as_it_was(product: type, n: int) -> None:
    """Every field, of whatever kind of step."""
    found = step_story(recorded(product, Number(n)))

    text = story_to_text(found)

    assert text.isascii()
    assert story_from_text(text) == found


def test_reads_a_story_with_fields_of_tomorrow() -> None:
    """What it does not know it passes over; what has a default may be missing."""
    data = json.loads(story_to_text(story()))
    data["colour"] = data["recording"]["mood"] = 1
    del data["recording"]["text"], data["recording"]["tasks"][0]["stands_on"]

    found = story_from_text(json.dumps(data)).recording

    assert found.text == ""
    assert found.tasks[0].stands_on == ()


def _damaged(*path: str | int, to: Any) -> str:
    data = json.loads(story_to_text(story()))
    inner: Any = data
    for one in path[:-1]:
        inner = inner[one]
    inner[path[-1]] = to
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("{", NoStory, "it is no JSON: Expecting property name enclosed in double quotes: "
         "line 1 column 2 (char 1)"),
        ("", NoStory, "it is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[1]", NoStory, 'it is JSON, but does not say "kind": "wfnb-story"'),
        ('{"cells": []}', NoStory, 'it is JSON, but does not say "kind": "wfnb-story"'),
        ("[" * 100_000, NoStory, "it is nested too deeply"),
        (_damaged("v", to=2), NewerStory, "it is of version 2, and this wfnb reads version 1"),
        (_damaged("v", to="1"), ProtocolError, "v: no version is called '1'"),
        (_damaged("recording", to=None), ProtocolError,
         "recording: an object is needed, not None"),
        (_damaged("recording", "steps", 1, "kind", to="danced"), ProtocolError,
         "recording.steps[1].kind: none of asked, reused, checked, started, suspended, resumed, "
         "finished, failed, cleaned, put back, cut off: 'danced'"),
        (_damaged("recording", "steps", 1, "task", to=7), ProtocolError,
         "recording.steps[1].task: there is no task 7"),
        (_damaged("recording", "steps", 1, "by", to=-1), ProtocolError,
         "recording.steps[1].by: there is no task -1"),
        (_damaged("recording", "steps", 1, "at_s", to=float("nan")), ProtocolError,
         "recording.steps[1].at_s: no time is nan"),
        (_damaged("recording", "tasks", 0, "source", to=9), ProtocolError,
         "recording.tasks[0].source: there is no source 9"),
        (_damaged("recording", "tasks", 0, "stands_on", to=[3]), ProtocolError,
         "recording.tasks[0].stands_on: there is no task 3"),
        (_damaged("drawing", "boxes", 1, "tasks", to=[0]), ProtocolError,
         "drawing.boxes[1].tasks: no task, or one drawn twice: 0"),
        (_damaged("drawing", "boxes", 0, "tasks", to=[]), ProtocolError,
         "drawing.boxes: not every task is in one"),
        (_damaged("drawing", "lines", 0, "target", to=8), ProtocolError,
         "drawing.lines[0]: there is no box 8"),
        (_damaged("drawing", "lines", 0, "points", to=[1.0]), ProtocolError,
         "drawing.lines[0].points: they are no pairs"),
        (_damaged("drawing", "width", to=float("inf")), ProtocolError,
         "drawing: a number is out of bounds"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_story(text: str, kind: type[ProtocolError], told: str) -> None:
    """With where it is wrong, and why."""
    with pytest.raises(ProtocolError) as caught:
        story_from_text(text)

    assert type(caught.value) is kind
    assert str(caught.value) == told


# -- the drawing -------------------------------------------------------------------------------


def test_draws_every_task_of_a_small_request() -> None:
    """Lines lead from who is asked to who asks."""
    drawing = story().drawing

    assert [(box.name, box.detail) for box in drawing.boxes] == [
        ("squares", "Number(2)"),
        ("square", "Number(0)"),
        ("square", "Number(1)"),
    ]
    assert [(line.source, line.target) for line in drawing.lines] == [(1, 0), (2, 0)]


def test_sums_up_the_tasks_of_a_large_request() -> None:
    """The first few of a rule have boxes of their own, and so has one that failed."""
    drawing = draw_tasks(recorded(Squares, Number(2_000)))

    assert [(box.name, box.detail) for box in drawing.boxes] == [
        ("squares", "Number(2000)"),
        ("square", "Number(0)"),
        ("square", "Number(1)"),
        ("square", "Number(2)"),
        ("square × 1997", "1997 tasks: open to list them"),
    ]
    assert len(drawing.boxes) < MOST_BOXES
    assert sorted(n for box in drawing.boxes for n in box.tasks) == list(range(2_001))


def test_draws_what_a_value_stands_on_when_nobody_asked() -> None:
    """A task that is only checked has asked in an earlier request."""
    engine = Engine(TOYS)
    engine.request(Squares, Number(2))
    engine.invalidate(square)

    drawing = draw_tasks(recorded(Squares, Number(2), engine=engine))

    assert [(line.source, line.target) for line in drawing.lines] == [(1, 0), (2, 0)]
