"""Kinds of values: which can be told by what they are, which by name, which can change in place.

Knows: what Python's own types are made of.
Does not know: how parts are joined into a fingerprint (`printer.py`).
"""

from __future__ import annotations

import collections
import enum
import functools
import logging
import operator
import re
import reprlib
import sys
import threading
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final

from wfnb.hashing.origins import is_library


class _Absent(enum.Enum):
    ABSENT = enum.auto()


ABSENT: Final[Any] = _Absent.ABSENT
RULE_KEY: Final = "__wfnb_rule_key__"
PLAIN: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
# A class may have a metaclass that leaves it without a hash, so look it up by its id.
PLAIN_IDS: Final = frozenset(map(id, PLAIN))
CONTAINER_IDS: Final = frozenset(map(id, (tuple, list, dict, set, frozenset)))

SEQUENCES: Final = (list, collections.deque, bytearray)
MAPPINGS: Final = (dict, types.MappingProxyType)

# Their repr is all there is to them.
BY_REPR: Final = frozenset(
    {"datetime", "decimal", "fractions", "ipaddress", "pathlib", "uuid", "zoneinfo"}
)
# What they do does not depend on which one it is.
BY_TYPE: Final[tuple[type, ...]] = (
    type(threading.Lock()),
    type(threading.RLock()),
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.EllipsisType,
    types.NotImplementedType,
)
BY_NAME: Final[tuple[type, ...]] = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.ClassMethodDescriptorType,
)

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 40


def rule_key(value: Any) -> tuple[Any, Any] | None:
    """The module and the name of a rule; None for anything else."""
    cls = type(value)
    if cls is type or (cls is types.FunctionType and RULE_KEY not in value.__dict__):
        return None
    if any(RULE_KEY in vars(base) for base in cls.__mro__) or RULE_KEY in attributes(value):
        key = getattr(value, RULE_KEY, None)
        if key is not None:
            return key[0], key[1]
    return None


def attributes(value: Any) -> Mapping[str, Any]:
    """What an object has of its own, dict or slots; results that it caches are left out."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    found = dict(own) if isinstance(own, dict) else {}
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name.startswith("__") and not name.endswith("__"):
                name = sys.intern(f"_{cls.__name__.lstrip('_')}{name}")
            member = vars(cls).get(name)
            if isinstance(member, types.MemberDescriptorType):
                found[name] = _slot(member, value)
        for name, attribute in vars(cls).items():
            if isinstance(attribute, functools.cached_property):
                found.pop(name, None)
    return found


def put_on(member: Any) -> dict[str, Any]:
    """The attributes that an author has put on a member of an enum."""
    own = attributes(member)
    return {name: own[name] for name in sorted(own) if name not in _OF_MEMBERS}


_OF_MEMBERS: Final = frozenset(
    {"_value_", "_name_", "__objclass__", "_sort_order_", "_inverted_", "_hash_"}
)


def _slot(member: types.MemberDescriptorType, value: object) -> Any:
    try:
        return member.__get__(value, type(value))
    except AttributeError:
        return ABSENT


def content(cell: types.CellType) -> Any:
    """What a closure cell holds."""
    try:
        return cell.cell_contents
    except ValueError:
        return ABSENT


def is_same_state(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two states hold the very same objects, but for texts and bytes made anew."""
    if len(one) != len(other):
        return False
    if all(map(operator.is_, one, other)):
        return True
    return all(
        a is b or (type(a) is type(b) and type(a) in _COMPARED and a == b)
        for a, b in zip(one, other, strict=True)
    )


_COMPARED: Final = (bytes, str, int)


def is_frozen(value: object) -> bool:
    """Whether the attributes of an object are set once."""
    params = getattr(type(value), "__dataclass_params__", None)
    return bool(getattr(params, "frozen", False)) or isinstance(value, BaseException)


def is_by_repr(value: Any) -> bool:
    """Whether the repr of a library's value tells all of it."""
    cls = type(value)
    if cls is range:
        return True
    top = str(cls.__module__).partition(".")[0]
    return top in BY_REPR and " at 0x" not in repr(value)


def by_reduction(value: Any) -> tuple[object, ...] | None:
    """What a value is made from, if it is of a kind that says so."""
    if isinstance(value, re.Pattern):
        return (value.pattern, value.flags)
    if isinstance(value, slice):
        return (value.start, value.stop, value.step)
    if isinstance(value, (operator.itemgetter, operator.attrgetter, operator.methodcaller)):
        made = value.__reduce__()
        return made if isinstance(made, tuple) else None
    if isinstance(value, logging.Logger):
        return (value.name,)
    if isinstance(value, logging.LoggerAdapter):
        return (value.logger, value.extra)
    return None


def of_base(value: Any) -> tuple[object, ...]:
    """What an object of an author's class holds as a text, a number, a date, an exception."""
    if isinstance(value, BaseException):
        return value.args
    for base, plainly in _PLAINLY.items():
        if isinstance(value, base):
            return (plainly(value),)
    for cls in type(value).__mro__:
        if str(cls.__module__).partition(".")[0] in BY_REPR:
            of_class: Any = cls
            return (of_class.__repr__(value),)
    return ()


_PLAINLY: Final[dict[type, Callable[[Any], object]]] = {
    str: str.__str__,
    bytes: bytes.__bytes__,
    int: int.__int__,
    float: float.__float__,
    complex: lambda value: complex(value.real, value.imag),
}


def bounds(value: Any) -> tuple[object, ...]:
    """What a type variable or a new type stands for."""
    if isinstance(value, typing.TypeVar):
        return (value.__bound__, *value.__constraints__)
    return (value.__supertype__,) if isinstance(value, typing.NewType) else ()


def inner_state(value: Any) -> Mapping[str, Any]:
    """What an object in a library's closure was made with, the policy of a retry for instance.

    The standard library keeps nothing there but its own bookkeeping.
    """
    top = str(type(value).__module__).partition(".")[0]
    return {} if top in sys.stdlib_module_names else attributes(value)


def name_in_library(value: Any) -> tuple[str, str] | None:
    """Module and name of what a library offers under a name, such as a compiled function."""
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    module = getattr(value, "__module__", None) or type(value).__module__
    if not isinstance(module, str) or not is_library(module):
        return None
    if value_at(module, name) is value or (callable(value) and _is_offered(value, name)):
        return (module, name)
    return None  # a generator, or what a library makes of a function, has a name of its author's


def value_at(module: str, name: str) -> Any:
    """What a loaded module has under a qualified name."""
    found: Any = sys.modules.get(module)
    for key in name.split("."):
        found = getattr(found, key, None)
    return found


def _is_offered(value: Any, name: str) -> bool:
    """Whether some library has a value under its last name: `scipy.special.gamma`, of NumPy."""
    key = name.rpartition(".")[2]
    return any(
        vars(module).get(key) is value and is_library(called)
        for called, module in list(sys.modules.items())
        if type(module) is types.ModuleType
    )


def is_library_class(cls: type) -> bool:
    """Whether a class is a library's, and not one that a library made for an author."""
    module = cls.__module__
    if not is_library(module):
        return False
    return module not in _MAKERS or value_at(module, cls.__qualname__) is cls


_MAKERS: Final = frozenset({"types", "abc", "typing", "dataclasses", "functools", "attr._make"})


def without_ids(text: str) -> str:
    """A repr without the addresses in it."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def short_text(value: Any) -> str:
    """A value in a few words."""
    try:
        text = _text(value)
    except Exception:  # a repr that fails; an int with more digits than Python likes to print
        text = ""
    text = text or f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:59] + "…"


def _text(value: Any) -> str:
    if id(type(value)) in PLAIN_IDS or isinstance(
        value, (tuple, list, dict, set, frozenset, bytearray)
    ):
        return without_ids(_short.repr(value))
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_by_repr(value) or isinstance(value, functools.partial):
        return without_ids(repr(value))
    return ""
