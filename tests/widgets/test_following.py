"""Following one request: what views of it are told, and how little."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass

import pytest

from tests.outside import outside
from wfnb import Engine, Get, MultiGet, rule
from wfnb.events.codec import to_json
from wfnb.events.fold import fold
from wfnb.events.state import Batch, Message, RequestState, Snapshot
from wfnb.widgets import following
from wfnb.widgets.following import follow


@dataclass(frozen=True)
class Number:
    n: int
    s: float


@dataclass(frozen=True)
class Made:
    n: int


@dataclass(frozen=True)
class Total:
    n: int


@dataclass(frozen=True)
class Odd:
    n: int


@outside
def pause(seconds: float) -> None:
    """Take time."""
    time.sleep(seconds)


@rule
def make(number: Number) -> Made:
    pause(number.s)
    return Made(number.n)


@rule
async def add(number: Number) -> Total:
    made = await MultiGet(Get(Made, Number, Number(n, number.s)) for n in range(number.n))
    return Total(len(made))


@rule
async def odd(number: Number) -> Odd:
    await Get(Total)
    kinds = {"made": Made}
    return Odd((await Get(kinds["made"])).n)


def followed(engine: Engine, product: type, number: Number) -> list[Message]:
    """Ask for something, and follow it from a moment later to its end."""
    messages: list[Message] = []

    def listen() -> None:
        until = time.monotonic() + 5
        while not engine.running and time.monotonic() < until:
            time.sleep(0.001)
        for request in list(engine.running)[:1]:
            messages.extend(one for one in follow(engine, request) if one is not None)

    other = threading.Thread(target=listen)
    other.start()
    engine.request(product, number)
    other.join(10)
    assert not other.is_alive()
    return messages


def last(messages: list[Message]) -> RequestState:
    """The request at the end; fails if a message is missing."""
    return fold(messages).requests[-1]


@pytest.mark.slow
def test_tells_a_request_from_a_snapshot_to_its_end() -> None:
    """Numbered without a gap, at most ten a second, nothing but this request and its rules."""
    engine = Engine([make, add])
    engine.request(Total, Number(3, 0.0))
    messages = followed(engine, Total, Number(300, 0.1))

    first, *batches = messages
    assert isinstance(first, Snapshot)
    assert all(isinstance(one, Batch) for one in batches)
    found = last(messages)
    assert (found.outcome, found.product) == ("answered", "Total")
    assert sum(one.ran for one in found.rules.values()) == 301
    assert [one.total for one in found.multigets] == [300]
    state = fold(messages)
    assert len(state.requests) == 1
    assert sorted(one.label for one in state.nodes.values()) == ["add", "make"]
    assert state.edges == {}
    assert state.problems == ()
    assert found.ended_s is not None
    assert len(batches) <= (found.ended_s - found.started_s) * 10 + 2


@pytest.mark.slow
def test_tells_the_end_however_late_it_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without patience it finds the request gone before anybody has told of its end."""
    monkeypatch.setattr(following, "_PATIENCE_S", 0.001)
    engine = Engine([make, add])

    for number in range(5):
        assert last(followed(engine, Total, Number(7, 0.05 + number / 1000))).outcome == "answered"


@pytest.mark.slow
def test_stays_small_with_many_tasks() -> None:
    """A hundred thousand of them: some messages of some kilobytes."""
    engine = Engine([make, add])
    messages = followed(engine, Total, Number(100_000, 0.0))

    texts = [json.dumps(to_json(one)) for one in messages]
    assert len(texts) < 200
    assert max(map(len, texts)) < 60_000
    assert sum(one.ran for one in last(messages).rules.values()) == 100_001


@pytest.mark.slow
def test_goes_on_when_the_request_is_started_over() -> None:
    """Under the new number, as the newest request of the state."""
    messages = followed(Engine([make, add, odd]), Odd, Number(4, 0.15))

    outcomes = [one.outcome for one in fold(messages).requests]
    assert outcomes == ["started over", "answered"] or outcomes == ["answered"]


def test_gives_nothing_for_a_request_that_has_ended() -> None:
    """Nor for one that never was; it does not wait for ever."""
    engine = Engine([make, add])
    engine.request(Total, Number(2, 0.0))

    assert [one for one in follow(engine, 1) if one is not None] == []
    assert [one for one in follow(engine, 99) if one is not None] == []
    assert engine._ear.listener is None


def test_leaves_the_engine_unwatched_afterwards() -> None:
    """What follows costs nothing."""
    engine = Engine([make, add])
    followed(engine, Total, Number(3, 0.05))

    assert engine._ear.listener is None
