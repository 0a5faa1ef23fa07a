"""Reasons: why a task ran again or would, what is stale, what a request did, in full text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.outside import outside
from wfnb import Engine, Get, MultiGet, Rule, WiringError, rule


@dataclass(frozen=True)
class Size:
    n: int


@dataclass(frozen=True)
class Photo:
    name: str


@dataclass(frozen=True)
class Thumb:
    v: int


@dataclass(frozen=True)
class Label:
    text: str


@dataclass(frozen=True)
class Gallery:
    v: int


SCALE = 2
WORLD = {"light": 1}


@outside
def light() -> int:
    return WORLD["light"]


def shrink(n: int) -> int:
    return n * SCALE


@rule
def thumb(photo: Photo, size: Size) -> Thumb:
    return Thumb(shrink(size.n) * len(photo.name) * light())


@rule
def label(photo: Photo) -> Label:
    return Label(photo.name)


@rule
async def gallery(size: Size) -> Gallery:
    photos = [Photo("a" * i) for i in range(1, size.n + 1)]
    thumbs = await MultiGet(Get(Thumb, Photo, one) for one in photos)
    await Get(Label, Photo, photos[0])
    return Gallery(sum(one.v for one in thumbs))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setitem(WORLD, "light", 1)
    return Engine([thumb, label, gallery])


def bind(monkeypatch: pytest.MonkeyPatch, engine: Engine, name: str, value: Any) -> None:
    """What a cell does that binds a name."""
    monkeypatch.setitem(globals(), name, value)
    engine.refresh()


# ----------------------------------------------------------------------------------------- why


def test_tells_that_nothing_has_run_yet(engine: Engine) -> None:
    assert str(engine.why(Gallery, Size(2))) == "gallery(Size(2)) has not run yet"


def test_tells_that_what_ran_once_has_held_since(engine: Engine) -> None:
    engine.request(Gallery, Size(2))
    assert str(engine.why(Gallery, Size(2))) == (
        "gallery(Size(2)) ran when it was first asked for, and has held since"
    )


def test_tells_that_a_param_answers(engine: Engine) -> None:
    assert str(engine.why(Size, Size(2))) == "Size(2) is a param: nothing has to run"


def test_leads_down_to_the_constant_that_moved(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.request(Gallery, Size(3))
    bind(monkeypatch, engine, "SCALE", 3)
    assert str(engine.why(Gallery, Size(3))) == (
        "gallery(Size(3)) will be checked, and run if what it stands on moved\n"
        "└─ thumb(Photo('a'), Size(3)) will run, and 2 more\n"
        "   └─ rule thumb has changed\n"
        "      └─ constant SCALE: 2 → 3"
    )
    engine.request(Gallery, Size(3))
    assert str(engine.why(Gallery, Size(3))) == (
        "gallery(Size(3)) ran again\n"
        "└─ thumb(Photo('a'), Size(3)) gave Thumb(6) before, Thumb(9) now\n"
        "   └─ rule thumb has changed\n"
        "      └─ constant SCALE: 2 → 3"
    )
    assert engine.why(Gallery, Size(3)).roots == ("constant SCALE: 2 → 3",)


def test_names_the_helper_that_changed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.request(Gallery, Size(1))

    def shrink(n: int) -> int:
        return n - SCALE

    bind(monkeypatch, engine, "shrink", shrink)
    engine.request(Gallery, Size(1))
    line = shrink.__code__.co_firstlineno
    assert engine.why(Gallery, Size(1)).roots == (f"helper shrink (test_reasons.py:{line})",)


def test_tells_what_was_invalidated(engine: Engine) -> None:
    engine.request(Gallery, Size(1))
    WORLD["light"] = 5
    engine.invalidate(thumb)
    engine.request(Gallery, Size(1))
    assert str(engine.why(Gallery, Size(1))) == (
        "gallery(Size(1)) ran again\n"
        "└─ thumb(Photo('a'), Size(1)) gave Thumb(2) before, Thumb(10) now\n"
        "   └─ it was invalidated"
    )


def test_keeps_the_reason_of_the_last_run_where_a_check_found_nothing(engine: Engine) -> None:
    engine.request(Gallery, Size(1))
    engine.invalidate(thumb)
    engine.request(Gallery, Size(1))
    assert str(engine.why(Gallery, Size(1))) == (
        "gallery(Size(1)) ran when it was first asked for, and has held since"
    )


def test_tells_what_moved_below_after_part_of_it_was_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.request(Gallery, Size(1))
    bind(monkeypatch, engine, "SCALE", 3)
    engine.request(Thumb, Photo("a"), Size(1))
    assert str(engine.why(Gallery, Size(1))) == (
        "gallery(Size(1)) will be checked, and run if what it stands on moved\n"
        "└─ thumb(Photo('a'), Size(1)) gave Thumb(2) before, Thumb(3) now\n"
        "   └─ rule thumb has changed\n"
        "      └─ constant SCALE: 2 → 3"
    )


def test_tells_of_rules_that_run_in_every_request() -> None:
    @rule(cacheable=False)
    def thumb(photo: Photo, size: Size) -> Thumb:
        return Thumb(light())

    engine = Engine([thumb])
    engine.request(Thumb, Photo("a"), Size(1))
    engine.request(Thumb, Photo("a"), Size(1))
    assert str(engine.why(Thumb, Photo("a"), Size(1))) == (
        "thumb(Photo('a'), Size(1)) ran again\n"
        "└─ its rule says cacheable=False, so it runs once in every request"
    )


def test_tells_of_failures_that_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    @rule
    def thumb(photo: Photo) -> Thumb:
        return Thumb(1 // light())

    engine = Engine([thumb])
    monkeypatch.setitem(WORLD, "light", 0)
    with pytest.raises(ZeroDivisionError):
        engine.request(Thumb, Photo("a"))
    assert str(engine.why(Thumb, Photo("a"))) == (
        "thumb(Photo('a')) failed the last time, and will run again"
    )
    WORLD["light"] = 1
    engine.request(Thumb, Photo("a"))
    assert str(engine.why(Thumb, Photo("a"))) == (
        "thumb(Photo('a')) ran again\n└─ it failed the last time, and failures are not remembered"
    )


def test_tells_of_values_made_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    @rule
    def label(photo: Photo) -> Label:
        raise OSError("no disk")

    @rule
    async def thumb(photo: Photo) -> Thumb:
        try:
            await Get(Label)
        except OSError:
            return Thumb(0)
        return Thumb(1)

    engine = Engine([thumb, label])
    engine.request(Thumb, Photo("a"))
    engine.request(Thumb, Photo("a"))
    assert str(engine.why(Thumb, Photo("a"))) == (
        "thumb(Photo('a')) ran again\n"
        "└─ it went on after an error, and such a value counts for one request only"
    )


def test_tells_that_another_rule_answers_now(engine: Engine) -> None:
    engine.request(Gallery, Size(1))

    @rule
    def poster(photo: Photo) -> Thumb:
        return Thumb(7)

    engine.define([poster], origin="another cell")
    engine.request(Gallery, Size(1))
    assert str(engine.why(Gallery, Size(1))) == (
        "gallery(Size(1)) ran again\n└─ Thumb comes from poster now, not from thumb"
    )


def test_tells_that_a_rule_was_withdrawn_and_came_back(engine: Engine) -> None:
    engine.define([label], origin="another cell")
    engine.request(Gallery, Size(1))
    engine.forget("another cell")
    engine.request(Thumb, Photo("a"), Size(1))
    engine.define([label], origin="another cell")
    engine.request(Gallery, Size(1))
    assert str(engine.why(Gallery, Size(1))) == (
        "gallery(Size(1)) ran again\n└─ rule label was withdrawn"
    )


def test_names_the_cell_that_changed_a_rule(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.request(Gallery, Size(1))
    engine.watch_cells(lambda: "In [7]", lambda _: "")
    bind(monkeypatch, engine, "SCALE", 3)
    engine.watch_cells(lambda: "In [8]", lambda _: "")
    engine.refresh()
    assert str(engine.why(Gallery, Size(1))).splitlines()[2:] == [
        "   └─ rule thumb has changed, by In [7]",
        "      └─ constant SCALE: 2 → 3",
    ]


def test_tells_of_a_class_that_was_defined_anew() -> None:
    def again() -> tuple[type, Rule[Any]]:
        new = dataclass(frozen=True)(type("Label", (), {"__annotations__": {"text": str}}))
        new.__module__ = __name__
        return new, rule(_labels(new))

    first, old = again()
    engine = Engine([old, rule(_asks(first))])
    engine.watch_cells(str, lambda cls: "field text: str → bytes")
    engine.request(Thumb, Photo("a"))
    second, new = again()
    engine.define([new, rule(_asks(second))], origin="engine")
    assert str(engine.stale()) == (
        "forgotten label(Photo('a')): class Label was defined anew: field text: str → bytes\n"
        "run       asks(Photo('a')): class Label was defined anew: field text: str → bytes"
    )
    engine.request(Thumb, Photo("a"))
    assert engine.why(Thumb, Photo("a")).roots == (
        "class Label was defined anew: field text: str → bytes",
    )


def _labels(cls: type) -> Any:
    def label(photo: Photo) -> Any:
        return cls("x")

    label.__qualname__ = "label"
    label.__annotations__ = {"photo": Photo, "return": cls}
    return label


def _asks(cls: type) -> Any:
    async def asks(photo: Photo) -> Thumb:
        return Thumb(len(str(await Get(cls))))

    asks.__qualname__ = "asks"
    asks.__annotations__ = {"photo": Photo, "return": Thumb}
    return asks


def test_refuses_what_cannot_be_asked_for(engine: Engine) -> None:
    with pytest.raises(WiringError, match="WF20"):
        engine.why(Gallery, Photo("a"))


def test_cuts_old_and_new_values_short() -> None:
    @rule
    def label(photo: Photo) -> Label:
        return Label("a" * 100 * light())

    @rule
    async def thumb(photo: Photo) -> Thumb:
        return Thumb(len((await Get(Label)).text))

    engine = Engine([label, thumb])
    WORLD["light"] = 1
    engine.request(Thumb, Photo("a"))
    WORLD["light"] = 2
    engine.invalidate(label)
    engine.request(Thumb, Photo("a"))
    moved = engine.why(Thumb, Photo("a")).below[0].text
    assert moved == "label(Photo('a')) gave another Label('aaaaaaaaaaaaaaaaaaaa…')"


# --------------------------------------------------------------------------------------- stale


def test_lists_what_the_last_change_touched(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(engine.stale()) == "nothing"
    engine.request(Gallery, Size(5))
    assert str(engine.stale()) == "nothing"
    bind(monkeypatch, engine, "SCALE", 3)
    assert str(engine.stale()) == (
        "run       thumb × 5: constant SCALE: 2 → 3\ncheck     gallery(Size(5)): it stands on thumb"
    )
    engine.request(Gallery, Size(5))
    assert str(engine.stale()) == "nothing"


def test_tells_of_what_was_made_again_for_others_and_came_out_equal(engine: Engine) -> None:
    """Nothing was changed; what it stands on has only been made anew."""
    engine.request(Gallery, Size(4))
    engine.invalidate(thumb)
    for number in (1, 2, 3, 4):
        engine.request(Thumb, Photo("a" * number), Size(4))
    assert str(engine.stale()) == (
        "check     gallery(Size(4)): what it stands on came out as it was"
    )
    assert str(engine.why(Gallery, Size(4))) == (
        "gallery(Size(4)) will be checked, and run if what it stands on moved\n"
        "└─ what it stands on came out as it was"
    )


def test_tells_of_a_change_that_was_undone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.request(Thumb, Photo("a"), Size(1))
    bind(monkeypatch, engine, "SCALE", 3)
    bind(monkeypatch, engine, "SCALE", 2)
    assert (
        str(engine.stale())
        == "check     thumb(Photo('a'), Size(1)): it was changed and changed back"
    )
    assert str(engine.why(Thumb, Photo("a"), Size(1))) == (
        "thumb(Photo('a'), Size(1)) will be checked, and run if what it stands on moved"
    )
    engine.request(Thumb, Photo("a"), Size(1))
    assert str(engine.story()) == (
        "kept      thumb(Photo('a'), Size(1)): nothing that it stands on moved"
    )


def test_counts_a_rule_withdrawn_as_forgotten(engine: Engine) -> None:
    engine.request(Gallery, Size(1))
    engine.forget(label)
    assert str(engine.stale()) == (
        "forgotten label(Photo('a')): rule label was withdrawn\n"
        "run       gallery(Size(1)): rule label was withdrawn"
    )


# --------------------------------------------------------------------------------------- story


def test_tells_nothing_before_the_first_request(engine: Engine) -> None:
    assert str(engine.story()) == "nothing"


def test_tells_what_the_last_request_did(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.request(Gallery, Size(5))
    assert str(engine.story()) == (
        "ran       thumb × 5: asked for the first time\n"
        "ran       label(Photo('a')): asked for the first time\n"
        "ran       gallery(Size(5)): asked for the first time"
    )
    bind(monkeypatch, engine, "SCALE", 3)
    engine.request(Gallery, Size(5))
    assert str(engine.story()) == (
        "ran       thumb × 5: constant SCALE: 2 → 3\n"
        "reused    label(Photo('a'))\n"
        "ran       gallery(Size(5)): "
        "thumb(Photo('a'), Size(5)) gave Thumb(10) before, Thumb(15) now"
    )
    engine.request(Gallery, Size(5))
    assert str(engine.story()) == "reused    gallery(Size(5))"


def test_tells_what_was_kept_and_what_failed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.request(Gallery, Size(1))
    engine.invalidate(label)
    engine.request(Gallery, Size(1))
    assert str(engine.story()) == (
        "reused    thumb(Photo('a'), Size(1))\n"
        "ran       label(Photo('a')): it was invalidated\n"
        "kept      gallery(Size(1)): nothing that it stands on moved"
    )
    bind(monkeypatch, engine, "SCALE", None)
    with pytest.raises(TypeError):
        engine.request(Gallery, Size(2))
    assert str(engine.story()) == (
        "failed    gallery(Size(2))\nfailed    thumb(Photo('a'), Size(2))"
    )


def test_tells_many_that_moved_for_like_reasons_on_one_line(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    @rule
    async def label(photo: Photo, size: Size) -> Label:
        return Label(str((await Get(Thumb)).v))

    @rule
    async def gallery(size: Size) -> Gallery:
        photos = [Photo("a" * i) for i in range(1, size.n + 1)]
        found = await MultiGet(Get(Label, Photo, one) for one in photos)
        return Gallery(len(found[0].text))

    engine = Engine([thumb, label, gallery])
    engine.request(Gallery, Size(4))
    bind(monkeypatch, engine, "SCALE", 3)
    engine.request(Gallery, Size(4))
    assert str(engine.story()).splitlines()[1] == (
        "ran       label × 4: thumb, which it asked, gave something else"
    )
