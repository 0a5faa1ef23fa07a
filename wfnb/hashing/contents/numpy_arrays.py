"""What is in a NumPy array: type, shape and values.

Knows: that NaN has many patterns of bits, and that padding has none that count.
Does not know: frames.
Holds: neither memory layout nor flags count. 10 million floats take about 0.06 s, without a copy
    if they are contiguous.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from typing import Any, Final

from wfnb.hashing.contents.digests import Digest, within

_AT_ONCE: Final = 1 << 15  # values; more do not fit a core's cache


def describe(array: Any) -> Hashable:
    """The content of an array."""
    digest = Digest()
    add_array(digest, array)
    return digest.result()


def describe_masked(array: Any) -> Hashable:
    """The content of an array with a mask; what is masked does not count."""
    digest = Digest()
    mask = _numpy().ma.getmaskarray(array)
    add_array(digest, mask)
    add_array(digest, array.filled())
    add_array(digest, _numpy().asarray(array.fill_value))
    return digest.result()


def add_array(digest: Digest, array: Any, column: object = None) -> None:
    """Add type, shape and values.

    Args:
        column: what the array is called if it holds objects that are refused.
    """
    numpy = _numpy()
    array = numpy.asarray(array)
    digest.text(_text(array.dtype))
    digest.number(*array.shape)
    _add_values(digest, array, column)


def _add_values(digest: Digest, array: Any, column: object) -> None:
    numpy, dtype = _numpy(), array.dtype
    if dtype.names is not None:  # what lies between the fields is left out
        for name in dtype.names:
            _add_values(digest, array[name], name if column is None else column)
        return
    if dtype.kind in "OT":  # objects, and texts of any length
        within(column, digest, array.ravel().tolist())
        return
    if dtype.char in "gG":
        _add_long(digest, array)
        return
    array = numpy.ascontiguousarray(array).reshape(-1)
    digest.number(array.nbytes)
    if dtype.kind == "c":
        array = array.view(array.real.dtype)
    if dtype.kind not in "fc":
        digest.raw(array.view(numpy.uint8) if array.nbytes else b"")
        return
    for start in range(0, len(array), _AT_ONCE):
        some = array[start : start + _AT_ONCE]
        missing = numpy.isnan(some)
        if missing.any():
            some = some.copy()
            some[missing] = numpy.nan
        digest.raw(some.view(numpy.uint8))


def _add_long(digest: Digest, array: Any) -> None:
    """Extended precision: six of its sixteen bytes may be anything."""
    numpy = _numpy()
    for part in (array.real, array.imag) if array.dtype.kind == "c" else (array,):
        mantissa, exponent = numpy.frexp(numpy.ascontiguousarray(part))
        high = mantissa.astype(numpy.float64)
        low = (mantissa - high).astype(numpy.float64)
        for each in (high, low, exponent):
            _add_values(digest, each, None)


def _text(dtype: Any) -> str:
    if dtype.names is not None:
        fields = [f"{name!r}: {_text(dtype.fields[name][0])}" for name in dtype.names]
        return "{" + ", ".join(fields) + "}"
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return f"{_text(base)} {shape}"
    text = repr(dtype) if dtype.kind == "T" else str(dtype.str)
    return f"{text} {sorted(dtype.metadata.items())}" if dtype.metadata else text


def _numpy() -> Any:
    return sys.modules["numpy"]
