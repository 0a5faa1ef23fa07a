"""Live: all that a live view of a rule graph draws, as JSON data.

Several pictures of the same graph come ready: the rules, with and without wfnb's own, and a box per
cell or per module. What a view then does is choose, hide and close up; it never has to ask a kernel
that may be busy.

Knows: which pictures there are; who answers what (`wfnb.rulegraph.choices`).
Does not know: what runs; who shows it.
Holds: the same rules give the same data. A node that `wfnb.events` has has its id there; one that
    stands for others, or for wfnb's own rules, says under which ids they are told of (`tasks`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from wfnb.pictures.boxes import padding_of
from wfnb.pictures.bundle import MOST_EDGES_PER_NODE, MOST_NODES
from wfnb.pictures.layout import Placed, lay_out
from wfnb.pictures.names import named_rules
from wfnb.pictures.parts import cell_of, collapse, fold, module_of, thin
from wfnb.pictures.shapes import outline
from wfnb.pictures.survey import survey
from wfnb.pictures.texts import plain
from wfnb.pictures.tree import tree
from wfnb.pictures.view import WORDS, Node, View
from wfnb.rulegraph.drawing import id_of

if TYPE_CHECKING:
    from wfnb.rulegraph.choices import Choice
    from wfnb.rulegraph.graph import RuleGraph

VERSION = 1
MOST_WHOLE = 600  # nodes, up to which the picture with wfnb's own rules comes ready, too

_MUCH_FEWER = 0.7

Json = dict[str, Any]


def live(graph: RuleGraph, focus: Collection[str] = ()) -> Json:
    """What a live view draws.

    Args:
        focus: ids of the nodes that it is about at first.

    Returns:
        `nodes`, each once; `pictures` by name, the first to be shown under `first`; `problems`
        that belong to no node; `text`, the same as a tree. Boxes and edges say which nodes they
        are of by number. What is empty, zero or false is left out of nodes, boxes and edges.

    Cost: 0.1 s for 100 rules, 2 s for 2,000; then it is 2.2 MB as text.
    """
    view = survey(graph)
    folded = fold(view)
    through = {node.id: node.through for node in folded.nodes}
    nodes = [replace(node, through=through.get(node.id, ())) for node in view.nodes]
    drawn = {"rules": folded}
    if len(folded.nodes) < len(view.nodes) <= MOST_WHOLE:
        drawn["all"] = view
    for name, group_of in (("cells", cell_of), ("modules", module_of)):
        small = _with_ids(collapse(folded, group_of), name)
        groups = [node for node in small.nodes if node.kind == "group"]
        inside = sum(bool(group_of(node)) for node in view.nodes)
        if 1 < len(groups) < _MUCH_FEWER * inside:
            nodes += groups
            drawn[name] = _few_edges(small)
    is_large = len(folded.nodes) > MOST_NODES
    number = {node.id: position for position, node in enumerate(nodes)}
    choices = graph.choices()
    rules = named_rules(graph.rules.values())
    by_id = {id_of(name): choices.get(rule.key, ()) for name, rule in rules}
    return {
        "v": VERSION,
        "title": plain(view.title),
        "text": tree(view),
        "problems": [asdict(problem) for problem in view.problems],
        "focus": [number[id] for id in focus if id in number],
        "first": "cells" if is_large and "cells" in drawn else "rules",
        "nodes": [_node(node, by_id.get(node.id, ()), number) for node in nodes],
        "pictures": {name: _picture(one, number) for name, one in drawn.items()},
    }


def _with_ids(view: View, kind: str) -> View:
    """Groups of cells and of modules may have one name; their ids must differ."""
    ids = {node.id: f"{kind} {node.id}" for node in view.nodes if node.kind == "group"}
    nodes = [replace(node, id=ids.get(node.id, node.id)) for node in view.nodes]
    edges = [
        replace(e, source=ids.get(e.source, e.source), target=ids.get(e.target, e.target))
        for e in view.edges
    ]
    return replace(view, nodes=tuple(nodes), edges=tuple(edges))


def _few_edges(view: View) -> View:
    """Without the edges that follow from others, if there are too many."""
    return thin(view) if len(view.edges) > MOST_EDGES_PER_NODE * len(view.nodes) else view


def _node(node: Node, choices: tuple[Choice, ...], number: Mapping[str, int]) -> Json:
    return _full_ones(
        {
            "id": node.id,
            "kind": node.kind,
            "word": WORDS[node.kind],
            "name": plain(node.name),
            "note": plain(node.note),
            "group": plain(node.group),
            "module": plain(node.written[0]) if node.written else "",
            "place": plain(node.place),
            "signature": plain(node.signature),
            "doc": node.docstring or node.doc,
            "through": list(node.through),
            "tasks": list(node.tasks) if node.tasks != (node.id,) else [],
            "members": [number[id] for id in node.members],
            "problems": [_full_ones(asdict(problem)) for problem in node.problems],
            "choices": [_full_ones(asdict(choice)) for choice in choices],
        }
    )


def _picture(view: View, number: Mapping[str, int]) -> Json:
    """Boxes and lines in place."""
    layout = lay_out(view)
    return {
        "direction": layout.direction,
        "width": _short(layout.width),
        "height": _short(layout.height),
        "boxes": [
            _box(number[node.id], node, placed)
            for node, placed in zip(view.nodes, layout.boxes, strict=True)
        ],
        "edges": [
            _full_ones(
                {
                    "ends": [number[edge.source], number[edge.target]],
                    "kind": edge.kind,
                    "labels": [plain(label) for label in edge.labels],
                    "is_rival": edge.is_rival,
                    "is_stopped": edge.is_stopped,
                    "is_back": line.is_back,
                    "is_loop": line.is_loop,
                    "points": [_short(value) for point in line.points for value in point],
                }
            )
            for edge, line in zip(view.edges, layout.lines, strict=True)
        ],
    }


def _box(number: int, node: Node, placed: Placed) -> Json:
    box = placed.box
    return {
        "node": number,
        "at": [_short(placed.x), _short(placed.y), _short(box.width), _short(box.height)],
        "outline": outline(node.kind, 0, 0, box.width, box.height),
        "padding": padding_of(node.kind),
        **_full_ones(
            {
                "name": box.name,
                "note": box.note,
                "corner": box.corner,
                "chip": box.chip,
                "badge": box.badge,
            }
        ),
    }


def _full_ones(found: Json) -> Json:
    return {key: value for key, value in found.items() if value}


def _short(value: float) -> float:
    """Rounded; without a fraction, a whole number, which is shorter as text."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
