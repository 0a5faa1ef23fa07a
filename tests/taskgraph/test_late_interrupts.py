"""An interrupt that lands in the engine's own code, just before a body that blocks."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.outside import outside
from wfnb import Engine, Get, MultiGet, RequestInterrupted, rule
from wfnb.reports import SessionReport
from wfnb.taskgraph.sessions import Session


class Pressing:
    """A param that presses the stop button while it is looked up."""

    is_armed = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pressing)

    def __hash__(self) -> int:
        if Pressing.is_armed:
            Pressing.is_armed = False
            signal.raise_signal(signal.SIGINT)
        return 0


@dataclass(frozen=True)
class Made:
    n: int


@dataclass(frozen=True)
class Both:
    n: int


@dataclass(frozen=True)
class Pause:
    s: float


@rule
def make(pressing: Pressing) -> Made:
    time.sleep(5.0)
    return Made(1)


@rule
async def ask_one(pause: Pause) -> Both:
    made = await Get(Made, Pressing, Pressing())
    return Both(made.n)


@rule
async def ask_several(pause: Pause) -> Both:
    made = await MultiGet(Get(Made, Pressing, Pressing()), Get(Made, Pressing, Pressing()))
    return Both(len(made))


@pytest.fixture
def handler() -> Iterator[None]:
    """Python's own answer to an interrupt, as in a kernel."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("handler")
@pytest.mark.parametrize("asking", [ask_one, ask_several], ids=["get", "batch"])
def test_stops_a_body_that_began_after_the_interrupt(asking: object) -> None:
    """Within a third of a second, though nothing of the body had run when it came."""
    engine = Engine([make, asking])  # type: ignore[list-item]
    Pressing.is_armed = True
    began = time.perf_counter()

    with pytest.raises(RequestInterrupted):
        engine.request(Both, Pause(0.0))

    assert time.perf_counter() - began < 0.3
    assert not Pressing.is_armed


PRESSED: list[str] = []


@outside
def press_at(place: str) -> None:
    """Press the stop button, once, if the test wants it pressed here."""
    if place in PRESSED:
        PRESSED.remove(place)
        signal.raise_signal(signal.SIGINT)


def hidden(product: type) -> Any:
    """A request that the text of its rule does not show."""
    return Get(product)


@rule
def make_from(pause: Pause) -> Made:
    return Made(1)


@rule
async def asks_what_it_does_not_show() -> Both:
    try:
        await hidden(Made)
    finally:
        press_at("finally")
    return Both(1)


class Presses:
    """A listener that presses the stop button when a request has begun, or is about to end."""

    def began(self, session: Session) -> None:
        press_at("began")

    def ended(self, report: SessionReport) -> None:
        press_at("ended")


@pytest.mark.usefixtures("handler")
@pytest.mark.parametrize("place", ["learn", "finally", "began", "ended"])
def test_is_not_lost_while_a_request_starts_over(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it lands before the second session runs; the request after it is answered."""
    engine = Engine([make_from, asks_what_it_does_not_show])
    learn = engine._tasks.learn

    def learns(*what: Any) -> Any:
        found = learn(*what)
        press_at("learn")
        return found

    monkeypatch.setattr(engine._tasks, "learn", learns)
    listener: Any = Presses()  # hears no more than it needs
    engine._ear.listener = listener
    PRESSED.append(place)

    with pytest.raises(RequestInterrupted):
        engine.request(Both, Pause(0.0))

    assert not PRESSED
    assert engine.last is not None
    assert engine.last.facts is not None
    assert engine.last.facts.outcome == "interrupted"
    assert engine.request(Both, Pause(0.0)) == Both(1)
