"""Rules, types and requests as they are called in messages.

Knows: names and places.
Does not know: what the message is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wfnb.places import NOWHERE, Place
from wfnb.rulegraph.slots import Entry, Slot
from wfnb.rules.goals import has_effects
from wfnb.rules.rule import Rule
from wfnb.rules.wording import listing, type_name

_MOST_NAMES = 3


def maker(rule: Rule) -> str:
    """A rule with its place: `resize (In [3], line 2)`."""
    where = rule.place.short
    return f"{rule.name} ({where})" if where else rule.name


def types(classes: Iterable[type], empty: str = "nothing", last: str = "and") -> str:
    """Types in a row: `Photo and Size`."""
    return listing([type_name(cls) for cls in classes], empty=empty, last=last)


def asked(product: type, scope: Iterable[type]) -> str:
    """A request from outside: `Gallery from Folder and Size`."""
    params = [cls for cls in scope if not has_effects(cls)]  # those pass by themselves
    return f"{type_name(product)} from {types(params, empty='no params')}"


def few(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    if len(names) <= _MOST_NAMES:
        return listing(names)
    return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more"


def origin(entry: Entry, slot: Slot) -> Place:
    """The line of a request: its own, or its rule's."""
    if slot.request is not None and slot.request.place.label:
        found = slot.request.place
        if slot.is_param and entry.rule is not None:
            names = [name for name, cls in entry.rule.params if cls is slot.product]
            return replace(found, param=names[0]) if names else found
        return found
    return entry.rule.place if entry.rule is not None else NOWHERE
