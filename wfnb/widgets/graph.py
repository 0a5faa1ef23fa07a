"""The rule graph view: the picture of the rules, which follows cells and requests.

Knows: when the rules have changed, and who draws them up (`wfnb.pictures.live`).
Does not know: how they are shown (labextension/src/graph).
Holds: the view asks for nothing, so a busy kernel never holds it up. A graph is drawn up once for
    all views, on one thread, which ends when there is none left to draw: with thousands of rules
    that takes a second, in which requests go on being told. No view keeps an engine.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from wfnb.pictures.live import live
from wfnb.widgets.base import View, compact, keep, static
from wfnb.widgets.feed import Feed

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.events.state import Message
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.watching.watch import Subscription


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
        _Following(self, engine, tuple(focus))
        self.feed = Feed(self, engine)
        keep(self)


class _Following:
    """Gives a view the graph of an engine, again whenever that has changed, until it is over."""

    def __init__(self, view: View, engine: Engine, focus: tuple[str, ...]) -> None:
        self._view = view
        self._engine = ref(engine)
        self._focus = focus
        self._drawn: ref[RuleGraph] | None = None
        self._subscription: Subscription | None = None
        self._draw()
        view.observe(self._end, "is_live")
        self._subscription = engine.subscribe(self._hear)

    def _end(self, _: object) -> None:
        self._drawn = None
        if self._subscription is not None:
            self._subscription.close()

    def _hear(self, message: Message) -> None:
        """On the thread that watches the engine."""
        engine = self._engine()
        if engine is not None and not self._knows(engine.rule_graph):
            _drawer.want(self)

    def _knows(self, graph: RuleGraph) -> bool:
        return self._drawn is not None and self._drawn() is graph

    def draw(self) -> None:
        """Have the view show the newest graph; one that cannot be drawn is passed over."""
        with suppress(Exception):  # the next change is another graph
            if self._view.is_live:
                self._draw()

    def _draw(self) -> None:
        engine = self._engine()
        if engine is None:
            return
        graph = engine.rule_graph
        del engine
        if self._knows(graph):
            return
        self._drawn = ref(graph)
        found = _drawer.drawing(graph)
        number = {node["id"]: position for position, node in enumerate(found["nodes"])}
        focus = [number[id] for id in self._focus if id in number]
        text = compact({**found, "focus": focus})
        self._view.data = text


class _Drawer:
    """Draws for all views, one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[_Following, None] = {}
        self._is_working = False
        self._drawings: WeakKeyDictionary[RuleGraph, dict[str, Any]] = WeakKeyDictionary()

    def want(self, one: _Following) -> None:
        """Have this one draw soon."""
        with self._lock:
            self._wanted[one] = None
            if self._is_working:
                return
            threading.Thread(target=self._work, name="wfnb graph view", daemon=True).start()
            self._is_working = True

    def _work(self) -> None:
        while True:
            with self._lock:
                one = next(iter(self._wanted), None)
                if one is None:
                    self._is_working = False
                    return
                del self._wanted[one]
            one.draw()

    def drawing(self, graph: RuleGraph) -> dict[str, Any]:
        """What all views of this graph show, whatever they are about."""
        with self._lock:
            found = self._drawings.get(graph)
        if found is None:
            found = live(graph, ())
            with self._lock:
                self._drawings[graph] = found
        return found


_drawer = _Drawer()
