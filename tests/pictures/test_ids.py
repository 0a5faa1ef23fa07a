"""Pictures and events call the same things by the same ids."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rulegraph.brute import Toy
from tests.rulegraph.test_laws import INPUTS, PRODUCTS, TYPES, rule_sets, rules_of
from tests.rulegraph.toys import Toys
from wfnb import Engine, Get, PathGlobs, Snapshot, rule
from wfnb.pictures.parts import collapse
from wfnb.pictures.survey import survey
from wfnb.rulegraph.graph import RuleGraph
from wfnb.watching.telling import draw, rule_id

queries = st.lists(
    st.tuples(
        st.sampled_from(PRODUCTS).map(TYPES.__getitem__),
        st.frozensets(st.sampled_from(INPUTS).map(TYPES.__getitem__), max_size=3),
    ),
    max_size=2,
)


class Text(str):
    """What the rule below makes."""


@rule
async def read(globs: PathGlobs) -> Text:
    found = await Get(Snapshot, PathGlobs, globs)
    return Text(found.files)


def assert_ids_agree(graph: RuleGraph) -> None:
    """What one of the two knows under an id, the other means by it, too."""
    view, told = survey(graph), draw(graph).nodes
    own = {rule_id(key) for key in graph.own_rules}
    by_task = Counter(task for node in view.nodes for task in node.tasks)

    assert all(count == 1 for count in by_task.values())  # one place to show a count at
    assert own <= by_task.keys() <= told.keys()
    assert {told[task].kind for task in by_task} <= {"rule"}
    alone = ("missing", "product", "intrinsic")  # what only a picture has
    for node in view.nodes:
        if node.kind not in alone:
            label = node.written[1] if node.written else node.name
            assert told[node.id].label.split(" from ")[0] == label
    shown = {node.id for node in view.nodes}
    assert {id for id, node in told.items() if node.kind in ("query", "union")} <= shown


@settings(max_examples=150, deadline=None)
@given(rule_sets(with_loops=True) | rule_sets(with_loops=False), queries)
def test_calls_nodes_as_events_do(
    toys: tuple[Toy, ...], asked: list[tuple[type, frozenset[type]]]
) -> None:
    """For rules made up at random, asked for at random."""
    assert_ids_agree(RuleGraph(rules_of(toys), asked=asked))


def test_calls_unions_queries_and_wfnbs_own_rules_as_events_do() -> None:
    """wfnb's own rules are one node per kind, which knows them all."""
    toys = Toys("car: Speed <- Car\nrace: Race <-; Get(Speed, Vehicle)").union("Vehicle", "Car")
    engine = Engine([read])
    view = survey(engine.rule_graph)
    [files] = [node for node in view.nodes if node.kind == "intrinsic"]

    assert_ids_agree(toys.graph("Race <-", "Lost <-"))
    assert_ids_agree(engine.rule_graph)
    assert [task.split("|")[2] for task in files.tasks] == ["snapshot_of_globs"]


def test_counts_rules_of_one_name_in_one_place() -> None:
    """Two classes of one name make two rules that no text can tell apart: the first one counts."""
    first, second = Toys("a: A <- P"), Toys("a: A <- P")
    graph = RuleGraph([*first.rules, *second.rules])
    ids = sorted(node.id for node in survey(graph).nodes if node.kind == "rule")

    assert ids == ["rule|toys|a #2|toys.A|toys.P", "rule|toys|a|toys.A|toys.P"]
    assert {rule_id(key) for key in graph.rules} == {ids[1]}
    assert_ids_agree(graph)


def test_keeps_ids_when_cells_are_drawn_as_boxes() -> None:
    """A group knows what it stands for."""
    view = survey(Toys("a: A <- P\nb: B <- A").graph())
    groups = [node for node in collapse(view).nodes if node.kind == "group"]

    assert [(node.tasks, node.members[:1]) for node in groups] == [
        (("rule|toys|a|toys.A|toys.P",), ("rule|toys|a|toys.A|toys.P",)),
        (("rule|toys|b|toys.B|toys.A",), ("rule|toys|b|toys.B|toys.A",)),
    ]
