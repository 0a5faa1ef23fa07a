from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wfnb.rules.declare import rule
from wfnb.rules.requests import Get, MultiGet
from wfnb.rules.rule import Rule


@dataclass(frozen=True)
class Folder:
    path: str = ""


@dataclass(frozen=True)
class Photo:
    name: str = ""


@dataclass(frozen=True)
class Photos:
    items: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Thumbnail:
    pass


@dataclass(frozen=True)
class Gallery:
    pass


def asked(declared: Rule[Any]) -> list[str]:
    requests = declared.requests()
    assert [str(problem) for problem in requests.problems] == []
    return [request.text for request in requests.found]


@rule
async def rule_above(folder: Folder) -> Gallery:
    photos = await list_photos(folder)
    return await Get(Gallery, photos)


async def list_photos(folder: Folder) -> Photos:
    return await Get(Photos, folder)


def thumbnail_of(photo: Photo) -> Get[Thumbnail]:
    return Get(Thumbnail, photo)


def through_another(photo: Photo) -> Any:
    return thumbnail_of(photo)


def all_thumbnails(photos: Photos) -> Any:
    for photo in photos.items:
        yield Get(Thumbnail, photo)


async def unannotated(folder):
    if folder:
        return await Get(Photos, folder)
    return Photos()


class Tools:
    @staticmethod
    async def by_name(photo: Photo) -> Thumbnail:
        return await Get(Thumbnail, photo)

    @classmethod
    async def by_class(cls, photo: Photo) -> Thumbnail:
        return await cls.by_name(photo)

    async def by_tool(self, folder: Folder) -> Photos:
        return await self.inner(folder)

    async def inner(self, folder: Folder) -> Photos:
        return await Get(Photos, folder)


tools = Tools()
bound = tools.by_tool


async def forever(photo: Photo, depth: int = 0) -> Thumbnail:
    if depth > 3:
        return await Get(Thumbnail, photo)
    return await forever(photo, depth + 1)


def test_follows_a_helper_that_stands_below_the_rule() -> None:
    """Scenario 16: order does not matter; the request is the rule's, the place the helper's."""
    assert asked(rule_above) == ["Get(Photos, Folder)", "Get(Gallery, Photos)"]
    assert [r.place.text for r in rule_above.requests().found] == [
        "return await Get(Photos, folder)",
        "return await Get(Gallery, photos)",
    ]


def test_follows_static_class_and_bound_methods() -> None:
    """Scenario 16: through classes, and through instances of the module."""

    @rule
    async def make(photo: Photo, folder: Folder) -> Gallery:
        await Tools.by_name(photo)
        await Tools.by_class(photo)
        await tools.by_tool(folder)
        await bound(folder)
        await Tools().by_tool(folder)
        return Gallery()

    # by_class leads to by_name, and bound to by_tool, which were read before
    assert asked(make) == ["Get(Thumbnail, Photo)", "Get(Photos, Folder)"]


def test_follows_functions_that_return_requests() -> None:
    """Scenario 16: plain helpers, with or without annotation, and generators."""

    @rule
    async def make(photo: Photo, photos: Photos) -> Gallery:
        thumbnail = await thumbnail_of(photo)
        await Get(Gallery, thumbnail)
        other = await through_another(photo)
        await Get(Photos, other)
        (first, *_) = await MultiGet(all_thumbnails(photos))
        return await Get(Gallery, Thumbnail, first)

    assert asked(make) == [
        "Get(Thumbnail, Photo)",
        "Get(Gallery, Thumbnail)",
        "Get(Photos, Thumbnail)",
        "Get(Thumbnail, Photo)",
        "Get(Gallery, Thumbnail)",
    ]


def test_follows_helpers_inside_the_body() -> None:
    """Scenario 16: inner functions see the variables around them; one handed on is read as well."""

    @rule
    async def make(photo: Photo, folder: Folder) -> Gallery:
        async def small(one: Photo) -> Thumbnail:
            await Get(Photos, folder)
            return await Get(Thumbnail, one)

        def handed_on(thumbnail: Thumbnail) -> Any:
            return Get(Gallery, thumbnail)

        def never_used() -> Any:
            return Get(Folder)

        await Get(Gallery, await small(photo))
        return await MultiGet(hand(handed_on))

    assert asked(make) == [
        "Get(Photos, Folder)",
        "Get(Thumbnail, Photo)",
        "Get(Gallery, Thumbnail)",
        "Get(Gallery, Thumbnail)",
    ]


def test_follows_a_helper_of_the_function_around_the_rule() -> None:
    """Scenario 18: a closure is looked into."""

    async def around(folder: Folder) -> Photos:
        return await Get(Photos, Folder, folder)

    @rule
    async def make(folder: Folder) -> Gallery:
        return await Get(Gallery, await around(folder))

    assert asked(make) == ["Get(Photos, Folder)", "Get(Gallery, Photos)"]


def test_infers_what_helpers_return_and_take() -> None:
    """Scenario 18: without annotations, from what is passed and from what is returned."""

    @rule
    async def make(folder: Folder) -> Gallery:
        return await Get(Gallery, await unannotated(folder))

    assert asked(make) == ["Get(Photos, Folder)", "Get(Gallery, Photos)"]


def test_follows_a_wrapped_helper_to_its_body() -> None:
    """Scenario 16: functools.wraps and functools.cache do not hide a helper."""

    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Any:
            return function(*args)

        return wrapper

    wrapped = logged(list_photos)
    cached = functools.cache(thumbnail_of)

    @rule
    async def make(folder: Folder, photo: Photo) -> Gallery:
        await wrapped(folder)
        await cached(photo)
        return Gallery()

    assert asked(make) == ["Get(Photos, Folder)", "Get(Thumbnail, Photo)"]


def test_reads_a_recursive_helper_once() -> None:
    """Scenario 16: a helper that calls itself ends."""

    @rule
    async def make(photo: Photo) -> Gallery:
        await forever(photo)
        return Gallery()

    assert asked(make) == ["Get(Thumbnail, Photo)"]


def test_names_the_helper_that_says_not_what_it_returns() -> None:
    """Scenario 18: helper and line are named; the request itself is left to run time."""

    @rule
    async def make(folder: Folder) -> Gallery:
        return await Get(Gallery, untold(folder))

    (problem,) = make.requests().problems
    line = untold.__code__.co_firstlineno
    assert (problem.code, problem.severity) == ("WF112", "note")
    assert problem.message == (
        "Get(Gallery, untold(folder)): the class of untold(folder) is known only when it runs, "
        f"as untold (test_helpers.py:{line}) has no return annotation"
    )


def untold(folder):
    return Photos()


def hand(function: Any) -> Any:
    return [function(Thumbnail())]
