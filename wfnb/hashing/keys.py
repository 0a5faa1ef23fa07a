"""Typed keys of params: equal exactly for values of the same types, all the way down, and content.

`1`, `1.0` and `True` are three keys, `0.0` and `-0.0` two, NaN is one. All fields of a dataclass
count, also those it does not compare, since a rule can see them; a field with
`metadata={"wfnb_key": False}` does not.

Knows: how to tell values apart. Does not know: digests, rules.
Holds: a fast key (the bare field, or a tuple of fields of exactly the annotated plain types) never
       equals a slow one, which starts with a private mark.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import struct
import types
import weakref
from collections.abc import Callable, Hashable
from typing import Any

from wfnb.errors import ParamError

KeyFunction = Callable[[Any], Hashable]


class _Mark:
    __slots__ = ()

    def __repr__(self) -> str:
        return "slow"


_SLOW = _Mark()
_PLAIN = {int, str, bytes, bool}
_PLAIN_NAMES = {cls.__name__: cls for cls in _PLAIN}
_ATOMS = {int, str, bytes, bool, type(None), type(Ellipsis), type(NotImplemented)}
_BY_IDENTITY = (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
_MUTABLE = {
    list: "tuple(…)",
    dict: "a tuple of pairs, or a frozen dataclass",
    set: "frozenset(…)",
    bytearray: "bytes(…)",
}

_functions: weakref.WeakKeyDictionary[type, KeyFunction] = weakref.WeakKeyDictionary()


def key_function(cls: type) -> KeyFunction:
    """The function from a value of exactly `cls` to its key.

    The function raises ParamError for a value that holds something mutable or unhashable, naming
    the type, the path to it and the fix.
    """
    found = _functions.get(cls)
    if found is None:
        found = _functions[cls] = _make(cls)
    return found


def typed_key(value: object) -> Hashable:
    """The key of any value, with its type.

    Raises:
        ParamError: see `key_function`.
    """
    return _key(value, type(value).__name__, set())


def has_identity_key(cls: type) -> bool:
    """Whether equal-looking objects of `cls` are different params, for want of an `__eq__`."""
    return (
        cls.__eq__ is object.__eq__
        and not issubclass(cls, enum.Enum)
        and cls is not object
        and not issubclass(cls, _BY_IDENTITY)
        and cls not in _ATOMS
    )


def _make(cls: type) -> KeyFunction:
    if cls in _PLAIN:
        return _same
    if _is_value_dataclass(cls):
        return _compile(cls)
    name = cls.__name__

    def slow(value: object) -> Hashable:
        return _key(value, name, set())

    return slow


def _same(value: Hashable) -> Hashable:
    return value


def _is_value_dataclass(cls: type) -> bool:
    params = getattr(cls, "__dataclass_params__", None)
    return (
        params is not None
        and "__dataclass_params__" in cls.__dict__
        and bool(params.eq)
        and (bool(params.frozen) or bool(params.unsafe_hash) or _has_own_hash(cls))
    )


def _has_own_hash(cls: type) -> bool:
    return cls.__hash__ is not None and cls.__hash__ is not object.__hash__


def _key_fields(cls: type) -> list[dataclasses.Field[Any]]:
    return [
        field
        for field in dataclasses.fields(cls)  # type: ignore[arg-type]  # checked by the caller
        if field.metadata.get("wfnb_key", True)
    ]


def _compile(cls: type) -> KeyFunction:
    """A function that is quick for fields of exactly their annotated plain types."""
    name = cls.__name__
    fields = _key_fields(cls)
    expected: list[type | None] = []
    for field in fields:
        annotated = field.type
        if isinstance(annotated, str):
            annotated = _PLAIN_NAMES.get(annotated.strip(), Any)
        expected.append(annotated if annotated in _PLAIN else None)  # type: ignore[arg-type]

    def slow(value: object) -> Hashable:
        return (_SLOW, _fields_key(value, fields, name, set()))

    if not fields or None in expected:
        return slow
    scope: dict[str, Any] = {"slow": slow}
    lines = ["def key(value):"]
    names = []
    tests = []
    for position, (field, cls_) in enumerate(zip(fields, expected, strict=True)):
        assert cls_ is not None
        scope[f"t{position}"] = cls_
        names.append(f"f{position}")
        lines.append(f"    f{position} = value.{field.name}")
        tests.append(f"f{position}.__class__ is t{position}")
    result = names[0] if len(names) == 1 else f"({', '.join(names)})"
    lines += [f"    if {' and '.join(tests)}:", f"        return {result}", "    return slow(value)"]
    exec("\n".join(lines), scope)
    function: KeyFunction = scope["key"]
    return function


def _fields_key(
    value: object, fields: list[dataclasses.Field[Any]], path: str, on_path: set[int]
) -> Hashable:
    return tuple(
        [
            _key(getattr(value, field.name, _SLOW), f"{path}.{field.name}", on_path)
            for field in fields
        ]
    )


def _key(value: Any, path: str, on_path: set[int]) -> Hashable:
    cls = value.__class__
    if cls in _ATOMS:
        return (cls, value)
    if cls is float:
        return (float, "nan" if value != value else struct.pack("<d", value))
    if cls is complex:
        return (complex, _key(value.real, path, on_path), _key(value.imag, path, on_path))
    if id(value) in on_path:
        raise _refused(path, cls, "holds itself", "build it from values that end")
    if isinstance(value, enum.Enum):
        return (cls, value.name)
    if isinstance(value, _BY_IDENTITY) or value is _SLOW:
        return (cls, value)
    on_path.add(id(value))
    try:
        return _compound(value, cls, path, on_path)
    except RecursionError:
        raise _refused(path, cls, "is nested too deeply", "flatten it") from None
    finally:
        on_path.discard(id(value))


def _compound(value: Any, cls: type, path: str, on_path: set[int]) -> Hashable:
    if isinstance(value, tuple) and cls.__eq__ is tuple.__eq__:
        return (cls, tuple([_key(v, f"{path}[{i}]", on_path) for i, v in enumerate(value)]))
    if isinstance(value, frozenset) and cls.__eq__ is frozenset.__eq__:
        return (cls, frozenset([_key(v, f"{path}{{…}}", on_path) for v in value]))
    for mutable, fix in _MUTABLE.items():
        if isinstance(value, mutable):
            raise _refused(path, cls, "can be changed", fix)
    if _is_value_dataclass(cls):
        return (cls, _fields_key(value, _key_fields(cls), path, on_path))
    if dataclasses.is_dataclass(cls) and cls.__hash__ is None:
        raise _refused(path, cls, "can be changed", f"make {cls.__name__} a @dataclass(frozen=True)")
    if isinstance(value, (datetime.datetime, datetime.time)):
        return (cls, value.isoformat(), getattr(value, "fold", 0), str(value.tzinfo))
    if isinstance(value, decimal.Decimal):
        return (cls, str(value))
    if cls is range:
        return (cls, value.start, value.stop, value.step)
    if isinstance(value, (str, bytes, int)):  # a subclass: its own type, its own content
        base = next(b for b in (str, bytes, int) if isinstance(value, b))
        return (cls, base, base.__hash__(value), _plain(value, base))
    if cls.__eq__ is object.__eq__:
        return (cls, _ById(value))
    try:
        hash(value)
    except Exception:
        raise _refused(path, cls, "cannot be hashed", "use a frozen dataclass of plain values") from None
    return (cls, value)


def _plain(value: Any, base: type) -> Hashable:
    if base is str:
        return str.__str__(value)
    return bytes(value) if base is bytes else int(value)


class _ById:
    """An object as itself, kept alive, so that its address cannot come to mean another."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _refused(path: str, cls: type, why: str, fix: str) -> ParamError:
    name = cls.__name__
    if "." not in path and "[" not in path and "{" not in path:
        return ParamError(f"{name} cannot be a param: it {why}", fix=f"use {fix}" if "(" in fix and not fix.startswith("make") else fix)
    owner = path.partition(".")[0].partition("[")[0]
    return ParamError(
        f"{owner} cannot be a param: {path} is a {name}, which {why}",
        fix=f"use {fix}" if not fix.startswith(("make", "build", "use", "flatten")) else fix,
    )
