"""Asking: values, sharing, memo keys, depth and width."""

from __future__ import annotations

import asyncio
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
from wfnb import BlockingRequestError, Engine, Get, MultiGet, ParamError, RequestError, rule


@dataclass(frozen=True)
class A:
    text: str


@dataclass(frozen=True)
class B:
    n: int


@dataclass(frozen=True)
class Unused:
    n: int


@dataclass(frozen=True)
class Made:
    items: list[int]


@dataclass(frozen=True)
class Out:
    text: str


@dataclass(frozen=True)
class Blocked:
    n: int


@rule
async def made(b: B) -> Made:
    return Made([b.n, b.n])


@rule
def out(a: A, made: Made) -> Out:
    return Out(a.text * len(made.items))


@rule
async def blocked(number: Number) -> Blocked:
    time.sleep(0.05)
    return Blocked(number.n)


@dataclass(frozen=True)
class AllBlocked:
    n: int


@rule
async def all_blocked(number: Number) -> AllBlocked:
    found = await MultiGet(Get(Blocked, Number, Number(i)) for i in range(number.n))
    return AllBlocked(sum(b.n for b in found))


def test_calls_by_type_as_one_would_by_hand() -> None:
    """Scenarios 49, 58 and 70: transitive params, a plain function, an unhashable intermediate."""
    engine = Engine([made, out])
    assert engine.request(Out, A("x"), B(3)) == Out("xx")
    assert ran(engine) == {"made": 1, "out": 1}
    sound(engine)


def test_runs_each_task_of_a_recursion_once() -> None:
    """Scenario 50."""
    engine = Engine([fib])
    assert engine.request(Fib, Number(10)) == Fib(55)
    assert ran(engine) == {"fib": 11}
    sound(engine)


@pytest.mark.parametrize("n", [0, 1, 10, 19])
def test_answers_a_batch_with_a_tuple_in_request_order(n: int) -> None:
    """Scenario 51."""
    seen: list[object] = []

    @dataclass(frozen=True)
    class Kept:
        n: int

    @rule
    async def keep(number: Number) -> Kept:
        found = await MultiGet([Get(Square, Number, Number(i)) for i in range(number.n)])
        seen.append(found)
        return Kept(len(found))

    engine = Engine([square, keep])
    engine.request(Kept, Number(n))
    assert seen == [tuple(Square(i * i) for i in range(n))]


def test_gives_one_object_for_equal_requests_of_a_batch() -> None:
    """Scenario 51: equal requests share the task and the value."""
    seen: list[object] = []

    @dataclass(frozen=True)
    class Kept:
        n: int

    @rule
    async def keep(number: Number) -> Kept:
        seen.extend(await MultiGet(Get(Square, Number, Number(2)), Get(Square, Number, Number(2))))
        return Kept(0)

    engine = Engine([square, keep])
    engine.request(Kept, Number(1))
    assert seen[0] is seen[1]
    assert ran(engine)["square"] == 1


def test_lets_a_get_be_awaited_again() -> None:
    """Scenario 55, as wfnb has it: the same request gives the same answer."""

    @dataclass(frozen=True)
    class Twice:
        same: bool

    @rule
    async def twice(number: Number) -> Twice:
        get = Get(Square, Number, number)
        return Twice(await get is await get)

    assert Engine([square, twice]).request(Twice, Number(3)) == Twice(True)


def test_runs_a_chain_of_ten_thousand_and_a_batch_of_ten_thousand() -> None:
    """Scenarios 63 and 64."""
    engine = Engine([depth, square, squares])
    assert engine.request(Depth, Number(10_000)) == Depth(10_000)
    assert engine.request(Squares, Number(10_000)).total == sum(i * i for i in range(10_000))
    sound(engine)


def test_hits_for_equal_params_and_gives_the_identical_object() -> None:
    """Scenarios 65 and 66: also when a param differs that nothing below uses."""
    engine = Engine([square])
    first = engine.request(Square, Number(7))
    assert engine.request(Square, Number(7)) is first
    assert ran(engine) == {}
    assert engine.request(Square, Number(7), Unused(1)) is first
    assert engine.request(Square, Number(7), Unused(2)) is first


def test_tells_one_from_one_point_zero_from_true() -> None:
    """Scenario 68."""
    engine = Engine([square])
    kinds = [Number(1), Number(1.0), Number(True)]  # type: ignore[arg-type]
    assert [type(engine.request(Square, n).n) for n in kinds] == [int, float, int]
    total = 0
    for n in kinds:
        engine.invalidate()
        engine.request(Square, n)
        total += sum(ran(engine).values())
    assert total == 3


def test_runs_a_task_once_for_two_threads_that_ask_together() -> None:
    """Scenario 67."""
    engine = Engine([blocked])
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(engine.request(Blocked, Number(1))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(found) == 4
    assert all(one is found[0] for one in found)
    sound(engine)


def test_overlaps_bodies_that_block() -> None:
    """Sixty-four bodies of 50 ms take about as long as one."""
    engine = Engine([blocked, all_blocked])
    since = time.perf_counter()
    engine.request(AllBlocked, Number(64))
    assert time.perf_counter() - since < 0.6
    sound(engine)


def test_answers_a_coroutine_without_holding_up_its_loop() -> None:
    """`arequest` drives from another thread."""
    engine = Engine([blocked])

    async def main() -> tuple[Blocked, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        ticking = asyncio.ensure_future(tick())
        value = await engine.arequest(Blocked, Number(5))
        ticking.cancel()
        return value, ticks

    value, ticks = asyncio.run(main())
    assert value == Blocked(5)
    assert ticks >= 3


def test_refuses_a_blocking_request_in_a_coroutine() -> None:
    """It would stop the loop; the message has the line to write instead."""
    engine = Engine([square])

    async def main() -> None:
        engine.request(Square, Number(1))

    with pytest.raises(BlockingRequestError) as caught:
        asyncio.run(main())
    assert str(caught.value).splitlines()[0] == ("a blocking request for Square inside a coroutine")
    assert str(caught.value).splitlines()[2:] == [
        "    it would stop the event loop, and no interrupt could reach it",
        "  → await arequest(Square, …)",
    ]


def test_refuses_a_blocking_request_in_a_rule() -> None:
    """A rule asks with Get."""

    @dataclass(frozen=True)
    class Bad:
        n: int

    @rule
    async def bad(number: Number) -> Bad:
        engine.request(Square, number)
        return Bad(0)

    engine = Engine([square, bad])
    with pytest.raises(BlockingRequestError) as caught:
        engine.request(Bad, Number(1))
    lines = str(caught.value).splitlines()
    assert lines[0] == "a rule asked the engine for Square from outside"
    assert lines[1].endswith("engine.request(Square, number)")
    assert lines[2:] == [
        "    a rule that waits for a whole request holds up the one it is part of",
        "  → await Get(Square, Number, value)",
    ]


def test_refuses_a_request_to_another_engine_inside_a_rule() -> None:
    """`await Get` would not reach it."""

    class Bad:
        n: int

    other = Engine([square])

    @rule
    async def bad(number: Number) -> Bad:
        other.request(Square, number)
        return Bad()

    with pytest.raises(BlockingRequestError) as caught:
        Engine([bad]).request(Bad, Number(1))
    lines = str(caught.value).splitlines()
    assert lines[0] == "a rule of one engine asked another for Square"
    assert lines[1].endswith("other.request(Square, number)")
    assert lines[2:] == [
        "    what it answers is not followed, so the rule would never run again for it",
        "  → ask it before, and pass the answer as a param; or define in one engine "
        "what makes Square, and await Get(Square, …)",
    ]


def test_tells_a_failed_task_from_a_reused_one() -> None:
    """What failed has not been reused."""

    class Bad:
        n: int

    @rule
    async def bad(number: Number) -> Bad:
        await Get(Square, number)
        raise ValueError("bad")

    engine = Engine([bad, square])
    engine.request(Square, Number(1))
    with pytest.raises(ValueError, match="bad"):
        engine.request(Bad, Number(1))
    last = engine.last
    assert last is not None
    assert (last.ran, last.failed) == ((), ("bad(Number(1))",))
    assert "bad(Number(1))" not in last.reused


def test_refuses_two_params_of_one_type() -> None:
    """Scenario 45."""
    with pytest.raises(ParamError) as caught:
        Engine([square]).request(Square, Number(1), Number(2))
    assert str(caught.value) == (
        "two params are of the type Number\n"
        "    Number(n=1)\n"
        "    Number(n=2)\n"
        "  → pass one; or give them types of their own"
    )


def test_refuses_a_class_as_a_param() -> None:
    """A frequent slip after `explain`, which takes types."""
    with pytest.raises(ParamError) as caught:
        Engine([square]).request(Square, Number)
    assert str(caught.value) == (
        "a request takes values, and Number is a class\n"
        "  → pass a value of it: Number(…); to ask about types, there is explain"
    )


def test_refuses_an_unhashable_param_naming_its_field() -> None:
    """Scenario 69."""

    @dataclass(frozen=True)
    class Tagged:
        tags: object

    @rule
    def count(tagged: Tagged) -> Square:
        return Square(0)

    engine = Engine([count])
    with pytest.raises(ParamError) as caught:
        engine.request(Square, Tagged([1, 2]))
    assert "Tagged" in str(caught.value)
    assert "tags" in str(caught.value)
    assert engine.request(Square, Tagged((1, 2))) == Square(0)
    sound(engine)


def test_resolves_a_request_that_the_text_did_not_show() -> None:
    """Scenario 56, as wfnb has it: met at run time, wired by the same solver."""

    @dataclass(frozen=True)
    class Hidden:
        n: int

    @rule
    async def hidden(number: Number) -> Hidden:
        product = {"square": Square}["square"]
        found = await Get(product, Number, Number(4))
        return Hidden(found.n)

    engine = Engine([square, hidden])
    assert engine.request(Hidden, Number(1)) == Hidden(16)
    assert engine.request(Hidden, Number(2)) == Hidden(16)
    sound(engine)


def test_widens_the_key_for_a_param_that_a_hidden_request_uses() -> None:
    """A request that the parser missed is never answered from too narrow a key."""

    @dataclass(frozen=True)
    class Hidden:
        n: int

    @rule
    async def times(number: Number, unused: Unused) -> Square:
        return Square(number.n * unused.n)

    @rule
    async def hidden(number: Number) -> Hidden:
        product = {"square": Square}["square"]
        return Hidden((await Get(product, Number, Number(4))).n)

    engine = Engine([times, hidden])
    assert engine.request(Hidden, Number(1), Unused(2)) == Hidden(8)
    assert engine.request(Hidden, Number(1), Unused(3)) == Hidden(12)
    sound(engine)


def test_goes_on_where_its_own_frames_made_the_stack_too_short() -> None:
    """A body that recurses deeply works below any number of rules."""

    @dataclass(frozen=True)
    class Deep:
        n: int

    def count(n: int) -> int:
        return 0 if n == 0 else 1 + count(n - 1)

    @rule
    async def deep(number: Number) -> Deep:
        if number.n == 0:
            return Deep(count(700))
        return await Get(Deep, Number, Number(number.n - 1))

    assert Engine([deep]).request(Deep, Number(39)) == Deep(700)


def test_refuses_an_await_of_something_foreign() -> None:
    """Scenario 54."""

    @rule
    async def naps(number: Number) -> Square:
        nap = asyncio.sleep
        await nap(0)
        return Square(0)

    engine = Engine([naps])
    with pytest.raises(Exception, match="awaited") as caught:
        engine.request(Square, Number(1))
    lines = str(caught.value).splitlines()
    assert lines[0] == "naps awaited sleep, which is not a request"
    assert lines[1].endswith("await nap(0)")
    sound(engine)


def test_checks_requests_when_they_are_built() -> None:
    """Scenario 53: inside a rule the mistake can be caught like any error."""

    @rule
    async def slips(number: Number) -> Square:
        try:
            Get(Square, Number, "no number")  # type: ignore[call-overload]
        except RequestError:
            return Square(1)
        return Square(0)

    assert Engine([slips]).request(Square, Number(1)) == Square(1)
