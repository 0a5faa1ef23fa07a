"""Mutability: whether values of a class can change in place, as far as its definition says.

Knows: annotations of records.
Does not know: values.
Holds: False means that nothing inside can change without a trick, if fields hold what they are
       annotated with.
"""

from __future__ import annotations

import enum
import types
import typing
from typing import Any, Final

from wfnb.hashing.fields import annotations_of_fields, is_record, key_fields

_SAFE: Final = frozenset(
    {type(None), bool, int, float, complex, str, bytes, type, range, types.EllipsisType}
)
_SAFE_MODULES: Final = frozenset(
    {"datetime", "decimal", "fractions", "ipaddress", "pathlib", "uuid", "zoneinfo"}
)


def may_change(cls: type) -> bool:
    """Whether something inside a value of exactly this class may change in place."""
    return _may_change(cls, frozenset())


def _may_change(annotation: Any, above: frozenset[Any]) -> bool:
    if annotation in _SAFE or annotation is None or annotation in above:
        return False
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _may_change(arguments[0], above)
    if origin is typing.Literal:
        return False
    if origin in (tuple, frozenset, typing.Union, types.UnionType):
        return any(_may_change(one, above) for one in arguments if one is not ...)
    supertype = getattr(annotation, "__supertype__", None)
    if supertype is not None:
        return _may_change(supertype, above)
    if not isinstance(annotation, type) or origin is not None:
        return True
    if issubclass(annotation, enum.Enum) or _module(annotation) in _SAFE_MODULES:
        return False
    if not is_record(annotation) or not _is_frozen(annotation):
        return True
    annotations = annotations_of_fields(annotation)
    inside = above | {annotation}
    return any(_may_change(annotations.get(name, Any), inside) for name in key_fields(annotation))


def _module(cls: type) -> str:
    return cls.__module__.partition(".")[0]


def _is_frozen(cls: type) -> bool:
    params = getattr(cls, "__dataclass_params__", None)
    return params is not None and bool(params.frozen)
