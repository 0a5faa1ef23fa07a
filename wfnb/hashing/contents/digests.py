"""Digests of content, put together piece by piece.

Knows: how plain values become bytes.
Does not know: packages that keep many values at once.
Holds: pieces are framed by their length and plain values by their class, so that no two different
    contents are fed the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Hashable, Iterable, Sequence
from importlib import import_module
from typing import Any, Final

from wfnb.hashing.forms import typed
from wfnb.hashing.framing import plain
from wfnb.hashing.refusals import Unkeyable

_PLAIN: Final = frozenset(map(id, (type(None), bool, int, str, bytes)))


class Digest:
    """A digest in the making.

    Attributes:
        others: keys of values that have no bytes, in order: they are part of the content.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.others: list[Hashable] = []

    def result(self) -> Hashable:
        """What stands for the content; equal for equal contents."""
        digest = self._hash.digest()
        return (digest, tuple(self.others)) if self.others else digest

    def text(self, *texts: str) -> None:
        """Add what something is called."""
        for each in texts:
            self.piece(each.encode("utf-8", "surrogatepass"))

    def number(self, *numbers: int) -> None:
        """Add sizes."""
        self.piece(repr(numbers).encode())

    def piece(self, data: Any) -> None:
        """Add the bytes of anything with a contiguous buffer, without a copy."""
        self._hash.update(b"%d:" % memoryview(data).nbytes)
        self._hash.update(data)

    def raw(self, data: Any) -> None:
        """Add bytes whose number has been added before."""
        self._hash.update(data)

    def item(self, value: object) -> None:
        """Add one value.

        Raises:
            Unkeyable: it can change or has no hash.
        """
        cls = type(value)
        if id(cls) in _PLAIN:
            self.piece(plain(value))
        elif cls is float:
            self.piece(b"float(nan)" if value != value else plain(value))
        else:
            self.piece(b"other")
            self.others.append(typed(value))

    def items(self, values: Sequence[Any]) -> None:
        """Add many values."""
        self.number(len(values))
        if set(map(id, map(type, values))) == {id(str)}:
            encoded = [each.encode("utf-8", "surrogatepass") for each in values]
            self.text("all text")
            self.piece(array("q", map(len, encoded)))
            self.piece(b"".join(encoded))
            return
        for each in values:
            self.item(each)

    def nested(self, value: object) -> None:
        """Add a value that may hold lists and dicts, of a package that has them for a type."""
        if isinstance(value, (list, tuple)):
            self.text("list")
            if set(map(id, map(type, value))) <= _PLAIN:
                self.items(value)
                return
            self.number(len(value))
            for each in value:
                self.nested(each)
        elif isinstance(value, dict):
            self.text("dict")
            self.number(len(value))
            for key, each in value.items():
                self.nested(key)
                self.nested(each)
        else:
            self.item(value)


def within(column: object, digest: Digest, values: Iterable[Any]) -> None:
    """Add the values of a column of objects; one that is refused is told by its column."""
    listed = list(values)
    try:
        digest.items(listed)
    except Unkeyable:
        culprit = next((each for each in listed if not _is_keyable(each)), None)
        kind = type(culprit).__qualname__
        plain_ones = "(text, numbers, dates, tuples)"
        if column is None:
            raise Unkeyable(
                f"has values of type {kind} in it",
                f"keep plain values in it {plain_ones}, or pass what identifies it",
            ) from None
        raise Unkeyable(
            f"has a column {column!r} with values of type {kind}",
            f"keep plain values in the column {plain_ones}, or leave it out",
        ) from None


def has_numpy() -> bool:
    """Whether NumPy is there, which Polars and Arrow can do without."""
    if "numpy" not in sys.modules:
        try:
            import_module("numpy")
        except ImportError:
            return False
    return True


def _is_keyable(value: object) -> bool:
    try:
        typed(value)
    except (Unkeyable, RecursionError):
        return False
    return True
