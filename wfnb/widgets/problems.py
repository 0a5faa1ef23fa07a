"""The problems view: what is wrong with the rules, as cells run.

Knows: whose problems. Does not know: how they are shown (labextension/src/problems).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.watching.saving import kept, problems_of
from wfnb.widgets.base import View, keep, static
from wfnb.widgets.feed import Feed

if TYPE_CHECKING:
    from wfnb.engine import Engine


class ProblemsView(View):
    """The problems of an engine, and those to come; `text` says the same now."""

    kind = "problems"
    _esm = static("problems.js")
    _css = static("problems.css")

    def __init__(self, engine: Engine, text: str) -> None:
        super().__init__(text)
        self.metadata = kept(snapshot=problems_of(engine.rule_graph))
        self.feed = Feed(self, engine)
        keep(self)
