"""A rule stands for as long as its name means it, whatever else its cell has."""

from __future__ import annotations

import pytest

from tests.notebook.cellbench import Bench

TYPES = """
from dataclasses import dataclass
@dataclass(frozen=True)
class N:
    n: int
@dataclass(frozen=True)
class T:
    n: int
@dataclass(frozen=True)
class M:
    n: int
"""
TH = "@rule\ndef th(n: N) -> T: return T(n.n + 1)\n"
M_OF_N = "@rule\ndef m(n: N) -> M: return M(n.n)\n"
M_OF_T = "@rule\ndef m(t: T) -> M: return M(t.n)\n"
IDS = pytest.mark.parametrize("ids", ["abcdefgh", [None] * 8], ids=["ids", "no ids"])
TOGETHER = pytest.mark.parametrize("others", ["", TH], ids=["alone", "with another"])


@pytest.fixture
def typed(live: Bench) -> Bench:
    """A bench whose first cell has defined N, T and M."""
    live.ok(TYPES, "types")
    return live


def _rules(bench: Bench) -> list[str]:
    return bench.show("%wf rules").splitlines()


@IDS
@TOGETHER
def test_replaces_the_rule_of_another_cell_that_has_its_name(
    typed: Bench, ids: list[str | None], others: str
) -> None:
    """Be its types the same or others, and its cell of one rule or of two."""
    typed.ok(others + M_OF_N, ids[0])
    typed.ok("n = N(1)" if others else TH, ids[1])

    assert typed.show("%%rule\n" + M_OF_T, ids[2]).splitlines() == [
        "rules: 1 registered",
        "note: m replaces the one of In [2]",
    ]
    assert typed.ok("request(M, N(1))") == typed.ok("M(2)")
    assert [line.partition("(")[0] for line in _rules(typed)] == ["m", "th", "open input: N"]


@IDS
@TOGETHER
@pytest.mark.parametrize("instead", ["def m(): pass", "m = 3", "class m: pass", "del m"])
def test_withdraws_a_rule_whose_name_is_given_to_something_else(
    typed: Bench, ids: list[str | None], others: str, instead: str
) -> None:
    """Also when that is no rule; the report of the cell says so."""
    typed.ok(others + M_OF_N, ids[0])

    shown = typed.show(f"%%rule\n{instead}", ids[1]).splitlines()

    assert shown[0] == "rules: none"
    assert "note: withdrawn: m of In [2]" in shown
    assert [line.partition("(")[0] for line in _rules(typed) if "open" not in line] == (
        ["th"] if others else ["no rules"]
    )


def test_withdraws_it_before_a_request_of_the_same_cell(typed: Bench) -> None:
    """And not if the cell fails after that."""
    typed.ok(TH + M_OF_N, "x")

    typed.run("del m\ngone = request(M, N(1))", "y")
    assert "gone" not in typed.shell.user_ns
    assert [line.partition("(")[0] for line in _rules(typed)] == ["m", "th", "open input: N"]


def test_keeps_a_rule_that_another_name_or_a_collection_still_means(typed: Bench) -> None:
    """What never had its own name stays, too."""
    typed.ok(f"{TH}{M_OF_N}also = th\nkept = [m]", "x")
    typed.ok(
        "def made(cls):\n    def make(n: cls) -> str: return 'x'\n    return rule(make)\n"
        "for cls in (N, T): last = made(cls)",
        "y",
    )

    typed.ok("del th, m\nlast = 3", "z")

    assert [line.partition("(")[0] for line in _rules(typed)][:4] == ["m", "make", "make", "th"]


def test_withdraws_nothing_for_a_name_that_a_failing_cell_has_rebound(typed: Bench) -> None:
    """Such a cell leaves all rules as they stood, and so do the cells after it."""
    typed.ok(TH + M_OF_N, "x")

    typed.run("m = 3\n1 / 0", "y")
    typed.ok("k = 1", "z")

    assert typed.ok("request(M, N(1))") == typed.ok("M(1)")


def test_has_a_rule_again_when_its_cell_is_run_again(typed: Bench) -> None:
    """From whichever cell the name comes last."""
    typed.ok(TH + M_OF_N, "x")
    typed.ok(M_OF_T, "y")

    typed.ok(TH + M_OF_N, "x")

    assert typed.ok("request(M, N(1))") == typed.ok("M(1)")
    assert len(_rules(typed)) == 3


def test_knows_what_a_rule_meant_when_another_cell_has_it(typed: Bench) -> None:
    """It is changed, not withdrawn and added."""
    typed.ok(TH + M_OF_N, "x")
    typed.ok("request(M, N(1))")

    typed.ok(M_OF_N.replace("n.n", "n.n + 1"), "y")

    assert typed.show("%wf why M N(1)") == (
        "m(N(1)) will run\n└─ rule m has changed, by In [4]\n   └─ own body"
    )


def test_takes_a_named_rule_along_before_its_name_is_given_away(typed: Bench) -> None:
    """A class that it names is defined anew in the very cell, and something is asked meanwhile."""
    typed.ok(TH + M_OF_N, "x")

    typed.ok(TYPES.replace("n: int", "n: int = 0", 1) + "request(T, N(1))\nm = 3", "types")

    assert [line.partition("(")[0] for line in _rules(typed)] == ["th", "open input: N"]
