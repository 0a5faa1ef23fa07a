"""Where things come from: the author's own cells and files, or a library.

Knows: modules, their files, the versions of distributions.
Holds: what is the author's own is followed; what is a library's counts by name and version.
"""

from __future__ import annotations

import itertools
import os
import sys
import sysconfig
import threading
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

_OWN_MODULES = frozenset({"__main__", "__mp_main__"})
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_WFNB = os.path.dirname(os.path.dirname(os.path.realpath(__file__))) + os.sep
_PYTHON = tuple(
    {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib")}
)
_PYTHON_VERSION = "{}.{}".format(*sys.version_info)

_is_library: dict[tuple[str, str | None], bool] = {}
_versions: dict[str, str] = {}
_distributions: dict[str, str] = {}


def is_library(module: object) -> bool:
    """Whether a module, by name, is neither a notebook's nor a file of the workspace."""
    if not isinstance(module, str) or module in _OWN_MODULES:
        return False
    loaded = sys.modules.get(module)
    file = of_module(loaded, "__file__")
    known = _is_library.get((module, file))
    if known is None:
        known = _is_library[module, file] = _look(module, file, loaded)
    return known


def of_module(module: object, name: str) -> Any:
    """An attribute of a module, None if it has none. A module's own `__getattr__` may raise."""
    try:
        return getattr(module, name, None)
    except Exception:
        return None


def _look(module: str, file: str | None, loaded: ModuleType | None) -> bool:
    top = module.partition(".")[0]
    if isinstance(file, str):
        return is_library_file(file)
    if _is_of_python(top):
        return True
    if top == "wfnb":
        return True
    paths = list(of_module(loaded, "__path__") or ())  # a namespace package
    return bool(paths) and all(is_library_file(os.path.join(path, "")) for path in paths)


def is_library_file(file: str) -> bool:
    """Whether a file belongs to Python, to an installed distribution, or to wfnb."""
    path = os.path.realpath(file)
    if path.startswith((_WFNB, *_PYTHON)):
        return True
    return not _INSTALLED.isdisjoint(path.split(os.sep))


def distribution(module: object) -> str:
    """What a library module is installed with: its top package, or Python."""
    name = str(module)
    known = _distributions.get(name)
    if known is None:
        top = name.partition(".")[0]
        known = _distributions[name] = "Python" if _is_of_python(top) else top
    return known


def version(module: object) -> str:
    """The version of the distribution that a library module belongs to."""
    top = str(module).partition(".")[0]
    known = _versions.get(top)
    if known is None:
        known = _versions[top] = _version(top)
    return known


def _is_of_python(top: str) -> bool:
    return top in sys.stdlib_module_names or top in sys.builtin_module_names


def _version(top: str) -> str:
    if _is_of_python(top):
        return _PYTHON_VERSION
    stated = of_module(sys.modules.get(top), "__version__")
    if isinstance(stated, str):
        return stated
    from importlib import metadata  # it takes 20 ms

    try:
        return metadata.version(top)
    except (metadata.PackageNotFoundError, ValueError):
        pass
    found = sorted(set(metadata.packages_distributions().get(top, ())))
    return ", ".join([f"{name} {metadata.version(name)}" for name in found])


# ---------------------------------------------------------------- tokens

# An object that cannot be seen into counts as itself: the number differs from object to object,
# the prefix from process to process, since a number says nothing in another process.
_process = os.urandom(8).hex()
_numbers = itertools.count(1)
_tokens: dict[int, tuple[Callable[[], object], Token]] = {}
_held: weakref.WeakValueDictionary[int, Token] = weakref.WeakValueDictionary()
_lock = threading.Lock()


class Token:
    """Stands for an object, and for no other object of any process.

    Attributes:
        text: the same for as long as the object is alive. If no weak reference to it can be made,
            for as long as one of its tokens is.
    """

    __slots__ = ("__weakref__", "_thing", "text")

    def __init__(self, thing: object) -> None:
        self.text = f"{_process}.{next(_numbers)}".encode()
        self._thing = thing


def token(thing: object) -> Token:
    """The token of an object."""
    with _lock:
        try:
            reference = weakref.ref(thing)
        except TypeError:
            held = _held.get(id(thing))
            if held is None:
                held = _held[id(thing)] = Token(thing)
            return held
        known = _tokens.get(id(thing))
        if known is None or known[0]() is not thing:
            if len(_tokens) % 1024 == 1023:
                for number in [key for key, (get, _) in _tokens.items() if get() is None]:
                    del _tokens[number]
            known = _tokens[id(thing)] = (reference, Token(None))
        return known[1]
