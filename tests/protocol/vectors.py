"""The vectors: messages and the state they fold to, as every language has to read them.

.venv/bin/python -m tests.protocol.vectors     writes vectors.json anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wfnb.events.codec import state_to_json, to_json
from wfnb.events.fold import fold
from wfnb.events.kinds import (
    Edge,
    Event,
    Extent,
    GraphChanged,
    LaneMoved,
    MultiGetMoved,
    Node,
    Problem,
    ProblemsChanged,
    Remembered,
    RequestEnded,
    RequestsPassed,
    RequestStarted,
    RequestStopping,
    RulesChanged,
    TasksCounted,
    TasksDone,
    TasksTouched,
    Waiting,
    WaitingMoved,
)
from wfnb.events.state import (
    MOST_CHANGES,
    MOST_MULTIGETS,
    MOST_REQUESTS,
    MOST_SPANS,
    MOST_WHYS,
    Batch,
    Message,
    Snapshot,
    State,
)

FILE = Path(__file__).with_name("vectors.json")

RESIZE = "rule|__main__|resize|__main__.Thumbnail|__main__.Photo"
GALLERY = "rule|__main__|make_gallery|__main__.Gallery|__main__.Folder"
PHOTO = "open input|__main__.Photo"


def messages(*batches: list[Event], start: State | None = None) -> list[Message]:
    """A snapshot, and a batch for each list of events."""
    found: list[Message] = [Snapshot(7, 1_700_000_000.5, start or State())]
    for number, events in enumerate(batches, 1):
        found.append(Batch(7 + number, number / 8, tuple(events)))
    return found


def started(request: int = 1, at_s: float = 0.25) -> RequestStarted:
    return RequestStarted(request, "Gallery", ("Folder('in')",), False, at_s)


def ended(request: int = 1, at_s: float = 2.5) -> RequestEnded:
    return RequestEnded(request, "answered", "", None, (), at_s)


def gathering(number: int, done: int, *, is_over: bool = False) -> MultiGetMoved:
    asker = "make_gallery(Folder('in'))"
    return MultiGetMoved(1, number, asker, "In [3], line 4", 10, done, 2, 0, 1, 7 - done, is_over)


def graph(*, is_chosen: bool) -> GraphChanged:
    nodes = (
        Node(
            GALLERY,
            "rule",
            "make_gallery",
            "In [3], line 2",
            "c0ffee",
            Extent(2, 10, 2, 22, "async def make_gallery(folder: Folder) -> Gallery:"),
        ),
        Node(RESIZE, "rule", "resize", "In [2], line 1"),
        Node(PHOTO, "open input", "Photo", ""),
    )
    edges = (
        Edge("e1", GALLERY, RESIZE, "get", "Thumbnail from Photo", 4, is_chosen),
        Edge("e2", RESIZE, PHOTO, "param", "Photo", None, False),
    )
    return GraphChanged(nodes, edges, (), ())


PROBLEM = Problem(
    "WF203",
    "error",
    "nothing supplies ThumbnailSize for make_gallery",
    "In [7], line 4",
    ("no rule makes it", "“quoted” → arrow"),
    "write a rule",
    "await Get(Thumbnail, Photo, photo)",
    "c0ffee",
    Extent(4, 20, 5, 9, "    thumbs = await Get(Thumbnail, Photo,"),
)

CASES: dict[str, list[Message]] = {
    "nothing but a snapshot": messages(),
    "definitions, the graph and its problems": messages(
        [RulesChanged("In [3]", ("resize",), (), (), 0, 0, 0.5), graph(is_chosen=False)],
        [ProblemsChanged((PROBLEM,))],
        [
            RulesChanged("", (), ("resize",), ("make_gallery",), 3, 1, 1.5),
            graph(is_chosen=True),
            GraphChanged((), (), (GALLERY, "never there"), ("e1",)),
            ProblemsChanged(()),
        ],
    ),
    "counts of what is remembered": messages(
        [TasksCounted(RESIZE, 10, 0), TasksCounted(GALLERY, 1, 0), Remembered("Gallery", 3)],
        [
            TasksTouched("it was invalidated", 10, 1, 1.0),
            TasksCounted(RESIZE, 10, 10),
            TasksCounted(GALLERY, 0, 0),
            Remembered("Gallery", 2),
            Remembered("Thumbnail", 1),
            RequestsPassed(40, 80, 1, 2),
        ],
    ),
    "a request from its start to its end": messages(
        [started(), LaneMoved(1, 0, "resize(Photo('a.jpg'))", RESIZE, 0.5)],
        [
            TasksDone(1, RESIZE, "ran", 3, "asked for the first time"),
            TasksDone(1, RESIZE, "kept", 2, "nothing that it stands on moved"),
            gathering(0, 1),
            LaneMoved(1, 1, "resize(Photo('b.jpg'))", RESIZE, 0.75),
            LaneMoved(1, 0, "", "", 0.75),
            WaitingMoved(
                1, 1, (Waiting("make_gallery(Folder('in'))", GALLERY, "In [3], line 4", 6),)
            ),
        ],
        [
            TasksDone(1, RESIZE, "ran", 2, "asked for the first time"),
            TasksDone(1, RESIZE, "failed", 1, "its rule raised"),
            TasksDone(1, RESIZE, "loaded", 4, "its result was on disk"),
            gathering(0, 6),
            gathering(1, 0),
            LaneMoved(1, 1, "resize(Photo('c.jpg'))", RESIZE, 1.0),
        ],
        [gathering(0, 7, is_over=True), ended()],
    ),
    "a goal that is interrupted": messages(
        [RequestStarted(5, "Publish", (), True, 0.5), LaneMoved(5, 0, "publish()", "r", 0.5)],
        [RequestStopping(5, 1.0)],
        [
            RequestEnded(
                5,
                "interrupted",
                "RequestInterrupted: the request was interrupted",
                None,
                ("publish()",),
                1.25,
            ),
            RequestStarted(6, "Publish", (), True, 1.5),
            RequestEnded(6, "answered", "", 2, (), 1.75),
        ],
    ),
    "events of requests that are not known": messages(
        [
            TasksDone(9, RESIZE, "ran", 3, ""),
            LaneMoved(9, 0, "x", RESIZE, 0.5),
            RequestStopping(9, 0.5),
            ended(9),
        ],
    ),
    "more than the bounds": messages(
        [started(n, float(n)) for n in range(1, MOST_REQUESTS + 4)],
        [ended(n, 30.0) for n in range(2, MOST_REQUESTS + 4)],
        [started(99, 31.0), ended(99, 32.0)],
        [TasksDone(1, "r", "ran", 1, f"reason {n}") for n in range(MOST_WHYS + 3)],
        [gathering(n, 0) for n in range(MOST_MULTIGETS + 2)],
        [LaneMoved(1, 0, f"t{n}", "r", float(n)) for n in range(MOST_SPANS + 3)],
        [TasksTouched(f"{n}", 1, 0, float(n)) for n in range(MOST_CHANGES + 2)],
    ),
}


def to_objects() -> list[dict[str, Any]]:
    """All cases, as the file holds them."""
    return [
        {
            "name": name,
            "messages": [to_json(message) for message in case],
            "state": state_to_json(fold(case)),
        }
        for name, case in CASES.items()
    ]


def to_text() -> str:
    """The text of the file: a line per message and state."""
    blocks = []
    for case in to_objects():
        sent = ",\n   ".join(json.dumps(one, ensure_ascii=False) for one in case["messages"])
        state = json.dumps(case["state"], ensure_ascii=False)
        name = json.dumps(case["name"])
        blocks.append(f' {{"name": {name},\n  "messages": [\n   {sent}],\n  "state": {state}}}')
    return "[\n" + ",\n".join(blocks) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(to_text(), encoding="utf-8")
