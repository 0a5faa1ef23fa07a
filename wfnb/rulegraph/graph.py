"""The rule graph: one immutable set of rules, and every question about it.

Knows: which part answers which question.
Does not know: how.
Holds: asking twice gives the same object. Any thread may ask. What is only needed to talk about
    the graph is imported when somebody asks for it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wfnb.errors import WiringError
from wfnb.rulegraph.asked import Request
from wfnb.rulegraph.instances import Answer, Instance, ParamAnswer, RuleAnswer, iter_instances
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.slots import Slots, name_order
from wfnb.rulegraph.solver import Solver
from wfnb.rulegraph.wiring import Wirer
from wfnb.rules.found import StaticRequest
from wfnb.rules.rule import Rule, RuleKey
from wfnb.rules.unions import QueryRule

if TYPE_CHECKING:
    import networkx

    from wfnb.rulegraph.causes import Cause
    from wfnb.rulegraph.choices import Choice
    from wfnb.rulegraph.codes import Diagnostic
    from wfnb.rulegraph.explanation import Explanation
    from wfnb.rulegraph.offers import Offer
    from wfnb.rulegraph.outlook import Outlook

Query = tuple[type, frozenset[type]]

_NONE: Mapping[Any, Any] = MappingProxyType({})
_MOST_STEPS = 6


class RuleGraph:
    """Rules, wired by type.

    Args:
        rules: of two with the same key, the later one counts.
        queries: what was declared to be satisfiable.
        unions: base → its members.
        learned: requests that were only seen when they were made, per rule.
        asked: product and scope of what was asked from outside so far.

    Attributes:
        rules: all rules, by key; with those that ship with wfnb, as far as they may be needed.
    """

    rules: Mapping[RuleKey, Rule]

    def __init__(
        self,
        rules: Iterable[Rule],
        queries: Iterable[QueryRule] = (),
        unions: Mapping[type, tuple[type, ...]] = _NONE,
        learned: Mapping[RuleKey, tuple[StaticRequest, ...]] = _NONE,
        asked: Iterable[Query] = (),
    ) -> None:
        self.rules = MappingProxyType({rule.key: rule for rule in rules})
        self._unions = dict(unions)
        self._learned = {key: tuple(requests) for key, requests in learned.items()}
        declared = [(query.product, frozenset(query.params)) for query in queries]
        self._queries = tuple(dict.fromkeys([*declared, *asked]))
        self._lock = threading.RLock()

    @property
    def own_rules(self) -> Mapping[RuleKey, Rule]:
        """All rules but those that ship with wfnb."""
        return {key: rule for key, rule in self.rules.items() if not rule.is_intrinsic}

    # ------------------------------------------------------------ answers

    def solve(self, product: type, scope: frozenset[type]) -> Answer:
        """Who makes the product from these params.

        Raises:
            WiringError: nobody, or no single one; its code is that of the deepest cause.

        Cost: about 15 µs per rule that is met for the first time; 2 µs when asked again.
        """
        if product in scope:
            return ParamAnswer(product)
        with self._lock:
            root = self._solver.solve(product, scope)
            node = root.answers[0] if root.answers else None
            if node is None:
                raise self._wiring_error(root, scope)
            return RuleAnswer(self._wirer.instance(node))

    def instances(self, product: type, scope: frozenset[type]) -> tuple[Instance, ...]:
        """All that would take part in answering, who answers first.

        Raises:
            WiringError: as `solve`.
        """
        return tuple(iter_instances(self.solve(product, scope)))

    def explain(self, product: type, scope: Iterable[type]) -> Explanation:
        """Who would answer, from what, and why not the others; also if nobody would."""
        from wfnb.rulegraph.explanation import explain, explain_param
        from wfnb.rulegraph.wording import Wording

        passed = tuple(sorted(dict.fromkeys(scope), key=name_order))
        with self._lock:
            if product in passed:
                makers = [
                    self._slots.entries[number].the_rule
                    for number in self._slots.makers.get(product, ())
                ]
                return explain_param(product, passed, tuple(makers))
            root = self._solver.solve(product, passed)
            return explain(Wording(self._slots, passed), root, passed)

    def offers(
        self, scope: Collection[type], supplied: Collection[type] = (), patience_s: float = 0.3
    ) -> list[Offer]:
        """What a request could ask for where these are in scope, the likeliest first."""
        from wfnb.rulegraph.offers import offers

        with self._lock:
            return offers(self._solver, scope, supplied, patience_s)

    def choices(self) -> Mapping[RuleKey, tuple[Choice, ...]]:
        """For each rule, who answers each of its requests, and why not the others.

        Cost: 0.2 ms per rule.
        """
        from wfnb.rulegraph.choices import choices_of

        with self._lock:
            return choices_of(self._outlook, self._requests)

    # ------------------------------------------------------------ the whole

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong, or might not be meant: errors, then warnings, then notes."""
        with self._lock:
            return self._diagnostics

    @property
    def open_inputs(self) -> tuple[type, ...]:
        """Types that no rule makes and no request supplies, by module and name."""
        with self._lock:
            return tuple(self._outlook.open_inputs())

    def to_networkx(self) -> networkx.MultiDiGraph[Any]:
        """The graph from who asks to who answers; `wfnb.rulegraph.drawing` has its attributes."""
        from wfnb.rulegraph.drawing import draw

        with self._lock:
            return draw(self._outlook, self._requests)

    # ------------------------------------------------------------ parts, made when needed

    @cached_property
    def _slots(self) -> Slots:
        return Slots(self.rules.values(), self._unions, self._learned)

    @cached_property
    def _solver(self) -> Solver:
        return Solver(self._slots)

    @cached_property
    def _wirer(self) -> Wirer:
        return Wirer(self._solver)

    @cached_property
    def _outlook(self) -> Outlook:
        from wfnb.rulegraph.outlook import Outlook

        solver = self._solver  # which measures the reach of rules
        passed = [cls for _, scope in self._queries for cls in scope]
        return Outlook(solver.slots, solver.slots.mask(passed))

    @cached_property
    def _requests(self) -> tuple[Request, ...]:
        return tuple([self._request(product, scope) for product, scope in self._queries])

    def _request(self, product: type, scope: frozenset[type]) -> Request:
        root: Node | None = None if product in scope else self._solver.solve(product, scope)
        return Request(product, tuple(sorted(scope, key=name_order)), root)

    @cached_property
    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        from wfnb.rulegraph.checks import check

        by_key = self._slots.by_key
        late = frozenset(
            (by_key[key], request.wiring)
            for key, requests in self._learned.items()
            if key in by_key
            for request in requests
        )
        return check(self._outlook, self._requests, late)

    # ------------------------------------------------------------ failures

    def _wiring_error(self, root: Node, scope: frozenset[type]) -> WiringError:
        from wfnb.rulegraph.causes import find_causes
        from wfnb.rulegraph.phrases import asked
        from wfnb.rulegraph.wording import Wording

        passed = sorted(scope, key=name_order)
        words = Wording(self._slots, passed)
        causes = find_causes(root)
        found = words.of_cause(causes[0])
        product = root.slot(0).product
        lacking = [c.slot.product for c in causes if c.kind == "missing" and not c.slot.given]
        if causes[0].slot.product in lacking:
            found = words.with_unused(found, lacking, product)
        request = asked(product, passed)
        why = [*found.reasons, _way(request, causes[0])]
        if len(causes) > 1:
            others = [words.of_cause(cause).message for cause in causes[1:]]
            why += [f"also: {message}" for message in others]
        found = replace(found, reasons=tuple(why))
        return WiringError(
            found.message,
            code=found.code,
            place=found.origin,
            why=found.reasons,
            fix=found.fix,
        )


def _way(request: str, cause: Cause) -> str:
    """The rules between a request from outside and the one that fails."""
    names = [node.entry.rule.name for node, _ in cause.path if node.entry.rule is not None]
    if len(names) > _MOST_STEPS:
        names = [*names[: _MOST_STEPS - 2], "…", names[-1]]
    return " → ".join([f"asked: {request}", *names])
