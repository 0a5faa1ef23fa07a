"""What differs between two prints: all of it, in the author's words, in one order."""

from __future__ import annotations

import itertools
import linecache
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from wfnb.hashing import origins
from wfnb.hashing.differences import Difference, differences
from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint
from wfnb.places import set_labeller

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _cells() -> Iterator[None]:
    set_labeller(lambda name: f"In [{name[6:-1]}]" if name.startswith("<diff-") else None)
    yield
    set_labeller(None)
    for filename in [name for name in linecache.cache if name.startswith("<diff-")]:
        del linecache.cache[filename]


def of(source: str, cell: int = 4) -> Fingerprint:
    filename = f"<diff-{cell}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    module = ModuleType("__main__")
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    return fingerprint(module.f)


def said(before: str, *edits: tuple[str, str]) -> list[str]:
    """What differs after some edits."""
    after = before
    for old, new in edits:
        assert old in after
        after = after.replace(old, new)
    return [str(each) for each in differences(of(before), of(after))]


SOURCE = """\
from dataclasses import dataclass
SIZE = 64
RATE = 2
NAMES = ['a']
def clean(x): return x
def shrink(x, by=2): return clean(x) // by * RATE
@dataclass(frozen=True)
class Photo:
    name: str
    def area(self): return SIZE
def f(x): return Photo(shrink(x) + SIZE), NAMES
"""


def test_names_a_constant_with_both_values() -> None:
    assert said(SOURCE, ("SIZE = 64", "SIZE = 128")) == ["constant SIZE: 64 → 128"]


def test_names_only_the_constant_of_a_helper() -> None:
    """A helper whose body stayed is not among what changed, nor is a class."""
    assert said(SOURCE, ("RATE = 2", "RATE = 3")) == ["constant RATE: 2 → 3"]
    assert said(SOURCE, ("x, by=2", "x, by=4")) == ["default by of shrink: 2 → 4"]


def test_names_a_helper_with_its_cell() -> None:
    assert said(SOURCE, ("// by", "/ by")) == ["helper shrink (In [4])"]
    assert said(SOURCE, ("area(self): return SIZE", "area(self): return -SIZE")) == [
        "helper Photo.area (In [4])"
    ]


def test_names_the_own_body() -> None:
    assert said(SOURCE, ("shrink(x) + SIZE", "shrink(x) - SIZE")) == ["own body"]


def test_lists_all_the_own_body_first_then_helpers_then_values() -> None:
    """The nearest helper comes first, whatever the order in the source."""
    assert said(
        SOURCE,
        ("['a']", "['b']"),
        ("RATE = 2", "RATE = 3"),
        ("def clean(x): return x", "def clean(x): return -x"),
        ("SIZE = 64", "SIZE = 128"),
        ("// by", "/ by"),
        ("shrink(x) + SIZE", "shrink(x) - SIZE"),
    ) == [
        "own body",
        "helper shrink (In [4])",
        "helper clean (In [4])",
        "global NAMES: ['a'] → ['b']",
        "constant SIZE: 64 → 128",
        "constant RATE: 2 → 3",
    ]


def test_says_nothing_of_classes_and_libraries_that_went_with_an_edit() -> None:
    """They moved nothing; the edit of the body is told."""
    source = "import math\nclass C: pass\ndef f(x): return math.sqrt(C().n)\n"

    assert [str(d) for d in differences(of(source), of("def f(x): return x\n"))] == ["own body"]


def test_says_what_is_new_and_what_is_gone() -> None:
    """A new helper is named once, without its own defaults; what it reads is named, too."""
    source = "SIZE = 1\ndef g(x): return x\ndef f(x): return g(x) + SIZE\n"
    more = (
        "LIMIT = 9\ndef clean(x, n=1): return x + LIMIT\ndef g(x): return x\n"
        "def f(x): return clean(g(x))\n"
    )

    assert [str(d) for d in differences(of(source), of(more))] == [
        "own body",
        "helper clean is new",
        "constant SIZE is gone",
        "constant LIMIT is new",
    ]
    assert [str(d) for d in differences(of(more), of(source))] == [
        "own body",
        "helper clean is gone",
        "constant LIMIT is gone",
        "constant SIZE is new",
    ]


def test_says_that_a_name_is_bound_now() -> None:
    assert said("def f(x): return g(x)\n", ("def f", "def g(x): return x\ndef f")) == [
        "undefined g → helper"
    ]
    assert said("a = 1\ndef f(x): return a\n", ("a = 1", "def a(): return 1")) == [
        "constant a → helper"
    ]


CLASS = """\
from dataclasses import dataclass, field
import enum
class Base: pass
class Mode(enum.Enum):
    LOW = 1
@dataclass(frozen=True)
class Photo:
    name: str
    size: int
    rate: int = 3
    def area(self): return 1
    LIMIT = 7
class Plain:
    text: str
def f(x): return Photo, Mode, Plain
"""

EDITS = {
    "field is new": (("    size: int\n", "    size: int\n    age: int\n"), "field age is new"),
    "field is gone": (("    size: int\n", ""), "field size is gone"),
    "field has another type": (("size: int", "size: float"), "field size: int → float"),
}


@pytest.mark.parametrize(("edit", "text"), EDITS.values(), ids=EDITS)
def test_names_the_field_of_a_class(edit: tuple[str, str], text: str) -> None:
    assert said(CLASS, edit) == [f"class Photo: {text}"]


def test_names_what_else_changed_in_a_class() -> None:
    assert said(CLASS, ("name: str\n    size: int\n", "size: int\n    name: str\n")) == [
        "order of the fields of Photo"
    ]
    assert said(CLASS, ("rate: int = 3", "rate: int = 4")) == ["default rate of Photo: 3 → 4"]
    assert said(CLASS, ("    LIMIT = 7", "    LIMIT = 8")) == ["Photo.LIMIT: 7 → 8"]
    assert said(CLASS, ("    LIMIT = 7\n", "")) == ["Photo.LIMIT is gone"]
    assert said(CLASS, ("class Photo:", "class Photo(Base):")) == [
        "class Photo",
        "class Base is new",
    ]
    assert said(CLASS, ("frozen=True", "frozen=True, order=True")) == ["class Photo"]
    assert said(CLASS, ("    LOW = 1", "    LOW = 2")) == ["member Mode.LOW: 1 → 2"]
    assert said(CLASS, ("    LOW = 1\n", "    LOW = 1\n    HIGH = 2\n")) == [
        "member Mode.HIGH is new"
    ]
    assert said(CLASS, ("text: str", "text: bytes")) == ["class Plain: field text: str → bytes"]
    assert said(CLASS, ("    def area(self): return 1\n", "")) == ["helper Photo.area is gone"]


def test_names_a_decorator_and_what_it_was_given() -> None:
    source = (
        "import functools\ndef times(n):\n    def decorate(fn):\n        @functools.wraps(fn)\n"
        "        def inner(*a): return fn(*a) * n\n        return inner\n    return decorate\n"
        "@times(2)\ndef f(x): return x\n"
    )

    assert said(source, ("times(2)", "times(3)")) == [
        "closure variable n of decorator times: 2 → 3"
    ]
    assert said(source, ("fn(*a) * n", "fn(*a) + n")) == ["decorator times (In [4])"]
    assert said(source, ("return x", "return -x"), ("fn(*a) * n", "fn(*a) + n")) == [
        "own body",
        "decorator times (In [4])",
    ]


def test_names_a_library_by_its_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version is one difference, however many of its functions are used."""
    source = (
        "import hypothesis\nfrom hypothesis import given\ndef f(x): return given, hypothesis.a\n"
    )
    monkeypatch.setitem(origins._versions, "hypothesis", "1.0")
    before = of(source)
    monkeypatch.setitem(origins._versions, "hypothesis", "2.0")

    assert [str(d) for d in differences(before, of(source))] == ["library hypothesis: 1.0 → 2.0"]


def test_names_another_module_under_the_same_name() -> None:
    source = "import json as m\ndef f(x): return m.loads(x)\n"

    assert said(source, ("import json", "import math")) == ["module m"]


def test_has_fields_for_those_who_do_not_want_text() -> None:
    found = differences(of(SOURCE), of(SOURCE.replace("SIZE = 64", "SIZE = 128")))
    assert found == (Difference("constant", "SIZE", "64", "128", ""),)

    found = differences(of(SOURCE), of(SOURCE.replace("// by", "/ by"), cell=7))
    assert found == (Difference("helper", "shrink", "", "", "In [7]"),)


def test_first_difference_is_the_short_answer() -> None:
    changed = SOURCE.replace("SIZE = 64", "SIZE = 128").replace("// by", "/ by")

    assert difference(of(SOURCE), of(SOURCE)) is None
    assert differences(of(SOURCE), of(SOURCE)) == ()
    assert difference(of(SOURCE), of(changed)) == "helper shrink (In [4])"


def test_says_the_same_every_time() -> None:
    """Whether records were made for this print or serve another one, too."""
    changed = SOURCE.replace("RATE = 2", "RATE = 3").replace("['a']", "['b']")
    kept = of(SOURCE), of(changed)

    assert differences(*kept) == differences(of(SOURCE), of(changed))


def test_keeps_what_was_shown_of_a_value_that_changed_in_place() -> None:
    """A list is shown as it was, though it holds something else by now."""
    module = ModuleType("__main__")
    sys.modules["wfnb_diff"] = module
    try:
        source = "ROWS = [1]\ndef f(x): return ROWS\n"
        linecache.cache["<diff-1>"] = (1, None, source.splitlines(True), "<diff-1>")
        exec(compile(source, "<diff-1>", "exec"), module.__dict__)
        before = fingerprint(module.f)
        module.ROWS.append(2)

        assert difference(before, fingerprint(module.f)) == "global ROWS: [1] → [1, 2]"
    finally:
        del sys.modules["wfnb_diff"]


def test_says_so_if_no_single_part_differs() -> None:
    assert str(Difference("reads", "", "", "")) == "what it reads"
