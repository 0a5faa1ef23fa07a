"""The outlook: what holds for rules in every scope, when nobody has asked for anything yet.

Knows: for each rule whether some scope could serve it, and what it certainly uses.
Does not know: queries, beyond the types that they pass.
Holds: optimistic. A type that no rule makes, that some request supplies or that some query passes
    can be had; a rule that is called hopeless here is so in every scope made of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wfnb.rulegraph.components import components
from wfnb.rulegraph.slots import Entry, Slot, Slots
from wfnb.rules.goals import has_effects


class Outlook:
    """What can be said of each rule, whatever is asked.

    Attributes:
        at_hand: types that can be had without a rule, as bits.
        may_use: per rule, the params that it could use, as bits.
        hopeless: rules that no scope can serve: number → positions of the slots to blame.
        loops: loops of parameters, each as rules in order.
    """

    def __init__(self, slots: Slots, passed: int) -> None:
        self.slots = slots
        self.entries = slots.entries
        self.at_hand = passed
        for slot in slots.iter_slots():
            self.at_hand |= slot.supplied
            if slot.may_be_param and slot.product not in slots.makers:
                self.at_hand |= slot.product_bit
        self.may_use = [entry.reach for entry in self.entries]
        self.hopeless: dict[int, list[int]] = {}
        self.loops: list[list[Entry]] = []
        self._order = [entry for found in components(self.entries, self._below) for entry in found]
        while self._drop_unanswerable() or self._drop_loops():
            self._narrow()
        self._certain = self._find_certain()
        self._called = {slot.named for slot in slots.iter_slots()}

    # ------------------------------------------------------------ can it be served at all

    def can_be_param(self, slot: Slot) -> bool:
        """Whether a value that somebody passes could answer."""
        return slot.may_be_param and bool(slot.product_bit & self.at_hand)

    def usable(self, slot: Slot) -> list[Entry]:
        """The rules that could answer a slot in some scope."""
        return [
            self.entries[number]
            for number in slot.candidates
            if number not in self.hopeless and not slot.supplied & ~self.may_use[number]
        ]

    def _drop_unanswerable(self) -> bool:
        dropped = False
        for entry in self._order:
            if entry.number in self.hopeless:
                continue
            blame = [
                position
                for position, slot in enumerate(entry.slots)
                if not self.can_be_param(slot) and not self.usable(slot)
            ]
            if blame:
                self.hopeless[entry.number] = blame
                dropped = True
        return dropped

    def _drop_loops(self) -> bool:
        """Drop rules that can only start after themselves."""
        waiting: dict[int, int] = {}
        asked_by: dict[int, list[tuple[int, int]]] = {}
        for entry in self.entries:
            if entry.number in self.hopeless:
                continue
            waiting[entry.number] = 0
            for position, slot in enumerate(entry.slots):
                if slot.is_param and not self.can_be_param(slot):
                    waiting[entry.number] += 1
                    for other in self.usable(slot):
                        asked_by.setdefault(other.number, []).append((entry.number, position))
        ready = [number for number, count in waiting.items() if not count]
        answered: set[tuple[int, int]] = set()
        while ready:
            for place in asked_by.get(ready.pop(), ()):
                if place not in answered:
                    answered.add(place)
                    waiting[place[0]] -= 1
                    if not waiting[place[0]]:
                        ready.append(place[0])
        endless = {number for number, count in waiting.items() if count}

        def stuck(number: int) -> list[int]:
            return [
                other.number
                for slot in self.entries[number].slots
                if slot.is_param
                and not self.can_be_param(slot)
                and all(other.number in endless for other in self.usable(slot))
                for other in self.usable(slot)
            ]

        gone: list[int] = []  # not before all are found: it would change what others are stuck on
        for found in components(sorted(endless), stuck):
            together = frozenset(found)
            if any(following not in together for number in found for following in stuck(number)):
                continue
            number = min(found)
            ring: list[int] = []
            while number not in ring:
                ring.append(number)
                number = next(other for other in stuck(number) if other in together)
            self.loops.append([self.entries[other] for other in ring[ring.index(number) :]])
            gone += found
        self.hopeless |= {number: [] for number in gone}
        return bool(endless)

    def _narrow(self) -> None:
        """Take out what only hopeless rules would use."""
        changed = True
        while changed:
            changed = False
            for entry in self._order:
                narrower = 0
                for slot in entry.slots:
                    through = slot.product_bit if slot.may_be_param else 0
                    for other in self.usable(slot):
                        through |= self.may_use[other.number]
                    narrower |= through & ~slot.supplied
                if narrower != self.may_use[entry.number]:
                    self.may_use[entry.number] = narrower
                    changed = True

    def _below(self, entry: Entry) -> Iterator[Entry]:
        for slot in entry.slots:
            for number in slot.candidates:
                yield self.entries[number]

    # ------------------------------------------------------------ what it certainly uses

    def winner(self, slot: Slot) -> Entry | None:
        """The rule that answers a slot in every scope that any rule can answer it in."""
        return self._winner(slot, self._certain)

    def ties(self, slot: Slot) -> list[Entry]:
        """Rules that tie for a slot in every scope that serves them."""
        if self.can_be_param(slot):
            return []
        uses = self._uses(slot, self._certain)
        if uses is None or len(uses) < 2:
            return []
        fewest = min(mask.bit_count() for _, mask in uses)
        least = [(entry, mask) for entry, mask in uses if mask.bit_count() == fewest]
        same = [entry for entry, mask in least if mask == least[0][1]]
        return same if len(same) > 1 and len(same) == len(least) else []

    def equals(self, product: type) -> Iterator[list[tuple[Entry, int]]]:
        """Rules that are equally good wherever they can be used, with what they use; per group.

        A rule that another one calls by name is told apart by it, and is in no group. Nor are rules
        with other parameters: a value may yet be passed that only one of them takes.
        """
        slot = self.slots.outside(product).slots[0]
        uses = self._uses(slot, self._certain) or ()
        groups: dict[tuple[int, frozenset[type]], list[tuple[Entry, int]]] = {}
        for entry, mask in uses:
            key = entry.the_rule.key
            if key not in self._called:
                groups.setdefault((mask, frozenset(key.types)), []).append((entry, mask))
        for (mask, _), group in groups.items():
            is_beaten = any(other & mask == other != mask for _, other in uses)
            if len(group) > 1 and not is_beaten:
                yield group

    def certainly_uses(self, entry: Entry) -> int | None:
        """The params that a rule uses in every scope; None where that depends on the scope."""
        return self._certain[entry.number]

    def _winner(self, slot: Slot, certain: list[int | None]) -> Entry | None:
        if self.can_be_param(slot):
            return None
        uses = self._uses(slot, certain)
        if not uses:
            return None
        best, least = min(uses, key=lambda use: use[1].bit_count())
        for entry, mask in uses:
            if entry is not best and (least & ~mask or mask == least):
                return None
        return best

    def _uses(self, slot: Slot, certain: list[int | None]) -> list[tuple[Entry, int]] | None:
        found: list[tuple[Entry, int]] = []
        for entry in self.usable(slot):
            mask = certain[entry.number]
            if mask is None:
                return None
            if not slot.supplied & ~mask:
                found.append((entry, mask))
        return found

    def _find_certain(self) -> list[int | None]:
        certain: list[int | None] = [0] * len(self.entries)
        for found in components(self.entries, self._below):
            for _ in range(len(found) + 2):
                changed = False
                for entry in found:
                    mask = self._certainly(entry, certain)
                    if mask != certain[entry.number]:
                        certain[entry.number] = mask
                        changed = True
                if not changed:
                    break
            else:
                for entry in found:
                    certain[entry.number] = None
        return certain

    def _certainly(self, entry: Entry, certain: list[int | None]) -> int | None:
        used = 0
        for slot in entry.slots:
            if slot.may_be_param and slot.product not in self.slots.makers:
                used |= slot.product_bit
                continue
            best = self._winner(slot, certain)
            if best is None:
                # In a loop it may only not be known yet; what stays unknown ends as None.
                if not self._is_pending(slot, certain):
                    return None
                continue
            used |= (certain[best.number] or 0) & ~slot.supplied
        return used

    def _is_pending(self, slot: Slot, certain: list[int | None]) -> bool:
        return (
            not self.can_be_param(slot) and bool(slot.supplied) and self._uses(slot, certain) == []
        )

    # ------------------------------------------------------------ inputs

    def open_inputs(self) -> dict[type, list[Entry]]:
        """Types that nobody makes and the outside has to pass, with the rules that take them."""
        makers = self.slots.makers
        wanted = 0
        for entry in self._outermost():
            wanted |= self.may_use[entry.number]
        found: dict[type, list[Entry]] = {}
        for entry in self.entries:
            if entry.the_rule.is_intrinsic:
                continue
            for slot in entry.slots:
                if slot.may_be_param and slot.product not in makers and slot.product_bit & wanted:
                    takers = found.setdefault(slot.product, [])
                    if entry not in takers:
                        takers.append(entry)
        return {
            cls: found[cls] for cls in self.slots.types if cls in found and not has_effects(cls)
        }

    def below_goals(self) -> set[int]:
        """Rules that nobody has to ask for, as goals, and all that they may lead to."""
        todo = [e for e in self.entries if e.the_rule.is_goal or e.the_rule.is_intrinsic]
        seen = {entry.number for entry in todo}
        while todo:
            for other in self._below(todo.pop()):
                if other.number not in seen:
                    seen.add(other.number)
                    todo.append(other)
        return seen

    def _outermost(self) -> Iterable[Entry]:
        """Rules that nobody asks for but, perhaps, rules that they ask for themselves."""
        last: dict[int, int] = {}
        asked: set[int] = set()
        for number, found in enumerate(components(self.entries, self._below)):
            for entry in found:
                last[entry.number] = number
        for entry in self.entries:
            for other in self._below(entry):
                if last[other.number] != last[entry.number]:
                    asked.add(last[other.number])
        return [entry for entry in self.entries if last[entry.number] not in asked]

    def outermost_above(self, numbers: Iterable[int]) -> list[Entry]:
        """The outermost rules that lead to one of these."""
        above: dict[int, list[Entry]] = {}
        for entry in self.entries:
            for other in self._below(entry):
                above.setdefault(other.number, []).append(entry)
        seen = set(numbers)
        rest = list(seen)
        while rest:
            for entry in above.get(rest.pop(), ()):
                if entry.number not in seen:
                    seen.add(entry.number)
                    rest.append(entry.number)
        return [entry for entry in self._outermost() if entry.number in seen]
