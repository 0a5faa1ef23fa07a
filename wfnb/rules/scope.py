"""The variables of a function whose body is being read.

Knows: which names are its own, and what is known of each so far.
Does not know: syntax, requests.
"""

from __future__ import annotations

import ast
import dataclasses

from wfnb.rules.names import Names
from wfnb.rules.shapes import UNKNOWN, Shape


class Scope:
    """The variables of one function, as far as it has been read.

    Attributes:
        own: its variables; a name among them that has no shape yet is never a global.
        returned, yielded: the shapes of what it gave.
        handed_on: inner functions that were used other than called.
        made: calls that make a request, but for those that are awaited where they stand.
        plain: the name of the function if nothing can be awaited in it, "" otherwise.
    """

    __slots__ = (
        "filename",
        "handed_on",
        "made",
        "names",
        "outer",
        "own",
        "plain",
        "returned",
        "shapes",
        "yielded",
    )

    def __init__(
        self, names: Names, filename: str, own: frozenset[str], outer: Scope | None = None
    ) -> None:
        self.names = names
        self.filename = filename
        self.own = own
        self.outer = outer
        self.shapes: dict[str, Shape] = {}
        self.returned: list[Shape] = []
        self.yielded: list[Shape] = []
        self.handed_on: list[Local] = []
        self.made: dict[ast.expr | None, ast.Call] = {}
        self.plain = ""

    def find(self, name: str) -> Shape:
        """What a name means here."""
        scope: Scope | None = self
        while scope is not None:
            shape = scope.shapes.get(name)
            if shape is not None:
                return shape
            if name in scope.own:
                return UNKNOWN
            scope = scope.outer
        return self.names.find(name)

    def known(self) -> list[str]:
        """Names to guess from."""
        return [*self.shapes, *self.own, *self.names.known()]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Local(Shape):
    """A function that is defined inside a body."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
