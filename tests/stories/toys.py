"""Toy rules that several stories share, and how to ask what an engine did."""

from __future__ import annotations

from dataclasses import dataclass

from wfnb import Engine, Get, MultiGet, rule


@dataclass(frozen=True)
class Number:
    n: int


@dataclass(frozen=True)
class Parity:
    odd: int


@dataclass(frozen=True)
class Square:
    n: int


@dataclass(frozen=True)
class Squares:
    total: int


@dataclass(frozen=True)
class Fib:
    n: int


@dataclass(frozen=True)
class Depth:
    n: int


@rule
async def square(number: Number) -> Square:
    return Square(number.n * number.n)


@rule
async def squares(number: Number) -> Squares:
    found = await MultiGet(Get(Square, Number, Number(i)) for i in range(number.n))
    return Squares(sum(one.n for one in found))


@rule
async def fib(number: Number) -> Fib:
    if number.n < 2:
        return Fib(number.n)
    a, b = await MultiGet(
        Get(Fib, Number, Number(number.n - 1)), Get(Fib, Number, Number(number.n - 2))
    )
    return Fib(a.n + b.n)


@rule
async def depth(number: Number) -> Depth:
    if number.n == 0:
        return Depth(0)
    below = await Get(Depth, Number, Number(number.n - 1))
    return Depth(below.n + 1)


def sound(engine: Engine) -> None:
    """The task graph keeps its promises about edges and generations."""
    engine._tasks.check()


def ran(engine: Engine) -> dict[str, int]:
    """How often each rule ran in the last request."""
    assert engine.last is not None
    return dict(engine.last.ran_counts)
