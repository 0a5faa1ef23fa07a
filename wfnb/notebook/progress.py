"""Progress: where a request that takes long is shown.

Knows: the messages of a kernel, terminals.
Does not know: what is shown (`wfnb.widgets`), or when.
Holds: it is shown under the cell that asked, whichever runs now. Where nothing can be shown, or
       somebody keeps the outputs of a cell for himself (`%%capture`), nothing is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from wfnb.notebook.live import has_views

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from wfnb.engine import Engine


class Progress:
    """Shows requests of one shell; called for each that takes long, on a thread of its own.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._stream = sys.stdout  # the kernel's own; a cell may have redirected it later

    def __call__(self, engine: Engine, request: int) -> None:
        """Show how this request comes on, until it has ended."""
        if has_views(self._shell):
            parent = self._cell_that_asked()
            if parent:
                from wfnb.widgets.progress import show_progress

                show_progress(engine, request, lambda bundle: self._display(bundle, parent))

    def _cell_that_asked(self) -> dict[str, Any]:
        """The header of the message whose cell asked; empty when there is none.

        A kernel knows the parent of what is printed by context variables, which are those of the
        asker here. For displays, ipykernel 6.29 takes whichever cell runs.
        """
        return getattr(self._stream, "parent_header", None) or {}

    def _display(self, bundle: dict[str, Any], parent: dict[str, Any]) -> None:
        publisher: Any = self._shell.display_pub
        socket = getattr(publisher, "pub_socket", None)
        if socket is None:
            return  # outputs are captured
        content = {"data": bundle, "metadata": {}, "transient": {}}
        message = publisher.session.msg("display_data", content, parent=parent)
        publisher.session.send(socket, message, ident=publisher.topic)
