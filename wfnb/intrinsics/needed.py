"""Which of the intrinsic rules a set of rules may need, so that the others stay out of the graph.

Knows: what rules ask for, by type.
Does not know: who answers. Imports the rules themselves only when some type of theirs is named.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from wfnb.rules.rule import Rule

Wanted = tuple[type, frozenset[type]]  # a product, and what is supplied or passed for it


def needed_intrinsics(
    wanted: AbstractSet[Wanted], made: AbstractSet[type]
) -> tuple[Rule[Any], ...]:
    """The intrinsic rules that may answer some request, or one of theirs.

    Args:
        wanted: all requests.
        made: what other rules make.
    """
    named = {cls for product, supplied in wanted for cls in (product, *supplied)}
    if not any(cls.__module__.startswith("wfnb.intrinsics.") for cls in named):
        return ()
    from wfnb.intrinsics.rules import RULES

    at_hand = {cls for _, supplied in wanted for cls in supplied} | set(made)
    found: dict[Rule[Any], None] = {}
    todo = list(wanted)
    while todo:
        product, supplied = todo.pop()
        for rule in RULES:
            takes = rule.params[0].type
            fits = takes in supplied if supplied else takes in at_hand
            if rule.product is product and fits and rule not in found:
                found[rule] = None
                todo += [(r.product, frozenset(r.supplied)) for r in rule.requests().found]
    return tuple([rule for rule in RULES if rule in found])
