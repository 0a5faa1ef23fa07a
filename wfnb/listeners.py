"""Listeners: where what an engine does can be heard, if anybody listens.

Knows: which calls a listener gets, and when.
Does not know: who listens, or what becomes of it.
Holds: without a listener, a request or a change looks at one attribute, and a task at none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wfnb.definitions import Change
    from wfnb.reports import SessionReport
    from wfnb.taskgraph.sessions import Session


class Listener(Protocol):
    """Called on whatever thread does it, sometimes under the engine's lock: it only takes notes."""

    def began(self, session: Session) -> None:
        """A request is about to run."""

    def ended(self, report: SessionReport) -> None:
        """A request has its answer, or will get none."""

    def remembered(self, product: type) -> None:
        """A request was answered from memory."""

    def changed(self, change: Change, cell: str) -> None:
        """Definitions changed, in a cell of this label."""

    def touched(self, why: str, cleared: int, dirtied: int) -> None:
        """Tasks were cleared though no definition changed."""


class Recording(Protocol):
    """Has requests noted step by step; called on the thread that asks."""

    def began(self, session: Session) -> None:
        """A request is about to run, and has no worker yet."""

    def ended(self, session: Session, report: SessionReport) -> None:
        """It has its answer, or will get none."""


class Ear:
    """Holds the listener and the recorder of one engine, if there are any."""

    __slots__ = ("listener", "recorder")

    def __init__(self) -> None:
        self.listener: Listener | None = None
        self.recorder: Recording | None = None
