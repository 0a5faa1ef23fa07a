"""Patience: when a request has run for so long that its asker wants to see it move.

The watcher of `workers` looks at each running request anyway, once a tick. So a request costs
nothing for this, whether it is short or long, and no clock is started for it.

Knows: how long requests run. Does not know: what is shown then, or where.
Holds: told once for a request, also if it is started over; on a thread of its own, in the context
       of the asker, so that what is shown there lands where the request was asked.
"""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.sessions import Session


def tell_if_slow(graph: TaskGraph, session: Session) -> None:
    """Call the graph's `on_slow` if it is time; called at each look at a request that runs."""
    tell = graph.on_slow
    after_s = graph.settings.progress_after
    if tell is None or after_s is None or session.is_told_slow:
        return
    if perf_counter() - session.since < after_s:
        return
    session.is_told_slow = True
    context = session.context.copy()
    threading.Thread(
        target=context.run, args=(tell, session.number), name="wfnb-progress", daemon=True
    ).start()
