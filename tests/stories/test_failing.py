"""Failing: exceptions at the await, by position, not remembered; cycles; wrong products."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import Any

import pytest

from tests.outside import outside
from tests.stories.toys import Number, Square, ran, sound, square
from wfnb import (
    CycleError,
    Deterministic,
    EffectError,
    Engine,
    Get,
    MultiGet,
    ProductError,
    WfnbError,
    rule,
)

STATE: dict[str, Any] = {}


@outside
def state(name: str) -> Any:
    """The world, behind the fingerprint's back."""
    return STATE.get(name)


class Broken(Exception):
    """What the toy rules raise."""


@dataclass(frozen=True)
class Fragile:
    n: int


@dataclass(frozen=True)
class Careful:
    n: int


@dataclass(frozen=True)
class All:
    n: int


@rule
async def fragile(number: Number) -> Fragile:
    if state(f"slow {number.n}"):
        time.sleep(0.05)
    if state(f"broken {number.n}"):
        raise Broken(f"number {number.n}")
    return Fragile(number.n)


@rule
async def careful(number: Number) -> Careful:
    try:
        return Careful((await Get(Fragile)).n)
    except Broken:
        return Careful(-1)


@rule
async def everything(number: Number) -> All:
    found = await MultiGet(Get(Fragile, Number, Number(i)) for i in range(number.n))
    return All(len(found))


@pytest.fixture
def engine() -> Engine:
    STATE.clear()
    return Engine([fragile, careful, everything])


def test_raises_the_rules_own_exception_with_the_chain_of_requests(engine: Engine) -> None:
    """Scenarios 87 and 88: the original object, notes, and no frame of the engine in between."""
    STATE["broken 1"] = True
    with pytest.raises(Broken, match="number 1") as caught:
        engine.request(All, Number(3))
    assert caught.value.__notes__ == [
        "while making All: everything(Number(3)) → fragile(Number(1))"
    ]
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames == [
        "test_raises_the_rules_own_exception_with_the_chain_of_requests",
        "request",
        "everything",
        "fragile",
    ]
    sound(engine)


def test_does_not_remember_a_failure(engine: Engine) -> None:
    """Scenario 72."""
    STATE["broken 1"] = True
    with pytest.raises(Broken):
        engine.request(Fragile, Number(1))
    STATE.clear()
    assert engine.request(Fragile, Number(1)) == Fragile(1)
    sound(engine)


def test_keeps_a_value_made_from_a_caught_failure_for_its_session_only(engine: Engine) -> None:
    """Scenarios 73 and 89."""
    STATE["broken 1"] = True
    assert engine.request(Careful, Number(1)) == Careful(-1)
    assert engine.request(Careful, Number(1)) == Careful(-1)
    assert ran(engine) == {"careful": 1}
    STATE.clear()
    assert engine.request(Careful, Number(1)) == Careful(1)
    assert engine.request(Careful, Number(1)) == Careful(1)
    assert ran(engine) == {}
    sound(engine)


def test_has_its_value_again_after_a_failure_that_went_by(engine: Engine) -> None:
    """What stands on an equal value is not run for a failure in between."""
    engine.request(All, Number(2))
    STATE["broken 1"] = True
    engine.invalidate(fragile)
    with pytest.raises(Broken):
        engine.request(All, Number(2))
    STATE.clear()
    engine.request(All, Number(2))
    assert ran(engine) == {"fragile": 1}
    sound(engine)


def test_raises_the_failure_at_the_lowest_position_whatever_comes_first(engine: Engine) -> None:
    """Scenario 91: a MultiGet fails by position, not by timing; later ones are named in notes."""
    STATE.update({"broken 1": True, "slow 1": True, "broken 2": True})
    with pytest.raises(Broken, match="number 1"):
        engine.request(All, Number(4))
    sound(engine)


def test_starts_nothing_behind_a_failure(engine: Engine) -> None:
    """What comes after the failed position is not started any more."""
    STATE["broken 0"] = True
    with pytest.raises(Broken):
        engine.request(All, Number(50))
    assert ran(engine) == {}


def test_fails_the_same_in_any_order() -> None:
    """Whatever the schedule, the lowest failure is raised."""
    for seed in range(20):
        STATE.clear()
        STATE.update({"broken 2": True, "broken 4": True})
        engine = Engine([fragile, everything], executor=Deterministic(seed))
        with pytest.raises(Broken, match="number 2"):
            engine.request(All, Number(6))
        sound(engine)


@dataclass(frozen=True)
class Loop:
    n: int


def test_finds_a_cycle_at_once_and_shows_it() -> None:
    """Scenario 90: a task that waits for itself through others; no rule can catch it."""

    @rule
    async def loop(number: Number) -> Loop:
        try:
            return await Get(Loop, Number, Number((number.n + 1) % 3))
        except BaseException:
            return Loop(0)

    engine = Engine([loop])
    with pytest.raises(CycleError) as caught:
        engine.request(Loop, Number(0))
    lines = str(caught.value).splitlines()
    first = lines[0].split()[0]
    assert lines[0] == f"{first} waits for itself, through 2 others"
    assert lines[-1] == "  → let one of them ask with another param, or stop before it comes round"
    assert lines[-2] == f"       → {first}, again"
    sound(engine)
    with pytest.raises(CycleError):
        engine.request(Loop, Number(0))


def test_finds_a_task_that_asks_for_itself() -> None:
    """Scenario 90: the original hangs."""

    @rule
    async def loop(number: Number) -> Loop:
        return await Get(Loop, Number, number)

    engine = Engine([loop])
    with pytest.raises(CycleError) as caught:
        engine.request(Loop, Number(0))
    assert caught.value.what == "loop(Number(0)) asks for itself"


def test_takes_a_path_that_turned_round_for_no_cycle() -> None:
    """Scenario 84: what was remembered the other way round is no cycle."""
    STATE.clear()

    @rule
    async def left(number: Number) -> Fragile:
        return Fragile((await Get(Careful)).n if state("left first") else 0)

    @rule
    async def right(number: Number) -> Careful:
        return Careful(0 if state("left first") else (await Get(Fragile)).n)

    engine = Engine([left, right])
    engine.request(Careful, Number(1))
    STATE["left first"] = True
    engine.invalidate(left)
    assert engine.request(Fragile, Number(1)) == Fragile(0)
    assert engine.request(Careful, Number(1)) == Careful(0)
    sound(engine)


class Sub(Square):
    """A subclass is another type."""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "wrong promised Square and returned None"),
        (Sub(1), "wrong promised Square and returned Sub: Sub(1)"),
        (7, "wrong promised Square and returned int: 7"),
    ],
)
def test_refuses_a_product_that_is_not_exactly_the_promised_type(value: object, said: str) -> None:
    """Scenario 57: named with the rule's line; the caller may catch it."""

    @rule
    async def wrong(number: Number) -> Square:
        return value  # type: ignore[return-value]

    @rule
    async def catches(number: Number) -> Careful:
        try:
            await Get(Square)
        except ProductError:
            return Careful(1)
        return Careful(0)

    engine = Engine([wrong, catches])
    with pytest.raises(ProductError) as caught:
        engine.request(Square, Number(1))
    assert caught.value.what == said
    assert "test_failing.py" in str(caught.value)
    assert engine.request(Careful, Number(1)) == Careful(1)


def test_names_what_a_request_lacks() -> None:
    """Scenarios 22, 23 and 44: an error of ours, with a code and a fix."""
    engine = Engine([square])
    with pytest.raises(WfnbError) as caught:
        engine.request(Square)
    assert "Number" in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 12
    assert engine.request(Square, Number(2)) == Square(4)


def test_raises_an_exception_that_takes_no_notes() -> None:
    """And one that has no text: what the rule raised is what comes."""

    class Odd(Exception):
        def add_note(self, note: str) -> None:
            raise RuntimeError("no note")

        def __str__(self) -> str:
            raise RuntimeError("no text")

    @rule
    def odd(number: Number) -> Fragile:
        raise Odd

    @rule
    async def all_odd(number: Number) -> All:
        return All(len(await MultiGet(Get(Fragile, Number, Number(i)) for i in (1, 2))))

    with pytest.raises(Odd):
        Engine([odd, all_odd]).request(All, Number(3))


@pytest.mark.parametrize("what", ["define", "forget", "invalidate"])
def test_refuses_a_rule_that_changes_the_engine_it_runs_in(what: str) -> None:
    """It would run, change itself, and run again for ever."""
    engine = Engine()
    change = outside(
        {
            "define": lambda: engine.define([square]),
            "forget": lambda: engine.forget(square),
            "invalidate": lambda: engine.invalidate(),
        }[what]
    )

    @rule
    def restless(number: Number) -> Fragile:
        change()
        return Fragile(1)

    engine.define([restless])
    with pytest.raises(EffectError) as caught:
        engine.request(Fragile, Number(1))

    lines = str(caught.value).splitlines()
    assert lines[0] == f"restless called {what}() on the engine that runs it"
    assert lines[1].startswith("  test_failing.py:")
    assert lines[2:] == [
        "    a rule only makes a value: it may run at any time, or not at all",
        f"  → call {what}() in a cell, or in a goal rule",
    ]
    engine.define([square])
    assert engine.request(Square, Number(2)) == Square(4)


def test_raises_in_a_second_run_what_a_first_run_would_raise() -> None:
    """Without a word on the exception by which the engine learnt that the rule has to run again."""

    @dataclass(frozen=True)
    class Low:
        number: int

    @dataclass(frozen=True)
    class High:
        number: int

    salt = [1]

    @rule
    def low() -> Low:
        return Low(salt[0])

    @rule
    async def high() -> High:
        return High(1 // (await Get(Low)).number)

    engine = Engine([low, high])
    engine.request(High)
    salt[0] = 0
    engine.invalidate(low)

    with pytest.raises(ZeroDivisionError) as caught:
        engine.request(High)

    assert caught.value.__context__ is None


def test_shows_few_frames_of_its_own_where_nothing_hides_them(engine: Engine) -> None:
    """In a plain program: twelve lines at most, the last of them the error's."""
    with pytest.raises(WfnbError) as caught:
        engine.request(Square, Number(3))

    lines = "".join(traceback.format_exception(caught.value)).splitlines()
    assert len(lines) <= 12
    assert lines[-1] == "  → write a rule that returns Square"
