"""Cells that ask why, and cells that run goals: with the real engine, in full text."""

from __future__ import annotations

import pytest

from tests.notebook.cellbench import Bench

TYPES = """
from dataclasses import dataclass
@dataclass(frozen=True)
class Text:
    text: str
@dataclass(frozen=True)
class Count:
    n: int
@dataclass(frozen=True)
class Rows:
    rows: list
class Show(Goal):
    pass
class LintAll(Goal):
    pass
"""
RULES = """
LEAST = 2
@rule
def count(text: Text) -> Count: return Count(sum(len(w) >= LEAST for w in text.text.split()))
"""
GOALS = """
@goal_rule
async def show(text: Text, console: Console) -> Show:
    "Show how many words there are."
    console.print((await Get(Count)).n)
    console.display(Count(0))
    return Show(exit_code=0)
@goal_rule(desc="complain")
async def lint(console: Console) -> LintAll:
    console.print_stdout(console.red("wrong"))
    return LintAll(exit_code=3)
"""


@pytest.fixture
def asked(live: Bench) -> Bench:
    live.ok(TYPES, "types")
    live.ok(RULES, "rules")
    live.ok('text = Text("to be or not")\nrequest(Count, text)', "ask")
    return live


def test_names_the_cell_that_moved_what_a_rule_reads(asked: Bench) -> None:
    """`%wf stale`, `why` and `story`; the cell is that of the edit."""
    asked.ok("LEAST = 3", "least")
    assert asked.show("%wf stale") == (
        "run       count(Text('to be or not')): constant LEAST: 2 → 3"
    )
    assert asked.show("%wf why Count text") == (
        "count(Text('to be or not')) will run\n"
        "└─ rule count has changed, by In [4]\n"
        "   └─ constant LEAST: 2 → 3"
    )
    asked.ok("request(Count, text)")
    assert asked.show("%wf why Count text") == (
        "count(Text('to be or not')) ran again\n"
        "└─ rule count has changed, by In [4]\n"
        "   └─ constant LEAST: 2 → 3"
    )
    assert asked.show("%wf story") == (
        "ran       count(Text('to be or not')): constant LEAST: 2 → 3"
    )
    assert asked.show("%wf stale") == "nothing"


def test_names_the_field_of_a_class_that_changed(asked: Bench) -> None:
    """What has gone stale by it is named with it."""
    asked.ok(TYPES.replace("    n: int", "    n: int\n    unit: str = ''"), "types")
    assert asked.show("%wf stale").startswith(
        "forgotten count(Text('to be or not')): class Count was defined anew: "
    )
    assert "unit" in asked.show("%wf stale")


def test_tells_of_a_value_that_a_cell_changed_in_place(asked: Bench) -> None:
    asked.ok("@rule\ndef rows(text: Text) -> Rows: return Rows(text.text.split())", "rows")
    asked.ok("request(Rows, text).rows.append(1)")
    shown = asked.printed("assert request(Rows, text).rows == ['to', 'be', 'or', 'not']")
    assert shown == (
        "note: the Rows that rows(Text('to be or not')) had given was changed in place since; "
        "it is made again. Work on a copy of what a request gives\n"
    )


def test_tells_of_what_cannot_be_seen_into_under_the_cell_that_brings_it(asked: Bench) -> None:
    """Be it that of the rule, or the one that rebinds what the rule reads; and in `%wf check`."""
    warning = (
        "WF240  odd cannot see into SEEN, a count\n"
        "  {0}:  def odd(text: Text) -> Rows: return Rows([next(SEEN)])\n"
        "    a change of it is not noticed, so what was remembered may be out of date\n"
        "  → pass it as a param, or make it frozen"
    )
    asked.ok("import itertools\nSEEN = itertools.count()")
    cell = "%%rule\n@rule\ndef odd(text: Text) -> Rows: return Rows([next(SEEN)])"
    assert asked.show(cell, "odd") == (
        f"rules: 1 registered · open input: Text · 1 problem\n{warning.format('In [5], line 3')}"
    )
    assert warning.format("In [5], line 3") in asked.show("%wf check")

    asked.ok("SEEN = iter((1, 2))")
    asked.ok("SEEN = 'ab'\nnext = len")
    assert "WF240" not in asked.show("%wf check")

    assert asked.show("%%rule\nSEEN = itertools.count()") == (
        f"rules: none · 1 problem\n{warning.format('In [5], line 3')}"
    )


def test_reports_an_ambiguity_before_anything_is_asked(live: Bench) -> None:
    """Of one cell, or of two."""
    live.ok(TYPES, "types")
    one = "@rule\ndef one(text: Text) -> Count: return Count(1)\n"
    two = "@rule\ndef two(text: Text) -> Count: return Count(2)\n"
    warning = (
        "WF202  two rules make Count equally well\n"
        "  {0}:  def two(text: Text) -> Count: return Count(2)\n"
        "    one ({1}) uses Text\n"
        "    two ({0}) uses Text\n"
        "  → let one of them return a new type, or delete it"
    )
    assert live.show("%%rule\n" + one + two, "x") == (
        "rules: 2 registered · open input: Text · 1 problem\n"
        + warning.format("In [2], line 5", "In [2], line 3")
    )
    assert live.show("%wf check").startswith(warning.format("In [2], line 5", "In [2], line 3"))
    live.ok("%%rule -q\n" + one, "x")
    assert live.show("%%rule\n" + two, "y") == (
        "rules: 1 registered · open input: Text · 1 problem\n"
        + warning.format("In [5], line 3", "In [4], line 3")
    )


def test_runs_goals_by_name(asked: Bench) -> None:
    asked.ok(GOALS, "goals")
    assert asked.printed("%goal show text") == "4\nCount(n=0)\n"
    assert asked.printed('%goal show Text("a bc")') == "1\nCount(n=0)\n"
    assert asked.show("%goal") == ("lint-all   complain\nshow       Show how many words there are.")


def test_runs_a_goal_in_the_cell_that_defines_it(asked: Bench) -> None:
    """By its name too, though the cell has not ended."""
    asked.ok("from wfnb import run")
    assert asked.printed(f"{GOALS}\nnone = run('show', text)") == "4\nCount(n=0)\n"


def test_fails_the_cell_of_a_goal_that_fails(asked: Bench) -> None:
    asked.ok(GOALS, "goals")
    assert asked.refuse("%goal lint-all") == (
        "\x1b[31mwrong\x1b[0m\nGoalFailed: lint-all ended with exit code 3"
    )
    assert asked.refuse("%goal sho text") == (
        "CallerError: there is no goal 'sho'\n    goals: lint-all, show\n  → did you mean show?"
    )
    assert asked.refuse("%goal show zzz") == (
        "MagicError: %goal show: there is no zzz\n  → run the cell that defines it"
    )
    assert asked.refuse("%goal (") == (
        "MagicError: %goal needs a name first, not (\n  → %goal NAME [VALUE …]"
    )


@pytest.mark.parametrize("verb", ["plan", "explain", "why"])
def test_shows_no_frame_of_a_verb_when_a_value_fails(asked: Bench, verb: str) -> None:
    """The value is the author's, and so are the lines that are shown."""
    asked.ok("def bad():\n    return 1 / 0")

    shown = asked.refuse(f"%wf {verb} Count Text(bad())")

    assert f"File <%wf {verb}>:1\n----> 1 Text(bad())" in shown
    assert "----> 2     return 1 / 0" in shown
    assert "verbs.py" not in shown
    assert "arguments.py" not in shown
    assert shown.endswith("ZeroDivisionError: division by zero")


def test_tells_of_a_goal_what_it_tells_of_any_product(asked: Bench) -> None:
    """Nobody passes a console: a goal has it when it is run, so it is no part of the question."""
    asked.ok(GOALS, "goals")
    assert asked.show("%wf plan Show text") == (
        "run       show(Text('to be or not'))\nas needed count"
    )
    asked.ok("%goal show text")
    asked.ok("LEAST = 3", "least")
    assert asked.show("%wf why Show text") == (
        "show(Text('to be or not')) will be checked, and run if what it stands on moved\n"
        "└─ count(Text('to be or not')) will run\n"
        "   └─ rule count has changed, by In [7]\n"
        "      └─ constant LEAST: 2 → 3"
    )
    assert asked.show("%wf explain Show Text") == (
        "Show from Text\n"
        "└─ Show: show (In [4], line 2), from Text and Console\n"
        "   ├─ Text: passed\n"
        "   ├─ Console: passed\n"
        "   └─ Get(Count): count (In [2], line 3), from Text\n"
        "      └─ Text: passed"
    )


def test_shows_of_a_goal_whose_rule_raises_the_rules_and_not_the_magic(asked: Bench) -> None:
    asked.ok("@rule\ndef broken(text: Text) -> Rows: return 1 / 0", "broken")
    asked.ok(
        "@goal_rule\nasync def all(text: Text, rows: Rows) -> LintAll:\n"
        "    return LintAll(exit_code=0)",
        "goals",
    )
    told = asked.refuse("%goal lint-all text")

    assert "def broken" in told
    assert "goals.py" not in told
    assert "magics.py" not in told


def test_says_when_there_are_no_goals(asked: Bench) -> None:
    assert asked.show("%goal") == "no goals: put @goal_rule on a function that returns a Goal"


def test_hides_the_rules_that_ship_with_wfnb(asked: Bench) -> None:
    asked.ok("from wfnb import PathGlobs, Paths")
    asked.ok(
        "@rule\nasync def names(text: Text) -> Rows:\n"
        "    return Rows(list((await Get(Paths, PathGlobs([text.text]))).files))",
        "names",
    )
    assert asked.ok("request(Rows, text).rows") == []
    assert [line.partition("(")[0] for line in asked.show("%wf rules").splitlines()] == [
        "count",
        "names",
        "open input: Text",
    ]
    assert asked.show("%wf status").startswith("2 rules · 1 note\n")
