"""Module files of the author's, as they were when their code was first seen.

What counts is the code that is loaded, since that is what runs. A file that says something else
by now is worth a word.

Knows: modules, their files, times of change.
Does not know: functions, except that each has its code.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType

from wfnb.hashing.origins import of_module
from wfnb.hashing.syntax import is_current
from wfnb.hashing.values import RULE_KEY


@dataclass(slots=True)
class _Loaded:
    """A file.

    Attributes:
        spec: of the module; `importlib.reload` makes another.
        file: "" for a module that has none of its own.
        codes: of its functions; running its text again makes others.
        stamp: time of change and size, when the text was last looked at.
        text: hash of the text that was loaded.
        is_changed: whether it had changed when `stamp` was taken.
    """

    spec: object
    file: str
    codes: tuple[CodeType, ...] = ()
    stamp: tuple[int, int] | None = None
    text: bytes = b""
    is_changed: bool = False


_seen: dict[str, _Loaded] = {}


def note_module(name: str) -> bool:
    """Remember the file of a module by what it says now; whether there is one."""
    module = sys.modules.get(name)
    if module is None or name == "__main__":
        return False
    spec = of_module(module, "__spec__")
    known = _seen.get(name)
    if known is None or known.spec is not spec:
        known = _seen[name] = _look(module, spec)
    return known.file != ""


def forget_modules(names: Iterable[str]) -> None:
    """Look anew at modules whose text was run again."""
    for name in names:
        _seen.pop(name, None)
        note_module(name)


def changed_files(modules: Iterable[str]) -> list[str]:
    """A sentence for each file that no longer says what was loaded.

    Cost: asks the file system for each file's time of change.
    """
    return [
        f"{os.path.basename(_seen[name].file)} has changed on disk since it was imported: "
        "%wf reload picks it up"
        for name in modules
        if name in _seen and _is_changed(name)
    ]


def _look(module: ModuleType, spec: object) -> _Loaded:
    file = of_module(module, "__file__")
    if spec is None or not isinstance(file, str) or not file.endswith(".py"):
        return _Loaded(spec, "")
    stamp, text = _stamp(file), _text(file)
    if stamp is None or text is None:
        return _Loaded(spec, "")
    codes = _codes(module, file)
    is_changed = not all(is_current(code) for code in codes)
    return _Loaded(spec, file, codes, stamp, b"" if is_changed else text, is_changed)


def _codes(module: ModuleType, file: str) -> tuple[CodeType, ...]:
    """The code of its functions, of those within decorators and rules as well."""
    found = []
    for each in list(vars(module).values()):
        if RULE_KEY in vars(type(each)):
            each = each.__wrapped__
        while isinstance(each, FunctionType):
            found.append(each.__code__)
            each = each.__dict__.get("__wrapped__")
    return tuple([code for code in found if code.co_filename == file])


def _is_changed(name: str) -> bool:
    known, module = _seen[name], sys.modules.get(name)
    if module is not None and known.codes:
        now = {id(code) for code in _codes(module, known.file)}
        if now.isdisjoint(map(id, known.codes)):  # its text was run again
            known = _seen[name] = _look(module, known.spec)
    stamp = _stamp(known.file)
    if stamp is not None and stamp != known.stamp:
        text = _text(known.file)
        if text is not None:
            known.stamp = stamp
            known.is_changed = text != known.text
    return known.is_changed


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _text(file: str) -> bytes | None:
    try:
        with open(file, "rb") as opened:
            return hashlib.sha256(opened.read()).digest()
    except OSError:
        return None
