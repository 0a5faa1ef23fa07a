"""Coordinates: where in its row each vertex stands, so that edges run straight.

Knows: rows in order, the extent of each vertex along its row.
Does not know: whether rows run across or down; what the vertices are.
Holds: neighbours in a row keep their order and their distance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf

from wfnb.pictures.layers import Layers

_ROUNDS = 10
_BEND_WEIGHT = 6.0  # a long edge runs straight rather than a node exactly amid its neighbours
_LOOSE_WEIGHT = 0.05


def spread(layers: Layers, extents: Sequence[float], gap: float, bend_gap: float) -> list[float]:
    """The middle of each vertex along its row, from 0 on.

    Args:
        extents: of nodes; bends have none.
        gap: between nodes.
        bend_gap: beside a bend.
    """
    count = layers.count
    size = max((vertex for row in layers.rows for vertex in row), default=-1) + 1
    up: list[list[int]] = [[] for _ in range(size)]
    down: list[list[int]] = [[] for _ in range(size)]
    for chain in layers.chains:
        for one, other in pairwise(chain):
            down[one].append(other)
            up[other].append(one)
    at = [0.0] * size
    offsets: list[list[float]] = []
    around: dict[int, tuple[int | None, int | None, float, float]] = {}
    for row in layers.rows:
        found: list[float] = []
        for position, vertex in enumerate(row):
            if not position:
                found.append(0.0)
                continue
            before = row[position - 1]
            between = gap if vertex < count and before < count else bend_gap
            half = (extents[vertex] if vertex < count else 0.0) / 2
            half += (extents[before] if before < count else 0.0) / 2
            found.append(found[-1] + half + between)
        offsets.append(found)
        for vertex, offset in zip(row, found, strict=True):
            at[vertex] = offset
    numbers = range(len(layers.rows))
    for _ in range(_ROUNDS):
        for number in numbers[1:]:
            _place(layers.rows[number], offsets[number], up, count, at)
        for number in reversed(numbers[:-1]):
            _place(layers.rows[number], offsets[number], down, count, at)
    for row, found in zip(layers.rows, offsets, strict=True):
        for place, vertex in enumerate(row):
            if vertex >= count:
                left = row[place - 1] if place else None
                right = row[place + 1] if place + 1 < len(row) else None
                room = found[place] - found[place - 1] if place else 0.0
                after = found[place + 1] - found[place] if right is not None else 0.0
                around[vertex] = (left, right, room, after)
    both = [[*up[vertex], *down[vertex]] for vertex in range(size)]
    for number in numbers:
        _place(layers.rows[number], offsets[number], both, count, at)
    for chain in layers.chains:
        _straighten(chain[1:-1], around, at)
    start = min((at[v] - (extents[v] / 2 if v < count else 0.0) for v in range(size)), default=0.0)
    return [position - start for position in at]


def _straighten(
    bends: Sequence[int],
    around: Mapping[int, tuple[int | None, int | None, float, float]],
    at: list[float],
) -> None:
    """Put the bends of an edge above each other where their neighbours leave room for that."""
    start = 0
    while start < len(bends):
        low, high = -inf, inf
        stop = start
        while stop < len(bends):
            left, right, before, after = around[bends[stop]]
            lower = max(low, at[left] + before if left is not None else -inf)
            upper = min(high, at[right] - after if right is not None else inf)
            if lower > upper:
                break
            low, high = lower, upper
            stop += 1
        if stop == start:  # rounding: there is no room at all
            start += 1
            continue
        run = bends[start:stop]
        mean = sum(at[bend] for bend in run) / len(run)
        for bend in run:
            at[bend] = min(max(mean, low), high)
        start = stop


def _place(
    row: Sequence[int],
    offsets: Sequence[float],
    beside: Sequence[Sequence[int]],
    count: int,
    at: list[float],
) -> None:
    """Move a row as near as its order allows to the middle of what its vertices lead to.

    Without their distances the wanted positions have to rise from left to right; the nearest rising
    ones, by least squares, are those of pooled neighbours that are in each other's way.
    """
    pools: list[tuple[float, float, int]] = []  # position, weight, how many
    for vertex, offset in zip(row, offsets, strict=True):
        ends = beside[vertex]
        if ends:
            found = sorted([at[other] for other in ends])
            half = len(found) // 2
            wanted = (found[half] + found[-half - 1]) / 2 - offset
            is_bend = vertex >= count and ends[0] >= count
            weight = _BEND_WEIGHT if is_bend else 1.0
        else:
            wanted, weight = at[vertex] - offset, _LOOSE_WEIGHT
        number = 1
        while pools and pools[-1][0] > wanted:
            position, other, more = pools.pop()
            wanted = (position * other + wanted * weight) / (other + weight)
            weight += other
            number += more
        pools.append((wanted, weight, number))
    place = 0
    for position, _, number in pools:
        for _ in range(number):
            at[row[place]] = position + offsets[place]
            place += 1
