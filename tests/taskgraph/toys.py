"""Toy rules and types that the tests of the task graph share, and how to ask what was done.

The world is a salt that rules mix into their values, and `note` counts how often bodies start.
Both stand outside of what a fingerprint follows, as a clock or a network would.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.models.outside import outside
from wfnb import Engine, Get, MultiGet, rule

WORLD: dict[str, Any] = {}
STARTS: Counter[str] = Counter()


@outside
def salt(name: str, default: Any = 0) -> Any:
    """What the world says."""
    return WORLD.get(name, default)


@outside
def note(name: str) -> None:
    """Count a start of a body."""
    STARTS[name] += 1


@dataclass(frozen=True)
class Number:
    n: int


@dataclass(frozen=True)
class Other:
    n: int


@dataclass(frozen=True)
class Zero:
    v: object


@dataclass(frozen=True)
class One:
    v: object


@dataclass(frozen=True)
class Two:
    v: object


@dataclass(frozen=True)
class Square:
    n: int


@dataclass(frozen=True)
class Total:
    n: int


@dataclass(frozen=True)
class Depth:
    n: int


@dataclass(frozen=True)
class Seen:
    """What a rule under test wants to tell its test."""

    what: object


@rule
async def square(number: Number) -> Square:
    return Square(number.n * number.n + salt("square"))


@rule
async def total(number: Number) -> Total:
    found = await MultiGet(Get(Square, Number, Number(i)) for i in range(number.n))
    return Total(sum(one.n for one in found))


@rule
async def depth(number: Number) -> Depth:
    if number.n == 0:
        return Depth(salt("depth"))
    below = await Get(Depth, Number, Number(number.n - 1))
    return Depth(below.n + 1)


@rule
async def zero(number: Number) -> Zero:
    note("zero")
    return Zero(salt("zero"))


@rule
async def one(number: Number) -> One:
    note("one")
    if salt("skip zero"):
        return One(salt("one"))
    return One(((await Get(Zero)).v, salt("one")))


@rule
async def two(number: Number) -> Two:
    note("two")
    return Two(((await Get(One)).v, salt("two")))


def sound(engine: Engine) -> None:
    """The task graph keeps its promises about states, edges and generations."""
    engine._tasks.check()


def ran(engine: Engine) -> dict[str, int]:
    """How often each rule ran in the last request."""
    assert engine.last is not None
    return dict(engine.last.ran_counts)


def cleaned(engine: Engine) -> tuple[str, ...]:
    """The tasks of the last request that were proved to hold without running."""
    assert engine.last is not None
    return engine.last.cleaned
