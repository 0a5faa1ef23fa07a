"""Views for tests: some drawn at random, some with names that no one should have."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st

from wfnb.pictures.view import Edge, EdgeKind, Kind, Node, Problem, View

KINDS: tuple[Kind, ...] = get_args(Kind)
EDGE_KINDS: tuple[EdgeKind, ...] = get_args(EdgeKind)

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "]]></desc><script>alert(1)</script>",
    "two\nlines\tand\x00more",
    "\u202egnp.exe\u2066",
    "&amp; &#60; #quot; %% \"'`",
    "x" * 500,
    "end",
    "\ud800\uffff\U0010ffff",
    "z\u0300\u0301\u0302\u0303\u0304",
    "名前" * 40,
    "",
)

few = settings(max_examples=50, deadline=None)
"""Views are slow to make, and each holds many boxes and lines."""


@st.composite
def views(draw: st.DrawFn, most: int = 14) -> View:
    """Any kinds, any edges, loops of every length."""
    count = draw(st.integers(0, most))
    names = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(HOSTILE)
    severities = st.sampled_from(("error", "warning", "note"))
    problems = st.lists(st.builds(Problem, names, severities, names, names), max_size=2)
    nodes = [
        Node(
            f"id {number}",
            draw(st.sampled_from(KINDS)),
            draw(names),
            note=draw(names),
            group=draw(st.sampled_from(("", "In [1]", "In [2]"))),
            doc=draw(names),
            problems=tuple(draw(problems)),
            through=tuple(draw(st.lists(names, max_size=1))),
            rules=1,
        )
        for number in range(count)
    ]
    pairs = []
    if count:
        ends = st.integers(0, count - 1)
        pairs = draw(st.lists(st.tuples(ends, ends), unique=True, max_size=2 * count))
    edges = [
        Edge(
            f"id {a}",
            f"id {b}",
            draw(st.sampled_from(EDGE_KINDS)),
            tuple(draw(st.lists(names, max_size=2))),
            draw(st.booleans()),
        )
        for a, b in pairs
    ]
    return View(draw(names), tuple(nodes), tuple(edges), tuple(draw(problems)))


def hostile() -> View:
    """Every bad name everywhere."""
    nodes = [
        Node(str(number), kind, name, name, name, name, name, name, rules=1, through=(name,),
             problems=(Problem(name, "error", name, name),))
        for number, (kind, name) in enumerate((k, n) for k in KINDS for n in HOSTILE)
    ]  # fmt: skip
    edges = [Edge(a.id, b.id, "get", (a.name,)) for a, b in pairwise(nodes)]
    return View(HOSTILE[0], tuple(nodes), tuple(edges), (Problem("WF201", "error", HOSTILE[1]),))
