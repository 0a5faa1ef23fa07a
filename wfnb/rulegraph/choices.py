"""Choices: for each rule, who answers each of its requests, and why not the others.

Knows: what requests from outside led to; where none did, what holds in every scope.
Does not know: layout, values.
Holds: every candidate of a request is named, as one that answers or with a reason. With many
    candidates, those that answer come first, and the rest are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wfnb.rulegraph.asked import Request
from wfnb.rulegraph.causes import iter_considered
from wfnb.rulegraph.explanation import what, why_not
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.outlook import Outlook
from wfnb.rulegraph.phrases import maker, types
from wfnb.rulegraph.slots import Entry, Slot
from wfnb.rulegraph.wording import Wording
from wfnb.rules.rule import RuleKey
from wfnb.rules.wording import type_name

MOST_REJECTED = 12  # per request
_PASSED = "passed by who asks"


@dataclass(frozen=True, slots=True)
class Choice:
    """One request of a rule.

    Attributes:
        what: as it is written, or the type of a parameter.
        kind: "param", "get" or "call".
        line: where it stands; None when unknown.
        chosen: who answers, "resize (In [3], line 2)"; several, where it depends on what is
            passed; none, if nobody does.
        rejected: the other candidates, each with the reason.
        more: how many of these are left out.
        is_sure: whether requests made so far, or any that there could be, follow this.
    """

    what: str
    kind: str
    line: int | None
    chosen: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]
    more: int = 0
    is_sure: bool = True


def choices_of(
    outlook: Outlook, requests: Iterable[Request]
) -> Mapping[RuleKey, tuple[Choice, ...]]:
    """The choices of all rules but those that ship with wfnb."""
    requests = tuple(requests)
    words = Wording(outlook.slots, [cls for request in requests for cls in request.scope])
    met: dict[int, list[Node]] = {}
    for request in requests:
        if request.root is not None:
            for node in iter_considered(request.root):
                known = met.setdefault(node.entry.number, [])
                if node not in known:
                    known.append(node)
    found: dict[RuleKey, tuple[Choice, ...]] = {}
    for entry in outlook.entries:
        if not entry.the_rule.is_intrinsic:
            nodes = met.get(entry.number)
            found[entry.the_rule.key] = tuple(
                [
                    _seen(words, nodes, position, slot)
                    if nodes
                    else _foreseen(words, outlook, entry, slot)
                    for position, slot in enumerate(entry.slots)
                ]
            )
    return found


# ------------------------------------------------------------ in what was asked


def _seen(words: Wording, nodes: list[Node], position: int, slot: Slot) -> Choice:
    chosen: dict[str, None] = {}
    rejected: dict[str, str] = {}
    for node in nodes:
        kids = node.candidates[position]
        if kids is None:
            chosen[_PASSED] = None
            continue
        taken = None if position in node.failures else _taken(node, position)
        for kid in kids:
            name = maker(kid.entry.the_rule)
            if kid is taken:
                chosen[name] = None
            else:
                rejected.setdefault(name, why_not(words, slot, node, position, kid, taken))
    for number in slot.candidates:  # where a param answers in every scope
        first = f"the {type_name(slot.product)} that is passed is taken before a rule"
        rejected.setdefault(maker(words.slots.entries[number].the_rule), first)
    return _choice(slot, chosen, ((n, why) for n, why in rejected.items() if n not in chosen))


def _taken(node: Node, position: int) -> Node | None:
    """Who answers; of a node that fails elsewhere this is not noted, unless there is one way."""
    if node.answers:
        return node.answers[position]
    kids = [kid for kid in node.candidates[position] or () if not kid.failures]
    return kids[0] if len(kids) == 1 else None


# ------------------------------------------------------------ before anyone asks


def _foreseen(words: Wording, outlook: Outlook, entry: Entry, slot: Slot) -> Choice:
    others = [outlook.entries[number] for number in slot.candidates]
    usable, winner = outlook.usable(slot), outlook.winner(slot)
    chosen: dict[str, None] = {}
    if outlook.can_be_param(slot):
        chosen[_PASSED] = None
    for other in usable if winner is None else [winner]:
        chosen[maker(other.the_rule)] = None
    rejected = (
        (maker(other.the_rule), _why_never(words, outlook, slot, other, winner))
        for other in others
        if maker(other.the_rule) not in chosen
    )
    return _choice(slot, chosen, rejected, is_sure=len(chosen) < 2)


def _why_never(
    words: Wording, outlook: Outlook, slot: Slot, other: Entry, winner: Entry | None
) -> str:
    lacking = outlook.slots.unmask(slot.supplied & ~outlook.may_use[other.number])
    if other.number in outlook.hopeless:
        return "an error further on keeps it from answering"
    if lacking:
        return f"it does not use {types(lacking, last='or')}"
    used = outlook.certainly_uses(other)
    assert winner is not None  # else it would be one of those that may answer
    if used is None:
        return f"it uses more than {winner.the_rule.name}"
    return f"it uses {words.names(used)}, more params than {winner.the_rule.name}"


# ------------------------------------------------------------ parts


def _choice(
    slot: Slot,
    chosen: Iterable[str],
    rejected: Iterator[tuple[str, str]],
    *,
    is_sure: bool = True,
) -> Choice:
    request = slot.request
    assert request is not None  # a rule's own
    others = tuple(rejected)
    return Choice(
        what(slot),
        request.kind,
        request.place.line,
        tuple(chosen),
        others[:MOST_REJECTED],
        len(others[MOST_REJECTED:]),
        is_sure,
    )
