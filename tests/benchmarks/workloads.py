"""The workloads, as rules."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from wfnb import Get, MultiGet, Rule, rule


@dataclass(frozen=True)
class N:
    n: int


@dataclass(frozen=True)
class Pair:
    x: int
    y: int


@dataclass(frozen=True)
class Leaf:
    v: int


@dataclass(frozen=True)
class Root:
    v: int


@dataclass(frozen=True)
class Chain:
    v: int


@dataclass(frozen=True)
class Grid:
    v: int


@dataclass(frozen=True)
class Warm:
    v: int


@dataclass(frozen=True)
class Span:
    start: int
    size: int


@dataclass(frozen=True)
class Salted:
    v: int


@dataclass(frozen=True)
class Tree:
    v: int


@dataclass(frozen=True)
class Top:
    v: int


@dataclass(frozen=True)
class Nap:
    v: int


@dataclass(frozen=True)
class Naps:
    v: int


@dataclass(frozen=True)
class Crunch:
    v: int


@dataclass(frozen=True)
class Crunches:
    v: int


SALTS: dict[int, int] = {}


def _salt(i: int) -> int:
    return SALTS.get(i, i)


# The world that leaves of a tree read, behind the fingerprints' back; a call that is not followed.
salt = FunctionType(_salt.__code__, {"__name__": "wfnb.outside", "SALTS": SALTS}, "salt")


@rule
async def leaf(param: N) -> Leaf:
    return Leaf(param.n)


@rule
async def fan(param: N) -> Root:
    found = await MultiGet(Get(Leaf, N, N(i)) for i in range(param.n))
    return Root(sum(one.v for one in found))


@rule
async def chain(param: N) -> Chain:
    if param.n == 0:
        return Chain(0)
    return Chain((await Get(Chain, N, N(param.n - 1))).v + 1)


@rule
async def grid(param: Pair) -> Grid:
    if not (param.x and param.y):
        return Grid(1)
    left = await Get(Grid, Pair, Pair(param.x - 1, param.y))
    above = await Get(Grid, Pair, Pair(param.x, param.y - 1))
    return Grid((left.v + above.v) % 1_000_003)


@rule(cacheable=False)
async def warm(param: N) -> Warm:
    total = 0
    for i in range(param.n):
        total += (await Get(Leaf, N, N(i))).v
    return Warm(total)


@rule
async def salted(param: N) -> Salted:
    return Salted(salt(param.n))


@rule
async def tree(span: Span) -> Tree:
    size = span.size // 10
    if size == 1:
        leaves = await MultiGet(Get(Salted, N, N(span.start + i)) for i in range(10))
        return Tree(sum(one.v for one in leaves))
    below = await MultiGet(Get(Tree, Span, Span(span.start + i * size, size)) for i in range(10))
    return Tree(sum(one.v for one in below))


@rule
async def top(span: Span) -> Top:
    return Top((await Get(Tree, Span, span)).v)


@rule
def nap(param: N) -> Nap:
    time.sleep(0.05)
    return Nap(param.n)


@rule
async def naps(param: N) -> Naps:
    found = await MultiGet(Get(Nap, N, N(i)) for i in range(param.n))
    return Naps(len(found))


def crunch_one(i: int) -> int:
    """About 100 ms without the interpreter's lock."""
    return hashlib.pbkdf2_hmac("sha256", b"x", b"%d" % i, 300_000)[0]


@rule
def crunch(param: N) -> Crunch:
    return Crunch(crunch_one(param.n))


@rule
async def crunches(param: N) -> Crunches:
    found = await MultiGet(Get(Crunch, N, N(i)) for i in range(param.n))
    return Crunches(sum(one.v for one in found))


RULES: tuple[Rule[Any], ...] = (
    leaf,
    fan,
    chain,
    grid,
    warm,
    salted,
    tree,
    top,
    nap,
    naps,
    crunch,
    crunches,
)


def other_salted() -> Rule[Salted]:
    """The leaf rule of the tree with another meaning and other values."""

    @rule
    async def salted(param: N) -> Salted:
        return Salted(salt(param.n) + 1)

    return salted


def other_top() -> Rule[Top]:
    """The rule above the tree with another meaning and another value."""

    @rule
    async def top(span: Span) -> Top:
        return Top((await Get(Tree, Span, span)).v + 1)

    return top


def chain_types(length: int) -> str:
    """The text of the classes of a chain of rules."""
    lines = ["from dataclasses import dataclass", "from wfnb import Get, rule"]
    for i in range(length + 1):
        lines += ["@dataclass(frozen=True)", f"class T{i}:", "    v: int"]
    return "\n".join(lines) + "\n"


def chain_rules(length: int, *, by_get: bool) -> str:
    """The text of its rules, each standing on the next: by a Get in its body, or by a param."""
    lines = []
    for i in range(length):
        last = i == length - 1
        if by_get and not last:
            lines += [
                "@rule",
                f"async def make{i}(seed: T{length}) -> T{i}:",
                f"    below = await Get(T{i + 1}, T{length}, seed)",
                f"    return T{i}(below.v + 1)",
            ]
        else:
            lines += [
                "@rule",
                f"async def make{i}(below: T{i + 1}) -> T{i}:",
                f"    return T{i}(below.v + 1)",
            ]
    return "\n".join(lines) + "\n"
