"""The current engine: the one that a notebook or a program means without naming it.

Knows: that there is one.
Does not know: what it does.
"""

from __future__ import annotations

from wfnb.engine import Engine

_current: Engine | None = None


def current_engine() -> Engine:
    """The engine of this notebook or process, made when first asked for."""
    global _current
    if _current is None:
        _current = Engine()
    return _current


def set_current_engine(engine: Engine | None) -> None:
    """Make another engine the current one; None has a new one made when it is next asked for."""
    global _current
    _current = engine
