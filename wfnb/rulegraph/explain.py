"""Explanations: who makes a product, from what, and why not the others.

Knows: decided nodes. Does not know: values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfnb.rulegraph.diagnostics import _maker, _params, _why_not, wiring_error
from wfnb.rules.wording import listing, type_name

if TYPE_CHECKING:
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rulegraph.solver import Node

_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "who makes this, from what, and why not the others".

    Attributes:
        product: what is asked for.
        scope: the param types it is asked with.
        rule: the name of the rule that would answer; None if a param or nobody does.
        params: the types that its subtree uses.
        problem: why nobody can; None if somebody can.
    """

    product: type
    scope: frozenset[type]
    rule: str | None
    params: tuple[type, ...]
    problem: str | None
    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def explain(graph: RuleGraph, product: type, scope: frozenset[type]) -> Explanation:
    """Explain one request."""
    node = graph.node(product, scope)
    given = listing(sorted(type_name(t) for t in scope), empty="no params")
    head = f"{type_name(product)} from {given}"
    if node.fault is not None:
        problem = str(wiring_error(graph, node, product, scope))
        return Explanation(product, scope, None, (), problem, f"{head}\n{problem}")
    lines = [head]
    _tree(graph, node, "", lines, set())
    choice = node.choices[0]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES} more lines"]
    params = tuple(
        sorted(graph.solver.types(node.in_set), key=lambda t: (t.__module__, t.__qualname__))
    )
    rule = choice.rule.name if choice is not None and choice.rule is not None else None
    return Explanation(product, scope, rule, params, None, "\n".join(lines))


def _tree(graph: RuleGraph, root: Node, indent: str, lines: list[str], shown: set[Node]) -> None:
    """Each rule once, its requests below it; iterative, since chains are long."""
    solver = graph.solver
    walk = _asks_of(root, indent)
    while walk and len(lines) < 2 * _MOST_LINES:
        mark, below, node, position = walk.pop()
        ask, choice = node.asks[position], node.choices[position]
        name = type_name(ask.request.product)
        if choice is None:
            lines.append(f"{mark}{name}: the param")
            continue
        assert choice.rule is not None
        member = f" for {type_name(ask.member)}" if ask.member is not None else ""
        where = f" ({choice.rule.place.short})" if choice.rule.place.label else ""
        again = ", as above" if choice in shown else ""
        uses = _params(solver, choice)
        lines.append(f"{mark}{name}{member}: {choice.rule.name}{where}, using {uses}{again}")
        lines.extend(
            f"{below}not {_maker(other.rule)}, {_why_not(other, ask, solver)}"
            for other in ask.candidates
            if other is not choice and other.rule is not None
        )
        if choice not in shown:
            shown.add(choice)
            walk.extend(_asks_of(choice, below))


def _asks_of(node: Node, indent: str) -> list[tuple[str, str, Node, int]]:
    last = len(node.asks) - 1
    return [
        (
            indent + ("└─ " if position == last else "├─ "),
            indent + ("   " if position == last else "│  "),
            node,
            position,
        )
        for position in reversed(range(len(node.asks)))
    ]


__all__ = ["Explanation", "explain"]
