from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb.rules.declare import rule
from wfnb.rules.requests import Call, Get, MultiGet, _active
from wfnb.rules.unions import union

Told = Callable[[Callable[[], object]], str]


@dataclass(frozen=True)
class Photo:
    name: str = "cat.jpg"


@dataclass(frozen=True)
class Portrait(Photo):
    pass


@dataclass(frozen=True)
class Size:
    pixels: int = 64


@dataclass(frozen=True)
class Thumbnail:
    pass


@union
class Media:
    pass


@rule
def shrink(photo: Photo, size: Size, other: Photo) -> Thumbnail:
    return Thumbnail()


PHOTO, SIZE = Photo(), Size()


class EchoWorker:
    """Answers every request with the request itself, at once."""

    def await_get(self, request: Any) -> Generator[Any, Any, Any]:
        return request
        yield

    def await_all(self, batch: Any) -> Generator[Any, Any, Any]:
        return tuple(batch.gets)
        yield


@pytest.fixture
def worker() -> Iterator[None]:
    """As if a rule ran on this thread."""
    _active.worker = EchoWorker()
    yield
    _active.worker = None


def _drive(coroutine: Any) -> Any:
    with pytest.raises(StopIteration) as stop:
        coroutine.send(None)
    return stop.value.value


# ---------------------------------------------------------------- Get


@pytest.mark.parametrize(
    ("request_", "supplied", "values", "wiring", "shown"),
    [
        (Get(Thumbnail), None, None, (Thumbnail, None), "Get(Thumbnail)"),
        (
            Get(Thumbnail, PHOTO),
            Photo,
            PHOTO,
            (Thumbnail, Photo),
            "Get(Thumbnail, Photo, Photo(name='cat.jpg'))",
        ),
        (
            Get(Thumbnail, Photo, PHOTO),
            Photo,
            PHOTO,
            (Thumbnail, Photo),
            "Get(Thumbnail, Photo, Photo(name='cat.jpg'))",
        ),
        (
            Get(Thumbnail, {PHOTO: Photo, SIZE: Size}),
            (Photo, Size),
            {Photo: PHOTO, Size: SIZE},
            (Thumbnail, frozenset({Photo, Size})),
            "Get(Thumbnail, {Photo(name='cat.jpg'): Photo, Size(pixels=64): Size})",
        ),
        (
            Get(Thumbnail, {SIZE: Size}),
            Size,
            SIZE,
            (Thumbnail, Size),
            "Get(Thumbnail, Size, Size(pixels=64))",
        ),
        (Get(Thumbnail, {}), None, None, (Thumbnail, None), "Get(Thumbnail)"),
    ],
)
def test_builds_a_request_from_each_form(
    request_: Get[Any], supplied: Any, values: Any, wiring: Any, shown: str
) -> None:
    """Scenario 53: equal meanings have equal wirings, however they are written."""
    assert request_.product is Thumbnail
    assert request_.supplied == supplied
    assert request_.values == values
    assert request_.wiring == wiring
    assert repr(request_) == shown


def test_leaves_the_members_of_a_union_unchecked() -> None:
    """Scenario 53: a value's class need not be the union's; who is a member is known later."""
    request = Get(Thumbnail, Media, PHOTO)

    assert request.wiring == (Thumbnail, Media)
    assert request.values is PHOTO
    assert Get(Thumbnail, {PHOTO: Media, SIZE: Size}).values == {Media: PHOTO, Size: SIZE}


def test_shows_no_address_of_a_value() -> None:
    """A request reads the same in each run."""

    class Opaque:
        pass

    assert repr(Get(Thumbnail, Opaque())) == "Get(Thumbnail, Opaque, Opaque(…))"


_UNAWAITED = Get(Photo)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            (),
            "Get() names no product\n{place}  → a request is Get(Out), Get(Out, value), "
            "Get(Out, In, value) or Get(Out, {{value: In, …}})",
        ),
        (
            (PHOTO,),
            "Get(Out): the value Photo(name='cat.jpg') stands where the product's type belongs\n"
            "{place}  → name the class: Get(Photo), not a value of it",
        ),
        (
            ("Photo", PHOTO),
            "Get(Out, value): the value 'Photo' stands where the product's type belongs\n"
            "{place}  → write the class itself, without quotes: Get(Photo, …)",
        ),
        (
            (tuple[Photo, ...],),
            "Get(Out): tuple[Photo, ...] stands where the product's type belongs\n"
            "{place}  → a product is one class; make a small frozen dataclass that holds "
            "what you want",
        ),
        (
            (shrink, PHOTO),
            "Get(Out, value): the rule shrink stands where the product's type belongs\n"
            "{place}  → name the type it makes, or call the rule: await rule(value, …)",
        ),
        (
            (Thumbnail, Photo),
            "Get(Out, value): the class Photo stands where a value belongs\n"
            "{place}  → pass a value: Get(Thumbnail, Photo(…)) or Get(Thumbnail, Photo, value)",
        ),
        (
            (Thumbnail, _UNAWAITED),
            "Get(Out, value): Get(Photo) is a request, not a value\n"
            "{place}  → await it first, and pass what it gives",
        ),
        (
            (Thumbnail, Photo, _UNAWAITED),
            "Get(Out, In, value): Get(Photo) is a request, not a value\n"
            "{place}  → await it first, and pass what it gives",
        ),
        (
            (Thumbnail, PHOTO, Photo),
            "Get(Out, In, value): the value Photo(name='cat.jpg') stands where a class belongs\n"
            "{place}  → swap the last two: Get(Thumbnail, Photo, value)",
        ),
        (
            (Thumbnail, PHOTO, SIZE),
            "Get(Out, In, value): the value Photo(name='cat.jpg') stands where a class belongs\n"
            "{place}  → to supply two values, write Get(Out, {{value: In, …}})",
        ),
        (
            (Thumbnail, Photo, Photo),
            "Get(Out, In, value): the class Photo stands where a value belongs\n"
            "{place}  → pass a value: Get(Thumbnail, Photo, value)",
        ),
        (
            (Thumbnail, Media, Photo),
            "Get(Out, In, value): the class Photo stands where a value belongs\n"
            "{place}  → pass a value: Get(Thumbnail, Media, value)",
        ),
        (
            (Thumbnail, Photo, SIZE),
            "Get(Out, In, value): Size(pixels=64) is a Size, not a Photo\n"
            "{place}  → pass a Photo, or write Get(Thumbnail, Size, value)",
        ),
        (
            (Thumbnail, Photo, Portrait()),
            "Get(Out, In, value): Portrait(name='cat.jpg') is a Portrait, not a Photo; "
            "exact type, a subclass does not count\n"
            "{place}  → write Get(Thumbnail, Portrait, value), or make Photo a union: "
            "@union above the class, and UnionRule(Photo, Portrait)",
        ),
        (
            (Thumbnail, int, True),
            "Get(Out, In, value): True is a bool, not an int; "
            "exact type, a subclass does not count\n"
            "{place}  → write Get(Thumbnail, bool, value), or make int a union: "
            "@union above the class, and UnionRule(int, bool)",
        ),
        (
            (Thumbnail, Photo, PHOTO, SIZE),
            "Get takes one, two or three arguments, not 4: "
            "Get(Thumbnail, Photo, Photo(name='cat.jpg'), Size(pixels=64))\n"
            "{place}  → to supply several values, write Get(Out, {{value: In, …}})",
        ),
        (
            (Thumbnail, {PHOTO: "Photo"}),
            "Get(Out, {{value: In, …}}): the value 'Photo' stands where the class of "
            "Photo(name='cat.jpg') belongs\n"
            "{place}  → name its class: {{Photo(name='cat.jpg'): Photo}}",
        ),
        (
            (Thumbnail, {Photo: PHOTO}),
            "Get(Out, {{value: In, …}}): Photo: Photo(name='cat.jpg') is the wrong way round\n"
            "{place}  → the value comes first: {{Photo(name='cat.jpg'): Photo}}",
        ),
        (
            (Thumbnail, {PHOTO: Photo, Photo("dog.jpg"): Photo}),
            "Get(Out, {{value: In, …}}): two values of one type, Photo(name='cat.jpg') "
            "and Photo(name='dog.jpg')\n"
            "{place}  → a scope holds one Photo; give one of them a class of its own, "
            "or ask twice",
        ),
        (
            (Thumbnail, {PHOTO: Size}),
            "Get(Out, {{value: In, …}}): Photo(name='cat.jpg') is a Photo, not a Size\n"
            "{place}  → pass a Size, or write Get(Thumbnail, Photo, value)",
        ),
        (
            (Thumbnail, {Photo: Photo}),
            "Get(Out, {{value: In, …}}): the class Photo stands where a value belongs\n"
            "{place}  → pass a value: {{Photo(…): Photo}}",
        ),
    ],
)
def test_refuses_each_wrong_form_of_a_get(arguments: Any, text: str, told: Told) -> None:
    """Scenario 53: the form that was meant is named, and the object that does not fit it."""
    place = "  test_requests.py:  told(…)\n"
    assert told(lambda: Get(*arguments)) == (f"RequestError: {text.format(place=place)}")


def test_says_that_a_class_was_written_again(told: Told) -> None:
    """Scenario 13: two classes of one name are told apart, in words that help."""
    new = dataclass(frozen=True)(type("Photo", (), {}))

    assert told(lambda: Get(Thumbnail, new, PHOTO)) == (
        "RequestError: Get(Out, In, value): Photo(name='cat.jpg') is of another class "
        "named Photo\n"
        "  test_requests.py:  told(…)\n"
        "  → Photo was defined again; make the value anew, from the class that stands now"
    )


def test_cuts_long_values_in_messages(told: Told) -> None:
    """A value of a thousand characters takes sixty in a message."""
    text = told(lambda: Get("x" * 1000))

    assert text.split("\n")[0] == (
        f"RequestError: Get(Out): the value '{'x' * 58}… stands where the product's type belongs"
    )


# ---------------------------------------------------------------- calling a rule


@pytest.mark.parametrize(
    ("call", "supplied", "values", "shown"),
    [
        (shrink(), None, None, "shrink()"),
        (shrink(SIZE), Size, SIZE, "shrink(Size(pixels=64))"),
        (
            shrink(SIZE, PHOTO),
            (Size, Photo),
            {Size: SIZE, Photo: PHOTO},
            "shrink(Size(pixels=64), Photo(name='cat.jpg'))",
        ),
    ],
)
def test_makes_a_request_from_calling_a_rule(
    call: Call[Any], supplied: Any, values: Any, shown: str
) -> None:
    """Scenario 20: values are matched by type, in any order; the rest is injected."""
    types = frozenset(supplied) if isinstance(supplied, tuple) else supplied
    assert call.product is Thumbnail
    assert call.rule is shrink
    assert call.supplied == supplied
    assert call.values == values
    assert call.wiring == (shrink.key, types)
    assert repr(call) == shown


@pytest.mark.parametrize(
    ("arguments", "keywords", "text"),
    [
        (
            ("cat.jpg",),
            {},
            "shrink('cat.jpg'): shrink has no parameter of type str\n{place}"
            "    shrink takes Photo and Size\n"
            "  → pass only what it takes; to supply more, write Get(Thumbnail, str, …)",
        ),
        (
            (Portrait(),),
            {},
            "shrink(Portrait(name='cat.jpg')): shrink has no parameter of type Portrait; "
            "exact type, a subclass of Photo does not count\n{place}"
            "    shrink takes Photo and Size\n"
            "  → pass a Photo, or write a rule for Portrait",
        ),
        (
            (PHOTO, Photo("dog.jpg")),
            {},
            "shrink(Photo(name='cat.jpg'), Photo(name='dog.jpg')) passes two values of type "
            "Photo\n{place}"
            "    shrink takes Photo and Size\n"
            "  → pass one; parameters of one type receive the same Photo",
        ),
        (
            (Photo,),
            {},
            "shrink(Photo): the class Photo stands where a value belongs\n{place}"
            "    shrink takes Photo and Size\n"
            "  → pass a value: shrink(Photo(…))",
        ),
        (
            (_UNAWAITED,),
            {},
            "shrink(Get(Photo)) passes a request where a value belongs\n{place}"
            "    shrink takes Photo and Size\n"
            "  → await it first, and pass what it gives",
        ),
        (
            (),
            {"photo": PHOTO},
            "shrink was called with the keyword photo\n{place}"
            "    shrink takes Photo and Size, matched by type, in any order; "
            "the rest is injected\n"
            "  → pass the values alone: shrink(photo, size, other)",
        ),
    ],
)
def test_refuses_a_call_with_values_that_the_rule_does_not_take(
    arguments: Any, keywords: Any, text: str, told: Told
) -> None:
    """Scenario 20: what the rule takes is listed."""
    place = "  test_requests.py:  told(…)\n"
    assert told(lambda: shrink(*arguments, **keywords)) == (
        f"RequestError: {text.format(place=place)}"
    )


# ---------------------------------------------------------------- MultiGet


@pytest.mark.parametrize("count", [0, 1, 2, 10, 19])
def test_gathers_any_number_of_requests_in_order(count: int, worker: None) -> None:
    """Scenario 51: an iterable, one by one or lazily, gives a tuple in request order."""
    gets = [Get(Thumbnail, Photo(str(i))) for i in range(count)]

    async def body() -> Any:
        return (
            await MultiGet(gets),
            await MultiGet(get for get in gets),
            await MultiGet(*gets),
        )

    assert _drive(body()) == (tuple(gets), tuple(gets), tuple(gets))


def test_gathers_requests_of_both_kinds() -> None:
    """Scenario 51: calls and Gets go together."""
    batch = MultiGet(Get(Photo), shrink(PHOTO), Get(Size))

    assert repr(batch) == "MultiGet(Get(Photo), shrink(Photo(name='cat.jpg')), Get(Size))"
    assert repr(MultiGet([Get(Photo)] * 4)) == ("MultiGet(Get(Photo), Get(Photo), Get(Photo), …)")


@dataclass
class _Thing:
    make: Callable[[], object]


async def _helper() -> Photo:
    return PHOTO


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            (Get(Photo), "Size", Get(Size)),
            "MultiGet takes requests, and argument 2 is the value 'Size'\n{place}"
            "    MultiGet(Get(Photo), 'Size', Get(Size))\n"
            "  → pass Get(…) and called rules only",
        ),
        (
            (None, Get(Photo)),
            "MultiGet takes requests, and argument 1 is None\n{place}"
            "    MultiGet(None, Get(Photo))\n"
            "  → leave out what is not asked, before MultiGet",
        ),
        (
            ([Get(Photo), None],),
            "MultiGet takes requests, and argument 2 is None\n{place}"
            "    MultiGet(Get(Photo), None)\n"
            "  → leave out what is not asked, before MultiGet",
        ),
        (
            (MultiGet(Get(Photo)), Get(Size)),
            "MultiGet takes requests, and argument 1 is a MultiGet itself\n{place}"
            "    MultiGet(MultiGet(Get(Photo)), Get(Size))\n"
            "  → flatten it: MultiGet(*some_requests, *other_requests)",
        ),
        (
            (shrink,),
            "MultiGet takes requests, and argument 1 is a rule that was not called\n{place}"
            "    MultiGet(rule shrink(Photo, Size, Photo) → Thumb…)\n"
            "  → call it: shrink(value, …)",
        ),
        (
            ([Get(Photo)], [Get(Size)]),
            "MultiGet takes requests, and argument 1 is a list\n{place}"
            "    MultiGet([Get(Photo)], [Get(Size)])\n"
            "  → pass one iterable of requests, or the requests one by one: MultiGet(*requests)",
        ),
        (
            (Photo,),
            "MultiGet takes requests, and argument 1 is the class Photo\n{place}"
            "    MultiGet(Photo)\n"
            "  → pass Get(…) and called rules only",
        ),
        (
            ("Photo",),
            "MultiGet takes requests, and argument 1 is the value 'Photo'\n{place}"
            "    MultiGet('Photo')\n"
            "  → pass Get(…) and called rules only",
        ),
    ],
)
def test_refuses_a_batch_of_anything_but_requests(arguments: Any, text: str, told: Told) -> None:
    """Scenario 52: the arguments are shown, and the one that does not fit is named."""
    place = "  test_requests.py:  told(…)\n"
    assert told(lambda: MultiGet(*arguments)) == (f"RequestError: {text.format(place=place)}")


def test_refuses_a_coroutine_in_a_batch(told: Told) -> None:
    """Scenario 52: a helper that awaits its own request cannot be gathered."""
    coroutine = _helper()
    assert told(lambda: MultiGet(coroutine)) == (
        "RequestError: MultiGet takes requests, and argument 1 is a coroutine, "
        "the value <coroutine object _helper>\n"
        "  test_requests.py:  told(…)\n"
        "    MultiGet(<coroutine object _helper>)\n"
        "  → make the helper a rule, or have it return a Get instead of awaiting one"
    )
    coroutine.close()


# ---------------------------------------------------------------- awaiting


def test_awaits_the_same_request_again(worker: None) -> None:
    """Scenario 55: a request is a value; asking twice is fine."""
    get = Get(Photo)

    async def body() -> Any:
        return await get, await get

    assert _drive(body()) == (get, get)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            Get(Thumbnail, PHOTO),
            "Get(Thumbnail, Photo, Photo(name='cat.jpg')) was awaited outside a rule\n{place}"
            "    requests are answered by the engine, which is not running this code\n"
            "  → write await arequest(Thumbnail, …) in a cell, or request(Thumbnail, …) "
            "anywhere else",
        ),
        (
            shrink(PHOTO),
            "shrink(Photo(name='cat.jpg')) was awaited outside a rule\n{place}"
            "    requests are answered by the engine, which is not running this code\n"
            "  → write await arequest(Thumbnail, …) in a cell, or request(Thumbnail, …) "
            "anywhere else",
        ),
        (
            MultiGet(Get(Photo), Get(Size)),
            "MultiGet was awaited outside a rule\n{place}"
            "    requests are answered by the engine, which is not running this code\n"
            "  → ask one by one: await arequest(Photo, …) in a cell, or request(Photo, …) "
            "anywhere else",
        ),
    ],
)
def test_refuses_to_await_a_request_outside_a_rule(request_: Any, text: str, told: Told) -> None:
    """Scenario 54, the other way round: a request in a cell is told what to write instead."""

    async def cell() -> Any:
        return await request_

    place = "  test_requests.py:  return await request_\n"
    assert told(lambda: cell().send(None)) == f"AwaitError: {text.format(place=place)}"


def test_knows_no_worker_on_another_thread(worker: None) -> None:
    """A rule runs on one thread; a thread that it starts is outside."""
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(_active.worker))
    thread.start()
    thread.join()

    assert seen == [None]


def test_says_that_a_request_was_not_awaited() -> None:
    """The most common slip: its product is asked for something before it is there."""
    with pytest.raises(AttributeError) as caught:
        Get(Thumbnail, Photo, Photo("cat")).text  # type: ignore[attr-defined]  # noqa: B018
    assert str(caught.value) == (
        "Get(Thumbnail, Photo, Photo(name='cat')) was not awaited: write (await …).text"
    )
    assert not hasattr(Get(Thumbnail), "__fspath__")
