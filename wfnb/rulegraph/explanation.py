"""Explanations: who makes a product from a scope, out of what, and why not the others.

Knows: settled nodes, chosen and not.
Does not know: values, tasks.
Holds: the text is the same each time; it is cut, not endless, for graphs of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wfnb.rulegraph.causes import find_causes
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.phrases import asked, maker
from wfnb.rulegraph.slots import Slot
from wfnb.rulegraph.wording import Wording
from wfnb.rules.rule import Rule
from wfnb.rules.wording import type_name

_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that makes the product.

    Attributes:
        uses: the params that it and all below it use; () if it has no answer.
        why_not: why it was not taken; None for the one that was.
    """

    rule: Rule
    uses: tuple[type, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who would answer a request, and why not the others; `str()` is a small tree.

    Attributes:
        scope: the types that are passed, by module and name.
        rule: who answers; None if a param does, or nobody.
        uses: the params that are used, of those that are passed.
        candidates: every rule that makes the product.
        problem: why there is no answer; None if there is one.
    """

    product: type
    scope: tuple[type, ...]
    rule: Rule | None
    uses: tuple[type, ...]
    candidates: tuple[Candidate, ...]
    problem: str | None
    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<explanation of {asked(self.product, self.scope)}>"


def explain_param(product: type, scope: tuple[type, ...], makers: tuple[Rule, ...]) -> Explanation:
    """The product itself is passed."""
    name = type_name(product)
    why_not = f"the {name} that is passed is always taken before a rule"
    lines = [asked(product, scope), f"└─ the {name} that is passed"]
    lines += [f"   not {maker(rule)}: {why_not}" for rule in makers]
    candidates = tuple([Candidate(rule, (), why_not) for rule in makers])
    return Explanation(product, scope, None, (product,), candidates, None, "\n".join(lines))


def explain(words: Wording, root: Node, scope: tuple[type, ...]) -> Explanation:
    """Explain the settled node of a request from outside."""
    slot = root.slot(0)
    kids = root.candidates[0] or ()
    chosen = root.answers[0] if root.answers else None
    unmask = words.slots.unmask
    candidates = tuple(
        [
            Candidate(
                kid.entry.the_rule,
                () if kid.failures else unmask(kid.used),
                None if kid is chosen else why_not(words, slot, root, 0, kid, chosen),
            )
            for kid in kids
        ]
    )
    head = asked(slot.product, scope)
    if chosen is None:
        problem = str(words.of_cause(find_causes(root)[0]))
        lines = [head, *[f"  not {maker(c.rule)}: {c.why_not}" for c in candidates]]
        text = "\n".join([*lines, problem])
        return Explanation(slot.product, scope, None, (), candidates, problem, text)
    lines = [head]
    for line in _tree(words, root):
        if len(lines) == _MOST_LINES:
            lines.append("…")
            break
        lines.append(line)
    return Explanation(
        slot.product,
        scope,
        chosen.entry.the_rule,
        unmask(root.used),
        candidates,
        None,
        "\n".join(lines),
    )


def _tree(words: Wording, root: Node) -> Iterator[str]:
    """One line per request, and one per candidate that was passed over; each rule once."""
    shown: set[Node] = set()
    rest: list[tuple[Node, int, str, bool]] = [(root, 0, "", True)]
    while rest:
        node, position, indent, is_last = rest.pop()
        slot = node.slot(position)
        branch, below = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        kids = node.candidates[position]
        if kids is None:
            yield f"{indent}{branch}{what(slot)}: passed"
            continue
        chosen = node.answers[position]
        assert chosen is not None
        again = " …as above" if chosen in shown and chosen.entry.slots else ""
        uses = words.names(chosen.used)
        yield f"{indent}{branch}{what(slot)}: {maker(chosen.entry.the_rule)}, from {uses}{again}"
        for kid in kids:
            if kid is not chosen:
                why = why_not(words, slot, node, position, kid, chosen)
                yield f"{indent}{below}not {maker(kid.entry.the_rule)}: {why}"
        if chosen in shown:
            continue
        shown.add(chosen)
        count = len(chosen.entry.slots)
        rest += [
            (chosen, number, indent + below, number == count - 1)
            for number in reversed(range(count))
        ]


def what(slot: Slot) -> str:
    """What a slot asks for, as it is written."""
    if slot.request is None or slot.is_param:
        return type_name(slot.product)
    member = "" if slot.member is None else f" with {type_name(slot.member)}"
    return f"{slot.request.text or type_name(slot.product)}{member}"


def why_not(
    words: Wording, slot: Slot, node: Node, position: int, kid: Node, chosen: Node | None
) -> str:
    """Why a candidate for a slot of a settled node was not taken."""
    if (position, kid) in node.looping:
        return f"it needs {node.entry.the_rule.name} first"
    if kid.failures or slot.supplied & ~kid.used:
        return f"it {words.why_not(slot, kid)}"
    used = words.names(kid.used)
    if chosen is None:
        return f"it uses {used}, as many params as another"
    return f"it uses {used}, more params than {chosen.entry.the_rule.name}"
