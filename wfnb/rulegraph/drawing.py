"""The rule graph as a networkx graph, to draw and to analyse.

Knows: names for nodes that are the same in each run; what is chosen where.
Does not know: layout, colours.
Holds: networkx is imported when a drawing is asked for, never before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wfnb.rulegraph.causes import iter_chosen
from wfnb.rulegraph.outlook import Outlook
from wfnb.rulegraph.phrases import types
from wfnb.rulegraph.slots import Entry, Slot
from wfnb.rules.rule import Rule, RuleKey
from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    import networkx

    from wfnb.rulegraph.asked import Request

Name = tuple[str, ...]
"""What a node is called: its kind, then what tells it apart from others of that kind."""


def id_of(name: Name) -> str:
    """A name as one string: what pictures and events call a node."""
    return "|".join(name)


def full_name(cls: type) -> str:
    """A type with its module."""
    return f"{cls.__module__}.{cls.__qualname__}"


def name_of(key: RuleKey) -> Name:
    """The name of a rule, if no other has it."""
    types = map(full_name, key.types)
    return ("rule", key.module, key.name, full_name(key.product), *types)


def names_of(rules: Iterable[Rule[Any]]) -> list[Name]:
    """A name per rule; of rules that differ in nothing but the identity of classes, numbered."""
    names: list[Name] = []
    taken: set[Name] = set()
    for rule in rules:
        first = name = name_of(rule.key)
        number = 1
        while name in taken:
            number += 1
            name = (*first[:2], f"{first[2]} #{number}", *first[3:])
        taken.add(name)
        names.append(name)
    return names


def draw(outlook: Outlook, requests: Iterable[Request]) -> networkx.MultiDiGraph[Any]:
    """A directed graph from who asks to who answers.

    Nodes are tuples of strings that begin with their kind, and have
        kind   "rule", "query", "param", "open input" or "union"
        label  how to show it
        place  "In [3], line 2", or ""
    Edges are keyed by the line of their request and what it asks for, and have
        kind       "param", "get", "call" or "query"
        line       number of the line, or None
        label      what is asked
        is_chosen  whether it is followed by what was asked so far; without any request, whether
                   it certainly would be
    """
    import networkx as nx

    graph: networkx.MultiDiGraph[Any] = nx.MultiDiGraph()
    drawing = _Drawing(graph, outlook)
    drawing.rules()
    drawing.requests(list(requests))
    return graph


class _Drawing:
    def __init__(self, graph: networkx.MultiDiGraph[Any], outlook: Outlook) -> None:
        self.graph = graph
        self.outlook = outlook
        self.open_inputs = outlook.open_inputs()
        self.names = names_of([entry.the_rule for entry in outlook.entries])

    def rules(self) -> None:
        for entry in self.outlook.entries:
            rule = entry.the_rule
            self._node(self.names[entry.number], rule.name, rule.place.short)
        for cls in self.open_inputs:
            self._input(cls)
        for entry in self.outlook.entries:
            for slot in entry.slots:
                self._slot(entry, slot)

    def requests(self, requests: list[Request]) -> None:
        for request in requests:
            query = ("query", full_name(request.product), *map(full_name, request.scope))
            self._node(query, str(request), "")
            if request.root is None:
                self._edge(query, self._input(request.product), "query", None, request.product)
                continue
            for number in request.root.slot(0).candidates:
                self._edge(query, self.names[number], "query", None, request.product)
            if request.root.failures:
                continue
            for node in iter_chosen(request.root):
                owner = query if node.entry.rule is None else self.names[node.entry.number]
                for slot, kid in zip(node.entry.slots, node.answers, strict=True):
                    if kid is None:
                        target = self._input(slot.product)
                    else:
                        target = self.names[kid.entry.number]
                    self._choose(self._step(owner, slot), target, slot)
        if not requests:
            for entry in self.outlook.entries:
                for slot in entry.slots:
                    winner = self.outlook.winner(slot)
                    if winner is not None:
                        owner = self._step(self.names[entry.number], slot)
                        self._choose(owner, self.names[winner.number], slot)

    # ------------------------------------------------------------ parts

    def _slot(self, entry: Entry, slot: Slot) -> None:
        owner = self._step(self.names[entry.number], slot)
        rivals = self.outlook.usable(slot)
        for other in rivals:
            self._request(owner, self.names[other.number], slot)
        if slot.may_be_param and not rivals:
            self._request(owner, self._input(slot.product), slot)

    def _step(self, owner: Name, slot: Slot) -> Name:
        """From where the edge to a candidate starts: a union stands between."""
        if slot.base is None:
            return owner
        union = ("union", full_name(slot.base), full_name(slot.product))
        if union not in self.graph:
            self._node(union, type_name(slot.base), "")
        if owner not in self.graph.pred[union]:
            self._request(owner, union, slot)
        return union

    def _request(self, owner: Name, target: Name, slot: Slot) -> None:
        request = slot.request
        line = None if request is None else request.place.line
        kind = "query" if request is None else request.kind
        self._edge(owner, target, kind, line, slot.product, slot.given)

    def _choose(self, owner: Name, target: Name, slot: Slot) -> None:
        request = slot.request
        line = None if request is None else request.place.line
        key = (line, _label(slot.product, slot.given))
        if not self.graph.has_edge(owner, target, key):
            self._request(owner, target, slot)
        self.graph.edges[owner, target, key]["is_chosen"] = True

    def _input(self, cls: type) -> Name:
        name = ("open input" if cls in self.open_inputs else "param", full_name(cls))
        self._node(name, type_name(cls), "")
        return name

    def _node(self, name: Name, label: str, place: str) -> None:
        self.graph.add_node(name, kind=name[0], label=label, place=place)

    def _edge(
        self,
        owner: Name,
        target: Name,
        kind: str,
        line: int | None,
        product: type,
        given: tuple[type, ...] = (),
    ) -> None:
        label = _label(product, given)
        key = (line, label)
        if not self.graph.has_edge(owner, target, key):
            self.graph.add_edge(
                owner, target, key, kind=kind, line=line, label=label, is_chosen=False
            )


def _label(product: type, given: tuple[type, ...]) -> str:
    return f"{type_name(product)} from {types(given)}" if given else type_name(product)
