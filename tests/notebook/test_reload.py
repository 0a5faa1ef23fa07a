"""`%wf reload`: modules of the workspace whose files have changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.notebook.cellbench import Bench

SHAPES = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Raw:
    text: str

@dataclass(frozen=True)
class Clean:
    text: str
"""
CLEANING = """
from wfnb import rule
from shapes import Clean, Raw

def strip(text):
    return text.strip()

@rule
def clean(raw: Raw) -> Clean:
    return Clean(strip(raw.text))
"""
USE = """
from shapes import Clean, Raw
from cleaning import clean
import cleaning as c

@dataclass(frozen=True)
class Count:
    n: int

@rule
async def count(raw: Raw) -> Count:
    return Count(len((await clean(raw)).text))
"""
ASK = "request(Count, Raw(' ab ')).n"


class Workspace:
    """A notebook beside two modules, which it has imported."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        """Save a module in an editor."""
        (self.folder / f"{name}.py").write_text(text)

    def reload(self) -> str:
        """The report of `%wf reload`."""
        return self.bench.show("%wf reload", "reload")


@pytest.fixture
def space(live: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The modules are imported, and everything has been asked once."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in ("shapes", "cleaning"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    live.engine.root = tmp_path
    space = Workspace(live, tmp_path)
    space.write("shapes", SHAPES)
    space.write("cleaning", CLEANING)
    live.ok("from dataclasses import dataclass", "imports")
    live.ok(USE, "use")
    assert live.ok(ASK, "ask") == 2
    yield space
    for name in ("shapes", "cleaning"):
        sys.modules.pop(name, None)


def test_reloads_nothing_when_no_file_has_changed(space: Workspace) -> None:
    """And runs nothing again."""
    space.write("cleaning", CLEANING)

    assert space.reload() == "nothing to reload"
    assert space.bench.ok(ASK) == 2
    assert space.bench.engine.last.ran == ()


def test_counts_a_saved_file_only_when_it_is_reloaded(space: Workspace) -> None:
    """A rule is what was loaded; then what is there now, for whoever calls it by name too."""
    space.write("cleaning", CLEANING.replace("return Clean(", "return Clean('x' + "))
    assert space.bench.ok(ASK) == 2

    assert space.reload() == "reloaded: cleaning.py · 1 rule changed"

    assert space.bench.ok(ASK) == 3
    assert space.bench.engine.last.ran_counts == {"clean": 1, "count": 1}
    assert space.bench.ok("c.clean is clean")
    assert space.reload() == "nothing to reload"


def test_follows_a_helper_of_a_reloaded_module(space: Workspace) -> None:
    """Helpers of a rule, and those that a cell took from the module."""
    space.bench.ok(
        "from cleaning import strip as cut\n"
        "@rule\ndef direct(raw: Raw) -> int: return len(cut(raw.text))",
        "direct",
    )
    assert space.bench.ok("request(int, Raw(' ab '))") == 2
    space.write("cleaning", CLEANING.replace("text.strip()", "text.lstrip()"))

    assert space.reload() == "reloaded: cleaning.py · 2 rules changed"

    assert space.bench.ok(f"{ASK}, request(int, Raw(' ab '))") == (3, 3)


def test_keeps_names_that_a_cell_has_bound_to_something_else(space: Workspace) -> None:
    """Only what was taken from the module moves."""
    space.bench.ok("from cleaning import strip\nmine = 5", "x")
    space.bench.ok("strip = len\nclean = 5", "y")
    space.write("cleaning", CLEANING.replace("text.strip()", "text.lstrip()") + "mine = 6\n")

    space.reload()

    assert space.bench.ok("strip is len, clean, mine") == (True, 5, 5)


def test_reports_that_no_rule_has_changed(space: Workspace) -> None:
    """A comment is no change; nothing runs again, and classes are the same objects."""
    first = space.bench.ok("Raw, Clean")
    space.write(
        "shapes", SHAPES.replace("class Raw", "class Raw  # a comment\n".rstrip(), 0) + "#\n"
    )
    space.write("cleaning", "# a comment\n" + CLEANING)

    assert space.reload() == "reloaded: shapes.py, cleaning.py · no rule changed"

    assert space.bench.ok("Raw, Clean") == first
    assert space.bench.ok("c.Raw is Raw and request(Count, Raw(' ab ')).n") == 2
    assert space.bench.engine.last.ran == ()


def test_takes_rules_along_to_a_class_that_a_module_has_changed(space: Workspace) -> None:
    """Modules that import it are run again; earlier values are refused; the others are kept."""
    space.bench.ok("raw = Raw(' ab ')", "raw")
    clean = space.bench.ok("Clean")
    changed = SHAPES.replace("    text: str", "    text: str\n    source: str = '?'", 1)
    space.write("shapes", changed)

    assert space.reload() == "reloaded: shapes.py, cleaning.py · 2 rules changed"

    assert space.bench.ok(ASK) == 2
    assert space.bench.ok("Clean") is clean
    assert space.bench.refuse("request(Count, raw)") == (
        "ParamError: this Raw was made by the earlier Raw of shapes.py\n"
        "    Raw has been defined anew in shapes.py\n"
        "    field source is new\n"
        "  → run the cell that makes raw (In [4]) again"
    )


def test_withdraws_a_rule_that_is_gone_from_its_module(space: Workspace) -> None:
    """As from a cell."""
    space.bench.ok("request(Clean, Raw(' a '))")
    space.write("cleaning", CLEANING.partition("@rule")[0])

    assert space.reload() == "reloaded: cleaning.py · 1 rule withdrawn"

    assert [r.name for r in space.bench.engine.rule_graph.rules.values()] == ["count"]


def test_takes_new_names_of_a_module_that_was_imported_with_a_star(space: Workspace) -> None:
    """As the import would now."""
    space.bench.ok("from cleaning import *", "star")
    space.write("cleaning", CLEANING + "LIMIT = 3\n")

    space.reload()

    assert space.bench.ok("LIMIT") == 3


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            CLEANING.replace("return text.strip()", "return ("),
            "cleaning.py could not be imported: SyntaxError: '(' was never closed\n"
            "  cleaning.py:6:  return (\n",
        ),
        (
            CLEANING + "\nLIMIT = 1 / 0\n",
            "cleaning.py could not be imported: ZeroDivisionError: division by zero\n"
            "  cleaning.py:12:  LIMIT = 1 / 0\n",
        ),
    ],
    ids=["syntax", "error"],
)
def test_keeps_every_module_when_one_fails(space: Workspace, text: str, error: str) -> None:
    """Those that were run before it, too; the error has its file and line."""
    before = space.bench.ok("Raw, Clean, c.strip")
    space.write("shapes", SHAPES.replace("class Clean:\n", "class Clean:\n    kind = 0\n"))
    space.write("cleaning", text)

    assert space.bench.refuse("%wf reload") == (
        f"MagicError: {error}"
        "    every module is still as it was before\n"
        "  → mend it, and run %wf reload again"
    )
    assert space.bench.ok("Raw, Clean, c.strip") == before
    assert space.bench.ok(ASK) == 2
    assert space.bench.engine.last.ran == ()
    assert space.bench.notebook.classes.retirement(before[1]) is None

    space.write("shapes", SHAPES)
    space.write("cleaning", CLEANING.replace("text.strip()", "text.lstrip()"))
    assert space.reload() == "reloaded: cleaning.py · 1 rule changed"


def test_tells_what_to_mend_in_a_rule_that_is_refused(space: Workspace) -> None:
    """As the decorator says it."""
    space.write("cleaning", CLEANING.replace("raw: Raw)", "raw)"))

    assert space.bench.refuse("%wf reload") == (
        "MagicError: cleaning.py could not be imported: rule clean: parameter raw has no type\n"
        "  cleaning.py:8:  @rule\n"
        "    every module is still as it was before\n"
        "  → annotate it with a class: raw: SomeClass; then run %wf reload again"
    )


def test_refuses_to_reload_a_file_that_is_gone(space: Workspace) -> None:
    """The module stays as it is."""
    (space.folder / "cleaning.py").unlink()

    assert space.bench.refuse("%wf reload") == (
        "MagicError: cleaning.py could not be read: No such file or directory\n"
        "    every module is still as it was before\n"
        "  → bring it back, and run %wf reload again"
    )
    assert space.bench.ok(ASK) == 2


def test_leaves_files_outside_the_workspace_alone(space: Workspace, tmp_path: Path) -> None:
    """And takes nothing after the verb."""
    space.bench.engine.root = tmp_path / "elsewhere"
    space.write("cleaning", CLEANING + "LIMIT = 3\n")

    assert space.reload() == "nothing to reload"
    assert space.bench.refuse("%wf reload cleaning") == (
        "MagicError: %wf reload takes nothing, not 'cleaning'\n  → %wf reload"
    )


def test_reloads_modules_that_import_each_other(space: Workspace) -> None:
    """In the order in which they were imported."""
    space.write(
        "shapes", SHAPES + "\ndef later():\n    import cleaning\n    return cleaning.strip\n"
    )

    assert space.reload() == "reloaded: shapes.py, cleaning.py · no rule changed"
    assert space.bench.ok("from shapes import later\nlater() is c.strip")
