"""What is said about a value that cannot be a param."""

from __future__ import annotations

import collections
import types
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

from wfnb.errors import ParamError
from wfnb.hashing.keys import key_function, typed_key


@dataclass(frozen=True)
class Upload:
    name: str
    tags: Any = ()


@dataclass(frozen=True)
class Album:
    upload: Upload
    year: int = 2021


@dataclass
class Draft:
    text: str


class Span(NamedTuple):
    start: int
    stop: Any


class Unhashable:
    def __eq__(self, other: object) -> bool:
        return True


class Answering:
    """Says yes to having a hash, and then has none."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise ValueError("later")


class Tags(list):  # type: ignore[type-arg]
    def __hash__(self) -> int:
        return 1


class Title(str):
    words: list[str]


def told(value: object) -> str:
    with pytest.raises(ParamError) as caught:
        key_function(type(value))(value)
    text = str(caught.value)
    with pytest.raises(ParamError) as caught:
        typed_key(value)
    assert str(caught.value) == text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return text


def _title() -> Title:
    title = Title("a")
    title.words = ["a"]
    return title


def _deep() -> Upload:
    deep: tuple[object, ...] = ()
    for _ in range(5000):
        deep = (deep,)
    return Upload("a", deep)


TOLD: dict[str, tuple[object, str]] = {
    "a list in a field": (
        Upload("a", ["x"]),
        "Upload cannot be a param: Upload.tags is a list, which can change while the result is "
        "remembered\n  → put tuple(…) there",
    ),
    "an item of a tuple": (
        Upload("a", ("x", "y", {"z"})),
        "Upload cannot be a param: Upload.tags[2] is a set, which can change while the result is "
        "remembered\n  → put frozenset(…) there",
    ),
    "a field of a field": (
        Album(Upload("a", {"x": 1})),
        "Album cannot be a param: Album.upload.tags is a dict, which can change while the result "
        "is remembered\n  → put a tuple of pairs there: tuple(….items())",
    ),
    "a field of a named tuple": (
        Upload("a", Span(1, bytearray(b"x"))),
        "Upload cannot be a param: Upload.tags.stop is a bytearray, which can change while the "
        "result is remembered\n  → put bytes(…) there",
    ),
    "a record that is not frozen": (
        Upload("a", (Draft("x"),)),
        "Upload cannot be a param: Upload.tags[0] is a Draft, which can change while the result "
        "is remembered\n  → write @dataclass(frozen=True) above class Draft",
    ),
    "an object without a hash": (
        Upload("a", Unhashable()),
        "Upload cannot be a param: Upload.tags is an Unhashable, which has no hash\n"
        "  → pass what identifies it instead (a name, a path), or say what its content is: "
        "register_fingerprint(Unhashable, a function)",
    ),
    "an object whose hash fails": (
        Answering(),
        "Answering cannot be a param: it has no hash\n"
        "  → pass what identifies it instead (a name, a path), or say what its content is: "
        "register_fingerprint(Answering, a function)",
    ),
    "a namespace": (
        types.SimpleNamespace(a=1),
        "SimpleNamespace cannot be a param: it has no hash\n  → pass what identifies it instead "
        "(a name, a path), or say what its content is: "
        "register_fingerprint(SimpleNamespace, a function)",
    ),
    "a list": (
        [1],
        "list cannot be a param: it can change while the result is remembered\n"
        "  → pass a frozen dataclass with tuple(…) in it",
    ),
    "a list that says it has a hash": (
        Tags(),
        "Tags cannot be a param: it can change while the result is remembered\n"
        "  → pass a frozen dataclass with tuple(…) in it",
    ),
    "a set": (
        {1},
        "set cannot be a param: it can change while the result is remembered\n"
        "  → pass a frozen dataclass with frozenset(…) in it",
    ),
    "a dict": (
        collections.OrderedDict(a=1),
        "OrderedDict cannot be a param: it can change while the result is remembered\n"
        "  → pass a frozen dataclass with a tuple of pairs in it",
    ),
    "a view of a dict": (
        Upload("a", types.MappingProxyType({})),
        "Upload cannot be a param: Upload.tags is a mappingproxy, which can change while the "
        "result is remembered\n  → put a tuple of pairs there: tuple(….items())",
    ),
    "a queue": (
        collections.deque([1]),
        "deque cannot be a param: it can change while the result is remembered\n"
        "  → pass a frozen dataclass with tuple(…) in it",
    ),
    "a view of bytes": (
        Upload("a", memoryview(b"x")),
        "Upload cannot be a param: Upload.tags is a memoryview, which can change while the result "
        "is remembered\n  → put bytes(…) there",
    ),
    "a dataclass that is not frozen": (
        Draft("x"),
        "Draft cannot be a param: it can change while the result is remembered\n"
        "  → write @dataclass(frozen=True) above class Draft",
    ),
    "an attribute of a text": (
        Upload("a", _title()),
        "Upload cannot be a param: Upload.tags.words is a list, which can change while the result "
        "is remembered\n  → put tuple(…) there",
    ),
    "too much nesting": (
        _deep(),
        "Upload cannot be a param: it is nested too deeply\n"
        "  → pass a flat value, a tuple of records for instance",
    ),
}


@pytest.mark.parametrize(("value", "text"), TOLD.values(), ids=TOLD)
def test_says_where_and_what_to_write(value: object, text: str) -> None:
    """The type, the way to the culprit, why it cannot be, and what can."""
    assert told(value) == text


def test_names_the_first_member_of_a_frozenset_that_has_no_key() -> None:
    """Members have no position; what is in one of them still has a name."""

    @dataclass(unsafe_hash=True)
    class Tag:
        name: str
        extra: Any = field(default=None, compare=False)

    assert told(Upload("a", frozenset({Tag("x", [1])}))) == (
        "Upload cannot be a param: Upload.tags{…}.extra is a list, which can change while the "
        "result is remembered\n  → put tuple(…) there"
    )


def test_does_not_name_what_encloses_a_class() -> None:
    """A class defined in a function is called by its own name."""

    @dataclass
    class Local:
        x: int

    assert told(Local(1)).startswith("Local cannot be a param: it can change")


def test_refuses_the_same_value_however_often_it_is_asked() -> None:
    """A refusal leaves nothing behind."""
    key = key_function(Upload)
    for _ in range(2):
        with pytest.raises(ParamError):
            key(Upload("a", ["x"]))
    assert key(Upload("a", "x")) == ("a", "x")
