"""Classes whose values are told apart by a function that says what is in them.

Frames, tables and arrays come registered, by the names of their classes: nothing is imported
before a value of theirs turns up.

Knows: names of classes, and which function to ask.
Does not know: how keys are made of the answers (`forms.py`).
Holds: a key is made when a request is, so what happens to the value later cannot touch it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any, Final

from wfnb.hashing.refusals import Unkeyable

Describe = Callable[[Any], Hashable]

_ARRAYS: Final = "wfnb.hashing.contents.numpy_arrays"
_FRAMES: Final = "wfnb.hashing.contents.pandas_frames"
_POLARS: Final = "wfnb.hashing.contents.polars_frames"
_TABLES: Final = "wfnb.hashing.contents.arrow_tables"
_INDEXES: Final = (
    "Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "TimedeltaIndex", "PeriodIndex",
    "CategoricalIndex", "IntervalIndex",
)  # fmt: skip

# By package: the names of classes there, wherever in it they are defined, and who describes them.
_KNOWN: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "numpy": {
        "ndarray": (_ARRAYS, "describe"),
        "matrix": (_ARRAYS, "describe"),
        "recarray": (_ARRAYS, "describe"),
        "MaskedArray": (_ARRAYS, "describe_masked"),
    },
    "pandas": {
        "DataFrame": (_FRAMES, "describe_frame"),
        "Series": (_FRAMES, "describe_series"),
        **dict.fromkeys(_INDEXES, (_FRAMES, "describe_index")),
        **dict.fromkeys(
            ("Timestamp", "Timedelta", "Period", "Interval"), (_FRAMES, "describe_scalar")
        ),
    },
    "polars": {
        "DataFrame": (_POLARS, "describe_frame"),
        "Series": (_POLARS, "describe_series"),
    },
    "pyarrow": {
        "Table": (_TABLES, "describe_table"),
        "RecordBatch": (_TABLES, "describe_table"),
        "Array": (_TABLES, "describe_array"),
        "ChunkedArray": (_TABLES, "describe_chunked"),
    },
}
# Each type of array has a class of its own.
_WITH_SUBCLASSES: Final = frozenset({("pyarrow", "Array")})

_by_name: dict[tuple[str, str], Describe] = {}


def register_fingerprint(cls: type | str, function: Describe) -> None:
    """Say what is in the values of a class, so that they can be params and be compared.

    Register before the first request with such a value. Subclasses need their own function.

    Args:
        cls: the class, or `"module.QualifiedName"` of one that need not be imported yet.
        function: called with a value; returns bytes, text or a tuple of such, equal for two
            values if and only if rules may take one for the other. It may be called on any thread.
    """
    if isinstance(cls, str):
        module, _, name = cls.rpartition(".")
    else:
        module, name = cls.__module__, cls.__qualname__
    from wfnb.hashing.forms import forget_forms

    _by_name[module, name] = function
    forget_forms()


def registered_form(cls: type) -> Describe | None:
    """The form of the values of a registered class; None for others."""
    function = _by_name.get((cls.__module__, cls.__qualname__)) if _by_name else None
    if function is not None:
        return _guarded(function)
    package = str(cls.__module__).partition(".")[0]
    known = _KNOWN.get(package)
    if known is None:
        return None
    for base in cls.__mro__:
        found = known.get(base.__qualname__)
        if found is not None and str(base.__module__).partition(".")[0] == package:
            if base is cls or (package, base.__qualname__) in _WITH_SUBCLASSES:
                describe: Describe = getattr(import_module(found[0]), found[1])
                return describe
            return None
    return None


def _guarded(function: Describe) -> Describe:
    """The function of an author: it may fail, and may return what is no key."""

    def form(value: Any) -> Hashable:
        from wfnb.hashing.forms import typed

        try:
            return typed(function(value))
        except Unkeyable:
            raise Unkeyable(
                "has a fingerprint that can change or has no hash",
                "return bytes, text or a tuple of such from the registered function",
            ) from None
        except Exception as error:
            raise Unkeyable(
                f"has no fingerprint: {type(error).__name__}: {error}",
                "mend the function that was given to register_fingerprint",
            ) from None

    return form
