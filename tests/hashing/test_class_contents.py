"""What a class has besides its methods and its plain attributes, and who made it."""

from __future__ import annotations

import itertools
import linecache
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from wfnb.hashing.fingerprint import difference, fingerprint

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def main(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    yield module
    for filename in [name for name in linecache.cache if name.startswith("<contents-of-")]:
        del linecache.cache[filename]


def run(source: str, module: ModuleType) -> Any:
    filename = f"<contents-of-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    return module


def cell(text: str) -> str:
    return f"import dataclasses, enum, functools, types, typing\nfrom dataclasses import *\n{text}"


ENUM = "class C(enum.Enum):\n    A = 1\n"
DATA = "@dataclass\nclass C:\n"
# What is written, what is written instead, and what is said of it.
EDITS: dict[str, tuple[str, str, str, str]] = {
    "_missing_ of an enum": (
        ENUM + "    @classmethod\n    def _missing_(cls, v): return cls.A\n",
        "return cls.A",
        "return None",
        "helper C._missing_",
    ),
    "_generate_next_value_ of an enum": (
        "class C(enum.Enum):\n    def _generate_next_value_(n, s, c, l): return 1\n    A = 1\n",
        "return 1",
        "return 2",
        "helper C._generate_next_value_",
    ),
    "__new__ of an enum": (
        "class C(enum.Enum):\n    def __new__(cls, v):\n        made = object.__new__(cls)\n"
        "        made._value_ = 1\n        made.unit = 'kg'\n        return made\n    A = 1\n",
        "'kg'",
        "'lb'",
        "member C.A.unit: 'kg' → 'lb'",
    ),
    "what a method puts on a member": (
        "class C(enum.Enum):\n    A = 1, 'kg'\n    def __init__(self, n, u): self.n = n\n",
        "self.n = n",
        "self.n = u",
        "member C.A.n: 1 → 'kg'",
    ),
    "boundary of a flag": (
        "class C(enum.Flag, boundary=enum.KEEP):\n    A = 1\n",
        "KEEP",
        "EJECT",
        "C._boundary_",
    ),
    "a cache around a dunder method": (
        "class C:\n    @functools.cache\n    def __call__(self): return 1\n",
        "return 1",
        "return 2",
        "helper C.__call__",
    ),
    "a dunder method by type": (
        "class C:\n    @functools.singledispatchmethod\n    def __call__(self, x): return 1\n",
        "return 1",
        "return 2",
        "helper C.__call__",
    ),
    "a partial dunder method": (
        "class C:\n    def at(self, x): return x\n    __call__ = functools.partialmethod(at, 1)\n",
        "at, 1",
        "at, 2",
        "helper C.__call__",
    ),
    "an object for a dunder method": (
        "class Call:\n    def __call__(self, *_): return 1\nclass C:\n    __enter__ = Call()\n",
        "return 1",
        "return 2",
        "helper Call.__call__",
    ),
    "metadata of a field": (
        DATA + "    x: int = field(default=1, metadata={'unit': 'kg'})\n",
        "'kg'",
        "'lb'",
        "metadata x of C: {'unit': 'kg'} → {'unit': 'lb'}",
    ),
    "metadata of a field of attrs": (
        "import attrs\n@attrs.define\nclass C:\n"
        "    x: int = attrs.field(default=1, metadata={'unit': 'kg'})\n",
        "'kg'",
        "'lb'",
        "metadata x of C",
    ),
    "__match_args__": (
        "class C:\n    __match_args__ = ('x', 'y')\n",
        "'x', 'y'",
        "'y', 'x'",
        "C.__match_args__: ('x', 'y') → ('y', 'x')",
    ),
    "__match_args__ of a dataclass": (
        DATA + "    x: int\n    y: int\n    __match_args__ = ('y', 'x')\n",
        "('y', 'x')",
        "('y',)",
        "C.__match_args__: ('y', 'x') → ('y',)",
    ),
    "arguments of a base": (
        "T = typing.TypeVar('T')\nclass B(typing.Generic[T]): pass\nclass C(B[int]): pass\n",
        "[int]",
        "[str]",
        "C.__orig_bases__",
    ),
    "Annotated": (
        "class U:\n    def __init__(self, u): self.u = u\n"
        + DATA
        + "    x: typing.Annotated[int, U('kg')]\n",
        "'kg'",
        "'lb'",
        "C.u: 'kg' → 'lb'",
    ),
    "Annotated with a text": (
        DATA + "    x: typing.Annotated[int, 'kg']\n",
        "'kg'",
        "'lb'",
        "class C: field x: Annotated[int, kg] → Annotated[int, lb]",
    ),
    "class of a field": (
        "class I:\n    def p(): return 1\n" + DATA + "    x: list[I] | None\n",
        "return 1",
        "return 2",
        "helper I.p",
    ),
    "class of a field, as a text": (
        "class I:\n    def p(): return 1\n" + DATA + "    x: 'I'\n",
        "return 1",
        "return 2",
        "helper I.p",
    ),
    "class of a field of attrs": (
        "import attrs\nclass I:\n    def p(): return 1\n@attrs.define\nclass C:\n    x: I\n",
        "return 1",
        "return 2",
        "helper I.p",
    ),
    "class of an annotation": (
        "class I:\n    def p(): return 1\nclass C:\n    x: I\n",
        "return 1",
        "return 2",
        "helper I.p",
    ),
    "default given to make_dataclass": (
        "C = make_dataclass('C', [('x', int, 1)])\n",
        "int, 1",
        "int, 2",
        "default x of C: 1 → 2",
    ),
    "class made by new_class": (
        "C = types.new_class('C', (), {}, lambda ns: ns.update(x=1))\n",
        "x=1",
        "x=2",
        "C.x: 1 → 2",
    ),
}
USE = "def f(x): return C\n"


@pytest.mark.parametrize(("source", "old", "new", "told"), EDITS.values(), ids=EDITS)
def test_sees_an_edit(source: str, old: str, new: str, told: str, main: ModuleType) -> None:
    """And not that the same was run again."""
    if "import attrs" in source:
        pytest.importorskip("attrs")
    first = fingerprint(run(cell(source + USE), main).f)
    assert first.holds()
    assert fingerprint(run("\n# moved\n" + cell(source + USE), main).f) == first

    run(cell(source.replace(old, new)), main)
    assert not first.holds()
    second = fingerprint(main.f)
    assert second != first
    assert str(difference(first, second)).startswith(told)


CHANGES = {
    "an attribute that is the default of a field": (DATA + "    x: int = 1\n", "C.x = 5"),
    "an attribute put on a member": (ENUM, "C.A.unit = 'kg'"),
    "a function registered by type": (
        "@functools.singledispatch\ndef C(x): return 1\n",
        "C.register(int, lambda x: 2)",
    ),
    "a method registered by type": (
        "class C:\n    @functools.singledispatchmethod\n    def m(self, x): return 1\n",
        "C.m.register(int)(lambda self, x: 2)",
    ),
    "a class registered with an abstract one": (
        "import abc\nclass C(abc.ABC): pass\nclass D: pass\n",
        "C.register(D)",
    ),
    "a frozen object changed by force": (
        "@dataclass(frozen=True)\nclass D:\n    x: int\nC = D(1)\n",
        "object.__setattr__(C, 'x', 2)",
    ),
    "an object of a frozen class of a library": (
        "import wfnb\nC = wfnb.PathGlobs(['a'])\n",
        "object.__setattr__(C, 'globs', ('b',))",
    ),
    "what an exception holds": ("class E(Exception): pass\nC = E(1)\n", "C.args = (2,)"),
}


@pytest.mark.parametrize(("source", "change"), CHANGES.values(), ids=CHANGES)
def test_sees_a_change_in_place(source: str, change: str, main: ModuleType) -> None:
    first = fingerprint(run(cell(source + USE), main).f)
    assert first.holds()
    assert fingerprint(run(cell(source + USE), ModuleType("__main__")).f) == first

    run(change, main)
    assert not first.holds()
    assert fingerprint(main.f) != first


def test_takes_what_numpy_made_of_a_function_for_the_author_s(main: ModuleType) -> None:
    """It has the function's name, which NumPy does not know; what it keeps does not count."""
    pytest.importorskip("numpy")
    source = "import numpy as np\ndef h(x): return x + 1\nv = np.vectorize(h)\ndef f(x): return v\n"
    first = fingerprint(run(source, main).f)
    assert main.v(1) == 2
    assert fingerprint(main.f) == first
    assert fingerprint(run(source, main).f) == first
    assert first.lints == ()

    run("def h(x): return x + 2\nv = np.vectorize(h)\n", main)
    assert not first.holds()
    assert difference(first, fingerprint(main.f)) == "helper v"


def test_says_that_it_cannot_see_into_a_ufunc_of_the_author_s(main: ModuleType) -> None:
    """One of a library counts by its name, wherever the library has it."""
    pytest.importorskip("numpy")
    source = "import numpy as np\nv = np.frompyfunc(lambda x: x + 1, 1, 1)\nw = np.add\n"
    run(source + "def f(x): return v\ndef g(x): return w\n", main)

    assert fingerprint(main.f).lints == ("f cannot see into v, a ufunc",)
    assert fingerprint(main.g).lints == ()


def test_looks_at_modules_that_raise_when_they_are_asked(
    main: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module's own `__getattr__` may raise anything, as those that load late do."""

    class Late(ModuleType):
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    for name in ("wfnb_late", "wfnb_late.inner"):
        late = Late(name)
        vars(late).pop("__file__", None)
        vars(late).pop("__spec__", None)
        monkeypatch.setitem(sys.modules, name, late)
    run("class C: pass\nC.__module__ = 'wfnb_late'\ndef f(x): return C\n", main)

    assert fingerprint(main.f).holds()


def test_takes_what_a_frozen_object_keeps_for_no_news(main: ModuleType) -> None:
    """A method of a frozen dataclass may keep what it found."""
    source = (
        "@dataclass(frozen=True)\nclass D:\n    x: int\n"
        "    def m(self): object.__setattr__(self, '_m', self.x)\nC = D(1)\n"
    )
    run(cell(source + USE), main)
    first = fingerprint(main.f)

    main.C.m()
    assert first.holds()
    assert fingerprint(main.f) == first


def test_sees_that_a_text_names_another_class(main: ModuleType) -> None:
    """An annotation that is kept as text is what its names say now."""
    run(cell("class I:\n    def p(): return 1\n" + DATA + "    x: 'list[I]'\n" + USE), main)
    first = fingerprint(main.f)

    run("class I:\n    def p(): return 1\n", main)
    assert fingerprint(main.f) == first
    run("class I:\n    def p(): return 2\n", main)
    assert not first.holds()
    assert difference(first, fingerprint(main.f)) == "helper I.p"


def test_takes_what_an_enum_keeps_for_no_news(main: ModuleType) -> None:
    """The complement of a flag is kept on its member."""
    run(cell("class C(enum.Flag):\n    A = 1\n    B = 2\n" + USE), main)
    first = fingerprint(main.f)

    assert ~main.C.A == main.C.B
    assert main.C.A | main.C.B
    assert first.holds()
    assert fingerprint(main.f) == first


def test_says_that_it_cannot_follow_subclasses(main: ModuleType) -> None:
    """Those of earlier runs of a cell may be among them."""
    run("class C: pass\ndef f(x): return C.__subclasses__()\n", main)

    assert fingerprint(main.f).lints == (
        "f calls __subclasses__(), and what that gives cannot be followed",
    )
