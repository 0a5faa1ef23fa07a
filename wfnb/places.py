"""Where a definition or a request stands, in words the author recognises.

Knows: file names, lines and their text.
Does not know: cells. Whoever runs cells registers a labeller that turns a cell's file name
    into its label ("In [3]").
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType

Labeller = Callable[[str], str | None]

_labeller: Labeller | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a cell or a file.

    Attributes:
        label: "In [3]" for a cell, the file's base name otherwise; "" when unknown.
        line: counted from 1; None when unknown.
        text: the line itself, stripped; "" when the source is not at hand.
        is_cell: whether the label names a notebook cell.
    """

    label: str
    line: int | None = None
    text: str = ""
    is_cell: bool = False

    @property
    def short(self) -> str:
        """The place without its text: `In [3], line 4` or `workflow.py:12`."""
        if self.line is None:
            return self.label
        return f"{self.label}, line {self.line}" if self.is_cell else f"{self.label}:{self.line}"

    def __str__(self) -> str:
        return f"{self.short}:  {self.text}" if self.text else self.short


NOWHERE = Place("")


def set_labeller(labeller: Labeller | None) -> None:
    """Name the files of cells; `None` goes back to plain file names."""
    global _labeller
    _labeller = labeller


def place(filename: str, line: int | None = None) -> Place:
    """The place of one line of a file or a cell."""
    label = _labeller(filename) if _labeller is not None else None
    text = linecache.getline(filename, line).strip() if line else ""
    if label is not None:
        return Place(label, line, text, is_cell=True)
    return Place(os.path.basename(filename), line, text)


def place_of_code(code: CodeType) -> Place:
    """The place where a function's `def` (or its first decorator) stands."""
    return place(code.co_filename, code.co_firstlineno)
