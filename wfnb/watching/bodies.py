"""Bodies: the texts of rules that ran, with the numbers of their lines.

Knows: where sources are kept, and how much of them a recording holds.
Does not know: steps.
Holds: a text is that of the code that ran. One that is not at hand any more is left out.
"""

from __future__ import annotations

import linecache
import textwrap
from typing import TYPE_CHECKING

from wfnb.events.steps import Source
from wfnb.hashing.syntax import function_syntax
from wfnb.places import place

if TYPE_CHECKING:
    from types import CodeType

    from wfnb.taskgraph.lines import Spot
    from wfnb.taskgraph.tasks import Task

MOST_SOURCES = 100
MOST_LINES = 120
_WIDTH = 200


class Bodies:
    """The sources of the tasks of one recording.

    Attributes:
        sources: each once, in the order in which they were first met.
    """

    def __init__(self) -> None:
        self._codes: dict[CodeType, int | None] = {}
        self._heads: dict[CodeType, int] = {}
        self._of: dict[Task, CodeType] = {}
        self._sources: list[Source] = []

    @property
    def sources(self) -> tuple[Source, ...]:
        """Each once, in the order in which they were first met."""
        return tuple(self._sources)

    def add(self, task: Task, code: CodeType) -> None:
        """This task ran this code."""
        self._of[task] = code
        if code in self._codes:
            return
        self._codes[code] = None
        if task.family.rule.is_intrinsic or len(self._sources) >= MOST_SOURCES:
            return
        node = function_syntax(code)
        if node is not None:
            self._codes[code] = len(self._sources)
            self._heads[code] = node.lineno
            self._sources.append(source_of(code, node.end_lineno or node.lineno))

    def position(self, task: Task) -> int | None:
        """Where the source of a task stands among all."""
        code = self._of.get(task)
        return None if code is None else self._codes[code]

    def line(self, task: Task, spot: Spot) -> int | None:
        """The line, if it is one of the task's own source; the `def` for the first decorator."""
        code = self._of.get(task)
        number = None if code is None else self._codes[code]
        if code is None or number is None or spot.code.co_filename != code.co_filename:
            return None
        source = self._sources[number]
        line = self._heads[code] if spot.line == code.co_firstlineno else spot.line
        return line if source.first <= line < source.first + len(source.lines) else None


def source_of(code: CodeType, last: int) -> Source:
    """The text of a function with its decorators, down to a line."""
    first = code.co_firstlineno
    kept = min(last, first + MOST_LINES - 1)
    texts = [linecache.getline(code.co_filename, n) for n in range(first, kept + 1)]
    text = "".join([one.rstrip("\r\n") + "\n" for one in texts]).expandtabs(4)
    shown = tuple([line[:_WIDTH] for line in textwrap.dedent(text).split("\n")[:-1]])
    return Source(place(code.co_filename, first).short, first, shown, last - kept)
