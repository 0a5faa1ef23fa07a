"""Nodes: a rule in a scope, and what became of each of its slots.

Knows: the candidates of each slot in this scope; the answers, or why there are none.
Does not know: how the choice is made.
Holds: once settled, a node never changes, and all that it leads to is settled.
    It answers requests if and only if `failures` is empty.
"""

from __future__ import annotations

from typing import Final

from wfnb.rulegraph.slots import Entry, Slot


class Failure:
    """Why a slot has no single answer.

    Attributes:
        tied: candidates that use equally many params, if it is an ambiguity.
        loop: the rules of a loop of parameters, if there is no other way than through it.
    """

    __slots__ = ("loop", "tied")

    def __init__(self, tied: tuple[Node, ...] = (), loop: tuple[Node, ...] = ()) -> None:
        self.tied = tied
        self.loop = loop


class Node:
    """A rule (or a request from outside) in a scope.

    Attributes:
        scope: the types in scope that could matter below, as bits.
        kids: per slot, its candidates in the scope they would get; None where a param answers.
        used: the params that are used by all that was chosen below, as bits.
        answers: per slot, who answers; None where a param does. Empty if something failed.
        failures: per failed slot (its position), why.
        looping: (position, candidate) passed over because it is answerable only through a loop
            of parameters.
    """

    __slots__ = (
        "answers",
        "entry",
        "failures",
        "is_settled",
        "kids",
        "looping",
        "scope",
        "used",
    )

    def __init__(self, entry: Entry, scope: int) -> None:
        self.entry = entry
        self.scope = scope
        self.kids: tuple[tuple[Node, ...] | None, ...] | None = None
        self.used = 0
        self.answers: tuple[Node | None, ...] = ()
        self.failures: dict[int, Failure] = {}
        self.looping: frozenset[tuple[int, Node]] = frozenset()
        self.is_settled = False

    @property
    def candidates(self) -> tuple[tuple[Node, ...] | None, ...]:
        """`kids` of a node that was opened."""
        assert self.kids is not None
        return self.kids

    def slot(self, position: int) -> Slot:
        """One of the rule's slots."""
        return self.entry.slots[position]

    def __repr__(self) -> str:
        name = self.entry.rule.name if self.entry.rule else "request"
        return f"<{name} in {self.scope:b}>"


NOBODY: Final = Failure()
