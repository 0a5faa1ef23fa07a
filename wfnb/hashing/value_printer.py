"""Printing values in place, up to the functions, classes and objects that are nodes.

Knows: all kinds of values (`values.py`), who owns what (`origins.py`).
Does not know: what a node's text is (`printer.py`), nor rules, except as objects with a key.
Holds: what cannot be seen into counts as itself and is linted; it never counts as unchanging.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import types
import typing
from collections import deque
from typing import Any

from wfnb.hashing.anatomy import frame, plain
from wfnb.hashing.nodes import Node
from wfnb.hashing.origins import is_library, token, version
from wfnb.hashing.values import (
    ABSENT,
    BY_NAME,
    BY_TYPE,
    MAPPINGS,
    PLAIN,
    SEQUENCES,
    attributes,
    bounds,
    by_reduction,
    inner_state,
    is_by_repr,
    is_frozen,
    name_in_library,
    rule_key,
    state,
    without_ids,
)

MARK = b"@()"  # stands for a node
_MOST_NESTED = 60
_MOST_VALUES = 50_000
_MOST_INNER = 200
_CONTAINERS = frozenset({tuple, list, dict, set, frozenset})


class ValuePrinter:
    """Prints values.

    Attributes:
        states: what can change in place, and what was in it.
        lints: a sentence each, as keys.
    """

    def __init__(self) -> None:
        self.states: dict[int, tuple[Any, tuple[object, ...]]] = {}
        self.lints: dict[str, None] = {}
        self._nodes: dict[int, Node] = {}
        self._pending: deque[Node] = deque()
        self._children: list[Node] = []
        self._nesting: list[int] = []
        self._subject = ""  # the function that is being printed
        self._scope = "global"
        self._is_within_library = False
        self._values_left = _MOST_VALUES  # a value may hold another many times, and so on
        self._inner_left = _MOST_INNER

    def _value(self, value: Any, name: str) -> bytes:
        if type(value) in PLAIN:
            return plain(value)
        self._values_left -= 1
        is_too_much = len(self._nesting) > _MOST_NESTED or self._values_left < 0
        if id(value) in self._nesting or is_too_much:
            if id(value) in self._nesting:
                return frame(b"again", b"%d" % self._nesting[::-1].index(id(value)))
            return self._opaque(value, name)
        self._nesting.append(id(value))
        before = len(self._children)
        try:
            return self._compound(value, type(value), name)
        except RecursionError:
            raise
        except Exception:  # an object that answers questions with errors
            del self._children[before:]
            return self._opaque(value, name)
        finally:
            self._nesting.pop()

    def _compound(self, v: Any, cls: type, name: str) -> bytes:
        if cls in _CONTAINERS:
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
            if is_library(v.__module__):
                return self._library(v.__module__, v.__qualname__)
            return self._leads_to(v, name)
        if isinstance(v, types.ModuleType):
            if not is_library(v.__name__):
                self._lint(f"cannot see into {name}, a module used as a value")
            return self._library(v.__name__, "")
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
        if not is_library(cls.__module__) or cls is types.SimpleNamespace:
            return self._leads_to(v, name)
        if dataclasses.is_dataclass(v):
            self._note_state(v, name)
            values = [getattr(v, field.name, ABSENT) for field in dataclasses.fields(v)]
            return frame(b"data", self._value(cls, name), self._all(values, name))
        if hasattr(v, "__wrapped__"):  # functools.lru_cache and the like
            return frame(b"wrapper", self._value(cls, name), self._value(v.__wrapped__, name))
        library = name_in_library(v)
        if library is not None:
            return self._library(*library)
        return self._opaque(v, name)

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
            items = [each for pair in list(v.items()) for each in pair]
            return frame(tag, extra, self._all(items, name))
        if isinstance(v, (set, frozenset)):
            return frame(tag, extra, *self._unordered(v, name))
        if type(v) in (list, tuple) and set(map(type, v)) <= PLAIN:
            return frame(tag, extra, plain(v))
        return frame(tag, extra, self._all(tuple(v), name))

    def _unordered(self, values: Any, name: str) -> list[bytes]:
        outer, found = self._children, []
        for each in tuple(values):
            self._children = []
            text = self._value(each, name)
            names = [getattr(node.value, "__qualname__", "") for node in self._children]
            found.append((text, names, self._children))
        found.sort(key=lambda entry: entry[:2])
        self._children = outer
        for _, _, children in found:
            outer.extend(children)
        return [text for text, _, _ in found]

    def _library(self, module: Any, name: str) -> bytes:
        stated = version(module).encode() if is_library(module) else b""
        return frame(b"library", str(module).encode(), name.encode(), stated)

    def _opaque(self, v: Any, name: str) -> bytes:
        kind = type(v).__qualname__
        if self._is_within_library:
            own = inner_state(v)
            self._inner_left -= len(own)
            if self._inner_left >= 0:
                parts = [each for key in sorted(own) for each in (key, own[key])]
                return frame(b"inner", kind.encode(), self._all(parts, name))
        self._lint(f"cannot see into {name}, a {kind}")
        return frame(b"opaque", kind.encode(), token(v))

    def _leads_to(self, v: Any, name: str) -> bytes:
        node = self._nodes.get(id(v))
        if node is None:
            is_code = isinstance(v, types.FunctionType)
            node = self._nodes[id(v)] = Node(v, name, name if is_code else self._subject)
            self._pending.append(node)
            if not is_code and not isinstance(v, type):
                self._note_state(v, name)
        self._children.append(node)
        return MARK

    def _note_state(self, v: Any, name: str) -> None:
        if not self._is_within_library and not is_frozen(v):
            if not isinstance(v, types.MappingProxyType):
                self._lint(f"reads a mutable {self._scope} {name}")
            self.states[id(v)] = (v, state(v))

    def _lint(self, what: str) -> None:
        self.lints[f"{self._subject} {what}"] = None
