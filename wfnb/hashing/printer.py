"""Walking through all that a function can reach, and printing it.

Functions, classes and objects have a record each, with a mark where they lead to another;
everything else is printed in place.

Knows: functions, classes, objects, and the names between them.
Does not know: what other values are made of (`value_printer.py`), nor what a record is for.
Holds: the author's own code is followed by every name in it, a library's by none.
"""

from __future__ import annotations

import hashlib
import types
from collections import deque
from typing import Any, Final

from wfnb.hashing.anatomy import anatomy
from wfnb.hashing.contents import watched
from wfnb.hashing.framing import frame, plain
from wfnb.hashing.inside import describer, kind_of, own_attributes, parts_of, state, values_within
from wfnb.hashing.loaded import note_module
from wfnb.hashing.name_printer import NamePrinter
from wfnb.hashing.nodes import digest_of
from wfnb.hashing.origins import is_library
from wfnb.hashing.records import Record, Shown, keep, known_record, label, own_state
from wfnb.hashing.refusals import Unkeyable
from wfnb.hashing.value_printer import LARGE, MARK
from wfnb.hashing.values import (
    content,
    of_base,
    rule_key,
)

# Have one record for all who use them.
_SHARED: Final = (type, types.ModuleType)


class Printer(NamePrinter):
    """One walk.

    Attributes:
        records: by the id of the thing recorded, nearest first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[int, Record] = {}

    def print(self, function: Any) -> bytes:
        """The digest of a function, or of whatever stands in for one."""
        while rule_key(function) is not None:
            function = function.__wrapped__
        subject = str(getattr(function, "__name__", None) or type(function).__name__)
        root: Record | None = None
        pending = deque([(function, "", subject)])
        if not isinstance(function, types.FunctionType):
            root = self._now = Record(function, "", subject)
            root.text = self._hash(self._value(function, ""))
            pending = deque(root.children)
        while pending:
            value, name, of = pending.popleft()
            if id(value) in self.records:
                continue
            if not (isinstance(value, _SHARED) or describer(type(value)) is not None):
                of = of or subject
            record = self._record(value, name, of)
            self.records[id(value)] = record
            pending += record.children
        if root is None:
            root = self.records[id(function)]
            return digest_of(root, self.records)
        digest = digest_of(root, self.records)
        self.records = {0: root, **self.records}
        return digest

    def _record(self, value: Any, name: str, subject: str) -> Record:
        """The record of one thing; one that another print has made, if it holds."""
        known = known_record(value, name, subject)
        if known is not None:
            values_left = self._values_left - known.costs[0]
            inner_left = self._inner_left - known.costs[1]
            if values_left >= 0 and inner_left >= 0:
                self._values_left, self._inner_left = values_left, inner_left
                return known
        left = (self._values_left, self._inner_left)
        record = self._now = Record(value, name, subject)
        self._is_within_library = False
        self._is_whole = True
        try:
            text = self._node(value, name)
        except Exception:  # nested deeper than the stack; an odd metaclass
            self._nesting.clear()
            record.children = []
            text = self._opaque(value, name or getattr(value, "__name__", "it"))
            self._is_whole = False
        record.text = self._hash(text)
        record.costs = (left[0] - self._values_left, left[1] - self._inner_left)
        if self._is_whole:
            keep(record)
        return record

    def _hash(self, text: bytes) -> bytes:
        record = self._now
        for library, version in sorted(record.libraries.items()):
            record.note("library", library, version.encode(), Shown(version))
            text += frame(b"version", library.encode(), version.encode())
        return hashlib.sha256(text).digest()

    def _node(self, value: Any, name: str) -> bytes:
        if isinstance(value, types.FunctionType):
            return self._function(value, name)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, types.ModuleType):
            return self._module(value)
        self._now.states.append((value, state(value)))
        own = sorted(own_attributes(value).items())
        shown = [(key, self._value(each, f"{name}.{key}")) for key, each in own]
        for (key, text), (_, each) in zip(shown, own, strict=True):
            if text != MARK:
                self._now.note("value", f"{name}.{key}", text, each)
        cls = type(value)
        parts = [each for key, text in shown for each in (key.encode(), text)]
        held = (*of_base(value), *(parts_of(value) or ()))
        if held:
            self._now.note(kind_of(value), name, plain(repr(held)), held[0])
            parts.append(self._all(held, name))
        describe = describer(cls)
        if describe is not None:
            parts.append(self._described(value, describe, name))
        return frame(b"object", self._value(cls, cls.__name__), *parts)

    def _described(self, value: Any, describe: Any, name: str) -> bytes:
        if watched.weight(value) > watched.MOST:
            return self._opaque(value, name)
        if watched.is_sampled(value):
            self._lint(LARGE.format(name))
        try:
            described = describe(value)
        except Unkeyable:
            described = values_within(value)
        text = self._value(described, name)
        self._now.note("global", name, text, value)
        return text

    def _function(self, function: types.FunctionType, name: str) -> bytes:
        record = self._now
        code = function.__code__
        own = function.__dict__
        module = function.__globals__.get("__name__")
        wrapped = own.get("__wrapped__") if own else None
        kind, called = ("helper", name) if name else ("own body", "")
        if wrapped is not None and not name:
            kind, called = "decorator", code.co_qualname.partition(".")[0]
        owner = label(kind, called) if called else ""
        of = f" of {name}" if name else ""
        if wrapped is not None:
            of = f" of {owner}"
        taken = None if is_library(module) else anatomy(code)
        parts = []
        if wrapped is not None:  # first, since the closure leads to it under another name
            parts.append(self._value(wrapped, name))
        self._is_within_library = taken is None
        body = taken.text if taken else self._library(module, code.co_qualname)
        record.note(kind, called, body, owner=_owner(name))
        if taken is not None:
            if owner:
                record.places[owner] = (code.co_filename, code.co_firstlineno)
            if isinstance(module, str) and note_module(module):
                record.files.append(module)
        defaults, keyword_defaults = function.__defaults__, function.__kwdefaults__
        record.functions.append((function, code, defaults, keyword_defaults, own_state(function)))
        if defaults or keyword_defaults:
            count = code.co_argcount - len(defaults or ())
            named = dict(zip(code.co_varnames[count:], defaults or (), strict=False))
            for key, value in {**named, **(keyword_defaults or {})}.items():
                parts.append(self._labelled("default", f"{key}{of}", value, owner))
        if function.__closure__:
            for key, cell in zip(code.co_freevars, function.__closure__, strict=True):
                value = content(cell)
                record.cells.append((cell, value))
                parts.append(self._labelled("closure", f"{key}{of}", value, owner))
        if own and taken is not None:
            for key, value in sorted(own.items()):
                if key != "__wrapped__":
                    parts.append(self._labelled("attribute", f"{key}{of}", value, owner))
        if taken is not None:
            parts += [self._read(chain, function.__globals__) for chain in taken.chains]
            parts += [self._import(each, function.__globals__) for each in taken.imports]
            parts += [self._named(text) for text in taken.texts]
            if taken.asks_subclasses:
                self._lint("calls __subclasses__(), and what that gives cannot be followed")
            if taken.is_open:
                parts.append(self._everything(function.__globals__))
        return frame(b"function", body, *parts)


def _owner(name: str) -> str:
    """What a function belongs to that is called `Class.method`."""
    return f"class {name.rpartition('.')[0]}" if "." in name else ""
