"""From settled nodes to instances.

Knows: which nodes come to the same.
Does not know: why something was chosen.
Holds: one instance per (rule, in-set), whatever was asked, and in whatever order. It has the
    choices of the node whose scope is that in-set.

Two scopes can give a rule the same params and yet other choices below it. Say an `A` is made from
T and U, or from P, and rules make T and U from nothing. Scope {P, T, U} takes the `A` from P, one
param instead of two; scope {P} takes the other, which now uses none. A rule that needs both A and
P uses just P either way, and a memo by (rule, in-set) would mix the two. So a node is known by
what it uses only if its choices are those it would make with nothing else in scope; if they are
not, by its whole scope. It then runs again for params that it does not use, and is never mixed up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wfnb.rulegraph.components import components
from wfnb.rulegraph.instances import Answer, Instance, ParamAnswer, RuleAnswer, UnionAnswer
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.solver import Solver

_Key = tuple[int, int]  # number of the rule, its in-set as bits
_Choices = tuple[_Key | None, ...]


class Wirer:
    """Makes instances of nodes that answer; remembers them."""

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self._names: dict[Node, int] = {}
        self._instances: dict[_Key, Instance] = {}

    def instance(self, node: Node) -> Instance:
        """The instance of a settled node without failures."""
        if node not in self._names:
            for found in components((node,), self._below):
                names = self._name(found)
                for member in found:
                    self._link(member, names)
                self._names.update(names)
        return self._instances[self._key(node, {})]

    def _below(self, node: Node) -> list[Node]:
        """What has to have a name first: the answers, and the node to be compared with."""
        below = [kid for kid in node.answers if kid is not None and kid not in self._names]
        if node.used != node.scope:
            alone = self._alone(node)
            if not alone.failures and alone not in self._names:
                below.append(alone)
        return below

    def _alone(self, node: Node) -> Node:
        """The same rule with nothing in scope but what this node uses."""
        return self._solver.node(node.entry.number, node.used)

    def _name(self, nodes: list[Node]) -> dict[Node, int]:
        """Find the in-sets of nodes that need each other."""
        names = {node: node.used for node in nodes}
        changed = True
        while changed:
            changed = False
            for node in nodes:
                if names[node] != node.scope and not self._fits(node, names):
                    names[node] = node.scope
                    changed = True
        return names

    def _fits(self, node: Node, names: Mapping[Node, int]) -> bool:
        """Whether what a node uses is enough to know it by."""
        alone = self._alone(node)
        if alone.failures or alone.used != node.used:
            return False
        chosen = self._chosen(node, names)
        if chosen != self._chosen(alone, names):
            return False
        return not any(
            kid is not None and kid[1] & ~slot.supplied & ~node.used
            for slot, kid in zip(node.entry.slots, chosen, strict=True)
        )

    def _key(self, node: Node, names: Mapping[Node, int]) -> _Key:
        name = names.get(node)
        return (node.entry.number, self._names[node] if name is None else name)

    def _chosen(self, node: Node, names: Mapping[Node, int]) -> _Choices:
        return tuple([None if kid is None else self._key(kid, names) for kid in node.answers])

    def _link(self, node: Node, names: Mapping[Node, int]) -> None:
        instance = self._at(self._key(node, names))
        if instance.links:
            return
        links: dict[object, Answer] = {}
        members: dict[object, dict[type, Answer]] = {wiring: {} for wiring in node.entry.unions}
        for slot, kid in zip(node.entry.slots, self._chosen(node, names), strict=True):
            answer = ParamAnswer(slot.product) if kid is None else RuleAnswer(self._at(kid))
            if slot.member is None:
                links[slot.wiring] = answer
            else:
                members[slot.wiring][slot.member] = answer
        for wiring, base in node.entry.unions.items():
            links[wiring] = UnionAnswer(base, MappingProxyType(members[wiring]))
        instance.links = MappingProxyType(links)

    def _at(self, key: _Key) -> Instance:
        instance = self._instances.get(key)
        if instance is None:
            slots = self._solver.slots
            rule = slots.entries[key[0]].the_rule
            instance = self._instances[key] = Instance(rule, slots.unmask(key[1]))
        return instance
