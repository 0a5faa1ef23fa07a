"""The laws of wiring, checked by trying everything: a model to compare the solver with.

A *choice* says, for each slot of each rule in each scope, who answers: a param, a rule in the
scope that it gets, or nobody. The model enumerates choices and keeps those that agree with the
laws everywhere. For rules without loops there is exactly one.

It shares nothing with the solver: scopes are whole frozensets, and what is used is computed from
the choice, not along with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product as combinations

PARAM = "param"
NOBODY = "nobody"
TIE = "tie"

Types = frozenset[str]


@dataclass(frozen=True)
class Ask:
    """A request: a product, what it supplies, perhaps the one rule that it names."""

    product: str
    supplied: Types = frozenset()
    named: str | None = None
    is_param: bool = False


@dataclass(frozen=True)
class Toy:
    """A rule; its params come first among its requests."""

    name: str
    product: str
    asks: tuple[Ask, ...]


Node = tuple[str, Types]  # a rule's name ("" outside) and its scope
Slot = tuple[Node, Ask]
Choice = Mapping[Slot, object]


class Model:
    """All nodes that a query can lead to, and the choices for them."""

    def __init__(self, rules: tuple[Toy, ...], product: str, scope: Types) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self.root: Node = ("", scope)
        self.outside = Ask(product)
        self.slots: list[Slot] = []
        self.options: dict[Slot, list[object]] = {}
        seen = {self.root}
        rest = [self.root]
        while rest:
            node = rest.pop()
            for ask in self.asks(node):
                kids = self.kids(node, ask)
                slot = (node, ask)
                self.slots.append(slot)
                if self.is_param(node, ask):
                    self.options[slot] = [PARAM]
                    continue
                self.options[slot] = [*kids, NOBODY, *([TIE] if len(kids) > 1 else [])]
                for kid in kids:
                    if kid not in seen:
                        seen.add(kid)
                        rest.append(kid)
        self.nodes = seen

    def asks(self, node: Node) -> tuple[Ask, ...]:
        return self.rules[node[0]].asks if node[0] else (self.outside,)

    @staticmethod
    def is_param(node: Node, ask: Ask) -> bool:
        return not ask.supplied and ask.named is None and ask.product in node[1]

    def kids(self, node: Node, ask: Ask) -> list[Node]:
        scope = node[1] | ask.supplied
        return [
            (rule.name, scope)
            for rule in self.rules.values()
            if (rule.name == ask.named if ask.named else rule.product == ask.product)
        ]

    def size(self) -> int:
        """How many choices there are."""
        count = 1
        for options in self.options.values():
            count *= len(options)
        return count

    def solutions(self) -> Iterator[dict[Slot, object]]:
        """The choices that agree with the laws."""
        for chosen in combinations(*(self.options[slot] for slot in self.slots)):
            choice = dict(zip(self.slots, chosen, strict=True))
            if self.is_lawful(choice):
                yield choice

    # ------------------------------------------------------------ laws

    def is_lawful(self, choice: Choice) -> bool:
        uses = self.uses(choice)
        return all(
            self.lawful_answer(slot, choice, uses) == choice[slot] for slot in self.slots
        ) and self.has_reasons(choice)

    def lawful_answer(self, slot: Slot, choice: Choice, uses: Mapping[Node, Types]) -> object:
        """Who has to answer a slot, if everything else is as chosen."""
        node, ask = slot
        if self.is_param(node, ask):
            return PARAM
        able = [
            kid
            for kid in self.kids(node, ask)
            if self.answers(kid, choice) and ask.supplied <= uses[kid]
        ]
        if not able:
            return NOBODY
        fewest = min(len(uses[kid]) for kid in able)
        best = [kid for kid in able if len(uses[kid]) == fewest]
        return best[0] if len(best) == 1 else TIE

    def has_reasons(self, choice: Choice) -> bool:
        """Whether nothing fails only because it fails: recursion is fine until it is not."""
        failed = {node for node in self.nodes if not self.answers(node, choice)}
        proved: set[Node] = set()
        while True:
            more = {
                node
                for node in failed - proved
                for ask in self.asks(node)
                if choice[node, ask] == TIE
                or (
                    choice[node, ask] == NOBODY
                    and all(kid in proved or kid not in failed for kid in self.kids(node, ask))
                )
            }
            if not more:
                return proved == failed
            proved |= more

    def answers(self, node: Node, choice: Choice) -> bool:
        return all(choice[node, ask] not in (NOBODY, TIE) for ask in self.asks(node))

    def is_endless(self, choice: Choice) -> bool:
        """Whether a rule would ask for itself with the very params it has: a cycle once it runs."""
        for start in self.nodes:
            seen: set[object] = set()
            rest: list[object] = [start]
            while rest:
                node = rest.pop()
                if not isinstance(node, tuple):
                    continue
                below = {choice[node, ask] for ask in self.asks(node) if not ask.supplied}
                if start in below:
                    return True
                rest.extend(below - seen)
                seen |= below
        return False

    def uses(self, choice: Choice) -> dict[Node, Types]:
        """What each node uses: the least sets that agree with the choice."""
        uses: dict[Node, Types] = dict.fromkeys(self.nodes, frozenset())
        while True:
            before = dict(uses)
            for node in self.nodes:
                found: set[str] = set()
                for ask in self.asks(node):
                    chosen = choice[node, ask]
                    if chosen == PARAM:
                        found.add(ask.product)
                    elif isinstance(chosen, tuple):
                        found |= uses[chosen] - ask.supplied
                uses[node] = frozenset(found)
            if uses == before:
                return uses
