"""The data of a live view."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.pictures.views import few
from tests.rulegraph.brute import Toy
from tests.rulegraph.test_laws import rule_sets, rules_of
from tests.rulegraph.toys import Toys
from wfnb import Engine, Get, PathGlobs, Snapshot, rule
from wfnb.pictures.layout import lay_out
from wfnb.pictures.live import live
from wfnb.pictures.parts import fold
from wfnb.pictures.survey import survey
from wfnb.rulegraph.graph import RuleGraph
from wfnb.watching.telling import draw

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo)
    resize: Thumbnail <- Photo, Size
    old: Thumbnail <- Photo, Size, Year
    broken: Wall <- Gallery; Get(Nail, Photo)
"""


class Text(str):
    """What the rule below makes."""


@rule
async def read(globs: PathGlobs) -> Text:
    """Read all files.

    In whatever order they are found.
    """
    found = await Get(Snapshot, PathGlobs, globs)
    return Text(found.files)


def node(found: dict[str, Any], name: str) -> dict[str, Any]:
    [one] = [one for one in found["nodes"] if one["name"] == name]
    return dict(one)


def test_tells_all_of_a_rule() -> None:
    """Where it stands, what it says of itself, what is wrong with it, and who answers it."""
    found = live(Toys(GALLERY).graph())

    assert node(found, "make_gallery") == {
        "id": "rule|toys|make_gallery|toys.Gallery|toys.Folder",
        "kind": "rule",
        "word": "rule",
        "name": "make_gallery",
        "note": "→ Gallery",
        "group": "In [1]",
        "module": "toys",
        "place": "In [1], line 1",
        "signature": "make_gallery(folder: Folder) → Gallery",
        "doc": "A rule whose requests are given, not read.",
        "choices": [
            {
                "what": "Folder",
                "kind": "param",
                "line": 1,
                "chosen": ("passed by who asks",),
                "is_sure": True,
            },
            {
                "what": "Get(Thumbnail, Photo)",
                "kind": "get",
                "line": 2,
                "chosen": ("resize (In [2], line 1)",),
                "rejected": (
                    (
                        "old (In [3], line 1)",
                        "it uses Photo, Size and Year, more params than resize",
                    ),
                ),
                "is_sure": True,
            },
        ],
    }
    [problem] = node(found, "broken")["problems"]
    assert problem["code"] == "WF203"
    assert problem["reasons"] == ("no rule returns Nail",)
    assert problem["fix"] == "write a rule that takes Photo and returns Nail"
    assert (found["first"], list(found["pictures"])) == ("rules", ["rules"])


def test_keeps_whole_docstrings_and_wfnbs_own_rules() -> None:
    """The picture with wfnb's own rules is another one, and they say how events call them."""
    found = live(Engine([read]).rule_graph)
    rules, everything = found["pictures"]["rules"], found["pictures"]["all"]

    assert node(found, "read")["doc"] == "Read all files.\n\nIn whatever order they are found."
    assert node(found, "read")["through"] == ["files"]
    assert len(everything["boxes"]) == len(rules["boxes"]) + 1
    [task] = node(found, "files")["tasks"]
    assert task.split("|")[2] == "snapshot_of_globs"


def test_shows_many_rules_as_cells_first() -> None:
    """The rules are ready all the same; groups know their members."""
    toys = Toys("\n".join(f"r{n}: T{n} <- T{n - 1}" for n in range(1, 200)))
    for number, one in enumerate(toys.rules):
        place = type(one.place)(f"In [{number // 20}]", number, "", is_cell=True)
        object.__setattr__(one, "_place", place)

    found = live(toys.graph())
    group = node(found, "In [3]")

    assert found["first"] == "cells"
    assert list(found["pictures"]) == ["rules", "cells"]
    assert [found["nodes"][n]["name"] for n in group["members"]] == [f"r{n}" for n in range(61, 81)]
    assert len(group["tasks"]) == 20


def test_knows_what_it_is_about() -> None:
    """By number, like the ends of edges."""
    found = live(Toys(GALLERY).graph(), ["rule|toys|resize|toys.Thumbnail|toys.Photo|toys.Size"])

    assert [found["nodes"][number]["name"] for number in found["focus"]] == ["resize"]


@few
@given(rule_sets(with_loops=True))
def test_draws_what_the_static_picture_draws(toys: tuple[Toy, ...]) -> None:
    """The same boxes in the same places; it is JSON, and every number is that of a node."""
    graph = RuleGraph(rules_of(toys))
    view = fold(survey(graph))
    layout = lay_out(view)

    found = json.loads(json.dumps(live(graph)))
    nodes, picture = found["nodes"], found["pictures"]["rules"]

    assert [nodes[box["node"]]["id"] for box in picture["boxes"]] == [n.id for n in view.nodes]
    assert [box["at"][:2] for box in picture["boxes"]] == [
        [pytest.approx(placed.x, abs=0.06), pytest.approx(placed.y, abs=0.06)]
        for placed in layout.boxes
    ]
    assert [[nodes[n]["id"] for n in edge["ends"]] for edge in picture["edges"]] == [
        [edge.source, edge.target] for edge in view.edges
    ]
    told = draw(graph).nodes
    for one in nodes:
        if one["kind"] in ("rule", "goal"):
            assert one["id"] in told


def test_tells_the_same_whatever_order_cells_ran_in() -> None:
    """A view that gets the same data again has nothing to do."""
    toys, backwards = Toys(GALLERY), Toys(GALLERY)
    backwards.rules.reverse()

    assert json.dumps(live(toys.graph())) == json.dumps(live(backwards.graph()))
