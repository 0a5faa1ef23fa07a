"""The bundle: all forms of one picture, for a front end to choose from.

Which is chosen: JupyterLab and Notebook 7 draw Mermaid before SVG, and no metadata changes that;
it is the one form that they draw for an untrusted reader, too, and in the colours of their theme.
nbconvert and code hosts show the SVG, terminals and screen readers the text. With SVG alone,
whoever opens somebody else's notebook would see no picture.

Knows: which forms there are, and when a picture is too large.
Does not know: how each is made; who displays it.
Holds: never a widget and an SVG in one bundle: what can show both shows the widget, dead or alive.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wfnb.pictures.layout import lay_out
from wfnb.pictures.mermaid import MOST_CHARACTERS, is_drawable, to_mermaid
from wfnb.pictures.parts import collapse, fold, thin
from wfnb.pictures.survey import survey
from wfnb.pictures.svg import to_svg
from wfnb.pictures.tree import tree

if TYPE_CHECKING:
    from wfnb.pictures.view import View
    from wfnb.rulegraph.graph import RuleGraph

Bundle = dict[str, str]

MOST_NODES, MOST_EDGES_PER_NODE = 160, 2


def bundle_of(graph: RuleGraph) -> Bundle:
    """What a notebook shows for a rule graph."""
    return bundle(survey(graph))


def bundle(view: View) -> Bundle:
    """Text, SVG and Mermaid of a view.

    A large view is drawn with a node per cell or file, if that makes it much smaller; its text
    still tells of every rule, up to a length. Mermaid is left out where it would give up.
    """
    drawn = readable(fold(view))
    layout = lay_out(drawn)
    found = {"text/plain": tree(view), "image/svg+xml": to_svg(drawn, layout)}
    if is_drawable(drawn):
        text = to_mermaid(drawn, layout.direction)
        if len(text) <= MOST_CHARACTERS:
            found["text/vnd.mermaid"] = text
    return found


def readable(view: View) -> View:
    """The view itself, or the same with a node per cell or file, if it is too large."""
    if len(view.nodes) <= MOST_NODES:
        return view
    small = collapse(view)
    if not 3 < len(small.nodes) < len(view.nodes) / 2:
        return view
    told = "one box per cell or file"
    if len(small.edges) > MOST_EDGES_PER_NODE * len(small.nodes):
        small = thin(small)
        told += ", without lines that follow from others"
    return replace(small, hint=f"{told}; %wf graph TYPE draws a part")
