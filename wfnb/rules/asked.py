"""What every call that asks for something is read with.

Knows: arguments as syntax and shape, and what is certain about the class of a value.
Does not know: the forms of a request (`get_forms.py`, `call_forms.py`).
Holds: an error is only reported where running the line is certain to fail.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple

from wfnb.places import Place, place
from wfnb.rules import problems
from wfnb.rules.found import StaticRequest
from wfnb.rules.problems import BodyProblem
from wfnb.rules.shapes import (
    Each,
    Either,
    Is,
    Missing,
    Of,
    Row,
    Shape,
)
from wfnb.rules.unions import is_union
from wfnb.rules.wording import cut, nearest, short_value

_REQUEST_NAMES = ("Get", "MultiGet")


class Argument(NamedTuple):
    """An argument as it is written, and what is known about its value."""

    node: ast.expr
    shape: Shape


class Asked:
    """Collects the requests of one rule and what is wrong with them, in program order."""

    def __init__(self) -> None:
        self.found: list[StaticRequest] = []
        self.problems: list[BodyProblem] = []
        self._seen: set[tuple[object, object]] = set()  # helpers may be read more than once

    def add(self, node: object, request: StaticRequest) -> None:
        """Add a request, unless the same one was added for the same syntax before."""
        key = (node, request.wiring)
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(request)

    def problem(
        self, code: str, filename: str, node: ast.AST, message: str, fix: str | None = None
    ) -> None:
        """Add a problem at the line of `node`."""
        if (node, code) in self._seen:
            return
        self._seen.add((node, code))
        where = place(filename, getattr(node, "lineno", None), node)
        self.problems.append(BodyProblem(code, problems.severity_of(code), where, message, fix))

    def missing(
        self, filename: str, node: ast.AST, name: str, known: Callable[[], Sequence[str]]
    ) -> None:
        """Add a name that is defined nowhere."""
        if name in _REQUEST_NAMES:
            fix = f"from wfnb import {name}"
        else:
            meant = nearest(name, known())
            fix = f"did you mean {meant}?" if meant else f"define {name}, or import it"
        self.problem(problems.UNKNOWN_NAME, filename, node, f"{name} is not defined", fix)


class Reader:
    """What reading one call of `Get`, `MultiGet` or a rule has in common."""

    def __init__(
        self, asked: Asked, filename: str, node: ast.Call, known: Callable[[], Sequence[str]]
    ) -> None:
        self.asked = asked
        self.filename = filename
        self.node = node
        self.known = known

    def is_starred(self) -> bool:
        return any(isinstance(arg, ast.Starred) for arg in self.node.args) or any(
            keyword.arg is None for keyword in self.node.keywords
        )

    def text(self) -> str:
        return source(self.node)

    def place(self) -> Place:
        return place(self.filename, self.node.lineno, self.node)

    def note(self, message: str) -> None:
        self.problem(
            problems.OPEN_REQUEST,
            message,
            "nothing, if that is meant; Get(Out, In, value) with classes is seen at once",
        )

    def problem(self, code: str, message: str, fix: str) -> None:
        self.asked.problem(code, self.filename, self.node, message, fix)

    def missing(self, shape: Missing, node: ast.AST) -> None:
        self.asked.missing(self.filename, node, shape.name, self.known)


def classes(shape: Shape) -> list[type] | None:
    """The classes a value may have, or None if they are not known."""
    if isinstance(shape, Of):
        return [shape.cls]
    if isinstance(shape, Is):
        return [type(shape.value)]
    if isinstance(shape, Row | Each):
        return None
    if isinstance(shape, Either):
        found = [classes(option) for option in shape.options]
        if all(found):
            return list(dict.fromkeys(cls for classes in found if classes for cls in classes))
    return None


def certain_class(shape: Shape) -> type | None:
    if isinstance(shape, Of):
        return shape.cls if shape.exact else None
    if isinstance(shape, Is):
        return type(shape.value)
    return None


def fits(cls: type, wanted: type) -> bool:
    """Whether a value of exactly this class may be passed as `wanted`."""
    return (
        cls is wanted
        or is_union(wanted)
        # one of the two was written again; whoever holds the older one is about to follow
        or (cls.__qualname__ == wanted.__qualname__ and cls.__module__ == wanted.__module__)
    )


def source(node: ast.expr) -> str:
    try:
        return cut(ast.unparse(node))
    except Exception:  # a tree deeper than the stack
        return short_value(node)
