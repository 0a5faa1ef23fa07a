"""Values that rules read and nobody can watch are told of, before anything is out of date."""

from __future__ import annotations

import importlib
import itertools
import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from wfnb import Engine, rule


@dataclass(frozen=True)
class N:
    n: int


@dataclass(frozen=True)
class M:
    n: int


numbers = itertools.count()
ROWS = [1, 2]
WORDS = ("a", 2, re.compile("b"), logging.getLogger("x"), frozenset("c"), Path("d"))


def draw() -> int:
    return next(numbers)


@rule
def draw_one(n: N) -> M:
    return M(draw())


@rule
def sum_up(m: M) -> N:
    return N(sum(ROWS))


@rule
def harmless(n: N) -> str:
    return f"{WORDS} {print} {n.n}"


def _texts(*rules: object) -> list[str]:
    found = [str(d) for d in Engine(rules).diagnostics if d.code >= "WF240"]  # type: ignore[arg-type]
    return [re.sub(r"(test_[a-z_]+[.]py):[0-9]+:", r"\1:", text) for text in found]


def test_warns_of_a_value_that_cannot_be_seen_into() -> None:
    """Once, however many rules read it, with the rules that a helper's value reaches."""
    assert _texts(draw_one) == [
        "WF240  draw cannot see into numbers, a count\n"
        "  test_unseen.py:  def draw_one(n: N) -> M:\n"
        "    a change of it is not noticed, so what was remembered may be out of date\n"
        "    used by draw_one\n"
        "  → pass it as a param, or make it frozen"
    ]


def test_notes_a_global_that_can_change_in_place() -> None:
    """It is followed, so this is no warning."""
    assert _texts(sum_up) == [
        "WF242  sum_up reads a mutable global ROWS\n"
        "  test_unseen.py:  def sum_up(m: M) -> N:\n"
        "    what is in it is compared before each request, not while one runs\n"
        "  → pass it as a param, or make it a tuple or a frozen dataclass"
    ]


def test_warns_of_names_that_are_looked_up_by_their_text() -> None:
    """`getattr` is mostly asked of a rule's own values, and costs only a note."""

    @rule
    def evaluate(n: N) -> M:
        return M(eval("1 + 1") + getattr(n, "n"))  # noqa: B009

    texts = [text for text in _texts(evaluate) if "evaluate calls" in text]
    assert [text.partition("\n")[0] for text in texts] == [
        "WF240  evaluate calls eval(), and what that reads cannot be followed",
        "WF241  evaluate calls getattr(), and what that reads cannot be followed",
    ]
    assert texts[0].splitlines()[2:] == [
        "    a change of it is not noticed, so what was remembered may be out of date",
        "  → pass what it reads as a param, or name it",
    ]


def test_says_nothing_of_what_cannot_change() -> None:
    """Patterns, loggers, paths, what ships with Python."""
    assert _texts(harmless) == []


def test_tells_errors_before_what_cannot_be_seen() -> None:
    """All diagnostics have one order."""

    @rule
    def wrong(m: M) -> N:
        return N(next(numbers) + MISSING)  # type: ignore[name-defined]  # noqa: F821

    severities = [d.severity for d in Engine([wrong, sum_up]).diagnostics]

    assert severities == sorted(severities, key=["error", "warning", "note"].index)


def test_warns_of_a_module_whose_file_says_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs is what was imported."""
    file = tmp_path / "far_away.py"
    text = "def far(n): return n + 1\n"
    file.write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("far_away")
    names = {"far": module.far, "rule": rule, "N": N, "M": M, "__name__": "m"}
    exec("@rule\ndef use(n: N) -> M: return M(far(n.n))\n", names)
    engine = Engine([names["use"]])  # type: ignore[list-item]
    assert [d for d in engine.diagnostics if d.code >= "WF240"] == []

    file.write_text(text.replace("1", "22"), "utf-8")

    assert [str(d) for d in engine.diagnostics if d.code >= "WF240"] == [
        "WF243  far_away.py has changed on disk since it was imported\n"
        "    what counts is what was imported\n"
        "    used by use\n"
        "  → %wf reload picks it up"
    ]
    monkeypatch.delitem(sys.modules, "far_away")
