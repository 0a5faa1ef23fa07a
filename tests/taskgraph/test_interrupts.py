"""Interrupting: the answer is prompt, what had finished is kept, and the next request works."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.taskgraph.toys import (
    STARTS,
    WORLD,
    Number,
    One,
    Seen,
    Total,
    Zero,
    note,
    ran,
    salt,
    sound,
)
from wfnb import Deterministic, Engine, Get, MultiGet, RequestInterrupted, rule

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@rule
async def nap(number: Number) -> Zero:
    note(f"nap {number.n}")
    time.sleep(salt(f"nap {number.n}", 0.005))
    return Zero(number.n)


@rule
async def naps(number: Number) -> Total:
    found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
    return Total(len(found))


@rule
async def presses(number: Number) -> One:
    note("presses")
    if salt("press"):
        signal.raise_signal(signal.SIGINT)
    return One(number.n)


@contextmanager
def pressed_after(seconds: float) -> Iterator[None]:
    """Ctrl-C on the main thread, some time from now."""
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(seconds, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_raises_promptly_and_keeps_what_had_finished() -> None:
    """Scenario 93: while bodies sleep; they are named, and the next request runs only the rest."""
    engine = Engine([nap, naps])
    engine.request(Total, Number(3))
    WORLD["nap 5"] = 0.09
    since = time.perf_counter()
    with pressed_after(0.05), pytest.raises(RequestInterrupted) as caught:
        engine.request(Total, Number(6))
    assert time.perf_counter() - since < 0.25
    assert "nap(Number(5))" in caught.value.running
    sound(engine)

    time.sleep(0.1)
    WORLD.clear()
    STARTS.clear()
    assert engine.request(Total, Number(6)) == Total(6)
    assert set(STARTS) <= {"nap 5"}  # it may have come to its end by itself, and is kept then
    sound(engine)


def test_is_a_keyboard_interrupt() -> None:
    """Scenario 93: `except Exception` in a cell does not swallow it, a kernel knows it."""
    engine = Engine([presses])
    WORLD["press"] = True

    with pytest.raises(KeyboardInterrupt) as caught:
        engine.request(One, Number(1))

    assert type(caught.value) is RequestInterrupted
    assert str(caught.value) == "the request was interrupted while presses(Number(1)) ran"
    assert caught.value.running == ("presses(Number(1))",)
    sound(engine)


def test_answers_the_same_request_after_an_interrupt() -> None:
    """Scenario 92: interrupted, asked again: it works, and finished children are reused."""

    @rule
    async def two_steps(number: Number) -> Seen:
        first = await Get(Zero)
        return Seen((first.v, (await Get(One)).v))

    engine = Engine([nap, presses, two_steps])
    WORLD["press"] = True
    with pytest.raises(RequestInterrupted):
        engine.request(Seen, Number(1))
    sound(engine)

    WORLD.clear()
    assert engine.request(Seen, Number(1)) == Seen((1, 1))
    assert ran(engine) == {"presses": 1, "two_steps": 1}
    assert STARTS["nap 1"] == 1
    sound(engine)


def test_keeps_nothing_of_a_body_that_swallows_the_interrupt() -> None:
    """Scenario 93: what it returns afterwards is no fact."""

    @rule
    async def stubborn(number: Number) -> One:
        try:
            signal.raise_signal(signal.SIGINT) if salt("press") else None
        except KeyboardInterrupt:
            return One("swallowed")
        return One("fine")

    engine = Engine([stubborn])
    WORLD["press"] = True
    with pytest.raises(RequestInterrupted):
        engine.request(One, Number(1))
    sound(engine)

    WORLD.clear()
    assert engine.request(One, Number(1)) == One("fine")
    sound(engine)


def test_runs_the_finally_blocks_of_suspended_bodies() -> None:
    """Scenario 93: once each; asking in them is refused."""

    @rule
    async def tidy(number: Number) -> Seen:
        try:
            return Seen(await MultiGet(Get(One), Get(Zero, Number(8))))
        finally:
            note("tidied")
            await Get(Zero, Number(9))
            note("asked")

    engine = Engine([presses, nap, tidy], executor=Deterministic(0))
    WORLD["press"] = True
    with pytest.raises(RequestInterrupted):
        engine.request(Seen, Number(1))

    assert STARTS["tidied"] == 1
    assert STARTS["asked"] == STARTS["nap 9"] == 0
    sound(engine)
    WORLD.clear()
    assert engine.request(Seen, Number(1)).what == (One(1), Zero(8))
    sound(engine)


@pytest.mark.parametrize("step", range(1, 9))
def test_is_sound_wherever_between_steps_an_interrupt_comes(step: int) -> None:
    """Scenarios 92 and 93: at each step of a request; the next one gives the right answer."""
    steps = 0

    def press() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            signal.raise_signal(signal.SIGINT)

    engine = Engine([nap, naps], executor=Deterministic(step, press))
    WORLD.update({f"nap {i}": 0 for i in range(5)})
    try:
        engine.request(Total, Number(5))
    except RequestInterrupted:
        pass
    else:
        assert steps < step
    sound(engine)
    assert engine.request(Total, Number(5)) == Total(5)
    sound(engine)


def test_cleans_up_when_interrupted_while_it_compares() -> None:
    """Scenario 92: a dirty graph stays dirty; nothing old is taken for new."""
    engine = Engine([nap, presses, naps])

    @rule
    async def sums(number: Number) -> Seen:
        return Seen(((await Get(Total)).n, (await Get(One)).v, salt("sum")))

    engine.define([sums], origin="cell")
    engine.request(Seen, Number(3))
    engine.invalidate(One)
    engine.invalidate(Zero)
    WORLD.update({"press": True})
    with pytest.raises(RequestInterrupted):
        engine.request(Seen, Number(3))
    sound(engine)

    WORLD.clear()
    WORLD["sum"] = 1
    assert engine.request(Seen, Number(3)) == Seen((3, 3, 0))
    assert ran(engine) == {"presses": 1}
    sound(engine)


def test_leaves_requests_of_other_threads_alone() -> None:
    """Scenario 93: they are not the main thread's; the same task is taken over."""
    engine = Engine([nap, naps])
    WORLD["nap 0"] = 0.08
    answers: list[object] = []
    other = threading.Thread(target=lambda: answers.append(engine.request(Total, Number(2))))
    other.start()
    with pressed_after(0.04), pytest.raises(RequestInterrupted):
        engine.request(Total, Number(3))
    other.join(2)

    assert answers == [Total(2)]
    sound(engine)
    assert engine.request(Total, Number(3)) == Total(3)
    sound(engine)


def test_hands_what_it_ran_to_another_thread_that_waits_for_it() -> None:
    """Scenario 92: the main thread is interrupted, the other one still wants the task."""
    engine = Engine([nap, naps])
    WORLD["nap 0"] = 0.09
    answers: list[object] = []

    def ask() -> None:
        while not STARTS["nap 0"]:
            time.sleep(0.001)
        answers.append(engine.request(Total, Number(2)))

    other = threading.Thread(target=ask, daemon=True)
    other.start()
    with pressed_after(0.05), pytest.raises(RequestInterrupted):
        engine.request(Total, Number(2))
    other.join(2)

    assert answers == [Total(2)]
    sound(engine)


def test_has_the_old_handler_back_after_a_request() -> None:
    """Scenario 93: Ctrl-C between requests means what it meant."""
    before = signal.getsignal(signal.SIGINT)
    engine = Engine([presses])
    engine.request(One, Number(1))
    assert signal.getsignal(signal.SIGINT) is before

    WORLD["press"] = True
    with pytest.raises(RequestInterrupted):
        engine.request(One, Number(2))
    assert signal.getsignal(signal.SIGINT) is before
    sound(engine)


def test_leaves_an_ignored_interrupt_ignored() -> None:
    """Scenario 93: where SIGINT means nothing, requests do not make it mean something."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        WORLD["press"] = True
        engine = Engine([presses])
        assert engine.request(One, Number(1)) == One(1)
    finally:
        signal.signal(signal.SIGINT, before)
    sound(engine)


def test_interrupts_an_awaited_request() -> None:
    """Scenario 93: `arequest` on a loop, too; the loop goes on."""
    engine = Engine([nap, naps])
    WORLD["nap 2"] = 0.09

    async def main() -> Any:
        with pytest.raises(KeyboardInterrupt):
            await engine.arequest(Total, Number(4))
        WORLD.clear()
        await asyncio.sleep(0.1)
        return await engine.arequest(Total, Number(4))

    loop = asyncio.new_event_loop()  # asyncio.run would put up a handler of its own
    try:
        with pressed_after(0.05):
            assert loop.run_until_complete(main()) == Total(4)
    finally:
        loop.close()
    sound(engine)


def test_counts_finished_tasks_in_the_message() -> None:
    """Scenario 93: how many are kept."""

    @rule
    async def after(number: Number) -> Seen:
        await MultiGet(Get(Zero, Number(1)), Get(Zero, Number(2)))
        return Seen(await Get(One))

    engine = Engine([nap, presses, after])
    WORLD["press"] = True
    with pytest.raises(RequestInterrupted) as caught:
        engine.request(Seen, Number(3))

    assert str(caught.value) == (
        "the request was interrupted while presses(Number(3)) ran; 2 finished tasks are kept"
    )
    assert engine.last is not None
    assert sorted(engine.last.ran) == ["nap(Number(1))", "nap(Number(2))"]
    sound(engine)
