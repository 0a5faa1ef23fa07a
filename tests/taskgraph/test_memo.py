"""Remembering: what is one task, and what is not remembered."""

from __future__ import annotations

from dataclasses import dataclass

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
    Zero,
    note,
    ran,
    salt,
    sound,
    square,
    total,
)
from wfnb import Engine, Get, MultiGet, ParamError, WiringError, rule


class Broken(Exception):
    """What the toy rules raise."""


@rule
async def fragile(number: Number) -> Zero:
    note("fragile")
    if salt("broken"):
        raise Broken(f"number {number.n}")
    return Zero(number.n)


@rule
async def careful(number: Number) -> One:
    note("careful")
    try:
        return One((await Get(Zero)).v)
    except Broken:
        return One("caught")


def test_gives_the_identical_object_for_equal_params() -> None:
    """Scenario 65: the same request, and one with equal but distinct params, run nothing."""
    engine = Engine([square])
    first = engine.request(Square, Number(7))

    assert engine.request(Square, Number(7)) is first
    assert ran(engine) == {}
    sound(engine)


def test_leaves_a_param_that_nobody_uses_out_of_the_key() -> None:
    """Scenario 66: another value of it, or none, is a hit; also at a request in a rule."""

    @rule
    async def watch(number: Number, other: Other) -> Seen:
        return Seen((other.n, await Get(Square)))

    engine = Engine([square, watch])
    first = engine.request(Square, Number(7))

    assert engine.request(Square, Number(7), Other(1)) is first
    assert engine.request(Square, Number(7), Other(2)) is first
    assert engine.request(Seen, Number(7), Other(3)) == Seen((3, first))
    assert ran(engine) == {"watch": 1}
    sound(engine)


def test_runs_once_for_two_consumers_at_the_same_time() -> None:
    """Scenario 67: the second waits for the first one's run."""

    @rule
    async def slow(other: Other) -> Zero:
        note("slow")
        return Zero(await Get(Total, Number(3)))

    @rule
    async def left(number: Number) -> One:
        return One(await Get(Zero, Other(1)))

    @rule
    async def right(other: Other) -> One:
        return One(await Get(Zero, Other(1)))

    @rule
    async def both() -> Seen:
        first, second = await MultiGet(Get(One, Number(1)), Get(One, Other(2)))
        return Seen(first.v is second.v)

    engine = Engine([slow, left, right, both, square, total])

    assert engine.request(Seen) == Seen(True)
    assert STARTS["slow"] == 1
    sound(engine)


@dataclass(frozen=True)
class Nested:
    inner: object


@pytest.mark.parametrize("wrap", [Number, lambda n: Nested((n, {"k": n}.items() and n))])
def test_tells_one_from_one_point_zero_from_true(wrap: type[Number]) -> None:
    """Scenario 68: keys are typed, at the top and nested."""

    @rule
    async def from_number(number: Number) -> Seen:
        return Seen(number.n)

    @rule
    async def from_nested(nested: Nested) -> Seen:
        return Seen(nested.inner[0])  # type: ignore[index]

    engine = Engine([from_number, from_nested])
    values = [engine.request(Seen, wrap(n)).what for n in (1, 1.0, True, 0.0, -0.0)]

    assert [repr(value) for value in values] == ["1", "1.0", "True", "0.0", "-0.0"]
    sound(engine)


def test_takes_nan_for_itself() -> None:
    """Scenario 68: a param with NaN is found again."""
    engine = Engine([square])
    engine.request(Square, Number(float("nan")))  # type: ignore[arg-type]

    engine.request(Square, Number(float("nan")))  # type: ignore[arg-type]
    assert ran(engine) == {}
    sound(engine)


@dataclass(frozen=True)
class Tagged:
    tags: object


@dataclass
class Loose:
    n: int


@rule
async def from_tagged(tagged: Tagged) -> Square:
    return Square(1)


@rule
async def from_loose(loose: Loose) -> Square:
    return Square(2)


@pytest.mark.parametrize("bad", [Tagged([1]), Loose(1)])
def test_refuses_a_param_that_cannot_be_a_key(bad: object) -> None:
    """Scenario 69: named with its type and field, from outside and from a rule."""

    @rule
    async def watch(number: Number) -> Seen:
        try:
            return Seen(await Get(Square, bad))
        except ParamError as error:
            return Seen(str(error))

    engine = Engine([from_tagged, from_loose, watch])
    with pytest.raises(ParamError) as caught:
        engine.request(Square, bad)
    said = str(caught.value)

    assert type(bad).__name__ in said
    assert isinstance(bad, Loose) or "tags" in said
    assert engine.request(Seen, Number(1)) == Seen(said)
    assert engine.request(Square, Tagged((1,))) == Square(1)
    sound(engine)


@dataclass(frozen=True)
class Listed:
    items: list[int]


def test_hands_unhashable_values_from_rule_to_rule() -> None:
    """Scenario 70: what rules make for each other is in no key."""

    @rule
    async def listed(number: Number) -> Listed:
        return Listed([number.n, number.n])

    @rule
    async def takes(listed: Listed) -> One:
        return One(sum(listed.items))

    @rule
    async def gets(number: Number) -> Seen:
        return Seen((await Get(Listed)).items)

    engine = Engine([listed, takes, gets])

    assert engine.request(One, Number(2)) == One(4)
    assert engine.request(Seen, Number(2)) == Seen([2, 2])
    assert ran(engine) == {"gets": 1}
    engine.invalidate(Listed)
    engine.request(One, Number(2))
    assert ran(engine) == {"listed": 1}
    sound(engine)


class Handle:
    """No value equality."""


def test_keys_a_param_without_value_equality_by_identity_and_warns() -> None:
    """Scenario 71: the same object is a hit, another one is not."""

    @rule
    async def from_handle(handle: Handle) -> Seen:
        return Seen(1)

    engine = Engine([from_handle])
    handle = Handle()
    engine.request(Seen, handle)
    engine.request(Seen, handle)
    assert ran(engine) == {}

    engine.request(Seen, Handle())
    assert ran(engine) == {"from_handle": 1}
    assert any("Handle" in str(d) and d.severity == "warning" for d in engine.diagnostics)
    sound(engine)


def test_does_not_remember_a_failure() -> None:
    """Scenario 72: the condition is mended, the next request succeeds, and is remembered."""
    engine = Engine([fragile])
    WORLD["broken"] = True
    for _ in range(2):
        with pytest.raises(Broken):
            engine.request(Zero, Number(1))
    assert STARTS["fragile"] == 2

    WORLD.clear()
    assert engine.request(Zero, Number(1)) == Zero(1)
    engine.request(Zero, Number(1))
    assert ran(engine) == {}
    sound(engine)


def test_runs_a_failing_task_once_within_a_session() -> None:
    """Scenario 72: whoever asks again in the same session gets the same exception."""

    @rule
    async def watch(number: Number) -> Seen:
        errors = []
        for _ in range(3):
            try:
                await Get(Zero)
            except Broken as error:
                errors.append(error)
        return Seen(len(errors) == 3 and errors[0] is errors[1] is errors[2])

    engine = Engine([fragile, watch])
    WORLD["broken"] = True

    assert engine.request(Seen, Number(1)) == Seen(True)
    assert STARTS["fragile"] == 1
    sound(engine)


def test_keeps_what_was_made_from_a_caught_failure_for_its_session() -> None:
    """Scenario 73: within it a memo hit; in the next it is checked again, and above it too."""

    @rule
    async def watch(number: Number) -> Seen:
        first = await Get(One)
        return Seen((first.v, await Get(One) is first))

    engine = Engine([fragile, careful, watch])
    WORLD["broken"] = True
    assert engine.request(Seen, Number(1)) == Seen(("caught", True))
    assert STARTS["careful"] == 1
    sound(engine)

    assert engine.request(Seen, Number(1)) == Seen(("caught", True))
    assert STARTS["fragile"] == 2
    sound(engine)

    WORLD.clear()
    assert engine.request(Seen, Number(1)) == Seen((1, True))
    engine.request(Seen, Number(1))
    assert ran(engine) == {}
    sound(engine)


def test_checks_again_what_was_made_from_a_caught_refusal_of_a_param() -> None:
    """Scenario 73: also a failure that no task stands for binds a value to its session."""

    @rule
    async def watch(number: Number) -> Seen:
        try:
            await Get(Square, Tagged([]) if salt("bad") else Tagged(1))
        except ParamError:
            return Seen("caught")
        return Seen("fine")

    engine = Engine([from_tagged, watch])
    WORLD["bad"] = True
    assert engine.request(Seen, Number(1)) == Seen("caught")
    sound(engine)

    WORLD.clear()
    assert engine.request(Seen, Number(1)) == Seen("fine")
    sound(engine)


def test_checks_again_what_was_made_from_a_caught_wiring_error() -> None:
    """Scenario 73: the rule that was missing is there now."""

    @rule
    async def hidden(number: Number) -> Seen:
        product = {"square": Square}["square"]
        try:
            return Seen(await Get(product, Other(2)))
        except WiringError:
            return Seen("caught")

    @rule
    async def from_other(other: Other) -> Square:
        return Square(other.n)

    engine = Engine([hidden])
    assert engine.request(Seen, Number(1)) == Seen("caught")

    engine.define([from_other], origin="cell")
    assert engine.request(Seen, Number(1)) == Seen(Square(2))
    sound(engine)


def test_runs_an_uncacheable_rule_once_per_session() -> None:
    """Scenario 79: a second request in the same session neither runs nor compares."""

    @rule(cacheable=False)
    async def now(number: Number) -> Zero:
        note("now")
        return Zero(salt("now"))

    @rule
    async def watch(number: Number) -> Seen:
        first = await Get(Zero)
        WORLD["now"] = salt("now") + 1
        return Seen(await Get(Zero) is first)

    engine = Engine([now, watch])
    for _ in range(2):
        assert engine.request(Seen, Number(1)) == Seen(True)
    assert STARTS["now"] == 2
    sound(engine)
