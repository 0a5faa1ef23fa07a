"""The simplest engine there is: recursion, no memo. And toy rules that both it and wfnb can run.

A toy rule is a list of steps over an integer. It asks for other toy products with other numbers,
may add a salt from the world, cut its value down (for early cutoff), fail, or catch.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from wfnb import Get, MultiGet, Rule, rule

KINDS = 4  # toy products


@dataclass(frozen=True)
class Key:
    """The param of every toy rule."""

    n: object


@dataclass(frozen=True)
class Value0:
    v: object


@dataclass(frozen=True)
class Value1:
    v: object


@dataclass(frozen=True)
class Value2:
    v: object


@dataclass(frozen=True)
class Value3:
    v: object


VALUES: tuple[Any, ...] = (Value0, Value1, Value2, Value3)


class Broken(Exception):
    """What failing toys raise; equal texts are equal failures."""


@dataclass(frozen=True)
class Toy:
    """The meaning of a toy rule.

    Attributes:
        asks: products asked for, all of a higher kind, one by one or in a batch.
        shift: what the asked param differs by.
        modulus: 0, or what the sum is taken modulo of.
        salted: whether the world's salt for its kind is added.
        fails_at: the number it fails for; None never.
        catches: whether a failure below becomes -1.
        is_choosy: the second request is only made if the first answer is even.
    """

    asks: tuple[int, ...] = ()
    shift: int = 0
    modulus: int = 0
    constant: int = 0
    salted: bool = False
    fails_at: int | None = None
    catches: bool = False
    is_batch: bool = False
    is_choosy: bool = False


WORLD = dict.fromkeys(range(KINDS), 0)
LOG: list[tuple[int, object]] = []


def salt_of(kind: int) -> int:
    """The world behind the fingerprints' back."""
    return WORLD[kind]


def note_run(kind: int, n: object) -> None:
    """A body started."""
    LOG.append((kind, n))


salt_of.__module__ = note_run.__module__ = "wfnb.outside"  # not followed by fingerprints


def number(n: object) -> int:
    """A number that tells 1 from True from 1.0."""
    return int(n) * 10 + {int: 0, bool: 1, float: 2}[type(n)]  # type: ignore[call-overload,no-any-return]


def shifted(n: object, by: int) -> object:
    """Another param, of the same kind of number unless it moves."""
    return n if by == 0 else (int(n) + by) % 3  # type: ignore[call-overload]


def random_toy(rng: random.Random, kind: int) -> Toy:
    """A toy of a kind; it asks only for higher kinds, so that there are no cycles."""
    higher = range(kind + 1, KINDS)
    asks = tuple(rng.choice(higher) for _ in range(rng.randrange(3))) if higher else ()
    return Toy(
        asks,
        rng.randrange(2),
        rng.choice((0, 2, 3)),
        rng.randrange(2),
        rng.random() < 0.4,
        rng.choice((None, None, None, 0, 1)),
        rng.random() < 0.3,
        rng.random() < 0.5,
        rng.random() < 0.4,
    )


def evaluate(toys: dict[int, Toy], kind: int, n: object) -> object:
    """What a request gives, from scratch.

    Raises:
        Broken: a toy fails.
    """
    toy = toys[kind]
    if toy.fails_at is not None and number(n) // 10 == toy.fails_at:
        raise Broken(f"{kind} {n!r}")
    total = toy.constant + number(n)
    try:
        for position, other in enumerate(toy.asks):
            if not toy.is_batch and toy.is_choosy and position and total % 2:
                break
            total += int(evaluate(toys, other, shifted(n, toy.shift)))  # type: ignore[call-overload]
    except Broken:
        if not toy.catches:
            raise
        total = -1
    if toy.salted:
        total += WORLD[kind]
    return total % toy.modulus if toy.modulus else total


def make_rule(kind: int, toy: Toy) -> Rule[Any]:
    """The same as a rule. Defined again with an equal toy, it means the same."""
    value = VALUES[kind]
    products = tuple(VALUES[other] for other in toy.asks)
    asks, shift, modulus, constant = toy.asks, toy.shift, toy.modulus, toy.constant
    salted, fails_at, catches = toy.salted, toy.fails_at, toy.catches
    is_batch, is_choosy = toy.is_batch, toy.is_choosy

    async def body(key: Key) -> Any:
        n = key.n
        note_run(kind, n)
        if fails_at is not None and number(n) // 10 == fails_at:
            raise Broken(f"{kind} {n!r}")
        total = constant + number(n)
        below = Key(shifted(n, shift))
        try:
            if is_batch:
                found = await MultiGet(Get(product, Key, below) for product in products)
                total += sum(int(one.v) for one in found)
            else:
                for position, product in enumerate(products):
                    if is_choosy and position and total % 2:
                        break
                    total += int((await Get(product, Key, below)).v)
        except Broken:
            if not catches:
                raise
            total = -1
        if salted:
            total += salt_of(kind)
        return value(total % modulus if modulus else total)

    body.__name__ = body.__qualname__ = f"toy{kind}"
    body.__annotations__ = {"key": Key, "return": value}
    assert len(asks) == len(products)
    return rule(body)
