"""Classes made of fields: dataclasses and attrs classes.

Knows: which fields such a class has, which of them count, what they are annotated with, whether
    the class has value equality, and whether its objects may carry more than their fields.
Does not know: values, keys.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Mapping
from types import FunctionType, MemberDescriptorType
from typing import Any

from wfnb.hashing.per_class import PerClass


class _Unset:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<not set>"


_compared: PerClass[tuple[tuple[str, ...] | None]] = PerClass()

_carrying: PerClass[bool] = PerClass()

UNSET = _Unset()
"""Stands for a field that is declared and was never set."""


def is_record(cls: type) -> bool:
    """Whether the class is a dataclass or made with attrs."""
    return hasattr(cls, "__dataclass_fields__") or hasattr(cls, "__attrs_attrs__")


def field_names(cls: type) -> frozenset[str]:
    """The names of all fields."""
    return frozenset([field.name for field in _fields(cls)])


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


def may_carry_more(cls: type) -> bool:
    """Whether objects may have attributes besides their fields, by what is done when one is made.

    What methods add to a frozen object later is taken for what they keep, such as a hash.
    """
    known = _carrying.get(id(cls))
    if known is None:
        known = cls.__dictoffset__ != 0 and (not _is_frozen(cls) or _is_made_by_author(cls))
        _carrying.set(cls, known)
    return known


def has_init_only(cls: type) -> bool:
    """Whether its objects are made from more than the fields."""
    kinds = [getattr(f, "_field_type", None) for f in _all_fields(cls)]
    return any(getattr(kind, "name", "") == "_FIELD_INITVAR" for kind in kinds) or any(
        _is_written(base, ("__init__", "__new__", "__setstate__")) for base in cls.__mro__
    )


def count_in_dict(cls: type) -> int:
    """How many attributes an object has in its `__dict__` that has its fields only.

    -1 if the number does not tell, since there are fields that need not be set.
    """
    count = 0
    for field in _fields(cls):
        counts = field.metadata.get("wfnb_key", True) is not False
        if not field.init and (not counts or hasattr(cls, field.name)):
            return -1
        member = inspect.getattr_static(cls, field.name, None)
        count += not isinstance(member, MemberDescriptorType)
    return count


def extras(value: Any) -> dict[str, Any]:
    """The attributes of a record that are no fields, but for what `cached_property` keeps."""
    cls = type(value)
    names = {field.name for field in _fields(cls)}
    own = {name: each for name, each in vars(value).items() if name not in names}
    if own:
        for name in tuple(own):
            member = inspect.getattr_static(cls, name, None)
            if type(member).__name__ == "cached_property" or name == "_attrs_cached_hash":
                del own[name]
    return own


def _is_frozen(cls: Any) -> bool:
    if hasattr(cls, "__dataclass_params__"):
        return bool(cls.__dataclass_params__.frozen)
    return getattr(cls.__setattr__, "__name__", "") == "_frozen_setattrs"


def _is_made_by_author(cls: type) -> bool:
    return has_init_only(cls) or any(
        _is_written(base, ("__post_init__", "__attrs_post_init__", "__attrs_pre_init__"))
        for base in cls.__mro__
    )


def _is_written(cls: type, names: tuple[str, ...]) -> bool:
    if cls.__module__ in ("builtins", "typing", "abc") or cls.__module__.startswith("wfnb."):
        return False
    return any(name in vars(cls) and not is_made(vars(cls)[name]) for name in names)


def _all_fields(cls: Any) -> list[Any]:
    return list(getattr(cls, "__dataclass_fields__", {}).values())


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
