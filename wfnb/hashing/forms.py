"""Forms: for each class, what stands for its values in a key.

A form is a hashable, equal for two values of one class if and only if they are the same value.
For most classes it is the value itself; where `==` is loose it is what tells values apart.

Knows: built-in and standard classes by name, records, enums, classes with their own equality.
Does not know: params.
Holds: `typed(value)` is a str, an int, None, or `(class, form)`: no two values collide.
       A form mentions only classes whose forms were made before it: no class keeps itself alive,
       and a slow form never looks like the fast form of another class within it.
       Importing this imports none of the modules whose classes it knows by name.
"""

from __future__ import annotations

import enum
import threading
import types
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, Final, NoReturn, cast

from wfnb.hashing.compiled import compile_form
from wfnb.hashing.fields import (
    has_eq,
    has_hash,
    has_written_eq,
    is_record,
)
from wfnb.hashing.per_class import PerClass, has_plain_identity, tag_of
from wfnb.hashing.refusals import Unkeyable, param_error
from wfnb.hashing.registered import registered_form
from wfnb.hashing.slow_forms import asked_form, slow_form

Form = Callable[[Any], Hashable]

_forms: PerClass[Form] = PerClass()
_form_by_id = _forms.get
_forms_of_odd: PerClass[Form] = PerClass()  # of classes that cannot stand for themselves
_making: set[int] = set()
_lock = threading.RLock()


def typed(value: Any) -> Hashable:
    """A key for any value; raises `Unkeyable` for one that can change or has no hash."""
    cls = type(value)
    if cls is str or cls is int or value is None:
        return cast("Hashable", value)
    form = _form_by_id(id(cls))
    if form is not None:
        return (cls, form(value))
    return (tag_of(cls), form_of(cls)(value))


def form_of(cls: type) -> Form:
    """The form of values of exactly this class; made when the class is seen first."""
    form = _form_by_id(id(cls)) or _forms_of_odd.get(id(cls))
    if form is not None:
        return form
    with _lock:
        form = _form_by_id(id(cls)) or _forms_of_odd.get(id(cls))
        if form is None:
            _making.add(id(cls))
            try:
                form = _make(cls)
            finally:
                _making.discard(id(cls))
            (_forms if has_plain_identity(cls) else _forms_of_odd).set(cls, form)
        return form


def special_form(cls: type) -> Form | None:
    """The form of a class for whose values `==` alone is too loose, or says nothing of interest."""
    form = _plain_form(cls) or registered_form(cls) or _named(cls)
    if form is None and _is_numpy_scalar(cls):
        return _numpy
    return None if form is _refused else form


def is_known(cls: type) -> bool:
    """Whether values of the class are keyed without asking the class itself."""
    return (
        _plain_form(cls) is not None
        or registered_form(cls) is not None
        or _named(cls) is not None
        or issubclass(cls, (enum.Enum, *OF_SUBCLASS))
        or _is_mutable(cls)
    )


def refuse(value: object, error: Exception) -> NoReturn:
    """Say why a value cannot be a param."""
    is_deep = isinstance(error, RecursionError)
    raise param_error(value, _refusal_of, is_deep=is_deep) from None


def _refusal_of(value: object) -> Unkeyable | None:
    try:
        typed(value)
    except Unkeyable as refusal:
        return refusal
    except RecursionError:
        return Unkeyable()
    return None


def forget_forms() -> None:
    """Make every form again, when it is asked for; those in use stay as they are."""
    with _lock:
        for table in (_forms, _forms_of_odd):
            table.clear()
        for cls, form in PLAIN.items():
            _forms.set(cls, form)


# -- making a form ----------------------------------------------------------------------------


def _make(cls: type) -> Form:
    """The order of these questions counts: an IntEnum is an int, a NamedTuple a tuple."""
    named = registered_form(cls) or _named(cls)
    if named is not None:
        return named
    if issubclass(cls, enum.Enum):
        return attrgetter("_value_" if issubclass(cls, enum.Flag) else "_name_")
    if issubclass(cls, type):
        return tag_of
    if _is_mutable(cls) or not has_hash(cls):
        return _refused
    if is_record(cls) and has_eq(cls):
        slow = slow_form(cls, typed)
        return (
            asked_form(slow, _trusted) if has_written_eq(cls) else compile_form(cls, _tools(slow))
        )
    for base, form in OF_SUBCLASS.items():
        if issubclass(cls, base):
            return _derived(form)
    if _is_numpy_scalar(cls):
        return _numpy
    return _derived(_trusted) if inherits_eq(cls) else _trusted


def inherits_eq(cls: Any) -> bool:
    """Whether a library's `==` tells its objects apart, which knows nothing of what is added."""
    owner = next(base for base in cls.__mro__ if "__eq__" in vars(base))
    if owner is object or owner is cls or not cls.__dictoffset__:
        return False
    from wfnb.hashing.origins import is_library  # late: few classes need it

    return is_library(owner.__module__) and not is_library(cls.__module__)


def _tools(slow: Form) -> dict[str, Any]:
    """What a compiled form calls."""
    return {
        "typed": typed,
        "slow": slow,
        "refuse": refuse,
        "form_of": lambda field: None if id(field) in _making else form_of(field),
    }


def _derived(base: Form) -> Form:
    """For a subclass of str, tuple …: the value of its base, and what else its objects carry."""

    def form(value: Any) -> Hashable:
        state = getattr(value, "__dict__", None)
        if not state:
            return base(value)
        return (base(value), frozenset([(name, typed(item)) for name, item in state.items()]))

    return form


def _itself(value: Any) -> Hashable:
    return cast("Hashable", value)


def _refused(value: object) -> Hashable:
    raise Unkeyable


def _trusted(value: Any) -> Hashable:
    """The object itself, for a class that says how its objects are equal."""
    try:
        hash(value)
    except Exception:
        raise Unkeyable from None
    return cast("Hashable", value)


def _is_numpy_scalar(cls: type) -> bool:
    return any(base.__module__ == "numpy" and base.__name__ == "generic" for base in cls.__mro__)


def _numpy(value: Any) -> Hashable:
    """A NumPy scalar by its bytes: its own == mixes types and zeros."""
    dtype = getattr(value, "dtype", None)
    if dtype is None or getattr(dtype, "hasobject", True) or not hasattr(value, "tobytes"):
        return _trusted(value)
    return (dtype.str, "nan" if value != value else value.tobytes())


# -- built-in and standard classes ------------------------------------------------------------

_MUTABLE: Final[tuple[type, ...]] = (
    list,
    dict,
    set,
    bytearray,
    memoryview,
    types.MappingProxyType,
)


def _is_mutable(cls: type) -> bool:
    return issubclass(cls, _MUTABLE) or (cls.__module__, cls.__name__) == ("collections", "deque")


def _float(value: float) -> Hashable:
    return value if value and value == value else repr(value)  # ±0.0 and NaN by their text


def _complex(value: complex) -> Hashable:
    return (_float(value.real), _float(value.imag))


def _tuple(value: Iterable[object]) -> Hashable:
    return tuple([item if type(item) is str else typed(item) for item in value])


def _frozenset(value: Iterable[object]) -> Hashable:
    return frozenset([typed(item) for item in value])


def _alias(value: Any) -> Hashable:
    """`list[int]`, `int | str`: what it is made of, in order."""
    return (typed(getattr(value, "__origin__", None)), _tuple(value.__args__))


def _zone(zone: Any) -> Hashable:
    """Those of one offset are equal as `timezone`, and none are as `ZoneInfo`."""
    if type(zone).__module__ == "zoneinfo" and zone.key is not None:
        return (type(zone), zone.key)
    if type(zone).__module__ == "datetime":
        return (type(zone), repr(zone))
    return typed(zone)


_hours = attrgetter("hour", "minute", "second", "microsecond", "fold")
_days = attrgetter("year", "month", "day")


def _time(value: Any) -> Hashable:
    """An aware time is equal to another of another offset."""
    return (_hours(value), _zone(value.tzinfo))


def _datetime(value: Any) -> Hashable:
    return (_days(value), _hours(value), _zone(value.tzinfo))


PLAIN: Final[dict[type, Form]] = {
    type(None): _itself,
    bool: _itself,
    str: _itself,
    int: _itself,
    bytes: _itself,
    float: _float,
    complex: _complex,
    tuple: _tuple,
    frozenset: _frozenset,
    range: attrgetter("start", "stop", "step"),
    slice: lambda value: _tuple((value.start, value.stop, value.step)),
    types.GenericAlias: _alias,
    types.UnionType: _alias,
    types.FunctionType: _itself,
    types.ModuleType: _itself,
    type: _itself,
    **dict.fromkeys(_MUTABLE, _refused),
}

_PLAIN_BY_ID: Final = {id(cls): form for cls, form in PLAIN.items()}
forget_forms()


def _plain_form(cls: type) -> Form | None:
    return _PLAIN_BY_ID.get(id(cls))


# An object of a subclass may say anything when it is asked; these look at what is in it.
OF_SUBCLASS: Final[dict[type, Form]] = {
    str: str.__str__,
    int: int.__int__,
    bytes: bytes.__bytes__,
    float: lambda value: _float(float.__float__(value)),
    complex: _complex,
    tuple: lambda value: _tuple(tuple.__iter__(value)),
    frozenset: lambda value: _frozenset(frozenset.__iter__(value)),
}

_BY_NAME: Final[dict[tuple[str, str], Form]] = {
    ("decimal", "Decimal"): lambda value: tuple(value.as_tuple()),
    ("datetime", "datetime"): _datetime,
    ("datetime", "time"): _time,
    ("datetime", "timezone"): repr,
    ("zoneinfo", "ZoneInfo"): lambda zone: zone.key or (id(zone), zone),
}


def _named(cls: type) -> Form | None:
    """The form of a standard class, or of a subclass that leaves its equality alone."""
    for base in cls.__mro__:
        form = _BY_NAME.get((base.__module__, base.__qualname__))
        if form is not None and cls.__eq__ is base.__eq__:
            return form if cls is base else _derived(form)
    return None
