"""The choice: who answers a slot, when all that could answer it is settled.

Knows: the three laws. A candidate must have answers for all its own requests; it must use what
    the request supplies; of those left, the one that uses the fewest params is taken, and a tie
    is an ambiguity at this very request.
Does not know: loops (`recursion`).
"""

from __future__ import annotations

from wfnb.rulegraph.nodes import NOBODY, Failure, Node


def settle(node: Node) -> None:
    """Decide every slot of a node that leads only to settled ones."""
    answers: list[Node | None] = []
    failures: dict[int, Failure] = {}
    used = 0
    for position, (slot, kids) in enumerate(zip(node.entry.slots, node.candidates, strict=True)):
        if kids is None:
            answers.append(None)
            used |= slot.product_bit
            continue
        chosen = choose(slot.supplied, kids)
        if isinstance(chosen, Failure):
            failures[position] = chosen
        else:
            answers.append(chosen)
            used |= chosen.used & ~slot.supplied
    node.used = used
    if failures:
        node.failures = failures
    else:
        node.answers = tuple(answers)
    node.is_settled = True


def choose(supplied: int, kids: tuple[Node, ...]) -> Node | Failure:
    """The one candidate with the fewest params among those that can answer."""
    best: Node | None = None
    tied: list[Node] = []
    fewest = -1
    for kid in kids:
        if kid.failures or supplied & ~kid.used:
            continue
        count = kid.used.bit_count()
        if best is None or count < fewest:
            best, fewest = kid, count
            tied = []
        elif count == fewest:
            tied.append(kid)
    if best is None:
        return NOBODY
    return Failure(tied=(best, *tied)) if tied else best
