"""What rules of the models read by name: helpers of a notebook, and a file of its workspace.

Knows: texts, what each means, and how to bring them into force.
Does not know: engines, which have to look again by themselves.
Holds: a text in another spelling means the same.
"""

from __future__ import annotations

import importlib
import itertools
import linecache
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

MODULE = "models_workspace"
INNER = "inner"
_MEANINGS: dict[str, Callable[[Any], Any]] = {
    "0": lambda n: 0,
    "1": lambda n: 1,
    "True": lambda n: True,
    "n": lambda n: n,
}
INNER_MEANINGS = tuple(_MEANINGS)
HELPER_MEANINGS = (*INNER_MEANINGS, "inner(n)")
FILE_MEANINGS = INNER_MEANINGS
_SPELLINGS = (
    "def {name}(n):\n    return {meaning}\n",
    "def {name}(n):\n    # another way to say it\n    return ({meaning})\n",
    'def {name}(n):\n    """Says it."""\n\n    return {meaning}\n',
)
SPELLINGS = len(_SPELLINGS)


class Surroundings:
    """The names of a notebook, and the module that it imports.

    Args:
        names: more that stands in the notebook.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.names: dict[str, Any] = {**names, "__name__": "__main__"}
        self.meanings: dict[str, str] = {}
        self._cells = itertools.count(1)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def run(self, text: str) -> None:
        """Run a cell."""
        filename = f"<cell {next(self._cells)}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        exec(compile(text, filename, "exec", dont_inherit=True), self.names)

    def function(self, text: str, name: str) -> FunctionType:
        """Run a cell that makes one function, which it takes out of the notebook."""
        self.run(text)
        made: FunctionType = self.names.pop(name)
        return made

    def write_helper(self, name: str, meaning: str, spelling: int = 0) -> None:
        """Run the cell of a helper."""
        self.run(_SPELLINGS[spelling].format(name=name, meaning=meaning))
        self.meanings[name] = meaning

    def write_file(self, meaning: str, spelling: int = 0) -> None:
        """Write the workspace's file, and have the notebook import it anew."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name, f"{MODULE}.py")
        text = f"K = {meaning if meaning != 'n' else 0}\n"
        inside = "K" if meaning != "n" else "n"
        path.write_text(text + _SPELLINGS[spelling].format(name="value", meaning=inside))
        os.utime(path, (0, next(self._cells)))  # two texts of one size are told apart by time
        was_writing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        sys.path.insert(0, self._folder.name)
        try:
            importlib.invalidate_caches()
            known = self.names.get(MODULE)
            if isinstance(known, ModuleType) and sys.modules.get(MODULE) is known:
                importlib.reload(known)
            else:
                sys.modules.pop(MODULE, None)
                self.names[MODULE] = importlib.import_module(MODULE)
        finally:
            sys.path.remove(self._folder.name)
            sys.dont_write_bytecode = was_writing
        self.meanings[MODULE] = meaning

    def meaning(self, name: str) -> str:
        """What a name means now, helpers of helpers looked through."""
        meaning = self.meanings[name]
        return self.meanings[INNER] if meaning == "inner(n)" else meaning

    def value(self, name: str, n: object) -> object:
        """What a helper or the file gives for a number."""
        return _MEANINGS[self.meaning(name)](n)
