"""One rule driven by hand: what mocks answer, and every way in which they do not fit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb import Console, Get, Goal, MultiGet, goal_rule, rule, union
from wfnb.testing import MockError, MockGet, run_rule_with_mocks


@dataclass(frozen=True)
class Photo:
    name: str


@dataclass(frozen=True)
class Size:
    n: int


@dataclass(frozen=True)
class Thumb:
    text: str


@dataclass(frozen=True)
class Wall:
    text: str


@dataclass(frozen=True)
class Owner:
    name: str


@union
class Picture:
    pass


@rule
def thumb(photo: Photo, size: Size) -> Thumb:
    return Thumb(photo.name * size.n)


@rule
async def wall(owner: Owner) -> Wall:
    one = await Get(Thumb, {Photo("x"): Photo, Size(2): Size})
    two, three = await MultiGet(Get(Thumb, Photo, Photo("y")), Get(Thumb, Photo, Photo("z")))
    four = await thumb(Photo("a"), Size(1))
    return Wall(f"{owner.name}: {one.text} {two.text} {three.text} {four.text}")


def make(*values: Any) -> Thumb:
    return Thumb("".join(str(v) for v in values))


BOTH = MockGet(Thumb, (Photo, Size), lambda photo, size: Thumb(photo.name * size.n))
ONE = MockGet(Thumb, (Photo,), lambda photo: Thumb(photo.name))


def test_answers_requests_by_their_types() -> None:
    """Scenario 100: also batches, with a tuple; also calls, by product and inputs."""
    found = run_rule_with_mocks(wall, rule_args=[Owner("me")], mock_gets=[BOTH, ONE])
    assert found == Wall("me: xx y z a")


def test_answers_calls_by_the_rule() -> None:
    found = run_rule_with_mocks(
        wall,
        rule_args=[Owner("me")],
        mock_gets=[BOTH, ONE],
        mock_calls={thumb: lambda photo, size: Thumb("mocked")},
    )
    assert found == Wall("me: xx y z mocked")


def test_takes_types_in_a_list_too() -> None:
    assert MockGet(Thumb, [Photo], make) == MockGet(Thumb, (Photo,), make)  # type: ignore[arg-type]  # a tuple is what it is for types


def test_runs_a_plain_function_too() -> None:
    assert run_rule_with_mocks(thumb, rule_args=[Photo("a"), Size(3)]) == Thumb("aaa")


def test_answers_requests_that_name_a_union_by_its_base() -> None:
    @rule
    async def show(photo: Photo) -> Wall:
        return Wall((await Get(Thumb, Picture, photo)).text)

    mock = MockGet(Thumb, (Picture,), lambda photo: Thumb(photo.name))
    assert run_rule_with_mocks(show, rule_args=[Photo("a")], mock_gets=[mock]) == Wall("a")


def test_lets_a_goal_have_its_effects(capsys: pytest.CaptureFixture[str]) -> None:
    class Show(Goal):
        pass

    @goal_rule
    async def show(owner: Owner, console: Console) -> Show:
        console.print((await Get(Thumb, Photo, Photo(owner.name))).text)
        return Show(0)

    assert run_rule_with_mocks(show, rule_args=[Owner("me"), Console()], mock_gets=[ONE]) == Show(0)
    assert capsys.readouterr().out == "me\n"


def test_lets_what_the_rule_raises_through() -> None:
    def fail(photo: Photo) -> Thumb:
        raise OSError("no disk")

    @rule
    async def careful(photo: Photo) -> Wall:
        try:
            await Get(Thumb, Photo, photo)
        except OSError as error:
            return Wall(str(error))
        return Wall("")

    mock = MockGet(Thumb, (Photo,), fail)
    assert run_rule_with_mocks(careful, rule_args=[Photo("a")], mock_gets=[mock]) == Wall("no disk")


def said(**arguments: Any) -> str:
    with pytest.raises(MockError) as caught:
        run_rule_with_mocks(wall, **arguments)
    assert isinstance(caught.value, AssertionError)
    return str(caught.value)


PLACE = f"  test_mocks.py:{wall.place.line}:  async def wall(owner: Owner) -> Wall:\n"


def test_names_what_does_not_fit() -> None:
    """Scenario 100: argument count, missing mocks, unused mocks."""
    assert said(rule_args=[]) == (
        f"wall takes 1 arguments, and was given 0\n{PLACE}"
        "    it takes Owner\n  → pass rule_args=[…], one value for each parameter"
    )
    assert said(rule_args=[Owner("me")]) == (
        f"no mock answers Get(Thumb, {{Photo(name='x'): Photo, Size(n=2): Size}})\n{PLACE}"
        "    there are no mocks\n"
        "  → add MockGet(Thumb, (Photo, Size), lambda …: Thumb(…))"
    )
    assert said(rule_args=[Owner("me")], mock_gets=[BOTH]) == (
        f"no mock answers Get(Thumb, Photo, Photo(name='y'))\n{PLACE}"
        "    there is MockGet(Thumb, Photo, Size)\n"
        "  → add MockGet(Thumb, (Photo,), lambda …: Thumb(…))"
    )
    spare = MockGet(Wall, (), lambda: Wall(""))
    assert said(rule_args=[Owner("me")], mock_gets=[BOTH, ONE, spare]) == (
        f"wall never asked for MockGet(Wall)\n{PLACE}"
        "  → leave it out, or mend the types that it answers"
    )
    wrong = MockGet(Thumb, (Photo, Size), lambda photo, size: "text")
    assert said(rule_args=[Owner("me")], mock_gets=[wrong]) == (
        f"MockGet(Thumb, Photo, Size) gave 'text' for Thumb\n{PLACE}  → have it return a Thumb"
    )


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: MockGet(Thumb, Photo, make),  # type: ignore[arg-type]  # what is tested
            "MockGet takes the types of the inputs in a tuple, not Photo alone\n"
            "  → write MockGet(Thumb, (Photo,), …)",
        ),
        (
            lambda: MockGet(Thumb, 5, make),  # type: ignore[arg-type]  # what is tested
            "MockGet takes the types of the inputs in a tuple, not 5\n"
            "  → write MockGet(Product, (Input,), …)",
        ),
        (
            lambda: MockGet(Thumb, (Photo("x"),), make),  # type: ignore[arg-type]  # as above
            "MockGet takes classes, not Photo(name='x')\n  → write Photo, the class",
        ),
        (
            lambda: MockGet(Thumb, (Photo, Size), Thumb("x")),  # type: ignore[arg-type]  # as above
            "the mock of MockGet(Thumb, Photo, Size) is no function: Thumb(text='x')\n"
            "  → pass one of the inputs: lambda photo, size: …",
        ),
        (
            lambda: MockGet(Thumb, (), Thumb("x")),  # type: ignore[arg-type]  # as above
            "the mock of MockGet(Thumb) is no function: Thumb(text='x')\n"
            "  → pass one of the inputs: lambda: …",
        ),
        (
            lambda: run_rule_with_mocks(len),  # type: ignore[arg-type]  # as above
            "run_rule_with_mocks runs a rule, and <built-in function len> is none\n"
            "  → pass what @rule has made",
        ),
        (
            lambda: run_rule_with_mocks(make),  # type: ignore[arg-type]  # as above
            "run_rule_with_mocks runs a rule, and make is none\n  → write @rule above make",
        ),
        (
            lambda: run_rule_with_mocks(wall, rule_args=Owner("me")),  # type: ignore[arg-type]
            "rule_args is one Owner\n  → write rule_args=[…], one value for each parameter",
        ),
        (
            lambda: run_rule_with_mocks(wall, rule_args="me"),
            "rule_args is one str\n  → write rule_args=[…], one value for each parameter",
        ),
        (
            lambda: run_rule_with_mocks(wall, rule_args=[Owner("me")], mock_gets=ONE),  # type: ignore[arg-type]
            "mock_gets is one MockGet\n  → write mock_gets=[MockGet(…)]",
        ),
        (
            lambda: run_rule_with_mocks(wall, rule_args=[Owner("me")], mock_gets=[make]),  # type: ignore[list-item]
            "mock_gets has <function make> in it\n  → write mock_gets=[MockGet(…)]",
        ),
        (
            lambda: run_rule_with_mocks(wall, mock_calls=[thumb]),  # type: ignore[arg-type]
            "mock_calls is no mapping: [rule thumb(Photo, Size) → Thumb]\n"
            "  → write mock_calls={some_rule: a function}",
        ),
        (
            lambda: run_rule_with_mocks(wall, mock_calls={thumb: Thumb("x")}),  # type: ignore[dict-item]
            "mock_calls has Thumb(text='x') where a function should be\n"
            "  → write mock_calls={some_rule: a function}",
        ),
    ],
)
def test_names_what_is_passed_in_a_wrong_form(make: Callable[[], object], text: str) -> None:
    """From the constructor or the function itself, not from somewhere inside."""
    with pytest.raises(MockError) as caught:
        make()
    assert str(caught.value) == text


def test_refuses_a_body_that_awaits_what_is_no_request() -> None:
    @rule
    async def sleepy(photo: Photo) -> Wall:
        await asyncio.sleep(0)
        return Wall("")

    with pytest.raises(MockError) as caught:
        run_rule_with_mocks(sleepy, rule_args=[Photo("a")])
    assert str(caught.value) == (
        "sleepy awaited something that is no request\n"
        f"  test_mocks.py:{sleepy.place.line}:  async def sleepy(photo: Photo) -> Wall:\n"
        "  → only Get, MultiGet and other rules can be awaited in a rule"
    )
