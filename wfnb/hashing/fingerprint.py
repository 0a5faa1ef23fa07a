"""Fingerprints: what a function means, as a digest of all the code and all the values it can reach.

Knows: how a print is kept, checked and compared.
Does not know: how it is made (`printer.py`).
Holds: two functions that do the same by their definitions have the same digest in every process;
    what cannot be seen into never has the same digest in two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import CellType, FunctionType
from typing import Any, NamedTuple

from wfnb.hashing.printer import Printer
from wfnb.hashing.values import ABSENT, content, is_same_state, short_text, state
from wfnb.places import place


class Read(NamedTuple):
    """A name that was followed, and the object that it led to."""

    namespace: Any
    name: str
    value: Any

    def __repr__(self) -> str:
        return f"Read({self.name}: {short_text(self.value)})"


class _Inside(NamedTuple):
    """What was found inside the objects that were read."""

    functions: tuple[tuple[FunctionType, Any, Any, Any], ...]
    cells: tuple[tuple[CellType, Any], ...]
    classes: tuple[tuple[Any, tuple[Any, ...]], ...]
    states: tuple[tuple[Any, tuple[object, ...]], ...]

    def holds(self) -> bool:
        for function, code, defaults, keyword_defaults in self.functions:
            if (
                function.__code__ is not code
                or function.__defaults__ is not defaults
                or function.__kwdefaults__ is not keyword_defaults
            ):
                return False
        for cell, value in self.cells:
            if content(cell) is not value:
                return False
        try:
            for namespace, values in self.classes:
                if not is_same_state(values, tuple(namespace.values())):
                    return False
            for owner, before in self.states:
                if not is_same_state(before, state(owner)):
                    return False
        except RuntimeError:  # another thread is at it
            return False
        return True


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a function means.

    Attributes:
        digest: differs when the meaning does.
        reads: every name that was followed.
        lints: what could not be followed, or may change in place; a sentence each.
        parts: what it is made of: a label, a hash, and a short text of the value.
    """

    digest: bytes
    reads: tuple[Read, ...] = field(compare=False, repr=False)
    lints: tuple[str, ...] = field(compare=False)
    parts: tuple[tuple[str, bytes, str], ...] = field(compare=False, repr=False)
    _inside: _Inside = field(compare=False, repr=False)
    _places: Mapping[str, tuple[str, int]] = field(compare=False, repr=False)

    def where(self, label: str) -> str:
        """Where the helper with this label is written: ` (In [4])`; "" if that is not known."""
        filename, line = self._places.get(label, ("", 0))
        found = place(filename, line)
        if found.is_cell:
            return f" ({found.label})"
        return f" ({found.short})" if filename.endswith(".py") else ""

    def without_reads(self) -> Fingerprint:
        """The same to compare with a later one; keeps no object alive that was read."""
        return replace(self, reads=(), _inside=_Inside((), (), (), ()))

    def holds(self) -> bool:
        """Whether all that was read is still there, and the very same inside.

        False does not mean that the meaning changed: print again and compare.

        Cost: about 3 µs for a short rule, and a pass over what can change in place.
        """
        for namespace, name, value in self.reads:
            if namespace.get(name, ABSENT) is not value:
                return False
        return self._inside.holds()


def fingerprint(function: Any) -> Fingerprint:
    """Print a function, and all that it can reach by its names.

    Cost: about 0.5 ms for a short rule, half of that if its code was printed before.
    """
    printer = Printer()
    digest = printer.print(function)
    return Fingerprint(
        digest,
        tuple([Read(*read) for read in printer.reads.values()]),
        tuple(printer.lints),
        tuple([(label, *rest) for label, rest in printer.parts.items()]),
        _Inside(
            tuple(printer.functions),
            tuple(printer.cells),
            tuple(printer.classes),
            tuple(printer.states.values()),
        ),
        printer.places,
    )


def difference(old: Fingerprint, new: Fingerprint) -> str | None:
    """The first part that differs, in the author's words; None if the meaning is the same."""
    if old.digest == new.digest:
        return None
    before = {label: (digest, text) for label, digest, text in old.parts}
    after = {label: (digest, text) for label, digest, text in new.parts}
    for label, (digest, text) in before.items():
        if label in after and after[label][0] != digest:
            now = after[label][1]
            if text and now and text != now:
                return f"{label}: {text} → {now}"
            return label + new.where(label)
    gone = [label for label in before if label not in after]
    come = [label for label in after if label not in before]
    for label in gone:
        for other in come:
            if label.partition(" ")[2] == other.partition(" ")[2] != "":
                return f"{label} → {other.partition(' ')[0]}"
    if gone:
        return f"{gone[0]} is gone"
    return f"{come[0]} is new" if come else "what it reads"
