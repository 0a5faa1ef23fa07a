"""Interrupts: what SIGINT does while requests run.

Python delivers KeyboardInterrupt between any two bytecodes of the main thread. Landing in the
engine's own code it would cut bookkeeping in half (measured on a memo updated by the main thread:
723 of 3,000 interrupts left it wrong). So while a request runs, SIGINT has one handler of ours: in
a rule body it raises, in the engine it only stops the sessions, which is seen at the next step.

Knows: signals, frames. Does not know: tasks.
Holds: the handler stands while any shield does, however requests overlap, unless somebody puts up
       another; then the old one is back. At every point in between, an interrupt meets either the
       old handler or a shield.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from wfnb.taskgraph.texts import is_engine_frame

if TYPE_CHECKING:
    from wfnb.taskgraph.driver import Worker
    from wfnb.taskgraph.sessions import Session

_shields: list[Shield] = []
_old_handler: Any = None


class Shield:
    """Context manager: an interrupt stops `session` instead of landing anywhere.

    Off the main thread, where signals do not arrive, it does nothing.

    Attributes:
        session: stopped by an interrupt; None only notes it (for changes of definitions).
        worker: the main thread's worker, if the main thread runs rule bodies.
        wake: called after an interrupt was noted, from the handler.
        is_for_others_too: whether the handler that stood before is called as well.
        is_pressed: whether an interrupt came.
        is_aimed_at: whether it came for this session alone; then what the handler meets is its
            own until the session has ended, even a press of somebody else at the same moment.
        has_raised: whether it was raised in a body.
    """

    def __init__(
        self,
        session: Session | None = None,
        worker: Worker | None = None,
        wake: Callable[[], None] | None = None,
        is_for_others_too: bool = False,
    ) -> None:
        self.session = session
        self.worker = worker
        self.wake = wake
        self.is_for_others_too = is_for_others_too
        self.is_pressed = False
        self.is_aimed_at = False
        self.has_raised = False

    def __enter__(self) -> Shield:
        global _old_handler
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            if not callable(handler):
                return self
            # It is ours already under another shield, unless a kernel has put up its own since (a
            # shield may stand from one cell to the next), or if an interrupt came at the very end.
            if handler is not _handle:
                _old_handler = handler
                signal.signal(signal.SIGINT, _handle)
            _shields.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        global _old_handler
        if self in _shields:
            _shields.remove(self)
            if not _shields:
                if signal.getsignal(signal.SIGINT) is _handle:
                    signal.signal(signal.SIGINT, _old_handler)
                _old_handler = None
                if self.session is None and self.wake is None and self.is_pressed and not error:
                    raise KeyboardInterrupt  # it came while definitions changed; they are whole


def _handle(number: int, frame: FrameType | None) -> None:
    if not _shields:  # it came as the first shield went up, or the last one down
        if callable(_old_handler):
            _old_handler(number, frame)
        return
    is_in_body = False
    shields = [shield for shield in _shields if shield.is_aimed_at] or list(_shields)
    for shield in shields:
        shield.is_pressed = True
        if shield.session is not None:
            shield.session.interrupt()
        worker = shield.worker
        if worker is not None and worker.in_body:
            worker.attempt.bound = True  # whatever the body makes of this is no fact
            task = worker.attempt.task
            # what ships with wfnb looks whether it is to stop, and holds things that must be closed
            is_in_body = is_in_body or (task is not None and not task.family.rule.is_intrinsic)
        if shield.wake is not None:
            shield.wake()
    if any(shield.is_for_others_too for shield in shields) and callable(_old_handler):
        _old_handler(number, frame)
    if is_in_body and frame is not None and not is_engine_frame(frame):
        for shield in shields:
            shield.has_raised = True
        raise KeyboardInterrupt


def aim_at(session: Session) -> None:
    """Have this session alone interrupted, from any thread; its engine's lock is held.

    If the main thread is inside one of its bodies, it is pressed at once. As in `press_again` no
    session of that engine can end meanwhile, so that the press meets the one it is meant for.
    """
    for shield in tuple(_shields):
        if shield.session is session:
            shield.is_aimed_at = shield.is_pressed = True
    press_again(session)


def press_again(session: Session) -> None:
    """Interrupt the main thread once more if it went into a body all the same.

    The interrupt landed in the engine's own code, which saw its flag before that, or not yet. The
    body may now block for long; called from another thread while it does not come back. That one
    holds the engine's lock, without which no session ends: once it has, a late interrupt would be
    somebody else's.
    """
    for shield in tuple(_shields):
        worker = shield.worker
        is_late = shield.session is session and shield.is_pressed and not shield.has_raised
        if is_late and worker is not None and worker.in_body:
            _press()


def _press() -> None:
    if signal.getsignal(signal.SIGINT) is not _handle:
        return  # a body has put up its own: what that makes of a press is not ours to know
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)
