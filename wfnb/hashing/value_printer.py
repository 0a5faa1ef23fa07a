"""Printing values in place, up to the functions, classes and objects that are nodes.

Knows: all kinds of values (`values.py`), who owns what (`origins.py`).
Does not know: what a node's text is (`printer.py`), nor rules, except as objects with a key.
Holds: what cannot be seen into counts as itself and is linted; it never counts as unchanging.
"""

from __future__ import annotations

import collections
import enum
import functools
import types
import typing
from typing import Any

from wfnb.hashing.class_parts import fields_of
from wfnb.hashing.contents.fixed import cannot_change
from wfnb.hashing.contents.watched import is_sampled_buffer
from wfnb.hashing.framing import frame, plain
from wfnb.hashing.inside import describer, is_buffer, is_content, is_open, parts_of, state
from wfnb.hashing.origins import distribution, is_library, token, version
from wfnb.hashing.records import Record
from wfnb.hashing.values import (
    ABSENT,
    BY_NAME,
    BY_TYPE,
    CONTAINER_IDS,
    MAPPINGS,
    PLAIN_IDS,
    RULE_KEY,
    SEQUENCES,
    attributes,
    bounds,
    by_reduction,
    inner_state,
    is_by_repr,
    is_frozen,
    is_library_class,
    name_in_library,
    rule_key,
    without_ids,
)

LARGE = "reads {}, so large that a single value set in it may go unnoticed"
MARK = b"@()"  # stands for a node
_MOST_NESTED = 60
MOST_VALUES = 50_000
MOST_INNER = 200


class ValuePrinter:
    """Prints values into the record of what is being printed."""

    def __init__(self) -> None:
        self._now = Record(None, "", "")
        self._nesting: list[int] = []
        self._scope = "global"
        self._is_within_library = False
        self._values_left = MOST_VALUES  # a value may hold another many times, and so on
        self._inner_left = MOST_INNER
        self._is_whole = True  # whether another walk would print the same here

    def _value(self, value: Any, name: str) -> bytes:
        cls = type(value)
        if id(cls) in PLAIN_IDS:
            return plain(value)
        self._values_left -= 1
        if cls is types.FunctionType and RULE_KEY not in value.__dict__:
            return self._leads_to(value, name)
        if cls is type:
            if is_library_class(value):
                return self._library(value.__module__, value.__qualname__)
            return self._leads_to(value, name)
        is_again = id(value) in self._nesting
        if is_again or len(self._nesting) > _MOST_NESTED or self._values_left < 0:
            if is_again:
                return frame(b"again", b"%d" % self._nesting[::-1].index(id(value)))
            self._is_whole = False
            return self._opaque(value, name)
        self._nesting.append(id(value))
        before = len(self._now.children)
        try:
            return self._compound(value, cls, name)
        except RecursionError:
            raise
        except Exception:  # an object that answers questions with errors
            del self._now.children[before:]
            return self._opaque(value, name)
        finally:
            self._nesting.pop()

    def _compound(self, v: Any, cls: type, name: str) -> bytes:
        if id(cls) in CONTAINER_IDS:
            return self._container(v, cls, name)
        key = rule_key(v)
        if key is not None:
            return frame(b"rule", repr(key).encode())
        if isinstance(v, types.FunctionType):
            return self._leads_to(v, name)
        is_alias = isinstance(v, (types.GenericAlias, types.UnionType))
        if is_alias or (cls.__module__ == "typing" and not isinstance(v, type)):
            args = typing.get_args(v)
            if not args:
                text = without_ids(repr(v)).encode()
                return frame(b"typing", text, self._all(bounds(v), name))
            return frame(b"typing", self._all((typing.get_origin(v), *args), name))
        if isinstance(v, type):
            if is_library_class(v):
                return self._library(v.__module__, v.__qualname__)
            return self._leads_to(v, name)
        if isinstance(v, types.ModuleType):
            if is_library(v.__name__):
                return self._library(v.__name__, "")
            return self._leads_to(v, name)
        if is_library(cls.__module__) and is_content(v):
            return self._content(v, cls, name)
        made_of = self._parts_of(v, cls)
        if made_of is not None:
            return frame(cls.__name__.encode(), self._all(made_of, name))
        if isinstance(v, BY_NAME):
            full: Any = v
            owner = getattr(v, "__self__", None)
            if owner is None or isinstance(owner, (types.ModuleType, type)):
                return self._library(getattr(v, "__module__", None), full.__qualname__)
            return frame(b"bound", full.__name__.encode(), self._value(owner, name))
        if isinstance(v, BY_TYPE):
            return frame(b"type", cls.__name__.encode())
        if is_by_repr(v):
            return frame(b"repr", cls.__qualname__.encode(), repr(v).encode())
        if isinstance(v, enum.Enum):
            return frame(b"member", self._value(cls, cls.__name__), v.name.encode())
        if isinstance(v, (tuple, frozenset, set, *SEQUENCES, *MAPPINGS)):
            return self._container(v, cls, name)
        if not is_library(cls.__module__) or is_open(cls):
            return self._leads_to(v, name)
        fields = fields_of(v)
        if fields is not None:
            self._note_state(v, name)
            values = [getattr(v, field, ABSENT) for field in fields]
            return frame(b"data", self._value(cls, name), self._all(values, name))
        if hasattr(v, "__wrapped__"):  # functools.lru_cache and the like
            return frame(b"wrapper", self._value(cls, name), self._value(v.__wrapped__, name))
        library = name_in_library(v)
        if library is not None:
            return self._library(*library)
        return self._opaque(v, name)

    def _content(self, v: Any, cls: type, name: str) -> bytes:
        """What an author has put into a value of a library's."""
        if describer(cls) is not None:  # one record for all who use it: to look takes long
            self._now.children.append((v, name, ""))
            if not cannot_change(v):
                self._lint_mutable(v, name)
            return MARK
        if callable(v):
            self._now.states.append((v, state(v)))
        elif not cannot_change(v):
            self._note_state(v, name)
        return frame(b"data", self._value(cls, name), self._all(parts_of(v), name))

    def _parts_of(self, v: Any, cls: type) -> tuple[Any, ...] | None:
        if isinstance(v, types.MethodType):
            return (v.__func__, v.__self__)
        if isinstance(v, (functools.partial, functools.partialmethod)):
            return (v.func, v.args, tuple(v.keywords.items()))
        if isinstance(v, (staticmethod, classmethod)):
            return (v.__func__,)
        if isinstance(v, property):
            return (v.fget, v.fset, v.fdel)
        if isinstance(v, functools.cached_property):
            return (v.func,)
        if isinstance(v, functools.singledispatchmethod):
            return (v.func, v.dispatcher.registry)
        return by_reduction(v)

    def _all(self, values: Any, name: str) -> bytes:
        return frame(b"", *[self._value(each, name) for each in values])

    def _container(self, v: Any, cls: type, name: str) -> bytes:
        if not isinstance(v, (tuple, frozenset)):
            self._note_state(v, name)
        extra = b""
        if not is_library(cls.__module__):
            extra = self._value(cls, cls.__name__) + self._all(
                [each for pair in sorted(attributes(v).items()) for each in pair], name
            )
        elif isinstance(v, collections.defaultdict):
            extra = self._value(v.default_factory, name)
        tag = cls.__name__.encode()
        if isinstance(v, MAPPINGS):
            before = len(self._now.children)
            text = self._all([each for pair in list(v.items()) for each in pair], name)
            if self._is_within_library and len(self._now.children) > before:
                self._now.states.append((v, state(v)))  # a registry of the author's functions
            return frame(tag, extra, text)
        if isinstance(v, (set, frozenset)):
            return frame(tag, extra, *self._unordered(v, name))
        if isinstance(v, bytearray):
            return frame(tag, extra, bytes(v))
        if (cls is list or cls is tuple) and set(map(id, map(type, v))) <= PLAIN_IDS:
            return frame(tag, extra, plain(v))
        return frame(tag, extra, self._all(tuple(v), name))

    def _unordered(self, values: Any, name: str) -> list[bytes]:
        outer, found = self._now.children, []
        try:
            for each in tuple(values):
                self._now.children = []
                text = self._value(each, name)
                names = [getattr(child[0], "__qualname__", "") for child in self._now.children]
                found.append((text, names, self._now.children))
        finally:
            self._now.children = outer
        found.sort(key=lambda entry: entry[:2])
        for _, _, children in found:
            outer.extend(children)
        return [text for text, _, _ in found]

    def _library(self, module: Any, name: str) -> bytes:
        """What a library has under a name. The version counts once for each record."""
        if is_library(module):
            self._now.libraries[distribution(module)] = version(module)
        return frame(b"library", str(module).encode(), name.encode())

    def _opaque(self, v: Any, name: str) -> bytes:
        kind = type(v).__qualname__
        if self._is_within_library:
            own = inner_state(v)
            self._inner_left -= len(own)
            if self._inner_left >= 0:
                parts = [each for key in sorted(own) for each in (key, own[key])]
                return frame(b"inner", kind.encode(), self._all(parts, name))
            self._is_whole = False
        self._lint(f"cannot see into {name}, a {kind}")
        found = token(v)
        self._now.tokens.append(found)
        return frame(b"opaque", kind.encode(), found.text)

    def _leads_to(self, v: Any, name: str) -> bytes:
        record = self._now
        if isinstance(v, types.FunctionType):
            record.children.append((v, name, name))
        elif isinstance(v, type):  # has a name of its own, and one record for all who use it
            record.children.append((v, "", ""))
        elif isinstance(v, types.ModuleType):
            record.children.append((v, v.__name__, ""))
        else:
            record.children.append((v, name, record.subject))
            self._lint_mutable(v, name)
        return MARK

    def _note_state(self, v: Any, name: str) -> None:
        self._lint_mutable(v, name)
        if is_buffer(v) and is_sampled_buffer(v):
            self._lint(LARGE.format(name))
        if not self._is_within_library:
            self._now.states.append((v, state(v)))

    def _lint_mutable(self, v: Any, name: str) -> None:
        if not (self._is_within_library or is_frozen(v) or type(v) is types.MappingProxyType):
            self._lint(f"reads a mutable {self._scope} {name}")

    def _lint(self, what: str) -> None:
        self._now.lints.append(what)
