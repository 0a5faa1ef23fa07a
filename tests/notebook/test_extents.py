"""Where exactly in a cell a problem is, for editors that mark it there."""

from __future__ import annotations

import pytest

from tests.notebook.cellbench import Bench
from wfnb.events.kinds import Extent, Problem
from wfnb.watching.telling import draw

TYPES = """@union
class Base: ...
class Photo: ...
class Size: ...
class Thumb: ..."""


def marked(text: str, extent: Extent | None) -> str:
    """What an editor would mark in this text: it counts UTF-16 code units."""
    assert extent is not None
    lines = [line.encode("utf-16-le") for line in text.split("\n")[extent.line - 1 :]]
    lines = lines[: extent.end_line - extent.line + 1]
    lines[-1] = lines[-1][: extent.end_column * 2]
    lines[0] = lines[0][extent.column * 2 :]
    return "\n".join(line.decode("utf-16-le") for line in lines)


def problem_of(live: Bench, cell: str, code: str) -> Problem:
    """The problem with this code, once the cell has run."""
    if "Size" not in live.shell.user_ns:
        live.ok(TYPES, "types")
    live.ok(cell, "a cell")
    return next(one for one in draw(live.engine.rule_graph).problems if one.code == code)


BODY = """@rule
async def resize(photo: Photo) -> Thumb:
{body}
    return Thumb()"""


@pytest.mark.parametrize("header", ["", "%%rule\n", "# ünïcode 😀\n%%rule --quiet\n"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    size = await Get(Size, Photo, photo)", "Get(Size, Photo, photo)"),
        ("    é, size = 'ä😀', await Get(Size, Photo, photo)", "Get(Size, Photo, photo)"),
        ("    if photo:\n    \tsize = await Get(Size, Photo, photo)", "Get(Size, Photo, photo)"),
        (
            "    size = await Get(  # 😀\n        Size,\n        Photo, photo\n    )",
            "Get(  # 😀\n        Size,\n        Photo, photo\n    )",
        ),
    ],
    ids=["plain", "after an emoji", "after a tab", "over several lines"],
)
def test_marks_a_request(live: Bench, header: str, body: str, expected: str) -> None:
    """The whole call, whatever stands before it; the lines of a `%%rule` cell are the cell's."""
    cell = header + BODY.format(body=body)

    problem = problem_of(live, cell, "WF203")

    assert problem.cell == "a cell"
    assert marked(cell, problem.extent) == expected
    assert problem.extent is not None
    assert problem.extent.text == cell.split("\n")[problem.extent.line - 1]


def test_marks_a_parameter(live: Bench) -> None:
    """The one that nobody can fill, also when it has a line of its own."""
    cell = "@rule\nasync def resize(\n    photo: Photo,\n    sïze: Size,\n) -> Thumb: ..."
    live.ok(TYPES, "types")
    live.ok("QueryRule(Thumb, [Photo])", "query")

    problem = problem_of(live, cell, "WF203")

    assert marked(cell, problem.extent) == "sïze: Size"


def test_marks_the_name_of_a_rule(live: Bench) -> None:
    """Where a problem is the rule's own, and for its node in the graph."""
    cell = "class É: ...\n@rule(desc='😀')\nasync def unäsked(size: Size) -> É: ..."
    live.ok(TYPES + "\n@rule\nasync def other(size: Size) -> Thumb: ...", "types")
    live.ok("QueryRule(Thumb, [Size])", "query")

    problem = problem_of(live, cell, "WF220")
    [node] = [n for n in draw(live.engine.rule_graph).nodes.values() if n.label == "unäsked"]

    assert marked(cell, problem.extent) == "unäsked"
    assert (node.cell, node.extent) == ("a cell", problem.extent)


def test_marks_what_is_wrong_in_a_body(live: Bench) -> None:
    """The argument, not the call."""
    cell = BODY.format(body="    size = await Get(Sizze, Photo, photo)")

    assert marked(cell, problem_of(live, cell, "WF101").extent) == "Sizze"


def test_tells_how_far_the_text_is_off(live: Bench) -> None:
    """IPython drops empty lines at the beginning and indentation that all lines have."""
    body = BODY.format(body="    size = await Get(Size, Photo, photo)")
    cell = "\n\n" + "\n".join(f"  {line}" for line in body.split("\n"))

    extent = problem_of(live, cell, "WF203").extent

    assert extent == Extent(3, 17, 3, 40, "    size = await Get(Size, Photo, photo)")


def test_knows_no_cell_without_ids(live: Bench) -> None:
    """A front end that gives no ids gets none back; a file has none."""
    live.ok(TYPES)
    live.ok(BODY.format(body="    size = await Get(Size, Photo, photo)"))

    cells = {one.cell for one in draw(live.engine.rule_graph).problems}

    assert cells == {""}


def test_gives_a_text_the_id_of_its_latest_run(live: Bench) -> None:
    """Two cells with one text share a file; the rules are those of the one that ran last."""
    cell = BODY.format(body="    size = await Get(Size, Photo, photo)")
    live.ok(TYPES, "types")
    live.ok(cell, "first")
    live.ok(cell, "second")

    problems = draw(live.engine.rule_graph).problems

    assert {one.cell for one in problems if one.code == "WF203"} == {"second"}
