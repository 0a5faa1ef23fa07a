"""The solver: which nodes there are, and in which order they are settled.

Knows: how scope flows, and that what a node leads to is settled before the node.
Does not know: how a choice is made (`candidates`, `recursion`).
Holds: a node is (rule, scope within the rule's reach), made once. Stopping it half-way leaves
    nodes that are not settled, and nothing wrong: the next request goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable

from wfnb.rulegraph.candidates import settle
from wfnb.rulegraph.components import components
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.recursion import settle_loop
from wfnb.rulegraph.scopes import measure_reach
from wfnb.rulegraph.slots import Slots


class Solver:
    """Answers requests; remembers everything that it found out."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        measure_reach(slots)
        self._nodes: dict[tuple[int, int], Node] = {}
        self._outside: dict[tuple[type, int], Node] = {}

    def solve(self, product: type, scope: Iterable[type]) -> Node:
        """The settled node of a request from outside.

        The product is taken to be none of the scope; who asks for what he has, has it.

        Cost: each node below is visited once, ever.
        """
        reach = 0
        for number in self.slots.makers.get(product, ()):
            reach |= self.slots.entries[number].reach
        key = (product, self.slots.mask(scope) & reach)
        root = self._outside.get(key)
        if root is None:
            root = self._outside[key] = Node(self.slots.outside(product), key[1])
        self.settle(root)
        return root

    def node(self, number: int, scope: int) -> Node:
        """The settled node of a rule in a scope."""
        node = self._node(number, scope)
        self.settle(node)
        return node

    def settle(self, root: Node) -> None:
        """Settle a node and all that it leads to."""
        if root.is_settled:
            return
        for found in components((root,), self._open):
            if len(found) == 1 and not _leads_to_itself(found[0]):
                settle(found[0])
            else:
                settle_loop(found)

    def _node(self, number: int, scope: int) -> Node:
        entry = self.slots.entries[number]
        key = (number, scope & entry.reach)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(entry, key[1])
        return node

    def _open(self, node: Node) -> list[Node]:
        """Find the candidates of a node; those that are still to be settled."""
        kids = node.kids
        if kids is None:
            found: list[tuple[Node, ...] | None] = []
            for slot in node.entry.slots:
                scope = node.scope | slot.supplied
                if slot.may_be_param and slot.product_bit & scope:
                    found.append(None)
                else:
                    found.append(tuple([self._node(number, scope) for number in slot.candidates]))
            kids = node.kids = tuple(found)
        return [kid for group in kids if group for kid in group if not kid.is_settled]


def _leads_to_itself(node: Node) -> bool:
    return any(node in kids for kids in node.candidates if kids)
