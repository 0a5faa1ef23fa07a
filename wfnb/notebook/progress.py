"""Progress: where a request that takes long is shown.

Knows: the messages of a kernel, terminals.
Does not know: what is shown (`wfnb.widgets`), or when.
Holds: it is shown under the cell that asked, whichever runs now. Where nothing can be shown, or
       somebody keeps the outputs of a cell for himself (`%%capture`), nothing is.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wfnb.notebook.live import has_views

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from wfnb.engine import Engine
    from wfnb.notebook.control import Control


_SETTLE_S = 0.5


class Progress:
    """Shows requests of one shell; called for each that takes long, on a thread of its own.

    Args:
        shell: IPython's.
        control: what pages ask to cancel.

    Attributes:
        is_wanted: whether a page wants it shown under cells; it may show it elsewhere.
    """

    def __init__(self, shell: InteractiveShell, control: Control) -> None:
        self.is_wanted = True
        self._shell, self._control = shell, control
        self._stream = sys.stdout  # the kernel's own, but for a cell that redirects it
        self._drawing: dict[threading.Thread, tuple[Engine, int]] = {}

    def __call__(self, engine: Engine, request: int) -> None:
        """Show how this request comes on, until it has ended."""
        if self.is_wanted and has_views(self._shell):
            parent = self._cell_that_asked()
            if parent:
                from wfnb.widgets.progress import show_progress

                show_progress(
                    engine,
                    request,
                    self._control.target,
                    lambda bundle: self._display(bundle, parent),
                )
        elif getattr(self._shell, "kernel", None) is None:
            from wfnb.widgets.terminal import is_terminal, show_in_terminal

            if not is_terminal(self._stream):  # a cell had redirected it
                self._stream = sys.stdout
            if is_terminal(self._stream):
                self._drawing[threading.current_thread()] = (engine, request)
                try:
                    show_in_terminal(engine, request, self._stream)
                finally:
                    del self._drawing[threading.current_thread()]

    def settle(self) -> None:
        """A cell has ended: have what was drawn of its requests erased before the next prompt."""
        for thread, (engine, request) in list(self._drawing.items()):
            if request not in engine.running:
                thread.join(_SETTLE_S)

    def choose(self, engine: Engine, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A page says whether it wants it, as `wanted`; for `Control`."""
        self.is_wanted = asked.get("wanted") is not False
        where = "under cells" if self.is_wanted else "in the side panel only"
        return {"done": True, "text": f"progress is shown {where}"}

    def _cell_that_asked(self) -> dict[str, Any]:
        """The header of the message whose cell asked; empty when there is none.

        A kernel knows the parent of what is printed by context variables, which are those of the
        asker here. For displays, ipykernel 6.29 takes whichever cell runs.
        """
        if not hasattr(self._stream, "parent_header"):  # redirected as the extension was loaded
            self._stream = sys.stdout
        if hasattr(self._stream, "parent_header"):
            return self._stream.parent_header or {}
        return getattr(self._shell.display_pub, "parent_header", None) or {}

    def _display(self, bundle: dict[str, Any], parent: dict[str, Any]) -> None:
        publisher: Any = self._shell.display_pub
        socket = getattr(publisher, "pub_socket", None)
        if socket is None:
            return  # outputs are captured
        content = {"data": bundle, "metadata": {}, "transient": {}}
        message = publisher.session.msg("display_data", content, parent=parent)
        publisher.session.send(socket, message, ident=publisher.topic)
