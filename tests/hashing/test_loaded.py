"""Modules edited on disk: the loaded code counts, and a lint says that the file says otherwise."""

from __future__ import annotations

import importlib
import itertools
import linecache
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from wfnb.hashing.fingerprint import difference, fingerprint
from wfnb.hashing.loaded import forget_modules

_numbers = itertools.count()
TEXT = "RATE = 2\ndef go(x):\n    return x * RATE\n"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of the workspace, imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    name = f"wfnb_workflow_{next(_numbers)}"
    (tmp_path / f"{name}.py").write_text(TEXT)
    importlib.invalidate_caches()
    yield importlib.import_module(name)
    sys.modules.pop(name, None)


def edit(module: ModuleType, text: str) -> None:
    file = Path(str(module.__file__))
    file.write_text(text)
    stamp = file.stat().st_mtime_ns + 10**9 * next(_numbers)  # some file systems count in seconds
    os.utime(file, ns=(stamp, stamp))


def lint(module: ModuleType) -> str:
    return f"{module.__name__}.py has changed on disk since it was imported: %wf reload picks it up"


def test_counts_what_is_loaded_and_lints_the_file(module: ModuleType) -> None:
    before = fingerprint(module.go)
    assert before.lints == ()

    edit(module, TEXT.replace("x * RATE", "x + RATE"))

    assert before.holds()
    assert fingerprint(module.go) == before
    assert fingerprint(module.go).lints == (lint(module),)
    assert before.lints == (lint(module),)


def test_lints_a_changed_constant(module: ModuleType) -> None:
    """The code is the same, and still the file does not say what is loaded."""
    before = fingerprint(module.go)

    edit(module, TEXT.replace("RATE = 2", "RATE = 3"))

    assert fingerprint(module.go) == before
    assert before.lints == (lint(module),)


def test_reload_ends_the_lint_and_the_old_meaning(module: ModuleType) -> None:
    before = fingerprint(module.go)
    edit(module, TEXT.replace("x * RATE", "x + RATE"))
    assert before.lints == (lint(module),)

    importlib.reload(module)
    linecache.checkcache()

    after = fingerprint(module.go)
    assert after.lints == ()
    assert after != before


@pytest.mark.parametrize("is_told", [True, False])
def test_text_run_again_in_the_module_ends_the_lint(module: ModuleType, is_told: bool) -> None:
    """As `%wf reload` does, which keeps the module and all that the import system knows of it."""
    before = fingerprint(module.go)
    changed = TEXT.replace("RATE = 2", "RATE = 3")
    edit(module, changed)
    assert before.lints == (lint(module),)

    linecache.checkcache()
    exec(compile(changed, str(module.__file__), "exec", dont_inherit=True), vars(module))
    if is_told:
        forget_modules([module.__name__])

    after = fingerprint(module.go)
    assert after.lints == ()
    assert difference(before, after) == "constant RATE: 2 → 3"
    edit(module, TEXT)
    assert after.lints == (lint(module),)


def test_sees_that_a_module_of_rules_was_run_again(module: ModuleType) -> None:
    """Rules and decorated functions are no plain functions, but have code of the file, too."""
    text = (
        "import functools\nfrom wfnb import rule\ndef plain(fn):\n"
        "    return functools.wraps(fn)(lambda x: fn(x))\n"
        "RATE = 2\n@rule\ndef go(x: int) -> str:\n    return 'a' * RATE * x\ndel plain\n"
    )
    edit(module, text)
    linecache.checkcache()
    vars(module).pop("go")
    exec(compile(text, str(module.__file__), "exec", dont_inherit=True), vars(module))
    before = fingerprint(module.go)
    assert before.lints == ()
    changed = text.replace("RATE = 2", "RATE = 3")
    edit(module, changed)
    assert before.lints == (lint(module),)

    exec(compile(changed, str(module.__file__), "exec", dont_inherit=True), vars(module))

    assert fingerprint(module.go).lints == ()


def test_does_not_lint_a_file_that_says_the_same_again(module: ModuleType) -> None:
    """Touched, or edited and undone."""
    before = fingerprint(module.go)
    edit(module, TEXT)
    assert before.lints == ()
    edit(module, TEXT + "#")
    assert before.lints == (lint(module),)
    edit(module, TEXT)
    assert before.lints == ()


def test_lints_a_file_edited_before_the_first_look(module: ModuleType) -> None:
    edit(module, TEXT.replace("x * RATE", "x + RATE"))

    assert fingerprint(module.go).lints == (lint(module),)


def test_says_nothing_of_a_file_that_is_gone(module: ModuleType) -> None:
    """Editors replace files, and for a moment there is none."""
    before = fingerprint(module.go)
    Path(str(module.__file__)).unlink()

    assert before.lints == ()


def test_lints_for_a_rule_that_reaches_the_module_through_a_helper(module: ModuleType) -> None:
    source = f"import {module.__name__} as m\ndef h(x): return m.go(x)\ndef f(x): return h(x)\n"
    linecache.cache["<loaded>"] = (1, None, source.splitlines(True), "<loaded>")
    space = {"__name__": "__main__"}
    exec(compile(source, "<loaded>", "exec"), space)
    before = fingerprint(space["f"])

    edit(module, TEXT.replace("RATE = 2", "RATE = 3"))

    assert before.lints == (lint(module),)
    del linecache.cache["<loaded>"]
