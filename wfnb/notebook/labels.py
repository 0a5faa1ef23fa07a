"""Labels: "In [3]" for a cell, also where IPython itself does not count.

nbval runs every cell without history, and then IPython numbers all of them In [1]. Messages that
name cells would differ from those in the saved notebook, so cells without history are counted here.

Knows: IPython's compiler, which keeps each cell's text under a file name; ids of cells.
Does not know: rules.
Holds: a cell with history bears IPython's number, one without the number that it would have had.
       Cells with the same text share one file; it bears number and id of the latest run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

_NUMBER = re.compile(r"In\s?\[(\d+)\]")


class Labels:
    """The numbers of the cells of one shell.

    Attributes:
        current: label of the running cell, or of the last one.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._numbers: dict[str, int] = {}
        self._ids: dict[str, str] = {}
        self._count = 0

    @property
    def current(self) -> str:
        """The label of the running cell, or of the last one."""
        return f"In [{self._count}]"

    def catch_up(self) -> None:
        """Number the cells that have run without being seen."""
        names = list(self._shell.compile._filename_map)
        last = max((self._known(name) or 0 for name in names), default=0)
        if len(names) > last:
            for number, name in enumerate(names, 1):
                self._numbers.setdefault(name, number)
        self._count = max(self._count, last, len(self._numbers))

    def begin(self, info: ExecutionInfo) -> None:
        """A cell begins; its text is not compiled yet."""
        if not info.store_history:
            self._count += 1

    def compiled(
        self, info: ExecutionInfo, identity: str | None = None, *, is_inner: bool = False
    ) -> None:
        """The cell has its file; an inner one, run by a magic, counts as the cell around it."""
        name = self.identify(info, identity)
        if info.store_history and not is_inner:
            self._count = self._known(name) or self._count
        self._numbers[name] = self._count

    def identify(self, info: ExecutionInfo, identity: str | None) -> str:
        """The file of a cell that is compiled is the file of the cell with this id."""
        compiler = self._shell.compile
        raw = info.raw_cell or ""
        code = getattr(info, "transformed_cell", None) or raw  # IPython 9 tells it
        name = compiler.get_code_name(raw, code, self._shell.execution_count)
        if name not in compiler._filename_map:  # not ipykernel: the name has IPython's number in it
            name = next(reversed(compiler._filename_map), name)
        if identity is None:
            self._ids.pop(name, None)
        else:
            self._ids[name] = identity
        return name

    def cell_of(self, filename: str) -> str | None:
        """The id of the cell with this file; None if it has none."""
        return self._ids.get(filename)

    def __call__(self, filename: str) -> str | None:
        """The label of the cell with this file; None for other files."""
        number = self._numbers.get(filename) or self._known(filename)
        return f"In [{number}]" if number is not None else None

    def _known(self, filename: str) -> int | None:
        shown = self._shell.compile.format_code_name(filename)
        number = _NUMBER.fullmatch(shown[1]) if shown else None
        return int(number[1]) if number else None
