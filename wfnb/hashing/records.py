"""Records: what printing one function, class or object found.

A print is one record for each thing that it reaches. Records of helpers and classes serve every
print that reaches them, as long as one of these prints is alive and nothing in them has moved.

Knows: what was read, and whether it is still the same.
Does not know: how a text comes about (`printer.py`).
Holds: a record that holds would be made again just as it is.
"""

from __future__ import annotations

import abc
import hashlib
import re
from dataclasses import dataclass
from operator import is_
from types import CellType, FunctionType
from typing import Any, Final
from weakref import WeakValueDictionary

from wfnb.hashing.inside import state
from wfnb.hashing.origins import Token
from wfnb.hashing.values import ABSENT, PLAIN_IDS, content, is_same_state, short_text

_LONG: Final = 64
_get_dump: Any = getattr(abc, "_get_dump", lambda cls: ((),))  # of CPython

Child = tuple[Any, str, str]
"""Something that is printed by itself: the thing, its name, and its subject."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that counts.

    Attributes:
        kind, name: say what it is, in the author's words (`label`).
        owner: the label of the part it belongs to; "" if it stands by itself.
        digest: differs when the part does.
        shown: a short text of its value; "" if that says nothing.
    """

    kind: str
    name: str
    owner: str
    digest: bytes
    shown: str

    @property
    def label(self) -> str:
        """What the author calls it."""
        return label(self.kind, self.name)


_WORDS: Final = {
    "own body": "{0}",
    "closure": "closure variable {1}",
    "value": "{1}",
    "field order": "order of the fields of {1}",
}


def label(kind: str, name: str) -> str:
    """`helper h`, `constant K`, `default n of h`, `own body`."""
    if kind == "field":
        owner, _, field = name.rpartition(".")
        return f"class {owner}: field {field}"
    return _WORDS.get(kind, "{0} {1}").format(kind, name)


class Record:
    """What was found in one thing. It grows while the thing is printed, and then no more.

    Attributes:
        value: the thing; kept, so that its id stays its own.
        name, subject: what it is called, and the function that is blamed for what it reads; "" for
            a class, which does not depend on who uses it.
        text: hash of what it is.
        children: what it leads to, in order.
        reads: (namespace, name, object) of each name followed.
        functions: each with its code, defaults, keyword defaults and attributes.
        cells: closure cells and what is in them.
        classes: each with its bases and the values in it.
        states: what can change in place, and what was in it.
        lints: a sentence each, without its subject.
        tokens: of what cannot be seen into; kept, so that they stay the same.
        places: by label, the file and the line of a helper.
        files: modules whose code counts, by name.
        costs: how many values, and how many within libraries.
    """

    __slots__ = (
        "__weakref__", "_noted", "cells", "children", "classes", "costs", "files", "functions",
        "libraries", "lints", "name", "places", "reads", "states", "subject", "text", "tokens",
        "value",
    )  # fmt: skip

    def __init__(self, value: Any, name: str, subject: str) -> None:
        self.value = value
        self.name = name
        self.subject = subject
        self.text = b""
        self.children: list[Child] = []
        self.reads: list[tuple[Any, str, Any]] = []
        self.functions: list[tuple[FunctionType, Any, Any, Any, tuple[object, ...]]] = []
        self.cells: list[tuple[CellType, Any]] = []
        self.classes: list[tuple[Any, Any, tuple[Any, ...]]] = []
        self.states: list[tuple[Any, tuple[object, ...]]] = []
        self.lints: list[str] = []
        self.tokens: list[Token] = []
        self.libraries: dict[str, str] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.files: list[str] = []
        self.costs = (0, 0)
        self._noted: list[tuple[str, str, str, bytes, Any]] = []

    def note(self, kind: str, name: str, text: bytes, value: Any = ABSENT, owner: str = "") -> None:
        """Note a part. Its value is shown as it is now, though it is put into words later."""
        if value is not ABSENT and id(type(value)) not in _UNCHANGING:
            value = Shown(short_text(value))
        if len(text) > _LONG:
            text = hashlib.sha256(text).digest()
        self._noted.append((kind, name, owner, text, value))

    def parts(self) -> list[Part]:
        """What it is made of, in the order found."""
        return [
            Part(kind, name, owner, text, "" if value is ABSENT else _shown(value))
            for kind, name, owner, text, value in self._noted
        ]

    def holds(self) -> bool:
        """Whether all that was read is still there, and the very same inside."""
        for namespace, name, value in self.reads:
            if namespace.get(name, ABSENT) is not value:
                return False
        for function, code, defaults, keyword_defaults, own in self.functions:
            if (
                function.__code__ is not code
                or function.__defaults__ is not defaults
                or function.__kwdefaults__ is not keyword_defaults
                or ((own or function.__dict__) and not is_same_state(own, own_state(function)))
            ):
                return False
        for cell, value in self.cells:
            if content(cell) is not value:
                return False
        try:
            for cls, bases, values in self.classes:
                now = cls.__dict__.values()
                if cls.__bases__ is not bases and cls.__bases__ != bases:
                    return False
                if len(now) != len(values) or not all(map(is_, values, now)):
                    return False
            for owner, before in self.states:
                if not is_same_state(before, state(owner)):
                    return False
        except RuntimeError:  # another thread is at it
            return False
        return True


class Names:
    """Which names an author has bound in a namespace; `get` gives one object while they stay.

    Attributes:
        bound: sorted; without those that Python and IPython bind by themselves.
    """

    __slots__ = ("_namespace", "bound")

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self.bound: tuple[str, ...] = ()

    def get(self, _: str, __: object) -> tuple[str, ...]:
        """As a namespace is asked."""
        names = [
            name
            for name in tuple(self._namespace)
            if type(name) is str and name not in _OF_IPYTHON and not _is_bound_by_itself(name)
        ]
        now = tuple(sorted(names))
        if now != self.bound:
            self.bound = now
        return self.bound


_OF_IPYTHON: Final = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})


class Registered:
    """Which classes are registered with an abstract one; `get` gives one object while they stay.

    Attributes:
        names: sorted.
    """

    __slots__ = ("_cls", "names")

    def __init__(self, cls: Any) -> None:
        self._cls = cls
        self.names: tuple[str, ...] = ()

    def get(self, _: str, __: object) -> tuple[str, ...]:
        """As a namespace is asked."""
        found = [each() for each in _get_dump(self._cls)[0]]
        now = tuple(sorted([f"{each.__module__}.{each.__qualname__}" for each in found if each]))
        if now != self.names:
            self.names = now
        return self.names


# Outputs and inputs: _, __, _1, _i, _ii, _i1, _ih, _oh, _dh; and what modules have.
_is_bound_by_itself: Final = re.compile(r"_+|__.*__|_i{0,3}\d*|_[iod]h|_exit_code").fullmatch


class Shown(str):
    """A value in words already."""

    __slots__ = ()


_UNCHANGING: Final = PLAIN_IDS | {id(Shown)}


def _shown(value: Any) -> str:
    return str(value) if type(value) is Shown else short_text(value)


def own_state(function: FunctionType) -> tuple[object, ...]:
    """The attributes of a function, to be compared by identity."""
    own = function.__dict__
    return (*own.keys(), *own.values()) if own else ()


_kept: WeakValueDictionary[tuple[int, str, str], Record] = WeakValueDictionary()


def known_record(value: Any, name: str, subject: str) -> Record | None:
    """The record of a thing if some print has it and it still holds."""
    found = _kept.get((id(value), name, subject))
    return found if found is not None and found.value is value and found.holds() else None


def keep(record: Record) -> None:
    """Let other prints use a record, for as long as one of them is alive."""
    _kept[id(record.value), record.name, record.subject] = record
