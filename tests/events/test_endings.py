"""How requests end, as observers are told: interrupted, abandoned, refused, started over."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import warnings

import pytest

from tests.events.watchers import TOYS, Gate, Keeper, Number, Slow, Square, Squares, squares
from wfnb import CycleError, Engine, Get, RequestInterrupted, WiringError, rule
from wfnb.events.kinds import RequestStopping
from wfnb.events.state import Message


def held_square(gate: Gate) -> object:
    @rule
    async def held(number: Number) -> Square:
        gate.wait()
        return Square(1)

    return held


def test_tells_an_interrupt_and_what_it_cut_off() -> None:
    """The lanes are empty afterwards, whatever was in them."""
    gate = Gate()
    engine, keeper = Engine([held_square(gate), squares]), Keeper()  # type: ignore[list-item]

    def press() -> None:
        gate.wait_reached()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    with engine.subscribe(keeper) as watching:
        thread.start()
        with pytest.raises(RequestInterrupted):
            engine.request(Squares, Number(2))
        thread.join()
        assert watching.catch_up()

    assert keeper.last.outcome == "interrupted"
    assert keeper.last.cut_off == ("held(Number(0))",)
    assert keeper.last.error.startswith("RequestInterrupted: the request was interrupted while")
    assert (keeper.last.lanes, keeper.last.waiting, keeper.last.is_stopping) == ((), 0, False)


@pytest.mark.slow
def test_tells_the_end_of_a_request_whose_body_does_not_come_back() -> None:
    """Its asker has been answered long ago; and the body's end is not told as another one."""
    gate = Gate()
    engine, keeper = Engine([held_square(gate), squares]), Keeper()  # type: ignore[list-item]

    async def ask() -> None:
        asked = asyncio.ensure_future(engine.arequest(Squares, Number(2)))
        await asyncio.to_thread(gate.wait_reached)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        for _ in range(200):
            assert await asyncio.to_thread(watching.catch_up)
            if keeper.last.outcome != "running":
                break
            await asyncio.sleep(0.01)

    with engine.subscribe(keeper) as watching:
        asyncio.run(ask())
        assert keeper.last.outcome == "interrupted"
        gate.open()
        engine.request(Slow, Slow(1))
        engine.invalidate()
        engine.request(Square, Number(1))
        assert watching.catch_up()

    assert [one.outcome for one in keeper.state.requests] == ["interrupted", "answered", "answered"]
    assert len({one.request for one in keeper.state.requests}) == 3
    assert len(keeper.of(RequestStopping)) <= 1


def test_tells_a_request_that_waits_for_itself_as_refused() -> None:
    """With the first line of why; one that cannot be wired does not begin, and is not told."""

    @rule
    async def slow(number: Number) -> Slow:
        return Slow((await Get(Slow, Number, number)).n)

    engine, keeper = Engine([squares, slow]), Keeper()
    with engine.subscribe(keeper) as watching:
        with pytest.raises(CycleError):
            engine.request(Slow, Number(1))
        with pytest.raises(WiringError):
            engine.request(Squares, Number(1))
        assert watching.catch_up()

    assert [one.outcome for one in keeper.state.requests] == ["refused"]
    assert keeper.last.error.startswith("CycleError: ")


def test_tells_a_request_that_starts_over() -> None:
    """When a rule uses more params than its text shows; under another number."""

    @rule
    async def odd(number: Number) -> Slow:
        kinds = {"square": Square}
        found = await Get(kinds["square"])
        return Slow(found.n)

    @rule
    def from_text(text: Squares) -> Square:
        return Square(text.total)

    engine, keeper = Engine([odd, from_text]), Keeper()
    with engine.subscribe(keeper) as watching:
        assert engine.request(Slow, Number(1), Squares(4)) == Slow(4)
        assert watching.catch_up()

    assert [one.outcome for one in keeper.state.requests] == ["started over", "answered"]


def test_warns_of_an_observer_that_raises() -> None:
    """Without a notebook there is a warning."""
    engine = Engine(TOYS)
    told = threading.Event()

    def broken(message: Message) -> None:
        told.set()
        raise KeyError("view")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        watching = engine.subscribe(broken)
        assert told.wait(10)
        while not watching._watch.is_over:  # type: ignore[union-attr]
            pass
        for _ in range(1000):
            if caught:
                break
            threading.Event().wait(0.005)

    assert [str(one.message) for one in caught] == [
        "an observer of wfnb raised KeyError: 'view'; it is told nothing more"
    ]
    assert engine._ear.listener is None
    assert engine.request(Square, Number(2)) == Square(4)


def test_costs_nothing_to_import_for_those_who_do_not_watch() -> None:
    """`import wfnb` and a request load nothing of events."""
    code = (
        "import sys, wfnb\n"
        "wfnb.Engine()\n"
        "late = ('wfnb.events', 'wfnb.watching', 'wfnb.taskgraph.stepping')\n"
        "print(*[m for m in sys.modules if m.startswith(late)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_leaves_workers_as_they_are_when_nobody_watches() -> None:
    """No listener, no recorder: nothing is noted anywhere."""
    engine = Engine(TOYS)

    engine.request(Squares, Number(3))

    assert (engine._ear.listener, engine._ear.recorder) == (None, None)
