"""What all views share: their script and style, and what a notebook keeps of them.

Knows: anywidget; where the built scripts are.
Does not know: what a view shows, or where it comes from.
Holds: no name of a trait is one that ipywidgets uses itself (layout, tooltip, tabbable, keys).
    Of each kind the newest `most_kept` views stay open; ipywidgets itself would keep all for ever.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from wfnb.watching.saving import form_of

_STATIC = Path(__file__).parent / "static"
_WIDGET = "application/vnd.jupyter.widget-view+json"

_kept: dict[str, deque[View]] = {}


class View(anywidget.AnyWidget):
    """A live view; each kind is a class of its own, with `_esm` and `_css`.

    Pages keep one style per class: two kinds of one class would take each other's.

    Args:
        text: what is shown where no widget can be; "" for nothing.
        traits: what the script reads.

    Attributes:
        snapshot: a checkpoint of the engine's messages, as JSON text; "" before the first.
        data: what the view shows besides, as JSON text; "" for nothing.
        is_live: whether checkpoints still come.
        kind: which view a notebook keeps it as; "" if it keeps none.
        most_kept: how many of its kind stay open.
        metadata: what a notebook keeps of it; see `wfnb.watching.saving`.
    """

    kind = ""
    most_kept = 16

    snapshot = traitlets.Unicode("").tag(sync=True)
    data = traitlets.Unicode("").tag(sync=True)
    is_live = traitlets.Bool(True).tag(sync=True)

    def __init__(self, text: str, **traits: Any) -> None:
        self.text = text
        self.metadata: dict[str, Any] = {}
        super().__init__(**traits)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
        return self.bundle(), self.metadata

    def close(self) -> None:
        """Take it from the page; with its layout, which is a widget of its own."""
        if self.comm is not None:
            layout = self.layout
            super().close()
            layout.close()

    def bundle(self) -> dict[str, Any]:
        """What a notebook shows and keeps, by MIME type."""
        model = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        text = {"text/plain": self.text} if self.text else {}
        return {**text, **(form_of(self.kind) if self.kind else {}), _WIDGET: model}


def keep(view: View) -> None:
    """Close the oldest of its kind, if this new one makes them too many."""
    views = _kept.setdefault(type(view).__name__, deque())  # its class is its own, by anywidget
    views.append(view)
    while len(views) > view.most_kept:
        old = views.popleft()
        old.is_live = False
        old.close()


def compact(data: Any) -> str:
    """Data as the JSON text of a trait."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def static(name: str) -> str:
    """A built file."""
    return (_STATIC / name).read_text(encoding="utf-8")
