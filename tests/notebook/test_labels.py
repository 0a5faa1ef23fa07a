"""What cells are called."""

from __future__ import annotations

import pytest

from tests.notebook.cellbench import Bench
from wfnb.places import place

WHERE = "import sys\nsys._getframe().f_code.co_filename"


def _label(bench: Bench, code: str, *, history: bool = True) -> str:
    result = bench.shell.run_cell(code, store_history=history)
    result.raise_error()
    return place(result.result).label


def test_calls_a_cell_by_its_number(bench: Bench) -> None:
    """As the frontend shows it, and anew when it is run again."""
    assert _label(bench, WHERE) == "In [1]"
    assert _label(bench, "1\n" + WHERE) == "In [2]"
    assert _label(bench, WHERE) == "In [3]"


@pytest.mark.parametrize("history", [True, False])
def test_counts_cells_that_ipython_does_not_count(bench: Bench, history: bool) -> None:
    """nbval runs cells without history; they have the numbers of the saved notebook."""
    bench.notebook.uninstall()
    for text in ("0", "1 + 1"):
        bench.shell.run_cell(text, store_history=history)
    bench.shell.user_ns["load"] = bench.notebook.install
    loaded = bench.shell.run_cell("load()\n" + WHERE, store_history=history).result

    assert place(loaded).label == "In [3]"
    assert _label(bench, WHERE, history=history) == "In [4]"
    bench.shell.run_cell("1 +", store_history=history)
    assert _label(bench, "2\n" + WHERE, history=history) == "In [6]"


def test_calls_a_file_by_its_name(bench: Bench) -> None:
    """Only cells have numbers."""
    assert str(place("/some/where/workflow.py", 12)) == "workflow.py:12"
