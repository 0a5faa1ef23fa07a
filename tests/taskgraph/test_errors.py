"""Failing: which exception comes out, with what traceback and notes, and when; cycles."""

from __future__ import annotations

import gc
import threading
import time
import traceback

import pytest

from tests.outside import outside
from tests.taskgraph.toys import (
    STARTS,
    WORLD,
    Number,
    One,
    Other,
    Seen,
    Square,
    Total,
    Two,
    Zero,
    note,
    ran,
    salt,
    sound,
    square,
)
from wfnb import CycleError, Deterministic, Engine, Get, MultiGet, rule


class Broken(Exception):
    """What the toy rules raise."""


class Mended(Exception):
    """What a toy rule raises instead."""


@rule
async def fragile(number: Number) -> Zero:
    note("fragile")
    if salt(f"slow {number.n}"):
        time.sleep(0.04)
    note(f"fragile {number.n} went on")
    if salt(f"broken {number.n}"):
        raise Broken(f"number {number.n}")
    return Zero(number.n)


@rule
async def passes(number: Number) -> One:
    return One((await Get(Zero)).v)


@rule
async def everything(number: Number) -> Total:
    found = await MultiGet(Get(Zero, Number(i)) for i in range(number.n))
    return Total(len(found))


def test_raises_the_rules_own_exception_object() -> None:
    """Scenario 87: not a copy, not a wrapper; from a plain rule too."""
    error = Broken("mine", 7)

    @rule
    def raises(number: Number) -> Zero:
        raise error

    engine = Engine([raises, passes])
    with pytest.raises(Broken) as caught:
        engine.request(One, Number(1))

    assert caught.value is error
    assert caught.value.args == ("mine", 7)
    sound(engine)


def test_notes_how_the_request_came_to_the_rule_that_raised() -> None:
    """Scenario 88: outermost first, rules with their params, once however often it is asked."""
    engine = Engine([fragile, passes])
    WORLD["broken 1"] = True
    with pytest.raises(Broken) as caught:
        engine.request(One, Number(1))

    assert caught.value.__notes__ == ["while making One: passes(Number(1)) → fragile(Number(1))"]
    sound(engine)


def test_keeps_the_notes_an_exception_came_with() -> None:
    """Scenario 88: they stand before those of the engine."""

    @rule
    async def raises(number: Number) -> Zero:
        error = Broken("mine")
        error.add_note("try the other one")
        raise error

    with pytest.raises(Broken) as caught:
        Engine([raises]).request(Zero, Number(1))

    assert caught.value.__notes__ == ["try the other one", "while making Zero: raises(Number(1))"]


def test_folds_its_own_frames_out_of_the_traceback() -> None:
    """Scenario 88: the asker's line, then each rule's, down to where it was raised."""

    @rule
    async def helped(number: Number) -> One:
        return One(await _helper(number))

    engine = Engine([fragile, helped])
    WORLD["broken 1"] = True
    with pytest.raises(Broken) as caught:
        engine.request(One, Number(1))

    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames == [
        "test_folds_its_own_frames_out_of_the_traceback",
        "request",
        "helped",
        "_helper",
        "fragile",
    ]
    sound(engine)


async def _helper(number: Number) -> object:
    return (await Get(Zero, number)).v


def test_has_the_same_traceback_when_bodies_were_suspended() -> None:
    """Scenario 88: the frames do not depend on the schedule."""
    frames = []
    for executor in (None, Deterministic(0), Deterministic(1)):
        engine = Engine([fragile, passes, everything], executor=executor)
        WORLD["broken 1"] = True
        with pytest.raises(Broken) as caught:
            engine.request(Total, Number(3))
        frames.append([f.name for f in traceback.extract_tb(caught.value.__traceback__)])
        sound(engine)

    assert frames[0][2:] == ["everything", "fragile"]
    assert frames[0] == frames[1] == frames[2]


def test_keeps_both_exceptions_when_a_rule_raises_another() -> None:
    """Scenario 88: the first is the cause of the second, each with its own frames."""

    @rule
    async def translates(number: Number) -> One:
        try:
            return One(await Get(Zero))
        except Broken as error:
            raise Mended("in other words") from error

    engine = Engine([fragile, translates])
    WORLD["broken 1"] = True
    with pytest.raises(Mended) as caught:
        engine.request(One, Number(1))

    cause = caught.value.__cause__
    assert isinstance(cause, Broken)
    assert [f.name for f in traceback.extract_tb(cause.__traceback__)][-1] == "fragile"
    names = [f.name for f in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "translates"
    assert caught.value.__notes__ == ["while making One: translates(Number(1))"]
    sound(engine)


def test_passes_on_what_a_rule_raises_again() -> None:
    """Scenario 88: a bare `raise` is the original object with the whole chain."""

    @rule
    async def logs(number: Number) -> One:
        try:
            return One(await Get(Zero))
        except Broken:
            raise

    engine = Engine([fragile, logs])
    WORLD["broken 1"] = True
    with pytest.raises(Broken) as caught:
        engine.request(One, Number(1))

    assert caught.value.__notes__ == ["while making One: logs(Number(1)) → fragile(Number(1))"]
    sound(engine)


def test_lets_a_rule_catch_a_failure_by_its_type() -> None:
    """Scenario 89: from a Get, from a batch, and from a call by name."""

    @rule
    async def catches(number: Number) -> Seen:
        caught = []
        try:
            await Get(Zero, Number(1))
        except Broken as error:
            caught.append(str(error))
        try:
            await MultiGet(Get(Zero, Number(0)), Get(Zero, Number(2)))
        except Broken as error:
            caught.append(str(error))
        try:
            await fragile(Number(1))
        except Broken as error:
            caught.append(str(error))
        return Seen((caught, (await Get(Zero, Number(0))).v))

    engine = Engine([fragile, catches])
    WORLD.update({"broken 1": True, "broken 2": True})

    assert engine.request(Seen, Number(1)) == Seen((["number 1", "number 2", "number 1"], 0))
    assert STARTS["fragile"] == 3
    sound(engine)


@pytest.mark.parametrize("cls", [StopIteration, GeneratorExit, SystemExit, StopAsyncIteration])
def test_raises_exceptions_that_mean_something_to_coroutines(cls: type[BaseException]) -> None:
    """Scenario 89: the driver takes none for its own; Python turns two into RuntimeError."""

    @rule
    def raises(number: Number) -> Zero:
        raise cls("mine")

    engine = Engine([raises, passes])
    for product in (Zero, One):
        with pytest.raises(BaseException, match=r"mine|raised StopIteration") as caught:
            engine.request(product, Number(1))
        assert isinstance(caught.value, (cls, RuntimeError))
        sound(engine)


def test_fails_a_batch_without_waiting_for_what_comes_after() -> None:
    """Scenario 91: position 1 fails while position 2 still runs; 3 and later are not started."""
    engine = Engine([fragile, everything])
    WORLD.update({"slow 0": True, "broken 1": True})

    with pytest.raises(Broken, match="number 1"):
        engine.request(Total, Number(50))

    assert STARTS["fragile"] <= 3
    sound(engine)


def test_does_not_wait_for_a_running_body_behind_the_failure() -> None:
    """Scenario 91: the slow one at the last position is left to finish by itself."""

    @rule
    async def waits(number: Number) -> Zero:
        if number.n == 1:
            time.sleep(0.02)
            raise Broken("number 1")
        if number.n == 2:
            time.sleep(0.09)
            note("finished")
        return Zero(number.n)

    engine = Engine([waits, everything])
    engine.request(Zero, Number(0))
    with pytest.raises(Broken):
        engine.request(Total, Number(3))
    assert STARTS["finished"] == 0

    time.sleep(0.1)
    sound(engine)


def test_raises_the_failure_at_the_lowest_position_whatever_comes_first() -> None:
    """Scenario 91: a MultiGet fails by position, not by timing; the later one is in the notes."""
    engine = Engine([fragile, everything])
    WORLD.update({"slow 1": True, "broken 1": True, "broken 2": True})
    engine.request(Zero, Number(0))

    with pytest.raises(Broken, match="number 1"):
        engine.request(Total, Number(3))

    sound(engine)


@pytest.mark.parametrize("seed", range(20))
def test_fails_the_same_in_any_order(seed: int) -> None:
    """Scenario 91: whatever the schedule."""
    engine = Engine([fragile, everything], executor=Deterministic(seed))
    WORLD.update({"broken 2": True, "broken 4": True})

    with pytest.raises(Broken, match="number 2"):
        engine.request(Total, Number(6))

    sound(engine)


def test_keeps_what_a_failing_batch_had_finished() -> None:
    """Scenario 91: mended, only the rest runs."""
    engine = Engine([fragile, everything])
    WORLD["broken 2"] = True
    with pytest.raises(Broken):
        engine.request(Total, Number(4))

    WORLD.clear()
    engine.request(Total, Number(4))
    assert ran(engine) == {"fragile": 2, "everything": 1}
    sound(engine)


# -------------------------------------------------------------------- cycles


@rule
async def ones(number: Number) -> One:
    return One(await Get(Two))


@rule
async def twos(number: Number) -> Two:
    return Two(await Get(One, Number(1)))


def test_finds_a_cycle_at_once_and_shows_it() -> None:
    """Scenario 90: rules and params in the order they wait; nothing is remembered of it."""
    engine = Engine([ones, twos])
    since = time.perf_counter()
    for _ in range(2):
        with pytest.raises(CycleError) as caught:
            engine.request(One, Number(1))
        names = sorted(line.strip(" →") for line in str(caught.value).splitlines()[2:4])
        assert names == ["ones(Number(1))", "twos(Number(1))"]
        sound(engine)
    assert time.perf_counter() - since < 0.2


@pytest.mark.parametrize("form", ["get", "batch", "name"])
def test_finds_a_task_that_asks_for_itself(form: str) -> None:
    """Scenario 90: the original hangs."""

    @rule
    async def selfish(number: Number) -> Zero:
        if form == "get":
            return await Get(Zero)
        if form == "batch":
            return (await MultiGet(Get(Zero, Number(9)), Get(Zero, number)))[1]
        return await selfish(number)

    engine = Engine([selfish])
    with pytest.raises(CycleError, match=r"selfish\(Number\(9\)\) asks for itself"):
        engine.request(Zero, Number(9))
    sound(engine)


@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_raises_a_cycle_that_a_rule_would_catch(seed: int | None) -> None:
    """Scenario 90: `except BaseException` does not catch it, nor `finally` with another ask."""

    @rule
    async def greedy(number: Number) -> Zero:
        try:
            await Get(Zero, Number((number.n + 1) % 3))
        except BaseException:
            note("caught")
        return Zero(0)

    engine = Engine([greedy], executor=None if seed is None else Deterministic(seed))
    for _ in range(2):
        with pytest.raises(CycleError, match="through 2 others"):
            engine.request(Zero, Number(0))
        sound(engine)


def test_raises_a_cycle_before_an_error_of_its_sibling() -> None:
    """Scenario 90: whichever happens first in the batch."""

    @rule
    async def watch(number: Number) -> Seen:
        return Seen(await MultiGet(Get(One, Number(1)), Get(Zero, Number(2))))

    engine = Engine([ones, twos, fragile, watch])
    WORLD["broken 2"] = True
    with pytest.raises(CycleError):
        engine.request(Seen, Number(1))
    sound(engine)


def test_answers_again_once_a_cycle_is_mended() -> None:
    """Scenario 90: what was part of it runs afresh."""

    @rule
    async def turns(number: Number) -> One:
        return One(0) if salt("mended") else One(await Get(Two))

    engine = Engine([turns, twos])
    with pytest.raises(CycleError):
        engine.request(Two, Number(1))

    WORLD["mended"] = True
    assert engine.request(Two, Number(1)) == Two(One(0))
    sound(engine)


def test_finds_a_cycle_between_two_threads() -> None:
    """Scenario 90: each request waits for a task that the other one runs; both are told."""
    barrier = threading.Barrier(2, timeout=2)

    @outside
    def meet() -> None:
        if salt("meet"):
            barrier.wait()

    @rule
    async def first(number: Number) -> One:
        meet()
        return One(await Get(Two))

    @rule
    async def second(number: Number) -> Two:
        meet()
        return Two(await Get(One))

    engine = Engine([first, second])
    WORLD["meet"] = True
    errors: list[object] = []

    def ask(product: type) -> None:
        try:
            errors.append(engine.request(product, Number(1)))
        except BaseException as error:
            errors.append(type(error))
            WORLD.clear()

    threads = [threading.Thread(target=ask, args=(cls,), daemon=True) for cls in (One, Two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2)

    assert errors == [CycleError, CycleError]
    sound(engine)


def test_takes_a_diamond_for_no_cycle() -> None:
    """Scenario 90: two that wait for one third are no loop, in any order."""

    @rule
    async def base(other: Other) -> Zero:
        return Zero((await Get(Square, Number(2))).n)

    @rule
    async def top(number: Number) -> Seen:
        found = await MultiGet(Get(Zero, Other(1)), Get(One, Other(1)), Get(Two, Other(1)))
        return Seen(len(found))

    @rule
    async def one_side(other: Other) -> One:
        return One(await Get(Zero))

    @rule
    async def other_side(other: Other) -> Two:
        return Two(await MultiGet(Get(One), Get(Zero)))

    for seed in range(20):
        engine = Engine([base, top, one_side, other_side, square], executor=Deterministic(seed))
        assert engine.request(Seen, Number(1)) == Seen(3)
        sound(engine)


def test_ends_in_a_storm_although_a_failure_was_caught() -> None:
    """Scenarios 73 and 83: changes elsewhere do not make a finished body run for ever."""

    @rule
    async def careful(number: Number) -> One:
        try:
            await Get(Zero)
        except Broken:
            note("careful")
            time.sleep(0.004)
        return One(1)

    engine = Engine([fragile, careful, square])
    WORLD["broken 1"] = True
    stop = threading.Event()

    def storm() -> None:
        while not stop.is_set():
            engine.invalidate(Square)
            time.sleep(0.0005)

    threading.Thread(target=storm, daemon=True).start()
    threading.Timer(1.0, stop.set).start()
    try:
        assert engine.request(One, Number(1)) == One(1)
    finally:
        was_stopped = stop.is_set()
        stop.set()

    assert not was_stopped
    assert STARTS["careful"] <= 3
    sound(engine)


class Fails:
    """A listener, or a recorder, that raises as a request begins or ends."""

    def __init__(self, where: str) -> None:
        self.where = where

    def began(self, *what: object) -> None:
        if self.where == "began":
            raise MemoryError

    def ended(self, *what: object) -> None:
        if self.where == "ended":
            raise MemoryError


@pytest.mark.parametrize(
    ("role", "where"), [("listener", "began"), ("listener", "ended"), ("recorder", "ended")]
)
def test_lets_go_of_everything_when_who_listens_fails(role: str, where: str) -> None:
    """Other threads are answered, nothing runs, and garbage is collected as before."""
    engine = Engine([fragile])
    threshold = gc.get_threshold()
    setattr(engine._ear, role, Fails(where))
    with pytest.raises(MemoryError):
        engine.request(Zero, Number(1))

    assert not _is_held(engine)
    assert engine.running == {}
    assert gc.get_threshold() == threshold
    setattr(engine._ear, role, None)
    assert engine.request(Zero, Number(1)) == Zero(1)
    sound(engine)


def _is_held(engine: Engine) -> bool:
    """Whether another thread finds the lock of the graph taken."""
    found: list[bool] = []

    def look() -> None:
        found.append(engine._tasks.lock.acquire(timeout=1))
        if found[0]:
            engine._tasks.lock.release()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return not found[0]
