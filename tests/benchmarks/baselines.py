"""The floors: plain calls, and coroutines driven by hand, each with a dict as memo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmarks.workloads import Chain, Grid, Leaf, N, Pair, Root, Tree

Memo = dict[Any, Any]


# ---------------------------------------------------------------- raw: plain calls


def raw_tree(memo: Memo, n: int, leaves: Callable[[int], Leaf], width: int = 10) -> Tree:
    """A tree with a fan-in of `width` over leaves 0 … n-1."""
    level: list[Any] = []
    for i in range(n):
        key = ("leaf", i)
        if key not in memo:
            memo[key] = leaves(i)
        level.append(memo[key])
    depth = 0
    while len(level) > 1:
        depth += 1
        above = []
        for start in range(0, len(level), width):
            key = (depth, start)
            if key not in memo:
                memo[key] = Tree(sum(one.v for one in level[start : start + width]))
            above.append(memo[key])
        level = above
    return level[0]  # type: ignore[no-any-return]


def raw_change(memo: Memo, n: int, leaf: int, value: int, width: int = 10) -> Tree:
    """One leaf has changed: redo the path above it by hand."""
    memo["leaf", leaf] = Leaf(value)
    position, depth, count = leaf, 0, n
    while count > 1:
        start = position // width * width
        below = [
            memo["leaf" if depth == 0 else depth, i if depth == 0 else i * width]
            for i in range(start, min(start + width, count))
        ]
        depth += 1
        memo[depth, start] = Tree(sum(one.v for one in below))
        position //= width
        count = -(-count // width)
    return memo[depth, 0]  # type: ignore[no-any-return]


# ---------------------------------------------------------------- coro: driven by hand


class Ask:
    """A request of a hand-driven coroutine."""

    __slots__ = ("function", "key", "param")

    def __init__(self, function: Any, param: Any) -> None:
        self.function = function
        self.param = param
        self.key = (function, param)

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
        value = memo.get(("leaf", i))
        if value is None:
            coroutine = coro_leaf(param)
            try:
                coroutine.send(None)
            except StopIteration as stop:
                value = memo["leaf", i] = stop.value
        found.append(value)
    return Root(sum(leaf.v for leaf in found))


async def coro_chain(param: N) -> Chain:
    if param.n == 0:
        return Chain(0)
    return Chain((await Ask(coro_chain, N(param.n - 1))).v + 1)


async def coro_grid(param: Pair) -> Grid:
    if not (param.x and param.y):
        return Grid(1)
    left = await Ask(coro_grid, Pair(param.x - 1, param.y))
    above = await Ask(coro_grid, Pair(param.x, param.y - 1))
    return Grid((left.v + above.v) % 1_000_003)


async def coro_warm(param: N) -> Root:
    total = 0
    for i in range(param.n):
        total += (await Ask(coro_leaf, N(i))).v
    return Root(total)
