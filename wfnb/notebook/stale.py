"""Stale values: a value whose class has been defined anew since, wherever it hides.

Knows: which classes are retired, which cell bound which name, how to look into values.
Does not know: requests, the names that a rule follows (`reach.py`).
Holds: nothing of the author's is run to look into a value. What cannot be seen into passes.
"""

from __future__ import annotations

import collections
import enum
import functools
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wfnb.errors import ParamError
from wfnb.hashing.origins import is_library
from wfnb.notebook.classes import ClassBook

_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, type(...), range})
_ROWS = (tuple, list, collections.deque)
_BAGS = (set, frozenset)
_TABLES = (dict, types.MappingProxyType)
_Way = tuple[Any, str | int] | None  # the way to what holds it, and the step from there


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that an earlier class is part of.

    Attributes:
        value: the instance or class itself.
        path: where it is in the value that was looked into: ".size", "[3]", "" for that itself.
        retired: the class that does not stand any more.
        is_built: whether the class of `value` stands, and only has the retired one as a base.
    """

    value: object
    path: str
    retired: type
    is_built: bool


def find_stale(value: object, classes: ClassBook) -> Stale | None:
    """The first thing in `value`, or in what it holds, that an earlier class is part of.

    Cost: all that `value` holds is visited once; ask only while `classes.has_retired()`.
    """
    seen: set[int] = set()
    bases: dict[int, type | None] = {}
    waiting: list[tuple[object, _Way]] = [(value, None)]
    while waiting:
        each, way = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        cls = each if isinstance(each, type) else type(each)
        if id(cls) not in bases:
            bases[id(cls)] = _retired_base(cls, classes)
        base = bases[id(cls)]
        if base is not None:
            return Stale(each, _path(way), base, is_built=base is not cls)
        inside = [
            (inner, (way, step)) for inner, step in _inside(each) if type(inner) not in _PLAIN
        ]
        waiting += reversed(inside)
    return None


def _retired_base(cls: type, classes: ClassBook) -> type | None:
    if cls.__module__ not in classes.modules:
        return None
    return next((base for base in cls.__mro__ if classes.retirement(base) is not None), None)


def _path(way: _Way) -> str:
    steps: list[str] = []
    while way is not None:
        way, step = way
        steps.append(step if isinstance(step, str) else f"[{step}]")
    return "".join(reversed(steps))


def param_refusal(
    value: object,
    classes: ClassBook,
    namespace: Mapping[str, object],
    binders: Mapping[str, str],
) -> ParamError | None:
    """The error for a param that an earlier class is part of; None for any other.

    Args:
        binders: the label of the cell that bound a name last.
    """
    if not classes.has_retired():
        return None
    found = find_stale(value, classes)
    if found is None:
        return None
    name = type(value).__qualname__
    if found.path:
        what = f"this {name} holds {told(found, classes)}"
    else:
        verb = "is built on" if found.is_built else "was made by"
        what = f"this {name} {verb} {earlier(found, classes)}"
    why = [f"in its {found.path.lstrip('.')}"] if found.path else []
    return ParamError(
        what,
        why=[*why, *reasons(found, classes)],
        fix=remedy(found, [value], classes, namespace, binders),
    )


# -- words ------------------------------------------------------------------------------------


def told(found: Stale, classes: ClassBook) -> str:
    """`a Size made by the earlier Size of In [2]`, or `the earlier Size of In [2]`."""
    verb = "built on" if found.is_built else "made by"
    if isinstance(found.value, type):
        before = f"{found.value.__qualname__}, {verb} " if found.is_built else ""
        return f"{before}{earlier(found, classes)}"
    return f"a {type(found.value).__qualname__} {verb} {earlier(found, classes)}"


def earlier(found: Stale, classes: ClassBook) -> str:
    """`the earlier Size of In [2]`."""
    retirement = classes.retirement(found.retired)
    was_in = f" of {retirement.label}" if retirement is not None and retirement.label else ""
    return f"the earlier {found.retired.__qualname__}{was_in}"


def reasons(found: Stale, classes: ClassBook) -> list[str]:
    """Where the class has been defined anew, and what changed in it."""
    retirement = classes.retirement(found.retired)
    successor = classes.successor(found.retired)
    now = classes.label(successor) if successor is not None else ""
    why = [f"{found.retired.__qualname__} has been defined anew{f' in {now}' if now else ''}"]
    if retirement is not None and retirement.change:
        why.append(retirement.change)
    return why


def remedy(
    found: Stale,
    holders: Iterable[object],
    classes: ClassBook,
    namespace: Mapping[str, object],
    binders: Mapping[str, str],
) -> str:
    """Which cells to run again, in this order.

    Args:
        holders: what holds the stale value, the nearest first.
    """
    made: dict[str, str] = {}
    if found.is_built:
        cls = found.value if isinstance(found.value, type) else type(found.value)
        made[cls.__qualname__] = classes.label(cls)
    for value in (found.value, *holders):
        names = sorted(n for n, v in namespace.items() if v is value and n in binders)
        if names:
            made.setdefault(names[0], binders[names[0]])
    if not made:
        successor = classes.successor(found.retired)
        now = classes.label(successor) if successor is not None else ""
        now_in = f" of {now}" if now else ""
        return f"run the cell that makes it again, with the {found.retired.__qualname__}{now_in}"
    shown = [f"{name} ({cell})" if cell else name for name, cell in made.items()]
    if len(shown) == 1:
        return f"run the cell that makes {shown[0]} again"
    return f"run the cells that make {', '.join(shown[:-1])} and {shown[-1]} again"


# -- looking into values ----------------------------------------------------------------------


def _inside(value: object) -> Iterator[tuple[object, str | int]]:
    """What a value holds, each with the step that leads there."""
    if isinstance(value, _ROWS):
        yield from ((each, i) for i, each in enumerate(value))
    elif isinstance(value, _BAGS):
        yield from ((each, "{…}") for each in value)
    elif isinstance(value, _TABLES):
        for key, each in list(value.items()):
            yield key, "{…}"
            yield each, f"[{key!r}]" if type(key) in _PLAIN else "{…}"
    elif isinstance(value, types.FunctionType):
        yield from _kept_by(value)
    elif isinstance(value, types.MethodType):
        yield value.__self__, ".__self__"
        yield value.__func__, ""
    elif isinstance(value, functools.partial):
        yield from ((getattr(value, name), f".{name}") for name in ("func", "args", "keywords"))
    elif isinstance(value, type):
        if _is_authors(value):
            yield from _kept_by_class(value)
    elif not isinstance(value, enum.Enum) and _is_authors(type(value)):
        yield from ((each, f".{name}") for name, each in _attributes(value))


def _kept_by(function: types.FunctionType) -> Iterator[tuple[object, str]]:
    """Defaults and closure of a function of the author's."""
    code, defaults = function.__code__, function.__defaults__ or ()
    if is_library(function.__module__) or code.co_filename == "<string>":
        return  # made by dataclasses, around classes that are only annotations
    names = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    named = [*zip(names, defaults, strict=True), *(function.__kwdefaults__ or {}).items()]
    yield from ((each, f".{name}") for name, each in named)
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield cell.cell_contents, f".{name}"
        except ValueError:  # not bound yet
            continue


def _kept_by_class(cls: type) -> Iterator[tuple[object, str]]:
    """Attributes, defaults of fields and methods, bases; annotations are only names."""
    for name, each in list(vars(cls).items()):
        if not name.startswith("__") or isinstance(each, types.FunctionType):
            yield each, f".{name}"
    for name, field in list(getattr(cls, "__dataclass_fields__", {}).items()):
        yield field.default, f".{name}"
        yield field.default_factory, f".{name}"
    yield from ((base, "") for base in cls.__bases__)


def _is_authors(cls: type) -> bool:
    return "__dataclass_fields__" in cls.__dict__ or not is_library(cls.__module__)


def _attributes(value: object) -> Iterator[tuple[str, object]]:
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    yield from list(own.items())
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            member = cls.__dict__.get(name)
            if isinstance(member, types.MemberDescriptorType):
                try:
                    yield name, member.__get__(value)
                except AttributeError:  # a slot that was never filled
                    continue
