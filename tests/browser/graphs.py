"""Rule graphs for the graph view, and messages about their rules."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.rulegraph.toys import Toys
from wfnb.events.state import RequestState, RuleCounts, Snapshot, State, TaskCounts
from wfnb.pictures.live import live
from wfnb.watching.telling import rule_id

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Speed, Vehicle); resize(Photo)
    resize: Thumbnail <- Photo, Size
    size: Size <-
    old_size: Size <- Year
    car: Speed <- Car
    broken: Wall <- Gallery; Get(Nail, Photo)
    other: Sound <- Song
"""
HOSTILE = '<img src=x onerror="window.pwned = 1">'


def gallery() -> Toys:
    return Toys(GALLERY).union("Vehicle", "Car")


def data(toys: Toys, *queries: str, focus: tuple[str, ...] = ()) -> str:
    """What the view is given."""
    return json.dumps(live(toys.graph(*queries), focus))


def many(count: int) -> str:
    """A graph of so many rules, in layers."""
    choose = random.Random(1)
    lines = []
    for number in range(count):
        kids = [f"In{number}"]
        if number > 5:
            first = max(0, number - 40)
            kids = [f"T{choose.randrange(first, number)}" for _ in range(choose.choice((1, 1, 2)))]
        lines.append(f"rule_{number}: T{number} <- {', '.join(dict.fromkeys(kids))}")
    return data(Toys("\n".join(lines)))


KEPT = ("id", "kind", "outline", "severity", "direction", "first", "tasks")


def in_cells() -> Toys:
    """Rules in two cells, which also have a picture of their own."""
    toys = Toys("a: A <- P\nb: B <- A\nc: C <- B\nd: D <- C\ne: E <- D\nf: F <- E")
    for number, one in enumerate(toys.rules):
        where = type(one.place)(f"In [{number // 3 + 1}]", number, "", is_cell=True)
        object.__setattr__(one, "_place", where)
    return toys


def spoiled(change: Callable[[str], str], given: str | None = None) -> str:
    """Every text that the kernel has for the page is another one."""

    def spoil(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: spoil(inner, key) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [spoil(inner, name) for inner in value]
        return change(value) if isinstance(value, str) and name not in KEPT else value

    return json.dumps(spoil(json.loads(given or data(gallery(), "Gallery <- Folder"))))


def hostile() -> str:
    """Every text that a user controls is markup."""
    return spoiled(lambda _: HOSTILE)


def ids(toys: Toys) -> dict[str, str]:
    """Name of a rule → its id."""
    return {rule.name: rule_id(rule.key) for rule in toys.rules}


def state(
    toys: Toys,
    tasks: dict[str, tuple[int, int]] | None = None,
    **request: Any,
) -> State:
    """What is remembered of rules, and one request; rules by name."""
    known = ids(toys)
    counts = {known[name]: TaskCounts(*found) for name, found in (tasks or {}).items()}
    if not request:
        return State(tasks=counts)
    rules = {known[name]: RuleCounts(*found) for name, found in request.pop("rules", {}).items()}
    given = {"outcome": "running", "started_s": 1.0, **request}
    return State(
        tasks=counts, requests=(RequestState(1, "Gallery", (), False, rules=rules, **given),)
    )


def snapshot(found: State, seq: int = 1) -> Snapshot:
    return Snapshot(seq, 1000.0, found)
