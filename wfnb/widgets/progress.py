"""The progress view: how one request comes on, shown under the cell that asked.

Knows: when its checkpoints are due; which views are still open.
Does not know: when a request is slow, where a cell is; how it is drawn (labextension/src/progress).
Holds: its bundle is the widget alone, so that a notebook is the same with it and without. Of the
    views whose requests have ended, the last `most_kept` stay open.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wfnb.events.codec import to_json
from wfnb.events.fold import fold_events
from wfnb.events.state import Snapshot
from wfnb.widgets.base import View, compact, keep, static
from wfnb.widgets.feed import checkpoint
from wfnb.widgets.following import follow

if TYPE_CHECKING:
    from wfnb.engine import Engine


class ProgressView(View):
    """How one request comes on; `data` has what the page cancels it by.

    That is the number of its engine, and the target of comms on which the kernel is asked.
    """

    _esm = static("progress.js")
    _css = static("progress.css")
    most_kept = 50


def show_progress(
    engine: Engine, request: int, control: str, display: Callable[[dict[str, Any]], object]
) -> None:
    """Show a request as it comes on, until it has ended; returns then.

    Args:
        control: the target of comms on which pages ask the kernel to cancel it.
        display: called with the bundle, on this thread; not at all if it has ended by then.
    """
    shown: _Shown | None = None
    try:
        for message in follow(engine, request):
            if shown is not None:
                shown.tell(message)
            elif isinstance(message, Snapshot):
                shown = _Shown(engine, message, control)
                if message.state.requests[-1].request not in engine.running:
                    return
                display(shown.view.bundle())
                shown.is_displayed = True
    finally:
        if shown is not None:
            shown.end()


class _Shown:
    """One view, and what it knows.

    Attributes:
        is_displayed: whether it is under a cell.
    """

    def __init__(self, engine: Engine, known: Snapshot, control: str) -> None:
        self._known = known
        self._is_behind = False
        self.is_displayed = False
        self.view = ProgressView("", data=compact({"engine": engine.number, "control": control}))
        self._due_s = checkpoint(self.view, known)

    def tell(self, message: Any) -> None:
        """Send a batch, and now and then a checkpoint, also while nothing happens."""
        if message is not None:
            known = self._known
            state = fold_events(known.state, message.events)
            self._known = Snapshot(message.seq, known.began_at_s, state)
            self._is_behind = True
            self.view.send(to_json(message))
        if self._is_behind and time.monotonic() >= self._due_s:
            self._checkpoint()

    def end(self) -> None:
        """The request has ended: what the view knows now stays, if anybody sees it."""
        if not self.is_displayed:
            self.view.close()
            return
        keep(self.view)
        try:
            self._checkpoint()
        finally:
            self.view.is_live = False

    def _checkpoint(self) -> None:
        self._is_behind = False
        self._due_s = checkpoint(self.view, self._known)
