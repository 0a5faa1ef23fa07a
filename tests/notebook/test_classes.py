"""Class identity: running a class cell again, unchanged or changed."""

from __future__ import annotations

import gc
import weakref

import pytest

from tests.notebook.cellbench import Bench

CELL = """
from dataclasses import dataclass, field
import enum
from typing import Generic, TypeVar

T = TypeVar("T")
FALLBACK = 64

def fresh():
    return []

@dataclass(frozen=True)
class Src:
    path: str
    n: int = FALLBACK
    tags: list = field(default_factory=fresh)
    def up(self):
        return self.path.upper()

@dataclass(frozen=True, slots=True)
class Slot:
    s: Src

class Color(enum.Enum):
    RED = 1

class Broken(Exception):
    pass

class Box(Generic[T]):
    class Lid:
        tight = True

class Deep(Box[int]):
    later: "Late"

class Late:
    back: Deep
"""
NAMES = "Src, Slot, Color, Broken, Box, Deep, Late"


def _again(bench: Bench, code: str = CELL) -> list[bool]:
    """Whether each class of the cell is the same object after `code` ran."""
    before = bench.ok(NAMES)
    bench.ok(code)
    return [a is b for a, b in zip(before, bench.ok(NAMES), strict=True)]


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_keeps_every_class_of_a_cell_that_is_run_again(bench: Bench, future: str) -> None:
    """Frozen, slots, Enum, exception, generic, nested, inherited, forward references."""
    bench.ok(future + CELL)
    bench.ok("old = Src('a'), Slot(Src('a', tags=None)), Color.RED, Broken(), Box.Lid")

    assert _again(bench, future + CELL) == [True] * 7

    checks = """
import pickle
(
    isinstance(old[0], Src), old[0] == Src('a'), pickle.loads(pickle.dumps(old[0])) == old[0],
    isinstance(old[1], Slot), old[2] is Color.RED, isinstance(old[3], Broken), old[4] is Box.Lid,
)"""
    assert bench.ok(checks) == (True,) * 7


def test_keeps_classes_when_only_comments_docstrings_and_layout_differ(bench: Bench) -> None:
    """None of those is part of a definition."""
    bench.ok(CELL)

    edited = CELL.replace("    n: int", "    # how many\n\n    n : int", 1)
    edited = edited.replace("class Color(enum.Enum):", 'class Color(enum.Enum):\n    "Paint."')

    assert _again(bench, edited) == [True] * 7


def test_keeps_a_class_across_a_switch_of_future_annotations(bench: Bench) -> None:
    """IPython leaves the switch on for all later cells, so history must not count."""
    bench.ok(CELL)

    assert _again(bench, "from __future__ import annotations\n" + CELL) == [True] * 7


def test_makes_a_new_class_when_a_field_default_changes(bench: Bench) -> None:
    """The class and whatever is built on it are new; the others are kept."""
    bench.ok(CELL)

    assert _again(bench, CELL.replace("n: int = FALLBACK", "n: int = 1")) == [
        False,  # Src
        False,  # Slot mentions Src
        *[True] * 5,
    ]


def test_makes_a_new_class_when_a_value_that_its_body_reads_changes(bench: Bench) -> None:
    """The text is equal, but the default is another."""
    bench.ok(CELL)
    bench.ok("OldSrc = Src")

    _again(bench, CELL.replace("FALLBACK = 64", "FALLBACK = 128"))

    old = bench.ok("OldSrc")
    retirement = bench.notebook.classes.retirement(old)
    assert retirement is not None
    assert (retirement.label, retirement.change) == ("In [1]", "FALLBACK: 64 → 128")
    assert bench.ok("Src('a').n") == 128


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("n: int = FALLBACK", "n: int = 0", "field n: n: int = FALLBACK → n: int = 0"),
        ("    n: int = FALLBACK\n", "", "field n is gone"),
        ("    n: int = FALLBACK\n", "    n: int = 64\n    m: int = 1\n", "field m is new"),
        ("upper()", "lower()", "method up has changed"),
        ("    path: str\n    n: int = FALLBACK", "    n: int\n    path: str", None),
        ("(frozen=True)\nclass Src", "(frozen=True, order=True)\nclass Src", None),
        ("return []", "return [1]", None),
    ],
)
def test_says_what_changed_in_a_class(bench: Bench, old: str, new: str, change: str | None) -> None:
    """The first difference, in the words of the cell."""
    bench.ok(CELL)
    cls = bench.ok("Src")

    bench.ok(CELL.replace(old, new))

    retirement = bench.notebook.classes.retirement(cls)
    assert retirement is not None
    assert retirement.label == "In [1]"
    if change is not None:
        assert retirement.change == change


def test_gives_the_first_class_again_when_a_change_is_taken_back(bench: Bench) -> None:
    """Its instances are good again."""
    bench.ok(CELL)
    first = bench.ok("Src")
    bench.ok(CELL.replace("upper", "lower"))
    changed = bench.ok("Src")

    bench.ok(CELL)

    assert bench.ok("Src") is first
    assert bench.notebook.classes.retirement(first) is None
    assert bench.notebook.classes.successor(changed) is first


def test_keeps_a_class_that_depends_on_the_branch_taken(bench: Bench) -> None:
    """Class statements under `if`, `try` and `with` count as well."""
    cell = "if True:\n    class A:\n        x = 1\nelse:\n    class A:\n        x = 2\nA"

    assert bench.ok(cell) is bench.ok(cell)


def test_keeps_the_last_of_two_classes_with_one_name(bench: Bench) -> None:
    """The first is gone when the cell ends."""
    cell = "class A:\n    x = 1\nclass A:\n    x = 2\nA"

    assert bench.ok(cell) is bench.ok(cell)


def test_takes_a_class_of_before_it_was_loaded_for_retired(bench: Bench) -> None:
    """Nothing is known of its definition, so it is not kept; but it is an earlier one."""
    bench.notebook.uninstall()
    bench.ok("class A: pass")
    old = bench.ok("A")
    bench.notebook.install()

    bench.ok("class A: pass")

    assert bench.ok("A") is not old
    assert bench.notebook.classes.successor(old) is bench.ok("A")


def test_leaves_what_a_decorator_made_of_a_class_alone(bench: Bench) -> None:
    """A class statement may bind anything."""
    assert bench.ok("def name(cls): return cls.__name__\n@name\nclass A: pass\nA") == "A"


def test_leaves_a_class_alone_that_resists_being_looked_at(bench: Bench) -> None:
    """The cell's own meaning comes first."""
    cell = """
class Odd:
    def __eq__(self, other): raise RuntimeError
    __hash__ = None
    __slots__ = ()
odd = Odd()
class A:
    x = odd
A.x is odd"""

    assert bench.ok(cell)
    assert bench.ok(cell)


def test_shows_the_lines_of_the_current_text_in_a_kept_class(bench: Bench) -> None:
    """The class is kept, its positions are not."""
    bench.ok("class A:\n    def f(self):\n        return 1")
    first = bench.ok("A.f.__code__.co_firstlineno, A.f.__code__.co_filename")

    bench.ok("class A:\n    # a comment\n    def f(self):\n        'Help.'\n        return 1")

    second = bench.ok("A.f.__code__.co_firstlineno, A.f.__code__.co_filename")
    assert (first[0], second[0]) == (2, 3)
    assert first[1] != second[1]
    assert bench.ok("A.f.__doc__") == "Help."


def test_leaves_the_position_of_a_class_statement_alone(bench: Bench) -> None:
    """The decorator that it adds is on no line of its own."""
    bench.run("\nimport dataclasses\nx = 1\n@dataclasses.dataclass\nclass A:\n    y = 1 / 0")

    traceback = bench.run("class B:\n    x = 1\n    y = 1 / 0").error_in_exec.__traceback__
    lines = []
    while traceback is not None:
        lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    assert lines[-2:] == [1, 3]


def test_keeps_no_old_class_alive_over_a_thousand_runs(bench: Bench) -> None:
    """Changed each time, each one is let go."""
    alive: weakref.WeakSet[type] = weakref.WeakSet()
    bench.shell.user_ns["alive"] = alive
    for number in range(1000):
        text = f"class A:\n    x = {number}\nalive.add(A)\n"
        bench.notebook.shell.run_cell(text)

    gc.collect()

    assert len(alive) == 1
    assert len(bench.notebook.classes) == 1
