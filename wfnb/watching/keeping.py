"""Keeping: the last request of a notebook, recorded before anybody asks for it.

Who wants to see what a request did asks after it. So all are recorded, up to a number of steps;
what that costs is bounded: of each request alone (10 ms at most), and of many together.

Knows: how much recording a notebook can afford.
Does not know: what is recorded, or who looks at it.
Holds: of a second of requests, at most a twentieth goes into recordings, after the first 2,000
       steps. A request that was not recorded is none, rather than half of another.

Measured with bodies that do nothing: a step takes 1 µs, 4 µs with forty bodies on the stack. A
cell that makes ten tasks takes 12 % longer, 0.07 ms, and one that makes 20,000 takes 5 %, 5 ms.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from wfnb.taskgraph.stepping import Tape
from wfnb.watching.recording import Found, Recorder

if TYPE_CHECKING:
    from wfnb.listeners import Ear
    from wfnb.reasons import Reasons
    from wfnb.reports import SessionReport
    from wfnb.settings import Settings
    from wfnb.taskgraph.sessions import Session

_STEPS_A_SECOND = 10_000.0
_STEPS_AT_ONCE = 2_000.0


class Keeper(Recorder):
    """Records every request, as long as they are not too many."""

    def __init__(self, ear: Ear, reasons: Reasons, settings: Settings) -> None:
        super().__init__(ear, reasons)
        self._settings = settings
        self._left = _STEPS_AT_ONCE
        self._since = perf_counter()

    def make_tape(self) -> Tape | None:
        """None where recordings are not wanted, or there were too many just now."""
        now = perf_counter()
        more = (now - self._since) * _STEPS_A_SECOND
        self._left, self._since = min(_STEPS_AT_ONCE, self._left + more), now
        most = self._settings.recorded_steps
        return Tape(most, counts=False) if most and self._left > 0 else None

    def began(self, session: Session) -> None:
        """A request is about to run; what nobody has looked at makes room for it."""
        self._found = Found(None)
        super().began(session)

    def ended(self, session: Session, report: SessionReport) -> None:
        """The request has its answer, or will get none; its steps are paid for."""
        tape = session.tape
        super().ended(session, report)
        if tape is not None:
            self._left -= min(len(tape.notes), _STEPS_AT_ONCE)
