from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import pytest

from wfnb.rules import problems
from wfnb.rules.declare import rule
from wfnb.rules.problems import BodyProblem
from wfnb.rules.requests import Get, MultiGet


@dataclass(frozen=True)
class Photo:
    name: str = ""


@dataclass(frozen=True)
class Portrait(Photo):
    pass


@dataclass(frozen=True)
class Size:
    pixels: int = 64


@dataclass(frozen=True)
class Thumbnail:
    pass


@rule
def shrink(photo: Photo, size: Size) -> Thumbnail:
    return Thumbnail()


kinds = [Photo, Size]


def untyped(photo):
    return photo


async def no_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get()


async def four_arguments(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Photo, photo, size)


async def keyword(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, value=photo)


async def call_as_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail(), photo)


async def text_as_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get("Thumbnail", photo)


async def value_as_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get(photo)


async def rule_as_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get(shrink, photo)


async def class_as_value(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Photo)


async def class_as_second_value(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Photo, Photo)


async def swapped(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, photo, Photo)


async def two_values(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, photo, size)


async def wrong_class(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Photo, size)


async def subclass(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Photo, Portrait("x"))


async def request_as_value(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Get(Photo, size))


async def bad_dict(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, {photo: Photo, size: "Size"})


async def swapped_dict(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, {Photo: photo})


async def doubled_dict(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, {photo: Photo, Photo("x"): Photo})


async def unknown_product(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnial, photo)  # noqa: F821


async def unknown_input(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, Quality, size)  # noqa: F821


async def unknown_helper(photo: Photo, size: Size) -> Thumbnail:
    return await enlarge(photo)  # noqa: F821


async def unknown_attribute(photo: Photo, size: Size) -> Thumbnail:
    return await Get(problems.Thumbnail, photo)


async def batch_of_none(photo: Photo, size: Size) -> Thumbnail:
    return await MultiGet(Get(Thumbnail), None)


async def batch_of_batches(photo: Photo, size: Size) -> Thumbnail:
    return await MultiGet(MultiGet(Get(Thumbnail)), Get(Size))


async def batch_of_a_rule(photo: Photo, size: Size) -> Thumbnail:
    return await MultiGet([shrink, Get(Size)])


async def call_with_keyword(photo: Photo, size: Size) -> Thumbnail:
    return await shrink(photo=photo)


async def call_with_other_class(photo: Photo, size: Size) -> Thumbnail:
    return await shrink("cat.jpg")


async def call_with_two_of_a_class(photo: Photo, size: Size) -> Thumbnail:
    return await shrink(photo, Photo("x"))


async def call_with_too_many(photo: Photo, size: Size) -> Thumbnail:
    return await shrink(photo, untyped(1), untyped(2))


async def call_with_request(photo: Photo, size: Size) -> Thumbnail:
    return await shrink(Get(Photo))


async def sleeping(photo: Photo, size: Size) -> Thumbnail:
    return await asyncio.sleep(1)


async def event(photo: Photo, size: Size) -> Thumbnail:
    return await asyncio.Event().wait()


async def uncalled(photo: Photo, size: Size) -> Thumbnail:
    return await shrink


async def awaited_list(photo: Photo, size: Size) -> Thumbnail:
    return await [Get(Photo), Get(Size)]


async def awaited_value(photo: Photo, size: Size) -> Thumbnail:
    return await Thumbnail()


async def dropped(photo: Photo, size: Size) -> Thumbnail:
    Get(Thumbnail, photo)
    return Thumbnail()


async def dropped_call(photo: Photo, size: Size) -> Thumbnail:
    shrink(photo)
    return Thumbnail()


async def starred(photo: Photo, size: Size) -> Thumbnail:
    return await Get(Thumbnail, *kinds)


async def product_of_a_loop(photo: Photo, size: Size) -> Thumbnail:
    return [await Get(kind) for kind in untyped(kinds)]


async def helper_of_a_value(photo: Photo, size: Size) -> Thumbnail:
    return await untyped(photo).enlarge()


_ARITY = "Get takes its arguments by position: Get(Out, In, value)"
_MEANT = "nothing, if that is meant; "
_AT_ONCE = _MEANT + "Get(Out, In, value) with classes is seen at once"
_AWAIT = "await it first, and pass what it gives"
_LOOP = (
    "call blocking code directly (other rules run meanwhile), "
    "or put it in a rule of its own and Get that"
)


@pytest.mark.parametrize(
    ("function", "code", "message", "fix"),
    [
        (no_product, "WF102", "Get() names no product", "name the class that is wanted: Get(Out)"),
        (
            four_arguments,
            "WF103",
            "Get(Thumbnail, Photo, photo, size) has 4 arguments, and Get takes at most three",
            "to supply several values, write Get(Out, {value: In, …})",
        ),
        (keyword, "WF103", "Get(Thumbnail, value=photo) passes value by keyword", _ARITY),
        (
            call_as_product,
            "WF104",
            "Get(Thumbnail(), photo): Thumbnail() stands where the product's class belongs",
            "name the class alone: Get(Thumbnail, …)",
        ),
        (
            text_as_product,
            "WF104",
            "Get('Thumbnail', photo): 'Thumbnail' stands where the product's class belongs",
            "write the class itself, without quotes: Get(Thumbnail, …)",
        ),
        (
            value_as_product,
            "WF104",
            "Get(photo): photo stands where the product's class belongs",
            "name the class that is wanted: Get(Photo, …)",
        ),
        (
            rule_as_product,
            "WF104",
            "Get(shrink, photo): shrink stands where the product's class belongs",
            "name the class it makes, Thumbnail, or call the rule",
        ),
        (
            class_as_value,
            "WF105",
            "Get(Thumbnail, Photo): the class Photo stands where a value belongs",
            "pass a value: Photo(…), or Get(Out, Photo, value)",
        ),
        (
            class_as_second_value,
            "WF105",
            "Get(Thumbnail, Photo, Photo): the class Photo stands where a value belongs",
            "pass a value: Photo(…)",
        ),
        (
            swapped,
            "WF105",
            "Get(Thumbnail, photo, Photo): photo stands where a class belongs",
            "swap the last two: Get(Out, In, value)",
        ),
        (
            two_values,
            "WF105",
            "Get(Thumbnail, photo, size): photo stands where a class belongs",
            "to supply two values, write Get(Out, {value: In, …})",
        ),
        (
            wrong_class,
            "WF106",
            "Get(Thumbnail, Photo, size): size is a Size, not a Photo",
            "pass a Photo, or name its class: Size",
        ),
        (
            subclass,
            "WF106",
            "Get(Thumbnail, Photo, Portrait('x')): Portrait('x') is a Portrait, not a Photo; "
            "exact type, a subclass does not count",
            "pass a Photo, or name its class: Portrait",
        ),
        (
            request_as_value,
            "WF105",
            "Get(Thumbnail, Get(Photo, size)): Get(Photo, size) is a request, not a value",
            _AWAIT,
        ),
        (
            bad_dict,
            "WF107",
            "Get(Thumbnail, {photo: Photo, size: 'Size'}): 'Size' stands where the class of "
            "size belongs",
            "name its class",
        ),
        (
            swapped_dict,
            "WF107",
            "Get(Thumbnail, {Photo: photo}): photo stands where the class of Photo belongs",
            "the value comes first: {value: In}",
        ),
        (
            doubled_dict,
            "WF107",
            "Get(Thumbnail, {photo: Photo, Photo('x'): Photo}) supplies two values of type Photo",
            "a scope holds one; give one of them a class of its own, or ask twice",
        ),
        (unknown_product, "WF101", "Thumbnial is not defined", "did you mean Thumbnail?"),
        (unknown_input, "WF101", "Quality is not defined", "define Quality, or import it"),
        (unknown_helper, "WF101", "enlarge is not defined", "define enlarge, or import it"),
        (
            unknown_attribute,
            "WF101",
            "wfnb.rules.problems.Thumbnail is not defined",
            "define wfnb.rules.problems.Thumbnail, or import it",
        ),
        (
            batch_of_none,
            "WF108",
            "MultiGet(Get(Thumbnail), None): MultiGet takes requests, and one of these is None",
            "leave out what is not asked, before MultiGet",
        ),
        (
            batch_of_batches,
            "WF108",
            "MultiGet(MultiGet(Get(Thumbnail)), Get(Size)): MultiGet takes requests, "
            "and one of these is a MultiGet",
            "flatten it: MultiGet(*some_requests, *other_requests)",
        ),
        (
            batch_of_a_rule,
            "WF108",
            "MultiGet([shrink, Get(Size)]): MultiGet takes requests, and one of these is "
            "a rule that was not called",
            "call it: shrink(value, …)",
        ),
        (
            call_with_keyword,
            "WF109",
            "shrink(photo=photo) passes values by keyword",
            "values are matched by type; shrink takes Photo and Size",
        ),
        (
            call_with_other_class,
            "WF109",
            "shrink('cat.jpg'): 'cat.jpg' is a str, which shrink does not take",
            "it takes Photo and Size",
        ),
        (
            call_with_two_of_a_class,
            "WF109",
            "shrink(photo, Photo('x')) passes 2 values, more than shrink can tell apart",
            "it takes Photo and Size, each once",
        ),
        (
            call_with_too_many,
            "WF109",
            "shrink(photo, untyped(1), untyped(2)) passes 3 values, more than shrink can "
            "tell apart",
            "it takes Photo and Size, each once",
        ),
        (
            call_with_request,
            "WF109",
            "shrink(Get(Photo)): Get(Photo) is a request, not a value",
            _AWAIT,
        ),
        (
            sleeping,
            "WF110",
            "asyncio.sleep(1) is no request: asyncio.sleep needs an event loop, and rules are run "
            "without one",
            _LOOP,
        ),
        (
            event,
            "WF110",
            "asyncio.Event().wait() is no request: asyncio.Event.wait needs an event loop, "
            "and rules are run without one",
            _LOOP,
        ),
        (
            uncalled,
            "WF110",
            "shrink is a rule that was not called",
            "call it: await shrink(value, …)",
        ),
        (
            awaited_list,
            "WF110",
            "[Get(Photo), Get(Size)] is several requests, which cannot be awaited as they are",
            "await MultiGet(…) of them",
        ),
        (awaited_value, "WF110", "Thumbnail() is a value, not a request", "drop the await"),
        (
            dropped,
            "WF111",
            "Get(Thumbnail, photo) is never awaited, so nothing is asked",
            "await Get(Thumbnail, photo)",
        ),
        (
            dropped_call,
            "WF111",
            "shrink(photo) is never awaited, so nothing is asked",
            "await shrink(photo)",
        ),
        (
            starred,
            "WF112",
            "Get(Thumbnail, *kinds): its arguments are known only when it runs",
            _AT_ONCE,
        ),
        (
            product_of_a_loop,
            "WF112",
            "Get(kind): which product it asks for is known only when it runs",
            _AT_ONCE,
        ),
        (
            helper_of_a_value,
            "WF113",
            "what untyped(photo).enlarge() asks for is known only when it runs",
            _MEANT + "helpers that are plain names are seen at once",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_sees_what_is_wrong_with_a_request(
    function: Callable[..., Any], code: str, message: str, fix: str
) -> None:
    """Scenarios 17, 52, 54, 55: one problem, with a code, at the line, and what to do."""
    (problem,) = rule(function).requests().problems

    assert (problem.code, problem.message, problem.fix) == (code, message, fix)
    expected = {"WF111": "warning", "WF112": "note", "WF113": "note"}.get(code, "error")
    assert problem.severity == expected
    line = problem.place.line
    assert line is not None
    assert line > function.__code__.co_firstlineno
    assert str(problem) == (
        f"{code}  {message}\n  test_problems.py:{line}:  {problem.place.text}\n  → {fix}"
    )


def test_offers_the_import_of_what_requests_are_made_with() -> None:
    """Scenario 17: a forgotten import is the likeliest slip of all."""
    namespace = {name: value for name, value in globals().items() if name != "Get"}
    function = type(no_product)(dropped.__code__, namespace)
    function.__annotations__ = dropped.__annotations__

    (problem,) = rule(function).requests().problems

    assert str(problem) == (
        "WF101  Get is not defined\n"
        f"  test_problems.py:{problem.place.line}:  Get(Thumbnail, photo)\n"
        "  → from wfnb import Get"
    )


def test_lists_every_code_with_its_severity() -> None:
    """The table in the module is what the code does."""
    table = re.findall(r"(WF1\d\d)\s+(error|warning|note)\s", problems.__doc__ or "")

    assert [code for code, _ in table] == list(problems.CODES)
    assert [problems.severity_of(code) for code, _ in table] == [severity for _, severity in table]
    assert [field.name for field in fields(BodyProblem)] == [
        "code",
        "severity",
        "place",
        "message",
        "fix",
    ]
