"""The rule graph view's data: what the page is given, and when."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb import Engine, Get, rule
from wfnb.widgets import feed as feed_module
from wfnb.widgets import graph as graph_module
from wfnb.widgets.base import View
from wfnb.widgets.graph import GraphView
from wfnb.widgets.problems import ProblemsView

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


def settle(view: GraphView) -> None:
    assert view.feed._subscription is not None
    view.feed._subscription.catch_up(WAIT_S)


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
    settle(view)

    assert view.data is before


def test_draws_up_the_newest_graph_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is drawn up, any number of changes make one more."""
    engine = Engine([square])
    view = GraphView(engine)
    changes = Changes(view)
    drawn: list[int] = []
    is_drawing, may_go_on = threading.Event(), threading.Event()
    real = vars(graph_module)["live"]

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
    settle(view)
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
    settle(other)
    assert view.data is before


def test_draws_once_for_all_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one thread, which ends; each view keeps what it is about."""
    engine = Engine([square])
    views = [GraphView(engine, ["rule|" + key("square")] * (n % 2)) for n in range(6)]
    drawn: list[str] = []
    real = vars(graph_module)["live"]

    def noted(graph: Any, focus: Any) -> Any:
        drawn.append(threading.current_thread().name)
        return real(graph, focus)

    monkeypatch.setattr(graph_module, "live", noted)
    changes = [Changes(view) for view in views]
    engine.define([add], origin="cell")
    for one in changes:
        one.wait_until(lambda view: "add" in names(view))

    assert drawn == ["wfnb graph view"]
    assert [len(json.loads(view.data)["focus"]) for view in views] == [0, 1, 0, 1, 0, 1]
    until = time.monotonic() + WAIT_S
    while "wfnb graph view" in {one.name for one in threading.enumerate()}:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_draws_again_after_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is printed into whatever cell runs."""
    engine = Engine([square])
    view = GraphView(engine)
    failed = threading.Event()
    real = vars(graph_module)["live"]

    def fail(graph: Any, focus: Any) -> Any:
        failed.set()
        raise ZeroDivisionError

    monkeypatch.setattr(graph_module, "live", fail)
    engine.define([add], origin="cell")
    assert failed.wait(WAIT_S)
    monkeypatch.setattr(graph_module, "live", real)
    changes = Changes(view)
    engine.define([add], origin="other cell")
    engine.forget("cell")
    engine.request(Square, Number(2))

    changes.wait_until(lambda view: '"kind":"query"' in view.data)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("is_ended", [True, False])
def test_keeps_no_engine(is_ended: bool) -> None:
    """A view that is over lets go of it; nor does one that is live keep it alive."""
    engine = Engine([square])
    view = GraphView(engine)
    found = engine.request(Square, Number(2))
    gone, value = weakref.ref(engine), weakref.ref(found)
    settle(view)
    if is_ended:
        view.feed.end()
    del engine, found
    until = time.monotonic() + WAIT_S
    while (gone() is not None or value() is not None) and time.monotonic() < until:
        gc.collect()
        time.sleep(0.05)

    assert (gone(), value()) == (None, None)
    assert view.data


def test_closes_the_oldest_of_a_kind() -> None:
    """The newest sixteen stay open, and others of another kind with them."""
    engine = Engine([square])
    first = GraphView(engine)
    stories = [ProblemsView(engine, "") for _ in range(View.most_kept)]
    views = [GraphView(engine) for _ in range(View.most_kept)]

    assert first.layout.comm is None
    assert [one.comm is None for one in (first, *views)] == [True] + [False] * View.most_kept
    assert not any(one.comm is None for one in stories)
    assert all(one.is_live for one in views)
