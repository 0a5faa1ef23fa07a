"""Interrupts: what SIGINT does while a request runs.

Python delivers KeyboardInterrupt between any two bytecodes of the main thread. Landing in the
engine's own code it would cut bookkeeping in half (measured on a memo updated by the main thread:
723 of 3,000 interrupts left it wrong). So for the time of a request SIGINT has this handler: in a
rule body it raises, in the engine it only stops the session, which is seen at the next step.

Knows: signals, frames. Does not know: tasks.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from wfnb.taskgraph.texts import is_engine_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from wfnb.taskgraph.driver import Worker
    from wfnb.taskgraph.sessions import Session


class Shield:
    """Context manager: SIGINT is handled for `session` while `worker` drives it.

    Off the main thread, where signals do not arrive, and where SIGINT is ignored or handled
    outside Python, it does nothing.

    Args:
        session: stopped by an interrupt; None only notes it (for changes of definitions).
        worker: the main thread's worker; None when the main thread runs no body.
        wake: called after an interrupt was noted, from the handler.
    """

    def __init__(
        self,
        session: Session | None,
        worker: Worker | None = None,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self._session = session
        self._worker = worker
        self._wake = wake
        self._old: object = None
        self.is_pressed = False

    def __enter__(self) -> Shield:
        if threading.current_thread() is threading.main_thread():
            old = signal.getsignal(signal.SIGINT)
            if callable(old):
                self._old = old
                signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._old is not None:
            signal.signal(signal.SIGINT, self._old)  # type: ignore[arg-type]  # came from getsignal
            self._old = None

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.is_pressed = True
        if self._session is not None:
            self._session.interrupt()
        worker = self._worker
        if (
            worker is not None
            and worker.in_body
            and frame is not None
            and not is_engine_frame(frame)
        ):
            worker.bound = True  # whatever the body makes of this is no fact
            raise KeyboardInterrupt
        if self._wake is not None:
            self._wake()
