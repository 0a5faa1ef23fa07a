"""Running: what awaits answer, in which forms, how deep and how wide."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.taskgraph.toys import (
    STARTS,
    WORLD,
    Depth,
    Number,
    Other,
    Seen,
    Square,
    Total,
    cleaned,
    depth,
    note,
    ran,
    salt,
    sound,
    square,
    total,
)
from wfnb import (
    AwaitError,
    CycleError,
    Deterministic,
    Engine,
    Get,
    MultiGet,
    ProductError,
    RequestError,
    UnionError,
    UnionRule,
    rule,
    union,
)


@dataclass(frozen=True)
class A:
    text: str


@dataclass(frozen=True)
class B:
    n: int


@dataclass(frozen=True)
class C:
    n: int


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Fib:
    n: int


@rule
def text(a: A, b: B) -> Text:
    return Text(a.text * b.n)


@rule
async def b_from_c(c: C) -> B:
    return B(c.n + 1)


@rule
async def fib(number: Number) -> Fib:
    if number.n < 2:
        return Fib(number.n)
    first, second = await MultiGet(
        Get(Fib, Number, Number(number.n - 1)), Get(Fib, Number, Number(number.n - 2))
    )
    return Fib(first.n + second.n)


def test_gives_what_calling_by_hand_would() -> None:
    """Scenario 49: a param two rules down reaches its rule."""
    engine = Engine([text, b_from_c])

    value = engine.request(Text, A("x"), C(2))

    assert value == text.function(A("x"), B(3))
    assert ran(engine) == {"b_from_c": 1, "text": 1}
    sound(engine)


def test_runs_every_task_of_a_recursion_once() -> None:
    """Scenario 50: fib(10) is 55 in exactly 11 runs."""
    engine = Engine([fib])

    assert engine.request(Fib, Number(10)) == Fib(55)

    assert ran(engine) == {"fib": 11}
    sound(engine)


@pytest.mark.parametrize("n", [0, 1, 10, 19])
def test_answers_a_batch_with_a_tuple_in_request_order(n: int) -> None:
    """Scenario 51: of any number, also none."""

    @rule
    async def watch(number: Number) -> Seen:
        found = await MultiGet([Get(Square, Number, Number(i)) for i in range(number.n)])
        return Seen((type(found), found))

    engine = Engine([square, watch])
    value = engine.request(Seen, Number(n))

    assert value.what == (tuple, tuple(Square(i * i) for i in range(n)))
    sound(engine)


def test_mixes_types_forms_and_params_in_a_batch() -> None:
    """Scenario 51: a batch may hold requests of any form, and one that a param answers."""

    @rule
    async def watch(number: Number, c: C) -> Seen:
        found = await MultiGet(
            Get(Square), Get(B, C(4)), Get(Number), Get(Text, {A("y"): A, C(1): C}), square(number)
        )
        return Seen(found)

    engine = Engine([square, text, b_from_c, watch])
    value = engine.request(Seen, Number(3), C(7))

    assert value.what == (Square(9), B(5), Number(3), Text("yy"), Square(9))
    sound(engine)


def test_gives_one_object_for_equal_requests_of_a_batch() -> None:
    """Scenario 51: equal requests are one task."""

    @rule
    async def watch(number: Number) -> Seen:
        first, again = await MultiGet(Get(Square, Number(2)), Get(Square, Number(2)))
        return Seen(first is again)

    engine = Engine([square, watch])

    assert engine.request(Seen, Number(1)) == Seen(True)
    assert ran(engine) == {"square": 1, "watch": 1}
    sound(engine)


@pytest.mark.parametrize("what", ["not a request", None, 7, Square(1)])
def test_refuses_what_is_no_request_in_a_batch(what: Any) -> None:
    """Scenario 52: strings and gaps among requests; catchable where it stands."""

    @rule
    async def watch(number: Number) -> Seen:
        try:
            await MultiGet([Get(Square, Number(2)), what])
        except RequestError as error:
            return Seen(str(error))
        return Seen(None)

    value = Engine([square, watch]).request(Seen, Number(1))

    assert "MultiGet" in str(value.what)


@pytest.mark.parametrize(
    "arguments",
    [
        (7, Number, Number(1)),
        (Square, Number),
        (Square, Number(1), Number),
        (Square, Number, Number),
        (Square, Number, Other(1)),
        (Square, Number, Number(1), Number(2)),
    ],
    ids=["no type", "class alone", "swapped", "class as value", "mismatch", "too many"],
)
def test_refuses_a_request_that_means_nothing_where_it_is_built(arguments: Any) -> None:
    """Scenario 53: each wrong form raises inside the rule, and out of it if nobody catches."""

    @rule
    async def watch(number: Number) -> Seen:
        make = Get
        await make(*arguments)
        return Seen(None)

    engine = Engine([square, watch])
    with pytest.raises(RequestError):
        engine.request(Seen, Number(1))
    sound(engine)


class Foreign:
    """Something awaitable that is no request."""

    def __await__(self) -> Generator[Any, Any, int]:
        yield self
        return 1


@types.coroutine
def _bare() -> Generator[Any, Any, int]:
    yield
    return 1


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: asyncio.sleep(0), "sleep"),
        (Foreign, "Foreign"),
        (_bare, "_bare"),
    ],
)
def test_refuses_to_await_what_is_no_request(make: Any, name: str) -> None:
    """Scenario 54: the object and the rule's line are named."""

    @rule
    async def waits(number: Number) -> Seen:
        return Seen(await make())

    engine = Engine([waits])
    with pytest.raises(AwaitError) as caught:
        engine.request(Seen, Number(1))

    assert caught.value.what == f"waits awaited {name}, which is not a request"
    assert str(caught.value).splitlines()[1].endswith("return Seen(await make())")
    sound(engine)


async def _helps() -> None:
    await asyncio.sleep(0)


def test_names_what_a_helper_awaited_and_its_line() -> None:
    """Scenario 54: the foreign await may stand in a coroutine that the rule awaits."""

    @rule
    async def waits(number: Number) -> Seen:
        await _helps()
        return Seen(1)

    engine = Engine([waits])
    with pytest.raises(AwaitError) as caught:
        engine.request(Seen, Number(1))

    assert caught.value.what == "waits awaited sleep, which is not a request"
    assert str(caught.value).splitlines()[1].endswith("await asyncio.sleep(0)")
    sound(engine)


def test_lets_a_rule_go_on_after_a_foreign_await() -> None:
    """Scenario 54: caught where it stands, the rule may ask again, foreign or not."""

    @rule
    async def waits(number: Number) -> Seen:
        errors = 0
        for _ in range(3):
            try:
                await Foreign()
            except AwaitError:
                errors += 1
        found = await Get(Square, number)
        try:
            await Foreign()
        except AwaitError:
            errors += 1
        return Seen((errors, found.n))

    engine = Engine([square, waits])

    assert engine.request(Seen, Number(3)) == Seen((4, 9))
    sound(engine)


def test_checks_what_a_rule_made_after_a_foreign_await() -> None:
    """Once it has returned it waits no more, and its value may be suspected in the same request."""

    @rule
    async def waits(number: Number) -> Seen:
        found = await Get(Square, number)
        try:
            await Foreign()
        except AwaitError:
            note("caught")
        return Seen(found.n)

    @rule
    async def twice(number: Number) -> Total:
        await Get(Seen, number)
        note("asks again")
        await Get(Square, Number(7))
        return Total((await Get(Seen, number)).what)

    def touch() -> None:
        if STARTS["asks again"] and not STARTS["touched"]:
            note("touched")
            engine.invalidate(square)

    engine = Engine([square, waits, twice], executor=Deterministic(0, touch))

    assert engine.request(Total, Number(3)) == Total(9)
    assert STARTS["touched"] == 1
    sound(engine)


def test_answers_the_same_get_again() -> None:
    """Scenario 55, as wfnb has it: a request may be awaited twice."""

    @rule
    async def watch(number: Number) -> Seen:
        get = Get(Square, number)
        batch = MultiGet(get, get)
        return Seen([await get is await get, await batch == await batch])

    engine = Engine([square, watch])

    assert engine.request(Seen, Number(3)) == Seen([True, True])
    assert ran(engine)["square"] == 1
    sound(engine)


def test_warns_of_a_get_that_is_never_awaited() -> None:
    """Scenario 55: built and dropped, it does nothing; the rule still works."""

    @rule
    async def drops(number: Number) -> Seen:
        Get(Square, number)
        return Seen(1)

    engine = Engine([square, drops])
    value = engine.request(Seen, Number(3))

    assert value == Seen(1)
    assert ran(engine) == {"drops": 1}
    (warning,) = [d for d in engine.diagnostics if d.severity == "warning"]
    assert str(warning).splitlines()[0] == (
        "WF111  Get(Square, number) is never awaited, so nothing is asked"
    )


def test_resolves_a_request_that_the_text_did_not_show() -> None:
    """Scenario 56, as wfnb has it: by the same rules, at run time."""

    @rule
    async def hidden(number: Number) -> Seen:
        product, value = {"square": (Square, Number(4))}["square"]
        return Seen(await Get(product, value))

    engine = Engine([square, hidden])

    assert engine.request(Seen, Number(1)) == Seen(Square(16))
    assert engine.request(Seen, Number(2)) == Seen(Square(16))
    assert ran(engine) == {"hidden": 1}
    sound(engine)


def test_refuses_a_hidden_request_that_nobody_answers() -> None:
    """Scenario 56: the same error as ahead of time, at the await; catchable; the rest goes on."""

    @rule
    async def hidden(number: Number) -> Seen:
        product = {"total": Total}["total"]
        try:
            await Get(product, Other(4))
        except Exception as error:
            return Seen(type(error).__name__)
        return Seen(None)

    engine = Engine([square, hidden])

    assert engine.request(Seen, Number(1)) == Seen("WiringError")
    sound(engine)


class Bigger(Square):
    """A subclass is another type."""


@pytest.mark.parametrize("value", [None, Bigger(1), 7, Total(1), Square])
def test_refuses_a_product_that_is_not_exactly_the_promised_type(value: Any) -> None:
    """Scenario 57: also a subclass; the caller may catch it."""

    @rule
    async def wrong(number: Number) -> Square:
        return value  # type: ignore[no-any-return]

    @rule
    async def catches(number: Number) -> Seen:
        try:
            await Get(Square, number)
        except ProductError as error:
            return Seen(str(error.place).partition(":")[0])
        return Seen(None)

    engine = Engine([wrong, catches])
    with pytest.raises(ProductError, match="wrong promised Square and returned"):
        engine.request(Square, Number(1))
    assert engine.request(Seen, Number(1)) == Seen("test_execution.py")
    sound(engine)


def test_takes_a_plain_function_for_a_rule() -> None:
    """Scenario 58: with params, with made arguments, and with none of either."""

    @rule
    def nine() -> B:
        return B(9)

    @rule
    def both(b: B, made: Square, number: Number) -> Seen:
        return Seen((b.n, made.n, number.n))

    engine = Engine([nine, square, both])

    assert engine.request(Seen, Number(3)) == Seen((9, 9, 3))
    assert ran(engine) == {"nine": 1, "square": 1, "both": 1}
    sound(engine)


@union
class Vehicle:
    """What can be driven."""


@dataclass(frozen=True)
class Car:
    wheels: int


@dataclass(frozen=True)
class Motorcycle:
    name: str


@dataclass(frozen=True)
class Boat:
    name: str


class Truck(Vehicle):
    """A member that is a subclass of its base, keyed by identity."""


@dataclass(frozen=True)
class Ride:
    text: str


@rule
async def drive(car: Car) -> Ride:
    return Ride(f"{car.wheels} wheels")


@rule
async def wheelie(motorcycle: Motorcycle) -> Ride:
    return Ride(motorcycle.name)


@rule
async def haul(truck: Truck) -> Ride:
    return Ride("hauls")


def _rides(value: Any) -> Engine:
    @rule
    async def ride(number: Number) -> Seen:
        return Seen(await Get(Ride, Vehicle, value))

    return Engine(
        [
            drive,
            wheelie,
            haul,
            ride,
            UnionRule(Vehicle, Car),
            UnionRule(Vehicle, Motorcycle),
            UnionRule(Vehicle, Truck),
        ]
    )


@pytest.mark.parametrize(
    ("value", "said"), [(Car(4), "4 wheels"), (Motorcycle("m"), "m"), (Truck(), "hauls")]
)
def test_goes_by_the_type_of_a_unions_member(value: object, said: str) -> None:
    """Scenarios 59 and 60: each member gets its own rule, a subclass of the base too."""
    engine = _rides(value)

    assert engine.request(Seen, Number(1)) == Seen(Ride(said))
    sound(engine)


def test_refuses_a_value_that_is_no_member_of_the_union() -> None:
    """Scenario 59: the registration that is missing is named."""
    engine = _rides(Boat("b"))

    with pytest.raises(UnionError) as caught:
        engine.request(Seen, Number(1))

    assert str(caught.value) == (
        "Boat is not a member of the union Vehicle\n"
        "    members of Vehicle: Car, Motorcycle, Truck\n"
        "  → register it: UnionRule(Vehicle, Boat)"
    )
    sound(engine)


def test_overlaps_calls_by_name_in_a_batch() -> None:
    """Scenario 62: calls of named rules are requests like others, and share their tasks."""

    @rule
    async def calls(number: Number) -> Seen:
        found = await MultiGet(square(Number(2)), square(Number(3)), Get(Square, Number(2)))
        return Seen((found, await square(Number(3)) is found[1]))

    engine = Engine([square, calls])

    assert engine.request(Seen, Number(1)) == Seen(((Square(4), Square(9), Square(4)), True))
    assert ran(engine) == {"square": 2, "calls": 1}
    sound(engine)


@pytest.mark.slow
@pytest.mark.parametrize("n", [1_000, 10_000, 100_000])
def test_runs_a_chain_of_any_depth(n: int) -> None:
    """Scenario 63: a hundred thousand requests, each waiting for the next."""
    engine = Engine([depth])

    assert engine.request(Depth, Number(n)) == Depth(n)

    assert ran(engine) == {"depth": n + 1}
    sound(engine)


def test_cleans_a_chain_of_ten_thousand() -> None:
    """Scenario 63: proving it takes no deeper stack than running it."""
    engine = Engine([depth])
    engine.request(Depth, Number(10_000))

    engine.invalidate(depth)
    engine.request(Depth, Number(10_000))
    assert ran(engine) == {"depth": 10_001}
    sound(engine)

    WORLD["depth"] = 1
    engine.invalidate(depth)
    assert engine.request(Depth, Number(10_000)) == Depth(10_001)
    sound(engine)


def test_cleans_ten_thousand_above_an_equal_value() -> None:
    """Scenario 63: one runs again, and everything on it is cleaned."""

    @rule
    async def base() -> Square:
        return Square(salt("base"))

    @rule
    async def climb(number: Number) -> Depth:
        if number.n == 0:
            return Depth((await Get(Square)).n)
        return Depth((await Get(Depth, Number(number.n - 1))).n + 1)

    engine = Engine([base, climb])
    engine.request(Depth, Number(10_000))

    assert engine.invalidate(Square) == (1, 10_001)
    assert engine.request(Depth, Number(10_000)) == Depth(10_000)
    assert ran(engine) == {"base": 1}
    assert len(cleaned(engine)) == 10_001
    sound(engine)


def test_fails_through_a_chain_of_ten_thousand() -> None:
    """Scenario 63: an exception comes up through all of them, its notes stay short."""

    @rule
    async def fails(number: Number) -> Depth:
        if number.n == 0:
            raise ValueError("bottom")
        return Depth((await Get(Depth, Number(number.n - 1))).n + 1)

    engine = Engine([fails])
    with pytest.raises(ValueError, match="bottom") as caught:
        engine.request(Depth, Number(10_000))

    (said,) = caught.value.__notes__
    assert said.startswith("while making Depth: fails(Number(10000)) → fails(Number(9999)) → ")
    assert said.endswith("→ fails(Number(1)) → fails(Number(0))")
    assert len(said) < 300
    sound(engine)


def test_finds_a_cycle_of_ten_thousand() -> None:
    """Scenario 63: a loop is seen at any length, and told shortly."""

    @rule
    async def loop(number: Number) -> Depth:
        return await Get(Depth, Number((number.n + 1) % 10_000))

    engine = Engine([loop])
    with pytest.raises(CycleError) as caught:
        engine.request(Depth, Number(0))

    assert "through 9999 others" in caught.value.what.replace(",", "")
    assert len(str(caught.value).splitlines()) <= 12
    sound(engine)


def test_runs_a_batch_of_ten_thousand() -> None:
    """Scenario 64: asked at once, run in order, cleaned at once."""
    engine = Engine([square, total])

    expected = sum(i * i for i in range(10_000))
    assert engine.request(Total, Number(10_000)) == Total(expected)
    assert ran(engine) == {"square": 10_000, "total": 1}
    sound(engine)

    assert engine.invalidate(Square) == (10_000, 1)
    assert engine.request(Total, Number(10_000)) == Total(expected)
    assert ran(engine) == {"square": 10_000}
    assert cleaned(engine) == ("total(Number(10000))",)
    sound(engine)


@pytest.mark.slow
def test_runs_a_batch_of_a_hundred_thousand() -> None:
    """Scenario 64: the same, ten times as many."""
    engine = Engine([square, total])

    assert engine.request(Total, Number(100_000)) == Total(sum(i * i for i in range(100_000)))
    assert ran(engine) == {"square": 100_000, "total": 1}
    sound(engine)


def test_runs_one_task_for_a_batch_of_ten_thousand_equal_requests() -> None:
    """Scenario 64: ten thousand who wait for one."""

    @rule
    async def watch(number: Number) -> Seen:
        found = await MultiGet(Get(Square, Other, Other(1)) for _ in range(10_000))
        return Seen(len({id(one) for one in found}))

    @rule
    async def from_other(other: Other) -> Square:
        note("from_other")
        return Square((await Get(Total, Number, Number(3))).n)

    engine = Engine([from_other, watch, total, square])

    assert engine.request(Seen, Number(1)) == Seen(1)
    assert STARTS["from_other"] == 1
    sound(engine)
