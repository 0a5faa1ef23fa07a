"""Cancelling: one request is stopped by its number, from any thread.

Knows: sessions that run, how an interrupt stops one. Does not know: who cancels, and why.
Holds: no other session is touched, whatever shares its threads. The answer is final: after True
       the request ends as interrupted, after False nothing was done.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from wfnb.taskgraph.interrupts import aim_at

if TYPE_CHECKING:
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.sessions import Session


def cancel(graph: TaskGraph, number: int) -> bool:
    """Interrupt the request of this number, and nothing else.

    A request that was started over is also known by the number that it began with.

    Returns:
        Whether it runs, or ran until now; False for one that has ended, or an unknown number.
    """
    with graph.lock:
        session = _find(graph, number)
        if session is None or not session.cancel():
            return False
        aim_at(session)
        session.ring()
    if session.on_cancel is not None:
        with suppress(RuntimeError):  # its event loop is closed: nobody waits any more
            session.on_cancel()
    return True


def _find(graph: TaskGraph, number: int) -> Session | None:
    for found in (graph.sessions, graph.restarting):
        if number in found:
            return found[number]
    known = (*graph.sessions.values(), *graph.restarting.values())
    return next((one for one in known if one.first == number), None)
