"""The problems view, in a browser."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.access import findings
from tests.browser.bare import BarePage
from tests.browser.lab import LabPage
from wfnb.events.kinds import Node, Problem, ProblemsChanged
from wfnb.events.state import Batch, Snapshot, State

HOSTILE = "<img src=x onerror=\"window.pwned = 1\">"  # fmt: skip
RULE = Node("r", "rule", "resize", "In [2], line 1")
MISSING = Problem(
    "WF203",
    "error",
    "nothing supplies Size for resize",
    "In [2], line 3",
    ("resize (In [2]) asks for Size", "no rule makes it"),
    "write a rule that returns Size",
    "size = await Get(Size)",
)
UNUSED = Problem("WF204", "warning", "nobody asks for Photo", "In [1], line 4", (), "")
LOOSE = Problem("WF240", "note", "a clock is read", "", (), "")


def at(*problems: Problem, seq: int = 1) -> Snapshot:
    return Snapshot(seq, 1000.0, State(nodes={"r": RULE}, problems=problems))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_problems_by_cell(bare: BarePage, theme: Literal["light", "dark"]) -> None:
    """Each under its cell, with sign, word, code, reasons and fix; axe-core finds nothing."""
    bare.open("problems", theme=theme, first=at(MISSING, UNUSED, LOOSE))
    view = bare.page.get_by_role("region", name="Problems with the rules")

    expect(view.get_by_role("heading", level=2)).to_have_text("1 error, 1 warning, 1 note")
    expect(view.get_by_role("heading", level=3)).to_have_text(
        ["In [2]", "In [1]", "The rules together"]
    )
    expect(view.locator(".wfnb-problem").first).to_have_text(
        "✖error WF203 nothing supplies Size for resize line 3size = await Get(Size)"
        "resize (In [2]) asks for Sizeno rule makes it"
        "→ write a rule that returns Size"
    )
    assert findings(bare.page) == []


def test_says_what_was_checked(bare: BarePage) -> None:
    """No problems is not an empty view."""
    bare.open("problems", first=at())

    view = bare.page.locator(".wfnb-problems")
    expect(view.locator("h2")).to_have_text("no problems")
    expect(view.locator("div > p")).to_have_text(
        "Checked the requests of 1 rule: each has one rule to answer it."
    )


def test_follows_what_the_kernel_tells(bare: BarePage) -> None:
    """A batch is folded in, and read aloud."""
    bare.open("problems", first=at(MISSING))

    bare.tell(Batch(2, 0.5, (ProblemsChanged(()),)))

    expect(bare.page.locator(".wfnb-problems h2")).to_have_text("no problems")
    expect(bare.page.locator("[aria-live]")).to_have_text(
        "no problems. Checked the requests of 1 rule: each has one rule to answer it."
    )


def test_shows_names_as_text(bare: BarePage) -> None:
    """Whatever users write, nothing of it is markup; nothing is asked of the network."""
    bad = Problem(HOSTILE, "error", HOSTILE, f"{HOSTILE}, line 2", (HOSTILE,), HOSTILE, HOSTILE)
    bare.open("problems", first=at(bad))

    view = bare.page.locator(".wfnb-problems")
    expect(view.locator("h3")).to_have_text(HOSTILE)
    assert view.locator("img").count() == 0
    assert bare.page.evaluate("window.pwned") is None
    assert (bare.reached, bare.console) == ([], [])


def test_leaves_nothing_behind(bare: BarePage) -> None:
    """Taken away, a view listens to nothing."""
    bare.open("problems", first=at())

    bare.page.evaluate("window.end()")

    assert bare.page.evaluate("window.listeners()") == 0
    assert bare.page.locator("#host > *").count() == 0


SIZES = """@rule
async def small() -> Size:
    return Size(64)

@rule
async def large() -> Size:
    return Size(128)
"""


def test_updates_as_cells_run(lab: LabPage) -> None:
    """`%wf check` in JupyterLab: a cell that is mended and run again mends what the view shows."""
    lab.open(
        "problems.ipynb",
        [
            "%load_ext wfnb\nfrom dataclasses import dataclass\nfrom wfnb import *",
            "@dataclass(frozen=True)\nclass Size:\n    px: int\n"
            "@dataclass(frozen=True)\nclass Photo:\n    name: str\n"
            "@dataclass(frozen=True)\nclass Thumb:\n    name: str",
            "@rule\nasync def resize(photo: Photo) -> Thumb:\n"
            "    size = await Get(Size)\n    return Thumb(photo.name)",
            SIZES,
            "%wf check",
        ],
    )
    lab.run(0, 1, 2, 3, 4)
    heading = lab.output(4).locator(".wfnb-problems h2")
    expect(heading).to_contain_text("1 error")
    expect(heading).to_have_css("font-size", "13px")  # the style has come, too

    lab.write(3, SIZES.partition("\n\n")[0])
    lab.run(3)

    expect(heading).not_to_contain_text("error")
    [shown] = lab.outputs(4)
    assert sorted(shown["data"]) == [
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.wfnb.view+json",
        "text/plain",
    ]
    assert lab.errors() == []
