"""The graph that networkx gets: exactly these nodes and edges."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from tests.rulegraph.toys import Toys

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Speed, Vehicle); resize(Photo)
    resize: Thumbnail <- Photo, Size
    size: Size <-
    old_size: Size <- Year
    car: Speed <- Car
"""


def edges(graph: Any) -> list[str]:
    return sorted(
        f"{graph.nodes[owner]['label']} → {graph.nodes[target]['label']}: {data['kind']} "
        f"{data['label']}, line {data['line']}{', chosen' if data['is_chosen'] else ''}"
        for owner, target, data in graph.edges(data=True)
    )


def nodes(graph: Any) -> list[str]:
    return sorted(
        f"{data['kind']} {data['label']} {data['place']}".rstrip()
        for _, data in graph.nodes(data=True)
    )


def test_draws_all_rules_before_anyone_asks() -> None:
    """Scenario 46: rules, inputs and unions, and what would certainly be followed."""
    graph = Toys(GALLERY).union("Vehicle", "Car").graph().to_networkx()

    assert nodes(graph) == [
        "open input Folder",
        "open input Year",
        "param Car",
        "param Photo",
        "rule car In [5], line 1",
        "rule make_gallery In [1], line 1",
        "rule old_size In [4], line 1",
        "rule resize In [2], line 1",
        "rule size In [3], line 1",
        "union Vehicle",
    ]
    assert edges(graph) == [
        "Vehicle → car: get Speed from Car, line 3, chosen",
        "car → Car: param Car, line 1",
        "make_gallery → Folder: param Folder, line 1",
        "make_gallery → Vehicle: get Speed from Car, line 3",
        "make_gallery → resize: call Thumbnail from Photo, line 4, chosen",
        "make_gallery → resize: get Thumbnail from Photo, line 2, chosen",
        "old_size → Year: param Year, line 1",
        "resize → Photo: param Photo, line 1",
        "resize → old_size: param Size, line 1",
        "resize → size: param Size, line 1, chosen",
    ]


def test_marks_what_a_query_follows() -> None:
    """Scenario 46: one query, the params it passes, and the rules that it leads to."""
    toys = Toys("a: A <- B, Q\nb1: B <- P\nb2: B <- P, Q\nu: U <- P")

    graph = toys.graph("A <- P, Q").to_networkx()

    assert ("query", "toys.A", "toys.P", "toys.Q") in graph
    assert ("rule", "toys", "b1", "toys.B", "toys.P") in graph
    assert [edge for edge in edges(graph) if edge.endswith("chosen")] == [
        "A from P and Q → a: query A, line None, chosen",
        "a → Q: param Q, line 1, chosen",
        "a → b1: param B, line 1, chosen",
        "b1 → P: param P, line 1, chosen",
    ]


def test_draws_a_query_that_fails_and_one_for_what_it_passes() -> None:
    """Nothing of these is chosen; they are drawn all the same."""
    graph = Toys("a: A <- P").graph("A <-", "Z <- Z", "Y <-").to_networkx()

    assert nodes(graph)[-4:] == [
        "query A from no params",
        "query Y from no params",
        "query Z from Z",
        "rule a In [1], line 1",
    ]


def test_names_nodes_the_same_each_time() -> None:
    """Names depend on rules and types alone, not on the order in which cells ran."""
    toys = Toys(GALLERY)
    backwards = Toys(GALLERY)
    backwards.rules.reverse()

    assert set(toys.graph().to_networkx()) == set(backwards.graph().to_networkx())


def test_imports_networkx_only_to_draw() -> None:
    """Solving needs nothing of it."""
    code = "import sys, wfnb.rulegraph.graph; print('networkx' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"
