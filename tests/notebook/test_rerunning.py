"""A thousand runs of one cell: nothing of the earlier ones is left."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest

from tests.notebook.cellbench import Bench

pytestmark = pytest.mark.slow

TYPES = """
from dataclasses import dataclass
@dataclass(frozen=True)
class Text:
    text: str
@dataclass(frozen=True)
class Poster:
    text: str
class Size: pass
"""
RULES = """
@rule
async def show(size: Size) -> Text: return Text(str(size.n))
@rule
async def make_poster(size: Size) -> Poster: return Poster((await Get(Text, Size, size)).text)
@rule
async def count(size: Size) -> int: return len((await show(size)).text)
"""
SIZE = """
@dataclass(frozen=True)
class Size:
    n: int = {0}
    def double(self): return 2 * self.n
poster = request(Poster, Size())
assert poster.text == "{0}" and request(int, Size(-1)) == 2
"""
RUNS, SETTLED = 1000, 200

# IPython keeps the text and the names of each cell, a kilobyte or two here.
MOST_PER_RUN = 5_000


def _run(bench: Bench, *, is_changed: bool) -> tuple[int, float]:
    """Run the class's cell a thousand times; gives living classes, and bytes kept per run."""
    alive: weakref.WeakSet[type] = weakref.WeakSet()
    bench.ok(TYPES, "types")
    bench.ok(RULES, "rules")
    for number in range(RUNS):
        if number == SETTLED:
            gc.collect()
            tracemalloc.start(1)
        cell = SIZE.format(number if is_changed else 0)
        bench.shell.run_cell(cell, cell_id="size").raise_error()
        alive.add(bench.shell.user_ns["Size"])
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return len(alive), kept / (RUNS - SETTLED)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("is_changed", [True, False], ids=["changed", "unchanged"])
def test_keeps_nothing_of_a_thousand_runs_of_a_class(live: Bench, is_changed: bool) -> None:
    """No old class, no growing memo, and little memory.

    With a change each time two live: the class that stands, and the one that the rules of the other
    cell have in their annotations.
    """
    classes, bytes_per_run = _run(live, is_changed=is_changed)

    engine = live.engine
    assert classes <= 2
    assert len(live.notebook.classes) <= 5
    assert len(engine.rule_graph.rules) == 3
    assert len(engine._definitions.asked) == 2
    assert len(engine._tasks.families) == 3
    assert sum(len(f.memo) for f in engine._tasks.families.values()) <= 6
    assert bytes_per_run < MOST_PER_RUN
