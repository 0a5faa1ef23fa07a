"""Values that a rule can reach and that look alike at first: none of them counts as constant."""

from __future__ import annotations

import importlib
import itertools
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint
from wfnb.hashing.keys import typed_key
from wfnb.places import set_labeller

_numbers = itertools.count()


def run(source: str) -> dict[str, Any]:
    filename = f"<values-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, filename, "exec", dont_inherit=True), namespace)
    return namespace


def printed(source: str) -> Fingerprint:
    return fingerprint(run(source)["f"])


@pytest.fixture(autouse=True)
def _forget_cells() -> Iterator[None]:
    yield
    for filename in [name for name in linecache.cache if name.startswith("<values-")]:
        del linecache.cache[filename]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[str]:
    """An installed library with a decorator that takes an object, as retry libraries do."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    name = f"wfnb_retry_{next(_numbers)}"
    (folder / f"{name}.py").write_text(
        "import functools\n"
        "class Stop:\n"
        "    def __init__(self, after): self.after = after\n"
        "def retry(stop):\n"
        "    def decorate(fn):\n"
        "        @functools.wraps(fn)\n"
        "        def again(*args): return [fn(*args) for _ in range(stop.after)]\n"
        "        return again\n"
        "    return decorate\n"
    )
    sys.path.insert(0, str(folder))
    yield name
    sys.path.remove(str(folder))
    sys.modules.pop(name, None)


F = "def f(x): return K\n"

CHANGED: dict[str, tuple[str, str, str]] = {
    "a text of one's own class": (
        "class S(str): pass\nK = S('a')\n",
        "class S(str): pass\nK = S('b')\n",
        "constant K: 'a' → 'b'",
    ),
    "a number of one's own class": (
        "class S(int): pass\nK = S(1)\n",
        "class S(int): pass\nK = S(2)\n",
        "constant K: 1 → 2",
    ),
    "a date of one's own class": (
        "import datetime\nclass D(datetime.date): pass\nK = D(2021, 5, 1)\n",
        "import datetime\nclass D(datetime.date): pass\nK = D(2021, 5, 2)\n",
        "constant K: 'D(2021, 5, 1)' → 'D(2021, 5, 2)'",
    ),
    "an exception of one's own class": (
        "class E(Exception): pass\nK = E('a')\n",
        "class E(Exception): pass\nK = E('b')\n",
        "constant K: 'a' → 'b'",
    ),
    "the bound of a type variable": (
        "import typing\nK = typing.TypeVar('K', bound=int)\n",
        "import typing\nK = typing.TypeVar('K', bound=str)\n",
        "constant K",
    ),
    "what a new type stands for": (
        "import typing\nK = typing.NewType('K', int)\n",
        "import typing\nK = typing.NewType('K', str)\n",
        "helper K",
    ),
}


@pytest.mark.parametrize(("before", "after", "text"), CHANGED.values(), ids=CHANGED)
def test_sees(before: str, after: str, text: str) -> None:
    """Another value is another meaning, and the same one is not."""
    one = printed(before + F)

    assert printed(before + F).digest == one.digest
    assert difference(one, printed(after + F)) == text


def test_sees_what_a_decorator_of_a_library_was_given(library: str) -> None:
    """The policy of a retry decides how often the rule runs."""
    source = f"import {library}\n@{library}.retry({library}.Stop(AFTER))\ndef f(x): return x\n"
    one = printed(source.replace("AFTER", "2"))

    assert printed(source.replace("AFTER", "2")).digest == one.digest
    assert one.lints == ()
    assert (
        difference(one, printed(source.replace("AFTER", "3")))
        == "closure variable stop of decorator retry"
    )


def test_does_not_take_two_generators_for_one() -> None:
    """A generator is named after its function, and says nothing about what it will give."""
    source = "K = (i for i in range(3))\n" + F
    one, other = printed(source), printed(source)

    assert one.digest != other.digest
    assert one.lints == ("f cannot see into K, a generator",)


def test_gives_up_on_values_that_unfold_without_end() -> None:
    """Twenty-five doublings of a tuple hold 2^25 values: a token and a lint, in bounded time."""
    fingerprint_ = printed("K = (1,)\nfor _ in range(25): K = (K, K)\n" + F)

    assert fingerprint_.lints == ("f cannot see into K, a tuple",)


def test_says_in_which_cell_a_changed_helper_is() -> None:
    """The place as it is now, in the words of the notebook."""
    before = printed("def shrink(x): return x\ndef f(x): return shrink(x)\n")
    after = printed("def shrink(x): return x + 1\ndef f(x): return shrink(x)\n")
    set_labeller(lambda filename: "In [4]" if filename.startswith("<values-") else None)
    try:
        assert difference(before, after) == "helper shrink (In [4])"
    finally:
        set_labeller(None)


def test_says_in_which_file_a_changed_helper_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workspace modules have no label, but a name and a line."""
    name = f"wfnb_helpers_{next(_numbers)}"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sys.path.insert(0, str(tmp_path))
    try:
        prints = []
        for value in (1, 2):
            (tmp_path / f"{name}.py").write_text(f"\ndef shrink(x): return x + {value} * x\n")
            sys.modules.pop(name, None)
            importlib.invalidate_caches()
            linecache.checkcache()
            prints.append(printed(f"import {name}\ndef f(x): return {name}.shrink(x)\n"))
        assert difference(*prints) == f"helper {name}.shrink ({name}.py:2)"
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop(name, None)


def test_does_not_see_that_a_param_was_keyed() -> None:
    """What keys remember for a class is no part of the class."""
    namespace = run(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Size:\n    x: int\n"
        "def f(size: Size) -> Size: return Size(size.x)\n"
    )
    before = fingerprint(namespace["f"])
    typed_key(namespace["Size"](1))

    assert before.holds()
    assert fingerprint(namespace["f"]).digest == before.digest
