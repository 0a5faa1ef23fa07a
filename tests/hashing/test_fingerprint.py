"""Fingerprints: every edit that changes what a function means, and none that does not."""

from __future__ import annotations

import itertools
import linecache
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _forget_cells() -> Iterator[None]:
    yield
    for filename in [name for name in linecache.cache if name.startswith("<print-")]:
        del linecache.cache[filename]


def run(source: str, module: ModuleType | None = None) -> Any:
    """Run a cell in a namespace like that of a notebook."""
    filename = f"<print-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    module = module or ModuleType("__main__")
    exec(compile(source, filename, "exec"), module.__dict__)
    return module


def of(source: str) -> Fingerprint:
    return fingerprint(run(source).f)


def edit(source: str, old: str, new: str) -> str | None:
    """What differs if `old` is written as `new`."""
    assert old in source
    return difference(of(source), of(source.replace(old, new)))


HELPERS = """\
K = 3
def deep(x): return x + 1
def h(x, n=2): return deep(x) * n
def f(x): return h(x) + K
"""
DECORATED = """\
import functools
def times(n):
    def decorate(fn):
        @functools.wraps(fn)
        def inner(*args): return fn(*args) * n
        return inner
    return decorate
@times(2)
def f(x): return x
"""
CLASSES = """\
from dataclasses import dataclass
class A:
    RATE = 2
    def go(self): return 1
@dataclass(frozen=True)
class D:
    w: int = 3
def f(x): return A().go() + A.RATE + D().w
"""
OBJECT = """\
class Config:
    def __init__(self, k): self.k = k
cfg = Config(1)
def f(x): return x + cfg.k
"""

# Every kind of edit, and what is said of it; most tools miss half of these.
UNCHANGED = {
    "nothing": (HELPERS, "K = 3", "K = 3"),
    "moved 3 lines": (HELPERS, "def f", "\n\n\ndef f"),
    "comment in body": (HELPERS, "return h(x) + K", "\n    # why\n    return h(x) + K"),
    "docstring": (HELPERS, "return h(x) + K", "\n    'why'\n    return h(x) + K"),
    "spacing": (HELPERS, "h(x) + K", "h( x )+K"),
    "set literal": ("def f(x): return x in {'a', 'b'}\n", "x in", "x  in"),
}
CHANGED = {
    "constant in body": ("def f(x): return x + 1\n", "1", "2", "own body"),
    "1000 to text": ("def f(x): return 1000\n", "1000", "'1000'", "own body"),
    "ab c to a bc": ("def f(x): return 'ab', 'c'\n", "'ab', 'c'", "'a', 'bc'", "own body"),
    "helper body": (HELPERS, "deep(x) * n", "deep(x) - n", "helper h"),
    "helper of a helper": (HELPERS, "x + 1", "x + 2", "helper deep"),
    "default of a helper": (HELPERS, "n=2", "n=4", "default n of h: 2 → 4"),
    "helper is a lambda": (
        "h = lambda x: x\ndef f(x): return h(x)\n",
        ": x\n",
        ": -x\n",
        "helper h",
    ),
    "global constant": (HELPERS, "K = 3", "K = 5", "constant K: 3 → 5"),
    "attribute of a global object": (OBJECT, "Config(1)", "Config(2)", "cfg.k: 1 → 2"),
    "own default": ("K = 1\ndef f(k=K): return k\n", "K = 1", "K = 2", "default k: 1 → 2"),
    "closure cell": (
        "def make(n):\n    def f(x): return x + n\n    return f\nf = make(1)\n",
        "make(1)",
        "make(2)",
        "closure variable n: 1 → 2",
    ),
    "decorator's body": (DECORATED, "(*args) * n", "(*args) - n", "decorator times"),
    "decorator's argument": (
        DECORATED,
        "@times(2)",
        "@times(3)",
        "closure variable n of decorator times: 2 → 3",
    ),
    "method of a class": (CLASSES, "return 1", "return 2", "helper A.go"),
    "class attribute": (CLASSES, "RATE = 2", "RATE = 4", "A.RATE: 2 → 4"),
    "dataclass default": (CLASSES, "w: int = 3", "w: int = 4", "default w of D: 3 → 4"),
    "nested function's constant": (
        "def f(x):\n    def g(): return 1\n    return g()\n",
        "return 1",
        "return 2",
        "own body",
    ),
    "partial argument": (
        "from functools import partial\np = partial(pow, 2)\ndef f(x): return p(x)\n",
        "pow, 2",
        "pow, 3",
        "helper p: functools.partial(<built-in function pow>, 2) "
        "→ functools.partial(<built-in function pow>, 3)",
    ),
}


@pytest.mark.parametrize(("source", "old", "new"), UNCHANGED.values(), ids=UNCHANGED.keys())
def test_edit_without_meaning(source: str, old: str, new: str) -> None:
    assert edit(source, old, new) is None


@pytest.mark.parametrize(("source", "old", "new", "says"), CHANGED.values(), ids=CHANGED.keys())
def test_edit_with_meaning(source: str, old: str, new: str, says: str) -> None:
    assert edit(source, old, new) == says


def test_global_list_changed_in_place() -> None:
    module = run("ROWS = [1]\ndef f(x): return ROWS\n")
    before = fingerprint(module.f)
    assert before.lints == ("f reads a mutable global ROWS",)
    assert before.holds()
    module.ROWS.append(2)
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "global ROWS: [1] → [1, 2]"


def test_function_of_a_workspace_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    prints = []
    for text in ("def go(x): return x\n", "def go(x): return -x\n"):
        monkeypatch.delitem(sys.modules, "print_tools", raising=False)
        name = "print_tools"
        made = ModuleType(name)
        made.__file__ = str(tmp_path / f"{name}.py")
        exec(compile(text, made.__file__, "exec"), made.__dict__)
        monkeypatch.setitem(sys.modules, name, made)
        prints.append(of("import print_tools as t\ndef f(x): return t.go(x)\n"))
        prints.append(of("def f(x):\n    from print_tools import go\n    return go(x)\n"))
    assert difference(prints[0], prints[2]) == "helper t.go (print_tools.py:1)"
    assert difference(prints[1], prints[3]) == "helper print_tools.go (print_tools.py:1)"


@pytest.mark.parametrize(
    "call", ["globals()[x]", "getattr(x, 'y')", "eval('h')", "vars(x)", "__import__('h')"]
)
def test_calls_that_cannot_be_followed_are_linted(call: str) -> None:
    name = call.partition("(")[0]
    lint = f"f calls {name}(), and what that reads cannot be followed"
    assert of(f"def f(x): return {call}\n").lints == (lint,)


# ---------------------------------------------------------------- names


def test_helper_defined_later_deleted_and_restored() -> None:
    module = run("def f(x): return h(x)\n")
    unbound = fingerprint(module.f)
    run("def h(x): return x\n", module)
    assert not unbound.holds()
    bound = fingerprint(module.f)
    assert difference(unbound, bound) == "undefined h → helper"
    del module.h
    assert not bound.holds()
    assert fingerprint(module.f) == unbound
    run("\n\ndef h(x): return x\n", module)
    assert fingerprint(module.f) == bound


def test_name_that_shadows_a_builtin() -> None:
    module = run("def f(x): return len(x)\n")
    before = fingerprint(module.f)
    module.len = 3
    assert not before.holds()
    assert fingerprint(module.f) != before


def test_rebinding_to_an_equal_value_changes_nothing() -> None:
    module = run("K = 'a b'\ndef f(x): return K\n")
    before = fingerprint(module.f)
    module.K = "".join(["a ", "b"])
    assert not before.holds()
    assert fingerprint(module.f) == before


@pytest.mark.parametrize("values", list(itertools.combinations(
    ["1", "True", "1.0", "'1'", "b'1'", "None", "0.0", "-0.0", "()", "[]", "(1,)", "((1,),)",
     "{}", "set()", "frozenset()", "float('nan')", "'None'", "1j", "..."], 2)))  # fmt: skip
def test_values_are_told_apart(values: tuple[str, str]) -> None:
    one, other = [of(f"K = {value}\ndef f(x): return K\n") for value in values]
    assert one != other


@pytest.mark.parametrize(
    "value",
    [
        "10 ** 6000",
        "__import__('decimal').Decimal('1.50')",
        "__import__('datetime').date(2020, 1, 2)",
        "__import__('re').compile('a+')",
        "__import__('pathlib').PurePath('a')",
        "range(3)",
        "slice(1, 2)",
        "__import__('operator').itemgetter(1)",
        "__import__('logging').getLogger('a')",
        "list[int]",
        "int | None",
        "__import__('math').sqrt",
        "'abc'.upper",
    ],
)
def test_values_of_libraries_count_by_what_they_are(value: str) -> None:
    source = f"K = {value}\ndef f(x): return K\n"
    assert of(source) == of(source)
    assert of(source).lints == ()


def test_annotated_class_counts() -> None:
    source = "class A:\n    def go(self): return 1\ndef f(a: 'A') -> int: return a.go()\n"
    assert edit(source, "return 1", "return 2") == "helper A.go"
    assert of(source) != of(source.replace("'A'", "A"))  # written otherwise
    assert of(source) == of("from __future__ import annotations\n" + source)


# ---------------------------------------------------------------- functions


@pytest.mark.parametrize("old", ["x - 1", "x + 5"])
def test_recursion_and_mutual_recursion(old: str) -> None:
    source = (
        "def even(x): return odd(x - 1)\n"
        "def odd(x): return even(x + 5) if x else f(x)\n"
        "def f(x): return f(x - 2) or even(x)\n"
    )
    assert of(source) == of(source)
    assert edit(source, old, "x * 7") == ("helper even" if old == "x - 1" else "helper odd")


def test_many_paths_to_one_helper_cost_no_more() -> None:
    lines = [f"def h{n}(x): return h{n + 1}(x) + h{n + 1}(-x) + h{n + 2}(x)\n" for n in range(60)]
    source = "".join(lines) + "def h60(x): return 1\nh61 = h60\ndef f(x): return h0(x)\n"
    assert edit(source, "return 1", "return 2") == "helper h60"


def test_it_does_not_matter_which_of_two_equal_helpers_is_shared() -> None:
    shared = run("def h(x): return x\ng = h\ndef f(x): return h(x) + g(x)\n")
    apart = run("def h(x): return x\n")
    apart.g = apart.h
    run("def h(x): return x\ndef f(x): return h(x) + g(x)\n", apart)
    assert apart.g is not apart.h
    assert fingerprint(shared.f) == fingerprint(apart.f)


def test_own_name_and_decorators_without_effect() -> None:
    plain = run("def f(x): return x\ndef g(x): return x\n")
    assert fingerprint(plain.f) == fingerprint(plain.g)
    assert of("def same(fn): return fn\n@same\ndef f(x): return x\n") == fingerprint(plain.f)


def test_decorator_without_wraps() -> None:
    source = (
        "def d(fn):\n    def inner(x): return fn(x)\n    return inner\n@d\ndef f(x): return x\n"
    )
    assert edit(source, "return x\n", "return -x\n") == "helper fn"
    assert edit(source, "return fn(x)", "return -fn(x)") == "own body"


def test_decorators_of_libraries() -> None:
    source = "import functools\n@functools.lru_cache\ndef h(x): return x\ndef f(x): return h(x)\n"
    assert edit(source, "return x", "return -x") == "helper h"
    single = (
        "import functools\n@functools.singledispatch\ndef h(x): return 1\n"
        "@h.register\ndef _(x: int): return 2\ndef f(x): return h(x)\n"
    )
    assert of(single) == of(single)
    assert edit(single, "return 2", "return 3") is not None
    assert of(single).lints == ()


def test_closures() -> None:
    source = (
        "def make():\n    rows, h = [1], lambda x: x\n"
        "    def f(x): return rows, h(x), later\n    if 0: later = 1\n    return f\nf = make()\n"
    )
    module = run(source)
    before = fingerprint(module.f)
    assert before == of(source)
    assert before.holds()
    module.f.__closure__[-1].cell_contents.append(2)
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "closure variable rows: [1] → [1, 2]"
    assert edit(source, "lambda x: x", "lambda x: -x") == "helper h"


def test_empty_cell_that_is_filled() -> None:
    module = run("def make():\n    def f(x): return f, x\n    yield f\n    later = 1\n    g = f\n")
    assert fingerprint(next(module.make())).holds()
    cell = types.CellType()
    function = types.FunctionType(
        (lambda cell: lambda: cell)(0).__code__, {"__name__": "__main__"}, "f", None, (cell,)
    )
    before = fingerprint(function)
    assert before.holds()
    cell.cell_contents = 1
    assert not before.holds()


def test_without_source_the_bytecode_counts() -> None:
    def bare(source: str) -> Fingerprint:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(source, namespace)
        return fingerprint(namespace["f"])

    source = "K = 1\ndef f(x):\n    def g(): return 'a', {'b', 'c'}\n    return g() + K\n"
    assert bare(source) == bare("\n" + source)
    assert difference(bare(source), bare(source.replace("'a'", "'z'"))) == "own body"
    assert difference(bare(source), bare(source.replace("K = 1", "K = 2"))) == "constant K: 1 → 2"
    lambdas = "f, g = (lambda x: 1), (lambda x: 2)\n"
    module = run(lambdas)
    assert fingerprint(module.f) != fingerprint(module.g)


def test_code_nested_too_deep_for_syntax() -> None:
    source = "def f(x): return " + "+".join(["x"] * 900) + "\n"
    assert of(source) == of(source)


def test_default_that_can_change() -> None:
    module = run("def f(x, seen=[]): return seen\n")
    before = fingerprint(module.f)
    module.f.__defaults__[0].append(1)
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "default seen: [] → [1]"
    module.f.__defaults__ = (3,)
    assert difference(before, fingerprint(module.f)) == "default seen: [] → 3"


def test_attributes_of_a_function() -> None:
    module = run("def h(x): return x\nh.rate = 1\ndef f(x): return h.rate\n")
    before = fingerprint(module.f)
    assert before.holds()
    module.h.rate = 2
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "attribute rate of h: 1 → 2"


def test_bound_method_and_callable_object() -> None:
    source = (
        "class C:\n    def __init__(self, n): self.n = n\n    def go(self): return self.n\n"
        "go = C(1).go\ndef f(x): return go()\n"
    )
    assert of(source) == of(source)
    assert edit(source, "C(1)", "C(2)") == "go.n: 1 → 2"
    module = run("from functools import partial\ng = partial(pow, 2)\n")
    assert fingerprint(module.g).holds()


# ---------------------------------------------------------------- classes and objects

CLASS_BODY = """\
import abc, enum, functools, typing
from dataclasses import KW_ONLY, dataclass, field
class Base(abc.ABC):
    @abc.abstractmethod
    def need(self): ...
class Meta(type):
    def __call__(cls): return 1
class Mode(enum.Enum):
    A = enum.auto()
    B = 7
    ALSO = 7
    def say(self): return 2
class Point(typing.NamedTuple):
    x: int = 11
    def far(self): return 12
@dataclass(order=True)
class Data(Base):
    one: 'int'
    _: KW_ONLY
    rows: list = field(default_factory=lambda: [13])
    def __post_init__(self): self.z = 14
    def need(self): return 15
    @property
    def area(self): return 16
    @functools.cached_property
    def slow(self): return 17
    @staticmethod
    def fixed(): return 18
    @classmethod
    def made(cls): return 19
    class Inner:
        DEEP = 20
class Slots(metaclass=Meta):
    __slots__ = ('a', 'b')
    def __eq__(self, other): return 21
def f(x): return Data, Mode.A, Point, Slots
"""


def test_class_run_again_unchanged() -> None:
    assert of(CLASS_BODY) == of(CLASS_BODY)
    assert not [lint for lint in of(CLASS_BODY).lints if "cannot see" in lint]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cls): return 1\n", "cls): return 0\n"),
        ("B = 7", "B = 8"),
        ("ALSO = 7", "ALSO = 8"),
        ("    ALSO = 7\n", ""),
        ("order=True", "frozen=True"),
        ("one: 'int'", "one: 'str'"),
        ("    _: KW_ONLY\n", ""),
        ("class Data(Base)", "class Data"),
        ("'a', 'b'", "'a', 'c'"),
        ("x: int", "x: str"),
        *[(f" {n}\n", f" {n}0\n") for n in (2, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21)],
        ("[13]", "[130]"),
    ],
)
def test_edit_in_a_class(old: str, new: str) -> None:
    assert edit(CLASS_BODY, old, new) is not None


def test_class_changed_in_place() -> None:
    module = run(CLASSES)
    before = fingerprint(module.f)
    assert before.holds()
    module.A.RATE = 9
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "A.RATE: 2 → 9"


def test_first_pickle_of_an_instance_changes_nothing() -> None:
    module = run(CLASSES)
    before = fingerprint(module.f)
    module.A().__reduce_ex__(2)
    assert fingerprint(module.f) == before


def test_attributes_of_a_global_object() -> None:
    module = run(OBJECT)
    before = fingerprint(module.f)
    assert before.lints == ("f reads a mutable global cfg",)
    assert before.holds()
    module.cfg.k = 5
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "cfg.k: 1 → 5"


def test_result_cached_in_an_object_changes_nothing() -> None:
    module = run(
        "import functools\nclass C:\n    @functools.cached_property\n    def p(self): return 1\n"
        "c = C()\ndef f(x): return c.p\n"
    )
    before = fingerprint(module.f)
    assert module.c.p == 1
    assert before.holds()
    assert fingerprint(module.f) == before


def test_private_slots() -> None:
    module = run(
        "class A:\n    __slots__ = ('__p', 'q')\n    def __init__(self): self.__p = 1\n"
        "a = A()\ndef f(x): return a\n"
    )
    before = fingerprint(module.f)
    assert before.holds()
    module.a.q = 2
    assert not before.holds()
    assert fingerprint(module.f) != before


def test_opaque_object_counts_as_itself() -> None:
    module = run("import random\nrng = random.Random(1)\ndef f(x): return rng\n")
    before = fingerprint(module.f)
    assert before.lints == ("f cannot see into rng, a Random",)
    assert fingerprint(module.f) == before
    assert b"0x" not in b"".join([part.shown.encode() for part in before.parts])
    run("rng = random.Random(1)\n", module)
    assert not before.holds()
    assert difference(before, fingerprint(module.f)) == "constant rng"


def test_object_that_answers_with_errors() -> None:
    module = run("def f(x): return odd\n")

    class Odd:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    module.odd = Odd()
    assert fingerprint(module.f) == fingerprint(module.f)


def test_things_that_hold_themselves() -> None:
    source = "a = [1]\na.append(a)\nb = {}\nb['b'] = b, f if 0 else 1\ndef f(x): return a, b\n"
    assert of(source) == of(source)
    assert edit(source, "[1]", "[2]") is not None
    linked = "class N: pass\nn = N()\nn.n = n\nn.v = 1\ndef f(x): return n\n"
    assert edit(linked, "v = 1", "v = 2") == "n.v: 1 → 2"


def test_nested_mutable_value() -> None:
    module = run("T = ({'a': [1]},)\ndef f(x): return T\n")
    before = fingerprint(module.f)
    module.T[0]["a"].append(2)
    assert not before.holds()
    assert fingerprint(module.f) != before


# ---------------------------------------------------------------- rules


def test_rules_count_by_their_key_only() -> None:
    module = run("def f(x): return other(x)\n")
    prints = []
    for key, extra in ((("m", "a", int), 1), (("m", "a", str), 2), (("m", "b", int), 1)):
        module.other = SimpleNamespace(__wfnb_rule_key__=key, extra=extra)
        prints.append(fingerprint(module.f))
    assert prints[0] == prints[1]
    assert difference(prints[0], prints[2]) is not None


def test_a_rule_is_printed_as_its_function() -> None:
    from wfnb.rules.declare import rule

    module = ModuleType("__main__")
    module.rule = rule  # type: ignore[attr-defined]
    source = "def g(x: int) -> str: return f'{x}'\n"
    run(f"@rule\n{source}", module)
    assert fingerprint(module.g) == fingerprint(module.g.function)
    assert fingerprint(module.g) == fingerprint(run(source).g)


# ---------------------------------------------------------------- difference, holds, processes


def test_difference_names_what_came_and_went() -> None:
    one = "a = 1\ndef f(x): return g(x)\ndef g(x): return a\n"
    assert edit(one, "a = 1", "def a(): pass") == "constant a → helper"
    assert difference(of(one), of(one)) is None
    assert edit(one, "return g(x)", "return 2") == "own body"


def test_parts_say_what_it_is_made_of() -> None:
    labels = {part.label: part.shown for part in of(HELPERS).parts}
    assert labels == {
        "own body": "",
        "constant K": "3",
        "helper h": "",
        "default n of h": "2",
        "helper deep": "",
    }


def test_what_many_prints_have_in_common_is_looked_at_once() -> None:
    """A pass over all rules says the same as asking each by itself."""
    module = run("K = 1\ndef h(x): return x + K\ndef f(x): return h(x)\ndef g(x): return -h(x)\n")
    prints = [fingerprint(module.f), fingerprint(module.g)]
    common = set(prints[0].records) & set(prints[1].records)
    assert [record.name for record in common] == ["h"]

    checked: set[Any] = set()
    assert all(each.holds(checked) for each in prints)
    assert checked == {*prints[0].records, *prints[1].records}
    module.K = 2
    checked = set()
    assert not any(each.holds(checked) for each in prints)


def test_reads_are_namespace_name_and_object() -> None:
    module = run(HELPERS)
    found = fingerprint(module.f).reads
    read = {name: value for space, name, value in found if space is module.__dict__}
    assert read == {"K": 3, "h": module.h, "deep": module.deep}
    assert "Read(K: 3)" in repr(found)


SCRIPT = """\
import sys, types, linecache
from wfnb.hashing.fingerprint import fingerprint
source = sys.stdin.read()
linecache.cache["<cell>"] = (1, None, source.splitlines(True), "<cell>")
module = types.ModuleType("__main__")
exec(compile(source, "<cell>", "exec"), module.__dict__)
found = fingerprint(module.f)
print(found.digest.hex(), [(part.label, part.shown) for part in found.parts])
"""


@pytest.mark.slow
def test_the_same_in_every_process() -> None:
    source = (
        CLASS_BODY.replace("def f(", "def classes(")
        + "import math\nBOTH = {len, str.upper, math.sqrt, 'b', 'a', None, (1, 'x')}\n"
        + "def one(x): return 1\ndef two(x): return 2\nFUNCTIONS = {one, two}\n"
        + "def f(x):\n    return x in {'a', 'b', 'c'}, BOTH, FUNCTIONS, classes(x), math.pi\n"
    )
    root = Path(__file__).parents[2]
    printed = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=source,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split(" ")[0]
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert len(printed[0]) == 64
