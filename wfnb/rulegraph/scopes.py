"""Which types can matter below a rule, in whatever scope it is used.

Knows: which rules may lead to which.
Does not know: which of them will be chosen.
Holds: a type outside a rule's reach makes no difference below it, so two scopes that agree within
    the reach are one. That is what keeps a graph with many queries as small as its rules.
"""

from __future__ import annotations

from wfnb.rulegraph.components import components
from wfnb.rulegraph.slots import Entry, Slots


def measure_reach(slots: Slots) -> None:
    """Set `reach` on every entry.

    Cost: linear in slots and candidates, times the passes that loops need (few).
    """
    entries = slots.entries

    def below(entry: Entry) -> list[Entry]:
        return [entries[number] for slot in entry.slots for number in slot.candidates]

    for found in components(entries, below):
        for entry in found:
            entry.reach = 0
        changed = True
        while changed:
            changed = False
            for entry in found:
                reach = _reach(entry, entries)
                if reach != entry.reach:
                    entry.reach = reach
                    changed = len(found) > 1 or entry in below(entry)


def _reach(entry: Entry, entries: list[Entry]) -> int:
    reach = 0
    for slot in entry.slots:
        through = slot.product_bit if slot.may_be_param else 0
        for number in slot.candidates:
            through |= entries[number].reach
        reach |= through & ~slot.supplied
    return reach
