from __future__ import annotations

import builtins
import linecache
import sys
import types
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

import wfnb.rules.requests
from wfnb.rules.declare import rule
from wfnb.rules.requests import Get, MultiGet
from wfnb.rules.requests import Get as Ask
from wfnb.rules.rule import Rule


@dataclass(frozen=True)
class Size:
    pixels: int = 64


@dataclass(frozen=True)
class Photo:
    name: str = ""
    size: Size = Size()

    @property
    def half(self) -> Size:
        return Size(self.size.pixels // 2)


@dataclass(frozen=True)
class Folder:
    path: str = ""


@dataclass(frozen=True)
class Photos:
    items: tuple[Photo, ...] = ()

    def __iter__(self) -> Any:
        return iter(self.items)


class PhotoList(tuple[Photo, ...]):
    pass


@dataclass(frozen=True)
class Thumbnail:
    pass


@dataclass(frozen=True)
class Gallery:
    pass


class Corner(NamedTuple):
    photo: Photo
    size: Size


@rule
def shrink(photo: Photo, size: Size) -> Thumbnail:
    return Thumbnail()


@rule
def hang(thumbnail: Thumbnail) -> Gallery:
    return Gallery()


def asked(declared: Rule[Any]) -> list[str]:
    """What a rule asks for, in program order; nothing may be wrong with it."""
    requests = declared.requests()
    assert [str(problem) for problem in requests.problems] == []
    return [request.text for request in requests.found]


def test_finds_nothing_in_a_body_that_only_mentions_requests() -> None:
    """Scenario 16: mentioning the class, or building something of the same name, is no request."""

    @rule
    async def make(folder: Folder) -> Gallery:
        kind = Get
        print(kind, Get.__name__, [Get][0])
        return Gallery()

    assert asked(make) == []


def test_finds_each_form_of_a_get_in_program_order() -> None:
    """Scenario 15: one, several supplied, none; awaited or not; under any name."""

    @rule
    async def make(folder: Folder) -> Gallery:
        size = await Get(Size)
        photo = await Get(Photo, Folder, folder)
        await Get(Thumbnail, {photo: Photo, size: Size})
        await Ask(Thumbnail, {photo: Photo})
        request = wfnb.rules.requests.Get(Thumbnail, photo)
        await request
        return await Get[Gallery](Gallery, Size(64))

    assert asked(make) == [
        "Get(Size)",
        "Get(Photo, Folder)",
        "Get(Thumbnail, {Photo, Size})",
        "Get(Thumbnail, Photo)",
        "Get(Thumbnail, Photo)",
        "Get(Gallery, Size)",
    ]
    several = make.requests().found[2]
    assert several.product is Thumbnail
    assert several.supplied == (Photo, Size)
    assert several.kind == "get"
    assert several.wiring == (Thumbnail, frozenset({Photo, Size}))
    assert several.wiring == Get(Thumbnail, {Photo(): Photo, Size(): Size}).wiring
    assert several.place.text == "await Get(Thumbnail, {photo: Photo, size: Size})"


def test_finds_requests_in_branches_loops_and_comprehensions() -> None:
    """Scenario 15: whether it will run or not, and arguments before what they are passed to."""

    @rule
    async def make(folder: Folder) -> Gallery:
        if folder.path:
            await Get(Photo, Folder, folder)
        elif folder:
            await Get(Photo, str, "x")
        else:
            return Gallery()
        for _ in range(3):
            await Get(Size, int, 1)
        while not folder:
            await Get(Size, int, 2)
        try:
            await Get(Size, int, 3)
        except ValueError:
            await Get(Size, int, 4)
        finally:
            await Get(Size, int, 5)
        async with await Get(Size, int, 6) as size:
            pass
        match size:
            case Size(pixels=3) as small:
                await Get(Thumbnail, small)
        await MultiGet([Get(Size, str, s) for s in "abc"])
        return await Get(Gallery, Thumbnail, await Get(Thumbnail, Size, size)) or (
            await Get(Gallery) if size else await Get(Gallery, str, f"{size}")
        )

    assert asked(make) == [
        "Get(Photo, Folder)",
        "Get(Photo, str)",
        *["Get(Size, int)"] * 6,
        "Get(Thumbnail, Size)",
        "Get(Size, str)",
        "Get(Thumbnail, Size)",
        "Get(Gallery, Thumbnail)",
        "Get(Gallery)",
        "Get(Gallery, str)",
    ]


def test_finds_the_requests_of_batches() -> None:
    """Scenario 15: alike and unlike, listed, generated, appended and mapped."""

    @rule
    async def make(folder: Folder, photos: Photos) -> Gallery:
        await MultiGet(Get(Size), Get(Photo, folder))
        await MultiGet(Get(Thumbnail, photo) for photo in photos.items)
        gets = []
        for photo in photos.items:
            gets.append(Get(Photos, photo))
        await MultiGet(gets)
        await MultiGet(map(hung, photos.items))
        return Gallery()

    assert asked(make) == [
        "Get(Size)",
        "Get(Photo, Folder)",
        "Get(Thumbnail, Photo)",
        "Get(Photos, Photo)",
        "Get(Gallery, Photo)",
    ]


def test_infers_the_class_of_a_value() -> None:
    """Scenario 18: params, answers, fields, properties, loops, unpacking, constants."""

    @rule
    async def make(folder: Folder, photo: Photo) -> Gallery:
        await Get(Thumbnail, photo)
        await Get(Thumbnail, photo.size)
        await Get(Thumbnail, photo.half)
        await Get(Thumbnail, await Get(Photos, folder))
        size, photos = await MultiGet(Get(Size), Get(Photos))
        await Get(Thumbnail, size)
        for index, each in enumerate(photos.items):
            await Get(Thumbnail, each.size)
            await Get(Thumbnail, index)
        first: Photo = unseen()
        await Get(Thumbnail, first)
        await Get(Thumbnail, "a name")
        thumbnails = await MultiGet(Get(Thumbnail, p) for p in sorted(photos.items)[1:])
        await Get(Gallery, thumbnails[0])
        return await hang(thumbnails[-1])

    assert asked(make) == [
        "Get(Thumbnail, Photo)",
        "Get(Thumbnail, Size)",
        "Get(Thumbnail, Size)",
        "Get(Photos, Folder)",
        "Get(Thumbnail, Photos)",
        "Get(Size)",
        "Get(Photos)",
        "Get(Thumbnail, Size)",
        "Get(Thumbnail, Size)",
        "Get(Thumbnail, int)",
        "Get(Thumbnail, Photo)",
        "Get(Thumbnail, str)",
        "Get(Thumbnail, Photo)",
        "Get(Gallery, Thumbnail)",
        "hang(Thumbnail)",
    ]


def test_infers_the_items_of_collections_by_their_classes() -> None:
    """Scenario 18: named tuples, and subclasses of tuple[Photo, ...]."""

    @rule
    async def make(corner: Corner, photos: PhotoList) -> Gallery:
        await Get(Thumbnail, corner.photo)
        for photo in photos:
            await Get(Thumbnail, photo.size)
        return Gallery()

    assert asked(make) == ["Get(Thumbnail, Photo)", "Get(Thumbnail, Size)"]


def test_asks_for_each_class_that_a_value_may_have() -> None:
    """Scenario 18: where branches meet, a value is one or the other; after a return, it is not."""

    @rule
    async def make(folder: Folder, photo: Photo, size: Size) -> Gallery:
        chosen = photo if folder.path else size
        await Get(Thumbnail, chosen)
        if folder.path == "x":
            chosen = folder
        else:
            chosen = photo
        await Get(Photos, chosen)
        if folder.path == "y":
            chosen = size
            return Gallery()
        either: Photo | Folder = chosen
        await Get(Gallery, either)
        chosen = size
        return await Get(Gallery, chosen)

    assert asked(make) == [
        "Get(Thumbnail, Photo)",
        "Get(Thumbnail, Size)",
        "Get(Photos, Folder)",
        "Get(Photos, Photo)",
        "Get(Gallery, Folder)",
        "Get(Gallery, Photo)",
        "Get(Gallery, Size)",
    ]


def test_finds_calls_of_rules_by_name() -> None:
    """Scenario 20: with 0 to n values, in any order, matched by type or by what is left."""

    @rule
    async def make(folder: Folder, photo: Photo) -> Gallery:
        await shrink()
        await shrink(photo)
        await shrink(photo.size, photo)
        await shrink(photo, unseen())
        await MultiGet(shrink(photo), hang(unseen()))
        return await hang(await shrink(photo))

    assert asked(make) == [
        "shrink()",
        "shrink(Photo)",
        "shrink(Photo, Size)",
        "shrink(Photo, Size)",
        "shrink(Photo)",
        "hang(Thumbnail)",
        "shrink(Photo)",
        "hang(Thumbnail)",
    ]
    call = make.requests().found[2]
    assert (call.kind, call.rule, call.product) == ("call", shrink.key, Thumbnail)
    assert call.wiring == shrink(Size(), Photo()).wiring


@rule
async def is_even(number: int) -> bool:
    return await is_odd(number - 1) if number else True


@rule
async def is_odd(number: int) -> bool:
    return not await is_even(number - 1)


def test_finds_recursive_calls_of_rules() -> None:
    """Scenario 20: rules that call themselves, or each other, whatever their order."""
    # their product is a subclass of their param's class, and yet another type
    assert [r.rule for r in is_even.requests().found] == [is_odd.key]
    assert [r.rule for r in is_odd.requests().found] == [is_even.key]


def test_looks_names_up_when_asked_not_when_declared() -> None:
    """Scenario 19: what is defined in a later cell is seen; what is defined anew, too."""
    module = _cell(
        "@rule\n"
        "async def make(folder: Folder) -> Gallery:\n"
        "    for op in (print, len): op('x')\n"
        "    return await Get(Gallery, Later())\n"
    )
    make = module["make"]
    assert [p.code for p in make.requests().problems] == ["WF101"]

    class Later:
        pass

    module["Later"] = Later
    first = make.requests()
    assert [(r.product, r.supplied) for r in first.found] == [(Gallery, (Later,))]
    assert make.requests() is first

    module["Later"] = Size
    assert [r.supplied for r in make.requests().found] == [(Size,)]


@pytest.mark.parametrize("in_dict", [True, False])
def test_reads_rules_of_a_notebook(in_dict: bool) -> None:
    """Scenario 19: builtins are a dict in modules and a module in `__main__`; both are fine."""
    module = _cell(
        "@rule\n"
        "async def make(folder: Folder) -> Gallery:\n"
        "    names = sorted(str(x) for x in range(3))\n"
        "    def local(op): return op(names)\n"
        "    return await Get(Gallery, local(len) or int(3))\n",
        __builtins__=vars(builtins) if in_dict else builtins,
    )

    requests = module["make"].requests()

    assert [r.text for r in requests.found] == []
    assert [str(p) for p in requests.problems] == [
        "WF112  Get(Gallery, local(len) or int(3)): the class of local(len) or int(3) is known "
        "only when it runs\n"
        "  cell:5:  return await Get(Gallery, local(len) or int(3))\n"
        "  → nothing, if that is meant; Get(Out, In, value) with classes is seen at once"
    ]


def test_reads_the_byte_code_where_there_is_no_source() -> None:
    """Scenario 19: a rule made by exec is read as far as names go, with a note."""
    namespace: dict[str, Any] = {**globals()}
    exec(
        "@rule\n"
        "async def make(folder: Folder) -> Gallery:\n"
        "    await Get(Size)\n"
        "    await MultiGet(Get(Photo, Folder, folder) for _ in range(3))\n"
        "    return await Get(Gallery, folder)\n",
        namespace,
    )

    requests = namespace["make"].requests()

    assert [r.text for r in requests.found] == ["Get(Size)", "Get(Photo, Folder)"]
    assert [str(p) for p in requests.problems] == [
        "WF114  the source of make is not at hand; its requests were read from the byte code\n"
        "  <string>:1\n"
        "  → nothing, if that is meant; write it in a cell or a file to have it checked"
    ]


def test_moves_requests_to_classes_that_were_written_again() -> None:
    """Scenario 13: a rule with new types asks for the new types."""

    @rule
    async def make(folder: Folder) -> Gallery:
        await Get(Photo, folder)
        return await Get(Gallery, Photo, Photo())

    new = dataclass(frozen=True)(type("Folder", (), {}))
    moved = make.with_types({Folder: new})

    assert [r.supplied for r in moved.requests().found] == [(new,), (Photo,)]
    assert [r.supplied for r in make.requests().found] == [(Folder,), (Photo,)]


def test_tells_which_params_have_to_be_filled() -> None:
    """Params are requests too, one per type."""

    @rule
    def make(photo: Photo, other: Photo, size: Size) -> Gallery:
        return Gallery()

    assert [(r.kind, r.wiring) for r in make.param_requests()] == [
        ("param", (Photo, None)),
        ("param", (Size, None)),
    ]


def test_survives_objects_that_answer_with_errors() -> None:
    """A global that cannot be looked at costs a note, not the rule."""

    class Hostile:
        @property
        def __class__(self) -> Any:
            raise RuntimeError("no")

        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("no")

        __eq__ = __hash__ = None

    module = _cell(
        "@rule\n"
        "async def make(folder: Folder) -> Gallery:\n"
        "    await Get(Size)\n"
        "    hostile.attribute[hostile](hostile)\n"
        "    return await Get(Gallery, hostile)\n",
        hostile=Hostile(),
    )

    requests = module["make"].requests()

    assert [r.text for r in requests.found] == ["Get(Size)"]
    assert [p.severity for p in requests.problems] == ["note"]


@pytest.mark.slow
def test_reads_any_function_of_the_standard_library_without_failing() -> None:
    """Reading never fails, whatever is written in a body."""
    import asyncio.base_events
    import asyncio.streams
    import contextlib
    import inspect
    import unittest.mock

    from wfnb.rules import body

    count = 0
    modules = [asyncio.base_events, asyncio.streams, contextlib, inspect, unittest.mock]
    for module in modules:
        spaces = [vars(module), *[vars(c) for c in vars(module).values() if isinstance(c, type)]]
        for function in [f for space in spaces for f in space.values()]:
            if isinstance(function, types.FunctionType) and not hasattr(function, "__wrapped__"):
                declared = Rule(function, function, Size, (), is_async=False)
                for problem in body.read(declared).requests.problems:
                    assert "could not be read" not in str(problem)
                count += 1
    assert count > 300


_cells = 0


def _cell(source: str, **names: Any) -> dict[str, Any]:
    """Run source as a cell does: its lines are at hand, its module is `__main__`-like."""
    global _cells
    _cells += 1
    filename = f"/nowhere/{_cells}/cell"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = types.ModuleType(f"cell_{_cells}")
    sys.modules[module.__name__] = module
    vars(module).update({**globals(), "__name__": module.__name__, **names})
    exec(compile(source, filename, "exec"), vars(module))
    return vars(module)


def hung(photo):
    return Get(Gallery, photo)


def unseen() -> Any:
    """Whose class nobody knows."""
