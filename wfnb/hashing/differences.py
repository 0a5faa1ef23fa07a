"""What differs between two prints, in the author's words.

Knows: parts and their labels.
Does not know: how parts were found.
Holds: the order is the same every time: the function's own body, then the nearest helpers and
    classes, then the values they read, then libraries.
       What is new or gone is named once, without its own parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from wfnb.hashing.framing import frame
from wfnb.hashing.records import Part, label
from wfnb.places import place

_RANKS: Final = {
    "own body": 0, "decorator": 1, "helper": 2, "class": 2, "field": 2, "field order": 2,
    "member": 2, "library": 4,
}  # fmt: skip


class Compared(Protocol):
    """What of a record is compared."""

    @property
    def places(self) -> Mapping[str, tuple[str, int]]: ...

    def parts(self) -> Iterable[Part]: ...


class Print(Protocol):
    """What is compared."""

    @property
    def digest(self) -> bytes: ...

    @property
    def records(self) -> Sequence[Compared]: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """What of a record is compared, without the objects that it has read."""

    told: tuple[Part, ...]
    places: dict[str, tuple[str, int]]

    def parts(self) -> tuple[Part, ...]:
        return self.told


@dataclass(frozen=True, slots=True)
class Outline:
    """A print that keeps nothing alive, to compare with later ones."""

    digest: bytes
    records: tuple[_Told, ...]


def outline(print_: Print) -> Outline:
    """What of a print is compared."""
    told = [_Told(tuple(record.parts()), dict(record.places)) for record in print_.records]
    return Outline(print_.digest, tuple(told))


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs.

    Attributes:
        kind: "own body", "helper", "constant", "global" (a value that can change in place),
            "class", "field", "field order", "member", "default", "factory", "closure",
            "attribute", "value" (in a class or an object), "decorator", "rule", "module",
            "library", "undefined"; "kind" if a name stands for something of another kind, as
            `before` and `after` say; "reads" if no single part differs.
        name: "" for the own body.
        before, after: a short text of the value; "" if that says nothing, None if it was not there.
        where: the cell or the line that the part is in now; "" if that is not known.
    """

    kind: str
    name: str
    before: str | None
    after: str | None
    where: str = ""

    def __str__(self) -> str:
        if self.kind == "reads":
            return "what it reads"
        if self.kind == "kind":
            return f"{self.before} {self.name} → {self.after}"
        text = label(self.kind, self.name)
        if self.before is None:
            return f"{text} is new"
        if self.after is None:
            return f"{text} is gone"
        if self.before and self.after and self.before != self.after:
            return f"{text}: {self.before} → {self.after}"
        return f"{text} ({self.where})" if self.where else text


def merged(records: Iterable[Compared]) -> dict[str, Part]:
    """The parts of all records by label; those of one label are one."""
    found: dict[str, Part] = {}
    for part in [part for record in records for part in record.parts()]:
        name, known = part.label, found.get(part.label)
        if known is not None and known.digest != part.digest:
            both = frame(b"", known.digest, part.digest)
            part = Part(part.kind, part.name, part.owner, both, known.shown or part.shown)
        found[name] = part
    return found


def differences(old: Print, new: Print) -> tuple[Difference, ...]:
    """Every part that differs; none if the meaning is the same."""
    if old.digest == new.digest:
        return ()
    before, after = merged(old.records), merged(new.records)
    gone = [part for name, part in before.items() if name not in after]
    come = [part for name, part in after.items() if name not in before]
    renamed = {part.name: part for part in come if part.name and part.kind != "undefined"}
    found: list[tuple[int, str, Difference]] = []

    def add(part: Part, difference: Difference) -> None:
        found.append((_RANKS.get(part.kind, 3), part.owner, difference))

    for name, part in before.items():
        now = after.get(name)
        if now is not None:
            if now.digest != part.digest:
                add(now, Difference(*_of(now), part.shown, now.shown, _where(new, name)))
        elif part.name in renamed and renamed[part.name].kind != part.kind:
            other = renamed.pop(part.name)
            come.remove(other)
            gone.remove(part)
            add(other, Difference("kind", part.name, part.kind, other.kind))
    missing = {part.label for part in gone}
    for part in gone:
        if part.owner not in missing:
            add(part, Difference(*_of(part), part.shown, None))
    made = {part.label for part in come}
    for part in come:
        if part.owner not in made:
            add(part, Difference(*_of(part), None, part.shown, _where(new, part.label)))
    found.sort(key=lambda each: each[0])
    kept = [each for rank, owner, each in found if not _is_told(each, found)]
    return tuple(kept) or (Difference("reads", "", "", ""),)


def _of(part: Part) -> tuple[str, str]:
    return part.kind, part.name


def _is_told(each: Difference, found: list[tuple[int, str, Difference]]) -> bool:
    """Whether others say it better.

    Fields that came or went have another order, too; and a class or a library that is not read
    any more went with an edit of the body that had read it, which is told.
    """
    if each.kind == "field order":
        return any(owner == f"class {each.name}" and d.kind == "field" for _, owner, d in found)
    if each.after is None and each.kind in ("class", "library", "module"):
        return any(d.kind == "own body" or (d.kind == "helper" and d.after) for _, _, d in found)
    return False


def _where(new: Print, name: str) -> str:
    """The cell or the line of a helper with this label, as it is now."""
    for record in new.records:
        if name in record.places:
            filename, line = record.places[name]
            found = place(filename, line)
            if found.is_cell:
                return found.label
            return found.short if filename.endswith(".py") else ""
    return ""
