"""Modules of the workspace that a rule reaches otherwise than by `module.name`."""

from __future__ import annotations

import importlib
import itertools
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wfnb.hashing.fingerprint import difference, fingerprint

_numbers = itertools.count()
TEXT = "K = 1\n_k = 1\ndef f(): return 1\n"


@pytest.fixture(autouse=True)
def main(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    yield module
    for filename in [name for name in linecache.cache if name.startswith("<as-value-")]:
        del linecache.cache[filename]


@pytest.fixture
def hlp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    name = f"wfnb_hlp_{next(_numbers)}"
    (tmp_path / f"{name}.py").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module(name)
    sys.modules.pop(name, None)


def run(source: str, module: ModuleType) -> Any:
    filename = f"<as-value-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    return module


WAYS = {
    "imported in the body": "def use(x):\n    import M\n    return M.f()\n",
    "in a dict": "import M\nD = {'m': M}\ndef use(x): return D['m'].f()\n",
    "in a class": "import M\nclass X:\n    m = M\ndef use(x): return X.m.f()\n",
    "in an object": "import M, types\nX = types.SimpleNamespace(m=M)\ndef use(x): return X.m.f()\n",
    "as an argument": "import M\ndef h(m): return m.f()\ndef use(x): return h(M)\n",
    "as a default": "import M\ndef use(x, m=M): return m.f()\n",
    "in a closure": "import M\ndef make(m):\n    return lambda x: m.f()\nuse = make(M)\n",
    "by another name in the body": "import M\ndef use(x):\n    m = M\n    return m.f()\n",
    "getattr": "import M\ndef use(x): return getattr(M, 'f')()\n",
    "vars": "import M\ndef use(x): return vars(M)['f']()\n",
    "__import__": "def use(x): return __import__('M').f()\n",
    "import_module": "import importlib\ndef use(x): return importlib.import_module('M').f()\n",
    "sys.modules": "import sys\ndef use(x): return sys.modules['M'].f()\n",
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_follows_a_module_wherever_it_is(source: str, hlp: ModuleType, main: ModuleType) -> None:
    """Everything in it may be meant. Reloading the same text changes nothing."""
    source = source.replace("M", hlp.__name__)
    first = fingerprint(run(source, main).use)
    assert first.holds()
    assert fingerprint(run(source, ModuleType("__main__")).use) == first

    importlib.reload(hlp)
    assert fingerprint(main.use) == first

    assert hlp.__file__ is not None
    Path(hlp.__file__).write_text(TEXT.replace("return 1", "return 10"))
    importlib.reload(hlp)
    assert not first.holds()
    second = fingerprint(main.use)
    assert second != first
    assert difference(first, second) == f"helper {hlp.__name__}.f ({hlp.__name__}.py:3)"

    hlp._k = 2  # type: ignore[attr-defined] # a module takes any name
    assert not second.holds()
    assert difference(second, fingerprint(main.use)) == f"constant {hlp.__name__}._k: 1 → 2"


def test_follows_only_what_is_named_where_it_can(hlp: ModuleType, main: ModuleType) -> None:
    """`module.name` leads to one thing, and the others do not count."""
    run(f"import {hlp.__name__} as m\ndef use(x): return m.f()\n", main)
    first = fingerprint(main.use)

    hlp.K = 2  # type: ignore[attr-defined] # a module takes any name
    assert first.holds()


def test_follows_a_package_whose_module_is_imported(tmp_path: Path, main: ModuleType) -> None:
    """`import a.b` in a body binds a."""
    name = f"wfnb_pkg_{next(_numbers)}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("K = 1\n")
    (tmp_path / name / "sub.py").write_text("L = 1\n")
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    try:
        importlib.import_module(f"{name}.sub")
    finally:
        sys.path.remove(str(tmp_path))
    run(f"def use(x):\n    import {name}.sub\n    return {name}.K\n", main)
    first = fingerprint(main.use)

    sys.modules[f"{name}.sub"].L = 2  # type: ignore[attr-defined] # a module takes any name
    assert not first.holds()
    second = fingerprint(main.use)
    sys.modules[name].K = 2  # type: ignore[attr-defined] # a module takes any name
    assert not second.holds()
    assert difference(second, fingerprint(main.use)) == f"constant {name}.K: 1 → 2"


NAMESPACES = {
    "eval": "eval('_k')",
    "__globals__": "use.__globals__['_k']",
    "a frame": "__import__('inspect').currentframe().f_globals['_k']",
    "IPython’s": "get_ipython().user_ns['_k']",
    "__main__": "__import__('__main__')._k",
    "__main__ of sys.modules": "sys.modules['__main__']._k",
}


@pytest.mark.parametrize("call", NAMESPACES.values(), ids=NAMESPACES)
def test_follows_all_names_where_any_may_be_meant(call: str, main: ModuleType) -> None:
    """Private ones as well, but not what IPython binds at each cell."""
    run(f"import sys\n_k = 1\ndef use(x): return {call}\n", main)
    first = fingerprint(main.use)

    for name in ("_", "__", "___", "_1", "_12", "_i", "_ii", "_iii", "_i7", "_ih", "_oh", "_dh"):
        vars(main)[name] = object()
    assert first.holds()
    main._k = 2  # type: ignore[attr-defined] # a module takes any name
    assert not first.holds()
    assert difference(first, fingerprint(main.use)) == "constant _k: 1 → 2"


def test_follows_main_imported_in_a_body(main: ModuleType) -> None:
    run("K = 1\ndef use(x):\n    import __main__\n    return __main__.K\n", main)
    first = fingerprint(main.use)

    main.K = 2  # type: ignore[attr-defined] # a module takes any name
    assert not first.holds()
    assert difference(first, fingerprint(main.use)) == "constant K: 1 → 2"
