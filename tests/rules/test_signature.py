from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NewType, Optional, Protocol, TypeVar

import pytest

from wfnb.rules.declare import goal_rule, rule
from wfnb.rules.rule import Rule

Told = Callable[[Callable[[], object]], str]
PhotoId = NewType("PhotoId", int)
T = TypeVar("T")


@dataclass(frozen=True)
class Photo:
    pass


@dataclass(frozen=True)
class Size:
    pass


@dataclass(frozen=True)
class Thumbnail:
    pass


class Named(Protocol):
    name: str


def _rule_from(function: types.FunctionType, **annotations: Any) -> Rule[Any]:
    """The function as a rule, its annotations given as objects."""
    function.__annotations__ = annotations
    return rule(function)


def _function() -> types.FunctionType:
    def shrink(photo, size):
        return Thumbnail()

    return shrink


_PLACE = "  test_signature.py:  def shrink(photo, size):\n"


def test_fills_two_parameters_of_one_type_with_the_same_value() -> None:
    """Two parameters of one class are fine."""

    @rule
    def shrink(photo: Photo, other: Photo) -> Thumbnail:
        return Thumbnail()

    assert shrink.key.types == (Photo, Photo)


@pytest.mark.parametrize("decorator", [rule, goal_rule])
@pytest.mark.parametrize("written", [None, "None"])
def test_refuses_a_rule_that_returns_nothing(
    decorator: Callable[[Any], object], written: object, told: Told
) -> None:
    """Nobody could ask for it; what it does instead is what goals are for."""

    def announce(photo: Photo) -> None:
        return None

    announce.__annotations__["return"] = written

    assert told(lambda: decorator(announce)) == (
        "SignatureError: rule announce: returns None, and a rule is there for what it returns\n"
        "  test_signature.py:  def announce(photo: Photo) -> None:\n"
        "  → name the class of what it makes; for effects, put @goal_rule on it and return a Goal"
    )


def test_takes_any_class_as_a_type() -> None:
    """Protocols, builtins and classes with a metaclass are classes like all others."""

    class Meta(type):
        pass

    class Odd(metaclass=Meta):
        pass

    @rule
    def make(odd: Odd, named: Named, number: int) -> str:
        return ""

    assert make.key.types == (Odd, Named, int)


def test_resolves_string_annotations_in_the_code_around_the_rule() -> None:
    """Classes of an enclosing function, or class, are found while it runs."""

    @dataclass(frozen=True)
    class Local:
        pass

    class Tools:
        @dataclass(frozen=True)
        class Inner:
            pass

        @rule
        def small(photo: Inner, other: Local) -> Thumbnail:
            return Thumbnail()

    assert Tools.small.key.types == (Tools.Inner, Local)


def test_resolves_string_annotations_through_a_closure() -> None:
    """A class that the body uses is found in the closure, wherever the rule is decorated."""

    @dataclass(frozen=True)
    class Local:
        pass

    def make(photo: Photo) -> Local:
        return Local()

    assert rule(make).product is Local


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (42, "42, which is an int, not a class\n{place}  → name a class"),
        (
            Optional[Size],  # noqa: UP045  # what old code says
            "Optional[Size], which may be None, and params are of one class\n{place}"
            "  → take Size; what may be missing goes into a field of a frozen dataclass",
        ),
        (
            Size | None,
            "Size | None, which may be None, and params are of one class\n{place}"
            "  → take Size; what may be missing goes into a field of a frozen dataclass",
        ),
        (
            Size | Photo,
            "Size | Photo, which is several classes, and a param is of one\n{place}"
            "  → write one rule per class; to pick by class when asking, mark a base with @union",
        ),
        (
            list[int],
            "list[int], which is no plain class: params are told apart by class alone\n{place}"
            "  → make a small frozen dataclass that holds it, and name that",
        ),
        (
            tuple[Size, ...],
            "tuple[Size, ...], which is no plain class: params are told apart by class alone\n"
            "{place}  → make a small frozen dataclass that holds it, and name that",
        ),
        (
            Literal["small"],
            "Literal['small'], and params are told apart by class\n{place}"
            "  → make it an Enum, or a frozen dataclass",
        ),
        (
            Annotated[Size, "in pixels"],
            "Annotated[Size, 'in pixels'], whose extras would be ignored\n{place}"
            "  → write Size alone",
        ),
        (
            PhotoId,
            "PhotoId, whose values are plain ints\n{place}"
            "  → make it a small frozen dataclass with one field",
        ),
        (Any, "Any, and a rule is wired by one class\n{place}  → name the class"),
        (T, "~T, and a rule is wired by one class\n{place}  → name the class"),
        (None, "None, which is no class to ask for\n{place}  → drop the parameter"),
    ],
)
def test_refuses_a_parameter_that_is_no_plain_class(annotation: Any, text: str, told: Told) -> None:
    """Scenario 4: rule, parameter, annotation, place and a way out are named."""
    shrink = _function()
    actual = told(lambda: _rule_from(shrink, photo=Photo, size=annotation, **{"return": Thumbnail}))
    assert actual == (
        "SignatureError: rule shrink: parameter size is annotated with " + text.format(place=_PLACE)
    )


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (42, "42, which is an int, not a class\n{place}  → name a class"),
        (
            Thumbnail | None,
            "Thumbnail | None, which may be None, and a product is of one class\n{place}"
            "  → return a small frozen dataclass with a field of type Thumbnail | None",
        ),
        (
            Thumbnail | Size,
            "Thumbnail | Size, which is several classes, and a product is of one\n{place}"
            "  → return a small frozen dataclass that holds either",
        ),
        (
            tuple[Thumbnail, ...],
            "tuple[Thumbnail, ...], which is no plain class: products are told apart "
            "by class alone\n{place}"
            "  → make a small frozen dataclass that holds it, and name that",
        ),
    ],
)
def test_refuses_a_product_that_is_no_plain_class(annotation: Any, text: str, told: Told) -> None:
    """Scenario 3: the same for what is returned."""
    shrink = _function()
    actual = told(lambda: _rule_from(shrink, photo=Photo, size=Size, **{"return": annotation}))
    assert actual == "SignatureError: rule shrink: returns " + text.format(place=_PLACE)


def test_refuses_a_rule_without_return_annotation(told: Told) -> None:
    """Scenario 2: nothing says what it makes."""
    assert told(lambda: _rule_from(_function(), photo=Photo, size=Size)) == (
        "SignatureError: rule shrink: has no return annotation, "
        "so nothing says what it makes\n"
        f"{_PLACE}"
        "  → name the class: def shrink(…) -> SomeClass"
    )


def test_refuses_a_parameter_without_annotation(told: Told) -> None:
    """Scenario 4: the parameter is named."""
    assert told(lambda: _rule_from(_function(), photo=Photo, **{"return": Thumbnail})) == (
        "SignatureError: rule shrink: parameter size has no type\n"
        f"{_PLACE}"
        "  → annotate it with a class: size: SomeClass"
    )


def test_refuses_a_method(told: Told) -> None:
    """Scenario 4: `self` has no type, and never will."""

    def declare() -> None:
        class Tools:
            @rule
            def small(self, photo: Photo) -> Thumbnail:
                return Thumbnail()

    assert told(declare) == (
        "SignatureError: rule Tools.small: parameter self has no type: "
        "a rule is a plain function, not a method\n"
        "  test_signature.py:  def small(self, photo: Photo) -> Thumbnail:\n"
        "  → move it out of the class, or drop the parameter"
    )


def test_points_at_the_line_of_the_parameter(told: Told) -> None:
    """Scenario 4: in a signature of several lines, the parameter's own line is shown."""

    def declare() -> None:
        @rule
        def small(
            photo: Photo,
            sizes: list[Size],
        ) -> Thumbnail:
            return Thumbnail()

    assert told(declare) == (
        "SignatureError: rule small: parameter sizes is annotated with list[Size], "
        "which is no plain class: params are told apart by class alone\n"
        "  test_signature.py:  sizes: list[Size],\n"
        "  → make a small frozen dataclass that holds it, and name that"
    )


def test_names_the_class_that_a_string_annotation_does_not_find(told: Told) -> None:
    """Scenario 5: rule, parameter, name, and the name that was perhaps meant."""

    def declare() -> None:
        @rule
        def small(photo: Foto, size: Size) -> Thumbnail:  # noqa: F821
            return Thumbnail()

    assert told(declare) == (
        "SignatureError: rule small: parameter photo is annotated with 'Foto', "
        "and Foto is not defined\n"
        "  test_signature.py:  def small(photo: Foto, size: Size) -> Thumbnail:  "
        "# noqa: F821\n"
        "  → did you mean Photo?"
    )


def test_names_the_class_that_the_product_does_not_find(told: Told) -> None:
    """Scenario 5: the same for the product, in an annotation that is more than a name."""

    def declare() -> None:
        @rule
        def small(photo: Photo) -> Nowhere | None:  # noqa: F821
            return None

    assert told(declare) == (
        "SignatureError: rule small: the product is annotated with 'Nowhere | None', "
        "and Nowhere is not defined\n"
        "  test_signature.py:  def small(photo: Photo) -> Nowhere | None:  "
        "# noqa: F821\n"
        "  → define Nowhere above the rule, or import it (not only for type checking)"
    )


def _with_default(photo: Photo, size: Size = Size()) -> Thumbnail:
    return Thumbnail()


def _with_args(photo: Photo, *sizes: Size) -> Thumbnail:
    return Thumbnail()


def _with_keywords(photo: Photo, **sizes: Size) -> Thumbnail:
    return Thumbnail()


def _keyword_only(photo: Photo, *, size: Size) -> Thumbnail:
    return Thumbnail()


def _own_product(photo: Photo, thumbnail: Thumbnail) -> Thumbnail:
    return Thumbnail()


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            _with_default,
            "parameter size has a default, which would never be used\n"
            "  test_signature.py:  def _with_default("
            "photo: Photo, size: Size = Size()) -> Thumbnail:\n"
            "  → drop the default; a rule without parameters that returns Size can supply it",
        ),
        (
            _with_args,
            "takes *sizes, which nothing can fill\n"
            "  test_signature.py:  def _with_args(photo: Photo, *sizes: Size) -> Thumbnail:\n"
            "  → name each parameter, with its class; many values of one class go into "
            "a small frozen dataclass",
        ),
        (
            _with_keywords,
            "takes **sizes, which nothing can fill\n"
            "  test_signature.py:  def _with_keywords(photo: Photo, **sizes: Size) "
            "-> Thumbnail:\n"
            "  → name each parameter, with its class; many values of one class go into "
            "a small frozen dataclass",
        ),
        (
            _keyword_only,
            "parameter size can be passed by keyword only, and params are passed by position\n"
            "  test_signature.py:  def _keyword_only(photo: Photo, *, size: Size) "
            "-> Thumbnail:\n"
            "  → drop the * before it",
        ),
        (
            _own_product,
            "makes Thumbnail from Thumbnail, so it would wait for itself\n"
            "  test_signature.py:  def _own_product(photo: Photo, thumbnail: Thumbnail) "
            "-> Thumbnail:\n"
            "  → give what goes in and what comes out two classes, "
            "such as RawThumbnail and Thumbnail",
        ),
    ],
)
def test_refuses_parameters_that_cannot_be_filled_once_by_position(
    function: types.FunctionType, text: str, told: Told
) -> None:
    """Scenarios 8 and 14: defaults, *args, **kw, keyword-only, and the rule's own product."""
    assert told(lambda: rule(function)) == f"SignatureError: rule {function.__name__}: {text}"


def test_refuses_a_rule_as_a_type(told: Told) -> None:
    """Naming the rule where the class it makes belongs is a likely slip."""

    @rule
    def size() -> Size:
        return Size()

    assert told(
        lambda: _rule_from(_function(), photo=Photo, size=size, **{"return": Thumbnail})
    ) == (
        "SignatureError: rule shrink: parameter size is annotated with rule size() → Size, "
        "which is a rule\n"
        f"{_PLACE}"
        "  → name the class it makes: Size"
    )


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="annotations are evaluated lazily")
def test_declares_a_rule_whose_source_is_not_at_hand() -> None:
    """A rule that is made by exec is a rule like any other."""
    namespace: dict[str, Any] = {"rule": rule, "Photo": Photo, "Thumbnail": Thumbnail}
    exec("@rule\ndef small(photo: Photo) -> Thumbnail: ...", namespace)

    assert repr(namespace["small"]) == "rule small(Photo) → Thumbnail"
