"""What is in an Arrow table, batch or array: schema and values.

Knows: which types are numbers underneath.
Does not know: how Arrow lays out the others; they are read value by value.
Holds: neither chunks, offsets nor what lies beneath a null count.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from typing import Any

from wfnb.hashing.contents.digests import Digest, has_numpy


def describe_table(table: Any) -> Hashable:
    """The content of a table or of a batch."""
    digest = Digest()
    schema = table.schema
    digest.number(table.num_rows, table.num_columns)
    _add_metadata(digest, schema.metadata)
    for number, field in enumerate(schema):
        digest.text(field.name, str(field.type), str(field.nullable))
        _add_metadata(digest, field.metadata)
        column = table.column(number)
        if hasattr(column, "chunks"):
            add_chunked(digest, column)
        else:
            _add_array(digest, column)
    return digest.result()


def describe_chunked(chunked: Any) -> Hashable:
    """The content of an array in chunks."""
    digest = Digest()
    add_chunked(digest, chunked)
    return digest.result()


def describe_array(array: Any) -> Hashable:
    """The content of an array."""
    digest = Digest()
    _add_array(digest, array)
    return digest.result()


def add_chunked(digest: Digest, chunked: Any) -> None:
    """Add an array in chunks, as if it were in one."""
    if not hasattr(chunked, "chunks"):
        _add_array(digest, chunked)
    elif chunked.num_chunks == 1:
        _add_array(digest, chunked.chunk(0))
    else:
        whole = _pyarrow().concat_arrays(chunked.chunks) if chunked.num_chunks else None
        _add_array(digest, _pyarrow().array([], chunked.type) if whole is None else whole)


def _add_metadata(digest: Digest, metadata: Any) -> None:
    digest.nested(sorted((metadata or {}).items()))


def _add_array(digest: Digest, array: Any) -> None:
    kind = array.type
    digest.text(str(kind))
    digest.number(len(array), array.null_count)
    numbers = _numbers(array, kind)
    if numbers is None:
        digest.nested(array.to_pylist())
        return
    from wfnb.hashing.contents.numpy_arrays import add_array

    if array.null_count:
        add_array(digest, array.is_null().to_numpy(zero_copy_only=False))
        numbers = numbers.fill_null(False if _pyarrow().types.is_boolean(kind) else 0)
    add_array(digest, numbers.to_numpy(zero_copy_only=False))


def _numbers(array: Any, kind: Any) -> Any:
    """The array as numbers; None if it is not made of them."""
    pyarrow = _pyarrow()
    types = pyarrow.types
    if not has_numpy():
        return None
    if types.is_integer(kind) or types.is_boolean(kind):
        return array
    if types.is_float32(kind) or types.is_float64(kind):
        return array
    if types.is_timestamp(kind) or types.is_duration(kind):
        return array.view(pyarrow.int64())
    if types.is_date(kind) or types.is_time(kind):
        return array.view(pyarrow.int32() if kind.bit_width == 32 else pyarrow.int64())
    return None


def _pyarrow() -> Any:
    return sys.modules["pyarrow"]
