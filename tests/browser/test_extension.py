"""The JupyterLab extension, in a real JupyterLab: the status bar, squiggles, marks on cells."""

from __future__ import annotations

import json
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.browser.access import findings
from tests.browser.lab import LabPage

LOAD = "%load_ext wfnb\nimport time\nfrom dataclasses import dataclass\nfrom wfnb import *"
TYPES = "".join(
    f"@dataclass(frozen=True)\nclass {name}:\n    n: int\n"
    for name in ("Photo", "Size", "Thumb", "Album")
)
RESIZE = """@rule
async def resize(photo: Photo) -> Thumb:
    size = await Get(Size)
    return Thumb(photo.n)"""
BIND = """%%rule
# ünïcode 😀
@rule
async def bind(photo: Photo) -> Album:
\té, thumb = "😀", await Get(Thumb, Size, Size(1))
\treturn Album(1)"""
MENDED = BIND.replace("Get(Thumb, Size, Size(1))", "Get(Thumb, Photo, photo)")
TRACKER = "@jupyterlab/notebook-extension:tracker"
SQUIGGLE = ".cm-lintRange-error"


def mark(lab: LabPage, index: int) -> Locator:
    """What is said of the rules of a cell."""
    return lab.cell(index).locator(".wfnb-mark")


def expect_marks(lab: LabPage, expected: Sequence[str | None]) -> None:
    """What is said of each cell, sign and all; None for nothing."""
    for index, text in enumerate(expected):
        if text is None:
            expect(mark(lab, index)).to_have_count(0)
        else:
            expect(mark(lab, index)).to_have_text(text)


def expect_quiet(lab: LabPage) -> None:
    """Nothing is in the console, and nothing beyond the server was asked for."""
    assert (lab.errors(), lab.reached) == ([], [])


def test_leaves_kernels_without_wfnb_alone(lab: LabPage) -> None:
    """They hear of nothing, and nothing is shown; nor when wfnb goes, or the kernel restarts."""
    comms = "print(len(get_ipython().kernel.comm_manager.comms))"
    lab.open("status.ipynb", [LOAD, TYPES, RESIZE, "%unload_ext wfnb", comms])
    status = lab.page.locator(".wfnb-status")
    lab.run(4)
    assert lab.outputs(4)[0]["text"] == "0\n"
    expect(status).not_to_be_visible()

    lab.run(0, 1, 2)
    expect(status).to_have_text("1 rule")
    lab.run(3)
    expect(status).not_to_be_visible()
    expect_marks(lab, [None, None, None])
    lab.run(0)
    expect(status).to_have_text("1 rule")
    expect_marks(lab, [None, None, "✔sound · 1 rule"])
    lab.restart()
    expect(status).not_to_be_visible()
    expect_marks(lab, [None, None, None])
    lab.run(0, 1, 2)
    expect(status).to_have_text("1 rule")
    lab.use_settings("wfnb:settings", marks=False)
    lab.visit("status.ipynb")
    expect(status).to_have_text("1 rule")
    expect_marks(lab, [None, None, None])
    lab.use_settings("wfnb:settings")
    expect_quiet(lab)


def test_marks_problems_where_they_are_written(lab: LabPage) -> None:
    """In `%%rule` and in plain cells, with the fix on hover, until they are mended."""
    plain = RESIZE.replace("Get(Size)", "Get(Sizze)")
    lab.open("squiggles.ipynb", [LOAD, TYPES, plain, BIND, *["1\n" * 60] * 4])
    lab.run(0, 1, 2, 3)

    def marked(index: int) -> Locator:
        return lab.cell(index).locator(SQUIGGLE)

    expect(marked(2)).to_have_text(["Sizze"])
    expect(marked(3)).to_have_text("Get(Thumb, Size, Size(1))")
    expect(lab.page.locator(".wfnb-status")).to_have_text("2 rules · 2 problems")

    marked(2).hover()
    shown = lab.page.locator(".cm-tooltip-lint")
    expect(shown).to_have_text("error WF101 Sizze is not defined→ did you mean Size?")
    assert findings(lab.page, ".cm-tooltip-lint") == []
    lab.page.mouse.move(0, 0)

    lab.use_settings(TRACKER, windowingMode="full")
    lab.visit("squiggles.ipynb")
    text = "Get(Thumb, Size, Size(1))"
    lab.scroll_to(3)
    expect(marked(3)).to_have_text(text)
    lab.type_into(3, "# one more\n", after="%%rule\n")  # it moves with its text
    lab.type_into(3, "b = 1; ", after="\t")
    expect(marked(3)).to_have_text(text)
    lab.scroll_to(7)
    expect(lab.page.locator(SQUIGGLE)).to_have_count(0)
    lab.scroll_to(3)
    expect(marked(3)).to_have_text(text)
    expect(mark(lab, 3)).to_have_text("✖problem · 1 rule · 1 error")
    lab.use_settings(TRACKER)

    lab.write(3, MENDED)
    lab.write(2, RESIZE)
    lab.run(2, 3)
    expect(lab.page.locator(SQUIGGLE)).to_have_count(0)
    expect_quiet(lab)


def test_says_how_the_rules_of_each_cell_stand(lab: LabPage) -> None:
    """Sound, with a problem, dirty, running or failed, as it is now; nothing of it is saved."""
    slow = "@rule\nasync def size() -> Size:\n    time.sleep(wait)\n    return Size(7)"
    bad = "@rule\nasync def thumb(size: Size) -> Thumb:\n    return Thumb(8 // (size.n - 7))"
    lab.open("marks.ipynb", [LOAD, TYPES, slow, bad, "wait = 1.5", "request(Size)", "1"])
    lab.run(0, 1, 2, 3, 4)
    expect_marks(lab, [None, None, "✔sound · 1 rule", "✔sound · 1 rule", None])

    lab.start(5)
    expect(mark(lab, 2)).to_have_text("▶running · 1 rule")
    expect(lab.page.locator(".wfnb-status")).to_contain_text("1 running")
    expect(mark(lab, 2)).to_have_text("✔sound · 1 rule · 1 remembered")
    assert mark(lab, 2).get_attribute("aria-label") == (
        "Rules of this cell: sound, 1 rule, 1 remembered"
    )
    lab.write(6, "request(Thumb)")
    lab.run(6)
    failed = "⚡failed · 1 rule · 1 failed"
    expect(mark(lab, 3)).to_have_text(failed)
    lab.write(2, slow.replace("Size(7)", "Size(9)"))
    lab.write(4, "wait = 0")
    lab.run(4, 2)
    expect(mark(lab, 2)).to_have_text("◐dirty · 1 rule · 1 remembered · 1 to redo")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.use_theme(theme)
        assert findings(lab.page, ".wfnb-mark") == []
    expect(mark(lab, 3)).to_have_text(failed)  # nobody has asked since
    lab.run(6)
    sound = "✔sound · 1 rule · 1 remembered"
    expect_marks(lab, [None, None, sound, sound, None, None, None])
    assert "wfnb" not in json.dumps(lab.saved()).replace("%load_ext wfnb", "").replace(
        "from wfnb", ""
    )
    expect_quiet(lab)


def test_keeps_marks_with_their_cells(lab: LabPage) -> None:
    """Whatever becomes of a cell: moved, split, deleted, run again; and after a page reload."""
    lab.open("moves.ipynb", [LOAD, TYPES, RESIZE + "\n\n" + MENDED.partition("\n")[2], "1"])
    lab.run(0, 1, 2)
    expect_marks(lab, [None, None, "✔sound · 2 rules", None])
    lab.do("notebook:move-cell-down", 2)
    expect_marks(lab, [None, None, None, "✔sound · 2 rules"])
    lab.save()
    lab.visit("moves.ipynb")
    expect_marks(lab, [None, None, None, "✔sound · 2 rules"])

    lab.split(3, RESIZE + "\n\n")
    expect(lab.page.locator(".wfnb-mark")).to_have_text(
        ["✔sound · 1 rule"]
    )  # the half that has run
    lab.run(3, 4)
    expect_marks(lab, [None, None, None, "✔sound · 1 rule", "✔sound · 1 rule"])
    lab.do("notebook:delete-cell", 4)
    lab.run(2)
    expect(lab.page.locator(".wfnb-status")).to_have_text("1 rule")
    lab.restart()
    expect_marks(lab, [None] * 4)
    lab.run(0, 1, 3)
    expect_marks(lab, [None, None, None, "✔sound · 1 rule"])
    expect_quiet(lab)


def test_shows_one_kernel_in_two_notebooks(lab: LabPage) -> None:
    """Each has the marks of its own cells; the second keeps them when the first is closed."""
    widget = (
        "from ipywidgets import IntSlider\nslider = IntSlider()\nprint(slider.comm is not None)"
    )
    lab.keep("second.ipynb", [MENDED, widget, "print(slider.comm is not None)"], ids="other")
    lab.open("first.ipynb", [LOAD, TYPES, RESIZE])
    lab.run(0, 1, 2)
    lab.open_beside("second.ipynb")
    expect(lab.page.locator(".wfnb-status")).to_have_text("1 rule")
    expect_marks(lab, [None])
    lab.run(0)
    expect_marks(lab, ["✔sound · 1 rule"])
    lab.show("first.ipynb")
    expect_marks(lab, [None, None, "✔sound · 1 rule"])
    lab.show("second.ipynb")
    lab.restart(is_shared=True)
    expect_marks(lab, [None])
    lab.show("first.ipynb")
    expect_marks(lab, [None, None, None])
    lab.run(0, 1, 2)
    expect_marks(lab, [None, None, "✔sound · 1 rule"])

    lab.close_tab("first.ipynb")
    lab.show("second.ipynb")
    lab.write(0, BIND.replace("Size(1)", "Sizze(1)"))
    lab.run(0)
    expect_marks(lab, ["✖problem · 1 rule · 1 error"])
    lab.run(1, 2)
    assert lab.outputs(2)[0]["text"] == "True\n"  # the connection of our own has not closed it
    lab.change_kernel()
    expect_marks(lab, [None])
    expect(lab.page.locator(".wfnb-status")).not_to_be_visible()
    expect_quiet(lab)
