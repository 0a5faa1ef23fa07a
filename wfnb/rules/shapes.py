"""Shapes: what can be said about a value without having it.

Knows: how shapes combine, and which shape an annotation describes.
Does not know: names, syntax, requests.
Holds: shapes are compared by identity of what they mention; no user-written `==` is ever called.
"""

from __future__ import annotations

import collections.abc
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any

from wfnb.rules.requests import MultiGet, Request


class Shape:
    """Base of all shapes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unknown(Shape):
    """Anything; `why` says, where it helps, why no more is known."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Missing(Shape):
    """What a name stands for that is defined nowhere."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Is(Shape):
    """This very object: a class, a function, a module, a rule, a constant of the module."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Is) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


@dataclass(frozen=True, slots=True)
class Of(Shape):
    """A value of this class; exactly of it, if `exact`, and perhaps of a subclass otherwise."""

    cls: type
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Asks(Shape):
    """Something that is awaited, giving `answer`: a request, or a helper's coroutine."""

    answer: Shape


@dataclass(frozen=True, slots=True)
class Each(Shape):
    """A collection of alike items."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Row(Shape):
    """A tuple or list whose items are known one by one."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """One of several, depending on a branch; never nested, never of fewer than two."""

    options: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Bound(Shape):
    """A method of a value: the function, whose first parameter is filled."""

    function: Is
    owner: Shape


@dataclass(frozen=True, slots=True)
class Foreign(Shape):
    """Something to await that is certainly not for the engine."""

    name: str


UNKNOWN = Unknown()
_MOST_OPTIONS = 8
_ITERABLES = frozenset(
    {
        list,
        set,
        frozenset,
        collections.deque,
        *(
            getattr(collections.abc, name)
            for name in (
                "Iterable",
                "Iterator",
                "Collection",
                "Sequence",
                "MutableSequence",
                "Set",
                "MutableSet",
                "Generator",
                "AsyncIterator",
                "AsyncIterable",
                "AsyncGenerator",
            )
        ),
    }
)


def join(shapes: Iterable[Shape]) -> Shape:
    """What is known when it is one of these."""
    options: dict[Shape, None] = {}
    for shape in shapes:
        for option in shape.options if isinstance(shape, Either) else (shape,):
            if isinstance(option, Unknown | Missing):
                return UNKNOWN
            options[option] = None
    if not options:
        return UNKNOWN
    if len(options) == 1:
        return next(iter(options))
    if all(isinstance(option, Each | Row) for option in options):
        return Each(join(item_of(option) for option in options if option != Row(())))
    if len(options) > _MOST_OPTIONS:
        return UNKNOWN
    return Either(tuple(options))


def item_of(shape: Shape) -> Shape:
    """What a loop over it gives."""
    if isinstance(shape, Each):
        return shape.item
    if isinstance(shape, Row):
        return join(shape.items)
    if isinstance(shape, Either):
        return join(item_of(option) for option in shape.options)
    if isinstance(shape, Of):
        return _item_of_class(shape.cls)
    if isinstance(shape, Is):
        if type(shape.value) in (tuple, list) and len(shape.value) <= _MOST_OPTIONS:
            return join(Is(item) for item in shape.value)
        if isinstance(shape.value, type) and hasattr(shape.value, "__members__"):
            return Of(shape.value)
    return UNKNOWN


def _item_of_class(cls: type) -> Shape:
    if cls is str:
        return Of(str)
    for base in cls.__mro__:
        for generic in base.__dict__.get("__orig_bases__", ()):
            shape = shape_of(generic, None)
            if isinstance(shape, Each):
                return shape.item
        method = base.__dict__.get("__iter__")
        if method is not None:
            return _item_of_iterator(method)
    return UNKNOWN


def _item_of_iterator(method: Any) -> Shape:
    """What `__iter__` is annotated to give."""
    annotation = getattr(method, "__annotations__", {}).get("return", "")
    namespace = getattr(method, "__globals__", {})

    def look_up(name: str) -> Shape:
        return Is(namespace[name]) if name in namespace else Missing(name)

    return item_of(shape_of(annotation, look_up))


def shape_of(annotation: Any, look_up: Callable[[str], Shape] | None) -> Shape:
    """What an annotation says about a value.

    Args:
        look_up: finds the names of a string annotation.
    """
    if annotation is None:
        return Of(NoneType)
    if isinstance(annotation, typing.ForwardRef):  # what NamedTuple makes of a string
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return _shape_of_text(annotation, look_up)
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        if annotation is Any:
            return UNKNOWN
        if issubclass(annotation, Request | MultiGet):
            return Asks(UNKNOWN)
        return Of(annotation)
    return _shape_of_generic(annotation, look_up)


def _shape_of_generic(annotation: Any, look_up: Callable[[str], Shape] | None) -> Shape:
    origin = typing.get_origin(annotation)
    args = typing.get_args(annotation)
    if origin is None:
        inner = getattr(annotation, "__supertype__", None)  # a NewType
        return shape_of(inner, look_up) if inner is not None else UNKNOWN
    if origin is typing.Annotated:
        return shape_of(args[0], look_up)
    if origin is typing.Union or origin is UnionType:
        return join(shape_of(arg, look_up) for arg in args if arg is not NoneType)
    if not isinstance(origin, type):
        return UNKNOWN
    if origin is tuple:
        if len(args) == 2 and args[1] is ...:
            return Each(shape_of(args[0], look_up))
        return Row(tuple([shape_of(arg, look_up) for arg in args]))
    if origin in _ITERABLES:
        return Each(shape_of(args[0], look_up))
    if issubclass(origin, Request | MultiGet) or origin is collections.abc.Awaitable:
        return Asks(shape_of(args[0], look_up))
    if origin is collections.abc.Coroutine and len(args) == 3:
        return Asks(shape_of(args[2], look_up))
    return UNKNOWN if origin is type else Of(origin)


class _Names(dict[str, Any]):
    def __init__(self, look_up: Callable[[str], Shape]) -> None:
        super().__init__()
        self.look_up = look_up

    def __missing__(self, name: str) -> Any:
        found = self.look_up(name)
        if isinstance(found, Is):
            return found.value
        raise KeyError(name)


def _shape_of_text(text: str, look_up: Callable[[str], Shape] | None) -> Shape:
    if look_up is None:
        return UNKNOWN
    text = text.strip()
    if text.isidentifier():
        if text == "None":
            return Of(NoneType)
        found = look_up(text)
        return shape_of(found.value, None) if isinstance(found, Is) else UNKNOWN
    try:
        annotation = eval(text, {"__builtins__": {}}, _Names(look_up))
    except Exception:
        return UNKNOWN
    return UNKNOWN if isinstance(annotation, str) else shape_of(annotation, look_up)
