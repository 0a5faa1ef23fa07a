"""Warnings: wiring that works, and perhaps not as it was meant.

Knows: what was chosen for each request, and what lost.
Does not know: failures.
Holds: a rule gets one warning at most about not being used; the most telling one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wfnb.rulegraph import codes
from wfnb.rulegraph.causes import iter_chosen, iter_considered
from wfnb.rulegraph.codes import Diagnostic, diagnostic
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.outlook import Outlook
from wfnb.rulegraph.phrases import few, maker, types
from wfnb.rulegraph.slots import Entry
from wfnb.rulegraph.wording import Wording
from wfnb.rules.goals import has_effects
from wfnb.rules.wording import a, listing, type_name

if TYPE_CHECKING:
    from wfnb.rulegraph.asked import Request


class Habits:
    """Iterates over the warnings of a graph."""

    def __init__(self, words: Wording, outlook: Outlook, requests: Sequence[Request]) -> None:
        self.words = words
        self.outlook = outlook
        self.slots = outlook.slots
        self.entries = outlook.entries
        self.requests = requests
        self.reached: set[int] = set()
        self.lost: dict[int, tuple[Node, Node]] = {}
        self.failed: dict[int, Node] = {}
        self.beaten: dict[int, type] = {}
        self.equal: set[int] = set()

    def __iter__(self) -> Iterator[Diagnostic]:
        yield from self._equals()
        yield from self._params_that_win()
        if self.requests:
            self._look_at_requests()
            yield from self._never_taken()
        else:
            yield from self._never_taken_anywhere()
        yield from self._union_params()
        yield from self._identity_params()

    def _equals(self) -> Iterator[Diagnostic]:
        """Rules between which no request could choose, though none has had to yet."""
        for product in self.slots.makers:
            for group in self.outlook.equals(product):
                rules = [entry.the_rule for entry, _ in group]
                if not any(rule.is_intrinsic for rule in rules):
                    self.equal.update(entry.number for entry, _ in group)
                    yield self.words.equal(group)

    # ------------------------------------------------------------ with requests

    def _look_at_requests(self) -> None:
        for request in self.requests:
            root = request.root
            if root is None:
                continue
            if root.failures:
                self.reached.update(node.entry.number for node in iter_considered(root))
                continue
            for node in iter_chosen(root):
                self.reached.add(node.entry.number)
                self._look_at(node)

    def _look_at(self, node: Node) -> None:
        for position, kids in enumerate(node.candidates):
            slot = node.slot(position)
            if kids is None:
                for number in self.slots.makers.get(slot.product, ()):
                    self.beaten.setdefault(number, slot.product)
                continue
            chosen = node.answers[position]
            assert chosen is not None
            for kid in kids:
                if kid is chosen:
                    continue
                if kid.failures or slot.supplied & ~kid.used or (position, kid) in node.looping:
                    self.failed.setdefault(kid.entry.number, kid)
                else:
                    self.lost.setdefault(kid.entry.number, (kid, chosen))

    def _params_that_win(self) -> Iterator[Diagnostic]:
        passed: dict[type, list[str]] = {}
        for request in self.requests:
            asked_for = {request.product} if request.root is None else self._taken(request.root)
            for cls in request.scope:
                if cls in asked_for and cls in self.slots.makers:
                    passed.setdefault(cls, []).append(str(request))
        for cls, names in passed.items():
            rules = [self.entries[number].the_rule for number in self.slots.makers[cls]]
            yield diagnostic(
                codes.PARAM_WINS,
                f"the {type_name(cls)} that is passed is used, not the one "
                f"{listing([rule.name for rule in rules], last='or')} would make",
                rules[0].place,
                (f"passed in: {few(names)}",),
                f"leave the {type_name(cls)} out to have it made",
            )

    def _taken(self, root: Node) -> set[type]:
        """The types of params that are used somewhere below."""
        if root.failures:
            return set()
        return {
            node.slot(position).product
            for node in iter_chosen(root)
            for position, kids in enumerate(node.candidates)
            if kids is None
        }

    def _never_taken(self) -> Iterator[Diagnostic]:
        passed = {cls for request in self.requests for cls in request.scope}
        by_goals = self.outlook.below_goals()
        for entry in self.entries:
            number = entry.number
            if number in self.reached or number in by_goals or number in self.equal:
                continue
            if number in self.lost:
                loser, winner = self.lost[number]
                yield self._shadowed(entry, loser.used, winner.entry, winner.used)
            elif number in self.beaten:
                if self.beaten[number] not in passed:
                    yield self._shadowed_by_value(entry)
            elif entry.the_rule.product not in passed:
                yield self._unused(entry)

    def _shadowed(self, entry: Entry, uses: int, winner: Entry, winner_uses: int) -> Diagnostic:
        rule, other = entry.the_rule, winner.the_rule
        product = type_name(rule.product)
        return diagnostic(
            codes.SHADOWED,
            f"{rule.name} is never used: {other.name} makes {product} instead",
            rule.place,
            (
                f"{maker(other)} uses {self.words.names(winner_uses)}, "
                f"{rule.name} uses {self.words.names(uses)}",
                "the one that uses fewer params is taken",
            ),
            f"delete {rule.name}, or call it by name: await {rule.name}(…)",
        )

    def _shadowed_by_value(self, entry: Entry) -> Diagnostic:
        rule = entry.the_rule
        product = a(type_name(rule.product))
        return diagnostic(
            codes.SHADOWED,
            f"{rule.name} is never used: a Get passes {product} instead",
            rule.place,
            ("a value that is passed is always taken before a rule",),
            f"delete {rule.name}, or do not pass {product}",
        )

    def _unused(self, entry: Entry) -> Diagnostic:
        rule = entry.the_rule
        reasons = [f"asked or declared: {few([str(request) for request in self.requests])}"]
        failed = self.failed.get(entry.number)
        if failed is not None and failed.failures:
            reasons.insert(0, f"{rule.name} {self.words.why_not(entry.slots[0], failed)}")
        return diagnostic(
            codes.UNUSED,
            f"no request reaches {rule.name}",
            rule.place,
            tuple(reasons),
            f"ask for {type_name(rule.product)}, or delete {rule.name}",
        )

    # ------------------------------------------------------------ without

    def _never_taken_anywhere(self) -> Iterator[Diagnostic]:
        """Rules that lose in every scope to one that uses less."""
        winners: dict[int, Entry] = {}
        taken: set[int] = set()
        asked_for = [slot for entry in self.entries for slot in entry.slots]
        asked_for += [self.slots.outside(product).slots[0] for product in self.slots.makers]
        for slot in asked_for:
            best = self.outlook.winner(slot) if len(slot.candidates) > 1 else None
            for number in slot.candidates:
                if best is None or best.number == number:
                    taken.add(number)
                else:
                    winners.setdefault(number, best)
        for number, best in winners.items():
            is_ours = self.entries[number].the_rule.is_intrinsic
            if number not in taken and number not in self.outlook.hopeless and not is_ours:
                uses = self.outlook.certainly_uses(self.entries[number]) or 0
                wins_with = self.outlook.certainly_uses(best) or 0
                yield self._shadowed(self.entries[number], uses, best, wins_with)

    # ------------------------------------------------------------ types

    def _union_params(self) -> Iterator[Diagnostic]:
        for entry in self.entries:
            for slot in entry.slots:
                if slot.is_param and self.slots.is_union(slot.product):
                    name = type_name(slot.product)
                    members = self.slots.members(slot.product)
                    yield diagnostic(
                        codes.UNION_PARAM,
                        f"{entry.the_rule.name} takes {name}, which is a union",
                        entry.the_rule.place,
                        (
                            f"a value in a request through {name} goes by its own type: "
                            f"{types(members, last='or', empty='that of a member')}",
                        ),
                        "write a rule for each member, that takes the member",
                    )

    def _identity_params(self) -> Iterator[Diagnostic]:
        from wfnb.hashing.keys import has_identity_key

        passed = self.slots.mask(cls for request in self.requests for cls in request.scope)
        for cls in self.slots.unmask(self.outlook.at_hand | passed):
            takers = [
                entry
                for entry in self.entries
                if any(slot.may_be_param and slot.product is cls for slot in entry.slots)
            ]
            if takers and has_identity_key(cls) and not has_effects(cls):
                name = type_name(cls)
                yield diagnostic(
                    codes.IDENTITY_PARAM,
                    f"{name} has no value equality: each object of it is another param",
                    takers[0].the_rule.place,
                    (
                        f"used by {few([maker(entry.the_rule) for entry in takers])}",
                        f"an equal {name}, made again, makes these rules run again",
                    ),
                    f"make {name} a frozen dataclass",
                )
