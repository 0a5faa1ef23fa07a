"""Cancelling a request by its number: as an interrupt would stop it, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.taskgraph.toys import (
    STARTS,
    WORLD,
    Number,
    One,
    Other,
    Seen,
    Total,
    Zero,
    note,
    salt,
    sound,
)
from wfnb import (
    Deterministic,
    Engine,
    Get,
    Goal,
    MultiGet,
    Process,
    ProcessResult,
    RequestInterrupted,
    goal_rule,
    rule,
)
from wfnb.taskgraph.sessions import Session

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")

PROMPT_S = 0.3
_MARGIN_S = 0.5  # for a machine that does other things besides


@rule
def nap(number: Number) -> Zero:
    note(f"nap {number.n}")
    time.sleep(salt(f"nap {number.n}", 0.0))
    return Zero(number.n)


@rule
async def naps(number: Number) -> Total:
    found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
    return Total(len(found))


@rule
def spin(number: Number) -> One:
    note("spin")
    count = 0
    while salt("spin") and count < 500_000_000:
        count += 1
    return One(count)


@dataclass(frozen=True)
class Tidy(Goal):
    exit_code: int = 0


@goal_rule
async def tidy(number: Number) -> Tidy:
    await Get(One, Number, number)
    return Tidy()


def is_at(name: str) -> Callable[[], object]:
    """A body of this name has begun."""
    return lambda: STARTS[name]


@contextmanager
def cancelled_when(
    engine: Engine, is_time: Callable[[], object], product: str = ""
) -> Iterator[list[object]]:
    """Cancel the request that runs, or the one for `product`, from another thread, in time.

    Gives a list that gets the answer, and when it came.
    """
    told: list[object] = []

    def cancel() -> None:
        until = time.perf_counter() + 5
        while not (is_time() and engine.running) and time.perf_counter() < until:
            time.sleep(0.001)
        numbers = [one for one, made in engine.running.items() if product in ("", made)]
        time.sleep(0.01)
        told.append(engine.cancel(numbers[0]))
        told.append(time.perf_counter())

    other = threading.Thread(target=cancel)
    other.start()
    try:
        yield told
    finally:
        other.join(10)


def assert_prompt(told: list[object]) -> None:
    """It was cancelled, a moment ago."""
    assert told[0] is True
    assert isinstance(told[1], float)
    assert time.perf_counter() - told[1] < PROMPT_S + _MARGIN_S


def test_cuts_off_bodies_that_sleep() -> None:
    """On the main thread; they are named, what had finished is kept, and the next request works."""
    engine = Engine([nap, naps])
    engine.request(Total, Number(3))
    WORLD["nap 5"] = 5.0

    with (
        pytest.raises(RequestInterrupted) as caught,
        cancelled_when(engine, is_at("nap 5")) as told,
    ):
        engine.request(Total, Number(6))

    assert_prompt(told)
    assert str(caught.value) == (
        "the request was interrupted while nap(Number(5)) ran; 2 finished tasks are kept"
    )
    sound(engine)
    WORLD.clear()
    STARTS.clear()
    assert engine.request(Total, Number(6)) == Total(6)
    assert set(STARTS) == {"nap 5"}


def test_cuts_off_a_body_that_computes_in_python() -> None:
    """It never comes back to the engine by itself for long."""
    engine = Engine([spin])
    WORLD["spin"] = True

    with pytest.raises(RequestInterrupted), cancelled_when(engine, is_at("spin")) as told:
        engine.request(One, Number(1))

    assert_prompt(told)
    sound(engine)


def test_cancels_goals() -> None:
    """As requests."""
    engine = Engine([spin, tidy])
    WORLD["spin"] = True

    with pytest.raises(RequestInterrupted), cancelled_when(engine, is_at("spin")) as told:
        engine.run(Tidy, Number(1))

    assert_prompt(told)
    sound(engine)


def test_kills_processes(tmp_path: Path) -> None:
    """Those of the request."""
    engine = Engine()
    script = f"echo $$ > {tmp_path}/pid; exec /bin/sleep 20"
    process = Process(["/bin/sh", "-c", script], description="sleep")

    with (
        pytest.raises(RequestInterrupted) as caught,
        cancelled_when(engine, lambda: (tmp_path / "pid").exists()) as told,
    ):
        engine.request(ProcessResult, process)

    assert_prompt(told)
    assert str(caught.value).startswith("the request was interrupted while ")
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    sound(engine)


@pytest.mark.parametrize("is_on_main_thread", [True, False])
def test_cancels_awaited_requests(is_on_main_thread: bool) -> None:
    """On whatever thread their loop runs, though a body of theirs does not come back."""
    engine = Engine([nap, naps])
    WORLD["nap 2"] = 0.6
    errors: list[BaseException] = []

    async def main() -> None:
        try:
            await engine.arequest(Total, Number(4))
        except asyncio.CancelledError as error:
            errors.append(error)

    def run() -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()

    with cancelled_when(engine, is_at("nap 2")) as told:
        if is_on_main_thread:
            run()
        else:
            thread = threading.Thread(target=run)
            thread.start()
            thread.join(10)

    assert_prompt(told)
    assert [str(error)[:27] for error in errors] == ["the request was interrupted"]
    time.sleep(0.6)
    sound(engine)
    WORLD.clear()
    assert engine.request(Total, Number(4)) == Total(4)


def test_leaves_the_event_loop_and_its_other_tasks_alone() -> None:
    """The task that asked is cancelled as asyncio does it; who awaits it goes on."""
    engine = Engine([nap, naps])
    WORLD["nap 2"] = 0.3
    told: list[object] = []

    async def other() -> str:
        await asyncio.sleep(0.3)
        return "to the end"

    async def main() -> str:
        beside = asyncio.ensure_future(other())
        asked = asyncio.ensure_future(engine.arequest(Total, Number(4)))
        while not STARTS["nap 2"]:
            await asyncio.sleep(0.001)
        told.append(engine.cancel(1))
        await asyncio.wait({asked})
        told.append(asked.cancelled())
        return await beside

    assert asyncio.run(main()) == "to the end"
    assert told == [True, True]
    sound(engine)


def test_cancels_requests_of_other_threads_between_bodies() -> None:
    """No signal reaches them: they end when a body returns or awaits."""
    engine = Engine([nap, naps], executor=None)
    WORLD.update({f"nap {n}": 0.05 for n in range(100)})
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            engine.request(Total, Number(100))
        except RequestInterrupted as error:
            errors.append(error)

    other = threading.Thread(target=ask)
    with cancelled_when(engine, is_at("nap 1")) as told:
        other.start()
        other.join(10)

    assert_prompt(told)
    assert len(errors) == 1
    time.sleep(0.1)
    sound(engine)


def test_interrupts_nothing_but_that_request() -> None:
    """One that another thread asked, while the main thread runs bodies of its own."""
    engine = Engine([nap, naps])
    WORLD.update({"nap 0": 0.2, "nap 7": 0.2})
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            engine.request(Zero, Number(7))
        except RequestInterrupted as error:
            errors.append(error)

    other = threading.Thread(target=ask)
    other.start()
    with cancelled_when(engine, is_at("nap 7"), "Zero") as told:
        assert engine.request(Total, Number(3)) == Total(3)
    other.join(10)

    assert told[0] is True
    assert len(errors) == 1
    sound(engine)


def test_leaves_the_main_thread_s_other_requests_alone() -> None:
    """An awaited one goes on below a blocking one that is cancelled, by a signal, on top of it."""
    engine = Engine([nap, naps])
    below = Engine([nap])
    WORLD.update({"nap 7": 0.3, "nap 2": 5.0})

    async def main() -> object:
        asked = asyncio.ensure_future(below.arequest(Zero, Number(7)))
        while not STARTS["nap 7"]:
            await asyncio.sleep(0.001)

        def block() -> None:
            with (
                pytest.raises(RequestInterrupted),
                cancelled_when(engine, is_at("nap 2")) as told,
            ):
                engine.request(Total, Number(3))
            assert_prompt(told)

        asyncio.get_running_loop().call_soon(block)
        return await asked

    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(main()) == Zero(7)
    finally:
        loop.close()
    sound(engine)
    sound(below)


def test_says_no_to_what_does_not_run() -> None:
    """Numbers that never were, and those of requests that have ended."""
    engine = Engine([nap])
    assert engine.running == {}
    assert not engine.cancel(1)
    assert not engine.cancel(-1)

    engine.request(Zero, Number(1))

    assert not engine.cancel(1)
    assert engine.request(Zero, Number(2)) == Zero(2)


def test_tells_what_runs_by_number() -> None:
    """With the name of what is made."""
    engine = Engine([nap, naps], executor=Deterministic(0, lambda: seen.append(engine.running)))
    seen: list[dict[int, str]] = []

    engine.request(Total, Number(2))
    engine.request(Zero, Number(9))

    assert [*dict.fromkeys(tuple(one.items()) for one in seen)] == [
        ((1, "Total"),),
        ((2, "Zero"),),
    ]


@pytest.mark.parametrize("step", range(1, 9))
def test_is_sound_wherever_between_steps_it_comes(step: int) -> None:
    """At each step of a request: where True came back it was interrupted, else it has answered."""
    steps = 0
    told: list[bool] = []

    def count() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            told.append(engine.cancel(1))

    engine = Engine([nap, naps], executor=Deterministic(step, count))
    try:
        engine.request(Total, Number(5))
    except RequestInterrupted:
        assert told == [True]
    else:
        assert told in ([], [False])
    sound(engine)
    assert engine.request(Total, Number(5)) == Total(5)
    sound(engine)


@pytest.mark.slow
@pytest.mark.parametrize("is_awaited", [False, True])
def test_says_truly_whether_it_came_in_time(is_awaited: bool) -> None:
    """Cancelled at about the moment of its end, hundreds of times: True means interrupted."""
    engine = Engine([nap, naps])
    told: list[bool] = []
    go = threading.Barrier(2)
    rounds = 200

    def cancel() -> None:
        for number in range(1, rounds + 1):
            go.wait(10)
            until = time.perf_counter() + (number % 40) * 2e-5
            while time.perf_counter() < until:
                pass
            told.append(engine.cancel(number))
            go.wait(10)

    other = threading.Thread(target=cancel)
    other.start()
    was_interrupted: list[bool] = []
    loop = asyncio.new_event_loop()
    for number in range(1, rounds + 1):
        engine.invalidate()
        go.wait(10)
        try:
            if is_awaited:
                answer = loop.run_until_complete(engine.arequest(Total, Number(9)))
            else:
                answer = engine.request(Total, Number(9))
        except (RequestInterrupted, asyncio.CancelledError):
            was_interrupted.append(True)
        else:
            was_interrupted.append(False)
            assert answer == Total(9)
        go.wait(10)
        assert was_interrupted == told, number
        sound(engine)
    loop.close()
    other.join(10)


def test_cancels_a_request_that_was_started_over_by_its_first_number() -> None:
    """It has got another since, as a rule turned out to use more than its text shows."""

    @rule
    async def odd(number: Number) -> Seen:
        kinds = {"one": One}
        return Seen(await Get(kinds["one"]))

    @rule
    def from_total(total: Total) -> One:
        note("one")
        time.sleep(5.0)
        return One(total.n)

    engine = Engine([odd, from_total])
    told: list[bool] = []
    numbers: list[int] = []

    def cancel() -> None:
        while not STARTS["one"]:
            time.sleep(0.001)
        numbers.extend(engine.running)
        told.append(engine.cancel(1))

    other = threading.Thread(target=cancel)
    other.start()
    with pytest.raises(RequestInterrupted):
        engine.request(Seen, Number(1), Total(4))
    other.join(10)

    assert (numbers, told) == ([2], [True])
    sound(engine)


@pytest.mark.parametrize("number", [1, 2])
def test_cancels_a_request_just_as_it_is_started_over(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two sessions, when the one has ended and the other does not run yet."""
    kinds = {"one": One, "total": Total}

    @rule
    async def odd(number: Number) -> Seen:
        await Get(kinds["total"])
        return Seen(await Get(kinds["one"]))

    @rule
    async def from_zero(zero: Zero) -> Total:
        return Total(1)

    @rule
    def from_other(other: Other) -> One:
        note("one")
        return One(1)

    engine = Engine([odd, from_zero, from_other])
    told: list[bool] = []
    running: list[dict[int, str]] = []

    class Between(Session):
        def __init__(self, *what: Any, **named: Any) -> None:
            if len(running) == number:
                told.append(engine.cancel(1))
            running.append(engine.running)
            super().__init__(*what, **named)

    monkeypatch.setattr("wfnb.asking.Session", Between)
    with pytest.raises(RequestInterrupted):
        engine.request(Seen, Number(1), Zero(1), Other(1))

    assert told == [True]
    assert running == [{}, {1: "Seen"}, {2: "Seen"}][: number + 1]
    assert not STARTS["one"]
    assert engine.running == {}
    assert not engine.cancel(1)
    assert engine.request(Seen, Number(1), Zero(1), Other(1)) == Seen(One(1))
    sound(engine)


def test_knows_nothing_of_a_request_that_was_not_started_over_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As something failed in between."""
    kinds = {"one": One}

    @rule
    async def odd(number: Number) -> Seen:
        return Seen(await Get(kinds["one"]))

    @rule
    def from_other(other: Other) -> One:
        return One(1)

    engine = Engine([odd, from_other])
    begun: list[int] = []

    class Fails(Session):
        def __init__(self, *what: Any, **named: Any) -> None:
            super().__init__(*what, **named)
            begun.append(self.number)
            if self.number == 2:
                raise MemoryError

    monkeypatch.setattr("wfnb.asking.Session", Fails)
    with pytest.raises(MemoryError):
        engine.request(Seen, Number(1), Other(1))

    assert begun == [1, 2]
    assert engine.running == {}
    assert not engine.cancel(1)
    sound(engine)


def test_leaves_the_handler_of_a_body_alone() -> None:
    """A body that has put up its own for SIGINT is asked nothing by it; the request ends after."""
    heard: list[int] = []

    @rule
    def own(number: Number) -> Seen:
        before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
        try:
            note("own")
            time.sleep(0.1)
        finally:
            signal.signal(signal.SIGINT, before)
        return Seen(1)

    @rule
    async def outer(number: Number) -> One:
        await Get(Seen)
        return One(1)

    engine = Engine([own, outer])
    with pytest.raises(RequestInterrupted), cancelled_when(engine, is_at("own")):
        engine.request(One, Number(1))

    assert heard == []
    sound(engine)
