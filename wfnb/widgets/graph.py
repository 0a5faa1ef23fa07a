"""The rule graph view: the picture of the rules, which follows cells and requests.

Knows: when the rules have changed, and who draws them up (`wfnb.pictures.live`).
Does not know: how they are shown (labextension/src/graph).
Holds: the view asks for nothing, so a busy kernel never holds it up. A graph is drawn up on a
    thread of its own: with thousands of rules that takes a second, in which requests go on being
    told.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING

from wfnb.pictures.live import live
from wfnb.widgets.base import View, static
from wfnb.widgets.feed import Feed

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.events.state import Message


class GraphView(View):
    """The rules of an engine, as they are now and as they will be.

    It has no text: what it shows is displayed beside it, as a picture that lasts.

    Args:
        focus: ids of the nodes that it is about at first.
    """

    _esm = static("graph.js")
    _css = static("graph.css")

    def __init__(self, engine: Engine, focus: Collection[str] = ()) -> None:
        super().__init__("")
        self._following = _Following(self, engine, tuple(focus))
        self.feed = Feed(self, engine)


class _Following:
    """Gives a view the graph of an engine, again whenever that has changed."""

    def __init__(self, view: View, engine: Engine, focus: tuple[str, ...]) -> None:
        self._view = view
        self._engine = engine
        self._focus = focus
        self._lock = threading.Lock()
        self._is_wanted = self._is_working = False
        self._drawn: object = None
        self._draw()
        subscription = engine.subscribe(self._hear)
        view.observe(lambda _: subscription.close(), "is_live")

    def _hear(self, message: Message) -> None:
        """On the thread that watches the engine."""
        if self._engine.rule_graph is self._drawn:
            return
        with self._lock:
            self._is_wanted = True
            if not self._is_working:
                self._is_working = True
                threading.Thread(target=self._work, name="wfnb graph view", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._is_wanted:
                    self._is_working = False
                    return
                self._is_wanted = False
            self._draw()

    def _draw(self) -> None:
        graph = self._engine.rule_graph
        found = live(graph, self._focus)
        self._drawn = graph
        self._view.data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
