"""wfnb's own column: each edit in one notebook, and what two processes make of the text.

A script, run once per process by `columns.py`, on any Python that has IPython and finds wfnb:

    cells.py kernel          each edit in a notebook: ask, run the edited cell, ask again
    cells.py before | after  what the rules mean in this process, before or after each edit

The last line it prints is JSON: by edit, by form of the rule, what was found. The two forms of a
rule: `f` itself, and one that calls `f`.

Knows: IPython, wfnb and its extension.
Does not know: other tools; what is right.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from edits import ARGUMENT, EDITS, MODULE, Edit
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from wfnb.current import set_current_engine
from wfnb.engine import Engine
from wfnb.hashing.fingerprint import fingerprint

START = """\
%load_ext wfnb
from wfnb import rule, request
"""
RELOAD = f"""\
import importlib, {MODULE}
importlib.reload({MODULE})
"""
FORMS = {
    "rule": "f = rule(f)\n",
    "caller": "@rule\ndef calling(x: int) -> str:\n    return f(x)\n",
}


class Notebook:
    """A new IPython with wfnb, and a new engine."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        InteractiveShell.clear_instance()
        self.engine = Engine()
        set_current_engine(self.engine)
        self.shell = InteractiveShell.instance(config=config)
        self.run(START)

    def run(self, text: str) -> Any:
        """Run a cell that has to succeed; gives the value of its last expression."""
        with capture_output():
            done = self.shell.run_cell(text, store_history=True)
        done.raise_error()
        return done.result

    def close(self) -> None:
        """Have it watch no more cells."""
        self.run("%unload_ext wfnb")
        atexit.unregister(self.shell.atexit_operations)  # it would take a second at exit

    def ask(self) -> tuple[str, int]:
        """What the rule gives, and how often its body ran for that."""
        value = self.run(f"request(str, {ARGUMENT})")
        report = self.engine.last
        assert report is not None
        return value, sum(report.ran_counts.values())


@contextmanager
def notebook() -> Iterator[Notebook]:
    """A notebook that is closed at the end."""
    opened = Notebook()
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def workspace(edit: Edit) -> Iterator[Path]:
    """A folder with the edit's module, that imports find."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{MODULE}.py"
        file.write_text(edit.module)
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        sys.modules.pop(MODULE, None)
        try:
            yield file
        finally:
            sys.path.remove(folder)


def _with_rule(cells: tuple[str, ...], form: str) -> tuple[str, ...]:
    return (*cells[:-1], cells[-1] + FORMS[form])


def in_one_kernel(edit: Edit, form: str) -> dict[str, object]:
    """Ask, make the edit in its cell, ask again: the values, and whether it ran again."""
    before, after = _with_rule(edit.cells, form), _with_rule(edit.edited_cells, form)
    with workspace(edit) as file, notebook() as opened:
        for text in before:
            opened.run(text)
        first, ran_first = opened.ask()
        if edit.at < 0:
            file.write_text(edit.edited_module)
            opened.run(RELOAD)
        else:
            opened.run(after[edit.at])
        second, ran_second = opened.ask()
    assert ran_first == 1, f"{edit.name}: ran {ran_first} times at first"
    return {"first": first, "second": second, "runs": ran_second}


def meaning(edit: Edit, form: str, *, is_edited: bool) -> dict[str, object]:
    """What the rule means in this process, as a digest, and what it gives."""
    with workspace(edit) as file, notebook() as opened:
        if is_edited:
            file.write_text(edit.edited_module)
        for text in _with_rule(edit.edited_cells if is_edited else edit.cells, form):
            opened.run(text)
        (standing,) = opened.engine.rule_graph.rules.values()
        digest = fingerprint(standing.function).digest.hex()
        return {"digest": digest, "value": opened.ask()[0]}


def main(phase: str) -> None:
    """Print what a phase finds for each edit."""
    sys.dont_write_bytecode = True
    found: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder
        for edit in EDITS:
            for form in FORMS:
                if form == "rule" and not edit.is_rule:
                    continue
                of_edit = found.setdefault(edit.name, {})
                try:
                    if phase == "kernel":
                        of_edit[form] = in_one_kernel(edit, form)
                    else:
                        of_edit[form] = meaning(edit, form, is_edited=phase == "after")
                except Exception as error:
                    of_edit[form] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
