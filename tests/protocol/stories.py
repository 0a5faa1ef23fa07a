"""Recorded requests that both languages go through: `python -m tests.protocol.stories`.

Knows: a small workflow. Does not know: what is tested with it.
Holds: no times and no paths of this machine are in them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wfnb import Engine, Get, MultiGet, rule
from wfnb.events.steps import Recording
from wfnb.events.storyjson import story_to_text
from wfnb.pictures.taskgraphs import step_story

FILE = Path(__file__).with_name("stories.json")


@dataclass(frozen=True)
class Folder:
    name: str


@dataclass(frozen=True)
class Size:
    px: int


@dataclass(frozen=True)
class Photo:
    name: str


@dataclass(frozen=True)
class Thumb:
    name: str


@dataclass(frozen=True)
class Gallery:
    count: int


@rule
async def default_size() -> Size:
    return Size(64)


@rule
async def resize(photo: Photo, size: Size) -> Thumb:
    if photo.name == "bad":
        raise ValueError("no image")
    return Thumb(photo.name)


@rule
async def make_gallery(folder: Folder) -> Gallery:
    size = await Get(Size)
    names = ["cat", "dog", folder.name][: size.px]
    thumbs = await MultiGet(Get(Thumb, Photo, Photo(name)) for name in names)
    return Gallery(len(thumbs))


def recordings() -> dict[str, Recording]:
    """By what is particular about them."""
    engine = Engine([default_size, resize, make_gallery])
    found = {}
    with engine.recording() as recorder:

        def keep(name: str, *params: object) -> None:
            with suppress(ValueError):
                engine.request(Gallery, *params)
            assert recorder.last is not None
            steps = [replace(step, at_s=n / 1000) for n, step in enumerate(recorder.last.steps)]
            found[name] = replace(recorder.last, steps=tuple(steps))

        keep("first", Folder("owl"))
        engine.invalidate(resize)
        keep("again", Folder("owl"))
        keep("failed", Folder("bad"))
    return found


def to_text() -> str:
    """The text of the file."""
    found = {name: json.loads(story_to_text(step_story(one))) for name, one in recordings().items()}
    return json.dumps(found, indent=1) + "\n"


if __name__ == "__main__":
    from tests.protocol import stories  # rules are called by the module that they are in

    FILE.write_text(stories.to_text(), encoding="utf-8")
