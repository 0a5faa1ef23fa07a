"""What is in a pandas frame, series or index: names, types, labels and values.

Knows: how pandas keeps columns of each kind.
Does not know: packages that pandas borrows columns from, but for Arrow.
Holds: where a value is missing, what lies beneath does not count.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from wfnb.hashing.contents.digests import Digest, within
from wfnb.hashing.contents.numpy_arrays import add_array
from wfnb.hashing.refusals import Unkeyable


def describe_frame(frame: Any) -> Hashable:
    """The content of a frame."""
    digest = Digest()
    _add_index(digest, frame.index)
    _add_index(digest, frame.columns)
    _add_notes(digest, frame)
    for number, name in enumerate(frame.columns):
        _add_values(digest, frame.iloc[:, number].array, name)
    return digest.result()


def describe_series(series: Any) -> Hashable:
    """The content of a series."""
    digest = Digest()
    _add_index(digest, series.index)
    digest.item(series.name)
    _add_notes(digest, series)
    _add_values(digest, series.array, series.name)
    return digest.result()


def describe_index(index: Any) -> Hashable:
    """The content of an index."""
    digest = Digest()
    _add_index(digest, index)
    return digest.result()


def describe_scalar(value: Any) -> Hashable:
    """A point or a span of time. Its own `==` takes two zones for one, and its hash too."""
    unit = getattr(value, "unit", "")
    return (repr(value), unit if isinstance(unit, str) else "")


def _add_index(digest: Digest, index: Any) -> None:
    kind = type(index).__qualname__
    digest.text(kind, str(getattr(index, "freqstr", None)))
    for name in index.names:
        digest.item(name)
    if kind == "RangeIndex":
        digest.number(index.start, index.stop, index.step)
    elif kind == "MultiIndex":
        digest.number(index.nlevels)
        for level in range(index.nlevels):
            _add_values(digest, index.get_level_values(level).array, index.names[level])
    else:
        _add_values(digest, index.array, index.name)


def _add_notes(digest: Digest, owner: Any) -> None:
    """Metadata that its author put there."""
    try:
        digest.nested(dict(owner.attrs))
    except Unkeyable:
        raise Unkeyable(
            "has attrs that can change or have no hash", "keep plain values in its attrs"
        ) from None
    digest.item(owner.flags.allows_duplicate_labels)


def _add_values(digest: Digest, values: Any, column: object) -> None:
    dtype = values.dtype
    digest.text(repr(dtype), type(dtype).__qualname__)
    digest.number(len(values))
    kept = getattr(dtype, "numpy_dtype", None)
    if type(dtype).__module__.partition(".")[0] == "numpy" or type(values).__qualname__ in (
        "NumpyExtensionArray",
        "PandasArray",
    ):
        add_array(digest, values.to_numpy(), column)
    elif hasattr(dtype, "categories") and hasattr(values, "codes"):
        _add_index(digest, dtype.categories)
        digest.item(bool(dtype.ordered))
        add_array(digest, values.codes)
    elif hasattr(values, "__arrow_array__") and hasattr(values, "_pa_array"):
        from wfnb.hashing.contents.arrow_tables import add_chunked

        add_chunked(digest, values.__arrow_array__())
    elif hasattr(values, "asi8"):  # dates, spans, periods: what they count is in the type
        add_array(digest, values.asi8)
    elif hasattr(values, "_mask") and kept is not None:
        add_array(digest, values.isna())
        add_array(digest, values.to_numpy(dtype=kept, na_value=kept.type(0)))
    else:
        within(column, digest, values.astype(object))
