"""What users read when something fails while rules run: every text in full."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.outside import outside
from tests.taskgraph.toys import Number, One, Other, Seen, Square, Total, Two, Zero, sound, square
from wfnb import (
    BlockingRequestError,
    CallerError,
    CycleError,
    DefinitionError,
    Engine,
    Get,
    MultiGet,
    ParamError,
    ProductError,
    WfnbBug,
    rule,
)
from wfnb.taskgraph.driver import Worker
from wfnb.taskgraph.naming import short_value
from wfnb.taskgraph.sessions import Session


class Broken(Exception):
    """What the toy rules raise."""


def failing(engine: Engine, product: Any, *params: Any) -> Any:
    """The exception of a request, after which the engine is sound."""
    try:
        engine.request(product, *params)
    except Exception as error:
        sound(engine)
        return error
    raise AssertionError("it did not fail")


def without_lines(error: BaseException) -> list[str]:
    """The lines of a message; of a place, the text alone."""
    lines = str(error).splitlines()
    return [f"  {s.split(':  ', 1)[1]}" if s.startswith("  test_texts.py:") else s for s in lines]


class Bigger(Square):
    """A subclass is another type."""


@dataclass(frozen=True)
class Same:
    n: int


OldSame = Same


@dataclass(frozen=True)
class Same:  # type: ignore[no-redef]  # what running a cell again does
    n: int


@pytest.mark.parametrize(
    ("value", "what", "why"),
    [
        (None, "None", ["    it returned None: is a return missing?"]),
        (
            Bigger(1),
            "Bigger: Bigger(1)",
            ["    Bigger is a subclass; a product is its exact type"],
        ),
        (7, "int: 7", []),
    ],
)
def test_says_what_a_rule_returned_instead(value: Any, what: str, why: list[str]) -> None:
    """Scenario 57: in full."""

    @rule
    async def wrong(number: Number) -> Square:
        return value  # type: ignore[no-any-return]

    error = failing(Engine([wrong]), Square, Number(1))

    assert type(error) is ProductError
    assert without_lines(error) == [
        f"wrong promised Square and returned {what}",
        "  async def wrong(number: Number) -> Square:",
        *why,
        "  → return exactly a Square, or change the return annotation",
    ]


def test_says_that_two_classes_have_one_name() -> None:
    """Scenario 57: after the cell of a class ran again."""

    @rule
    async def wrong(number: Number) -> Same:
        return OldSame(1)

    assert without_lines(failing(Engine([wrong]), Same, Number(1))) == [
        "wrong promised Same and returned Same: Same(1)",
        "  async def wrong(number: Number) -> Same:",
        "    there are two classes named Same; run the cell of the rule again",
        "  → return exactly a Same, or change the return annotation",
    ]


def test_says_what_was_awaited_that_is_no_request() -> None:
    """Scenario 54: in full."""

    @rule
    async def waits(number: Number) -> Seen:
        await asyncio.sleep(0)
        return Seen(1)

    assert without_lines(failing(Engine([waits]), Seen, Number(1))) == [
        "waits awaited sleep, which is not a request",
        "  await asyncio.sleep(0)",
        "    a rule may await Get(...), MultiGet(...) and other rules; nothing else",
        "  → call blocking code directly (other rules run meanwhile), "
        "or put it in a rule of its own and Get that",
    ]


def test_shows_a_task_that_asks_for_itself() -> None:
    """Scenario 90: in full."""

    @rule
    async def selfish(number: Number) -> Zero:
        return await Get(Zero)

    error = failing(Engine([selfish]), Zero, Number(9))

    assert type(error) is CycleError
    assert without_lines(error) == [
        "selfish(Number(9)) asks for itself",
        "  async def selfish(number: Number) -> Zero:",
        "    selfish(Number(9))",
        "       → selfish(Number(9)), again",
        "  → let one of them ask with another param, or stop before it comes round",
    ]


@pytest.mark.parametrize(("n", "others"), [(2, "1 other"), (3, "2 others"), (9, "8 others")])
def test_shows_the_whole_loop_or_its_ends(n: int, others: str) -> None:
    """Scenario 90: in full, wherever one enters it."""

    @rule
    async def loop(number: Number) -> Zero:
        return await Get(Zero, Number((number.n + 1) % n))

    lines = without_lines(failing(Engine([loop]), Zero, Number(0)))

    start = int(lines[0].partition("Number(")[2].partition(")")[0])
    order = [f"loop(Number({(start + i) % n}))" for i in range(n)]
    shown = order if n < 7 else [*order[:3], f"… {n - 5} more …", *order[-2:]]
    assert lines == [
        f"{order[0]} waits for itself, through {others}",
        "  async def loop(number: Number) -> Zero:",
        f"    {shown[0]}",
        *[f"       → {text}" for text in shown[1:]],
        f"       → {order[0]}, again",
        "  → let one of them ask with another param, or stop before it comes round",
    ]


@rule
async def fails(number: Number) -> Zero:
    raise Broken(f"number {number.n}\nand a second line")


@rule
async def passes(other: Other) -> Zero:
    if other.n == 0:
        return await Get(Zero, Number(0))
    return await Get(Zero, Other(other.n - 1))


@pytest.mark.parametrize(
    ("n", "chain"),
    [
        (0, "passes(Other(0)) → fails(Number(0))"),
        (
            4,
            "passes(Other(4)) → passes(Other(3)) → passes(Other(2)) → passes(Other(1)) → "
            "passes(Other(0)) → fails(Number(0))",
        ),
        (
            9,
            "passes(Other(9)) → passes(Other(8)) → passes(Other(7)) → … 6 more … → "
            "passes(Other(0)) → fails(Number(0))",
        ),
    ],
)
def test_notes_the_chain_of_requests_or_its_ends(n: int, chain: str) -> None:
    """Scenario 88: in full."""
    error = failing(Engine([fails, passes]), Zero, Other(n))

    assert error.__notes__ == [f"while making Zero: {chain}"]


def test_notes_what_else_failed_in_a_batch() -> None:
    """Scenario 91: three by name, and how many more; the first line of their messages."""

    @rule
    async def waits(other: Other) -> Zero:
        raise Broken((await Get(Square, Number(other.n))).n)

    @rule
    async def batch() -> Total:
        found = await MultiGet(
            Get(Zero, Other(1)), *(Get(Zero, Number(i)) for i in range(5)), Get(Zero, Other(1))
        )
        return Total(len(found))

    @rule
    async def meets() -> Seen:
        for i in range(5):
            with suppress(Broken):
                await Get(Zero, Number(i))
        return Seen(await Get(Total))

    error = failing(Engine([fails, waits, batch, meets, square]), Seen)

    assert error.__notes__ == [
        "also failed: fails(Number(0)): Broken: number 0",
        "also failed: fails(Number(1)): Broken: number 1",
        "also failed: fails(Number(2)): Broken: number 2",
        "and 2 more of the same MultiGet failed",
        "while making Seen: meets() → batch() → waits(Other(1))",
    ]


def test_refuses_a_blocking_request_in_a_rule() -> None:
    """With the line to write instead."""
    engine = Engine([square])

    @outside
    def ask(*params: object) -> Square:
        return engine.request(Square, *params)

    @rule
    async def asks(number: Number) -> Seen:
        return Seen(ask(number))

    engine.define([asks], origin="cell")
    error = failing(engine, Seen, Number(1))

    assert type(error) is BlockingRequestError
    assert without_lines(error) == [
        "a rule asked the engine for Square from outside",
        "  return engine.request(Square, *params)",
        "    a rule that waits for a whole request holds up the one it is part of",
        "  → await Get(Square, Number, value)",
    ]


def test_refuses_a_blocking_request_in_a_coroutine() -> None:
    """With the line to write instead."""
    engine = Engine([square])

    async def main() -> None:
        engine.request(Square, Number(1))

    with pytest.raises(BlockingRequestError) as caught:
        asyncio.run(main())

    assert without_lines(caught.value) == [
        "a blocking request for Square inside a coroutine",
        "  engine.request(Square, Number(1))",
        "    it would stop the event loop, and no interrupt could reach it",
        "  → await arequest(Square, …)",
    ]


def test_refuses_requests_that_cannot_be_served() -> None:
    """A class for a param, two params of one type, a product that is no class."""
    engine = Engine([square])

    error = failing(engine, Square, Number)
    assert type(error) is ParamError
    assert str(error) == (
        "a request takes values, and Number is a class\n"
        "  → pass a value of it: Number(…); to ask about types, there is explain"
    )
    error = failing(engine, Square, Number(1), Other(1), Number(2))
    assert type(error) is ParamError
    assert str(error) == (
        "two params are of the type Number\n"
        "    Number(n=1)\n"
        "    Number(n=2)\n"
        "  → pass one; or give them types of their own"
    )
    error = failing(engine, "Square", Number(1))
    assert type(error) is CallerError
    assert str(error) == (
        "a request names the type it wants, and 'Square' is no class\n  → request(Out, param, …)"
    )


def test_refuses_what_is_no_definition() -> None:
    """A function without its decorator, and anything else."""

    def plain(number: Number) -> One:
        return One(1)

    engine = Engine()
    for thing, said in (
        (plain, "plain is no rule\n  → put @rule above it"),
        (Two(7), "Two(v=7) is no rule\n  → pass rules, QueryRule and UnionRule"),
    ):
        with pytest.raises(DefinitionError) as caught:
            engine.define([thing])  # type: ignore[list-item]
        assert str(caught.value) == said
    sound(engine)


@dataclass(frozen=True)
class Wide:
    first: object
    second: object
    third: object
    fourth: object


@dataclass(frozen=True)
class Login:
    name: str
    password: str = field(repr=False)


class Plain:
    """No value equality, no text of its own."""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"x" * 20_000, "bytes of 20,000"),
        ("a" * 30, repr("a" * 20 + "…")),
        (Plain(), "Plain(…)"),
        ((1, 2, 3, 4), "(1, 2, 3, …)"),
        (frozenset({5}), "{5}"),
        (Wide(1, 2, 3, 4), "Wide(1, 2, 3, …)"),
        (Login("ada", "lovelace"), "Login('ada')"),
        (Number(Number(Number(1))), "Number(Number(…))"),  # type: ignore[arg-type]
    ],
)
def test_names_a_task_shortly_and_without_addresses(value: object, said: str) -> None:
    """What stands in stories, notes and messages."""

    @rule
    async def shows(number: Number) -> Seen:
        return Seen(1)

    engine = Engine([shows])
    engine.request(Seen, Number(value))  # type: ignore[arg-type]

    assert engine.last is not None
    assert engine.last.ran == (f"shows(Number({said}))",)


def test_says_that_a_task_nobody_runs_is_a_bug_of_ours() -> None:
    """It cannot happen; if it does, the request ends with this instead of hanging."""

    @rule
    async def shows(number: Number) -> Seen:
        return Seen(1)

    graph = Engine([shows])._tasks
    with graph.lock:
        session = Session(graph, None, query=(Seen, frozenset({Number})))
        graph.sessions[session.number] = session
        asker = Worker(session, is_asker=True)
        session.workers.append(asker)
        session.root = graph.root(Seen, (Number(1),))
        with pytest.raises(WfnbBug) as caught:
            session.rest(asker)
        del graph.sessions[session.number]
    assert str(caught.value) == (
        "shows(Number(1)) is waited for, but nobody runs it\n"
        "  → this is a bug in wfnb: please report it with the cells that led here"
    )


def test_names_a_frame_by_its_size() -> None:
    """A drawing of borders and the first column says nothing once it is cut off."""
    polars = pytest.importorskip("polars")

    @dataclass(frozen=True)
    class Table:
        frame: Any

    assert short_value(Table(polars.DataFrame({"a": range(1200), "b": 1.5}))) == (
        "Table(DataFrame of 1,200 × 2)"
    )
    assert short_value(polars.Series("a", [1, 2, 3])) == "Series of 3"


def test_names_a_value_in_its_authors_own_words() -> None:
    """A dataclass that writes itself is not written field by field."""

    @dataclass(frozen=True, repr=False)
    class Query:
        words: tuple[str, ...]

        def __repr__(self) -> str:
            return f"Query({' '.join(self.words)})"

    @dataclass(frozen=True, repr=False)
    class Silent:
        word: str

    assert short_value(Query(("to", "be"))) == "Query(to be)"
    assert short_value(Silent("hush")) == "Silent('hush')"


@pytest.mark.parametrize(
    ("value", "text"),
    [((), "()"), ((1,), "(1,)"), ((1, 2), "(1, 2)"), ([1], "[1]"), (((1, 2, 3),), "((1, 2, 3),)")],
)
def test_writes_a_tuple_of_one_as_a_tuple(value: object, text: str) -> None:
    assert short_value(value) == text
