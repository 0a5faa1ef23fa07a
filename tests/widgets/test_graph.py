"""The rule graph view's data: what the page is given, and when."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb import Engine, Get, rule
from wfnb.widgets import feed as feed_module
from wfnb.widgets import graph as graph_module
from wfnb.widgets.graph import GraphView

WAIT_S = 10.0


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Square:
    value: int


@dataclass(frozen=True)
class Sum:
    value: int


@rule
async def square(number: Number) -> Square:
    return Square(number.value**2)


@rule
async def add(number: Number) -> Sum:
    found = await Get(Square, Number, number)
    return Sum(found.value + 1)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    while feed_module._live:
        feed_module._live[0].end()


def names(view: GraphView) -> list[str]:
    return [node["name"] for node in json.loads(view.data)["nodes"]]


class Changes:
    """Waits for the data of a view to change."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._changed = threading.Condition()
        self._count = 0
        view.observe(self._note, "data")

    def _note(self, _: object) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_until(self, check: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: check(self._view), WAIT_S), self._view.data


def test_gives_the_graph_at_once() -> None:
    """It stands when the cell that asks for it has run; it has no text, and no picture."""
    engine = Engine([square, add])

    view = GraphView(engine, ["rule|" + key("square")])

    assert names(view) == ["Number", "square", "add", "Sum"]
    found = json.loads(view.data)
    assert [found["nodes"][number]["name"] for number in found["focus"]] == ["square"]
    assert list(view.bundle()) == ["application/vnd.jupyter.widget-view+json"]


def key(name: str) -> str:
    types = {"square": ("Square", "Number"), "add": ("Sum", "Number")}[name]
    return "|".join([__name__, name, *[f"{__name__}.{one}" for one in types]])


def test_gives_the_graph_again_when_rules_change() -> None:
    """After definitions, and after a query that was never asked; not after one that was."""
    engine = Engine([square])
    view = GraphView(engine)
    changes = Changes(view)

    engine.define([add], origin="cell")
    changes.wait_until(lambda view: "add" in names(view))
    engine.request(Sum, Number(3))
    changes.wait_until(lambda view: '"kind":"query"' in view.data)
    before = view.data
    engine.request(Sum, Number(4))
    view.feed._subscription.catch_up(WAIT_S)

    assert view.data is before


def test_draws_up_the_newest_graph_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is drawn up, any number of changes make one more."""
    engine = Engine([square])
    view = GraphView(engine)
    changes = Changes(view)
    drawn: list[int] = []
    is_drawing, may_go_on = threading.Event(), threading.Event()
    real = graph_module.live

    def slow(graph: Any, focus: Any) -> Any:
        drawn.append(len(graph.own_rules))
        is_drawing.set()
        assert may_go_on.wait(WAIT_S)
        return real(graph, focus)

    monkeypatch.setattr(graph_module, "live", slow)
    engine.define([add], origin="cell")
    assert is_drawing.wait(WAIT_S)
    engine.forget("cell")
    engine.define([add], origin="other cell")
    engine.request(Square, Number(2))  # which goes on meanwhile
    assert view.feed._subscription.catch_up(WAIT_S)
    may_go_on.set()

    changes.wait_until(lambda view: '"kind":"query"' in view.data)
    assert len(drawn) == 2


def test_ends_with_its_feed() -> None:
    """An old view is told nothing more."""
    engine = Engine([square])
    view = GraphView(engine)
    before = view.data

    view.feed.end()
    engine.define([add], origin="cell")

    assert not view.is_live
    assert threading.active_count() < 50
    other = GraphView(engine)
    other.feed._subscription.catch_up(WAIT_S)
    assert view.data is before
