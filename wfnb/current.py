"""The current engine: the one that a notebook or a program means without naming it.

Knows: that there is one.
Does not know: what it does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from wfnb.engine import Engine

_current: Engine | None = None
_making = threading.Lock()
_listeners: list[Callable[[], object]] = []


def current_engine() -> Engine:
    """The engine of this notebook or process, made when first asked for."""
    global _current
    found = _current
    if found is not None:
        return found
    with _making:  # a page may look at it from a thread of its own
        if _current is None:
            _current = Engine()
        return _current


def set_current_engine(engine: Engine | None) -> None:
    """Make another engine the current one; None has a new one made when it is next asked for."""
    global _current
    _current = engine
    if engine is not None:
        for listener in tuple(_listeners):
            listener()


def on_change(listener: Callable[[], object]) -> Callable[[], None]:
    """Have a function called when another engine becomes the current one; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)
