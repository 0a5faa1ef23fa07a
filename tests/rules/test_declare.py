from __future__ import annotations

import copy
import functools
import inspect
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb.rules.declare import on_declare, rule
from wfnb.rules.rule import Param, Rule, RuleKey

Told = Callable[[Callable[[], object]], str]


@dataclass(frozen=True)
class Photo:
    name: str = ""


@dataclass(frozen=True)
class Size:
    pixels: int = 64


@dataclass(frozen=True)
class Thumbnail:
    pass


@rule
async def shrink(photo: Photo, size: Size) -> Thumbnail:
    """Make it small."""
    return Thumbnail()


def test_declares_a_rule_from_a_function_with_classes() -> None:
    """Scenario 1: a rule knows its name, its types and its key, and shows them in one line."""
    assert isinstance(shrink, Rule)
    assert shrink.name == "shrink"
    assert shrink.product is Thumbnail
    assert shrink.params == (Param("photo", Photo), Param("size", Size))
    assert shrink.key == RuleKey(__name__, "shrink", Thumbnail, (Photo, Size))
    assert (shrink.is_async, shrink.is_goal, shrink.cacheable) == (True, False, True)
    assert (shrink.desc, shrink.persist) == (None, None)
    assert repr(shrink) == "rule shrink(Photo, Size) → Thumbnail"
    assert shrink.place.text == "async def shrink(photo: Photo, size: Size) -> Thumbnail:"


def test_keeps_what_the_keywords_say() -> None:
    """The decorator works bare and with keywords, on `def` and on `async def`."""

    @rule(desc="shrink it", cacheable=False, persist=True)
    def small(photo: Photo) -> Thumbnail:
        return Thumbnail()

    assert (small.desc, small.cacheable, small.persist) == ("shrink it", False, True)
    assert not small.is_async
    assert rule()(small.function).key == small.key


def test_names_an_inner_rule_by_what_follows_the_last_locals() -> None:
    """A rule in a function is named without that function, one in a class with that class."""

    class Tools:
        @rule
        def small(photo: Photo) -> Thumbnail:
            return Thumbnail()

    assert Tools.small.name == "Tools.small"
    assert repr(Tools.small) == "rule Tools.small(Photo) → Thumbnail"


def test_looks_like_the_function_it_replaces() -> None:
    """Documentation, signature and the function itself are there for tools; the class has none."""
    assert shrink.__doc__ == "Make it small."
    assert shrink.__name__ == "shrink"
    assert list(inspect.signature(shrink).parameters) == ["photo", "size"]
    assert shrink.__wfnb_rule_key__ == shrink.key
    assert not hasattr(Rule, "__wfnb_rule_key__")
    assert not hasattr(Rule, "__wrapped__")
    assert (Rule.__doc__ or "").startswith("A registered function")


def test_never_changes_a_rule() -> None:
    """A rule is a value: it can be neither assigned to nor deleted from, and is equal to itself."""
    with pytest.raises(AttributeError, match="a rule never changes; write shrink again instead"):
        shrink.desc = "other"
    with pytest.raises(AttributeError, match="a rule never changes"):
        del shrink.desc
    assert copy.deepcopy(shrink) is shrink
    assert pickle.loads(pickle.dumps(shrink)) is shrink


def test_gives_the_same_key_to_a_rule_that_is_written_again() -> None:
    """Scenarios 11 and 12: another rule, equal key, so that it replaces rather than competes."""

    def write_again() -> Rule[Thumbnail]:
        @rule
        def small(photo: Photo) -> Thumbnail:
            return Thumbnail()

        return small

    first, second = write_again(), write_again()
    assert first != second
    assert first.key == second.key


def test_follows_types_that_are_written_again() -> None:
    """Scenario 13: the same function, with new classes in place of the old ones."""
    old = Photo
    new = dataclass(frozen=True)(type("Photo", (), {}))

    moved = shrink.with_types({old: new})

    assert moved.params == (Param("photo", new), Param("size", Size))
    assert moved.key == RuleKey(__name__, "shrink", Thumbnail, (new, Size))
    assert moved.function is shrink.function
    assert shrink.params[0].type is old


def test_takes_the_signature_and_body_of_the_innermost_function() -> None:
    """A function that is wrapped with functools.wraps may be a rule; the wrapper is called."""

    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Any:
            return function(*args)

        return wrapper

    @rule
    @logged
    async def small(photo: Photo) -> Thumbnail:
        return Thumbnail()

    assert small.params == (Param("photo", Photo),)
    assert small.is_async
    assert small.code.co_name == "small"
    assert small.function.__code__.co_name == "wrapper"


def test_tells_listeners_about_each_rule_until_they_leave() -> None:
    """A notebook hears of a rule as soon as it is declared; leaving twice does no harm."""
    heard: list[Rule[Any]] = []
    remove = on_declare(heard.append)

    again = rule(shrink.function)
    remove()
    remove()
    rule(shrink.function)

    assert heard == [again]


def test_refuses_an_unknown_keyword_and_lists_the_accepted_ones(told: Told) -> None:
    """Scenario 6: the nearest accepted keyword is offered."""
    assert told(lambda: rule(descr="x")) == (
        "SignatureError: @rule has no keyword descr\n"
        "  test_declare.py:  told(…)\n"
        "    @rule accepts desc=, cacheable= and persist=\n"
        "  → did you mean desc=?"
    )


class _Callable:
    def __call__(self, photo: Photo) -> Thumbnail:
        return Thumbnail()


async def _generate(photo: Photo) -> AsyncIterator[Thumbnail]:
    yield Thumbnail()


def _yield(photo: Photo) -> Iterator[Thumbnail]:
    yield Thumbnail()


def _function(photo: Photo) -> Thumbnail:
    return Thumbnail()


@functools.wraps(shrink)
def _around_a_rule(*args: Any) -> Any:
    return shrink(*args)


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (
            Photo,
            "@rule was put on the class Photo\n"
            "  → write a function that returns Photo, and put @rule on that",
        ),
        (
            _Callable(),
            "@rule was put on _Callable(…), which is no function\n"
            "  → put @rule directly on a def; other decorators below it must use functools.wraps",
        ),
        (
            functools.partial(_function),
            "@rule was put on a partial of _function\n"
            "  → write a def that calls it, with a class for each parameter",
        ),
        (
            _Callable().__call__,
            "@rule was put on the bound method _Callable.__call__\n"
            "  → write a def that calls it, with a class for each parameter",
        ),
        (
            len,
            "@rule was put on len, which is not written in Python\n"
            "  → write a def that calls it, with a class for each parameter",
        ),
        (
            staticmethod(_function),
            "@rule was put on the staticmethod _function\n"
            "  → put @staticmethod above @rule, or move _function out of the class",
        ),
        (
            classmethod(_function),
            "@rule was put on the classmethod _function\n"
            "  → a rule has no class to be called on: move _function out of the class",
        ),
        (shrink, "shrink is a rule already\n  → put @rule on it once"),
        (
            _around_a_rule,
            "@rule was put on a function that wraps the rule shrink\n"
            "  → put @rule above the other decorators of shrink",
        ),
        (
            "shrink it",
            "@rule was given 'shrink it', which is no function\n"
            "  → a description goes by keyword: @rule(desc='…')",
        ),
        (42, "@rule was given 42, which is no function\n  → put @rule on a def"),
    ],
)
def test_refuses_what_is_no_plain_function(thing: Any, text: str, told: Told) -> None:
    """Scenario 7: each is told what to do instead, at the line of the decorator."""
    what, fix = text.split("\n")
    assert told(lambda: rule(thing)) == (
        f"SignatureError: {what}\n  test_declare.py:  told(…)\n{fix}"
    )


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            lambda: Thumbnail(),
            "@rule was put on a lambda, which has neither name nor annotations\n"
            "  test_declare.py:  lambda: Thumbnail(),\n"
            "  → write a def, with a class for each parameter and for what it returns",
        ),
        (
            _yield,
            "rule _yield is a generator: it yields, and a rule returns one value\n"
            "  test_declare.py:  def _yield(photo: Photo) -> Iterator[Thumbnail]:\n"
            "  → collect the values and return them in a small frozen dataclass",
        ),
        (
            _generate,
            "rule _generate is an async generator: it yields, and a rule returns one value\n"
            "  test_declare.py:  async def _generate(photo: Photo) -> AsyncIterator[Thumbnail]:\n"
            "  → collect the values and return them in a small frozen dataclass",
        ),
    ],
)
def test_refuses_functions_that_return_no_single_value(
    function: Any, text: str, told: Told
) -> None:
    """Scenario 7: lambdas and generators are functions, and yet no rules."""
    assert told(lambda: rule(function)) == f"SignatureError: {text}"


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        (
            {"desc": 3},
            "@rule(desc=3): desc is no text\n{place}\n  → write @rule(desc='…')",
        ),
        (
            {"cacheable": 0},
            "@rule(cacheable=0): cacheable is True or False\n{place}\n"
            "  → write cacheable=False to run it once per session",
        ),
        (
            {"persist": "yes"},
            "@rule(persist='yes'): persist is True, False or None\n{place}\n"
            "  → leave it out to go by what the rule costs",
        ),
    ],
)
def test_refuses_keywords_with_values_that_mean_nothing(
    keywords: dict[str, Any], text: str, told: Told
) -> None:
    """Scenario 6: a wrong value is named with its keyword."""
    place = "  test_declare.py:  told(…)"
    assert told(lambda: rule(**keywords)) == (f"SignatureError: {text.format(place=place)}")
