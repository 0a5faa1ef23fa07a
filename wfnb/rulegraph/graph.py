"""The rule graph: one immutable set of rules, and every question about it.

Knows: which part answers which question.
Does not know: how.
Holds: asking twice gives the same object. Any thread may ask.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from wfnb.rulegraph.instances import Answer, ParamAnswer, RuleAnswer
from wfnb.rulegraph.slots import Slots
from wfnb.rulegraph.solver import Solver
from wfnb.rulegraph.wiring import Wirer
from wfnb.errors import WiringError
from wfnb.rules.found import StaticRequest
from wfnb.rules.rule import Rule, RuleKey
from wfnb.rules.unions import QueryRule

Query = tuple[type, frozenset[type]]


class RuleGraph:
    """Rules, wired by type.

    Args:
        rules: of two with the same key, the later one counts.
        queries: what was declared to be satisfiable.
        unions: base → its members.
        learned: requests that were only seen when they were made, per rule.
        asked: product and scope of what was asked from outside so far.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        queries: Iterable[QueryRule] = (),
        unions: Mapping[type, tuple[type, ...]] = MappingProxyType({}),
        learned: Mapping[RuleKey, tuple[StaticRequest, ...]] = MappingProxyType({}),
        asked: Iterable[Query] = (),
    ) -> None:
        self.rules: Mapping[RuleKey, Rule] = MappingProxyType({rule.key: rule for rule in rules})
        self._queries = tuple(queries)
        self._unions = dict(unions)
        self._learned = dict(learned)
        self._asked = tuple(asked)
        self._lock = threading.RLock()
        self._solver_made: Solver | None = None
        self._wirer: Wirer | None = None

    @property
    def _solver(self) -> Solver:
        if self._solver_made is None:
            slots = Slots(self.rules.values(), self._unions, self._learned)
            self._solver_made = Solver(slots)
        return self._solver_made

    def solve(self, product: type, scope: frozenset[type]) -> Answer:
        """Who makes the product from these params.

        Raises:
            WiringError: nobody, or no single one.

        Cost: about 10 µs per rule that is met for the first time; nothing when asked again.
        """
        if product in scope:
            return ParamAnswer(product)
        with self._lock:
            root = self._solver.solve(product, scope)
            node = root.answers[0] if root.answers else None
            if node is None:
                raise WiringError(f"no way to make {product.__name__}")
            if self._wirer is None:
                self._wirer = Wirer(self._solver)
            return RuleAnswer(self._wirer.instance(node))
