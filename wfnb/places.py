"""Where a definition or a request stands, in words the author recognises.

Knows: file names, lines and their text.
Does not know: cells. Whoever runs cells registers what turns a cell's file name into its label
    ("In [3]"), and into the id that a front end knows it by.
"""

from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

Labeller = Callable[[str], str | None]

_labeller: Labeller | None = None
_identifier: Labeller | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a cell or a file.

    Attributes:
        label: "In [3]" for a cell, the file's base name otherwise; "" when unknown.
        line: counted from 1; None when unknown.
        text: the line itself, stripped; "" when the source is not at hand.
        is_cell: whether the label names a notebook cell.
        file: its name, as linecache knows it; "" when unknown.
        syntax: first line and column, last line and column of what is meant, as `ast` counts them;
            None for the line alone.
        param: the parameter that is meant, of the function whose `def` is there; "" for none.
    """

    label: str
    line: int | None = None
    text: str = ""
    is_cell: bool = False
    # Not compared: what is said of a place is said of its line.
    file: str = field(default="", compare=False)
    syntax: tuple[int, int, int, int] | None = field(default=None, compare=False)
    param: str = field(default="", compare=False)

    @property
    def short(self) -> str:
        """The place without its text: `In [3], line 4` or `workflow.py:12`."""
        if self.line is None:
            return self.label
        return f"{self.label}, line {self.line}" if self.is_cell else f"{self.label}:{self.line}"

    def __str__(self) -> str:
        return f"{self.short}:  {self.text}" if self.text else self.short


NOWHERE = Place("")


def set_labeller(labeller: Labeller | None, identifier: Labeller | None = None) -> None:
    """Name the files of cells, and give their ids; `None` goes back to plain file names."""
    global _labeller, _identifier
    _labeller, _identifier = labeller, identifier


def place(filename: str, line: int | None = None, node: ast.AST | None = None) -> Place:
    """The place of one line of a file or a cell, or of a piece of syntax in it."""
    label = _labeller(filename) if _labeller is not None else None
    text = linecache.getline(filename, line).strip() if line else ""
    syntax = None if node is None else syntax_of(node)
    if label is not None:
        return Place(label, line, text, is_cell=True, file=filename, syntax=syntax)
    return Place(os.path.basename(filename), line, text, file=filename, syntax=syntax)


def cell_of(found: Place) -> str:
    """The id of the cell; "" if it is in none, or the front end gave no id."""
    if not found.is_cell or _identifier is None:
        return ""
    return _identifier(found.file) or ""


def syntax_of(node: ast.AST) -> tuple[int, int, int, int] | None:
    """Where a piece of syntax begins and ends; None if that is not known."""
    at: Any = node
    try:
        if at.end_lineno is None or at.end_col_offset is None:
            return None
        return at.lineno, at.col_offset, at.end_lineno, at.end_col_offset
    except AttributeError:
        return None


def place_of_code(code: CodeType) -> Place:
    """The place where a function's `def` (or its first decorator) stands."""
    return place(code.co_filename, code.co_firstlineno)
