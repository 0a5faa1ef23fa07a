"""The side panel of the JupyterLab extension, in a real JupyterLab."""

from __future__ import annotations

import re

import ipykernel
import pytest
from playwright.sync_api import expect

from tests.browser.access import findings
from tests.browser.gallery import ASK, BROKEN, CELLS, GALLERY, LOAD, THUMB, TYPES
from tests.browser.lab import LabPage

SLOW = (
    GALLERY.replace("return Gallery", "await Get(Slow)\n    return Gallery")
    + """

@dataclass(frozen=True)
class Slow:
    n: int = 0
@rule
def wait(folder: Folder) -> Slow:
    for _ in range(300):
        time.sleep(0.1)
    return Slow()"""
)


def test_shows_what_the_kernel_knows_beside_the_notebook(lab: LabPage) -> None:
    """The active cell's rules first; clicks lead to cells; a reload, a restart, no wfnb."""
    lab.open("side.ipynb", [*CELLS, BROKEN, "%unload_ext wfnb"])
    side = lab.page.locator(".wfnb-side")
    lab.command("wfnb:open-panel")
    expect(side.locator("h1")).to_have_text("side.ipynb")
    expect(side).to_contain_text("The kernel has no rules to tell of: %load_ext wfnb")

    lab.run(0, 1, 2, 3, 4)
    expect(side).to_contain_text("2 rules")
    rules = side.get_by_role("region", name="Rules", exact=True)
    lab.activate(3)
    expect(rules.locator("h3")).to_have_text(["In this cell", "Elsewhere"])
    expect(rules.locator("li")).to_have_text(
        [
            re.compile("make_gallery.*✔ 1 remembered"),
            re.compile("make_thumb.*✔ 3 remembered"),
        ]
    )
    lab.activate(4)
    expect(rules.locator("h3")).to_have_count(0)

    rules.locator("button", has_text="make_thumb").click()
    expect(lab.page.locator(".jp-Cell").nth(2).locator(".cm-content")).to_be_focused()
    lab.expect_cursor(2, 2)

    lab.run(5)
    problems = side.get_by_role("region", name="Problems", exact=True)
    expect(problems).to_contain_text("no rule makes Size from Photo, asked by measure")
    problems.get_by_role("button", name=re.compile(r"Go to In \[6\], line 3")).click()
    lab.expect_cursor(5, 2)

    lab.page.keyboard.press("Escape")
    graph = side.locator(".wfnb-side-section button", has_text="Rule graph")
    graph.focus()
    lab.page.keyboard.press("Enter")
    expect(side.locator(".wfnb-graph .wfnb-part")).to_contain_text("What concerns measure")
    lab.activate(2)
    expect(side.locator(".wfnb-graph .wfnb-part")).to_contain_text("What concerns make_thumb")
    assert findings(lab.page, ".wfnb-side") == []
    lab.use_theme("JupyterLab Dark")
    assert findings(lab.page, ".wfnb-side") == []

    lab.visit("side.ipynb")
    lab.command("wfnb:open-panel")
    expect(side).to_contain_text("3 rules · 2 problems")
    lab.run(6)
    expect(side).to_contain_text("The kernel has no rules to tell of")
    lab.run(0)
    expect(side).to_contain_text("3 rules")
    lab.restart()
    expect(side).to_contain_text("The kernel has no rules to tell of")
    assert (lab.errors(), lab.reached) == ([], [])


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
def test_cancels_what_runs_from_the_panel(lab: LabPage) -> None:
    """While a rule blocks the kernel; what had finished is kept; then by the command."""
    lab.open("cancel.ipynb", [LOAD, TYPES, THUMB, SLOW, ASK])
    side = lab.page.locator(".wfnb-side")
    lab.run(0, 1, 2, 3)
    lab.command("wfnb:check-rules")
    for press in (
        lambda: side.locator(".wfnb-progress .wfnb-cancel").click(),
        lambda: lab.command("wfnb:cancel"),
    ):
        lab.start(4)
        running = side.locator(".wfnb-progress")
        expect(running).to_contain_text(re.compile("Gallery: running for"))
        expect(running).to_contain_text("wait(Folder('abc'))")
        press()
        expect(lab.output(4)).to_contain_text("RequestInterrupted")
        lab.wait_idle()
    rules = side.get_by_role("region", name="Rules", exact=True)
    expect(rules).to_contain_text("3 remembered")
    expect(running).to_contain_text("interrupted in wait(Folder('abc'))")
    assert findings(lab.page, ".wfnb-side") == []
    assert (lab.errors(), lab.reached) == ([], [])


def test_offers_to_interrupt_a_kernel_that_does_not_answer(lab: LabPage) -> None:
    """One without subshells, busy with a rule: in the panel, and by the command."""
    deaf = "type(get_ipython().kernel)._supports_kernel_subshells = False"
    lab.open("deaf.ipynb", [f"{deaf}\n{LOAD}", TYPES, THUMB, SLOW, ASK])
    lab.run(0)
    lab.visit("deaf.ipynb")  # now it is told
    side = lab.page.locator(".wfnb-side")
    toast = lab.page.locator(".jp-toastContainer")
    running = side.locator(".wfnb-progress")
    lab.run(0, 1, 2, 3)
    lab.command("wfnb:open-panel")

    lab.start(4)
    expect(running).to_contain_text("wait(Folder('abc'))")
    lab.command("wfnb:cancel")
    expect(toast).to_contain_text("The kernel does not answer while the cell runs.")
    toast.get_by_role("button", name="Interrupt the kernel").click()
    expect(lab.output(4)).to_contain_text("RequestInterrupted")
    lab.wait_idle()

    lab.start(4)
    expect(running).to_contain_text(re.compile("Gallery: running for"))
    running.locator(".wfnb-cancel").click()
    running.get_by_role("button", name="Interrupt the kernel").click()
    expect(running).to_contain_text("interrupted in wait(Folder('abc'))")
    lab.wait_idle()
    assert (lab.errors(), lab.reached) == ([], [])


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
def test_finds_what_runs_when_the_page_is_loaded_again(lab: LabPage) -> None:
    """While the cell still runs, and JupyterLab itself has not heard of the kernel; and cancels."""
    lab.open("busy.ipynb", [LOAD, TYPES, THUMB, SLOW, ASK, "'on' + 'ce'"])
    lab.run(0, 1, 2, 3)
    lab.save()
    lab.start(4)
    expect(lab.page.locator(".wfnb-status")).to_contain_text("1 running")

    lab.visit("busy.ipynb", is_busy=True)
    expect(lab.page.locator(".wfnb-status")).to_contain_text("1 running", timeout=20_000)
    expect(lab.cell(3).locator(".wfnb-mark")).to_contain_text("running")
    lab.command("wfnb:open-panel")
    running = lab.page.locator(".wfnb-side .wfnb-progress")
    expect(running).to_contain_text("wait(Folder('abc'))")
    running.locator(".wfnb-cancel").click()
    expect(running).to_contain_text("interrupted in wait(Folder('abc'))")

    lab.run(5)
    expect(lab.output(5)).to_contain_text("once")
    lab.run(2)  # heard as ever
    expect(lab.cell(2).locator(".wfnb-mark")).to_contain_text("1 rule")
    assert (lab.errors(), lab.reached) == ([], [])


def test_follows_the_notebook_in_front_and_the_settings(lab: LabPage) -> None:
    """Another notebook has rules of its own; the panel may stand on the left."""
    lab.open("one.ipynb", CELLS)
    lab.run(0, 1, 2)
    lab.command("wfnb:open-panel")
    side = lab.page.locator(".wfnb-side")
    expect(side).to_contain_text("1 rule")
    lab.command("notebook:create-new", kernelName="python3")
    lab.wait_idle()
    expect(side.locator("h1")).to_have_text("Untitled.ipynb")
    expect(side).to_contain_text("The kernel has no rules to tell of")

    lab.command("docmanager:open", path="one.ipynb")
    expect(side).to_contain_text("1 rule")
    expect(lab.page.locator("#jp-right-stack .wfnb-side")).to_be_visible()

    lab.use_settings("wfnb:settings", panel="left", progress=False)
    lab.visit("one.ipynb")
    lab.command("wfnb:open-panel")
    expect(lab.page.locator("#jp-left-stack .wfnb-side")).to_be_visible()
    lab.write(2, THUMB.replace("return", "time.sleep(1)\n    return"))
    lab.run(2, 3)
    lab.start(4)
    expect(side.locator(".wfnb-progress")).to_be_visible()
    expect(lab.output(4)).to_contain_text("3")
    assert [one["output_type"] for one in lab.outputs(4)] == ["execute_result"]
    lab.use_settings("wfnb:settings")
    assert (lab.errors(), lab.reached) == ([], [])
