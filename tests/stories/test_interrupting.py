"""Interrupting: prompt, nothing finished is lost, nothing half done is kept."""

from __future__ import annotations

import _thread
import gc
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass

import pytest

from tests.stories.toys import (
    Depth,
    Fib,
    Number,
    Square,
    Squares,
    depth,
    fib,
    ran,
    sound,
    square,
    squares,
)
from wfnb import Engine, Get, MultiGet, RequestInterrupted, rule
from wfnb.taskgraph import garbage


@dataclass(frozen=True)
class Nap:
    n: int


@dataclass(frozen=True)
class Naps:
    n: int


@rule
async def nap(number: Number) -> Nap:
    time.sleep(0.02 if number.n < 4 else 0.5)
    return Nap(number.n)


@rule
async def naps(number: Number) -> Naps:
    found = await MultiGet(Get(Nap, Number, Number(i)) for i in range(number.n))
    return Naps(len(found))


def press_after(seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_stops_promptly_and_keeps_what_had_finished() -> None:
    """Scenarios 92 and 93: 100 tasks in flight; the next request starts from what finished."""
    engine = Engine([nap, naps])
    engine.request(Naps, Number(4))
    timer = press_after(0.15)
    since = time.perf_counter()
    with pytest.raises(RequestInterrupted) as caught:
        engine.request(Naps, Number(100))
    assert time.perf_counter() - since < 0.45
    timer.join()
    assert "nap(Number(" in str(caught.value)
    assert caught.value.running
    time.sleep(0.6)  # bodies that could not be stopped come back
    sound(engine)
    assert engine.request(Naps, Number(4)) == Naps(4)
    assert ran(engine) == {}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_raises_in_a_body_and_takes_nothing_it_returns_for_a_fact() -> None:
    """A body that swallows the interrupt does not get its value remembered."""

    @rule
    async def stubborn(number: Number) -> Nap:
        try:
            time.sleep(2)
        except BaseException:
            return Nap(-1)
        return Nap(1)

    engine = Engine([stubborn])
    timer = press_after(0.05)
    since = time.perf_counter()
    with pytest.raises(RequestInterrupted):
        engine.request(Nap, Number(9))
    assert time.perf_counter() - since < 0.5
    timer.join()
    sound(engine)
    assert engine.plan(Nap, Number(9)).would_run == ("stubborn(Number(9))",)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_stays_sound_wherever_an_interrupt_lands() -> None:
    """Two hundred interrupts at growing delays into busy requests; each next answer is right."""
    engine = Engine([fib, depth, square, squares])
    main = threading.main_thread().ident
    assert main is not None
    landed = 0
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.00005)
    gc.collect()
    gc.disable()  # an interrupt that lands in a weak reference's callback is lost
    try:
        for round_number in range(200):
            engine.invalidate()
            pressed = _thread.allocate_lock()
            pressed.acquire()
            try:
                _thread.start_new_thread(_press, (main, 0.00002 * round_number, pressed))
                engine.request(Depth, Number(150))
                engine.request(Squares, Number(150))
                pressed.acquire()
                time.sleep(0.01)
            except KeyboardInterrupt:
                landed += 1
            sound(engine)
            assert engine.request(Depth, Number(150)) == Depth(150)
            assert engine.request(Squares, Number(150)).total == sum(i * i for i in range(150))
            assert engine.request(Fib, Number(12)) == Fib(144)
    finally:
        sys.setswitchinterval(interval)
        gc.enable()
    time.sleep(0.05)
    engine._tasks.check(at_rest=True)
    assert landed == 200


def _press(thread: int, after: float, pressed: _thread.LockType) -> None:
    until = time.perf_counter() + after
    while time.perf_counter() < until:
        pass
    signal.pthread_kill(thread, signal.SIGINT)
    pressed.release()


def test_tells_of_an_interrupt_that_comes_as_the_request_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer is remembered, and the interrupt is not lost."""
    engine = Engine([square])
    restore = garbage.restore

    def press() -> None:
        signal.raise_signal(signal.SIGINT)
        restore()

    monkeypatch.setattr(garbage, "restore", press)
    with pytest.raises(RequestInterrupted) as caught:
        engine.request(Square, Number(3))
    assert str(caught.value) == "the request was interrupted as it ended; all is kept"
    monkeypatch.undo()
    assert engine.request(Square, Number(3)).n == 9
    assert ran(engine) == {}
    sound(engine)
