"""Names: what a name, or a dotted name, means to a function right now.

Knows: closures, module globals, builtins (a module in a notebook, a dict elsewhere), attributes
    of modules, classes and plain objects.
Does not know: syntax; local variables.
Holds: every name that was looked up is in `reads`; while all of them still mean the same, so
    does all that was concluded from them. Looking up runs no code of the user's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property
from types import CellType, FunctionType, ModuleType
from typing import Any

from wfnb.rules.shapes import UNKNOWN, Bound, Either, Is, Missing, Of, Shape, join, shape_of

_NOTHING: Any = object()


class Reads:
    """The names that were looked up, and what they meant."""

    __slots__ = ("_cells", "_names")

    def __init__(self) -> None:
        self._names: dict[tuple[int, str], tuple[dict[str, Any], Any]] = {}
        self._cells: dict[int, tuple[CellType, Any]] = {}

    def name(self, namespace: dict[str, Any], name: str) -> Any:
        """Look a name up and remember what came of it."""
        value = namespace.get(name, _NOTHING)
        self._names[id(namespace), name] = (namespace, value)
        return value

    def cell(self, cell: CellType) -> Any:
        """Look into a closure cell and remember what was there."""
        value = _contents(cell)
        self._cells[id(cell)] = (cell, value)
        return value

    def hold(self) -> bool:
        """Whether every name still means the same object."""
        for (_, name), (namespace, value) in self._names.items():
            if namespace.get(name, _NOTHING) is not value:
                return False
        return all(_contents(cell) is value for cell, value in self._cells.values())


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return _NOTHING


class Names:
    """What names mean to one function, outside its own variables."""

    __slots__ = ("_builtins", "_cells", "_globals", "reads")

    def __init__(self, function: FunctionType, reads: Reads) -> None:
        self.reads = reads
        self._globals = function.__globals__
        builtins = self._globals.get("__builtins__", {})
        self._builtins: dict[str, Any] = builtins if isinstance(builtins, dict) else vars(builtins)
        free = function.__code__.co_freevars
        self._cells = dict(zip(free, function.__closure__ or (), strict=False)) if free else {}

    def find(self, name: str) -> Shape:
        """The object a name stands for."""
        cell = self._cells.get(name)
        if cell is not None:
            value = self.reads.cell(cell)
            if value is not _NOTHING:
                return Is(value)
            return Missing(name)
        value = self.reads.name(self._globals, name)
        if value is _NOTHING:
            value = self._builtins.get(name, _NOTHING)
            if value is _NOTHING:
                return Missing(name)
        return Is(value)

    def known(self) -> Iterable[str]:
        """All names there are, to guess from."""
        return [*self._cells, *self._globals, *self._builtins]

    def imported(self, module: str, level: int) -> ModuleType | None:
        """A module that an import statement names, if it was imported before."""
        if level:
            package = str(self._globals.get("__package__") or "")
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - level + 1])
            module = f"{base}.{module}" if module else base
        return sys.modules.get(module)

    # ------------------------------------------------------------ attributes

    def attribute(self, owner: Shape, name: str) -> Shape:
        """What `owner.name` stands for."""
        if isinstance(owner, Is):
            value = owner.value
            if isinstance(value, ModuleType):
                return self._of_module(value, name)
            if isinstance(value, type):
                return self._of_class(value, name)
            return self._of_object(value, name)
        if isinstance(owner, Of):
            return self._of_instance(owner, name)
        if isinstance(owner, Either):
            return join(self.attribute(option, name) for option in owner.options)
        if isinstance(owner, Missing):
            return owner
        return UNKNOWN

    def _of_module(self, module: ModuleType, name: str) -> Shape:
        value = self.reads.name(vars(module), name)
        if value is not _NOTHING:
            return Is(value)
        submodule = sys.modules.get(f"{module.__name__}.{name}")
        if submodule is not None:
            return Is(submodule)
        if "__getattr__" in vars(module):  # it may be made on demand; do not demand it
            return UNKNOWN
        return Missing(f"{module.__name__}.{name}")

    def _of_class(self, cls: type, name: str) -> Shape:
        members = cls.__dict__.get("_member_map_")  # of an Enum
        if isinstance(members, dict) and name in members:
            return Is(members[name])
        for base in cls.__mro__:
            value = base.__dict__.get(name, _NOTHING)
            if value is _NOTHING:
                continue
            if isinstance(value, staticmethod):
                return Is(value.__func__)
            if isinstance(value, classmethod):
                return Bound(Is(value.__func__), Is(cls))
            if hasattr(type(value), "__get__") and not isinstance(value, FunctionType):
                break
            return Is(value)
        return self._annotated(cls, name)

    def _of_instance(self, owner: Of, name: str) -> Shape:
        for base in owner.cls.__mro__:
            value = base.__dict__.get(name, _NOTHING)
            if value is _NOTHING:
                continue
            if isinstance(value, FunctionType):
                return Bound(Is(value), owner)
            if isinstance(value, staticmethod):
                return Is(value.__func__)
            if isinstance(value, classmethod):
                return Bound(Is(value.__func__), Is(owner.cls))
            getter = (
                value.fget
                if isinstance(value, property)
                else value.func
                if isinstance(value, cached_property)
                else None
            )
            if isinstance(getter, FunctionType):
                return self.annotation(getter.__annotations__.get("return", ""), getter)
            break
        return self._annotated(owner.cls, name)

    def _of_object(self, value: Any, name: str) -> Shape:
        try:
            own = object.__getattribute__(value, "__dict__")
        except AttributeError:
            own = {}
        if type(own) is dict and name in own:
            return Is(own[name])
        return self._of_instance(Of(type(value), exact=True), name)

    def _annotated(self, cls: type, name: str) -> Shape:
        for base in cls.__mro__:
            try:
                annotations = base.__annotations__
            except (AttributeError, NameError):
                continue
            if name in annotations:
                return self._annotation_of_class(annotations[name], base)
        return UNKNOWN

    def _annotation_of_class(self, annotation: Any, cls: type) -> Shape:
        module = sys.modules.get(cls.__module__)

        def look_up(name: str) -> Shape:
            if module is not None:
                value = self.reads.name(vars(module), name)
                if value is not _NOTHING:
                    return Is(value)
            return self.find(name)  # a class of the function around this one

        return shape_of(annotation, look_up)

    def annotation(self, annotation: Any, function: FunctionType) -> Shape:
        """What an annotation of another function says."""
        if not isinstance(annotation, str):
            return shape_of(annotation, None)
        other = Names(function, self.reads)
        shape = shape_of(annotation, other.find)
        # a local class, named in an annotation only, is in no closure but perhaps in ours
        return shape if shape != UNKNOWN else shape_of(annotation, self.find)
