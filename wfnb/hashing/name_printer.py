"""Printing what names lead to: globals, what is taken from modules, imports, whole namespaces.

Knows: chains of names, modules, Python's own names.
Does not know: what a function is, nor how code reads names (`bytecode.py`).
Holds: a name is followed as far as it leads through modules of the author's; what looks names up
       by texts may find any of them.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import types
from typing import Any, Final

from wfnb.hashing.bytecode import BY_GLOBALS, Chain, Import
from wfnb.hashing.class_printer import ClassPrinter
from wfnb.hashing.framing import frame
from wfnb.hashing.inside import kind_of
from wfnb.hashing.loaded import note_module
from wfnb.hashing.origins import is_library
from wfnb.hashing.records import Names
from wfnb.hashing.value_printer import MARK
from wfnb.hashing.values import ABSENT, PLAIN_IDS

# What these read cannot be followed, under whatever name they are called.
_UNSEEN: Final = {
    id(each): name
    for name, each in {
        **{
            name: getattr(builtins, name)
            for name in ("getattr", "globals", "eval", "exec", "vars", "locals", "__import__")
        },
        "import_module": importlib.import_module,
    }.items()
}


class NamePrinter(ClassPrinter):
    """Prints values, classes, and what names lead to."""

    def _note_read(self, namespace: Any, name: str, value: Any) -> None:
        self._now.reads.append((namespace, name, value))

    def _read(self, chain: Chain, namespace: dict[str, Any]) -> bytes:
        name = chain[0]
        if name == BY_GLOBALS:
            is_pythons = "globals" not in namespace
            self._note_read(namespace, "globals", namespace.get("globals", ABSENT))
            return self._read(chain[1:] if is_pythons else ("globals",), namespace)
        value = namespace.get(name, ABSENT)
        self._note_read(namespace, name, value)
        if value is ABSENT:
            value = _BUILTINS.get(name, ABSENT)
            if name in _OF_PYTHON:
                self._lint_unseen(value)
                if name in _BY_ANY_NAME:
                    return frame(b"builtin", name.encode(), self._everything(namespace))
                return frame(b"builtin", name.encode())
            self._note_read(_BUILTINS, name, value)
            if value is ABSENT:
                self._now.note("undefined", name, b"")
                return frame(b"unbound", name.encode())
        return self._follow(value, name, chain[1:])

    def _everything(self, namespace: dict[str, Any]) -> bytes:
        """All names that an author has bound: what looks them up by a text may find any."""
        names = Names(namespace)
        self._note_read(names, "", names.get("", ABSENT))
        return frame(b"everything", *[self._read((name,), namespace) for name in names.bound])

    def _module(self, module: types.ModuleType) -> bytes:
        """A module of the author's that is used as a value: anything in it may be meant."""
        own, called = vars(module), module.__name__
        if called == "__main__":
            return self._everything(own)
        names = Names(own)
        self._note_read(names, "", names.get("", ABSENT))
        if note_module(called):
            self._now.files.append(called)
        parts = []
        for name in names.bound:
            self._note_read(own, name, own.get(name, ABSENT))
            parts.append(self._follow(own.get(name, ABSENT), f"{called}.{name}", ()))
        return frame(b"module", called.encode(), *parts)

    def _named(self, text: str) -> bytes:
        """A module of the author's, if that is what a text names."""
        found = sys.modules.get(text)
        if not isinstance(found, types.ModuleType) or is_library(text):
            return b""
        self._note_read(sys.modules, text, found)
        return frame(b"import", self._value(found, text))

    def _follow(self, value: Any, name: str, rest: Chain) -> bytes:
        """Print what a dotted name leads to: through modules, up to the first other object."""
        while rest and isinstance(value, types.ModuleType) and not is_library(value.__name__):
            inner = vars(value).get(rest[0], ABSENT)
            self._note_read(vars(value), rest[0], inner)
            name = f"{name}.{rest[0]}"
            if inner is ABSENT:
                self._now.note("undefined", name, b"")
                if "__getattr__" in vars(value):
                    self._lint(f"cannot see into {name}, which its module makes when asked")
                return frame(b"unbound", name.encode())
            value, rest = inner, rest[1:]
        cls = type(value)
        text = self._value(value, name)
        if id(cls) in PLAIN_IDS:
            self._now.note("constant", name, text, value)
        elif text == MARK:
            if cls is types.FunctionType:
                self._lint_unseen(value)
        else:
            is_class = isinstance(value, type)
            kind = "class" if is_class else kind_of(value)
            self._now.note(kind, name, text, ABSENT if is_class else value)
            self._lint_unseen(value)
            if isinstance(value, types.ModuleType):
                self._follow_library(value, rest)
        return frame(b"read", name.encode(), text)

    def _follow_library(self, value: Any, rest: Chain) -> None:
        for key in rest:
            value = vars(value).get(key, ABSENT)
            self._lint_unseen(value)
            if not isinstance(value, types.ModuleType):
                return

    def _lint_unseen(self, value: Any) -> None:
        name = _UNSEEN.get(id(value))
        if name is not None:
            self._lint(f"calls {name}(), and what that reads cannot be followed")

    def _import(self, wanted: Import, namespace: dict[str, Any]) -> bytes:
        """An import in a body: followed if the module is the author's and loaded."""
        module = wanted.module
        if wanted.level:
            package = str(namespace.get("__package__") or "").split(".")
            package = package[: len(package) - wanted.level + 1]
            module = ".".join([*package, module] if module else package)
        loaded = sys.modules.get(module)
        if loaded is None or is_library(module):
            if not is_library(module):
                self._note_read(sys.modules, module, ABSENT)
                self._lint(f"cannot see into {module}, which it imports when it runs")
            return frame(b"import", self._library(module, ""))
        self._note_read(sys.modules, module, loaded)
        if not wanted.names or "*" in wanted.names:
            above = sys.modules.get(module.partition(".")[0], loaded)  # `import a.b` binds a
            return frame(b"import", self._value(loaded, module), self._value(above, module))
        return frame(b"import", *[self._follow(loaded, module, (key,)) for key in wanted.names])


# What finds names by texts: any name may be meant.
_BY_ANY_NAME: Final = frozenset({"globals", "vars", "locals", "eval", "exec"})
_BUILTINS: Final = vars(builtins)
# Kernels put others in their place, and add some of their own.
_OF_PYTHON: Final = frozenset(
    [name for name, value in _BUILTINS.items() if getattr(value, "__module__", "") == "builtins"]
    + ["breakpoint", "copyright", "credits", "display", "exit", "get_ipython", "help", "input"]
    + ["license", "open", "print", "quit", "Ellipsis", "NotImplemented", "__debug__", "__name__"]
    + ["__build_class__", "__doc__", "__import__", "__loader__", "__package__", "__spec__"]
)
