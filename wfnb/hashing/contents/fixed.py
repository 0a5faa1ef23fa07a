"""Whether nothing in a value can be changed in place.

Knows: which classes have such values, and what others hold.
Does not know: what is in a value that can be changed (`changeable.py`).
Holds: a question is asked once for each class; most products are small frozen records, for which
       its answer takes under 2 µs.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from wfnb.hashing.fields import extras, is_record, key_fields, may_carry_more
from wfnb.hashing.origins import is_library
from wfnb.hashing.per_class import PerClass
from wfnb.hashing.values import BY_REPR, PLAIN, PLAIN_IDS, content

Question = Callable[[Any], bool]
_questions: PerClass[Question] = PerClass()
_question_of = _questions.get
_FIXED: Final = (
    *PLAIN, range, type, types.ModuleType,
    types.GenericAlias, types.UnionType, type(Ellipsis), type(NotImplemented),
)  # fmt: skip
_FIXED_BY_NAME: Final = frozenset(
    {
        ("pyarrow", "Table"), ("pyarrow", "RecordBatch"), ("pyarrow", "Array"),
        ("pyarrow", "ChunkedArray"), ("pyarrow", "Scalar"), ("pyarrow", "Schema"),
        ("pyarrow", "DataType"), ("re", "Pattern"), ("numpy", "dtype"),
        ("pandas", "Timestamp"), ("pandas", "Timedelta"), ("pandas", "Period"),
        ("pandas", "Interval"), ("pandas", "NAType"), ("pandas", "NaTType"),
    }
)  # fmt: skip


def cannot_change(value: Any) -> bool:
    """Whether nothing in a value can be changed in place."""
    cls = type(value)
    question = _question_of(id(cls))
    if question is None:
        question = _make_question(cls)
        _questions.set(cls, question)
    return question(value)


def _make_question(cls: type) -> Question:
    if issubclass(cls, (enum.Enum, type)) or any(cls is each for each in _FIXED):
        return _yes
    if cls is types.FunctionType:
        return _function_fixed
    if cls is types.BuiltinFunctionType:
        return lambda value: cannot_change(value.__self__)
    if cls is tuple or cls is frozenset:
        return _all_fixed
    if issubclass(cls, tuple) and hasattr(cls, "_fields") and not cls.__dictoffset__:
        return _all_fixed
    if is_record(cls) and _is_frozen_record(cls):
        return _record_question(cls)
    if is_library(cls.__module__) and _is_fixed_in_library(cls):
        return _yes
    return _no


def _record_question(cls: type) -> Question:
    names = key_fields(cls)
    if may_carry_more(cls):
        return lambda value: _all_fixed(
            [*(getattr(value, name, None) for name in names), *extras(value).values()]
        )
    if not names:
        return _yes
    read = attrgetter(*names)
    plain_ones = PLAIN_IDS
    if len(names) == 1:
        return lambda value: id(type(read(value))) in plain_ones or cannot_change(read(value))

    def question(value: Any) -> bool:
        for each in read(value):
            if id(type(each)) not in plain_ones and not cannot_change(each):
                return False
        return True

    return question


def _is_frozen_record(cls: Any) -> bool:
    if hasattr(cls, "__dataclass_params__"):
        return bool(cls.__dataclass_params__.frozen)
    return getattr(cls.__setattr__, "__name__", "") == "_frozen_setattrs"


def _is_fixed_in_library(cls: type) -> bool:
    top = cls.__module__.partition(".")[0]
    if top in BY_REPR:
        return cls.__qualname__ != "Context"
    if top == "numpy" and any(base.__qualname__ == "generic" for base in cls.__mro__):
        return cls.__qualname__ != "void"
    return any(
        (str(base.__module__).partition(".")[0], base.__qualname__) in _FIXED_BY_NAME
        for base in cls.__mro__
    )


def _all_fixed(values: Any) -> bool:
    return all(id(type(each)) in PLAIN_IDS or cannot_change(each) for each in values)


def _function_fixed(function: types.FunctionType) -> bool:
    """Of functions within it only whether they hold nothing, since they may lead back."""
    return all(
        each is function
        or id(type(each)) in PLAIN_IDS
        or (not held_by(each) if isinstance(each, types.FunctionType) else cannot_change(each))
        for each in held_by(function)
    )


def held_by(function: types.FunctionType) -> list[Any]:
    """What a function holds besides its code."""
    cells = [content(cell) for cell in function.__closure__ or ()]
    named = function.__kwdefaults__ or {}
    return [
        *cells, *(function.__defaults__ or ()), *named.values(), *function.__dict__.values()
    ]  # fmt: skip


def _yes(value: Any) -> bool:
    return True


def _no(value: Any) -> bool:
    return False
