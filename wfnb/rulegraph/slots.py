"""Requests as the solver sees them: one slot per choice that has to be made.

Knows: which rules could answer a slot, by product or by name; types as bits of an integer.
Does not know: scopes. A slot is the same wherever its rule is used.
Holds: slots of a rule have different (wiring, member); a request through a union has one slot per
    member. Rules are numbered by name, so nothing depends on the order in which cells ran.

A set of types is an integer with one bit per type: scopes are intersected and compared millions
of times, and frozensets made a graph of 300 rules ten times slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wfnb.rules.found import StaticRequest
from wfnb.rules.goals import is_goal
from wfnb.rules.rule import Rule, RuleKey
from wfnb.rules.unions import is_union

Wiring = tuple[Any, Any]


class Slot:
    """One choice: who answers this request (for this member, if it goes by a union).

    Attributes:
        request: what was asked; None for a request from outside.
        product: what has to be made.
        product_bit: its bit, 0 if no request could be answered by a param of it.
        supplied: the types that the request brings along, as bits.
        given: the same as types.
        may_be_param: it supplies nothing and names no rule, so a param may answer.
        is_param: it is a parameter of the rule, asked for before the body starts.
        candidates: numbers of the rules that make the product, or of the one that is named; none
            for a parameter of a rule that ships with wfnb, which takes what it is given.
        base, member: the union it goes through, and for which of its members.
    """

    __slots__ = (
        "base",
        "candidates",
        "given",
        "is_param",
        "may_be_param",
        "member",
        "product",
        "product_bit",
        "request",
        "supplied",
        "wiring",
    )

    def __init__(
        self,
        product: type,
        request: StaticRequest | None,
        candidates: tuple[int, ...],
        *,
        given: tuple[type, ...] = (),
        base: type | None = None,
        member: type | None = None,
    ) -> None:
        self.product = product
        self.request = request
        self.candidates = candidates
        self.given = given
        self.base = base
        self.member = member
        self.is_param = request is not None and request.kind == "param"
        self.may_be_param = not given and (request is None or request.rule is None)
        self.wiring: Wiring = (product, None) if request is None else request.wiring
        self.product_bit = 0
        self.supplied = 0

    @property
    def named(self) -> RuleKey | None:
        """The rule that is called by name."""
        return None if self.request is None else self.request.rule


class Entry:
    """A rule with its slots; without a rule, a request from outside.

    Attributes:
        number: the place in `Slots.entries`; -1 for a request from outside.
        unions: requests through a union: wiring → (base, how many slots).
        reach: every type that could be used as a param below, as bits.
    """

    __slots__ = ("number", "reach", "rule", "slots", "unions")

    def __init__(self, number: int, rule: Rule | None, slots: tuple[Slot, ...]) -> None:
        self.number = number
        self.rule = rule
        self.slots = slots
        self.reach = -1
        self.unions: dict[Wiring, type] = {}

    @property
    def the_rule(self) -> Rule:
        """The rule of an entry that has one."""
        assert self.rule is not None
        return self.rule


class Slots:
    """All rules with their slots, and the bits that stand for types."""

    def __init__(
        self,
        rules: Iterable[Rule],
        unions: Mapping[type, tuple[type, ...]],
        learned: Mapping[RuleKey, tuple[StaticRequest, ...]],
    ) -> None:
        by_key = {rule.key: rule for rule in rules}
        ordered = sorted(by_key.values(), key=_order_of_rules)
        self.by_key = {rule.key: number for number, rule in enumerate(ordered)}
        makers: dict[type, list[int]] = {}
        for number, rule in enumerate(ordered):
            makers.setdefault(rule.product, []).append(number)
        self.makers = {product: tuple(numbers) for product, numbers in makers.items()}
        self._unions = unions
        self.entries = [
            self._entry(number, rule, learned.get(rule.key, ()))
            for number, rule in enumerate(ordered)
        ]
        self._number_types()

    # ------------------------------------------------------------ requests

    def _entry(self, number: int, rule: Rule, learned: tuple[StaticRequest, ...]) -> Entry:
        slots: list[Slot] = []
        unions: dict[Wiring, type] = {}
        seen: set[Wiring] = set()
        for request in (*rule.param_requests(), *rule.requests().found, *learned):
            wiring = request.wiring
            if wiring in seen:
                continue
            seen.add(wiring)
            base = next(filter(self.is_union, request.supplied), None)
            if base is None:
                slot = self._slot(request, request.supplied)
                if slot.is_param and rule.is_intrinsic:
                    # Else Snapshot comes of PathGlobs in two ways, the other by way of its Digest,
                    # and a rule that makes a Digest has a say in all requests for files.
                    slot.candidates = ()
                slots.append(slot)
                continue
            unions[wiring] = base
            for member in self.members(base):
                given = tuple([member if cls is base else cls for cls in request.supplied])
                slots.append(self._slot(request, given, base, member))
        entry = Entry(number, rule, tuple(slots))
        entry.unions = unions
        return entry

    def _slot(
        self,
        request: StaticRequest,
        given: tuple[type, ...],
        base: type | None = None,
        member: type | None = None,
    ) -> Slot:
        if is_goal(request.product):
            candidates: tuple[int, ...] = ()  # goals are the outermost
        elif request.rule is None:
            candidates = self.makers.get(request.product, ())
        else:
            number = self.by_key.get(request.rule)
            candidates = () if number is None else (number,)
        return Slot(request.product, request, candidates, given=given, base=base, member=member)

    def outside(self, product: type) -> Entry:
        """The entry of a request from outside."""
        slot = Slot(product, None, self.makers.get(product, ()))
        slot.product_bit = self.bits.get(product, 0)
        return Entry(-1, None, (slot,))

    def is_union(self, cls: type) -> bool:
        """Whether a supplied value of this type goes by its own type instead."""
        return cls in self._unions or is_union(cls)

    def members(self, base: type) -> tuple[type, ...]:
        """The members of a union, by name."""
        return tuple(sorted(self._unions.get(base, ()), key=name_order))

    # ------------------------------------------------------------ types as bits

    def _number_types(self) -> None:
        types: dict[type, None] = {}
        for slot in self.iter_slots():
            if slot.may_be_param:
                types[slot.product] = None
            types.update(dict.fromkeys(slot.given))
        self.types = tuple(sorted(types, key=name_order))
        self.bits = {cls: 1 << position for position, cls in enumerate(self.types)}
        for slot in self.iter_slots():
            slot.product_bit = self.bits.get(slot.product, 0)
            slot.supplied = self.mask(slot.given)

    def iter_slots(self) -> Iterator[Slot]:
        """All slots of all rules."""
        for entry in self.entries:
            yield from entry.slots

    def mask(self, types: Iterable[type]) -> int:
        """Types as bits; those that no request could use are left out."""
        bits = self.bits
        found = 0
        for cls in types:
            found |= bits.get(cls, 0)
        return found

    def unmask(self, mask: int) -> tuple[type, ...]:
        """The types of a mask, by module and name."""
        found = []
        while mask:
            low = mask & -mask
            found.append(self.types[low.bit_length() - 1])
            mask ^= low
        return tuple(found)


def name_order(cls: type) -> tuple[str, str]:
    """How types are sorted wherever their order shows."""
    return (cls.__module__, cls.__qualname__)


def _order_of_rules(rule: Rule) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return (rule.name, rule.module, tuple([name_order(cls) for cls in rule.key.types]))
