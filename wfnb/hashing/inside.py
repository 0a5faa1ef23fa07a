"""Looking into values of libraries that hold what an author puts there.

Containers, buffers and settings of Python's library are taken apart; frames, arrays and what is
registered are told by a digest.

Knows: the classes, by name.
Does not know: how parts are printed, compared or walked.
Holds: two values of one class with equal parts are the same to whoever reads them; where a stream
       stands does not count.
       Importing this imports none of the classes.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

from wfnb.hashing.contents import watched
from wfnb.hashing.fields import field_names, is_record, may_carry_more
from wfnb.hashing.origins import is_library
from wfnb.hashing.per_class import PerClass
from wfnb.hashing.refusals import Unkeyable
from wfnb.hashing.registered import registered_form
from wfnb.hashing.values import ABSENT, MAPPINGS, SEQUENCES, attributes, put_on, rule_key

Parts = tuple[Any, ...]
Take = Callable[[Any], Parts]

# What an object of these holds is in its attributes.
_OPEN: Final = frozenset(
    {
        ("types", "SimpleNamespace"), ("argparse", "Namespace"), ("collections", "UserDict"),
        ("collections", "UserList"), ("collections", "UserString"), ("collections", "ChainMap"),
        ("numpy", "poly1d"),
    }
)  # fmt: skip


def _settings(context: Any) -> Parts:
    """Of a decimal context; its flags are what calculations leave behind."""
    traps = sorted(signal.__name__ for signal, is_on in context.traps.items() if is_on)
    limits = (context.prec, context.Emin, context.Emax, context.capitals, context.clamp)
    return (*limits, context.rounding, *traps)


def _sections(parser: Any) -> Parts:
    """Of a configuration, as written."""
    found: list[Any] = [type(parser._interpolation).__name__, *_pairs(parser.defaults())]
    for name in parser.sections():
        found += ("section", name, *_pairs(parser._sections[name]))
    return tuple(found)


def _pairs(mapping: Any) -> list[Any]:
    return [each for pair in mapping.items() for each in pair]


def _vectorized(made: Any) -> Parts:
    """Of a function that NumPy maps over arrays, without what it keeps between calls."""
    return (made.pyfunc, made.otypes, repr(sorted(map(str, made.excluded))), made.signature)


_PARTS: Final[dict[tuple[str, str], Take]] = {
    ("array", "array"): lambda value: (value.typecode, value.tobytes()),
    ("builtins", "memoryview"): lambda value: (value.format, *value.shape, value.tobytes()),
    ("_io", "StringIO"): lambda value: (value.getvalue(),),
    ("_io", "BytesIO"): lambda value: (value.getvalue(),),
    ("_contextvars", "ContextVar"): lambda value: (value.name, value.get(ABSENT)),
    ("decimal", "Context"): _settings,
    ("configparser", "RawConfigParser"): _sections,
    ("numpy", "vectorize"): _vectorized,
    ("numpy", "generic"): lambda value: (value.dtype.str, value.tobytes()),
    ("numpy", "dtype"): lambda value: (repr(value),),
}

_takes: PerClass[tuple[Take | None]] = PerClass()


def is_open(cls: type) -> bool:
    """Whether the attributes of a library's object are what an author puts into it."""
    return (cls.__module__, cls.__qualname__) in _OPEN


def parts_of(value: Any) -> Parts | None:
    """What a value holds because it is, or is derived from, a library's container.

    Parts may hold others. None for all other values, and for those whose attributes say it.
    """
    take = _take_of(type(value))
    return None if take is None else take(value)


def _take_of(cls: type) -> Take | None:
    known = _takes.get(id(cls))
    if known is None:
        found = [_PARTS.get((base.__module__, base.__qualname__)) for base in cls.__mro__]
        known = (next((each for each in found if each is not None), None),)
        _takes.set(cls, known)
    return known[0]


_described: PerClass[tuple[Any]] = PerClass()


def describer(cls: type) -> Any:
    """What says the content of a library's frame, array, …, or of an object derived from one."""
    known = _described.get(id(cls))
    if known is None:
        bases = [base for base in cls.__mro__ if is_library(base.__module__)]
        found = [registered_form(base) for base in bases]
        known = (next((each for each in found if each is not None), None),)
        _described.set(cls, known)
    return known[0]


def is_buffer(value: Any) -> bool:
    """Whether a value is bytes or numbers in a row that can change in place."""
    cls = type(value)
    return isinstance(value, (bytearray, memoryview)) or cls.__module__ == "array"


def values_within(value: Any) -> list[Any]:
    """The values of a frame, a series or an array, where some cannot be described."""
    if hasattr(value, "iloc") and len(value.shape) == 2:
        columns = [value.iloc[:, number].tolist() for number in range(value.shape[1])]
        return [value.index.tolist(), value.columns.tolist(), columns]
    if hasattr(value, "iloc"):
        return [value.index.tolist(), value.tolist()]
    if hasattr(value, "ravel"):
        return [str(value.dtype), value.shape, value.ravel().tolist()]
    return [value.to_list() if hasattr(value, "to_list") else value.to_dicts()]


def _stamp(value: Any, describe: Any) -> bytes:
    try:
        return watched.stamp(value, describe)
    except Unkeyable:
        from wfnb.hashing.contents.changeable import content_digest

        return content_digest(values_within(value)) or b""


def state(value: Any) -> tuple[object, ...]:
    """What is in something that can change in place, to be compared by `is_same_state`."""
    cls = type(value)
    held: tuple[object, ...] = ()
    if isinstance(value, enum.Enum):
        added = put_on(value)
        return (*added.keys(), *added.values())
    if isinstance(value, MAPPINGS):
        held = (*value.keys(), *value.values())
    elif is_buffer(value):
        held = watched.stamp_of_buffer(value)
    elif isinstance(value, (*SEQUENCES, set)):
        held = tuple(value)
    elif isinstance(value, BaseException):
        held = value.args
    elif describer(cls) is not None:
        held = (_stamp(value, describer(cls)),)
    else:
        held = parts_of(value) or ()
    if cls.__module__ == "builtins":
        return held
    own = own_attributes(value)
    return (*held, *own.keys(), *own.values()) if own else held


def own_attributes(value: Any) -> Mapping[str, Any]:
    """What an object has of its own, without what is in it as content already."""
    cls = type(value)
    if describer(cls) is None:
        own = attributes(value)
        if not is_record(cls) or may_carry_more(cls):
            return own
        fields = field_names(cls)  # the others are what its methods keep
        return {name: each for name, each in own.items() if name in fields}
    if is_library(cls.__module__):
        return {}
    return {name: each for name, each in attributes(value).items() if name[:1] != "_"}


def is_content(value: Any) -> bool:
    """Whether a value is told by what is in it, though its class is a library's."""
    return is_content_class(type(value))


def is_content_class(cls: type) -> bool:
    """The same, of the values of a class."""
    return describer(cls) is not None or _take_of(cls) is not None


def kind_of(value: Any) -> str:
    """What the author calls a value that a name stands for."""
    try:
        if rule_key(value) is not None:
            return "rule"
        if isinstance(value, types.ModuleType):
            return "module"
        if isinstance(value, (set, *SEQUENCES, *MAPPINGS)) or is_content(value):
            return "global"
        return "class" if isinstance(value, type) else "helper" if callable(value) else "constant"
    except Exception:  # an object that answers questions with errors
        return "constant"
