"""Which values are the same param, kind by kind."""

from __future__ import annotations

import decimal
import enum
import fractions
import gc
import pathlib
import re
import uuid
import weakref
from collections.abc import Hashable
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Generic, Literal, NamedTuple, Optional, TypeVar
from zoneinfo import ZoneInfo

import pytest

from wfnb.hashing.equality import is_same
from wfnb.hashing.keys import has_identity_key, key_function, typed_key


@dataclass(frozen=True)
class Any1:
    x: Any


@dataclass(frozen=True)
class Size:
    pixels: int


@dataclass(frozen=True)
class Width:
    pixels: int


@dataclass(frozen=True)
class Ratio:
    value: float


@dataclass(frozen=True)
class Maybe:
    name: str | None


@dataclass(frozen=True)
class MaybeRatio:
    value: Optional[float]  # noqa: UP045 - the older spelling is a type of its own


@dataclass(frozen=True)
class Outer:
    size: Size


@dataclass(frozen=True)
class Pair:
    size: Size
    name: str


@dataclass(frozen=True)
class Loop:
    inner: Loop | int


@dataclass(frozen=True)
class Noted:
    name: str
    note: str = field(compare=False, default="")


@dataclass(frozen=True)
class Traced:
    name: str
    trace: object = field(default=None, metadata={"wfnb_key": False})


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass(unsafe_hash=True)
class Loose:
    x: object


@dataclass(frozen=True)
class Marked:
    is_draft: bool


@dataclass(frozen=True)
class Egg:
    hen: Hen


@dataclass(frozen=True)
class Hen:
    egg: Egg


class Text(str):
    pass


class Tagged(str):
    tag: object


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    A = "a"


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: object
    y: object


class Spot(NamedTuple):
    x: object
    y: object


class Folded:
    """Its own equality, which does not see case."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())


@dataclass(frozen=True)
class FoldedRecord:
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FoldedRecord) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())


class NeverEqual:
    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 1


class Plain:
    pass


@dataclass(frozen=True, eq=False)
class ByIdentity:
    x: int


class Zone(tzinfo):
    pass


NOON = datetime(2021, 5, 1, 12, tzinfo=UTC)
T = TypeVar("T")

DIFFERENT: dict[str, tuple[object, object]] = {
    "int and bool": (1, True),
    "int and float": (1, 1.0),
    "zero and False": (0, False),
    "float and complex": (1.0, 1 + 0j),
    "zeros of either sign": (0.0, -0.0),
    "complex zeros of either sign": (complex(0.0, 0.0), complex(0.0, -0.0)),
    "text and bytes": ("a", b"a"),
    "text and a subclass of it": ("a", Text("a")),
    "text and the repr of a float": ("0.0", 0.0),
    "text and NaN": ("nan", float("nan")),
    "int and a member of IntEnum": (1, Level.LOW),
    "text and a member of a text enum": ("a", Word.A),
    "members of an enum": (Colour.RED, Colour.BLUE),
    "flags": (Access.READ, Access.READ | Access.WRITE),
    "None and text": (None, "None"),
    "None and False": (None, False),
    "tuples of int and bool": ((1,), (True,)),
    "a tuple and what is in it": ((1,), 1),
    "a tuple and a longer one": ((1,), (1, 1)),
    "a tuple cut elsewhere": (("ab", "c"), ("a", "bc")),
    "tuples nested otherwise": (((1,), 2), (1, (2,))),
    "a tuple and a frozenset": ((1,), frozenset({1})),
    "frozensets of int and bool": (frozenset({1}), frozenset({True})),
    "named tuples of two classes": (Point(1, 2), Spot(1, 2)),
    "a named tuple and a tuple": (Point(1, 2), (1, 2)),
    "named tuples of int and float": (Point(1, 2), Point(1, 2.0)),
    "dataclasses of two classes": (Size(1), Width(1)),
    "a dataclass and its field": (Size(1), 1),
    "a dataclass and a tuple of its fields": (Size(1), (1,)),
    "fields of another type than declared": (Size(1), Size(True)),  # type: ignore[arg-type]
    "a float field and an int there": (Ratio(1.0), Ratio(1)),
    "float fields that are zeros": (Ratio(0.0), Ratio(-0.0)),
    "None and its name in a field": (Maybe(None), Maybe("None")),
    "None and NaN in a field": (MaybeRatio(None), MaybeRatio(float("nan"))),
    "nested dataclasses": (Outer(Size(1)), Outer(Size(True))),
    "a nested dataclass and its field": (Outer(Size(1)), Outer(1)),  # type: ignore[arg-type]
    "a nested dataclass of a wrong type": (
        Outer(Size(True)),
        Outer(True),  # type: ignore[arg-type]
    ),
    "a dataclass once and twice around": (Loop(Loop(5)), Loop(5)),
    "a dataclass twice and thrice around": (Loop(Loop(Loop(5))), Loop(Loop(5))),
    "two nested fields": (Pair(Size(1), "a"), Pair(Width(1), "a")),  # type: ignore[arg-type]
    "fields that == does not compare": (Noted("a", "x"), Noted("a", "y")),
    "what a looser dataclass holds": (Loose(1), Loose(True)),
    "records whose own == is loose": (FoldedRecord("A"), FoldedRecord("a")),
    "decimals of another precision": (decimal.Decimal("1.0"), decimal.Decimal("1.00")),
    "decimal zeros of either sign": (decimal.Decimal("0"), decimal.Decimal("-0")),
    "a decimal and an int": (decimal.Decimal(1), 1),
    "a fraction and an int": (fractions.Fraction(1), 1),
    "empty ranges": (range(0), range(1, 1)),
    "ranges of the same numbers": (range(0, 3, 2), range(0, 4, 2)),
    "one moment at two offsets": (NOON, NOON.astimezone(timezone(timedelta(hours=2)))),
    "one offset under two names": (
        NOON,
        NOON.replace(tzinfo=timezone(timedelta(0), "Iceland")),
    ),
    "a zone and its offset": (
        datetime(2021, 1, 1, tzinfo=UTC),
        datetime(2021, 1, 1, tzinfo=ZoneInfo("UTC")),
    ),
    "both sides of a fold": (datetime(2021, 10, 31, 2), datetime(2021, 10, 31, 2, fold=1)),
    "times at two offsets": (
        time(12, tzinfo=UTC),
        time(13, tzinfo=timezone(timedelta(hours=1))),
    ),
    "a date and its midnight": (date(2021, 5, 1), datetime(2021, 5, 1)),
    "paths": (pathlib.PurePosixPath("a"), pathlib.PurePosixPath("b")),
    "paths of two systems": (pathlib.PurePosixPath("a"), pathlib.PureWindowsPath("a")),
    "a path and its text": (pathlib.PurePosixPath("a"), "a"),
    "patterns with other flags": (re.compile("a"), re.compile("a", re.DOTALL)),
    "classes": (Size, Width),
    "objects without value equality": (Plain(), Plain()),
    "objects that equal nothing": (NeverEqual(), NeverEqual()),
    "functions of the same text": (lambda: 1, lambda: 1),
    "dataclasses that compare by identity": (ByIdentity(1), ByIdentity(1)),
    "unions in another order": (int | str, str | int),
    "the two spellings of a union": (Optional[int], int | None),  # noqa: UP045
    "literals of int and bool": (Literal[1], Literal[True]),
    "lists of two types": (list[int], list[str]),
}

_tagged = Tagged("a")
_tagged.tag = 1

_never = NeverEqual()

SAME: dict[str, tuple[object, object]] = {
    "an object that equals nothing, and itself": (_never, _never),
    "ints": (10**20, 10**20),
    "texts": ("ab", "".join(["a", "b"])),
    "NaN and NaN": (float("nan"), float("nan")),
    "NaN inside": ((float("nan"),), (float("nan"),)),
    "complex NaN": (complex("nan"), complex("nan")),
    "decimal NaN": (decimal.Decimal("nan"), decimal.Decimal("nan")),
    "NaN in a float field": (Ratio(float("nan")), Ratio(float("nan"))),
    "zeros": (-0.0, -0.0),
    "frozensets in any order": (frozenset({1, 9, 17}), frozenset({17, 9, 1})),
    "nested dataclasses": (Pair(Size(3), "a"), Pair(Size(3), "a")),
    "dataclasses around each other": (Loop(Loop(5)), Loop(Loop(5))),
    "dataclasses without fields": (Nothing(), Nothing()),
    "what a field that does not count holds": (Traced("a", [1]), Traced("a", [2])),
    "subclasses of text": (Text("a"), Text("a")),
    "members of an enum": (Colour(1), Colour.RED),
    "flags": (Access.READ | Access.WRITE, Access(3)),
    "datetimes": (NOON, datetime(2021, 5, 1, 12, tzinfo=UTC)),
    "zones": (
        datetime(2021, 1, 1, tzinfo=ZoneInfo("UTC")),
        datetime(2021, 1, 1, tzinfo=ZoneInfo.no_cache("UTC")),
    ),
    "paths": (pathlib.PurePosixPath("a"), pathlib.PurePosixPath("./a")),
    "uuids": (uuid.UUID(int=1), uuid.UUID(int=1)),
    "patterns": (re.compile("a"), re.compile("a")),
    "slices": (slice(1, 2), slice(1, 2)),
    "generic types": (dict[str, list[int]], dict[str, list[int]]),
    "values that say how they are equal": (Folded("A"), Folded("a")),
}


def keys(cls: type, *values: object) -> list[Hashable]:
    return [key_function(cls)(value) for value in values]


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_tells_apart(one: object, other: object) -> None:
    """Values of other types, or of other content, are different params, wherever they are."""
    assert typed_key(one) != typed_key(other)
    assert typed_key((one,)) != typed_key((other,))
    assert typed_key(frozenset({typed_key(one)})) != typed_key(frozenset({typed_key(other)}))
    first, second = keys(Any1, Any1(one), Any1(other))
    assert first != second


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_tells_params_of_one_class_apart(one: object, other: object) -> None:
    """So does the key function of their class, if they are of one class."""
    if type(one) is type(other):
        first, second = keys(type(one), one, other)
        assert first != second


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_takes_for_one(one: object, other: object) -> None:
    """Values of the same type and content are one param, wherever they are."""
    for first, second in (
        keys(type(one), one, other),
        keys(Any1, Any1(one), Any1(other)),
        [typed_key((one,)), typed_key((other,))],
    ):
        assert {first: "found"}.get(second) == "found"


def test_keys_a_plain_field_by_itself() -> None:
    """The fast form: what is declared as int and is an int needs no mark of its type."""
    assert keys(Size, Size(64)) == [64]
    assert keys(Marked, Marked(True)) == [True]
    assert keys(Noted, Noted("a", "b")) == [("a", "b")]


def test_keys_subclasses_of_text_by_what_they_carry_too() -> None:
    """An attribute that an object of a str subclass was given can be seen by a rule."""
    bare, other = Tagged("a"), Tagged("a")
    other.tag = True

    assert len({typed_key(v) for v in (bare, _tagged, other)}) == 3


def test_keys_a_field_that_was_never_set() -> None:
    """A field without a value is no reason to fail, and is not the same as None."""
    unset, none = Maybe("x"), Maybe(None)
    object.__delattr__(unset, "name")

    first, second = keys(Maybe, unset, none)

    assert first != second
    assert keys(Maybe, unset) == [first]


def test_keys_generic_records() -> None:
    """A type variable says nothing about the class of a field."""

    @dataclass(frozen=True)
    class Box(Generic[T]):
        content: T

    first, second = keys(Box, Box(1), Box(True))
    assert first != second


def test_keys_fields_whose_annotations_cannot_be_resolved() -> None:
    """A class local to a function is a name that nobody else can look up."""

    @dataclass(frozen=True)
    class Inner:
        x: int

    @dataclass(frozen=True)
    class Local:
        inner: Inner

    first, second = keys(Local, Local(Inner(1)), Local(Inner(True)))  # type: ignore[arg-type]
    assert first != second


def test_keys_fields_inherited_from_another_module() -> None:
    """String annotations are looked up where the field was declared."""

    @dataclass(frozen=True)
    class Named(Size):
        name: str

    assert keys(Named, Named(1, "a")) == [(1, "a")]


def test_keys_two_records_that_mention_each_other() -> None:
    """Making the function of one class needs that of the other, and the other way round."""
    inner: list[Any] = [1, True]
    eggs = [Egg(Hen(Egg(core))) for core in inner]
    hens = [Hen(Egg(Hen(core))) for core in inner]

    assert len(set(keys(Egg, *eggs))) == 2
    assert len(set(keys(Hen, *hens))) == 2


def test_keys_a_record_by_its_own_equality_if_its_fields_have_no_key() -> None:
    """An author who knows how to compare an array may do so."""

    @dataclass(frozen=True)
    class Picture:
        pixels: list[int]

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Picture) and self.pixels == other.pixels

        def __hash__(self) -> int:
            return len(self.pixels)

    first, same, second = keys(Picture, Picture([1]), Picture([1]), Picture([2]))
    assert first == same
    assert first != second


def test_makes_the_function_of_a_class_once() -> None:
    """Asking again costs a look at the class."""
    assert key_function(Size) is key_function(Size)


def test_lets_go_of_classes() -> None:
    """A cell that is run again leaves nothing of the earlier classes behind."""

    def define() -> list[weakref.ref[type]]:
        node = make_dataclass("Node", [("value", int), ("next", object)], frozen=True)
        node.__dataclass_fields__["next"].type = node  # type: ignore[attr-defined]
        box = make_dataclass("Box", [("node", node), ("lid", Any)], frozen=True)
        colour = enum.Enum("colour", "RED")  # type: ignore[misc]  # made anew each time
        value = box(node(1, node(2, None)), colour.RED)  # type: ignore[attr-defined]
        keys(box, value)
        typed_key(value)
        is_same(value, box(node(1, node(2, None)), colour.RED))  # type: ignore[attr-defined]
        return [weakref.ref(node), weakref.ref(box), weakref.ref(colour)]

    references = define()
    gc.collect()
    gc.collect()  # what was made for Box mentions Node, and goes when Box has gone

    assert [reference() for reference in references] == [None, None, None]


def test_leaves_classes_as_they_are() -> None:
    """What is remembered for a class is not put into it, where a fingerprint would see it."""
    made = make_dataclass("made", [("x", int)], frozen=True)
    before = dict(vars(made))
    keys(made, made(1))
    is_same(made(1), made(1000))

    assert dict(vars(made)) == before


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (Plain, True),
        (ByIdentity, True),
        (object, True),
        (Size, False),
        (Loose, False),
        (Folded, False),
        (Colour, False),
        (Point, False),
        (Text, False),
        (int, False),
        (list, False),
        (pathlib.Path, False),
        (decimal.Decimal, False),
    ],
)
def test_knows_which_classes_are_keyed_by_identity(cls: type, expected: bool) -> None:
    """A class without value equality makes each object another param; that deserves a warning."""
    assert has_identity_key(cls) is expected
