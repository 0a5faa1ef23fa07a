"""The problems view: what is wrong with the rules, as cells run.

Knows: whose problems. Does not know: how they are shown (labextension/src/problems).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.widgets.base import View
from wfnb.widgets.feed import Feed

if TYPE_CHECKING:
    from wfnb.engine import Engine


def problems_view(engine: Engine, text: str) -> View:
    """A view of the problems of an engine, and of those to come; `text` says the same now."""
    view = View("problems", text)
    Feed(view, engine)
    return view
