"""Meanings: what a name stood for when a class statement ran, comparable when it runs again.

Knows: values of every kind that a class body reads.
Does not know: classes made by cells, cells.
Holds: a meaning keeps no class and no function of a cell alive; reading never raises.

A cell that is run again makes its functions, type variables and plain values anew; those are
compared by what they are. Everything else is the same only if it is the same object, or an equal
one of the same type.
"""

from __future__ import annotations

import builtins
import enum
import functools
import types
import typing
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))
_MOST_ITEMS = 1000
_SHORT = 40

UNBOUND = ("unbound",)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a dotted name stood for.

    Attributes:
        token: equal for equal meanings.
        text: the value for a reader, "" where its repr would say nothing.
    """

    token: object
    text: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether the name stood for anything."""
        return self.token != UNBOUND


def read(
    dotted: str, namespace: Mapping[str, object], digest: Callable[[object], object]
) -> Meaning:
    """What `dotted` stands for in `namespace`, or else among the builtins.

    Args:
        digest: gives a token for a function of the notebook.
    """
    first, *rest = dotted.split(".")
    if first in namespace:
        value = namespace[first]
    elif hasattr(builtins, first):
        value = getattr(builtins, first)
    else:
        return Meaning(UNBOUND)
    for name in rest:
        # A class or module of which an attribute is taken: only the attribute counts.
        try:
            value = getattr(value, name)
        except Exception:
            return Meaning(("no", name))
    text = repr(value) if type(value) in _PLAIN else ""
    return Meaning(_Tokens(digest).of(value), text if len(text) <= _SHORT else "")


class _Same:
    """A token for a value of which nothing is known: the same object, or equal and of one type."""

    __slots__ = ("_held", "_ref")

    def __init__(self, value: object) -> None:
        self._held: object = None
        self._ref: Callable[[], object] | None = None
        try:
            self._ref = weakref.ref(value)
        except TypeError:
            self._held = value

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return False
        mine = self._ref() if self._ref else self._held
        theirs = other._ref() if other._ref else other._held
        if mine is None or type(mine) is not type(theirs):
            return False
        if mine is theirs:
            return True
        if isinstance(mine, type):
            return False
        try:
            return (mine == theirs) is True
        except Exception:
            return False


class _Tokens:
    def __init__(self, digest: Callable[[object], object]) -> None:
        self._digest = digest
        self._room = _MOST_ITEMS
        self._path: list[object] = []

    def of(self, value: object) -> object:
        self._room -= 1
        if self._room < 0 or any(value is above for above in self._path):
            return _Same(value)
        self._path.append(value)
        try:
            return self._token(value)
        except Exception:  # a value that objects to being looked at
            return _Same(value)
        finally:
            self._path.pop()

    def _all(self, values: Iterable[object]) -> tuple[object, ...]:
        return tuple(self.of(v) for v in values)

    def _token(self, value: object) -> object:
        kind = type(value)
        if kind in _PLAIN:
            return (kind, repr(value))
        if isinstance(value, type):
            return _Same(value)
        if isinstance(value, enum.Enum):
            return (_Same(kind), value.name)
        if kind in (tuple, list):
            return (kind, self._all(typing.cast("list[object]", value)))
        if kind in (set, frozenset):
            return (kind, frozenset(self._all(typing.cast("set[object]", value))))
        if kind is dict:
            items = typing.cast("dict[object, object]", value)
            return (dict, self._all(items), self._all(items.values()))
        if isinstance(value, types.FunctionType):
            return ("function", self._digest(value))
        if isinstance(value, types.BuiltinFunctionType):
            return ("builtin", value.__module__, value.__qualname__)
        if isinstance(value, types.ModuleType):
            return ("module", value.__name__)
        if isinstance(value, functools.partial):
            return ("partial", self.of(value.func), self.of(value.args), self.of(value.keywords))
        return self._typing_token(value)

    def _typing_token(self, value: object) -> object:
        if isinstance(value, typing.TypeVar):
            bounds = (value.__bound__, value.__constraints__)
            kinds = (value.__covariant__, value.__contravariant__)
            return ("TypeVar", value.__name__, self.of(bounds), kinds)
        if isinstance(value, typing.NewType):
            return ("NewType", value.__name__, self.of(value.__supertype__))
        origin = typing.get_origin(value)
        if origin is not None:
            return ("generic", self.of(origin), self._all(typing.get_args(value)))
        return _Same(value)
