"""Live views: whether this notebook can show any.

Knows: what a front end needs for widgets. Does not know: the views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def has_views(shell: InteractiveShell) -> bool:
    """Whether a kernel runs here that can show widgets; a terminal shows text."""
    if getattr(shell, "kernel", None) is None:
        return False
    from wfnb.widgets import is_available

    return is_available()
