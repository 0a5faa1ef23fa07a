"""Finding the definition that a code object was compiled from."""

from __future__ import annotations

import ast
import importlib
import itertools
import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wfnb.hashing import syntax
from wfnb.hashing.syntax import function_syntax, source_line

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _forget_cells() -> Iterator[None]:
    yield
    for filename in [name for name in linecache.cache if name.startswith("<syntax-")]:
        del linecache.cache[filename]


def run(source: str, filename: str | None = None) -> dict[str, Any]:
    filename = filename or f"<syntax-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace: dict[str, Any] = {"__name__": "__main__", "FILE": filename}
    exec(compile(source, filename, "exec"), namespace)
    return namespace


def found(function: Any) -> str:
    node = function_syntax(function.__code__)
    return "nothing" if node is None else ast.unparse(node)


def test_function_of_a_module_file() -> None:
    assert found(found).startswith("def found(function: Any) -> str:")


def test_function_of_a_cell() -> None:
    assert found(run("x = 1\ndef f(a):\n    return a\n")["f"]) == "def f(a):\n    return a"


def test_async_function() -> None:
    assert found(run("async def f(): return 1\n")["f"]).startswith("async def f()")


def test_first_line_is_that_of_the_first_decorator() -> None:
    source = "def same(f): return f\n\n@same\n@same\ndef f(): return 1\n"
    assert found(run(source)["f"]).endswith("def f():\n    return 1")


def test_method_and_nested_function() -> None:
    source = (
        "class C:\n    def m(self, __a): return 1\ndef f():\n    def g(): return 2\n    return g\n"
    )
    namespace = run(source)
    assert "return 1" in found(namespace["C"].m)
    assert "return 2" in found(namespace["f"]())


def test_two_functions_of_one_name() -> None:
    namespace = run("def f(): return 1\ng = f\ndef f(): return 2\n")
    assert "return 1" in found(namespace["g"])
    assert "return 2" in found(namespace["f"])


def test_lambda() -> None:
    assert found(run("f = lambda x: x + 1\n")["f"]) == "lambda x: x + 1"


def test_two_lambdas_in_one_line_are_ambiguous() -> None:
    namespace = run("f, g = (lambda x: 1), (lambda x: 2)\n")
    assert found(namespace["f"]) == found(namespace["g"]) == "nothing"


def test_no_source() -> None:
    namespace: dict[str, Any] = {}
    exec("def f(): return 1", namespace)
    assert found(namespace["f"]) == "nothing"


def test_source_that_does_not_parse() -> None:
    function = run("def f(): return 1\n", "<syntax-broken>")["f"]
    source = "%matplotlib inline\ndef f(): return 1\n"
    linecache.cache["<syntax-broken>"] = (1, None, source.splitlines(True), "<syntax-broken>")
    assert found(function) == "nothing"


def test_changed_source_is_read_again() -> None:
    assert "return 1" in found(run("def f(): return 1\n", "<syntax-edited>")["f"])
    assert "return 2" in found(run("def f(): return 2\n", "<syntax-edited>")["f"])


def test_source_edited_after_import_is_told_by_its_parameters() -> None:
    function = run("def f(a): return 1\n", "<syntax-late>")["f"]
    source = "def f(a, b): return 1\n"
    linecache.cache["<syntax-late>"] = (1, None, [source], "<syntax-late>")
    assert found(function) == "nothing"


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Write a module, and import or reload it."""
    name = f"wfnb_syntax_{next(_numbers)}"
    file = tmp_path / f"{name}.py"

    def load(source: str) -> ModuleType:
        file.write_text(source, encoding="utf-8")
        importlib.invalidate_caches()
        loaded = sys.modules.get(name)
        return importlib.reload(loaded) if loaded else importlib.import_module(name)

    sys.path.insert(0, str(tmp_path))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    yield load
    sys.dont_write_bytecode = before
    sys.path.remove(str(tmp_path))
    sys.modules.pop(name, None)
    linecache.cache.pop(str(file), None)


def test_file_edited_before_its_text_was_asked_for(load: Callable[[str], ModuleType]) -> None:
    """The text by now is not what runs: taking it would make an edit invisible at the reload."""
    module = load("def f(): return 1\ndef same(): return 3\n")
    Path(str(module.__file__)).write_text("def f(): return 2\ndef same(): return 3\n")

    assert found(module.f) == "nothing"
    assert found(module.same) == "def same():\n    return 3"


def test_file_edited_after_its_text_was_asked_for(load: Callable[[str], ModuleType]) -> None:
    """The text that was there when the file was loaded still is what runs."""
    module = load("def f(): return 1\n")
    assert "return 1" in found(module.f)
    Path(str(module.__file__)).write_text("def f(): return 2 + 2\n")

    assert "return 1" in found(module.f)


def test_file_loaded_again(load: Callable[[str], ModuleType]) -> None:
    """After a reload the new text is what runs."""
    assert "return 1" in found(load("def f(): return 1\n").f)
    assert "return 2" in found(load("\ndef f(): return 2 + 2\n").f)
    assert "return 3" in found(load("def g(): return 1\ndef f(a): return 3\n").f)


def test_file_that_its_loader_rewrites() -> None:
    """What pytest makes of an assert is not what is written; the text is right all the same."""

    def rewritten(x: int) -> int:
        assert x == 1, "told"
        return x

    assert "@py_assert" in " ".join(rewritten.__code__.co_varnames)
    assert found(rewritten).startswith("def rewritten(x: int) -> int:\n    assert x == 1")


def test_functions_of_one_file_cost_one_compilation(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telling whether a file was edited costs as much as importing it, once."""
    module = load("".join([f"def f{n}(): return {n}\n" for n in range(300)]))
    compiled: list[str] = []
    make = syntax._compiled
    monkeypatch.setattr(syntax, "_compiled", lambda text: compiled.append(text) or make(text))

    assert all(found(getattr(module, f"f{n}")).endswith(f"return {n}") for n in range(300))
    assert len(compiled) == 1


def test_functions_of_one_text_cost_one_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    namespace = run("".join([f"def f{n}(): return {n}\n" for n in range(300)]))
    parsed: list[str] = []
    parse = ast.parse
    monkeypatch.setattr(syntax.ast, "parse", lambda text: parsed.append(text) or parse(text))
    assert all(found(namespace[f"f{n}"]).endswith(f"return {n}") for n in range(300))
    assert len(parsed) == 1


def test_source_line() -> None:
    file = run("x = 1\ny = 2\n")["FILE"]
    assert source_line(file, 2) == "y = 2"
    assert source_line(file, 9) == source_line("<nowhere>", 1) == ""
