"""Classes made of fields: dataclasses and attrs classes.

Knows: which fields such a class has, which of them count, what they are annotated with, and
    whether the class has value equality.
Does not know: values, keys.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from wfnb.hashing.per_class import PerClass


class _Unset:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<not set>"


_compared: PerClass[tuple[tuple[str, ...] | None]] = PerClass()

UNSET = _Unset()
"""Stands for a field that is declared and was never set."""


def is_record(cls: type) -> bool:
    """Whether the class is a dataclass or made with attrs."""
    return hasattr(cls, "__dataclass_fields__") or hasattr(cls, "__attrs_attrs__")


def key_fields(cls: type) -> tuple[str, ...]:
    """The names of the fields that count, as declared.

    `compare=False` is no reason not to count: a rule can see such a field.
    """
    return tuple(f.name for f in _fields(cls) if f.metadata.get("wfnb_key", True) is not False)


def compared_fields(cls: type) -> tuple[str, ...] | None:
    """The fields by which two records are equal; None for other classes, which are asked."""
    names = _compared.get(id(cls))
    if names is None:
        if not is_record(cls):
            return None
        is_asked = not has_eq(cls) or has_written_eq(cls)
        names = (None if is_asked else key_fields(cls),)
        _compared.set(cls, names)
    return names[0]


def annotations_of_fields(cls: type) -> Mapping[str, object]:
    """What each field is annotated with; where a string cannot be resolved, the string."""
    found = {}
    for field in _fields(cls):
        annotation = field.type
        if isinstance(annotation, str):
            annotation = _resolve(cls, field.name, annotation)
        found[field.name] = annotation
    return found


def has_eq(cls: type) -> bool:
    """Whether two objects of the class can be equal."""
    own: object = cls.__eq__
    return own is not object.__eq__


def has_hash(cls: type) -> bool:
    """Whether objects of the class may have a hash."""
    return getattr(cls, "__hash__", None) is not None


def has_written_eq(cls: type) -> bool:
    """Whether its author wrote `__eq__`, rather than having it made from the fields."""
    return has_eq(cls) and not is_made(cls.__eq__)


def is_made(function: object) -> bool:
    """Whether a method was made by `@dataclass` or by attrs.

    The file name does not tell: `exec` compiles an author's own code as "<string>", too.
    """
    if not isinstance(function, FunctionType):
        return False
    code = function.__code__
    if code.co_filename == "<string>":
        return code.co_qualname == f"__create_fn__.<locals>.{code.co_name}"
    return code.co_filename.startswith("<attrs generated")


def _fields(cls: type) -> tuple[Any, ...]:
    if hasattr(cls, "__dataclass_fields__"):
        return dataclasses.fields(cls)
    return tuple(getattr(cls, "__attrs_attrs__", ()))


def resolved(cls: type, annotation: str) -> object:
    """A text annotation as what it names in the module of the class; else the text."""
    try:
        module = sys.modules.get(cls.__module__)
        return eval(annotation, vars(module) if module else {}, dict(vars(cls)))
    except Exception:  # a name of an enclosing function, or one that comes later
        return annotation


def _resolve(cls: type, name: str, annotation: str) -> object:
    """A text annotation of the class that made it; it may be inherited."""
    for owner in cls.__mro__:
        try:
            if name in inspect.get_annotations(owner):
                return resolved(owner, annotation)
        except Exception:  # an odd class
            break
    return annotation
