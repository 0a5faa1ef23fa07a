"""Threads: bodies that overlap, requests that meet, changes while a request runs elsewhere."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
from typing import Any

import pytest

from tests.outside import outside
from tests.taskgraph.toys import (
    STARTS,
    Number,
    One,
    Other,
    Seen,
    Square,
    Total,
    Zero,
    note,
    ran,
    salt,
    sound,
    square,
    total,
)
from wfnb import BlockingRequestError, Engine, Get, MultiGet, Rule, rule


@rule
async def nap(number: Number) -> Zero:
    note(f"nap {number.n}")
    time.sleep(0.05)
    return Zero(number.n)


@rule
def plain_nap(number: Number) -> One:
    time.sleep(0.05)
    return One(number.n)


@rule
async def naps(number: Number) -> Total:
    found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
    return Total(sum(one.v for one in found))  # type: ignore[misc]


def test_overlaps_sixty_four_bodies_that_sleep() -> None:
    """Blocking code in rules is fine: 64 times 50 ms take far less than half a second."""
    engine = Engine([nap, naps])
    since = time.perf_counter()

    assert engine.request(Total, Number(64)) == Total(sum(range(64)))

    assert time.perf_counter() - since < 0.4
    assert max(STARTS.values()) == 1
    sound(engine)


def test_overlaps_plain_functions_and_chains_of_requests() -> None:
    """Also below other rules, and when they are no coroutines."""

    @rule
    async def below(number: Number) -> Seen:
        return Seen((await Get(One)).v)

    @rule
    async def many(other: Other) -> Total:
        found = await MultiGet(Get(Seen, Number(i)) for i in range(other.n))
        return Total(len(found))

    engine = Engine([plain_nap, below, many])
    since = time.perf_counter()

    assert engine.request(Total, Other(32)) == Total(32)

    assert time.perf_counter() - since < 0.4
    sound(engine)


def test_shares_one_run_between_two_threads() -> None:
    """Scenario 67: both get the very object, the body starts once."""
    engine = Engine([nap])
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append(engine.request(Zero, Number(1))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2)

    assert len(answers) == 2
    assert answers[0] is answers[1]
    assert STARTS["nap 1"] == 1
    sound(engine)


def test_shares_a_failing_run_between_two_threads() -> None:
    """Scenario 67: each raises; a failure is no answer for another session, which may try anew."""

    @rule
    async def fails(number: Number) -> Zero:
        note("fails")
        time.sleep(0.03)
        raise ValueError("no")

    engine = Engine([fails])
    errors: list[object] = []

    def ask() -> None:
        try:
            engine.request(Zero, Number(1))
        except ValueError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2)

    assert len(errors) == 3
    assert 1 <= STARTS["fails"] <= 3
    sound(engine)


def test_tries_anew_what_failed_for_another_thread() -> None:
    """Scenario 67: in a batch and at a Get; the failure of another session is not one's own."""

    @rule
    async def fails_once(number: Number) -> Zero:
        note(f"fails {number.n}")
        is_first = STARTS[f"fails {number.n}"] == 1
        time.sleep(0.03)
        if is_first and number.n == 2:
            raise ValueError("no")
        return Zero(number.n)

    @rule
    async def gets(other: Other) -> Seen:
        return Seen((await Get(Zero, Number(2))).v)

    @rule
    async def twice(other: Other) -> Total:
        first, _ = await MultiGet(Get(Zero, Number(2)), Get(Zero, Number(2)))
        return Total(first.v)  # type: ignore[arg-type]

    for product, param, value in ((Total, Other(1), Total(2)), (Seen, Other(1), Seen(2))):
        STARTS.clear()
        engine = Engine([fails_once, twice, gets])
        outcomes: list[object] = []

        def ask(engine: Engine, outcomes: list[object]) -> None:
            try:
                engine.request(Zero, Number(2))
            except ValueError as error:
                outcomes.append(str(error))

        first = threading.Thread(target=ask, args=(engine, outcomes))
        first.start()
        while not STARTS["fails 2"]:
            time.sleep(0.001)
        second = threading.Thread(
            target=lambda e, o, p, q: o.append(e.request(p, q)),
            args=(engine, outcomes, product, param),
            daemon=True,
        )
        second.start()
        first.join(2)
        second.join(2)

        assert outcomes == ["no", value]
        sound(engine)


def test_gives_the_same_answers_to_many_threads_at_once() -> None:
    """Eight threads ask overlapping things while a ninth invalidates."""
    engine = Engine([square, total])
    stop = threading.Event()
    wrong: list[object] = []

    def ask(n: int) -> None:
        for i in range(30):
            count = 5 + (n + i) % 20
            value = engine.request(Total, Number(count))
            if value != Total(sum(j * j for j in range(count))):
                wrong.append(value)

    def storm() -> None:
        while not stop.is_set():
            engine.invalidate(Square)
            time.sleep(0.001)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    invalidating = threading.Thread(target=storm)
    invalidating.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    stop.set()
    invalidating.join(2)

    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []
    sound(engine)


def _scale(factor: int) -> Rule[Zero]:
    @rule
    async def scale(number: Number) -> Zero:
        note("scale")
        time.sleep(0.03)
        return Zero(number.n * factor)

    return scale


@rule
async def over(number: Number) -> Seen:
    found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
    return Seen(tuple(one.v for one in found))


@pytest.mark.parametrize("after", [0.0, 0.01, 0.02, 0.04])
def test_answers_from_one_definition_when_a_rule_changes_meanwhile(after: float) -> None:
    """`define` from another thread returns at once; the answer is all new, never mixed."""
    engine = Engine([over])
    engine.define([_scale(1)], origin="cell")
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(engine.request(Seen, Number(4))))
    asking.start()
    while not STARTS["scale"]:
        time.sleep(0.001)
    time.sleep(after)
    was_asking = asking.is_alive()

    since = time.perf_counter()
    engine.define([_scale(10)], origin="cell")
    assert time.perf_counter() - since < 0.1
    asking.join(3)

    new, old = Seen((0, 10, 20, 30)), Seen((0, 1, 2, 3))
    assert answers in ([new], [old])
    assert answers == [new] or not was_asking or after >= 0.02
    sound(engine)
    assert engine.request(Seen, Number(4)) == new
    sound(engine)


def test_goes_on_when_a_rule_that_runs_is_withdrawn() -> None:
    """The request ends in an answer or an error, and the next one says what is missing."""
    engine = Engine([over])
    engine.define([_scale(1)], origin="cell")
    outcomes: list[object] = []

    def ask() -> None:
        try:
            outcomes.append(engine.request(Seen, Number(3)))
        except Exception as error:
            outcomes.append(type(error).__name__)

    asking = threading.Thread(target=ask)
    asking.start()
    while not STARTS["scale"]:
        time.sleep(0.001)
    engine.forget("cell")
    asking.join(3)

    assert outcomes in ([Seen((0, 1, 2))], ["WiringError"])
    sound(engine)
    with pytest.raises(Exception, match="Zero"):
        engine.request(Seen, Number(3))
    engine.define([_scale(1)], origin="cell")
    assert engine.request(Seen, Number(3)) == Seen((0, 1, 2))
    sound(engine)


def test_lets_the_loop_run_while_a_request_is_awaited() -> None:
    """`arequest`: other coroutines go on, and several may be awaited at once."""
    engine = Engine([nap, naps])

    async def main() -> tuple[list[Total], int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        ticking = asyncio.ensure_future(tick())
        answers = await asyncio.gather(*(engine.arequest(Total, Number(n)) for n in (1, 2, 3)))
        ticking.cancel()
        return answers, ticks

    answers, ticks = asyncio.run(main())

    assert answers == [Total(0), Total(1), Total(3)]
    assert ticks >= 3
    assert max(STARTS.values()) == 1
    sound(engine)


def test_raises_the_rules_own_exception_from_an_awaited_request() -> None:
    """The very object, with its notes: it is carried past the future, which would refuse it."""

    @rule
    def raises(number: Number) -> Zero:
        raise StopIteration("mine")

    engine = Engine([raises])

    async def main() -> BaseException:
        try:
            await engine.arequest(Zero, Number(1))
        except BaseException as error:
            return error
        raise AssertionError

    wrapped = asyncio.run(main())  # Python lets no coroutine raise a StopIteration
    assert type(wrapped) is RuntimeError
    cause = wrapped.__cause__
    assert type(cause) is StopIteration
    assert cause.__notes__ == ["while making Zero: raises(Number(1))"]
    sound(engine)


def test_cancels_an_awaited_request() -> None:
    """Scenario 92: nobody wants it any more; asked again, it works."""
    engine = Engine([nap, naps])

    async def main() -> Total:
        task = asyncio.ensure_future(engine.arequest(Total, Number(3)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await engine.arequest(Total, Number(3))

    assert asyncio.run(main()) == Total(3)
    time.sleep(0.06)
    sound(engine)


def test_says_nothing_of_a_request_that_nobody_waits_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Asyncio tells of errors that nobody has looked at; a cancelled request is none."""
    engine = Engine([nap, naps])

    async def main() -> None:
        task = asyncio.ensure_future(engine.arequest(Total, Number(3)))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        await asyncio.sleep(0.1)  # the rules come back
        gc.collect()

    asyncio.run(main())
    assert caplog.text == ""
    sound(engine)


def test_takes_over_what_an_abandoned_request_left_running() -> None:
    """One that came to wait for it runs it anew, however long the other's body stays."""
    stay = threading.Event()

    @rule
    def held(number: Number) -> Zero:
        if not stay.is_set():
            stay.set()
            time.sleep(1)
        return Zero(number.n)

    engine = Engine([held])

    async def main() -> None:
        task = asyncio.ensure_future(engine.arequest(Zero, Number(1)))
        while not stay.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        since = time.perf_counter()
        assert await asyncio.to_thread(engine.request, Zero, Number(1)) == Zero(1)
        assert time.perf_counter() - since < 0.8

    asyncio.run(main())
    time.sleep(1)
    sound(engine)


_where: contextvars.ContextVar[str] = contextvars.ContextVar("where", default="nowhere")


def test_shows_context_variables_of_the_asker_to_bodies() -> None:
    """On whichever thread they run."""

    @outside
    def where() -> str:
        return _where.get()

    @rule
    async def tells(number: Number) -> Zero:
        time.sleep(0.01)
        return Zero(where())

    @rule
    async def all_tell(number: Number) -> Seen:
        found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
        return Seen({one.v for one in found})

    engine = Engine([tells, all_tell])
    token = _where.set("here")
    try:
        assert engine.request(Seen, Number(8)) == Seen({"here"})
    finally:
        _where.reset(token)
    sound(engine)


def _where_bodies_ask(engine: Engine) -> Rule[Any]:
    @outside
    def ask(*params: object) -> object:
        return engine.request(Square, *params)

    @rule
    async def asks(number: Number) -> Seen:
        try:
            return Seen(ask(number))
        except BlockingRequestError as error:
            return Seen(type(error).__name__)

    return asks


def test_goes_on_after_a_blocking_request_in_a_rule_was_refused() -> None:
    """The rule may catch it; the engine is none the worse."""
    engine = Engine([square])
    engine.define([_where_bodies_ask(engine)], origin="cell")

    assert engine.request(Seen, Number(1)) == Seen("BlockingRequestError")
    assert engine.request(Square, Number(3)) == Square(9)
    assert ran(engine) == {"square": 1}
    assert salt("unused") == 0
    sound(engine)


def test_answers_a_thread_that_a_rule_started() -> None:
    """A body may start threads of its own; a request from one is a request from outside."""
    engine = Engine([square])
    answers: list[object] = []

    @outside
    def in_a_thread() -> None:
        thread = threading.Thread(
            target=lambda: answers.append(engine.request(Square, Number(5))), daemon=True
        )
        thread.start()
        thread.join(1)

    @rule
    async def starts(number: Number) -> Seen:
        in_a_thread()
        return Seen(1)

    engine.define([starts], origin="cell")
    assert engine.request(Seen, Number(1)) == Seen(1)
    assert answers == [Square(25)]
    sound(engine)


def test_goes_on_watching_when_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a request takes long is not shown then; the next one is, and its bodies overlap."""
    told: list[int] = []
    engine = Engine([nap, naps])
    engine.watch_cells(slow=lambda _, number: told.append(number))
    engine.settings.progress_after = 0.02

    def cannot(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", cannot)
        engine.request(Total, Number(2))
    assert not told
    engine.request(Total, Number(4))
    until = time.perf_counter() + 2
    while not told and time.perf_counter() < until:
        time.sleep(0.01)

    assert told == [2]
    sound(engine)


def test_has_a_watcher_again_when_it_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the next request on."""
    engine = Engine([nap, naps])
    pool = engine._asking._pool
    assert pool is not None
    fails: list[int] = []

    def look(was_starved: bool) -> None:
        fails.append(1)
        raise SystemExit  # of which a thread says nothing

    with monkeypatch.context() as patch:
        patch.setattr(pool, "_look_around", look)
        engine.request(Total, Number(2))
    since = time.perf_counter()
    engine.request(Total, Number(32))

    assert fails
    assert time.perf_counter() - since < 1.0  # one after the other takes 1.5
    sound(engine)
