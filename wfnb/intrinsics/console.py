"""The console: where goals write for people to read.

Knows: text, colours, and who shows objects that are more than text.
Does not know: notebooks; they say how to show an object.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from wfnb.intrinsics.effects import begin_effect

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}


class Console:
    """What a goal rule takes to show something; each use is an effect.

    Text goes to the cell, or the terminal, that runs the goal.

    Attributes:
        show: shows an object that is more than text; None writes its `str`.
        colours: whether text is coloured; None if it goes to a terminal.
    """

    __wfnb_effects__ = True

    def __init__(self) -> None:
        self.show: Callable[[object], object] | None = None
        self.colours: bool | None = None

    def __repr__(self) -> str:
        return "Console()"

    def print(self, *objects: object, sep: str = " ", end: str = "\n") -> None:
        """As Python's `print`."""
        __tracebackhide__ = True
        begin_effect(self)
        print(*objects, sep=sep, end=end)

    def print_stdout(self, text: str, end: str = "\n") -> None:
        """Write a line to standard output."""
        __tracebackhide__ = True
        begin_effect(self)
        print(text, end=end)

    def print_stderr(self, text: str, end: str = "\n") -> None:
        """Write a line to standard error."""
        __tracebackhide__ = True
        begin_effect(self)
        print(text, end=end, file=sys.stderr)

    def write_stdout(self, text: str) -> None:
        """Write to standard output, as it is."""
        __tracebackhide__ = True
        begin_effect(self)
        sys.stdout.write(text)

    def write_stderr(self, text: str) -> None:
        """Write to standard error, as it is."""
        __tracebackhide__ = True
        begin_effect(self)
        sys.stderr.write(text)

    def display(self, *objects: object) -> None:
        """Show objects as a notebook shows the value of a cell; elsewhere as text."""
        __tracebackhide__ = True
        begin_effect(self)
        for one in objects:
            if self.show is not None:
                self.show(one)
            else:
                print(one)

    def red(self, text: str) -> str:
        """The text in red, where colours are shown; so the others."""
        return self._coloured(text, "red")

    def green(self, text: str) -> str:
        return self._coloured(text, "green")

    def yellow(self, text: str) -> str:
        return self._coloured(text, "yellow")

    def blue(self, text: str) -> str:
        return self._coloured(text, "blue")

    def magenta(self, text: str) -> str:
        return self._coloured(text, "magenta")

    def cyan(self, text: str) -> str:
        return self._coloured(text, "cyan")

    def _coloured(self, text: str, colour: str) -> str:
        wanted = sys.stdout.isatty() if self.colours is None else self.colours
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if wanted else text
