"""Strongly connected components, those that depend on nothing first.

Knows: an algorithm.
Does not know: what the nodes are.
Holds: no recursion, so a chain of 10,000 is as good as one of three; successors are asked for
    once, when a node is first met, so the graph may be made while it is walked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def components(roots: Iterable[N], successors: Callable[[N], Iterable[N]]) -> Iterator[list[N]]:
    """Walk a graph from its roots, one strongly connected component at a time.

    A component is given out when all that it leads to has been. Its nodes come in the order in
    which they were left: what was found deepest comes first.

    Source: R. Tarjan, "Depth-first search and linear graph algorithms" (1972), with an explicit
    stack.
    """
    order: dict[N, int] = {}
    low: dict[N, int] = {}
    open_nodes: list[N] = []
    left: dict[N, int] = {}
    for root in roots:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        open_nodes.append(root)
        path: list[tuple[N, Iterator[N]]] = [(root, iter(successors(root)))]
        while path:
            node, rest = path[-1]
            for following in rest:
                if following not in order:
                    order[following] = low[following] = len(order)
                    open_nodes.append(following)
                    path.append((following, iter(successors(following))))
                    break
                if following not in left and order[following] < low[node]:
                    low[node] = order[following]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                left_now = len(left)
                if low[node] == order[node]:
                    found: list[N] = []
                    while True:
                        member = open_nodes.pop()
                        left[member] = left_now
                        found.append(member)
                        if member == node:
                            break
                    yield found
