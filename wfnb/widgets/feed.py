"""The feed: messages of an engine on their way to a view.

A page may miss messages: it is still loading, or was reloaded. And what it asks, a kernel that
runs a cell may not answer. So nothing is asked: a trait holds a checkpoint, a snapshot that is
renewed from time to time, and the batches between are sent as they come.

Knows: checkpoints and batches, and how often either may go out.
Does not know: what a view makes of them.
Holds: after the last message, a checkpoint follows. At most `MOST_LIVE` views are fed; the oldest
       is then told nothing more, and says so. So does one that could not be told something.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from wfnb.events.codec import to_json
from wfnb.events.fold import fold_events
from wfnb.events.state import Batch, Message, Snapshot
from wfnb.widgets.base import compact

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.watching.watch import Subscription
    from wfnb.widgets.base import View

MOST_LIVE = 16
SHORTEST_S = 2.0
BYTES_A_SECOND = 50_000

_live: deque[Feed] = deque()


class Feed:
    """Tells one view what an engine does, until it is ended.

    Args:
        view: has the traits `snapshot` and `is_live`.
    """

    def __init__(self, view: View, engine: Engine) -> None:
        self._view = view
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._due_s = 0.0
        self._timer: threading.Timer | None = None
        self._is_over = False
        self._subscription: Subscription | None = None
        try:
            self._subscription = engine.subscribe(self._take)
            self._subscription.catch_up(1.0)
        except BaseException:  # an interrupt
            self.end()
            raise
        _live.append(self)  # last, as only what is whole may be among them
        while len(_live) > MOST_LIVE:
            _live.popleft().end()

    def end(self) -> None:
        """Tell the view nothing more."""
        if self._subscription is not None:
            self._subscription.close()
        with self._lock:
            self._is_over = True
            if self._timer is not None:
                self._timer.cancel()
            with suppress(ValueError):
                _live.remove(self)
        self._view.is_live = False

    def _take(self, message: Message) -> None:
        """On the thread that watches the engine."""
        try:
            with self._lock:
                if not self._is_over:
                    self._tell(message)
        except BaseException:
            with suppress(Exception):
                self.end()
            raise

    def _tell(self, message: Message) -> None:
        if isinstance(message, Snapshot):
            self._newest = message
            self._checkpoint()
            return
        known = self._newest
        assert known is not None  # the first message is a snapshot
        state = fold_events(known.state, message.events)
        self._newest = Snapshot(message.seq, known.began_at_s, state)
        self._send(message)
        left = self._due_s - time.monotonic()
        if left <= 0:
            self._checkpoint()
        elif self._timer is None:
            self._timer = threading.Timer(left, self._late)
            self._timer.daemon = True
            self._timer.start()

    def _late(self) -> None:
        try:
            with self._lock:
                self._timer = None
                if not self._is_over:
                    self._checkpoint()
        except Exception:  # this thread has nobody to tell
            with suppress(Exception):
                self.end()

    def _send(self, message: Batch) -> None:
        self._view.send(to_json(message))

    def _checkpoint(self) -> None:
        assert self._newest is not None
        self._due_s = checkpoint(self._view, self._newest)


def checkpoint(view: View, known: Snapshot) -> float:
    """Renew the checkpoint of a view.

    Returns:
        When the next one may follow, by the monotonic clock: large ones come rarely.
    """
    view.snapshot = text = compact(to_json(known))
    return time.monotonic() + max(SHORTEST_S, len(text) / BYTES_A_SECOND)


def end_all() -> None:
    """Tell no view anything more."""
    while _live:
        _live.popleft().end()
