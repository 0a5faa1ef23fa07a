"""The text of a picture, in full."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.pictures.views import few, views
from tests.rulegraph.toys import Toys
from wfnb.pictures.parts import collapse
from wfnb.pictures.survey import survey
from wfnb.pictures.tree import tree
from wfnb.pictures.view import View

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Speed, Vehicle); Get(Lost, Photo)
    resize: Thumbnail <- Photo, Size
    size: Size <-
    old_size: Size <- Year
    car: Speed <- Car, Size
"""


def test_tells_who_makes_what_from_what() -> None:
    """Each rule once, with its place and its problems; rivals, unions, params, inputs."""
    view = survey(Toys(GALLERY).union("Vehicle", "Car").graph("Thumbnail <- Photo"))

    assert tree(view) == (
        "rule graph · 5 rules · open inputs: Folder, Year · 1 error\n"
        "Gallery: final product\n"
        "└─ Gallery: make_gallery (In [1], line 1)\n"
        "   │  WF203 error: no rule makes Lost from Photo, asked by make_gallery (In [1], line 4)\n"
        "   ├─ Folder: open input\n"
        "   ├─ Lost: nobody makes it from Photo\n"
        "   ├─ Speed from Car: by the union Vehicle\n"
        "   │  └─ Speed from Car: car (In [5], line 1)\n"
        "   │     ├─ Car: passed as a Vehicle\n"
        "   │     ├─ Size: perhaps size (In [3], line 1)\n"
        "   │     └─ Size: perhaps old_size (In [4], line 1)\n"
        "   │        └─ Year: open input\n"
        "   └─ Thumbnail from Photo: resize (In [2], line 1)\n"
        "      ├─ Photo: passed by make_gallery\n"
        "      ├─ Size: size (In [3], line 1)\n"
        "      └─ Size: perhaps old_size (In [4], line 1) …as above\n"
        "Thumbnail from Photo: query\n"
        "└─ Thumbnail: resize (In [2], line 1) …as above"
    )


def test_tells_cells() -> None:
    """With the names of their rules."""
    view = survey(Toys("a: A <- P\nb: B <- A").graph())

    assert tree(collapse(view)) == (
        "rule graph · 2 rules · open input: P\n"
        "In [2]: 1 rule: b\n"
        "└─ In [1]: 1 rule · 1 open input: a"
    )


def test_tells_loops_and_loose_problems() -> None:
    """Rules that can only start after each other stand on nothing, and are told all the same."""
    view = survey(Toys("a: A <- B\nb: B <- A").graph("Y <-"))

    assert tree(view) == (
        "rule graph · 2 rules · 2 errors\n"
        "Y from no params: query\n"
        "A: a (In [1], line 1)\n"
        "│  WF206 error: a and b can only start after each other (In [1], line 1)\n"
        "└─ B: b (In [2], line 1), stopped by an error\n"
        "   └─ A: a (In [1], line 1), stopped by an error …as above\n"
        "WF201 error: no rule makes Y"
    )


def test_stops_where_it_is_told_to() -> None:
    """And says how to see more."""
    rules = "\n".join(f"r{n}: T{n} <- P" for n in range(100))

    lines = tree(survey(Toys(rules).graph()), most_lines=20).splitlines()

    assert len(lines) == 20
    assert lines[-1] == "… and more: %wf graph TYPE shows the part of one type"


@pytest.mark.slow
@few
@given(views())
def test_tells_every_node_that_has_a_name(view: View) -> None:
    """In as many lines as there are, each of them one line."""
    lines = tree(view, most_lines=10_000).splitlines()

    assert len(lines) >= 1 + len(view.nodes)
    assert all(line.isprintable() for line in lines)
