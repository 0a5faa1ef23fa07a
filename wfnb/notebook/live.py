"""Live views: whether this notebook can show any, and the end of those that it shows.

Knows: what a front end needs for widgets. Does not know: the views.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def has_views(shell: InteractiveShell) -> bool:
    """Whether a kernel runs here that can show widgets; a terminal shows text."""
    if getattr(shell, "kernel", None) is None:
        return False
    from wfnb.widgets import is_available

    return is_available()


def end_views() -> None:
    """Have views told nothing more; imports nothing where there are none."""
    feed = sys.modules.get("wfnb.widgets.feed")
    if feed is not None:
        feed.end_all()
