"""Announcing: pages learn that this kernel has wfnb, and are told what the engine does.

At `%load_ext wfnb` the kernel opens a comm on which it sends nothing: whoever wants to know more
opens a comm `wfnb.events.ID`, with the id of that first comm, and gets a snapshot and then batches
until it closes it. A kernel without pages that want to know watches nothing, and starts no thread.

Each load has targets of its own, since JupyterLab keeps a subshell for each kernel and target. Up
to 4.5 it also keeps it over a restart that another notebook asked for, and a comm that is opened
for a subshell of the kernel before is not heard (CommHandler of @jupyterlab/services 7.4, 7.5).

Knows: comms, subscriptions. Does not know: what pages show.
Holds: a page may open its comm on the thread of a subshell, while a cell runs. A page that is
       loaded again ends what its last load had asked for; at most `MOST_PAGES` are told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from wfnb.notebook.control import manager_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from wfnb.engine import Engine
    from wfnb.events.state import Message
    from wfnb.watching.watch import Subscription

ANNOUNCED = "wfnb"
EVENTS = "wfnb.events"
MOST_PAGES = 8


class Announcer:
    """Tells pages; one for a shell.

    Args:
        engine: gives the engine that is current.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._pages: dict[str, _Page] = {}
        self._announced: Any = None
        self._target = ""
        self._is_over = False

    def start(self, shell: InteractiveShell, load: str) -> None:
        """Announce the kernel of `shell`, if it has one; on a terminal there are no pages.

        Args:
            load: an id that no other load has.
        """
        manager = manager_of(shell)
        if manager is None or self._announced is not None:
            return
        from comm import create_comm

        self._is_over = False
        self._target = f"{EVENTS}.{load}"
        manager.register_target(self._target, self._opened)
        self._announced = create_comm(target_name=ANNOUNCED, comm_id=load)

    def stop(self, shell: InteractiveShell) -> None:
        """Take it back: pages are told nothing more."""
        manager = manager_of(shell)
        if manager is None or self._announced is None:
            return
        manager.unregister_target(self._target, self._opened)
        with self._lock:
            self._is_over = True
            pages = list(self._pages.values())
            self._pages.clear()
        for page in pages:
            page.end()
        # Pages close their own comms when this one goes. Closed from here, each would reach every
        # page, and JupyterLab logs an error for a comm that it does not know.
        self._announced.close()
        self._announced = None

    def follow(self, engine: Engine) -> None:
        """This engine has become the current one."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.watch(engine)

    def _opened(self, comm: Any, message: Mapping[str, Any]) -> None:
        data = message["content"].get("data")
        name = str((data if isinstance(data, dict) else {}).get("page") or comm.comm_id)
        page = _Page(comm)
        with self._lock:
            if self._is_over:  # meanwhile
                return
            ended = [self._pages.pop(name, None)]
            self._pages[name] = page
            while len(self._pages) > MOST_PAGES:
                ended.append(self._pages.pop(next(iter(self._pages))))
        for one in ended:
            if one is not None:
                one.end()

        def closed(_: object) -> None:
            with self._lock:
                if self._pages.get(name) is page:
                    del self._pages[name]
            page.end()

        comm.on_close(closed)
        page.watch(self._engine())


class _Page:
    """One page's comm, and what it is told over it."""

    def __init__(self, comm: Any) -> None:
        self._comm = comm
        self._lock = threading.Lock()
        self._watched: Engine | None = None
        self._subscription: Subscription | None = None
        self._is_over = False

    def watch(self, engine: Engine) -> None:
        """Tell it of this engine from now on, and of no other."""
        with self._lock:
            if self._is_over or self._watched is engine:
                return
            if self._subscription is not None:
                self._subscription.close()
            self._watched = engine
            self._subscription = engine.subscribe(self._send)

    def end(self) -> None:
        """Tell it nothing more."""
        with self._lock:
            self._is_over = True
            if self._subscription is not None:
                self._subscription.close()

    def _send(self, message: Message) -> None:
        """On the thread that watches the engine."""
        from wfnb.events.codec import to_json

        if not self._is_over:
            self._comm.send(to_json(message))
