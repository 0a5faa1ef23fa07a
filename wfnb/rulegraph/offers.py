"""Offers: what a request could ask for, given what is in scope where it is written.

Knows: the solver, and which rules make what.
Does not know: text, editors; what was asked before.
Holds: an offer without `lacks` is answered by some rule if the scope is just this one; with more
    in scope, two rules may tie. When time runs out, what was found so far is given.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfnb.rules.goals import is_goal
from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    from wfnb.rulegraph.solver import Solver
    from wfnb.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Offer:
    """A product to ask for.

    Attributes:
        rule: one that would make it.
        uses: the types in scope, or supplied, that it and all below it use.
        lacks: types that the request has to supply besides; () if it can be made as it is.
    """

    product: type
    rule: Rule
    uses: tuple[type, ...]
    lacks: tuple[type, ...] = ()


def offers(
    solver: Solver, scope: Collection[type], supplied: Collection[type], patience_s: float
) -> list[Offer]:
    """What a `Get` may ask for, the likeliest first.

    Args:
        scope: what the rule that asks was passed.
        supplied: what the `Get` itself brings; only what uses all of it is offered.
    """
    found: dict[type, Offer] = {}
    until_s = time.monotonic() + patience_s
    for offer in _iter_offers(solver, frozenset(scope), frozenset(supplied)):
        known = found.get(offer.product)
        if known is None or len(offer.lacks) < len(known.lacks):
            found[offer.product] = offer
        if time.monotonic() > until_s:
            break
    return sorted(found.values(), key=_rank)


def _rank(offer: Offer) -> tuple[object, ...]:
    return (len(offer.lacks), not offer.uses, type_name(offer.product), offer.product.__module__)


def _iter_offers(
    solver: Solver, scope: frozenset[type], supplied: frozenset[type]
) -> Iterator[Offer]:
    slots = solver.slots
    here = scope | supplied
    for product, makers in slots.makers.items():
        if is_goal(product) or (product in scope and not supplied):
            continue
        for number in makers:
            rule = slots.entries[number].the_rule
            uses = _uses(solver, number, here)
            if uses is not None:
                if supplied <= set(uses):
                    yield Offer(product, rule, uses)
                continue
            lacks = [p.type for p in rule.params if not _is_made(solver, p.type, here)]
            uses = _uses(solver, number, here | set(lacks)) if lacks else None
            if uses is not None and set(lacks) | supplied <= set(uses):
                used = tuple([cls for cls in uses if cls not in lacks])
                yield Offer(product, rule, used, tuple(dict.fromkeys(lacks)))


def _uses(solver: Solver, number: int, scope: Collection[type]) -> tuple[type, ...] | None:
    """What a rule uses of a scope; None if it cannot be made from it."""
    node = solver.node(number, solver.slots.mask(scope))
    return None if node.failures else solver.slots.unmask(node.used)


def _is_made(solver: Solver, product: type, scope: frozenset[type]) -> bool:
    return product in scope or bool(solver.solve(product, scope).answers)
