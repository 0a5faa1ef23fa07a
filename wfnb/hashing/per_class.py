"""What was found out about a class, remembered for as long as the class lives.

Knows: that classes come and go, as cells are run again.
Does not know: what is remembered.
Holds: a class is not kept alive by what is remembered for it, unless that mentions the class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import ref

T = TypeVar("T")


class PerClass(Generic[T]):
    """Something for each class. A `WeakKeyDictionary` does the same, at four times the cost.

    Attributes:
        get: the value for the `id` of a class, None if there is none.
    """

    __slots__ = ("_classes", "_values", "get")

    def __init__(self) -> None:
        self._values: dict[int, T] = {}
        self._classes: dict[int, ref[type]] = {}
        self.get: Callable[[int], T | None] = self._values.get

    def set(self, cls: type, value: T) -> None:
        """Remember a value until the class is gone."""
        key, values, classes = id(cls), self._values, self._classes

        def forget(_: object) -> None:  # before the id can come to mean another class
            values.pop(key, None)
            classes.pop(key, None)

        classes[key] = ref(cls, forget)
        values[key] = value
