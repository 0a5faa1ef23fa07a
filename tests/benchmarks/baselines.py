"""The floors: plain calls, and coroutines driven by hand, each with a dict as memo.

Both make the same params and products as the rules do. Their memos are keyed by plain numbers,
not by the dataclasses: hashing those in Python would make the floor a fifth slower.
"""

from __future__ import annotations

import concurrent.futures
from typing import Any

from tests.benchmarks.workloads import (
    Chain,
    Grid,
    Leaf,
    N,
    Pair,
    Root,
    Salted,
    Span,
    Tree,
    Warm,
    crunch_one,
    salt,
)

Memo = dict[Any, Any]


# ---------------------------------------------------------------- raw: plain calls


def raw_salted(memo: Memo, param: N) -> Salted:
    key = param.n
    value = memo.get(key)
    if value is None:
        value = memo[key] = Salted(salt(param.n))
    return value  # type: ignore[no-any-return]


def raw_tree(memo: Memo, span: Span) -> Tree:
    """A tree with fan-in 10; what the memo lacks is made."""
    key = (span.start, span.size)
    value = memo.get(key)
    if value is not None:
        return value  # type: ignore[no-any-return]
    size = span.size // 10
    if size == 1:
        leaves = [raw_salted(memo, N(span.start + i)) for i in range(10)]
        value = Tree(sum([one.v for one in leaves]))
    else:
        below = [raw_tree(memo, Span(span.start + i * size, size)) for i in range(10)]
        value = Tree(sum([one.v for one in below]))
    memo[key] = value
    return value


def raw_change(memo: Memo, leaf: int, width: int) -> Tree:
    """One leaf has changed: forget the path above it by hand, and ask again."""
    del memo[leaf]
    size = 10
    while size <= width:
        del memo[leaf // size * size, size]
        size *= 10
    return raw_tree(memo, Span(0, width))


# ---------------------------------------------------------------- coro: driven by hand


class Ask:
    """A request of a hand-driven coroutine."""

    __slots__ = ("function", "key", "param")

    def __init__(self, function: Any, param: Any, key: Any) -> None:
        self.function = function
        self.param = param
        self.key = (function, key)

    def __await__(self) -> Any:
        return (yield self)


def drive(memo: Memo, function: Any, param: Any) -> Any:
    """An explicit stack, a dict, and nothing else."""
    stack = [(None, function(param))]
    value: Any = None
    while stack:
        key, coroutine = stack[-1]
        try:
            ask = coroutine.send(value)
        except StopIteration as stop:
            value = stop.value
            if key is not None:
                memo[key] = value
            stack.pop()
            continue
        value = memo.get(ask.key)
        if value is None:
            stack.append((ask.key, ask.function(ask.param)))
    return value


async def coro_leaf(param: N) -> Leaf:
    return Leaf(param.n)


def coro_fan(memo: Memo, n: int) -> Root:
    """A batch: each leaf started, run to its end, remembered."""
    found = []
    for i in range(n):
        param = N(i)
        value = memo.get((coro_leaf, i))
        if value is None:
            coroutine = coro_leaf(param)
            try:
                coroutine.send(None)
            except StopIteration as stop:
                value = memo[coro_leaf, i] = stop.value
        found.append(value)
    return Root(sum([leaf.v for leaf in found]))


async def coro_chain(param: N) -> Chain:
    n = param.n
    if n == 0:
        return Chain(0)
    return Chain((await Ask(coro_chain, N(n - 1), n - 1)).v + 1)


async def coro_grid(param: Pair) -> Grid:
    x, y = param.x, param.y
    if not (x and y):
        return Grid(1)
    left = await Ask(coro_grid, Pair(x - 1, y), (x - 1, y))
    above = await Ask(coro_grid, Pair(x, y - 1), (x, y - 1))
    return Grid((left.v + above.v) % 1_000_003)


async def coro_warm(param: N) -> Warm:
    total = 0
    for i in range(param.n):
        total += (await Ask(coro_leaf, N(i), i)).v
    return Warm(total)


# ---------------------------------------------------------------- threads


def thread_crunches(n: int) -> int:
    """A pool of eight, as `concurrent.futures` gives it."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return sum(pool.map(crunch_one, range(n)))
