"""String annotations: what their names mean where a function is declared.

Knows: closures, globals, builtins, and the locals of the code around a function.
Does not know: which annotations a rule may have.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import FrameType, FunctionType
from typing import Any


class Unresolved(Exception):
    """A string annotation with a name that is nowhere."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = known


def evaluate(annotation: str, function: FunctionType, caller: FrameType | None) -> Any:
    """What a string annotation stands for.

    Args:
        caller: the frame in which the function is declared.

    Raises:
        Unresolved: a name in it is nowhere; other exceptions, as its expression raises them.
    """
    text = annotation.strip()
    if text.isidentifier():
        return _look_up(function, text, caller)
    return eval(text, {"__builtins__": {}}, _Names(function, caller))


def caller_outside(package: str) -> FrameType | None:
    """The frame that called into this package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith(package):
        frame = frame.f_back
    return frame


def _look_up(function: FunctionType, name: str, caller: FrameType | None) -> Any:
    """What a name means to a function: closure, globals, builtins, then the code around it."""
    if name == "None":
        return None
    code = function.__code__
    if name in code.co_freevars and function.__closure__ is not None:
        cell = function.__closure__[code.co_freevars.index(name)]
        try:
            return cell.cell_contents
        except ValueError:
            pass
    for namespace in _namespaces(function, caller):
        if name in namespace:
            return namespace[name]
    known = [other for space in _namespaces(function, caller) for other in space]
    raise Unresolved(name, known)


def _namespaces(function: FunctionType, caller: FrameType | None) -> Iterator[Mapping[str, Any]]:
    """Where to look, outside the closure: the nearest enclosing code is asked first."""
    yield from _enclosing_locals(function.__qualname__, caller)
    yield function.__globals__
    builtins = function.__globals__.get("__builtins__", {})
    yield builtins if isinstance(builtins, dict) else vars(builtins)


def _enclosing_locals(qualname: str, caller: FrameType | None) -> Iterator[Mapping[str, Any]]:
    """Locals of the functions and classes that a function stands in, while they run."""
    frame = caller
    while frame is not None and frame.f_code.co_name != "<module>":
        if qualname.startswith(f"{frame.f_code.co_qualname}."):
            yield frame.f_locals
        frame = frame.f_back


class _Names(dict[str, Any]):
    """The names of an annotation's expression, looked up one by one."""

    def __init__(self, function: FunctionType, caller: FrameType | None) -> None:
        super().__init__()
        self.function = function
        self.caller = caller

    def __missing__(self, name: str) -> Any:
        return _look_up(self.function, name, self.caller)
