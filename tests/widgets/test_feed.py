"""The feed: what a view is told of an engine, and how often."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb import Engine, rule
from wfnb.events.codec import from_json, to_json
from wfnb.events.fold import fold
from wfnb.events.state import Message, Snapshot
from wfnb.widgets import feed as feed_module
from wfnb.widgets.feed import Feed


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Square:
    value: int


@rule
async def square(number: Number) -> Square:
    return Square(number.value**2)


class FakeView:
    """Takes down what it is given."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.checkpoints: list[Snapshot] = []
        self.is_live = True

    def send(self, data: Any) -> None:
        self.sent.append(from_json(json.loads(json.dumps(data))))

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "snapshot":
            found = from_json(json.loads(value))
            assert isinstance(found, Snapshot)
            self.checkpoints.append(found)
        else:
            object.__setattr__(self, name, value)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    while feed_module._live:
        feed_module._live[0].end()


def fed(engine: Engine) -> tuple[FakeView, Feed]:
    view = FakeView()
    return view, Feed(view, engine)  # type: ignore[arg-type]  # as much of a view as it needs


def settle(feed: Feed) -> None:
    assert feed._subscription is not None
    assert feed._subscription.catch_up(5.0)


def test_begins_with_a_checkpoint() -> None:
    """Before the view is shown, and with what stands."""
    view, _ = fed(Engine([square]))

    [first] = view.checkpoints
    assert [node.label for node in first.state.nodes.values() if node.kind == "rule"] == ["square"]


def test_sends_batches_between_checkpoints() -> None:
    """What was sent since a checkpoint leads to the next one."""
    engine = Engine([square])
    view, feed = fed(engine)

    engine.request(Square, Number(3))
    settle(feed)
    feed._late()

    last = view.checkpoints[-1]
    assert last.seq == view.sent[-1].seq
    assert fold([view.checkpoints[0], *view.sent]) == last.state


@pytest.mark.slow
def test_makes_a_checkpoint_after_the_last_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that missed the last batch is not left behind."""
    monkeypatch.setattr(feed_module, "SHORTEST_S", 0.2)
    engine = Engine([square])
    view, feed = fed(engine)

    engine.request(Square, Number(3))
    settle(feed)
    until = time.monotonic() + 5
    while view.checkpoints[-1].seq < view.sent[-1].seq and time.monotonic() < until:
        time.sleep(0.02)

    assert view.checkpoints[-1].seq == view.sent[-1].seq
    assert len(view.checkpoints) < 4


def test_tells_an_ended_view_nothing() -> None:
    """And the view says that it is no longer live."""
    engine = Engine([square])
    view, feed = fed(engine)
    feed.end()
    told = len(view.sent), len(view.checkpoints)

    engine.request(Square, Number(4))

    assert not view.is_live
    assert (len(view.sent), len(view.checkpoints)) == told


def test_feeds_so_many_views() -> None:
    """A cell that is run again and again leaves its old views behind."""
    engine = Engine([square])

    views = [fed(engine)[0] for _ in range(feed_module.MOST_LIVE + 2)]

    assert [view.is_live for view in views] == [False, False] + [True] * feed_module.MOST_LIVE


def test_sends_what_json_takes() -> None:
    """Names in any script, as they are."""
    engine = Engine([square])
    view, _ = fed(engine)

    text = json.dumps(to_json(view.checkpoints[0]), ensure_ascii=False)

    assert from_json(json.loads(text)) == view.checkpoints[0]


def test_forgets_a_view_whose_making_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later ones do not stumble over it."""
    engine = Engine([square])

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(engine, "subscribe", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fed(engine)

    assert not feed_module._live
    views = [fed(engine)[0] for _ in range(feed_module.MOST_LIVE + 1)]
    assert [view.is_live for view in views] == [False] + [True] * feed_module.MOST_LIVE


def test_says_when_a_view_could_not_be_told() -> None:
    """It is live no longer; the others go on."""
    engine = Engine([square])
    engine.watch_cells(tell=lambda text: None)
    view, feed = fed(engine)
    other, _ = fed(engine)

    def fail(data: Any) -> None:
        raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed")

    view.send = fail  # type: ignore[method-assign]
    engine.request(Square, Number(3))
    settle(feed_module._live[-1])

    assert (view.is_live, other.is_live) == (False, True)
    assert feed not in feed_module._live


def test_ends_all() -> None:
    """As with `%unload_ext`."""
    engine = Engine([square])
    views = [fed(engine)[0] for _ in range(3)]

    feed_module.end_all()

    assert [view.is_live for view in views] == [False] * 3
    assert engine._ear.listener is None
