"""Keys and equality against the plainest model of "the same, type by type"."""

from __future__ import annotations

import copy
import dataclasses
import decimal
import enum
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfnb.hashing.equality import is_same
from wfnb.hashing.keys import key_function, typed_key


@dataclass(frozen=True)
class Free:
    x: Any


@dataclass(frozen=True)
class Declared:
    x: int


@dataclass(frozen=True)
class Several:
    text: str
    ratio: float
    maybe: bool | None


@dataclass(frozen=True)
class Outer:
    inner: Declared


@dataclass(frozen=True)
class Mixed:
    inner: Several
    colour: Colour
    rest: tuple[Any, ...]


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    ZERO = 0
    ONE = 1


class Pair(NamedTuple):
    x: Any
    y: Any


def same(a: Any, b: Any) -> bool:
    """The model: slow, recursive, and plain to see."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (a != a and b != b) or struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, decimal.Decimal):
        return str(a) == str(b)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, frozenset):
        return len(a) == len(b) and all(any(same(x, y) for y in b) for x in a)
    if isinstance(a, dict):
        items = list(b.items())
        return len(a) == len(b) and all(
            any(same(k, k2) and same(v, v2) for k2, v2 in items) for k, v in a.items()
        )
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    return bool(a == b)


# Few values, and many that Python takes for each other: any two are often the same or nearly.
leaves = st.one_of(
    st.sampled_from([0, 1, True, False, 0.0, -0.0, 1.0, float("nan"), 1j, 2**61 - 1]),
    st.sampled_from([None, "", "0", "1", "nan", "0.0", b"", b"1"]),
    st.sampled_from([decimal.Decimal("0"), decimal.Decimal("0.0"), Colour.RED, Level.ONE]),
    st.sampled_from([Colour.BLUE, Level.ZERO]),
)


def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=2).map(tuple),
        st.frozensets(inner, max_size=2),
        inner.map(Free),
        inner.map(Declared),
        inner.map(Outer),
        st.builds(Pair, inner, inner),
        st.builds(Several, inner, inner, inner),
        st.builds(Mixed, inner, inner, inner),
    )


params = st.recursive(leaves, grow, max_leaves=4)
products = st.recursive(
    params,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(params, inner, max_size=2),
        inner.map(Free),
        st.tuples(inner, inner),
    ),
    max_leaves=4,
)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(params, params)
def test_gives_one_key_exactly_to_values_that_are_the_same(one: Any, other: Any) -> None:
    """Law: equal keys mean the same value, type by type, and the other way round."""
    expected = same(one, other)
    assert (typed_key(one) == typed_key(other)) is expected
    assert (hash(typed_key(one)) == hash(typed_key(other))) or not expected
    if type(one) is type(other):
        key = key_function(type(one))
        assert (key(one) == key(other)) is expected


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(leaves, min_size=6, max_size=6), st.sampled_from([Free, Declared, Outer, Several]))
def test_keys_apart_whatever_fills_the_fields(values: list[Any], cls: Any) -> None:
    """Law: the fast and the slow form of one class never meet."""
    count = len(dataclasses.fields(cls))
    filled = [cls(*values[i : i + count]) for i in range(6 - count)]
    filled += [cls(*[made] * count) for made in filled]
    key = key_function(cls)
    for one in filled:
        for other in filled:
            assert (key(one) == key(other)) is same(one, other)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(products, products)
def test_takes_products_for_the_same_exactly_if_they_are(old: Any, new: Any) -> None:
    """Law: what cuts a re-run short is sameness, type by type."""
    assert is_same(old, new) is same(old, new)
    assert is_same(old, old)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_takes_a_copy_for_the_same(data: st.DataObject) -> None:
    """Law: building a value again does not change it."""
    value = data.draw(products)
    assert is_same(value, copy.deepcopy(value))
