"""What a class is made of: its fields, and what its author wrote into its body.

Knows: dataclasses, attrs classes, named tuples, enums, and what Python adds to a class.
Does not know: how parts are joined into a fingerprint (`class_printer.py`).
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Iterator
from typing import Any, Final

from wfnb.hashing.fields import is_made, resolved
from wfnb.hashing.values import ABSENT, PLAIN_IDS, is_library_class, without_ids

_GENERATED: Final = frozenset(
    {
        "__module__", "__qualname__", "__dict__", "__weakref__", "__doc__", "__firstlineno__",
        "__static_attributes__", "__slotnames__", "__abstractmethods__", "__parameters__",
        "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__",
        "__dataclass_fields__", "__dataclass_params__", "__wfnb_union__",
        "_abc_impl", "__attrs_attrs__", "__attrs_own_setattr__", "__attrs_props__",
        "__signature__",
    }
)  # fmt: skip
_OF_ENUMS: Final = frozenset(
    {
        "__new__", "__new_member__", "_use_args_", "_member_names_", "_member_map_",
        "_value2member_map_", "_unhashable_values_", "_hashable_values_",
        "_unhashable_values_map_", "_member_type_", "_value_repr_", "_flag_mask_",
        "_singles_mask_", "_all_bits_", "_inverted_", "_sort_order_",
    }
)  # fmt: skip
_OF_NAMED_TUPLES: Final = frozenset(
    {
        "__new__", "__repr__", "__getnewargs__", "_make", "_replace", "_asdict", "__replace__",
    }
)  # fmt: skip


def written(cls: Any) -> Iterator[tuple[str, Any]]:
    """The attributes that the author of a class wrote into its body."""
    own = vars(cls)
    is_record = "__dataclass_fields__" in own or "__attrs_attrs__" in own
    is_named = issubclass(cls, tuple) and "_fields" in own
    is_enum = issubclass(cls, enum.Enum)
    for name, value in list(own.items()):
        if name in _GENERATED or type(value) in _OF_LAYOUT:
            continue
        if name == "__hash__" and value is None:  # follows from __eq__
            continue
        if is_record and name[:2] == "__" and _is_generated(value):
            continue
        if is_named and name == "_field_defaults":
            value = tuple(value.items())
        elif is_named and (name in _OF_NAMED_TUPLES or type(value).__name__ == "_tuplegetter"):
            continue
        if is_enum and (name in cls.__members__ or name in _OF_ENUMS):
            continue
        if name == "_new_member_" and not isinstance(value, types.FunctionType):
            continue
        if name == "__match_args__" and is_record and value == _matched(cls):
            continue
        if _is_dunder(name) and (name[:11] == "__pydantic_" or not _is_code_or_plain(value)):
            continue  # what pydantic and others keep in a class
        yield name, value


def _is_generated(value: Any) -> bool:
    inner = getattr(value, "__wrapped__", value)  # reprlib.recursive_repr wraps the repr
    if not isinstance(inner, types.FunctionType):
        return False
    return is_made(inner) or inner.__globals__.get("__name__") in _MAKERS


_MAKERS: Final = frozenset({"dataclasses", "attr._make"})
# These follow from `__slots__`, or every class has them.
_OF_LAYOUT: Final = frozenset({types.GetSetDescriptorType, types.MemberDescriptorType})


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_code_or_plain(value: Any) -> bool:
    """Also an object that is called, or asked for a method: a cache around one, for instance."""
    if isinstance(value, tuple) or id(type(value)) in PLAIN_IDS:
        return True
    return callable(value) or hasattr(type(value), "__get__")


def _matched(cls: Any) -> tuple[str, ...]:
    """The fields by which objects are matched, unless the author says others."""
    if "__dataclass_fields__" in vars(cls):
        return tuple([f.name for f in dataclasses.fields(cls) if f.init and not f.kw_only])
    return tuple([f.name for f in cls.__attrs_attrs__ if f.init and not f.kw_only])


def leads_to(annotation: Any, cls: Any) -> Iterator[Any]:
    """The author's classes in an annotation, and what it is `Annotated` with."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        annotation = resolved(cls, annotation)
    args = getattr(annotation, "__args__", None)  # quicker than `typing`
    if typing.get_origin(annotation) is typing.Literal:
        return
    if isinstance(args, tuple):
        for each in args:
            yield from leads_to(each, cls)
        yield from getattr(annotation, "__metadata__", ())
    elif isinstance(annotation, list):
        for each in annotation:
            yield from leads_to(each, cls)
    elif (
        isinstance(annotation, type) and annotation is not cls and not is_library_class(annotation)
    ):
        yield annotation


def type_text(annotation: Any, cls: Any = None) -> str:
    """An annotation by the names in it, whether it is kept as text or not.

    Args:
        cls: the class it was found in, where names in a text are looked up.
    """
    if type(annotation) is type:
        return annotation.__qualname__
    if isinstance(annotation, str):
        found = resolved(cls, annotation) if cls is not None else annotation
        if isinstance(found, str):
            return " ".join(found.split())
        annotation = found
    if annotation is None:
        return "None"
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return " | ".join([type_text(each, cls) for each in args])
    if origin is not None and origin is not typing.Literal and args:
        return f"{type_text(origin)}[{', '.join([type_text(each, cls) for each in args])}]"
    if isinstance(annotation, type):
        return annotation.__qualname__
    if annotation is typing.Annotated:  # a class in some Pythons, a form in others
        return "Annotated"
    if isinstance(annotation, typing.ForwardRef):
        return annotation.__forward_arg__
    if isinstance(annotation, list):
        return f"[{', '.join([type_text(each, cls) for each in annotation])}]"
    return without_ids(repr(annotation))


def data_fields(cls: Any) -> Iterator[tuple[Any, ...]]:
    """Name, type, default, factory, settings, metadata and annotation of each field."""
    missing = dataclasses.MISSING
    for field in dataclasses.fields(cls):
        settings = (field.init, field.repr, field.hash, field.compare, field.kw_only)
        default, factory = field.default, field.default_factory
        annotation = field.type
        if isinstance(annotation, str):
            annotation = resolved(cls, annotation)
        yield (
            field.name,
            type_text(annotation, None if type(annotation) is str else cls),
            ABSENT if default is missing else default,
            ABSENT if factory is missing else factory,
            b"usual" if settings == _USUAL else repr(settings).encode(),
            dict(field.metadata),
            annotation,
        )


_USUAL: Final = (True, True, None, True, False)


def attrs_fields(cls: Any) -> Iterator[tuple[str, str, bytes, dict[str, Any], Any]]:
    """Name, type, settings, what its author gave for it, and annotation of each field."""
    for field in cls.__attrs_attrs__:
        settings = (field.init, field.repr, field.eq, field.order, field.hash, field.kw_only)
        given = {name: getattr(field, name, None) for name in _OF_ATTRS}
        default = field.default
        given["default"] = getattr(default, "factory", default)
        yield (
            field.name,
            type_text(field.type, cls),
            repr((*settings, field.alias)).encode(),
            {name: each for name, each in given.items() if not _is_nothing(each)},
            field.type,
        )


_OF_ATTRS: Final = ("validator", "converter", "on_setattr", "eq_key", "order_key", "metadata")


def _is_nothing(value: Any) -> bool:
    if isinstance(value, types.MappingProxyType) and not value:
        return True
    return value is None or (type(value).__module__ == "attr._make" and repr(value) == "NOTHING")


def fields_of(value: Any) -> tuple[str, ...] | None:
    """The fields of an object of a library's record, dataclass or attrs; None for others."""
    if dataclasses.is_dataclass(value):
        return tuple([field.name for field in dataclasses.fields(value)])
    found = getattr(type(value), "__attrs_attrs__", None)
    return tuple([field.name for field in found]) if isinstance(found, tuple) else None
