"""Askers: which cell asked for what when it ran last, so that it can be run again.

Knows: ids of cells, products and params. Does not know: rules, what is stale.
Holds: a cell that runs again starts over. A value of a class that was defined anew since is let
       go; its cell counts as stale from then on, as it would make the value again. What an engine
       was asked is forgotten when another takes its place, or when it has gone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from weakref import finalize, ref

if TYPE_CHECKING:
    from wfnb.engine import Engine

MOST_OF_A_CELL = 100

Asked = tuple[type, tuple[object, ...]]


class Askers:
    """The cells of a notebook that have asked for something.

    Args:
        running: gives the id of the cell that runs, None if there is none.
        is_retired: whether another class stands in the place of one.
    """

    def __init__(
        self, running: Callable[[], str | None], is_retired: Callable[[type], bool]
    ) -> None:
        self._running = running
        self._is_retired = is_retired
        self._lock = threading.Lock()
        self._asked: dict[str, list[Asked]] = {}
        self._outdated: dict[str, None] = {}
        self._engine: ref[Engine] | None = None

    def know(self, engine: Engine) -> None:
        """From now on this engine is asked."""
        with self._lock:
            if self._engine is not None and self._engine() is engine:
                return
            is_first = self._engine is None
            known = self._engine = ref(engine)
            if not is_first:
                self._forget()
        finalize(engine, self._gone, known).atexit = False

    def _gone(self, engine: ref[Engine]) -> None:
        if self._engine is engine:  # without the lock, which this very thread may hold
            self._forget()

    def _forget(self) -> None:
        self._asked.clear()
        self._outdated.clear()

    def begin(self, cell: str | None, deleted: Iterable[str] = ()) -> None:
        """A cell starts; `deleted` ones are gone."""
        with self._lock:
            for one in [*deleted, *([cell] if cell is not None else [])]:
                self._asked.pop(one, None)
                self._outdated.pop(one, None)

    def note(self, product: type, params: tuple[object, ...]) -> None:
        """The running cell asks for this."""
        cell = self._running()
        if cell is None:
            return
        with self._lock:
            asked = self._asked.setdefault(cell, [])
            if len(asked) < MOST_OF_A_CELL:
                asked.append((product, params))

    def let_go(self) -> None:
        """Keep no value of a class that another stands in the place of."""
        with self._lock:
            for cell, asked in list(self._asked.items()):
                classes = {
                    cls for product, params in asked for cls in (product, *map(type, params))
                }
                if any(map(self._is_retired, classes)):
                    self._outdated[cell] = None
                    del self._asked[cell]

    def stale(self, engine: Engine) -> list[str]:
        """The cells that would not find again what they asked for; runs nothing."""
        with self._lock:
            asked = [(cell, one) for cell, found in self._asked.items() for one in found]
            outdated = list(self._outdated)
        answers = engine.are_stale([one for _, one in asked])
        found = [cell for (cell, _), is_stale in zip(asked, answers, strict=True) if is_stale]
        return list(dict.fromkeys([*found, *outdated]))
