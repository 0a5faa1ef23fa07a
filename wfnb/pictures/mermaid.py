"""Mermaid: a view in the words of a flowchart, for front ends that draw it themselves.

Knows: the syntax of Mermaid's flowcharts.
Does not know: layout; that is the reader's.
Holds: every character of a name that could mean something is written as its number.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfnb.pictures.boxes import box_of
from wfnb.pictures.shapes import DAY
from wfnb.pictures.texts import cut
from wfnb.pictures.view import Kind, View

MOST_NODES, MOST_EDGES, MOST_CHARACTERS = 150, 400, 45_000
"""Mermaid itself refuses more than 500 edges and 50,000 characters, and is slow long before."""

_SAFE = frozenset(" _.,→·…")
_SHAPES: dict[Kind, tuple[str, str]] = {
    "input": ("([", "])"),
    "param": ("([", "])"),
    "missing": ("([", "])"),
    "rule": ("(", ")"),
    "goal": ("[/", "\\]"),
    "union": ("[/", "/]"),
    "intrinsic": ("[[", "]]"),
    "product": ("[", "]"),
    "query": ("{{", "}}"),
    "group": ("[(", ")]"),
}


def is_drawable(view: View) -> bool:
    """Whether Mermaid would draw it, in a bearable time."""
    return len(view.nodes) <= MOST_NODES and len(view.edges) <= MOST_EDGES


def to_mermaid(view: View, direction: str = "down") -> str:
    """The view as a flowchart."""
    return "\n".join(_lines(view, direction)) + "\n"


def _lines(view: View, direction: str) -> Iterator[str]:
    yield f"flowchart {'LR' if direction == 'right' else 'TB'}"
    yield f"    accTitle: Rule graph, {_escape(cut(view.title, 200))}"
    names = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
    for node in view.nodes:
        box = box_of(node)
        lines = [box.name, " · ".join(part for part in (box.note, box.corner) if part)]
        lines += [tag for tag in (box.chip, box.badge) if tag]
        label = "<br/>".join(map(_escape, lines))
        before, after = _SHAPES[node.kind]
        yield f'    {names[node.id]}{before}"{label}"{after}:::{node.kind}'
    for edge in view.edges:
        line = "-.-" if edge.is_rival or edge.kind in ("get", "call") else "--"
        arrow = f"{line}x" if edge.is_stopped else f"{line}>"
        label = f'|"{_escape("could answer")}"|' if edge.is_rival else ""
        yield f"    {names[edge.source]} {arrow}{label} {names[edge.target]}"
    for kind in dict.fromkeys(node.kind for node in view.nodes):
        paint = DAY[kind]
        dashes = ",stroke-dasharray:4 3" if kind in ("param", "missing") else ""
        yield (
            f"    classDef {kind} fill:{paint.fill},stroke:{paint.line},color:{paint.text}{dashes}"
        )
    broken = [names[n.id] for n in view.nodes if box_of(n).badge.startswith("✖")]
    if broken:
        yield "    classDef broken stroke:#c0392b,stroke-width:3px"
        yield f"    class {','.join(broken)} broken"
    focus = [names[n.id] for n in view.nodes if n.is_focus]
    if focus:
        yield "    classDef focus stroke-width:4px"
        yield f"    class {','.join(focus)} focus"


def _escape(text: str) -> str:
    return "".join(
        letter if letter.isalnum() or letter in _SAFE else f"#{ord(letter)};" for letter in text
    )
