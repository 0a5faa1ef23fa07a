"""Changing: clearing, dirtying, cleaning, early cutoff, redefinition."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.models.outside import outside
from tests.stories.toys import Number, ran, sound
from wfnb import Deterministic, Engine, Get, MultiGet, Rule, rule


@dataclass(frozen=True)
class Two:
    v: object


@dataclass(frozen=True)
class One:
    v: object


@dataclass(frozen=True)
class Zero:
    v: object


SALT: dict[str, Any] = {}


@outside
def salt(name: str) -> Any:
    """Read the world behind the fingerprint's back, as a clock or a network would be."""
    return SALT.get(name)


def three() -> Engine:
    """two → one → zero, each mixing its salt into its value."""

    @rule
    async def zero(number: Number) -> Zero:
        return Zero(salt("zero"))

    @rule
    async def one(number: Number) -> One:
        if salt("skip"):
            return One("skipped")
        return One(((await Get(Zero)).v, salt("one")))

    @rule
    async def two(number: Number) -> Two:
        return Two(((await Get(One)).v, salt("two")))

    SALT.clear()
    engine = Engine([zero, one, two])
    engine.request(Two, Number(1))
    assert ran(engine) == {"zero": 1, "one": 1, "two": 1}
    return engine


def test_cleans_what_stands_on_an_equal_value() -> None:
    """Scenario 74: invalidate the middle; only it runs again."""
    engine = three()
    assert engine.invalidate(One) == (1, 1)
    engine.request(Two, Number(1))
    assert ran(engine) == {"one": 1}
    assert engine.last is not None
    assert engine.last.cleaned == ("two(Number(1))",)
    sound(engine)


def test_runs_again_what_stands_on_a_changed_value() -> None:
    """Scenario 75: what is below stays."""
    engine = three()
    SALT["one"] = "new"
    engine.invalidate(One)
    assert engine.request(Two, Number(1)) == Two(((None, "new"), None))
    assert ran(engine) == {"one": 1, "two": 1}
    sound(engine)


def test_forgets_a_dependency_that_is_not_asked_for_any_more() -> None:
    """Scenario 76: its invalidation dirties nothing."""
    engine = three()
    SALT["skip"] = True
    engine.invalidate(One)
    engine.request(Two, Number(1))
    assert engine.invalidate(Zero) == (1, 0)
    sound(engine)


def test_invalidates_everything_when_nothing_is_named() -> None:
    """All tasks run again; what stood on them need not be counted."""
    engine = three()
    cleared, _ = engine.invalidate()
    assert cleared == 3
    engine.request(Two, Number(1))
    assert ran(engine) == {"zero": 1, "one": 1, "two": 1}


def test_runs_an_uncacheable_rule_once_per_session() -> None:
    """Scenarios 78 and 79: dependents are cleaned if it gives an equal value."""
    SALT.clear()

    @rule(cacheable=False)
    async def now(number: Number) -> Zero:
        return Zero(salt("now"))

    @rule
    async def uses(number: Number) -> One:
        first, again = await Get(Zero), await Get(Zero)
        assert first is again
        return One(first.v)

    engine = Engine([now, uses])
    engine.request(One, Number(1))
    assert ran(engine) == {"now": 1, "uses": 1}
    engine.request(One, Number(1))
    assert ran(engine) == {"now": 1}
    SALT["now"] = 2
    assert engine.request(One, Number(1)) == One(2)
    assert ran(engine) == {"now": 1, "uses": 1}
    sound(engine)


def _scaled(factor: int) -> Rule[Zero]:
    @rule
    async def scale(number: Number) -> Zero:
        return Zero(number.n * factor)

    return scale


@rule
async def capped(number: Number) -> One:
    zero = await Get(Zero)
    return One(min(int(str(zero.v)), 10))


@rule
async def many(number: Number) -> Two:
    ones = await MultiGet(Get(One, Number, Number(i)) for i in range(number.n))
    return Two(sum(int(str(one.v)) for one in ones))


def test_redoes_what_a_changed_rule_can_have_touched() -> None:
    """Scenarios 11 and 85: its tasks run, dependents only where the value differs."""
    engine = Engine([capped])
    engine.define([_scaled(100)], origin="cell")
    engine.request(One, Number(1))
    change = engine.define([_scaled(200)], origin="cell")
    assert [r.name for r in change.changed] == ["scale"]
    assert (change.cleared, change.dirtied) == (1, 1)
    assert engine.request(One, Number(1)) == One(10)
    assert ran(engine) == {"scale": 1, "capped": 1}
    sound(engine)


def test_leaves_a_rule_alone_that_means_the_same() -> None:
    """Scenario 12: identical redefinition invalidates nothing."""
    engine = Engine([capped])
    engine.define([_scaled(1)], origin="cell")
    value = engine.request(One, Number(1))
    change = engine.define([_scaled(1)], origin="cell")
    assert [r.name for r in change.unchanged] == ["capped", "scale"]
    assert (change.cleared, change.dirtied) == (0, 0)
    assert engine.request(One, Number(1)) is value


def test_has_the_values_again_of_a_definition_that_is_changed_back() -> None:
    """Before anyone asked, nothing was lost; only generations are compared."""
    engine = Engine([capped])
    engine.define([_scaled(1)], origin="cell")
    value = engine.request(One, Number(1))
    engine.define([_scaled(2)], origin="cell")
    engine.define([_scaled(1)], origin="cell")
    assert engine.request(One, Number(1)) is value
    assert ran(engine) == {}
    sound(engine)


def test_replaces_a_rule_of_the_same_name_and_types_from_another_origin() -> None:
    """The later definition wins; withdrawing it leaves nothing of the earlier one."""
    engine = Engine([capped])
    engine.define([_scaled(1)], origin="first")
    engine.define([_scaled(3)], origin="second")
    assert engine.request(One, Number(2)) == One(6)
    engine.forget("second")
    assert [r.name for r in engine.rule_graph.rules.values()] == ["capped"]


def test_keeps_what_is_remembered_while_the_wiring_is_broken() -> None:
    """Nothing that was remembered is lost by an error."""
    engine = Engine([capped])
    engine.define([_scaled(1)], origin="cell")
    value = engine.request(One, Number(1))
    engine.forget("cell")
    engine.define([_scaled(1)], origin="cell")
    assert engine.request(One, Number(1)) is value
    sound(engine)


def test_counts_a_product_whose_equality_is_hostile_as_changed() -> None:
    """Scenario 86: `==` that raises, or answers something that is no bool."""

    class Hostile:
        def __eq__(self, other: object) -> bool:
            raise ValueError("no")

        __hash__ = None  # type: ignore[assignment]

    @rule
    async def hostile(number: Number) -> Hostile:
        return Hostile()

    @rule
    async def over(made: Hostile) -> One:
        return One(1)

    engine = Engine([hostile, over])
    engine.request(One, Number(1))
    engine.invalidate(Hostile)
    engine.request(One, Number(1))
    assert ran(engine) == {"hostile": 1, "over": 1}
    sound(engine)


@pytest.mark.parametrize("step", range(1, 12))
def test_never_mixes_old_and_new_when_a_rule_changes_while_a_request_runs(step: int) -> None:
    """Scenarios 81 and 83: at whatever step the change comes, the answer is all new."""
    steps = 0

    def change() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            engine.define([_scaled(3)], origin="cell")

    engine = Engine([capped, many], executor=Deterministic(step, change))
    engine.define([_scaled(1)], origin="cell")
    value = engine.request(Two, Number(3))
    assert value == Two(9 if steps >= step else 3)
    sound(engine)


def test_answers_through_a_storm_of_invalidations() -> None:
    """Scenario 83."""
    engine = Engine([capped, many, _scaled(1)])
    stop = threading.Event()

    def storm() -> None:
        while not stop.is_set():
            engine.invalidate(Zero)
            time.sleep(0.001)

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        for _ in range(20):
            assert engine.request(Two, Number(8)) == Two(28)
    finally:
        stop.set()
        thread.join(5)
    assert engine.request(Two, Number(8)) == Two(28)
    sound(engine)


def test_plans_without_running() -> None:
    """`plan` tells what would run, be compared, and be reused."""
    engine = Engine([capped, many, _scaled(1)])
    before = engine.plan(Two, Number(2))
    assert str(before) == "run       many(Number(2))\nas needed capped\nas needed scale"
    engine.request(Two, Number(2))
    assert str(engine.plan(Two, Number(2))) == "reuse     many(Number(2))"
    engine.invalidate(Zero)
    assert str(engine.plan(Two, Number(2))) == (
        "run       scale(Number(0))\n"
        "run       scale(Number(1))\n"
        "check     many(Number(2))\n"
        "check     capped(Number(0))\n"
        "check     capped(Number(1))"
    )
