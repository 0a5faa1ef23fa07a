"""Layers: in which row each node stands, and in which order.

Knows: numbers of nodes, edges between them.
Does not know: sizes, positions, what the nodes are.
Holds: every edge leads from an earlier row to a later one, but for those that close a loop, which
    are turned around. A long edge has a bend in every row between. The order depends on that of
    nodes and edges alone.
Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System
    Structures" (1981); medians and neighbours' exchanges after E. Gansner and others, "A Technique
    for Drawing Directed Graphs" (1993).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Pair = tuple[int, int]

_SWEEPS = 16
_PATIENCE = 4
_MOST_EXCHANGED = 700  # vertices; exchanging neighbours is worth its time in smaller graphs


@dataclass(frozen=True, slots=True)
class Layers:
    """Rows of vertices. Those from `count` on are bends of long edges.

    Attributes:
        count: how many vertices are nodes.
        rows: vertices, row by row, in order.
        chains: per edge its vertices, from the earlier row to the later one.
        is_turned: per edge, whether it leads the other way around.
    """

    count: int
    rows: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    is_turned: tuple[bool, ...]


def layered(count: int, edges: Sequence[Pair]) -> Layers:
    """Rows for nodes 0 … count - 1. Edges connect different nodes, each two at most once a way.

    Cost: 15 ms for 80 nodes and 110 edges, 0.4 s for 2,500 and 3,900.
    """
    turned = _closing(count, edges)
    forward = [
        (b, a) if is_turned else (a, b) for (a, b), is_turned in zip(edges, turned, strict=True)
    ]
    depth = _depths(count, forward)
    rows: list[list[int]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for vertex in _first_order(count, forward, depth):
        rows[depth[vertex]].append(vertex)
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    chains: list[tuple[int, ...]] = []
    for a, b in forward:
        chain = [a]
        for row in range(depth[a] + 1, depth[b]):
            bend = len(up)
            up.append([])
            down.append([])
            rows[row].append(bend)
            chain.append(bend)
        chain.append(b)
        for one, next_one in pairwise(chain):
            down[one].append(next_one)
            up[next_one].append(one)
        chains.append(tuple(chain))
    ordered = _ordered(rows, up, down)
    return Layers(count, tuple(map(tuple, ordered)), tuple(chains), tuple(turned))


# ------------------------------------------------------------ rows


def _closing(count: int, edges: Sequence[Pair]) -> list[bool]:
    """Per edge, whether it leads back to where a walk along the edges came from."""
    following: list[list[int]] = [[] for _ in range(count)]
    entered = [0] * count
    for number, (a, b) in enumerate(edges):
        following[a].append(number)
        entered[b] += 1
    turned = [False] * len(edges)
    state = [0] * count  # 1 on the way, 2 done
    starts = [n for n in range(count) if not entered[n]] + list(range(count))
    for start in starts:
        if state[start]:
            continue
        state[start] = 1
        path = [(start, iter(following[start]))]
        while path:
            node, rest = path[-1]
            for number in rest:
                other = edges[number][1]
                if state[other] == 1:
                    turned[number] = True
                elif not state[other]:
                    state[other] = 1
                    path.append((other, iter(following[other])))
                    break
            else:
                state[node] = 2
                path.pop()
    return turned


def _depths(count: int, edges: Sequence[Pair]) -> list[int]:
    """The row of each node: after all that lead to it, and near what it leads to."""
    following: list[list[int]] = [[] for _ in range(count)]
    leading: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        following[a].append(b)
        leading[b].append(a)
    waiting = [len(leading[n]) for n in range(count)]
    order = [n for n in range(count) if not waiting[n]]
    depth = [0] * count
    for node in order:  # which grows meanwhile
        for other in following[node]:
            depth[other] = max(depth[other], depth[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    for node in reversed(order):
        if len(following[node]) > len(leading[node]):
            depth[node] = min(depth[other] for other in following[node]) - 1
    return depth


def _first_order(count: int, edges: Sequence[Pair], depth: Sequence[int]) -> list[int]:
    """A walk from the last row upwards, which keeps together what belongs together."""
    leading: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        leading[b].append(a)
    order: list[int] = []
    seen = [False] * count
    for start in sorted(range(count), key=lambda n: -depth[n]):
        rest = [start]
        while rest:
            node = rest.pop()
            if not seen[node]:
                seen[node] = True
                order.append(node)
                rest.extend(reversed(leading[node]))
    return order


# ------------------------------------------------------------ order within rows


def _ordered(rows: list[list[int]], up: list[list[int]], down: list[list[int]]) -> list[list[int]]:
    """The rows in an order with few crossings."""
    at = [0.0] * len(up)
    _number(rows, at)
    if len(rows) > 1:  # bends were put at the ends of their rows
        _sweep(rows, down, at, range(len(rows) - 2, -1, -1))
    best, kept = crossings(rows, up, at), [row[:] for row in rows]
    patience = _PATIENCE
    is_small = len(up) <= _MOST_EXCHANGED
    for sweep in range(_SWEEPS):
        if not best or not patience:
            break
        if sweep % 2:
            _sweep(rows, down, at, range(len(rows) - 2, -1, -1))
        else:
            _sweep(rows, up, at, range(1, len(rows)))
        if is_small:
            _exchange(rows, up, down, at)
        now = crossings(rows, up, at)
        if now < best:
            best, kept, patience = now, [row[:] for row in rows], _PATIENCE
        else:
            patience -= 1
    return kept


def crossings(rows: Sequence[Sequence[int]], up: Sequence[Sequence[int]], at: list[float]) -> int:
    """How many edges cross between rows."""
    total = 0
    for row in rows[1:]:
        seen: list[float] = []
        for vertex in row:
            ends = [at[other] for other in up[vertex]]
            for end in ends:
                total += len(seen) - bisect_right(seen, end)
            for end in ends:
                insort(seen, end)
    return total


def _sweep(rows: list[list[int]], beside: list[list[int]], at: list[float], order: range) -> None:
    """Put each vertex where its neighbours in the row before are."""
    for number in order:
        row = rows[number]
        wanted: dict[int, float] = {}
        for vertex in row:
            ends = sorted([at[other] for other in beside[vertex]])
            if ends:
                half = len(ends) // 2
                median = (ends[half] + ends[-half - 1]) / 2
                wanted[vertex] = (median + sum(ends) / len(ends)) / 2
        # a vertex without neighbours there keeps its place among the others
        movable = iter(sorted(wanted, key=lambda vertex: (wanted[vertex], at[vertex])))
        row[:] = [next(movable) if vertex in wanted else vertex for vertex in row]
        for position, vertex in enumerate(row):
            at[vertex] = position


def _exchange(
    rows: list[list[int]], up: list[list[int]], down: list[list[int]], at: list[float]
) -> None:
    """Exchange neighbours in a row as long as that saves crossings."""
    for _ in range(6):
        has_moved = False
        for row in rows:
            for position in range(len(row) - 1):
                left, right = row[position], row[position + 1]
                saved = sum(
                    _inversions(side[left], side[right], at)
                    - _inversions(side[right], side[left], at)
                    for side in (up, down)
                )
                if saved > 0:
                    row[position], row[position + 1] = right, left
                    at[left], at[right] = position + 1, position
                    has_moved = True
        if not has_moved:
            return


def _inversions(left: list[int], right: list[int], at: list[float]) -> int:
    return sum(at[a] > at[b] for a in left for b in right)


def _number(rows: list[list[int]], at: list[float]) -> None:
    for row in rows:
        for position, vertex in enumerate(row):
            at[vertex] = position
