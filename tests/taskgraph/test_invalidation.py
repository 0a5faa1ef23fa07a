"""Changing: clearing, dirtying, cleaning, early cutoff, and changes while a request runs."""

from __future__ import annotations

import threading
import time
from random import Random

import pytest

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
    cleaned,
    note,
    one,
    ran,
    salt,
    sound,
    square,
    two,
    zero,
)
from wfnb import Deterministic, Engine, Get, MultiGet, Rule, UnionRule, rule, union


def three() -> Engine:
    """two → one → zero, asked once."""
    engine = Engine([zero, one, two])
    engine.request(Two, Number(1))
    assert ran(engine) == {"zero": 1, "one": 1, "two": 1}
    return engine


def test_counts_what_it_clears_and_what_it_suspects() -> None:
    """Scenario 74: (cleared, dirtied); what is cleared already is not counted twice."""
    engine = three()

    assert engine.invalidate(One) == (1, 1)
    assert engine.invalidate(One) == (0, 0)
    assert engine.invalidate(zero) == (1, 0)
    assert engine.invalidate(Square) == (0, 0)
    sound(engine)


def test_cleans_what_stands_on_an_equal_value() -> None:
    """Scenario 74: the middle is invalidated and gives an equal value; only it runs."""
    engine = three()

    assert engine.invalidate(One) == (1, 1)
    engine.request(Two, Number(1))

    assert ran(engine) == {"one": 1}
    assert cleaned(engine) == ("two(Number(1))",)
    sound(engine)


def test_runs_again_what_stands_on_a_changed_value() -> None:
    """Scenario 75: the middle changed; it and what is above run, what is below does not."""
    engine = three()
    WORLD["one"] = 5

    engine.invalidate(One)

    assert engine.request(Two, Number(1)) == Two(((0, 5), 0))
    assert ran(engine) == {"one": 1, "two": 1}
    sound(engine)


def test_runs_nothing_above_a_value_that_changed_back() -> None:
    """Scenario 75: a dirty task compares with what its last run saw, not with what was between."""
    engine = three()
    WORLD["zero"] = 1
    engine.invalidate(Zero)
    engine.request(Zero, Number(1))
    WORLD["zero"] = 0
    engine.invalidate(Zero)

    assert engine.request(Two, Number(1)) == Two(((0, 0), 0))
    assert ran(engine)["zero"] == 1
    sound(engine)


def test_forgets_a_dependency_that_is_not_asked_for_any_more() -> None:
    """Scenario 76: a run's edges are those of its own requests."""
    engine = three()
    WORLD["skip zero"] = True
    engine.invalidate(One)
    engine.request(Two, Number(1))

    assert engine.invalidate(Zero) == (1, 0)
    engine.request(Two, Number(1))
    assert ran(engine) == {}

    WORLD.clear()
    engine.invalidate(One)
    engine.request(Two, Number(1))
    assert engine.invalidate(Zero) == (1, 2)
    sound(engine)


@rule(cacheable=False)
async def now(number: Number) -> One:
    note("now")
    return One(((await Get(Zero)).v, salt("now")))


def test_runs_all_three_when_a_value_below_an_uncacheable_one_changed() -> None:
    """Scenario 77: the one in the middle runs in any case, the one above since it differs."""
    engine = Engine([zero, now, two])
    engine.request(Two, Number(1))
    WORLD["zero"] = 1
    engine.invalidate(Zero)

    assert engine.request(Two, Number(1)) == Two(((1, 0), 0))
    assert ran(engine) == {"zero": 1, "now": 1, "two": 1}
    sound(engine)


def test_cuts_off_above_an_uncacheable_rule_that_gives_an_equal_value() -> None:
    """Scenario 78: in each new session only it runs; dependents are cleaned, or run."""
    engine = Engine([zero, now, two])
    engine.request(Two, Number(1))
    for _ in range(2):
        engine.request(Two, Number(1))
        assert ran(engine) == {"now": 1}
        assert cleaned(engine) == ("two(Number(1))",)
        sound(engine)

    WORLD["now"] = 1
    assert engine.request(Two, Number(1)) == Two(((0, 1), 0))
    assert ran(engine) == {"now": 1, "two": 1}
    sound(engine)


def test_takes_an_uncacheable_root_for_new_in_each_request() -> None:
    """Scenario 78: asked for directly, it runs each time."""
    engine = Engine([zero, now])
    for times in range(1, 4):
        engine.request(One, Number(1))
        assert STARTS["now"] == times
    assert STARTS["zero"] == 1
    sound(engine)


def test_runs_an_uncacheable_rule_once_for_all_who_ask_in_a_session() -> None:
    """Scenario 79: within a session its value holds, also after it was dirtied and cleaned."""

    @rule
    async def watch(number: Number) -> Seen:
        first = await Get(One)
        second, third = await MultiGet(Get(Two), Get(One))
        return Seen(first is third and second.v == (first.v, 0))

    engine = Engine([zero, now, two, watch])
    for times in range(1, 4):
        assert engine.request(Seen, Number(1)) == Seen(True)
        assert STARTS["now"] == times
    sound(engine)


@rule
async def over(number: Number) -> Seen:
    note("over")
    middle = await Get(Two)
    note("over went on")
    return Seen((middle.v, (await Get(Square, Other(1))).n))


@rule
async def from_other(other: Other) -> Square:
    return Square(salt("square"))


@pytest.mark.parametrize("step", range(1, 10))
def test_does_not_start_again_what_runs_on_an_input_that_did_not_change(step: int) -> None:
    """Scenario 80: touched at any step, only the input itself may run again."""
    steps = 0

    def touch() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            engine.invalidate(Zero)

    engine = Engine([zero, one, two, over, from_other], executor=Deterministic(1, touch))

    assert engine.request(Seen, Number(1)) == Seen((((0, 0), 0), 0))
    assert STARTS["over"] == STARTS["two"] == STARTS["one"] == 1
    sound(engine)


@pytest.mark.parametrize("step", range(1, 12))
def test_starts_only_what_had_seen_an_input_that_changed(step: int) -> None:
    """Scenario 81: changed at any step, the answer is new; who still waited is not restarted."""
    steps = 0

    def change() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            WORLD["zero"] = 1
            engine.invalidate(Zero)

    engine = Engine([zero, one, two, over, from_other], executor=Deterministic(1, change))
    value = engine.request(Seen, Number(1))

    if steps >= step:
        assert value == Seen((((1, 0), 0), 0))
    went_on_twice = STARTS["over went on"] == 2
    assert STARTS["over"] == (2 if went_on_twice else 1)
    sound(engine)


@rule
async def source() -> Zero:
    return Zero(salt("source"))


@rule
async def left(number: Number) -> One:
    return One((await Get(Zero)).v)


@rule
async def right(number: Number) -> Two:
    return Two((await Get(Zero)).v)


@rule
async def pair(number: Number) -> Seen:
    first = await Get(One)
    second = await Get(Two)
    return Seen((first.v, second.v))


@rule
async def pairs(number: Number) -> Total:
    found = await MultiGet(Get(Seen, Number(i)) for i in range(number.n))
    values = {half for one in found for half in one.what}  # type: ignore[attr-defined]
    return Total(values.pop() if len(values) == 1 else -1)


@pytest.mark.parametrize("seed", range(40))
def test_never_mixes_old_and_new_inputs(seed: int) -> None:
    """Scenario 83: invalidations at random steps; no answer stands on two states of the world."""
    random = Random(seed)

    def storm() -> None:
        if random.random() < 0.15:
            WORLD["source"] = salt("source") + 1
            engine.invalidate(Zero)

    engine = Engine([source, left, right, pair, pairs], executor=Deterministic(seed, storm))
    for _ in range(3):
        assert engine.request(Total, Number(4)) == Total(salt("source"))
        sound(engine)


def test_answers_through_a_storm_of_invalidations() -> None:
    """Scenario 83: another thread invalidates all the time; each request still succeeds."""
    engine = Engine([source, left, right, pair, pairs])
    stop = threading.Event()

    def storm() -> None:
        while not stop.is_set():
            WORLD["source"] = salt("source") + 1
            engine.invalidate(Zero)
            time.sleep(0.0005)

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        answers = [engine.request(Total, Number(6)).n for _ in range(40)]
    finally:
        stop.set()
        thread.join(5)

    assert -1 not in answers
    assert answers == sorted(answers)
    assert engine.request(Total, Number(6)) == Total(salt("source"))
    sound(engine)


def test_takes_a_path_that_turned_round_for_no_cycle() -> None:
    """Scenario 84: what a dirty task remembers to have asked now asks for it."""

    @rule
    async def ones(number: Number) -> One:
        return One(0 if salt("turned") else (await Get(Two)).v)

    @rule
    async def twos(number: Number) -> Two:
        return Two((await Get(One)).v if salt("turned") else 0)

    engine = Engine([ones, twos])
    engine.request(One, Number(1))
    WORLD["turned"] = True
    engine.invalidate(Two)

    assert engine.request(One, Number(1)) == One(0)
    assert engine.request(Two, Number(1)) == Two(0)
    sound(engine)


def test_brings_up_only_what_a_new_run_would_ask_for() -> None:
    """Scenario 84: comparison goes in the order asked and stops at the first difference."""

    @rule
    async def chooses(number: Number) -> Seen:
        if (await Get(Zero)).v:
            return Seen("none")
        return Seen(await Get(Square, Other(1)))

    engine = Engine([zero, from_other, chooses])
    engine.request(Seen, Number(1))
    WORLD["zero"] = 1
    engine.invalidate(Zero)
    engine.invalidate(Square)

    assert engine.request(Seen, Number(1)) == Seen("none")
    assert ran(engine) == {"zero": 1, "chooses": 1}
    sound(engine)


def _scale(factor: int) -> Rule[Zero]:
    @rule
    async def scale(number: Number) -> Zero:
        return Zero(number.n * factor)

    return scale


@rule
async def sign(number: Number) -> One:
    zero = await Get(Zero)
    return One(zero.v > 0)  # type: ignore[operator]


@rule
async def both(number: Number) -> Seen:
    found = await MultiGet(Get(One), Get(Square))
    return Seen(found)


def test_runs_an_edited_rule_and_only_what_its_value_changes() -> None:
    """Scenario 85: its tasks on demand, dependents if the value differs, siblings never."""
    engine = Engine([sign, both, square])
    engine.define([_scale(1)], origin="cell")
    engine.request(Seen, Number(2))

    change = engine.define([_scale(3)], origin="cell")
    assert [r.name for r in change.changed] == ["scale"]
    assert (change.cleared, change.dirtied) == (1, 2)
    engine.request(Seen, Number(2))
    assert ran(engine) == {"scale": 1, "sign": 1}
    assert cleaned(engine) == ("both(Number(2))",)

    engine.define([_scale(-1)], origin="cell")
    engine.request(Seen, Number(2))
    assert ran(engine) == {"scale": 1, "sign": 1, "both": 1}
    sound(engine)


def test_has_the_values_again_of_a_definition_that_was_changed_back() -> None:
    """Before anyone asked nothing was lost; no rule runs, and the value is the same object."""
    engine = Engine([sign])
    engine.define([_scale(1)], origin="cell")
    value = engine.request(One, Number(2))

    engine.define([_scale(3)], origin="cell")
    engine.define([_scale(1)], origin="cell")

    assert engine.request(One, Number(2)) is value
    assert ran(engine) == {}
    sound(engine)


def test_runs_a_rule_that_was_invalidated_even_if_it_is_changed_back() -> None:
    """An explicit invalidation is not taken back by going back to the same text."""
    engine = Engine([sign])
    engine.define([_scale(1)], origin="cell")
    engine.request(One, Number(2))

    engine.invalidate(Zero)
    engine.define([_scale(3)], origin="cell")
    engine.define([_scale(1)], origin="cell")

    engine.request(One, Number(2))
    assert ran(engine) == {"scale": 1}
    sound(engine)


def test_runs_again_what_another_rule_now_answers() -> None:
    """Scenario 85: the wiring moved, so those who ask are cleared; going back has it all again."""

    @rule
    async def other_zero() -> Zero:
        return Zero(-1)

    engine = Engine([sign])
    engine.define([_scale(1)], origin="cell")
    value = engine.request(One, Number(2))

    engine.define([other_zero], origin="new cell")
    assert engine.request(One, Number(2)) == One(False)
    engine.forget("new cell")
    assert engine.request(One, Number(2)) == value
    sound(engine)


def test_runs_again_when_a_member_joins_a_union_that_was_caught_missing() -> None:
    """A caught UnionError does not outlive the registration."""

    @union
    class Base:
        pass

    @rule
    async def from_one(one: One) -> Square:
        return Square(1)

    @rule
    async def asks(number: Number) -> Seen:
        try:
            return Seen(await Get(Square, Base, One(1)))
        except Exception as error:
            return Seen(type(error).__name__)

    @rule
    async def from_number(two: Two) -> Square:
        return Square(2)

    engine = Engine([from_one, from_number, asks, UnionRule(Base, Two)])
    assert engine.request(Seen, Number(1)) == Seen("UnionError")

    engine.define([UnionRule(Base, One)], origin="cell")
    assert engine.request(Seen, Number(1)) == Seen(Square(1))
    sound(engine)


class Raising:
    def __eq__(self, other: object) -> bool:
        raise ValueError("no")

    __hash__ = None  # type: ignore[assignment]


class Exiting:
    def __eq__(self, other: object) -> bool:
        raise SystemExit

    __hash__ = None  # type: ignore[assignment]


class Vague:
    def __eq__(self, other: object) -> object:  # type: ignore[override]
        return [True]

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("cls", [Raising, Exiting, Vague])
def test_takes_a_product_with_a_hostile_equality_for_changed(cls: type) -> None:
    """Scenario 86: `==` that raises, leaves, or answers what is no bool; also nested."""
    make = cls

    @rule
    async def hostile(number: Number) -> Zero:
        return Zero((1, make()))

    engine = Engine([hostile, one])
    engine.request(One, Number(1))
    engine.invalidate(Zero)
    engine.request(One, Number(1))

    assert ran(engine) == {"hostile": 1, "one": 1}
    engine.request(One, Number(1))
    assert ran(engine) == {}
    sound(engine)


def test_invalidates_everything_when_nothing_is_named() -> None:
    """All tasks run again, from the bottom; equal values are early cutoffs no more."""
    engine = three()

    cleared, dirtied = engine.invalidate()

    assert (cleared, dirtied) == (3, 0)
    engine.request(Two, Number(1))
    assert ran(engine) == {"zero": 1, "one": 1, "two": 1}
    sound(engine)
