"""What was found out about a class, remembered for as long as the class lives.

Knows: that classes come and go, as cells are run again.
Does not know: what is remembered.
Holds: a class is not kept alive by what is remembered for it, unless that mentions the class.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
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

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._classes.clear()


class _Tag:
    """Stands for a class whose metaclass says how classes are equal."""

    __slots__ = ("__weakref__", "_name")

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<class {self._name}>"


_tags: PerClass[_Tag] = PerClass()


def has_plain_identity(cls: type) -> bool:
    """Whether a class is equal to itself only, and has a hash."""
    meta: Any = type(cls)
    return meta.__eq__ is object.__eq__ and meta.__hash__ is object.__hash__


def tag_of(cls: type) -> Hashable:
    """What stands for a class in a key, equal to itself only: the class, if it is that."""
    if has_plain_identity(cls):
        return cls
    tag = _tags.get(id(cls))
    if tag is None:
        tag = _Tag(cls.__qualname__)
        _tags.set(cls, tag)
    return tag
