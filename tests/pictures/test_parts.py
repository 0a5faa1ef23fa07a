"""Parts of a view: focus, collapse, fold, thin."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given

from tests.pictures.test_survey import asks, told
from tests.pictures.views import few, views
from tests.rulegraph.toys import Toys
from wfnb.pictures.bundle import readable
from wfnb.pictures.parts import collapse, find, find_rule, focus, fold, thin
from wfnb.pictures.survey import survey
from wfnb.pictures.view import Edge, Node, View

CHAIN = """
    load: Raw <- Source
    clean: Clean <- Raw, Limit
    count: Count <- Clean
    draw: Chart <- Count; Get(Style)
    style: Style <- Theme
"""


def test_focuses_on_a_product_what_it_stands_on_and_what_stands_on_it() -> None:
    """But not on what else those stand on."""
    view = survey(Toys(CHAIN).graph())

    part = focus(view, find(view, "toys.Count"), "Count")

    assert part.title == "Count: 4 of 5 rules"
    assert told(part) == [
        "input Limit",
        "input Source",
        "rule load → Raw",
        "rule clean → Clean",
        "rule count → Count",
        "rule draw → Chart",
        "product Chart",
    ]
    assert [n.name for n in part.nodes if n.is_focus] == ["count"]


def test_finds_inputs_rules_and_nothing() -> None:
    """By type, or by rule."""
    view = survey(Toys(CHAIN).graph())

    assert find(view, "toys.Theme") == ("open input|toys.Theme",)
    assert find_rule(view, "toys", "style") == find(view, "toys.Style")
    assert find(view, "toys.Nothing") == ()


def test_collapses_cells_with_what_only_they_need() -> None:
    """Problems and counts come along; what two cells share stays."""
    view = survey(Toys("a: A <- P, S\nb: B <- A, S; Get(Lost, A)").graph())

    small = collapse(view)

    assert told(small) == ["input S", "group In [1] a", "group In [2] b WF203"]
    assert asks(small) == [
        "input S → group In [1]: param S",
        "input S → group In [2]: param S",
        "group In [1] → group In [2]: param A",
    ]
    assert [n.group for n in small.nodes] == ["", "1 rule · 1 open input", "1 rule"]
    assert small.title == view.title


def test_writes_its_own_rules_on_those_that_ask_them() -> None:
    """Unless the view is about them."""
    nodes = (Node("f", "intrinsic", "files"), Node("a", "rule", "a"), Node("b", "rule", "b"))
    view = View("", nodes, (Edge("f", "a", "get"), Edge("a", "b", "param")))

    folded = fold(view)

    assert [(n.name, n.through) for n in folded.nodes] == [("a", ("files",)), ("b", ())]
    assert folded.edges == view.edges[1:]
    kept = focus(view, ["f"], "Digest")
    assert fold(kept) == kept


@pytest.mark.slow
@few
@given(views())
def test_leaves_out_only_lines_that_follow_from_others(view: View) -> None:
    """What can be reached can still be reached, loops or not."""
    before, after = (networkx.DiGraph() for _ in range(2))
    for graph, shown in ((before, view), (after, thin(view))):
        graph.add_nodes_from(node.id for node in shown.nodes)
        graph.add_edges_from((edge.source, edge.target) for edge in shown.edges)

    assert dict(networkx.all_pairs_shortest_path_length(after)).keys() == set(before)
    for node in before:
        assert networkx.descendants(before, node) == networkx.descendants(after, node)


def test_draws_cells_when_there_are_too_many_rules() -> None:
    """200 rules in 20 cells; the lines that follow from others are left out."""
    nodes = [Node(str(n), "rule", f"r{n}", group=f"In [{n // 10}]", rules=1) for n in range(200)]
    edges = [Edge(str(a), str(b), "param") for b in range(200) for a in range(max(0, b - 99), b, 9)]

    small = readable(View("200 rules", tuple(nodes), tuple(edges)))

    assert len(small.nodes) == 20
    assert len(small.edges) == 19
    assert small.hint == (
        "one box per cell or file, without lines that follow from others; "
        "%wf graph TYPE draws a part"
    )


def test_draws_all_rules_when_cells_would_not_help() -> None:
    """All in one cell, or each in its own."""
    for group in ("In [1]", ""):
        nodes = [
            Node(str(n), "rule", f"r{n}", group=group or f"In [{n}]", rules=1) for n in range(200)
        ]
        view = View("200 rules", tuple(nodes))

        assert readable(view) is view
