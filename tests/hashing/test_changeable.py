"""Whether a product can be changed in place, and noticing that it was."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import enum
import functools
import io
import pathlib
import threading
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

from wfnb.hashing.contents.changeable import CANNOT_CHANGE, content_digest, content_of


class Mode(enum.Enum):
    A = 1


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass(frozen=True)
class Photo:
    name: str
    size: int | None
    mode: Mode = Mode.A


@dataclass(frozen=True, slots=True)
class Album:
    photos: tuple[Any, ...]
    when: Any = datetime.date(2020, 1, 2)


@dataclass(frozen=True)
class Empty:
    pass


@dataclass
class Draft:
    text: Any


@dataclass(frozen=True)
class Noted:
    rows: Any
    trace: Any = field(default=None, metadata={"wfnb_key": False})


class Plain:
    def __init__(self, x: Any) -> None:
        self.x = x

    def set(self, x: Any) -> None:
        self.x = x


class Mine(collections.UserDict[str, int]):
    pass


class Numbers(array.array):  # type: ignore[type-arg] # at run time there is none
    pass


def counting() -> Callable[[], None]:
    counted: list[int] = []
    return lambda: counted.append(1)


FIXED = {
    "a number": 1,
    "a text": "a",
    "a record": Photo("a", 1),
    "a record of one field": Album((1,)),
    "records in a tuple": Album((Photo("a", None), Photo("b", 2))),
    "a record without fields": Empty(),
    "a named tuple": Point(1, ("a",)),
    "a set": frozenset({1, "a"}),
    "a number of the library": decimal.Decimal("1.5"),
    "a path": pathlib.PurePath("a"),
    "a member": Mode.A,
    "a class": Photo,
    "a function": Album.__init__,
    "a closure of numbers": (lambda one: lambda: one)(1),
    "nothing": None,
}


@pytest.mark.parametrize("value", FIXED.values(), ids=FIXED)
def test_says_of_what_cannot_change_that_it_cannot(value: object) -> None:
    assert content_of(value) is CANNOT_CHANGE
    assert content_digest(value) is None


def _set(owner: Any, name: str, value: object) -> None:
    object.__setattr__(owner, name, value)


CHANGES: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
    "a list": (lambda: [1, 2], lambda v: v.append(3)),
    "an item of a list": (lambda: [1, 2], lambda v: v.__setitem__(0, True)),
    "a list in a record": (lambda: Photo("a", [1]), lambda v: v.size.append(2)),  # type: ignore[arg-type]
    "a list in a tuple": (lambda: ([1],), lambda v: v[0].append(2)),
    "a list in a list": (lambda: [[1], [2]], lambda v: v[1].append(2)),
    "a dict": (lambda: {"a": 1}, lambda v: v.update(a=2)),
    "the order of a dict": (lambda: {"a": 1, "b": 2}, lambda v: v.update(a=v.pop("a"))),
    "a set": (lambda: {1, 2}, lambda v: v.add(3)),
    "a set of tuples": (lambda: {(1, 2)}, lambda v: v.add((3, 4))),
    "a deque": (lambda: collections.deque([1]), lambda v: v.append(2)),
    "a counter": (lambda: collections.Counter("aab"), lambda v: v.update("c")),
    "bytes": (lambda: bytearray(b"ab"), lambda v: v.append(1)),
    "a record that is not frozen": (lambda: Draft("a"), lambda v: setattr(v, "text", "b")),
    "an object": (lambda: Plain(1), lambda v: setattr(v, "x", 2)),
    "an object with more": (lambda: Plain(1), lambda v: setattr(v, "y", 2)),
    "an object in a list": (lambda: [Plain([1])], lambda v: v[0].x.append(2)),
    "a decimal in a list": (
        lambda: [decimal.Decimal("0.1")],
        lambda v: v.__setitem__(0, decimal.Decimal("0.01")),
    ),
    "a date in a list": (
        lambda: [datetime.date(2020, 1, 1)],
        lambda v: v.__setitem__(0, datetime.date(2020, 1, 2)),
    ),
    "a zero": (lambda: [0.0], lambda v: v.__setitem__(0, -0.0)),
    "a field that is no part of the key": (lambda: Noted([1], [2]), lambda v: v.trace.append(1)),
    "a UserDict": (lambda: collections.UserDict(a=1), lambda v: v.update(a=2)),
    "an author’s UserDict": (lambda: Mine(a=1), lambda v: v.update(a=2)),
    "a list in a ChainMap": (lambda: collections.ChainMap({1: [2]}), lambda v: v[1].append(3)),
    "a namespace": (lambda: types.SimpleNamespace(a=[1]), lambda v: v.a.append(2)),
    "an array of numbers": (lambda: array.array("i", [1]), lambda v: v.append(2)),
    "an author’s array of numbers": (lambda: Numbers("i", [1]), lambda v: v.append(2)),
    "a stream": (io.StringIO, lambda v: v.write("a")),
    "a view of bytes": (lambda: memoryview(bytearray(b"a")), lambda v: v.__setitem__(0, 1)),
    "a decimal context": (decimal.Context, lambda v: setattr(v, "prec", 3)),
    "a list in a closure": (counting, lambda v: v()),
    "a list in a closure of a closure": (
        lambda: (lambda f: lambda: f())(counting()),
        lambda v: v(),
    ),
    "a list among defaults": (lambda: Photo("a", (lambda x=[]: x)), lambda v: v.size().append(1)),  # type: ignore[arg-type] # any
    "a list in a partial": (lambda: functools.partial(len, [1]), lambda v: v.args[0].append(2)),
    "a list behind a method": (lambda: [1].append, lambda v: v(2)),
    "an author’s object behind a method": (lambda: Plain(1).set, lambda v: v(2)),
    "which of two is shared": (
        lambda: (lambda one, two: [one, two, one])([1], [1]),
        lambda v: v.__setitem__(2, v[1]),
    ),
    "who shares": (
        lambda: (lambda one: [one, one])([1]),
        lambda v: v.__setitem__(1, [1]),
    ),
}


@pytest.mark.parametrize(("make", "change"), CHANGES.values(), ids=CHANGES)
def test_notices_a_change(make: Callable[[], Any], change: Callable[[Any], object]) -> None:
    value = make()
    before = content_of(value)

    assert before.is_seen
    assert before.digest is not None
    assert content_of(value) == before
    change(value)
    assert content_of(value).digest != before.digest


def test_notices_a_change_in_an_array_and_a_frame() -> None:
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    array, frame = np.arange(3), pd.DataFrame({"a": [1, 2]})
    before = content_digest([array]), content_digest(Photo(frame, 1))
    assert None not in before
    assert (content_digest([array]), content_digest(Photo(frame, 1))) == before

    array[0] = 7
    frame.loc[0, "a"] = 7

    assert content_digest([array]) != before[0]
    assert content_digest(Photo(frame, 1)) != before[1]


def test_knows_what_cannot_change_in_packages() -> None:
    np, pa = pytest.importorskip("numpy"), pytest.importorskip("pyarrow")

    assert content_digest((np.float64(1), pa.array([1]), pa.table({"a": [1]}))) is None


def test_says_what_it_cannot_see_into() -> None:
    """A lock may be in any state; what is beside it is watched all the same."""
    lock = threading.Lock()
    assert not content_of(lock).is_seen
    assert not content_of(x for x in "ab").is_seen
    value = [lock, [1]]
    before = content_of(value)
    assert not before.is_seen
    assert before == content_of(value)
    value[1].append(2)  # type: ignore[attr-defined] # it is the list
    assert content_of(value) != before


@pytest.mark.parametrize("kind", ["a frame", "a series", "an array"])
def test_notices_a_change_in_a_list_in_a_column_of_objects(kind: str) -> None:
    """Such a value has no key; it is walked through instead."""
    pd = pytest.importorskip("pandas")
    inner = [1]
    series = pd.Series([inner, None])
    value = {"a frame": series.to_frame("a"), "a series": series, "an array": series.to_numpy()}
    before = content_of([value[kind]])

    assert before.is_seen
    assert content_of([value[kind]]) == before
    inner.append(2)
    assert content_of([value[kind]]) != before


def test_ends_for_what_holds_itself_or_is_deep() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    before = content_of(loop)
    assert before.is_seen
    assert content_of(loop) == before
    loop.append(2)
    assert content_of(loop) != before

    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert not content_of(deep).is_seen
    shared: Any = [1]
    for _ in range(40):
        shared = [shared, shared]
    assert content_of(shared).is_seen


def test_survives_an_object_that_answers_with_errors() -> None:
    class Odd:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert content_of(Odd()) is not None
    assert content_of([Odd()]) is not None


def test_result_that_an_object_caches_is_no_change() -> None:
    import functools

    class Lazy:
        @functools.cached_property
        def total(self) -> int:
            return 1

    value = [Lazy()]
    before = content_of(value)
    assert value[0].total == 1
    assert content_of(value) == before
