"""What a notebook keeps of a view."""

from __future__ import annotations

import json
from dataclasses import dataclass

from wfnb import Engine, Get, rule
from wfnb.events.codec import from_json
from wfnb.watching.saving import MIME, form_of, kept, problems_of
from wfnb.widgets.problems import ProblemsView


@dataclass(frozen=True)
class Photo:
    name: str


@dataclass(frozen=True)
class Size:
    px: int


@dataclass(frozen=True)
class Thumb:
    name: str


@rule
async def resize(photo: Photo) -> Thumb:
    await Get(Size, Photo, photo)
    return Thumb(photo.name)


def test_keeps_the_problems_of_an_engine() -> None:
    """As a message that the page can fold; the display itself holds a constant."""
    engine = Engine([resize])
    view = ProblemsView(engine, "1 error in 1 rule")
    view.feed.end()

    data, metadata = view._repr_mimebundle_()

    assert data[MIME] == {"version": 1, "view": "problems"}
    message = from_json(json.loads(json.dumps(metadata))["wfnb"]["snapshot"])
    assert [one.code for one in message.state.problems if one.severity == "error"] == ["WF203"]
    assert metadata == kept(
        snapshot=problems_of(Engine([resize]).rule_graph)
    )  # whichever engine, whenever
    view.close()


def test_keeps_nothing_that_is_too_large() -> None:
    """The text of the display is still there."""
    assert kept(data="x" * 299_000)["wfnb"]["data"]
    assert kept(data="x" * 300_000) == {}
    assert kept(data="é" * 150_000) == {}
    assert list(form_of("graph")) == [MIME]
