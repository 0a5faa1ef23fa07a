"""What a picture shows of a rule graph."""

from __future__ import annotations

import json

from tests.rulegraph.toys import Toys
from wfnb import Console, Engine, Get, Goal, PathGlobs, Snapshot, goal_rule
from wfnb.intrinsics.rules import RULES
from wfnb.pictures.names import intrinsic_kind
from wfnb.pictures.survey import survey
from wfnb.pictures.view import View, to_json

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Speed, Vehicle); resize(Photo)
    resize: Thumbnail <- Photo, Size
    size: Size <-
    old_size: Size <- Year
    car: Speed <- Car
"""


def told(view: View) -> list[str]:
    """Nodes in a line each: kind, name, note, problems."""
    return [
        " ".join([n.kind, n.name, n.note, *[p.code for p in n.problems]]).strip()
        for n in view.nodes
    ]


def asks(view: View) -> list[str]:
    """Edges in a line each."""
    name = {n.id: f"{n.kind} {n.name}" for n in view.nodes}
    return [
        f"{name[e.source]} → {name[e.target]}: {e.kind} {', '.join(e.labels)}".strip()
        + (" (perhaps)" if e.is_rival else "")
        for e in view.edges
    ]


class Listing(Goal):
    """A goal for the rule below."""


@goal_rule
async def list_files(console: Console) -> Listing:
    """Say what files there are.

    All of them.
    """
    found = await Get(Snapshot, PathGlobs, PathGlobs(["*"]))
    console.print(" ".join(found.files))
    return Listing(0)


def test_shows_inputs_params_unions_rules_and_final_products() -> None:
    """Sorted by kind, then by place; who passes a param is said at the param."""
    view = survey(Toys(GALLERY).union("Vehicle", "Car").graph())

    assert view.title == "5 rules · open inputs: Folder, Year · 1 warning"
    assert told(view) == [
        "input Folder",
        "input Year",
        "param Car passed as a Vehicle",
        "param Photo passed by make_gallery",
        "union Vehicle",
        "rule make_gallery → Gallery",
        "rule resize → Thumbnail",
        "rule size → Size",
        "rule old_size → Size WF221",
        "rule car → Speed",
        "product Gallery",
    ]
    assert asks(view) == [
        "input Folder → rule make_gallery: param Folder",
        "input Year → rule old_size: param Year",
        "param Car → rule car: param Car",
        "param Photo → rule resize: param Photo",
        "union Vehicle → rule make_gallery: get Speed from Car",
        "rule make_gallery → product Gallery: product",
        "rule resize → rule make_gallery: get Thumbnail from Photo",
        "rule size → rule resize: param Size",
        "rule old_size → rule resize: param Size (perhaps)",
        "rule car → union Vehicle: get Speed from Car",
    ]


def test_shows_queries_and_what_they_follow() -> None:
    """What is asked for is no final product besides."""
    toys = Toys("a: A <- B, Q\nb1: B <- P\nb2: B <- P, Q")

    view = survey(toys.graph("A <- P, Q"))

    assert told(view) == [
        "input P",
        "input Q",
        "rule a → A",
        "rule b1 → B",
        "rule b2 → B WF221",
        "query A from P and Q",
    ]
    assert "rule b2 → rule a: param B (perhaps)" in asks(view)
    assert "rule a → query A: query A" in asks(view)


def test_puts_problems_on_the_rule_they_are_about() -> None:
    """And what nobody makes is a node of its own."""
    view = survey(Toys("make: Gallery <- Folder; Get(Uploads, Folder)").graph())

    assert view.title == "1 rule · open input: Folder · 1 error"
    assert told(view) == [
        "input Folder",
        "missing Uploads nobody makes it from Folder",
        "rule make → Gallery WF203",
        "product Gallery",
    ]
    assert "missing Uploads → rule make: get Uploads from Folder" in asks(view)
    assert view.problems == ()


def test_links_rules_that_an_error_further_on_stops() -> None:
    """The picture does not fall apart when something is wrong."""
    view = survey(
        Toys("a: A <- P; Get(Lost, P)\nb: B <- A\nc: C <- Q; Get(B); Get(A, P); b()").graph()
    )
    stopped = [line for edge, line in zip(view.edges, asks(view), strict=True) if edge.is_stopped]

    assert told(view)[:2] == ["input Q", "param P passed by a and c"]
    assert stopped == [
        "rule a → rule b: param A",
        "rule a → rule c: get A from P",
        "rule b → rule c: get B",
    ]


def test_keeps_a_problem_that_belongs_to_no_rule() -> None:
    """A query for what no rule makes."""
    view = survey(Toys("a: A <- P").graph("Y <-"))

    assert [p.code for p in view.problems] == ["WF201"]
    assert [n for n in told(view) if n.startswith("query")] == ["query Y from no params"]


def test_shows_its_own_rules_by_kind_and_goals_without_their_effects() -> None:
    """The console is nobody's business, nor is what only wfnb's rules take."""
    engine = Engine([list_files])

    view = survey(engine.rule_graph)

    assert told(view) == ["intrinsic files", "goal listing list_files"]
    assert asks(view) == ["intrinsic files → goal listing: get Snapshot from PathGlobs"]
    goal = view.nodes[1]
    assert goal.signature == "list_files(console: Console) → Listing"
    assert goal.doc == "Say what files there are."
    assert goal.place.startswith("test_survey.py:")


def test_knows_a_kind_for_each_of_its_own_rules() -> None:
    """A new one has to be looked at here."""
    kinds = {rule.name: intrinsic_kind(rule) for rule in RULES}

    assert {name: kind for name, kind in kinds.items() if kind != "files"} == {
        "downloaded": "downloads",
        "variables": "environment",
        "fallible_result": "processes",
        "result": "processes",
    }


def test_draws_a_goal_that_was_run_once() -> None:
    """Running it is a query; the goal's own node stands for that."""
    engine = Engine([list_files])
    engine.run(Listing)

    assert told(survey(engine.rule_graph)) == ["intrinsic files", "goal listing list_files"]


def test_draws_rules_whose_classes_were_defined_twice() -> None:
    """Two rules that differ in nothing but the identity of a class are two nodes."""
    first, second = Toys("a: A <- P"), Toys("a: A <- P")
    first.rules += second.rules

    view = survey(first.graph())

    assert [n.name for n in view.nodes if n.kind == "rule"] == ["a", "a"]
    assert len({n.id for n in view.nodes}) == len(view.nodes)


def test_gives_json_and_nothing_else() -> None:
    """What a front end gets survives the wire."""
    data = to_json(survey(Toys(GALLERY).union("Vehicle", "Car").graph("Gallery <- Folder")))

    assert json.loads(json.dumps(data)) == data
    assert data["nodes"][0]["kind"] == "input"


def test_draws_the_empty_graph() -> None:
    """Before anything was defined."""
    assert survey(Toys("").graph()).title == "0 rules"
