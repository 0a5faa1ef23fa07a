"""Causes: where a request really fails, and the way there.

Knows: settled nodes and why their slots failed.
Does not know: words (`wording`), what holds whatever is asked (`outlook`).
Holds: a rule that fails because of another is never a cause; the other is. Where several rules
    could have answered and each failed for its own reason, the request itself is the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wfnb.rulegraph.nodes import Failure, Node
from wfnb.rulegraph.slots import Slot

Kind = Literal["missing", "unregistered", "member", "ambiguous", "unused", "loop", "several"]
Step = tuple[Node, int]
CauseKey = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """One slot that has no answer for a reason of its own.

    Attributes:
        path: the slots that lead here, from the outside in; the last one is the cause.
        kids: the candidates that the message is about.
    """

    kind: Kind
    path: tuple[Step, ...]
    kids: tuple[Node, ...] = ()

    @property
    def node(self) -> Node:
        """Whose slot it is."""
        return self.path[-1][0]

    @property
    def slot(self) -> Slot:
        """The slot without an answer."""
        node, position = self.path[-1]
        return node.slot(position)

    @property
    def above(self) -> Slot | None:
        """The slot through which the owner was asked for."""
        if len(self.path) < 2:
            return None
        node, position = self.path[-2]
        return node.slot(position)

    @property
    def key(self) -> CauseKey:
        """Equal for the same cause met on another way or in another scope."""
        if self.kind == "loop":
            return ("loop", frozenset(kid.entry.number for kid in self.kids))
        return slot_key(self.node.entry.number, self.slot)


def slot_key(number: int, slot: Slot) -> CauseKey:
    """What tells the slots of a graph apart."""
    return (number, slot.wiring, slot.member, slot.product if number < 0 else None)


def find_causes(root: Node) -> list[Cause]:
    """The causes for which a settled node cannot answer, each once, deepest first."""
    found: dict[CauseKey, Cause] = {}
    seen: set[Node] = set()
    rest: list[tuple[Node, tuple[Step, ...]]] = [(root, ())]
    while rest:
        node, path = rest.pop()
        if node in seen:
            continue
        seen.add(node)
        deeper: list[tuple[Node, tuple[Step, ...]]] = []
        for position, failure in sorted(node.failures.items()):
            here = (*path, (node, position))
            cause = _cause(node, position, failure, here)
            if isinstance(cause, Node):
                deeper.append((cause, here))
            else:
                found.setdefault(cause.key, cause)
        rest += reversed(deeper)
    return sorted(found.values(), key=lambda cause: -len(cause.path))


def _cause(node: Node, position: int, failure: Failure, path: tuple[Step, ...]) -> Cause | Node:
    """The cause at a failed slot, or the candidate in which to look on."""
    slot = node.slot(position)
    if failure.tied:
        return Cause("ambiguous", path, failure.tied)
    if failure.loop:
        return Cause("loop", path, failure.loop)
    kids = node.candidates[position] or ()
    meant = meant_kids(slot, kids)
    if len(meant) == 1 and meant[0].failures:
        return meant[0]
    if slot.named is not None and not kids:
        return Cause("unregistered", path)
    if not meant and slot.member is not None:
        return Cause("member", path, kids)
    if not kids:
        return Cause("missing", path)
    if all(not kid.failures for kid in meant):
        return Cause("unused", path, meant or kids)
    return Cause("several", path, meant)


def meant_kids(slot: Slot, kids: tuple[Node, ...]) -> tuple[Node, ...]:
    """The candidates that could use what is supplied, in some scope."""
    return tuple([kid for kid in kids if not slot.supplied & ~kid.entry.reach])


def iter_chosen(root: Node) -> Iterator[Node]:
    """A node that answers and all that was chosen below it, each once."""
    seen = {root}
    rest = [root]
    while rest:
        node = rest.pop()
        yield node
        for kid in node.answers:
            if kid is not None and kid not in seen:
                seen.add(kid)
                rest.append(kid)


def iter_considered(root: Node) -> Iterator[Node]:
    """A node and all candidates below it, chosen or not, each once."""
    seen = {root}
    rest = [root]
    while rest:
        node = rest.pop()
        yield node
        for kids in node.candidates:
            for kid in kids or ():
                if kid not in seen:
                    seen.add(kid)
                    rest.append(kid)
