"""Progress and Cancel while a cell is busy, in a real JupyterLab and Notebook 7."""

from __future__ import annotations

import re
import time

import ipykernel
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.access import findings
from tests.browser.lab import LabPage

RULES = """%load_ext wfnb
import time
from dataclasses import dataclass
from wfnb import *

@dataclass(frozen=True)
class Folder:
    photos: int
    pause: float
@dataclass(frozen=True)
class Photo:
    name: str
    pause: float
@dataclass(frozen=True)
class Thumb:
    name: str
@dataclass(frozen=True)
class Gallery:
    size: int
@dataclass(frozen=True)
class Publish(Goal):
    exit_code: int = 0

@rule
def resize(photo: Photo) -> Thumb:
    time.sleep(photo.pause)
    return Thumb(photo.name)

@rule
async def make_gallery(folder: Folder) -> Gallery:
    thumbs = await MultiGet(
        Get(Thumb, Photo, Photo(f"{n}.jpg", folder.pause)) for n in range(folder.photos)
    )
    return Gallery(len(thumbs))

@goal_rule
async def publish(folder: Folder) -> Publish:
    await Get(Gallery)
    return Publish()
"""
FEW = "from wfnb.taskgraph import workers\ncurrent_engine()._asking._pool.most_threads = 3"
LONG = "request(Gallery, Folder(200, 0.12))"
BEGUN = ["request(Gallery, Folder", "await arequest(Gallery, Folder", "run(Publish, Folder"]
STUCK = {
    "request": "request(Gallery, Folder(200, 0.4))",
    "arequest": "await arequest(Gallery, Folder(200, 0.4))",
    "goal": "run(Publish, Folder(200, 0.4))",
}
LINE = re.compile(r"^(Gallery|goal Publish): 20[12] ran, 0 reused, 0 failed in \d+(\.\d)? s$")


def progress(lab: LabPage, index: int) -> Locator:
    return lab.output(index).locator(".wfnb-progress")


def test_moves_while_the_cell_runs(lab: LabPage) -> None:
    """The bar of a MultiGet of 200, and the line at the end; however it is asked."""
    cells = [f"{ask}(200, 0.0{number + 6}))" for number, ask in enumerate(BEGUN)]
    lab.open("moves.ipynb", [RULES, FEW, *cells])
    lab.run(0, 1)

    for index in range(2, 2 + len(cells)):
        lab.start(index)

        bar = progress(lab, index).get_by_role("progressbar")
        expect(bar).to_be_visible()
        seen = [int(bar.get_attribute("aria-valuenow") or 0)]
        while len(seen) < 4:
            expect(bar).not_to_have_attribute("aria-valuenow", str(seen[-1]))
            seen.append(int(bar.get_attribute("aria-valuenow") or 0))
        assert seen == sorted(seen)
        line = progress(lab, index).locator(".wfnb-line-text")
        expect(line).to_have_text(LINE, timeout=30_000)
        lab.wait_idle()
        shown = [one for one in lab.outputs(index) if one["output_type"] == "display_data"]
        assert [sorted(one["data"]) for one in shown] == [
            ["application/vnd.jupyter.widget-view+json"]
        ]
    assert lab.errors() == []


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
@pytest.mark.parametrize(
    ("ask", "by"),
    [("request", "mouse"), ("request", "keyboard"), ("arequest", "mouse"), ("goal", "keyboard")],
)
def test_cancels_while_the_cell_is_busy(lab: LabPage, ask: str, by: str) -> None:
    """At once, as the stop button would; the next cell works."""
    lab.open("cancels.ipynb", [RULES, FEW, STUCK[ask], "request(Gallery, Folder(3, 0.0))"])
    lab.run(0, 1)
    lab.start(2)
    button = progress(lab, 2).get_by_role("button", name="Cancel")
    expect(button).to_be_visible()

    since = time.monotonic()
    if by == "mouse":
        button.click()
    else:
        button.focus()
        lab.page.keyboard.press("Enter")

    line = progress(lab, 2).locator(".wfnb-line-text")
    expect(line).to_contain_text("; interrupted")
    assert time.monotonic() - since < 3
    lab.wait_idle()
    assert [o["ename"] for o in lab.outputs(2) if o["output_type"] == "error"] == [
        "RequestInterrupted"
    ]
    lab.run(3)
    assert lab.outputs(3)[-1]["data"]["text/plain"] == "Gallery(size=3)"
    assert lab.errors() == []


def test_shows_nothing_for_a_short_request(lab: LabPage) -> None:
    """A cell of a tenth of a second."""
    lab.open("short.ipynb", [RULES, "request(Gallery, Folder(1, 0.1))"])

    lab.run(0, 1)

    assert [one["output_type"] for one in lab.outputs(1)] == ["execute_result"]
    assert lab.errors() == []


def test_follows_the_theme(lab: LabPage) -> None:
    """Light, then dark, while it is unfolded; axe-core finds nothing in either."""
    lab.open("theme.ipynb", [RULES, FEW, LONG])
    lab.run(0, 1, 2)
    view = progress(lab, 2)
    expect(view).to_be_visible(timeout=20_000)
    view.get_by_role("button", name="Timeline").click()
    expect(view.locator(".wfnb-span").first).to_be_visible()

    for theme in ("Light", "Dark"):
        lab.use_theme(f"JupyterLab {theme}")
        expect(view).to_have_attribute("data-wfnb-theme", theme.lower())
        assert findings(lab.page, ".wfnb-progress") == []


def test_works_in_notebook_7(notebook7: LabPage) -> None:
    """Shown, moving, cancelled by the keyboard; no key gets to the notebook."""
    notebook7.open("seven.ipynb", [RULES, FEW, STUCK["request"]])
    notebook7.run(0, 1)
    notebook7.start(2)
    button = progress(notebook7, 2).get_by_role("button", name=re.compile("Cancel|Interrupt"))
    expect(button).to_be_visible()

    button.focus()
    notebook7.page.keyboard.press("Enter")
    if ipykernel.version_info < (7,):  # it has no subshells, and does not answer
        expect(button).to_have_text("Interrupt the kernel")
        notebook7.page.keyboard.press("Enter")

    expect(progress(notebook7, 2).locator(".wfnb-line-text")).to_contain_text("; interrupted")
    notebook7.wait_idle()
    assert len(notebook7.page.locator(".jp-Cell").all()) == 3
