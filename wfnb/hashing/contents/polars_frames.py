"""What is in a Polars frame or series: names, types and values.

Knows: which types are numbers underneath.
Does not know: how Polars lays out the others; they are read value by value.
Holds: neither chunks nor what lies beneath a null count.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from wfnb.hashing.contents.digests import Digest, has_numpy, within

_NUMBERS: Final = frozenset(
    {
        "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64",
        "Float32", "Float64", "Date", "Datetime", "Duration", "Time",
    }
)  # fmt: skip


def describe_frame(frame: Any) -> Hashable:
    """The content of a frame."""
    digest = Digest()
    digest.number(frame.height, frame.width)
    for column in frame.get_columns():
        _add_series(digest, column)
    return digest.result()


def describe_series(series: Any) -> Hashable:
    """The content of a series."""
    digest = Digest()
    _add_series(digest, series)
    return digest.result()


def _add_series(digest: Digest, series: Any) -> None:
    kind = type(series.dtype).__name__
    digest.text(series.name, repr(series.dtype))
    digest.number(len(series), series.null_count())
    categories = getattr(series.dtype, "categories", None)
    if kind == "Enum" and categories is not None:  # its repr may leave some out
        digest.items(categories.to_list())
    if kind in _NUMBERS and has_numpy():
        _add_numbers(digest, series)
    elif kind == "Object":
        within(series.name, digest, series.to_list())
    else:
        digest.nested(series.to_list())


def _add_numbers(digest: Digest, series: Any) -> None:
    from wfnb.hashing.contents.numpy_arrays import add_array

    numbers = series.to_physical()
    if series.null_count():
        add_array(digest, series.is_null().to_numpy())
        numbers = numbers.fill_null(0)
    add_array(digest, numbers.rechunk().to_numpy())
