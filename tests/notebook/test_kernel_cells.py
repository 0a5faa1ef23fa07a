"""Cells in a real kernel, with a toy engine: what a frontend sees and sends."""

from __future__ import annotations

import ipykernel
import pytest

from tests.notebook.kernel import Kernel

pytestmark = pytest.mark.kernel

ONE = "@rule\ndef one(a: A) -> B: return 1\n"
TWO = "@rule\ndef two(a: A) -> B: return 1\n"


@pytest.fixture(scope="module")
def watched(running: Kernel) -> Kernel:
    """A kernel with wfnb watching its cells, and two types."""
    running.ok(
        "from tests.notebook.cellbench import Bench\n"
        "bench = Bench(get_ipython())\n"
        "get_ipython().run_line_magic('colors', 'nocolor')"
    )
    running.ok("class A: pass\nclass B: pass", cell_id="types")
    return running


@pytest.fixture
def kernel(watched: Kernel) -> Kernel:
    """That kernel with no rules."""
    watched.ok(
        "for origin in list(bench.notebook.cells._standing):\n"
        "    bench.notebook.cells._withdraw(origin)\n"
        "bench.engine.log.clear()"
    )
    return watched


def _names(kernel: Kernel) -> str | None:
    return kernel.ok("bench.engine.names").result


# -- a %%rule cell is an ordinary cell --------------------------------------------------------


def test_awaits_at_the_top_level_of_a_rule_cell(kernel: Kernel) -> None:
    """And shows the value of the last expression, then the report."""
    outcome = kernel.ok(
        "%%rule\n" + ONE + "import asyncio\nawait asyncio.sleep(0)\n'last'", cell_id="x"
    )

    assert outcome.result == "'last'"
    assert outcome.displayed == "rules: 1 registered · open input: A"
    assert _names(kernel) == "['one']"


def test_counts_lines_from_the_header_of_a_rule_cell(kernel: Kernel) -> None:
    """The lines of a traceback are those that the editor shows."""
    outcome = kernel.run("%%rule\n\ndef f():\n    return 1/0\nf()")

    assert outcome.status == "error"
    assert "----> 5 f()" in outcome.error
    assert "----> 4     return 1/0" in outcome.error
    assert len(outcome.errors) == 1


def test_places_syntax_errors_of_a_rule_cell(kernel: Kernel) -> None:
    """On the line where they stand."""
    outcome = kernel.run("%%rule\nx = 1\ndef f(:\n    pass")

    assert outcome.errors[0][0] == "SyntaxError"
    assert ", line 3\n    def f(:" in outcome.error


def test_runs_magics_and_shell_commands_inside_a_rule_cell(kernel: Kernel) -> None:
    """All of IPython is there."""
    outcome = kernel.ok("%%rule -q\na = %pwd\nb = !echo hi\nprint(b)\nbool(a)")

    assert (outcome.stdout, outcome.result) == ("['hi']\n", "True")


def test_registers_nothing_of_a_rule_cell_that_fails(kernel: Kernel) -> None:
    """One error message, an error reply, no report."""
    outcome = kernel.run("%%rule\n" + ONE + "raise ValueError('no')", cell_id="x")

    assert outcome.status == "error"
    assert [e[:2] for e in outcome.errors] == [("ValueError", "no")]
    assert outcome.displays == []
    assert _names(kernel) == "[]"


def test_tells_of_an_unknown_option_as_an_error(kernel: Kernel) -> None:
    """An error message and an error reply, so that nbclient and nbval see it."""
    outcome = kernel.run("%%rule --rerunn\n" + ONE)

    assert outcome.status == "error"
    assert outcome.error == (
        "MagicError: %%rule has no option '--rerunn'\n"
        "    options: --quiet, --rerun, -q\n"
        "  → did you mean --rerun?"
    )


def test_tells_of_an_unknown_verb_as_an_error(kernel: Kernel) -> None:
    """The same for `%wf`."""
    outcome = kernel.run("%wf ruels")

    assert outcome.status == "error"
    assert outcome.error == (
        "MagicError: %wf has no verb 'ruels'\n"
        "    verbs: cancel, check, explain, graph, plan, reload, rules, stale, status, story, "
        "why\n"
        "  → did you mean %wf rules?"
    )


def test_fails_a_cell_whose_rules_cannot_be_registered(kernel: Kernel) -> None:
    """Though IPython is done with the cell by then, the reply is an error."""
    outcome = kernel.run(
        "def refuse(rules, *, origin):\n    raise ValueError('not these')\n"
        "bench.engine.define = refuse\n" + ONE,
        cell_id="x",
    )
    kernel.ok("del bench.engine.define")

    assert outcome.status == "error"
    assert [e[:2] for e in outcome.errors] == [("ValueError", "not these")]


# -- cells and their ids ----------------------------------------------------------------------


def test_knows_cells_by_their_ids(kernel: Kernel) -> None:
    """A cell that is edited replaces what it had defined, be its names what they may."""
    kernel.ok(ONE, cell_id="x")
    kernel.ok(TWO, cell_id="x")

    assert _names(kernel) == "['two']"


def test_withdraws_the_rules_of_deleted_cells(kernel: Kernel) -> None:
    """JupyterLab tells with the next cell that runs, and it sees it."""
    kernel.ok(ONE, cell_id="x")
    kernel.ok(TWO, cell_id="y")

    assert kernel.ok("ask()", cell_id="z", deleted=["x"]).result == "['two']"


def test_registers_nothing_of_an_async_cell_that_is_interrupted(kernel: Kernel) -> None:
    """IPython gives no result at all for it."""
    outcome = kernel.run(
        ONE + "import asyncio\nfor _ in range(100): await asyncio.sleep(0.02)",
        cell_id="x",
        interrupt_after_s=0.2,
    )

    assert outcome.status == "error"
    assert _names(kernel) == "[]"
    kernel.ok(TWO, cell_id="x")
    assert _names(kernel) == "['two']"


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
def test_ignores_code_on_a_subshell(kernel: Kernel) -> None:
    """It fires the same events in the middle of a cell."""
    kernel.ok(ONE, cell_id="x")
    subshell = kernel.new_subshell()

    kernel.ok("1 + 1", subshell=subshell, cell_id="x")

    assert _names(kernel) == "['one']"


def test_ignores_silent_code(kernel: Kernel) -> None:
    """Frontends look at variables that way."""
    kernel.ok(ONE, cell_id="x")

    kernel.ok("y = 1", silent=True)

    assert _names(kernel) == "['one']"


def test_names_cells_by_their_numbers(kernel: Kernel) -> None:
    """Not by the file, whose name has the process id in it."""
    number = kernel.ok(ONE, cell_id="x").replied["execution_count"]

    assert kernel.ok("%wf rules").displayed == (
        f"one(a: A) → B   In [{number}], line 2\nopen input: A"
    )


def test_shows_the_same_text_when_a_notebook_runs_twice(kernel: Kernel) -> None:
    """But for numbers of cells, which a fresh kernel begins anew."""
    cells = ["%%rule\n" + ONE, "%%rule\n" + TWO, "%wf check"]

    def run() -> list[str]:
        shown = [kernel.ok(c, cell_id=str(i)).shown for i, c in enumerate(cells)]
        kernel.ok("1", deleted=["0", "1", "2"], cell_id="end")
        return shown

    assert run() == run()


# -- help and completion ----------------------------------------------------------------------


def test_explains_its_magics(kernel: Kernel) -> None:
    """With IPython's question mark, on magics and verbs."""
    assert "redo the tasks of this cell's rules" in kernel.pages("%%rule?")
    assert "%wf explain TYPE [TYPE …]   who would make TYPE" in kernel.pages("%wf?")
    assert kernel.pages("%wf rules?") == (
        "%wf rules\n\n"
        "every rule with its signature and its cell, and the types that nobody makes\n\n"
        "Sorted by name."
    )
    assert kernel.run("%wf ruels?").errors[0][0] == "MagicError"
    assert "%rule" in kernel.ok("%lsmagic").shown


def test_completes_verbs_options_types_and_rules(kernel: Kernel) -> None:
    """And leaves other lines to IPython."""
    kernel.ok(ONE, cell_id="x")

    verbs = "cancel check explain graph plan reload rules stale status story why"
    assert kernel.complete("%wf ") == verbs.split()
    assert kernel.complete("%wf ex") == ["explain"]
    assert kernel.complete("%wf explain ") == ["A", "B", "one"]
    assert kernel.complete("x = 1\n%wf explain B o") == ["one"]
    assert kernel.complete("%wf check --") == ["--strict"]
    assert kernel.complete("%wf graph ") == ["--cells", "--static", "A", "B", "one"]
    assert kernel.complete("%%rule --re") == ["--rerun"]
    assert "bench" in kernel.complete("ben")
    assert "%wf" in kernel.complete("%w")
