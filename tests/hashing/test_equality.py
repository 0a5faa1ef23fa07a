"""Which products count as the same after a rule ran again."""

from __future__ import annotations

import array
import collections
import decimal
import enum
import gc
import io
import types
import weakref
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest

from wfnb.hashing.equality import is_same, is_same_at_once


@dataclass(frozen=True)
class Size:
    pixels: Any


@dataclass(frozen=True)
class Width:
    pixels: Any


@dataclass
class Draft:
    parts: Any
    note: str = field(default="", compare=False)


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass
class Traced:
    name: str
    trace: object = field(default=None, metadata={"wfnb_key": False})


@dataclass(frozen=True, eq=False)
class ByIdentity:
    x: int


@dataclass
class Picture:
    pixels: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and self.pixels.data == other.pixels.data


class Point(NamedTuple):
    x: Any
    y: Any


class Row(list):  # type: ignore[type-arg]
    title: str = ""


class Plain:
    pass


class Folded:
    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.text.lower() == other.text.lower()

    __hash__ = None  # type: ignore[assignment]


class Answers:
    """Answers every comparison with what it was given, or raises it."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def __eq__(self, other: object) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    __hash__ = None  # type: ignore[assignment]


class Array:
    """Compares as NumPy's do, item by item."""

    def __init__(self, *data: int) -> None:
        self.data = data

    def __eq__(self, other: object) -> Any:
        return [a == b for a, b in zip(self.data, getattr(other, "data", ()), strict=False)]

    __hash__ = None  # type: ignore[assignment]


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class _Carrying:
    """Has an attribute that the `==` of a library knows nothing of."""

    carried: Any

    @classmethod
    def of(cls, *args: Any) -> Any:
        made = cls(*(args[:-1] or (2026, 1, 2)))
        made.carried = args[-1]
        return made


class Text(_Carrying, str):
    pass


class Number(_Carrying, int):
    pass


class Day(_Carrying, date):
    pass


def row(title: str) -> Row:
    made = Row([1])
    made.title = title
    return made


def itself() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    return made


def nested(depth: int, core: object) -> object:
    for _ in range(depth):
        core = (core, Size(0))
    return core


NOON = datetime(2021, 5, 1, 12, tzinfo=UTC)

SAME: dict[str, tuple[object, object]] = {
    "texts": ("ab", "".join(["a", "b"])),
    "floats": (1.5, 3 / 2),
    "NaN": (float("nan"), float("nan")),
    "NaN in a row": ([1.5, float("nan")], [1.5, float("nan")]),
    "rows of plain values": ([1000, "x", None, b"y"], [1000, "x", None, b"y"]),
    "rows of floats": ([1.5, 0.0, -0.0], [1.5, 0.0, -0.0]),
    "dataclasses": (Size(1000), Size(1000)),
    "dataclasses without fields": (Nothing(), Nothing()),
    "plain fields": (Draft(1000, "ab"), Draft(1000, "".join(["a", "b"]))),
    "floats in a field": (Size(1.5), Size(3 / 2)),
    "NaN in a field": (Size(float("nan")), Size(float("nan"))),
    "zeros of one sign in a field": (Size(-0.0), Size(-0.0 * 1)),
    "dataclasses in each other": (Size(Draft([1000])), Size(Draft([1000]))),
    "what a field that does not count holds": (Traced("a", 1), Traced("a", 2)),
    "dicts in one order": ({"a": 1, "b": [2]}, {"a": 1, "b": [2]}),
    "dicts by typed keys": ({(1, 2): "x"}, {(1, 2): "x"}),
    "views of dicts": (types.MappingProxyType({1: [2]}), types.MappingProxyType({1: [2]})),
    "counters": (collections.Counter("ab"), collections.Counter("ab")),
    "dicts of a library's class": (collections.UserDict(a=[1]), collections.UserDict(a=[1])),
    "chained dicts": (collections.ChainMap({1: [2]}), collections.ChainMap({1: [2]})),
    "namespaces": (types.SimpleNamespace(a=[1]), types.SimpleNamespace(a=[1])),
    "arrays of numbers": (array.array("i", [1]), array.array("i", [1])),
    "views of bytes": (memoryview(b"ab"), memoryview(b"ab")),
    "streams": (io.StringIO("a"), io.StringIO("a")),
    "texts that carry something": (Text.of("a", [1]), Text.of("a", [1])),
    "ordered dicts": (collections.OrderedDict(a=1, b=2), collections.OrderedDict(a=1, b=2)),
    "dicts with a default": (collections.defaultdict(list), collections.defaultdict(list)),
    "sets": ({1, 9, 17}, {17, 9, 1}),
    "frozensets of records": (frozenset({Size(1)}), frozenset({Size(1)})),
    "queues": (collections.deque([1], 3), collections.deque([1], 3)),
    "named tuples": (Point(1, [2]), Point(1, [2])),
    "lists of a subclass": (row("a"), row("a")),
    "members of an enum": (Colour.RED, Colour(1)),
    "decimals": (decimal.Decimal("1.0"), decimal.Decimal("1.0")),
    "ranges": (range(3), range(3)),
    "bytearrays": (bytearray(b"a"), bytearray(b"a")),
    "objects that say how they are equal": (Folded("A"), Folded("a")),
    "records that say how they are equal": (Picture(Array(1)), Picture(Array(1))),
    "shared and unshared parts": ([[1000]] * 2, [[1000], [1000]]),
    "deep values": (nested(3000, 1000), nested(3000, 1000)),
}

CHANGED: dict[str, tuple[object, object]] = {
    "int and bool": (1, True),
    "int and float": (1, 1.0),
    "zeros of either sign": (0.0, -0.0),
    "zeros in a row": ([1.5, 0.0], [1.5, -0.0]),
    "zeros in a field": (Size(0.0), Size(-0.0)),
    "NaN and a number": (float("nan"), 1.0),
    "rows of int and bool": ([1, 2], [True, 2]),
    "rows of int and float": ([1.0, 2.0], [1, 2]),
    "a longer row": ([1], [1, 1]),
    "a list and a tuple": ([1], (1,)),
    "dataclasses of two classes": (Size(1), Width(1)),
    "the first of two plain fields": (Draft(1, "a"), Draft(2, "a")),
    "the second of two plain fields": (Draft(1, "a"), Draft(1, "b")),
    "a plain field after a list": (Draft([1], "a"), Draft([1], "b")),
    "floats in a field": (Size(1.5), Size(2.5)),
    "a field of None and 0": (Size(None), Size(0)),
    "dataclasses of int and bool": (Size(1), Size(True)),
    "deep inside": (Size(Draft([1])), Size(Draft([1.0]))),
    "fields that == does not compare": (Draft([1], "a"), Draft([1], "b")),
    "dataclasses that compare by identity": (ByIdentity(1), ByIdentity(1)),
    "keys of int and bool": ({1: "x"}, {True: "x"}),
    "keys": ({"a": 1}, {"b": 1}),
    "values of int and bool": ({"a": 1}, {"a": True}),
    "a dict with one more": ({"a": 1}, {"a": 1, "b": 2}),
    "views of dicts": (types.MappingProxyType({1: 2}), types.MappingProxyType({1: 2.0})),
    "order of dicts": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "order of counters": (collections.Counter("ab"), collections.Counter("ba")),
    "order of views of dicts": (
        types.MappingProxyType({"a": 1, "b": 2}),
        types.MappingProxyType({"b": 2, "a": 1}),
    ),
    "dicts of a library's class": (collections.UserDict(a=1), collections.UserDict(a=True)),
    "chained dicts": (collections.ChainMap({1: 1}), collections.ChainMap({1: True})),
    "how dicts are chained": (
        collections.ChainMap({1: 1}, {2: 2}),
        collections.ChainMap({1: 1, 2: 2}),
    ),
    "namespaces": (types.SimpleNamespace(a=1), types.SimpleNamespace(a=True)),
    "types of arrays of numbers": (array.array("i", [1]), array.array("d", [1])),
    "types of views of bytes": (memoryview(b"ab"), memoryview(b"ab").cast("c")),
    "streams": (io.StringIO("a"), io.StringIO("b")),
    "what texts carry": (Text.of("a", 1), Text.of("a", True)),
    "what numbers carry": (Number.of(1, 1), Number.of(1, 2)),
    "what dates carry": (Day.of(1), Day.of(2)),
    "order of ordered dicts": (
        collections.OrderedDict(a=1, b=2),
        collections.OrderedDict(b=2, a=1),
    ),
    "defaults of dicts": (collections.defaultdict(list), collections.defaultdict(set)),
    "sets of int and bool": ({1}, {True}),
    "sets that share a part": ({1, 2}, {2, 3}),
    "sets of objects": ({Plain()}, {Plain()}),
    "room in queues": (collections.deque([1], 3), collections.deque([1], 4)),
    "named tuples of int and float": (Point(1, 2), Point(1, 2.0)),
    "what lists of a subclass carry": (row("a"), row("b")),
    "members of an enum": (Colour.RED, Colour.BLUE),
    "decimals of another precision": (decimal.Decimal("1.0"), decimal.Decimal("1.00")),
    "one moment at two offsets": (NOON, NOON.astimezone(timezone(timedelta(hours=2)))),
    "ranges of the same numbers": (range(0), range(1, 1)),
    "complex zeros": (complex(0, 0.0), complex(0, -0.0)),
    "objects without value equality": (Plain(), Plain()),
    "objects that say otherwise": (Folded("a"), Folded("b")),
    "an answer that is 1": (Answers(1), Answers(1)),
    "an answer that is None": (Answers(None), Answers(None)),
    "an answer that is a list": (Answers([True]), Answers([True])),
    "an answer that is an error": (Answers(ValueError()), Answers(ValueError())),
    "an error inside": (Size([Answers(ValueError())]), Size([Answers(ValueError())])),
    "arrays": (Array(1, 2), Array(1, 2)),
    "arrays in a record": (Size(Array(1)), Size(Array(1))),
    "records that fail to say": (Picture(None), Picture(Array(1))),
    "values that hold themselves": (itself(), itself()),
    "deep values": (nested(3000, 1), nested(3000, 2)),
}


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_takes_for_the_same(old: object, new: object) -> None:
    """Of the same types and content, all the way down: nothing above it need run."""
    assert is_same(old, new)
    assert is_same(new, old)
    assert is_same([old], [new])


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_takes_for_changed(old: object, new: object) -> None:
    """Another type, another content, or an answer that is no answer."""
    assert not is_same(old, new)
    assert not is_same(new, old)
    assert not is_same([old], [new])


@pytest.mark.parametrize(
    "value", [Plain(), Answers(ValueError()), float("nan"), itself(), [Plain()]]
)
def test_takes_an_object_for_itself(value: object) -> None:
    """Identity comes first: an object that cannot be compared is still the same as itself."""
    assert is_same(value, value)
    assert is_same([value], [value])


def test_compares_a_field_that_was_never_set() -> None:
    """Two records that lack the same field are the same; one that lacks it is not."""
    one, other, full = Draft([1]), Draft([1]), Draft([1])
    del one.parts
    del other.parts

    assert is_same(one, other)
    assert not is_same(one, full)


def test_compares_shared_parts_once() -> None:
    """A value of sixty levels, each holding the one below twice, has 2^60 paths."""
    old: object = (1000, [])
    new: object = (1000, [])
    for _ in range(60):
        old, new = (old, old), (new, new)

    assert is_same(old, new)


def test_never_takes_a_temporary_object_for_another() -> None:
    """A field may make what it returns; the id of that is soon the id of something else."""

    class Fresh:
        def __set_name__(self, owner: type, name: str) -> None:
            self.name = f"_{name}"

        def __set__(self, owner: Any, value: object) -> None:
            setattr(owner, self.name, value)

        def __get__(self, owner: Any, cls: type) -> Any:
            return [[getattr(owner, self.name)]] if owner is not None else 0

    @dataclass
    class Made:
        first: Any = Fresh()  # noqa: RUF009 - a descriptor, not a default
        second: Any = Fresh()  # noqa: RUF009

    old = [Made(Size(i), Size(i)) for i in range(100)]
    new = [Made(Size(i), Size(i)) for i in range(100)]
    for position in range(100):
        changed = [*new[:position], Made(Size(0), Size(-1)), *new[position + 1 :]]
        assert not is_same(old, changed)
    assert is_same(old, new)


@dataclass(slots=True)
class Slotted:
    x: Any
    y: Any = 1


class Asks:
    """Field access that runs an author's code."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Watches:
    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)


class Doubled:
    def __get__(self, owner: object, cls: type) -> Any:
        return 2


@dataclass
class Asking(Asks):
    x: Any


@dataclass
class Watched(Watches):
    x: Any


@dataclass
class Described:
    x: Any = Doubled()

    def __init__(self, x: object) -> None:
        pass


@pytest.mark.parametrize("cls", [Size, Slotted, Draft])
def test_compares_plain_fields_without_running_code(cls: Any) -> None:
    """The task graph may do it under its lock; what takes a look inside is left to `is_same`."""
    assert is_same(cls(1000), cls(1000))

    assert is_same_at_once(cls(1000), cls(1000)) is True
    assert is_same_at_once(cls(1000), cls(2000)) is False
    assert is_same_at_once(cls(1), cls(True)) is False
    assert is_same_at_once(cls([1]), cls([1])) is None
    assert is_same_at_once(cls(Folded("a")), cls(Folded("a"))) is None


@pytest.mark.parametrize("make", [Asking, Watched, Described, Picture, Folded, Plain, list])
def test_leaves_what_may_run_code_to_is_same(make: Any) -> None:
    """An author's code may take long, be interrupted, or ask the engine something."""
    old, new = (make(), make()) if make in (Plain, list) else (make("a"), make("a"))
    is_same(old, new)

    assert is_same_at_once(old, new) is None


def test_lets_a_class_go_whose_values_it_has_compared() -> None:
    """Cells are run again and again, and each run makes its classes anew."""

    @dataclass
    class Made:
        x: Any

    assert is_same(Made(1000), Made(1000))
    assert is_same(Made([1]), Made([1]))
    made = weakref.ref(Made)
    del Made
    gc.collect()

    assert made() is None


def test_lets_an_interrupt_through() -> None:
    """An author's __eq__ may take long; the user must be able to stop it."""

    class Slow:
        def __eq__(self, other: object) -> bool:
            raise KeyboardInterrupt

        __hash__ = None  # type: ignore[assignment]

    with pytest.raises(KeyboardInterrupt):
        is_same(Slow(), Slow())


def test_compares_products_of_a_class_that_has_no_hash() -> None:
    """A metaclass may define what classes equal, and leave them without a hash."""

    class Meta(type):
        def __eq__(cls, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Odd(metaclass=Meta):
        def __init__(self, n: int) -> None:
            self.n = n

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Odd) and self.n == other.n

        __hash__ = None  # type: ignore[assignment]

    assert is_same(Odd(1), Odd(1))
    assert not is_same(Odd(1), Odd(2))
    assert is_same([Odd(1)], [Odd(1)])
