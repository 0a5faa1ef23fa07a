"""Reload: modules of the workspace whose file has changed are run again, `%wf reload`.

A module is followed as it was loaded: what is saved in an editor does not count until it is asked
for, so that a request never mixes what two versions say. Reloading runs the text of a changed
module, and of every module that imports it, in the module's own namespace; a class whose
definition is the same stays the same object, as in a cell.

Knows: modules, their files, what they import, names that cells took from them.
Does not know: the engine; how classes are compared (`classes.py`).
Holds: a module's namespace is either all old or all new, and all modules are: one that fails puts
       everything back as it was.
"""

from __future__ import annotations

import ast
import linecache
import os
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from wfnb.errors import MagicError, WfnbError
from wfnb.hashing.origins import is_library
from wfnb.notebook import statements
from wfnb.notebook.classes import ClassBook
from wfnb.notebook.declared import Declared, is_rule
from wfnb.notebook.reader import CellReader
from wfnb.notebook.reports import plural
from wfnb.places import place

if TYPE_CHECKING:
    from wfnb.notebook.outcomes import CellStory

_PYTHON = sysconfig.get_path("stdlib")
_ABSENT, _NEVER = object(), object()
_KEPT_NAMES = ("__name__", "__spec__", "__loader__", "__package__", "__path__", "__file__")


class Modules:
    """The modules of the workspace that a notebook has imported.

    Args:
        classes: which classes stand.
        namespace: gives the notebook's names.
    """

    def __init__(
        self, classes: ClassBook, namespace: Callable[[], MutableMapping[str, object]]
    ) -> None:
        self._classes = classes
        self._namespace = namespace
        self._texts: dict[str, str] = {}
        self._passed: set[str] = set()
        self._taken: dict[str, tuple[str, str]] = {}

    def look(self) -> None:
        """Take note of modules that were imported since; called when a cell ends.

        Cost: 30 µs, and one reading of the file of each new module.
        """
        for name in [n for n in list(sys.modules) if n not in self._passed]:
            self._passed.add(name)
            file = _file_of(name)
            if file and not is_library(name):
                with suppress(OSError, UnicodeDecodeError):
                    self._texts[name] = Path(file).read_text("utf-8")

    def take(self, cell: ast.Module) -> None:
        """Take note of the names that a cell takes from modules, and of those it binds anew."""
        for name in statements.bound_names(cell):
            self._taken.pop(name, None)
        for node in ast.walk(cell):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    name = (
                        f"* of {node.module}" if alias.name == "*" else alias.asname or alias.name
                    )
                    self._taken[name] = (node.module, alias.name)

    def reload(self, root: Path) -> dict[str, dict[str, Any]]:
        """Run again what has changed, and all that imports it, of the files under `root`.

        Returns:
            For each module that was reloaded, in order, what its names meant before.

        Raises:
            MagicError: a file is gone, or its text fails; then nothing has changed.
        """
        self.look()
        inside = [n for n in self._texts if Path(_file_of(n)).resolve().is_relative_to(root)]
        texts = {name: _text_now(name) for name in inside}
        changed = {name for name, text in texts.items() if text != self._texts[name]}
        if not changed:
            return {}
        restore_classes = self._classes.saved()
        before: dict[str, dict[str, Any]] = {}
        try:
            for name in _order(texts, changed):
                self._adopt(name)
                before[name] = dict(vars(sys.modules[name]))
                linecache.checkcache(_file_of(name))
                self._run(sys.modules[name], texts[name])
        except BaseException as error:
            for name in reversed(before):
                _put_back(sys.modules[name], before[name])
            restore_classes()
            if isinstance(error, Exception):
                raise _failure(error, list(before)[-1] if before else "") from error
            raise
        self._texts.update({name: texts[name] for name in before})
        self._rebind(before)
        return before

    def _adopt(self, name: str) -> None:
        """Have the classes of a module's first text known, as far as they can be told."""
        if name in self._classes.modules:
            return
        self._classes.modules.add(name)
        tree = ast.parse(self._texts[name])
        times = Counter(statements.iter_bound(tree))
        for node in statements.iter_classes(tree):
            cls = vars(sys.modules[name]).get(node.name)
            text = statements.class_text(node)
            is_bound_once = all(times[n.partition(".")[0]] <= 1 for n in (node.name, *text.reads))
            if isinstance(cls, type) and cls.__module__ == name and is_bound_once:
                self._classes.adopt(text, cls)

    def _run(self, module: ModuleType, text: str) -> None:
        tree = ast.parse(text, module.__file__ or "")
        CellReader(lambda: True, lambda _: None, states=False).visit(tree)
        code = compile(tree, module.__file__ or "", "exec", dont_inherit=True)
        namespace = vars(module)
        inner = {
            key: value
            for key, value in namespace.items()
            if key in _KEPT_NAMES or sys.modules.get(f"{module.__name__}.{key}") is value
        }
        namespace.clear()
        namespace.update(inner)
        exec(code, namespace)

    def _rebind(self, before: dict[str, dict[str, Any]]) -> None:
        """Let the notebook's names that were taken from a module mean what the module's do now."""
        namespace = self._namespace()
        for name, (module, inner) in self._taken.items():
            old = before.get(module)
            if old is None:
                continue
            now = vars(sys.modules[module])
            is_star = inner == "*"
            for outer, key in [(n, n) for n in _public(now)] if is_star else [(name, inner)]:
                known = namespace.get(outer, _ABSENT)
                is_old = known is old.get(key, _NEVER) or (is_star and known is _ABSENT)
                if key in now and is_old:
                    namespace[outer] = now[key]


def newer(declared: Declared, before: dict[str, dict[str, Any]]) -> list[Declared]:
    """What stands in the place of a rule after a reload: the rule that its name means now."""
    old = before.get(declared.module) if is_rule(declared) else None
    if old is None:
        return [declared]
    names = vars(sys.modules[declared.module])
    keys = [k for k, v in old.items() if is_rule(v) and v.function is declared.function]
    return [names[k] for k in keys[:1] if is_rule(names.get(k))]


def reloaded(before: dict[str, dict[str, Any]], story: CellStory) -> str:
    """`reloaded: cleaning.py · 1 rule changed`."""
    files = ", ".join(os.path.basename(_file_of(name)) for name in before)
    groups = (("added", story.added), ("changed", story.changed), ("withdrawn", story.withdrawn))
    counts = [f"{plural('rule', len(names))} {word}" for word, names in groups if names]
    return " · ".join([f"reloaded: {files}", *(counts or ["no rule changed"])])


def _file_of(name: str) -> str:
    """The file of a module that Python text was read from; "" for any other module."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if name == "__main__" or not isinstance(file, str) or not file.endswith(".py"):
        return ""
    return "" if file.startswith(_PYTHON) or "site-packages" in file else file


def _text_now(name: str) -> str:
    file = _file_of(name)
    try:
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise MagicError(
            f"{os.path.basename(file)} could not be read: {reason}",
            why=["every module is still as it was before"],
            fix="bring it back, and run %wf reload again",
        ) from error


def _public(names: dict[str, Any]) -> Iterable[str]:
    listed = names.get("__all__")
    return listed if listed is not None else [n for n in names if not n.startswith("_")]


def _order(texts: dict[str, str], changed: set[str]) -> Iterator[str]:
    """The changed modules and those that import them, a module after what it imports."""
    imports = {name: _imports(name, text) & texts.keys() - {name} for name, text in texts.items()}
    reached = set(changed)
    while more := {n for n, taken in imports.items() if taken & reached} - reached:
        reached |= more
    left = [name for name in texts if name in reached]  # in the order they were imported
    while left:
        ready = [n for n in left if not imports[n] & set(left)] or left[:1]  # a loop: any
        yield from ready
        left = [n for n in left if n not in ready]


def _imports(name: str, text: str) -> set[str]:
    """The names of modules that a text imports, or may import."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return set()
    found: set[str] = set()
    package = (getattr(sys.modules[name], "__package__", None) or "").split(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join(p for p in (*above, node.module or "") if p)
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def _put_back(module: ModuleType, names: dict[str, Any]) -> None:
    vars(module).clear()
    vars(module).update(names)


def _failure(error: Exception, name: str) -> MagicError:
    """The error for a module that cannot be run, at the line of its own text."""
    file = _file_of(name)
    line = error.lineno if isinstance(error, SyntaxError) else None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    what = f"{type(error).__name__}: {said}"
    fix = "mend it, and run %wf reload again"
    if isinstance(error, WfnbError):
        what = error.what
        fix = f"{error.fix}; then run %wf reload again" if error.fix else fix
    return MagicError(
        f"{os.path.basename(file)} could not be imported: {what}",
        place=place(file, line),
        why=["every module is still as it was before"],
        fix=fix,
    )
