"""The whole of it in a real kernel: `%load_ext wfnb`, rules in cells, requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebook.kernel import SAVED, VIEW, Kernel
from tests.notebook.workflow import ASK, HELPER, RULES, TYPES

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def loaded(running: Kernel) -> Kernel:
    """A kernel with the extension loaded and the types of a small workflow."""
    running.ok("%load_ext wfnb\n%colors nocolor")
    running.ok(TYPES, cell_id="types")
    return running


@pytest.fixture
def kernel(loaded: Kernel) -> Kernel:
    """That kernel with the rules of the workflow and nothing asked."""
    cells = ("x", "y", "z", "w", "helper", "rules")
    loaded.ok("1", cell_id="ask", deleted=cells)
    loaded.ok(TYPES, cell_id="types")
    loaded.ok(HELPER, cell_id="helper")
    loaded.ok(RULES, cell_id="rules")
    return loaded


def _asked(kernel: Kernel) -> str:
    """The rules that ran for the gallery, in order, and what is in it."""
    return " ".join(kernel.ok(ASK, cell_id="ask").stdout.split())


FRESH = "make_gallery find_uploads make_thumbnail make_thumbnail P/A P/B"


# -- re-running cells -------------------------------------------------------------------------


def test_runs_nothing_twice(kernel: Kernel) -> None:
    """The second request is answered from memory."""
    assert _asked(kernel) == FRESH
    assert _asked(kernel) == "P/A P/B"


def test_runs_nothing_again_when_every_cell_is_run_again_unchanged(kernel: Kernel) -> None:
    """Classes, helpers and rules mean the same, so their tasks hold."""
    _asked(kernel)

    kernel.ok(TYPES, cell_id="types")
    kernel.ok(HELPER, cell_id="helper")
    outcome = kernel.ok(RULES, cell_id="rules")

    assert outcome.displayed == ("rules: 3 registered · nothing changed · open input: Folder")
    assert _asked(kernel) == "P/A P/B"


def test_runs_what_reaches_a_helper_that_another_cell_rebinds(kernel: Kernel) -> None:
    """And only that."""
    _asked(kernel)

    kernel.ok(HELPER.replace("upper", "title"), cell_id="helper")

    assert _asked(kernel) == ("make_thumbnail make_thumbnail P/A P/B")


def test_follows_a_helper_that_a_failing_cell_has_rebound(kernel: Kernel) -> None:
    """It is what would run."""
    _asked(kernel)

    kernel.run(HELPER.replace("upper", "lower") + "\n1 / 0", cell_id="helper")

    assert _asked(kernel) == "make_thumbnail make_thumbnail make_gallery p/a p/b"


def test_keeps_the_rules_that_stood_when_their_cell_fails(kernel: Kernel) -> None:
    """The failing cell registers nothing."""
    _asked(kernel)

    kernel.run(RULES.replace("%%rule", "").replace('"ab"', '"abc"') + "\n1 / 0", cell_id="rules")

    assert _asked(kernel) == "P/A P/B"


def test_follows_a_class_that_is_defined_anew(kernel: Kernel) -> None:
    """Rules of other cells take the new class by its name; old values are refused."""
    _asked(kernel)
    kernel.ok("folder = Folder('p')", cell_id="x")

    new = TYPES.replace(
        "class Folder:\n    path: str", "class Folder:\n    path: str\n    n: int = 0"
    )
    defined = kernel.ok(new, cell_id="types").replied["execution_count"]

    assert _asked(kernel) == "make_gallery find_uploads P/A P/B"
    outcome = kernel.run("request(Gallery, folder)", cell_id="y")
    lines = outcome.error.splitlines()
    assert lines[0].startswith("ParamError: this Folder was made by the earlier Folder of In [")
    assert lines[1:3] == [
        f"    Folder has been defined anew in In [{defined}]",
        "    field n is new",
    ]
    assert lines[3].startswith("  → run the cell that makes folder (In [")


STALE = """
@rule
async def make_poster(upload: Upload) -> Gallery:
    return Gallery(((await make_thumbnail(Upload("named"))).text, HIDDEN.path))
"""


def test_names_the_cell_of_a_global_that_an_earlier_class_made(kernel: Kernel) -> None:
    """A rule that uses it is not run; calls by name have followed to the new classes."""
    hidden = "HIDDEN = Folder('hidden')"
    made = kernel.ok(hidden, cell_id="x").replied["execution_count"]
    kernel.ok(STALE, cell_id="y")
    new = TYPES.replace("    path: str", "    path: str\n    n: int = 0")
    new = new.replace("    name: str", "    name: str\n    n: int = 0")
    kernel.ok(new, cell_id="types")

    outcome = kernel.run("request(Gallery, Upload('a'))", cell_id="z")

    lines = outcome.error.splitlines()
    assert lines[0].startswith("DefinitionError: make_poster uses HIDDEN, made by the earlier")
    assert lines[-1] == f"  → run the cell that makes HIDDEN (In [{made}]) again"
    kernel.ok(hidden, cell_id="x")
    assert kernel.ok("request(Gallery, Upload('a')).thumbs").result == "('NAMED', 'hidden')"


def test_answers_a_request_in_the_cell_that_defines_the_rule(kernel: Kernel) -> None:
    """No need to wait for the cell's end."""
    outcome = kernel.ok(
        "@dataclass(frozen=True)\nclass Size: n: int\n"
        "@rule\ndef measure(folder: Folder) -> Size: return Size(len(folder.path))\n"
        "request(Size, Folder('four')).n",
        cell_id="x",
    )

    assert outcome.result == "4"


# -- errors -----------------------------------------------------------------------------------


def test_shows_the_frames_of_the_rule_and_none_of_the_engine(kernel: Kernel) -> None:
    """The exception is the rule's own, with its helper's line."""
    kernel.ok("def shrink(name):\n    return {}[name]", cell_id="helper")

    outcome = kernel.run("request(Gallery, Folder('p'))", cell_id="ask")

    assert outcome.status == "error"
    assert outcome.errors[0][0] == "KeyError"
    assert "return {}[name]" in outcome.error
    assert "return Thumbnail(shrink(upload.name))" in outcome.error
    assert "/wfnb/" not in outcome.error, outcome.error
    assert "site-packages" not in outcome.error


def test_refuses_what_nobody_makes(kernel: Kernel) -> None:
    """In at most 12 lines, as an error message with an error reply."""
    outcome = kernel.run("class Nothing: pass\nrequest(Nothing, Folder('p'))", cell_id="x")

    assert outcome.status == "error"
    assert outcome.errors[0][0] == "WiringError"
    assert len(outcome.error.splitlines()) <= 13
    assert "/wfnb/" not in outcome.error


# -- interrupts -------------------------------------------------------------------------------

SLOW = """
import time
@dataclass(frozen=True)
class Slow: n: int
@dataclass(frozen=True)
class Quick: n: int
@dataclass(frozen=True)
class Both: n: int
@dataclass(frozen=True)
class Delay: s: float
@rule
def quick(delay: Delay) -> Quick:
    print("quick")
    return Quick(1)
@rule
def slow(upload: Upload) -> Slow:
    time.sleep(float(upload.name))
    return Slow(2)
@rule
async def both(delay: Delay) -> Both:
    q = await Get(Quick, Delay, delay)
    found = await MultiGet(Get(Slow, Upload, Upload(str(delay.s + i / 1000))) for i in range(20))
    return Both(q.n + len(found))
"""

_GRACE_S = 0.3
_MARGIN_S = 0.3  # for a busy machine


@pytest.mark.parametrize("ask", ["request", "await arequest"])
def test_stops_a_request_within_a_third_of_a_second(kernel: Kernel, ask: str) -> None:
    """Twenty blocking rules at once; what had finished is kept; the next request is right."""
    kernel.ok(SLOW, cell_id="x")

    outcome = kernel.run(f"{ask}(Both, Delay(5.0))", cell_id="ask", interrupt_after_s=0.5)

    assert outcome.status == "error"
    assert outcome.errors[0][0] == "RequestInterrupted"
    assert 0.5 <= outcome.seconds < 0.5 + _GRACE_S + _MARGIN_S
    assert kernel.ok(f"({ask}(Both, Delay(0.0))).n").result == "21"
    again = kernel.ok(f"({ask}(Quick, Delay(5.0))).n")
    assert (again.result, again.stdout) == ("1", "")


@pytest.mark.parametrize("ask", ["request", "await arequest"])
def test_stops_a_single_blocking_rule(kernel: Kernel, ask: str) -> None:
    """On the thread that asks, or on another."""
    kernel.ok(SLOW, cell_id="x")

    outcome = kernel.run(f"{ask}(Slow, Upload('5'))", cell_id="ask", interrupt_after_s=0.5)

    assert outcome.errors[0][0] == "RequestInterrupted"
    assert outcome.seconds < 0.5 + _GRACE_S + _MARGIN_S
    assert kernel.ok(f"({ask}(Slow, Upload('0'))).n").result == "2"


# -- loading ----------------------------------------------------------------------------------


def test_stays_the_same_when_it_is_loaded_twice_and_reloaded(kernel: Kernel) -> None:
    """The rules stand, and each is registered once."""
    _asked(kernel)

    assert kernel.ok("%load_ext wfnb").stdout.startswith("The wfnb extension is already loaded.")
    kernel.ok("%reload_ext wfnb")
    assert _asked(kernel) == "P/A P/B"

    outcome = kernel.ok(RULES, cell_id="rules")
    assert outcome.displayed == ("rules: 3 registered · nothing changed · open input: Folder")
    assert _asked(kernel) == "P/A P/B"


def test_goes_and_leaves_names_and_rules_behind(kernel: Kernel) -> None:
    """`%unload_ext`: no more magics, but the engine answers."""
    _asked(kernel)

    kernel.ok("%unload_ext wfnb")

    assert kernel.run("%wf rules").stderr.startswith("UsageError: Line magic function `%wf`")
    assert kernel.run(ASK).stdout == "P/A P/B\n"
    kernel.ok("%load_ext wfnb")
    assert _asked(kernel) == "P/A P/B"


def _files(folder: Path) -> list[str]:
    """Every file but those of IPython's own profile and history."""
    return sorted(p.name for p in folder.rglob("*") if ".ipython" not in p.parts)


def test_starts_nothing_when_it_is_loaded(tmp_path: Path) -> None:
    """No thread, no file, no engine."""
    kernel = Kernel(tmp_path)
    try:
        before = "import threading\nbefore = threading.active_count()"
        after = "threading.active_count() - before, 'networkx' in __import__('sys').modules"
        kernel.ok(before)
        files = _files(tmp_path)
        kernel.ok("%load_ext wfnb")
        assert kernel.ok(after).result == "(0, False)"
        assert _files(tmp_path) == files
    finally:
        kernel.close()


def test_has_the_rules_in_another_engine_from_the_line_on_that_sets_it(kernel: Kernel) -> None:
    """Not only from the next cell on; and back."""
    other = "from wfnb import Engine, set_current_engine\nold = current_engine()\n"
    outcome = kernel.ok(f"{other}set_current_engine(Engine())\n{ASK}", cell_id="ask")
    assert " ".join(outcome.stdout.split()) == FRESH
    kernel.ok("set_current_engine(old)", cell_id="back")
    assert _asked(kernel).endswith("P/A P/B")


def test_shows_text_where_there_are_no_widgets(kernel: Kernel) -> None:
    """The same text as beside a live view, and nothing else that is compared."""
    with_views = kernel.ok("%wf check")
    kernel.ok("import sys\nkept = sys.modules.pop('anywidget')\nsys.modules['anywidget'] = None")

    without = kernel.ok("%wf check")

    kernel.ok("sys.modules['anywidget'] = kept")
    assert [list(one) for one in without.displays] == [["text/plain", SAVED]]
    assert without.displayed == with_views.displayed
    assert with_views.displays[0].keys() == {"text/plain", SAVED, VIEW}
    assert with_views.displays[0][SAVED] == without.displays[0][SAVED]  # or nbval would object
