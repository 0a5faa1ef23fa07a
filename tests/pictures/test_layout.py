"""Where things go: laws of every layout."""

from __future__ import annotations

import time
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures.views import few, views
from wfnb.pictures.coordinates import spread
from wfnb.pictures.layers import layered
from wfnb.pictures.layout import Direction, Layout, Placed, lay_out
from wfnb.pictures.view import Edge, Node, View

DIRECTIONS = st.sampled_from(("down", "right"))


def sides(at: Placed) -> tuple[float, float, float, float]:
    """Left, right, top, bottom."""
    box = at.box
    return at.x - box.width / 2, at.x + box.width / 2, at.y - box.height / 2, at.y + box.height / 2


@pytest.mark.slow
@few
@given(views(), DIRECTIONS)
def test_places_every_node_once_and_apart(view: View, direction: Direction) -> None:
    """Inside the picture, and none over another."""
    layout = lay_out(view, direction)

    assert [at.id for at in layout.boxes] == [node.id for node in view.nodes]
    found = [sides(at) for at in layout.boxes]
    for number, (left, right, top, low) in enumerate(found):
        assert left >= -0.1
        assert top >= -0.1
        assert right <= layout.width + 0.1
        assert low <= layout.height + 0.1
        for other_left, other_right, other_top, other_low in found[:number]:
            apart = max(left - other_right, other_left - right, top - other_low, other_top - low)
            assert apart > 5


@pytest.mark.slow
@few
@given(views(), DIRECTIONS)
def test_leads_every_line_one_way_from_its_source_to_its_target(
    view: View, direction: Direction
) -> None:
    """Those that close a loop lead back; only they do, and one of them in each loop at least."""
    layout = lay_out(view, direction)
    by_id = {at.id: at for at in layout.boxes}
    axis = 1 if direction == "down" else 0
    for edge, line in zip(view.edges, layout.lines, strict=True):
        assert line.is_loop == (edge.source == edge.target)
        for point, id in ((line.points[0], edge.source), (line.points[-1], edge.target)):
            left, right, top, low = sides(by_id[id])
            assert left - 0.2 <= point[0] <= right + 0.2
            assert top - 0.2 <= point[1] <= low + 0.2
        if not line.is_loop:
            steps = [point[axis] for point in line.points]
            assert steps == sorted(steps, reverse=line.is_back)


@pytest.mark.slow
@few
@given(views(), DIRECTIONS)
def test_leads_no_line_through_a_box(view: View, direction: Direction) -> None:
    """The straight pieces pass between boxes; the curved ones are where no boxes are."""
    layout = lay_out(view, direction)
    for line in layout.lines:
        if line.is_loop:
            continue
        for (x0, y0), (x1, y1) in zip(line.points[1:-1:2], line.points[2:-1:2], strict=True):
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            for at in layout.boxes:
                left, right, top, low = sides(at)
                assert not (left - 3 < x < right + 3 and top < y < low)


@pytest.mark.parametrize("seed", range(12))
def test_keeps_the_order_and_the_distance_in_each_row(seed: int) -> None:
    """Bends of long edges too, however they are straightened."""
    random = Random(seed)
    pairs = {tuple(sorted(random.sample(range(24), 2))) for _ in range(50)}
    layers = layered(24, sorted((a, b) for a, b in pairs))

    at = spread(layers, [80.0] * 24, gap=20.0, bend_gap=10.0)

    for row in layers.rows:
        for one, other in pairwise(row):
            half = 40.0 * (one < 24) + 40.0 * (other < 24)
            gap = 20.0 if one < 24 and other < 24 else 10.0
            assert at[other] - at[one] >= half + gap - 1e-6


@pytest.mark.slow
@few
@given(views())
def test_lays_out_the_same_each_time(view: View) -> None:
    """And chooses the direction by itself."""
    assert lay_out(view) == lay_out(view)


def test_turns_only_what_closes_a_loop() -> None:
    """One edge of a ring of three, none of a chain."""
    assert layered(3, [(0, 1), (1, 2), (2, 0)]).is_turned == (False, False, True)
    assert layered(3, [(2, 1), (1, 0)]).is_turned == (False, False)


def test_draws_without_crossings_what_can_be_drawn_without() -> None:
    """Two trees whose nodes come in a bad order."""
    layers = layered(8, [(0, 6), (1, 7), (2, 6), (3, 7), (4, 6), (5, 7)])

    assert len(layers.rows) == 2
    ends = [layers.chains[vertex][1] for vertex in layers.rows[0]]
    assert ends in ([6, 6, 6, 7, 7, 7], [7, 7, 7, 6, 6, 6])


def test_runs_right_where_that_is_narrower() -> None:
    """Many at once are set below each other; a chain runs down."""
    nodes = [Node(str(n), "rule", f"rule_number_{n}") for n in range(40)]
    wide = [Edge("0", str(n), "param") for n in range(1, 40)]
    chain = [Edge(str(n), str(n + 1), "param") for n in range(39)]

    assert lay_out(View("", tuple(nodes), tuple(wide))).direction == "right"
    assert lay_out(View("", tuple(nodes), tuple(chain))).direction == "down"


def test_sets_parts_beside_each_other() -> None:
    """A hundred rules that have nothing to do with each other are no ribbon."""
    layout = lay_out(View("", tuple(Node(str(n), "rule", f"rule_{n}") for n in range(100))))

    assert layout.width < 1000
    assert layout.height < 1000


def workflow(count: int) -> View:
    """Rules in a hundred chains, each of which takes from its neighbour now and then."""
    nodes = [Node(f"n{n}", "rule", f"make_part_{n}", "→ Part", rules=1) for n in range(count)]
    pairs = [(n - 100, n) for n in range(100, count)]
    pairs += [(n - 101, n) for n in range(101, count, 3)]
    edges = [Edge(f"n{a}", f"n{b}", "param") for a, b in pairs]
    return View(f"{count} rules", tuple(nodes), tuple(edges))


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seconds"), [(300, 1.0), (2000, 8.0)])
def test_lays_out_large_graphs_in_time(count: int, seconds: float) -> None:
    """0.2 s and 1.3 s on a quiet machine; here with room for a busy one."""
    start = time.process_time()

    layout = lay_out(workflow(count))

    assert time.process_time() - start < seconds
    assert isinstance(layout, Layout)
