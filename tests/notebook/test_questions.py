"""What an editor asks about the rules: types under a cursor, completion, why, dependants, clear."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from tests.notebook.cellbench import Bench
from tests.notebook.workflow import ASK, HELPER, RULES, TYPES
from wfnb import current_engine

UPLOAD = '''
@dataclass(frozen=True)
class Upload:
    """A picture that somebody sent.

    It is not looked into.
    """
    name: str
'''
NEW_THUMBNAIL = """
@dataclass(frozen=True)
class Thumbnail:
    text: str
    size: int = 1
"""
WHY = """\
find_uploads(folder: Folder) → Uploads
find_uploads(Folder('p')) ran when it was first asked for, and has held since

make_thumbnail(upload: Upload) → Thumbnail
make_thumbnail(Upload('p/a')) will run
└─ rule make_thumbnail has changed, by In [5]
   └─ helper shrink (In [5])
make_thumbnail(Upload('p/b')) will run
└─ rule make_thumbnail has changed, by In [5]
   └─ helper shrink (In [5])

make_gallery(folder: Folder) → Gallery
make_gallery(Folder('p')) will be checked, and run if what it stands on moved
└─ make_thumbnail(Upload('p/a')) will run, and 1 more
   └─ rule make_thumbnail has changed, by In [5]
      └─ helper shrink (In [5])"""
NEW_FOLDER = """
@dataclass(frozen=True)
class Folder:
    path: str
    deep: bool = False
"""


@pytest.fixture
def gallery(live: Bench) -> Bench:
    """The small workflow, as cells with ids."""
    live.ok(
        TYPES.replace("\n@dataclass(frozen=True)\nclass Upload:\n    name: str\n", UPLOAD), "types"
    )
    live.ok(HELPER, "helper")
    live.ok(RULES, "rules")
    return live


def ask(bench: Bench, do: str, **what: object) -> dict[str, Any]:
    """The answer to a page."""
    return bench.notebook.control.answer({"do": do, **what})


def at(marked: str) -> dict[str, object]:
    """Text and cursor from text with a bar in it."""
    before, _, after = marked.partition("|")
    return {"text": before + after, "at": len(before)}


def where(answer: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(s["how"], s["label"].partition("(")[0], s["cell"], s["line"]) for s in answer["spots"]]


def test_tells_who_makes_a_type(gallery: Bench) -> None:
    """With cell and line; for a type that nobody makes, that it is passed."""
    answer = ask(gallery, "makers", **at("x: Thum|bnail"))

    assert answer["done"]
    assert answer["type"] == "Thumbnail"
    assert answer["text"] == "1 rule makes Thumbnail"
    assert answer["spots"] == [
        {
            "rule": "rule|__main__|make_thumbnail|__main__.Thumbnail|__main__.Upload",
            "label": "make_thumbnail(upload: Upload) → Thumbnail",
            "how": "makes",
            "cell": "rules",
            "line": 8,
            "source": "def make_thumbnail(upload: Upload) -> Thumbnail:",
            "place": "In [3], line 8",
        }
    ]
    assert ask(gallery, "makers", name="Folder") == {
        "done": False,
        "text": "no rule makes Folder: it is passed with a request",
        "type": "Folder",
        "spots": [],
    }


def test_tells_what_uses_a_type(gallery: Bench) -> None:
    """What takes it, asks for it, supplies it; each with its own line."""
    assert where(ask(gallery, "users", name="Upload")) == [
        ("supplies", "make_gallery", "rules", 16),
        ("takes", "make_thumbnail", "rules", 8),
    ]
    answer = ask(gallery, "users", name="Uploads")
    assert where(answer) == [("asks for", "make_gallery", "rules", 15)]
    assert answer["text"] == "1 rule uses Uploads"
    assert ask(gallery, "users", name="Gallery")["text"] == "no rule uses Gallery"


def test_tells_of_a_type_under_the_mouse(gallery: Bench) -> None:
    """Who makes it, and the first paragraph of its docstring; of other names nothing."""
    upload = ask(gallery, "hover", **at("a = Up|load('a')"))
    assert (upload["begin"], upload["end"]) == (4, 10)
    assert upload["doc"] == "A picture that somebody sent."
    assert upload["text"] == "no rule makes it: an open input, passed with a request"

    thumbnail = ask(gallery, "hover", **at("|Thumbnail"))
    assert thumbnail["doc"] == ""  # the signature that dataclasses write is none
    assert where(thumbnail) == [("makes", "make_thumbnail", "rules", 8)]

    assert ask(gallery, "hover", **at("pri|nt")) == _no("no type that rules know")
    assert ask(gallery, "hover", **at("st|r")) == _no("no type that rules know")
    assert ask(gallery, "hover", **at("1 + |")) == _no("no type that rules know")


def test_completes_what_a_get_can_ask_for(gallery: Bench) -> None:
    """First what can be made from what is in scope, then what needs more, with what that is."""
    answer = ask(gallery, "complete", **at("async def f(folder: Folder) -> Page:\n    await Get(|"))
    assert [(one["name"], one["note"], one["lacks"]) for one in answer["items"]] == [
        ("Gallery", "make_gallery, from Folder", []),
        ("Uploads", "find_uploads, from Folder", []),
        ("Thumbnail", "make_thumbnail, if Upload is supplied", ["Upload"]),
    ]

    def names(marked: str) -> list[str]:
        return [one["name"] for one in ask(gallery, "complete", **at(marked)).get("items", ())]

    inside = "async def make_gallery(folder: Folder) -> Gallery:\n    await Get("
    assert names(inside + "|") == ["Uploads", "Thumbnail", "Gallery"]  # its own comes last
    assert names(inside + "Th|") == ["Thumbnail"]
    assert names(inside + "|, Upload, u") == ["Thumbnail"]
    assert names(inside + "|, folder)") == ["Uploads", "Gallery"]
    assert names(inside + "Thumbnail, |") == ["Upload"]
    assert (
        names("%%rule\nasync def f(u: Upload) -> Page:\n    await MultiGet(Get(|")[0] == "Thumbnail"
    )
    assert names("print(|") == []
    gallery.ok("Small = Thumbnail\ndel Thumbnail")
    assert names(inside + "|") == ["Uploads", "Small", "Gallery"]
    gallery.ok("Small.__qualname__ = '<b>'\ndel Small")
    assert names(inside + "|") == ["Uploads", "Gallery"]
    gallery.ok("import wfnb\nmine = Get\ndel Get")
    assert names(inside.replace("Get", "mine") + "|")
    assert names(inside.replace("Get", "wfnb.Get") + "|")


def test_tells_why_the_rules_of_a_cell_ran_again(gallery: Bench) -> None:
    """What will run is told first, down to what moved; before any request, that there was none."""
    assert ask(gallery, "why", cell="rules")["rules"][0] == {
        "rule": "rule|__main__|find_uploads|__main__.Uploads|__main__.Folder",
        "label": "find_uploads(folder: Folder) → Uploads",
        "count": 0,
        "reasons": ["nothing of it is remembered: it was not asked for yet"],
    }
    gallery.printed(ASK)
    gallery.ok(HELPER.replace("upper", "title"), "helper")

    answer = ask(gallery, "why", cell="rules")
    assert answer["text"] == WHY
    gallery.printed(ASK)
    again = ask(gallery, "why", rule=answer["rules"][1]["rule"])
    assert [one["label"] for one in again["rules"]] == [answer["rules"][1]["label"]]
    assert again["rules"][0]["reasons"][0].startswith("make_thumbnail(Upload('p/a')) ran again\n")
    assert ask(gallery, "why", cell="nowhere") == _no(
        "no rule stands because of this cell: run it first"
    )


def test_tells_which_cells_asked_for_what_has_changed(gallery: Bench) -> None:
    """Those, and no others; none once they have run again."""
    gallery.printed_in(ASK, "ask")
    gallery.printed_in("request(Uploads, Folder('p'))", "uploads")
    gallery.printed_in("%wf plan Gallery Folder('p')", "plan")
    assert ask(gallery, "dependants") == {
        "done": False,
        "text": "0 cells asked for what has changed since",
        "dirty": [],
        "cells": [],
    }
    gallery.ok(HELPER.replace("upper", "title"), "helper")

    answer = ask(gallery, "dependants")
    assert (answer["dirty"], answer["cells"]) == (["rules"], ["ask"])

    gallery.printed_in(ASK, "ask")
    assert ask(gallery, "dependants")["cells"] == []

    gallery.ok(NEW_THUMBNAIL, "thumbnail")  # a class that only rules below name
    assert ask(gallery, "dependants")["cells"] == ["ask"]
    gallery.printed_in(ASK, "ask")
    gallery.ok(NEW_FOLDER, "folder")
    assert ask(gallery, "dependants")["cells"] == ["uploads", "ask"]  # asked again last
    gallery.printed_in(ASK, "ask")
    assert ask(gallery, "dependants")["cells"] == ["uploads"]


def test_keeps_no_value_of_a_class_that_was_defined_anew(gallery: Bench) -> None:
    """What a cell asked with goes with its class."""
    gallery.ok("folder = Folder('p')")
    gallery.printed_in("request(Gallery, folder)", "ask")
    value = weakref.ref(gallery.shell.user_ns["folder"])
    gallery.ok("del folder")

    gallery.ok(NEW_FOLDER, "folder")
    gallery.printed_in("request(Gallery, Folder('p'))", "other")
    gc.collect()

    assert value() is None
    assert ask(gallery, "dependants")["cells"] == ["ask"]


def test_clears_what_is_remembered(gallery: Bench) -> None:
    """Of one cell's rules, or all of it; nothing runs until it is asked for."""
    gallery.printed_in(ASK, "ask")

    answer = ask(gallery, "clear", cell="rules")
    assert answer == {
        "done": True,
        "text": "4 tasks will run again when asked for",
        "cleared": 4,
        "dirtied": 0,
    }
    assert ask(gallery, "dependants")["cells"] == ["ask"]
    assert gallery.printed_in(ASK, "ask").startswith("make_gallery\n")
    assert ask(gallery, "clear")["cleared"] == 4
    assert ask(gallery, "clear", cell="helper") == _no(
        "no rule stands because of this cell: run it first"
    )


@pytest.mark.parametrize("do", ["makers", "users", "hover", "complete"])
@pytest.mark.parametrize(
    ("what", "text"),
    [
        ({}, "needs the text of a cell, and at: a position in it"),
        ({"text": "Get(", "at": "4"}, "needs the text of a cell, and at: a position in it"),
        ({"text": "Get(", "at": True}, "needs the text of a cell, and at: a position in it"),
        ({"text": "Get(", "at": -1}, "needs the text of a cell, and at: a position in it"),
        ({"text": 7, "at": 0}, "needs the text of a cell, and at: a position in it"),
        ({"text": "a" * 200_001, "at": 0}, "a cell of 200,001 characters is too long to look into"),
    ],
)
def test_refuses_what_is_no_question(live: Bench, do: str, what: dict[str, Any], text: str) -> None:
    """With a sentence, whatever a page sends."""
    answer = ask(live, do, **what)

    assert not answer["done"]
    assert text in answer["text"]


def test_runs_nothing_of_what_a_page_sends(gallery: Bench) -> None:
    """A name is looked up; no attribute is asked for, nothing is called."""
    gallery.ok(
        "class Trap:\n    def __getattr__(self, name): raise SystemExit\n"
        "    @property\n    def Upload(self): raise SystemExit\ntrap = Trap()"
    )
    for name in (
        "trap.Upload",
        "trap.x",
        "__import__('os').getcwd()",
        "(lambda: 1)()",
        "",
        "é" * 300,
    ):
        assert not ask(gallery, "makers", name=name)["done"]
    assert not ask(gallery, "makers", name=["Upload"])["done"]
    assert ask(gallery, "why", cell={"a": 1}) == _no(
        "no rule stands because of this cell: run it first"
    )
    assert not ask(gallery, "makers", **at("trap.Up|load"))["done"]
    assert current_engine().last is None


def _no(text: str) -> dict[str, object]:
    return {"done": False, "text": text}
