"""Saving: what a notebook keeps of a live view, for when there is no kernel any more.

A display carries, beside its text, a constant that says which view it was; so notebooks that are
compared by their outputs stay the same. What the view showed is in the metadata of the output,
which such comparisons leave out.

Knows: names of views, messages, how much a notebook should hold.
Does not know: widgets, or how a view is drawn (labextension/src/lab/renderer.ts).
Holds: the same rules give the same bytes: no times, no numbers of engines or requests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wfnb.events.codec import to_json
from wfnb.events.state import Snapshot, State
from wfnb.watching.telling import draw

if TYPE_CHECKING:
    from wfnb.rulegraph.graph import RuleGraph

MIME = "application/vnd.wfnb.view+json"
VERSION = 1
MOST_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Saved:
    """A display that stands for a view where there is none.

    Attributes:
        view: its name.
        forms: other forms, by MIME type.
        metadata: what `kept` gives.
    """

    view: str
    forms: Mapping[str, Any]
    metadata: dict[str, Any]

    def bundle(self) -> dict[str, Any]:
        """All forms; a live view has them under this name, too."""
        return {**self.forms, **form_of(self.view)}


def form_of(view: str) -> dict[str, Any]:
    """What a display of this view carries, by MIME type."""
    return {MIME: {"version": VERSION, "view": view}}


def kept(*, snapshot: Snapshot | None = None, data: Any = None) -> dict[str, Any]:
    """The metadata of such an output; {} if a notebook should rather not hold it."""
    found: dict[str, Any] = {"version": VERSION}
    if snapshot is not None:
        found["snapshot"] = to_json(snapshot)
    if data is not None:
        found["data"] = data
    size = len(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return {"wfnb": found} if size <= MOST_BYTES else {}


def problems_of(graph: RuleGraph) -> Snapshot:
    """The rules and what is wrong with them; nothing of what ran."""
    drawn = draw(graph)
    return Snapshot(0, 0.0, State(nodes=drawn.nodes, problems=drawn.problems))
