"""The half of an engine that is watched: what runs, who is told of it, what is recorded.

Knows: observers, recorders, requests by number.
Does not know: how anything is defined or asked (`engine.py`); how observers are told (`watching/`).
Holds: what nobody uses is not imported. An observer or a view that fails ends no request.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wfnb.rules.wording import type_name
from wfnb.taskgraph.cancelling import cancel
from wfnb.taskgraph.guards import warn
from wfnb.taskgraph.interrupts import Shield

if TYPE_CHECKING:
    from wfnb.asking import Asking
    from wfnb.definitions import Definitions
    from wfnb.events.steps import Recording
    from wfnb.events.stream import Observer
    from wfnb.listeners import Ear
    from wfnb.reasons import Reasons
    from wfnb.reports import SessionReport
    from wfnb.settings import Settings
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.watching.recording import Recorder
    from wfnb.watching.watch import Subscription


class Watched(ABC):
    """What an engine tells of the requests that it runs."""

    settings: Settings
    _asking: Asking
    _define_lock: threading.RLock
    _definitions: Definitions
    _ear: Ear
    _is_watched = False
    _keeper: Recorder | None = None
    _reasons: Reasons
    _tasks: TaskGraph
    _tell: Callable[[str], object]

    @property
    @abstractmethod
    def last(self) -> SessionReport | None:
        """What the last request did; None before the first."""

    @property
    def running(self) -> dict[int, str]:
        """The requests that run now: their numbers, with the names of what they make."""
        with self._tasks.lock:
            found = [*self._tasks.sessions.values(), *self._tasks.restarting.values()]
        return {one.number: type_name(one.query[0]) for one in found}

    def cancel(self, request: int) -> bool:
        """Interrupt one request, from any thread: it raises `RequestInterrupted` to its asker.

        Nothing else is interrupted, and what had finished is kept. A rule that runs on the main
        thread is cut off as by Ctrl-C; on another thread, the request ends when the rule awaits
        or returns, or, if it was asked with `arequest`, without it. A coroutine that awaits one is
        cancelled as asyncio does it, by a CancelledError: anything else would end its event loop.
        A cell of a notebook that awaits one itself gets `RequestInterrupted`.

        Args:
            request: its number; see `running`.

        Returns:
            Whether it was running: False for a request that has ended, or that never was.
        """
        return cancel(self._tasks, request)

    def subscribe(self, observer: Observer) -> Subscription:
        """Have an observer told what the engine does, from now on.

        The observer is called with a snapshot of all there is, then at most 20 times a second
        with what has happened since; see `wfnb.events`. It is called on a thread of its own,
        never in the middle of a request, and may ask the engine. If it raises, it is dropped, and
        a warning says so.

        Returns:
            A context manager; `close()` ends it.
        """
        from wfnb.watching.watch import Watch, hush  # what nobody pays for who does not watch

        with self._define_lock, Shield():
            watch = self._ear.listener
            found = watch.subscribe(observer) if isinstance(watch, Watch) else None
            if found is None:
                tell = None if self._tell is warn else self._tell
                watch = Watch(
                    self._tasks, self._reasons, self._ear, self._asking, self._definitions, tell
                )
                found = watch.subscribe(observer)
                assert found is not None
            if not self._is_watched:
                self._is_watched = True
                weakref.finalize(self, hush, self._ear)
            return found

    def recording(self, most_steps: int = 10_000) -> Recorder:
        """Have requests noted step by step while a `with` block lasts.

        This costs a few microseconds a step; `last` of what it gives is the last request that ran,
        as plain data. The answer of a request that is remembered has no steps.
        """
        from wfnb.watching.recording import Recorder

        return Recorder(self._ear, self._reasons, most_steps)

    @property
    def last_recording(self) -> Recording | None:
        """What the last request did, step by step; in a notebook, which records what it asks.

        None without a notebook, before the first request, and for a request that was not recorded:
        many small ones came before it, or `settings.recorded_steps` is 0.
        """
        last = self.last
        if self._keeper is None or last is None:
            return None
        from wfnb.watching.recording import remembered

        if last.facts is None:
            return remembered(last, self._reasons)
        found = self._keeper.last
        return found if found is not None and found.request == last.facts.number else None

    # ---------------------------------------------------------------- for a notebook

    def _keep(self, is_wanted: bool) -> None:
        """Record each request, for who looks at the last one afterwards; or no longer."""
        self._keeper = self._ear.recorder = None
        if is_wanted:
            from wfnb.watching.keeping import Keeper

            self._keeper = self._ear.recorder = Keeper(self._ear, self._reasons, self.settings)

    def _show_slow(self, show: Callable[[Any, int], object] | None) -> None:
        """Have requests shown that take long; None for no longer."""

        def show_safely(request: int) -> None:
            assert show is not None
            try:
                show(self, request)
            except Exception as error:  # the request goes on all the same
                what = f"{type(error).__name__}: {error}"
                self._tell(f"how a request comes on cannot be shown: {what}")

        self._tasks.on_slow = None if show is None else show_safely
