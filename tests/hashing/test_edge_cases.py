"""Fingerprints of code that does something out of the ordinary, each case decided.

The everyday edits are in `test_fingerprint.py`.
"""

from __future__ import annotations

import itertools
import linecache
import os
import pickle
import random
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wfnb.hashing import anatomy
from wfnb.hashing.bytecode import bytecode_text
from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint
from wfnb.rules.declare import rule

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def notebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module that cells run in."""
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    yield module
    for filename in [name for name in linecache.cache if name.startswith("<edge-")]:
        del linecache.cache[filename]


def run(source: str, module: ModuleType | None = None) -> Any:
    filename = f"<edge-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    module = module or sys.modules["__main__"]
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    return module


def of(source: str) -> Fingerprint:
    return fingerprint(run(source, ModuleType("__main__")).f)


# ---------------------------------------------------------------- names and cells


def test_rule_that_refers_to_itself_by_name(notebook: ModuleType) -> None:
    """A rule is the engine's business, even the rule itself: its key counts."""
    notebook.rule = rule  # type: ignore[attr-defined] # a module takes any name
    source = "@rule\nasync def f(x: int) -> str: return await f(x - 1) if x else 'a'\n"
    first = fingerprint(run(source).f)

    assert fingerprint(run(source).f) == first
    assert difference(first, fingerprint(run(source.replace("'a'", "'b'")).f)) == "own body"


def test_rule_in_a_closure_counts_by_its_key(notebook: ModuleType) -> None:
    """A body that was given a rule does not contain that rule's body."""
    notebook.rule = rule  # type: ignore[attr-defined] # a module takes any name
    source = (
        "@rule\ndef g(x: int) -> str: return 'a'\n"
        "def make(g):\n    def f(x): return g(x)\n    return f\nf = make(g)\n"
    )
    first = fingerprint(run(source).f)

    assert fingerprint(run(source.replace("'a'", "'b'")).f) == first
    renamed = source.replace("def g(x", "def h(x").replace("make(g)\n", "make(h)\n")
    assert difference(first, fingerprint(run(renamed).f)) == "closure variable g"


def test_helper_shared_by_two_rules(notebook: ModuleType) -> None:
    """What one print found of a helper serves the other, until the helper moves."""
    source = "K = 1\ndef h(x): return x + K\ndef f(x): return h(x)\ndef g(x): return -h(x)\n"
    run(source)
    one, other = fingerprint(notebook.f), fingerprint(notebook.g)
    assert one.holds()
    assert other.holds()

    notebook.K = 2  # type: ignore[attr-defined] # a module takes any name
    assert not one.holds()
    assert not other.holds()
    assert difference(one, fingerprint(notebook.f)) == "constant K: 1 → 2"
    assert difference(other, fingerprint(notebook.g)) == "constant K: 1 → 2"

    run("def h(x): return x - K\n")
    assert difference(one, fingerprint(notebook.f)) == "helper h"
    assert difference(other, fingerprint(notebook.g)) == "helper h"

    run(source)
    assert fingerprint(notebook.f) == one


def test_cells_split_merged_and_renumbered() -> None:
    """It does not matter in which cells things are, nor in which order these are run."""
    lines = ["K = 3\n", "def h(x): return x * K\n", "def f(x):\n    return h(x)\n"]
    whole = of("".join(lines))

    for order in itertools.permutations(lines):
        module = ModuleType("__main__")
        for line in order:
            run("# a comment\n\n" + line, module)
        assert fingerprint(module.f) == whole


def test_two_functions_of_one_name_in_one_cell() -> None:
    """Each has its own body, whichever still has the name."""
    source = "def h(): return 1\ng = h\ndef h(): return 2\ndef f(x): return g(), h()\n"

    assert difference(of(source), of(source.replace("return 1", "return 3"))) == "helper g"
    assert difference(of(source), of(source.replace("return 2", "return 3"))) == "helper h"
    swapped = source.replace("return 1", "return 0").replace("return 2", "return 1")
    assert of(source) != of(swapped.replace("return 0", "return 2"))


def test_two_lambdas_on_one_line() -> None:
    """Source cannot tell them apart; bytecode does, and moving them changes nothing."""
    source = "g, h = (lambda x: x + 1), (lambda x: x + 2)\ndef f(x): return g(x), h(x)\n"

    assert of(source) == of("\n\n" + source)
    assert of(source) != of(source.replace("x + 2", "x + 3"))
    swapped = "h, g = (lambda x: x + 1), (lambda x: x + 2)\ndef f(x): return g(x), h(x)\n"
    assert of(source) != of(swapped)


HELPERS = {
    "function": "def h(x): return x\n",
    "class": "class h:\n    def __init__(self, x): pass\n",
    "lambda": "h = lambda x: x\n",
    "partial": "from functools import partial\nh = partial(pow, 2)\n",
    "cached": "from functools import lru_cache\n@lru_cache\ndef h(x): return x\n",
    "dispatch": "from functools import singledispatch\n@singledispatch\ndef h(x): return x\n",
    "of C": "from math import sqrt as h\n",
    "bound": "h = 'a'.join\n",
    "object": "class H:\n    def __call__(self, x): return x\nh = H()\n",
}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(HELPERS, 2)))
def test_helper_turned_into_another_kind(one: str, other: str) -> None:
    """Whatever a name stands for, another kind of thing is another meaning, and it is named."""
    body = "def f(x): return h(x)\n"
    before, after = of(HELPERS[one] + body), of(HELPERS[other] + body)

    assert before == of(HELPERS[one] + body)
    said = difference(before, after)
    assert said is not None
    assert " h" in said


def test_order_counts_in_a_dict_and_not_in_a_set() -> None:
    """A rule can loop over a dict and rely on its order."""
    body = "def f(x): return K\n"

    assert of("K = {'a': 1, 'b': 2}\n" + body) != of("K = {'b': 2, 'a': 1}\n" + body)
    assert of("K = {'a', 'b'}\n" + body) == of("K = {'b', 'a'}\n" + body)
    assert of("K = frozenset([1, 'b'])\n" + body) == of("K = frozenset(['b', 1])\n" + body)


# ---------------------------------------------------------------- syntax

SYNTAX = {
    "f-string": ("def f(x): return f'{x!r:>{K}} {x}'\n", "!r", "!s"),
    "f-string, spec": ("def f(x): return f'{x:>4}'\n", ">4", "<4"),
    "walrus": ("def f(x): return (y := x) + y + K\n", "(y := x)", "(y := -x)"),
    "match": (
        "def f(x):\n    match x:\n        case {'a': [1, *r], **k} | C(b=r, c=k): return r\n"
        "        case None: return K\n",
        "case None",
        "case True",
    ),
    "match on nothing": (
        "def f(x):\n    match x:\n        case None: return K\n",
        "case None",
        "case False",
    ),
    "match on a key": ("def f(x):\n    match x:\n        case {'a': 1}: return K\n", "'a'", "'b'"),
    "async with": (
        "async def f(x):\n    async with x as y: return [z async for z in y if K]\n",
        "async for",
        "for",
    ),
    "async": ("async def f(x): return K\n", "async ", ""),
    "global": ("def f(x):\n    global K, L\n    K = L = x\n", "K, L\n", "L, K\n"),
    "try star": ("def f(x):\n    try: K()\n    except* E: pass\n", "except*", "except"),
    "unpacking": ("def f(x): return [*x, *K], {**x}\n", "{**x}", "{'a': x}"),
    "keyword": ("def f(x): return K(a=x)\n", "a=", "b="),
    "position only": ("def f(x, /): return K\n", ", /", ""),
    "star": ("def f(x, *y, z): return K\n", "*y", "**y"),
    "slice": ("def f(x): return x[1:K]\n", "1:", "1::"),
    "chain": ("def f(x): return 1 < x <= K\n", "<=", "<"),
    "nested quotes": ("def f(x): return ['a', 'b,c']\n", "'a', 'b,c'", "'a,b', 'c'"),
}


@pytest.mark.parametrize(("source", "old", "new"), SYNTAX.values(), ids=SYNTAX)
def test_syntax(source: str, old: str, new: str) -> None:
    """Every form of syntax is told from its neighbour, and its globals are followed."""
    before = of("K = 3\n" + source)
    changed = "def f(x, z, **y): return K\n" if new == "**y" else source.replace(old, new)

    assert of("K = 3\n\n" + source.replace(" = ", "  =  ")) == before
    assert of("K = 3\n" + changed) != before
    if "K" in source.replace("global K, L", "").replace("K = L", ""):
        assert difference(before, of("K = 4\n" + source)) == "constant K: 3 → 4"


# ---------------------------------------------------------------- decorators


def test_decorator_of_a_workspace_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its body counts as that of a decorator in a cell, with or without `wraps`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    text = (
        "import functools\ndef twice(fn):\n    @functools.wraps(fn)\n"
        "    def inner(x): return fn(x) * 2\n    return inner\n"
    )
    for number, text_now in enumerate([text, text.replace("    @functools.wraps(fn)\n", "")]):
        prints = []
        for change in (text_now, text_now.replace("* 2", "* 3")):
            name = f"wfnb_edge_{number}_{len(prints)}"
            (tmp_path / f"{name}.py").write_text(change)
            prints.append(of(f"from {name} import twice\n@twice\ndef f(x): return x\n"))
            del sys.modules[name]
        assert difference(*prints) == ("decorator twice", "own body")[number] + (
            f" ({name}.py:{3 - number})" if number == 0 else ""
        )


# ---------------------------------------------------------------- classes

CLASSES = {
    "init_subclass": (
        "class B:\n    def __init_subclass__(cls): cls.n = 1\nclass A(B): pass\n",
        "cls.n = 1",
        "cls.n = 2",
    ),
    "generic": (
        "from typing import Generic, TypeVar\nT = TypeVar('T')\n"
        "class A(Generic[T]):\n    def go(self, x: T) -> T: return x\n",
        "return x",
        "return -x",
    ),
    "base": ("class B: pass\nclass C: pass\nclass A(B): pass\n", "A(B)", "A(C)"),
    "init var": (
        "from dataclasses import InitVar, dataclass\n@dataclass\nclass A:\n    x: int\n"
        "    y: InitVar[int] = 3\n    def __post_init__(self, y): self.x += y\n",
        "self.x += y",
        "self.x -= y",
    ),
    "default of an init var": (
        "from dataclasses import InitVar, dataclass\n@dataclass\nclass A:\n    x: int\n"
        "    y: InitVar[int] = 3\n    def __post_init__(self, y): self.x += y\n",
        "= 3",
        "= 4",
    ),
    "descriptor": (
        "class D:\n    def __init__(self, n): self.n = n\n"
        "    def __get__(self, o, t): return self.n\n"
        "class A:\n    x = D(1)\n",
        "D(1)",
        "D(2)",
    ),
    "descriptor's method": (
        "class D:\n    def __get__(self, o, t): return 1\nclass A:\n    x = D()\n",
        "return 1",
        "return 2",
    ),
    "enum member added": (
        "import enum\nclass A(enum.Enum):\n    X = enum.auto()\n    Y = enum.auto()\n",
        "    Y = enum.auto()\n",
        "    Y = enum.auto()\n    Z = enum.auto()\n",
    ),
    "enum members swapped": (
        "import enum\nclass A(enum.Enum):\n    X = enum.auto()\n    Y = enum.auto()\n",
        "    X = enum.auto()\n    Y = enum.auto()\n",
        "    Y = enum.auto()\n    X = enum.auto()\n",
    ),
    "class variable of a dataclass": (
        "from dataclasses import dataclass\nfrom typing import ClassVar\n"
        "@dataclass\nclass A:\n    RATE: ClassVar[int] = 2\n",
        "= 2",
        "= 3",
    ),
    "property to method": (
        "class A:\n    @property\n    def x(self): return 1\n",
        "    @property\n",
        "",
    ),
    "property to static method": (
        "class A:\n    @property\n    def x(self): return 1\n",
        "@property",
        "@staticmethod",
    ),
    "attrs default": (
        "import attrs\n@attrs.frozen\nclass A:\n    x: int = 3\n",
        "= 3",
        "= 4",
    ),
    "attrs factory": (
        "import attrs\n@attrs.frozen\nclass A:\n    x: list = attrs.Factory(lambda: [1])\n",
        "[1]",
        "[2]",
    ),
    "attrs validator": (
        "import attrs\ndef check(one, it, v): assert v\n"
        "@attrs.frozen\nclass A:\n    x: int = attrs.field(validator=check)\n",
        "assert v",
        "assert not v",
    ),
    "attrs validator of attrs": (
        "import attrs\n@attrs.frozen\n"
        "class A:\n    x: int = attrs.field(validator=attrs.validators.ge(1))\n",
        "ge(1)",
        "ge(2)",
    ),
    "attrs field": (
        "import attrs\n@attrs.frozen\nclass A:\n    x: int\n",
        "x: int",
        "x: str",
    ),
}


@pytest.mark.parametrize(("source", "old", "new"), CLASSES.values(), ids=CLASSES)
def test_classes(source: str, old: str, new: str) -> None:
    """What a class is made of counts; running its cell again does not."""
    body = "def f(x): return A\n"
    before, after = of(source + body), of(source.replace(old, new) + body)

    assert of(source + body) == before
    assert difference(before, after) not in (None, "what it reads")


def test_annotations_only() -> None:
    """They say how a rule is wired, so they count, in the rule and in a class."""
    source = "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"
    body = "def f(x: int) -> int: return A(x)\n"

    assert difference(of(source + body), of(source + body.replace("x: int", "x: str"))) is not None
    retyped = of(source.replace("x: int", "x: str") + body)
    assert difference(of(source + body), retyped) == "class A: field x: int → str"


@pytest.mark.parametrize(
    "annotation",
    ["int", "list[int]", "Optional[B]", "B | None", "list[B]", "dict[str, datetime.date]",
     "Callable[[int], B]", "Literal['a', 'b']", "tuple[B, ...]", "ClassVar[int]", "None",
     "datetime.date", "Union[int, str]"],
)  # fmt: skip
def test_postponed_annotations_print_the_same(annotation: str) -> None:
    """`from __future__ import annotations` keeps texts where there were types."""
    source = (
        "import datetime\nfrom dataclasses import dataclass\n"
        "from typing import Callable, ClassVar, Literal, Optional, Union\n"
        "class B: pass\n@dataclass(frozen=True)\nclass A:\n    x: ANN\n"
        "class P:\n    x: ANN\ndef f(x: A) -> P: return A, P\n"
    ).replace("ANN", annotation)

    now = fingerprint(run(source).f)
    postponed = fingerprint(run("from __future__ import annotations\n" + source).f)

    assert now == postponed


# ---------------------------------------------------------------- modules


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Writes modules of the author's, each under a name of its own."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)

    def write(**files: str) -> None:
        for name, text in files.items():
            path = tmp_path / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        linecache.checkcache()
        for name in set(sys.modules) - before:
            del sys.modules[name]

    yield write
    for name in set(sys.modules) - before:
        del sys.modules[name]


IMPORTS = {
    "chain": "import wfnbspace.inner.deep\ndef f(x): return wfnbspace.inner.deep.go(x)\n",
    "as": "import wfnbspace.inner.deep as d\ndef f(x): return d.go(x)\n",
    "from": "from wfnbspace.inner import deep\ndef f(x): return deep.go(x)\n",
    "name": "from wfnbspace.inner.deep import go\ndef f(x): return go(x)\n",
    "in the body": "import wfnbspace.inner.deep\ndef f(x):\n"
    "    from wfnbspace.inner.deep import go\n    return go(x)\n",
}


@pytest.mark.parametrize("source", IMPORTS.values(), ids=IMPORTS)
def test_namespace_packages_and_chains(source: str, workspace: Callable[..., None]) -> None:
    """A function of a folder without `__init__` is followed, however it was imported."""
    workspace(wfnbspace__inner__deep="RATE = 2\ndef go(x): return x * RATE\n")
    first = of(source)
    workspace(wfnbspace__inner__deep="RATE = 2\ndef go(x): return x + RATE\n")
    second = of(source)
    workspace(wfnbspace__inner__deep="RATE = 3\ndef go(x): return x + RATE\n")
    third = of(source)

    assert first.lints == ()
    said = difference(first, second)
    assert said is not None
    assert said.startswith("helper ")
    assert said.endswith("go (deep.py:2)")
    assert difference(second, third) == "constant RATE: 2 → 3"


# ---------------------------------------------------------------- what cannot be followed

UNSEEN = {
    "import_module by name": (
        "from importlib import import_module\ndef f(x): return import_module('m')\n",
        "import_module",
    ),
    "import_module of its module": (
        "import importlib\ndef f(x): return importlib.import_module('m')\n",
        "import_module",
    ),
    "under another name": ("g = globals\ndef f(x): return g()['h']\n", "globals"),
    "through builtins": ("import builtins\ndef f(x): return builtins.eval('h')\n", "eval"),
    "exec": ("def f(x): exec('y = h')\n", "exec"),
    "locals": ("def f(x): return locals()['x']\n", "locals"),
    "of a module": ("import math\ndef f(x): return getattr(math, x)\n", "getattr"),
}


@pytest.mark.parametrize(("source", "name"), UNSEEN.values(), ids=UNSEEN)
def test_calls_that_cannot_be_followed(source: str, name: str) -> None:
    """They are linted under whatever name they are called."""
    assert of(source).lints == (f"f calls {name}(), and what that reads cannot be followed",)


def test_globals_asked_for_a_written_name(notebook: ModuleType) -> None:
    """It is followed like the name itself: no lint, and nothing else counts."""
    first = fingerprint(run("K = 1\nother = 1\ndef f(x): return globals()['K'] + x\n").f)
    assert first.lints == ()
    assert fingerprint(run("other = 2").f).digest == first.digest
    assert difference(first, fingerprint(run("K = 2").f)) == "constant K: 1 → 2"


@pytest.mark.parametrize("call", ["globals()[x]", "eval(x)", "vars()[x]"])
def test_names_looked_up_by_a_text_may_be_any(call: str, notebook: ModuleType) -> None:
    """So each name that the author has bound counts, private ones too; IPython’s do not."""
    first = fingerprint(run(f"K = 1\ndef f(x): return {call}\n").f)
    assert fingerprint(notebook.f).digest == first.digest
    assert fingerprint(run("_ = _i1 = 1\nOut = {1: 2}").f).digest == first.digest
    assert not first.holds() or fingerprint(run("K = 1").f).digest == first.digest
    changed = fingerprint(run("K = 2").f)
    assert changed.digest != first.digest
    assert not first.holds()
    added = fingerprint(run("new = 1").f)
    assert added.digest != changed.digest
    assert not changed.holds()


def test_in_a_helper_the_helper_is_named() -> None:
    """The lint says where to look."""
    source = "def h(x): return eval(x)\ndef f(x): return h(x)\n"

    assert of(source).lints == ("h calls eval(), and what that reads cannot be followed",)


def test_import_of_a_module_that_is_not_loaded() -> None:
    """It runs when the body does, so it is linted, and looked at once it is loaded."""
    assert of("def f(x):\n    import wfnb_not_there\n").lints == (
        "f cannot see into wfnb_not_there, which it imports when it runs",
    )


def test_author_s_names_among_the_builtins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody put there counts like a global."""
    import builtins

    monkeypatch.setattr(builtins, "RATE", 2, raising=False)
    first = of("def f(x): return x * RATE\n")
    monkeypatch.setattr(builtins, "RATE", 3)

    assert not first.holds()
    assert difference(first, of("def f(x): return x * RATE\n")) == "constant RATE: 2 → 3"


def test_the_world_is_invisible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment, files, clock, chance: what they give is no part of a meaning."""
    source = (
        "import os, random, time\ndef f(x):\n"
        "    return os.environ.get('WFNB_EDGE'), random.random(), time.time(), open(x).read()\n"
    )
    first = of(source)
    monkeypatch.setenv("WFNB_EDGE", "1")
    random.random()

    assert first.holds()
    assert of(source) == first
    assert first.lints == ()
    assert time.time()
    assert os.environ["WFNB_EDGE"] == "1"


def test_opaque_value_counts_by_the_run_that_bound_it(notebook: ModuleType) -> None:
    """Two runs may have made different things; printing again is not a run."""
    run("import itertools\nK = itertools.count(1)\ndef f(x): return next(K)\n")
    first = fingerprint(notebook.f)
    assert first.lints == ("f cannot see into K, a count",)
    next(notebook.K)
    run("L = 1\n")
    assert first.holds()
    assert fingerprint(notebook.f) == first

    run("K = itertools.count(1)\n")
    assert not first.holds()
    assert difference(first, fingerprint(notebook.f)) == "constant K"


def test_opaque_values_are_let_go(notebook: ModuleType) -> None:
    """Those that no weak reference can be made to stay only as long as a print of them."""
    import gc
    import weakref

    class Payload:
        pass

    run("def f(x): return next(K), L\n")
    seen = []
    for _ in range(20):
        payload = Payload()
        seen.append(weakref.ref(payload))
        notebook.K = iter([payload])  # type: ignore[attr-defined] # a module takes any name
        notebook.L = 1  # type: ignore[attr-defined] # a module takes any name
        last = fingerprint(notebook.f)
        notebook.L = 2  # type: ignore[attr-defined] # a module takes any name
        assert difference(last, fingerprint(notebook.f)) == "constant L: 1 → 2"
        notebook.L = 1  # type: ignore[attr-defined] # a module takes any name
        assert fingerprint(notebook.f) == last
        del payload
    gc.collect()

    assert len([each for each in seen if each() is not None]) == 1


# ---------------------------------------------------------------- tools that watch


def _watch_by_trace(run_it: Callable[[], object]) -> None:
    before = sys.gettrace()
    sys.settrace(lambda *_: lambda *_: None)
    try:
        run_it()
    finally:
        sys.settrace(before)


def _watch_by_profile(run_it: Callable[[], object]) -> None:
    before = sys.getprofile()
    sys.setprofile(lambda *_: None)
    try:
        run_it()
    finally:
        sys.setprofile(before)


def _watch_by_monitoring(run_it: Callable[[], object]) -> None:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore] # from 3.12 on
    tool = 4
    events = monitoring.events
    monitoring.use_tool_id(tool, "wfnb tests")
    monitoring.set_events(tool, events.LINE | events.PY_START | events.INSTRUCTION)
    monitoring.register_callback(tool, events.LINE, lambda *_: None)
    try:
        run_it()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


WATCHES = [_watch_by_trace, _watch_by_profile]
if sys.version_info >= (3, 12):
    WATCHES.append(_watch_by_monitoring)


@pytest.mark.parametrize("watch", WATCHES)
@pytest.mark.parametrize("has_source", [True, False])
def test_watched_code_prints_the_same(
    watch: Callable[[Callable[[], object]], None], has_source: bool
) -> None:
    """Coverage, debuggers and profilers instrument code in place; Python specialises it."""
    source = (
        "import math\nK = 3\ndef h(x): return x + K\n"
        "def f(x):\n    total = 0\n"
        "    for i in range(x): total += h(i) + len('ab') + math.sqrt(i)\n"
        "    return total\n"
    )
    if has_source:
        module = run(source)
    else:
        module = types.SimpleNamespace(**{"__name__": "__main__"})
        exec(source, vars(module))
    before = fingerprint(module.f)
    after: list[Fingerprint] = []

    def run_it() -> None:
        module.f(2000)
        anatomy._known.clear()
        linecache.checkcache()
        module.K = 4
        module.K = 3
        after.append(fingerprint(module.f))
        run_again = types.FunctionType(module.f.__code__, vars(module), "f")
        after.append(fingerprint(run_again))

    watch(run_it)
    run_it()

    assert after == [before] * 4
    assert before.holds()


def test_first_pickle_and_copy_of_an_instance(notebook: ModuleType) -> None:
    """They leave names in the class."""
    import copyreg

    run(
        "class A:\n    __slots__ = ('n',)\n    def __init__(self): self.n = 1\n"
        "a = A()\ndef f(x): return A(), a\n"
    )
    before = fingerprint(notebook.f)

    assert pickle.loads(pickle.dumps(notebook.a)).n == 1
    copyreg._slotnames(notebook.A)  # type: ignore[attr-defined] # as protocol 2 does
    assert "__slotnames__" in vars(notebook.A)

    assert fingerprint(notebook.f) == before


def test_bytecode_says_which_python_it_is_for() -> None:
    """Equal bytes mean something else to another version."""
    code = compile("x", "<edge>", "eval")
    version = b"%d.%d" % sys.version_info[:2]

    assert b":" + version in bytecode_text(code)[:20]
