"""Views in Notebook 7: one look that they come up there, and keep their keys."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.lab import LabPage
from tests.browser.test_problems import SIZES


def test_shows_problems_in_notebook_7(notebook7: LabPage) -> None:
    """`%wf check`, and a cell that mends what it shows."""
    notebook7.open(
        "problems.ipynb",
        [
            "%load_ext wfnb\nfrom dataclasses import dataclass\nfrom wfnb import *",
            "@dataclass(frozen=True)\nclass Size:\n    px: int\n"
            "@dataclass(frozen=True)\nclass Thumb:\n    px: int",
            "@rule\nasync def resize() -> Thumb:\n    return Thumb((await Get(Size)).px)",
            SIZES,
            "%wf check",
        ],
    )
    notebook7.run(0, 1, 2, 3, 4)
    heading = notebook7.output(4).locator(".wfnb-problems h2")
    expect(heading).to_contain_text("1 error")

    notebook7.write(3, SIZES.partition("\n\n")[0])
    notebook7.run(3)

    expect(heading).to_contain_text("no problems")
