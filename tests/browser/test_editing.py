"""Completion and hover of the JupyterLab extension, in the editors of cells."""

from __future__ import annotations

import ipykernel
from playwright.sync_api import Locator, expect

from tests.browser.access import findings
from tests.browser.gallery import CELLS
from tests.browser.lab import LabPage

NEW = """@rule
async def count(folder: Folder) -> int:
    gallery = await Get()
    return len(gallery.thumbs)"""


def test_completes_what_a_get_can_ask_for(lab: LabPage) -> None:
    """What can be made from what is in scope, also while a cell runs; elsewhere as ever."""
    lab.open("complete.ipynb", [*CELLS[:4], NEW, "time.sleep(6)", "class_of_mine = 1", "class_of"])
    lab.run(0, 1, 2, 3)
    expect(lab.page.locator(".wfnb-status")).to_have_text("2 rules")
    items = lab.page.locator(".jp-Completer-item .jp-Completer-match")

    _complete(lab, 4, 2, "    gallery = await Get(")
    expect(items.first).to_have_text("Gallery")
    expect(items.nth(1)).to_have_text("Thumb")
    lab.page.keyboard.press("Enter")
    expect(lab.cell(4).locator(".cm-content")).to_contain_text("await Get(Gallery)")

    if ipykernel.version_info >= (7,):  # without subshells it would not answer meanwhile
        lab.start(5)
    lab.activate(4, 2, len("    gallery = await Get(Gallery"))
    lab.page.keyboard.type(", ")
    _complete(lab, 4, 2, "    gallery = await Get(Gallery, ")
    expect(items.first).to_have_text("Folder")
    lab.page.keyboard.press("Enter")
    expect(lab.cell(4).locator(".cm-content")).to_contain_text("await Get(Gallery, Folder)")
    lab.wait_idle()

    lab.run(6)
    lab.write(7, "class_of_")
    _complete(lab, 7, 0, "class_of_")
    expect(items).to_have_text(["class_of_mine"])
    assert (lab.errors(), lab.reached) == ([], [])


def test_tells_of_types_under_the_pointer(lab: LabPage) -> None:
    """Who makes it, from what, where; what its class says; nothing for other names."""
    lab.open("hover.ipynb", [*CELLS, "print('<b>x</b>')"])
    lab.run(0, 1, 2, 3)
    shown = lab.page.locator(".wfnb-hover")
    expect(lab.page.locator(".wfnb-status")).to_have_text("2 rules")

    _hover(lab, 3, "Gallery")
    expect(shown).to_have_text(
        "Gallerymade by make_gallery(folder: Folder) → Gallery · In [4], line 2"
    )
    assert findings(lab.page, ".wfnb-hover") == []
    shown.locator("button").click()
    lab.expect_cursor(3, 1)

    _hover(lab, 3, "Folder")
    expect(shown).to_have_text(
        "FolderWhere photos are.no rule makes it: an open input, passed with a request"
    )
    lab.use_theme("JupyterLab Dark")
    _hover(lab, 2, "Thumb")
    expect(shown).to_contain_text("make_thumb(photo: Photo) → Thumb · In [3], line 3")
    assert findings(lab.page, ".wfnb-hover") == []
    lab.page.mouse.move(0, 0)
    expect(shown).to_have_count(0)
    _word(lab, 5, "print").hover()
    lab.page.wait_for_timeout(1000)  # as long as it would take
    expect(shown).to_have_count(0)
    assert (lab.errors(), lab.reached) == ([], [])


def _complete(lab: LabPage, index: int, line: int, before: str) -> None:
    lab.activate(index, line, len(before))
    lab.page.keyboard.press("Tab")


def _word(lab: LabPage, index: int, text: str) -> Locator:
    line = lab.cell(index).locator(".cm-line", has_text=text).first
    return line.get_by_text(text, exact=True).first


def _hover(lab: LabPage, index: int, text: str) -> None:
    """Rest the pointer on a word of a cell, wherever the highlighter has put it."""
    lab.page.wait_for_timeout(300)  # until all is where it stays
    box = lab.page.evaluate(
        """([index, text]) => {
            const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
            const view = cell.editor.editor;
            const at = view.state.doc.toString().indexOf(text) + 1;
            const { left, top, bottom } = view.coordsAtPos(at);
            return [left + 3, (top + bottom) / 2];
        }""",
        [index, text],
    )
    lab.page.mouse.move(0, 0)
    expect(lab.page.locator(".wfnb-hover")).to_have_count(0)
    lab.page.mouse.move(box[0], box[1] + 1)
    lab.page.mouse.move(box[0], box[1])


EVIL = "<img src=x onerror='window.pwned = 1'><script>window.pwned = 1</script>"
HOSTILE = f'''@dataclass(frozen=True)
class Evil:
    """{EVIL}"""
    text: str
    def __repr__(self):
        return "{EVIL}"
Worse = type("{EVIL}", (), {{"__doc__": "{EVIL}", "__annotations__": {{"n": int}}}})
Worse = dataclass(frozen=True)(Worse)
@dataclass(frozen=True)
class Tame:
    """{EVIL}"""
Worst = type("{EVIL}", (), {{}})
@rule(desc="{EVIL}")
async def worsen(evil: Evil) -> Worse:
    """{EVIL}"""
    time.sleep(1.5)
    raise ValueError(evil.text)
@rule(desc="{EVIL}")
async def tame(evil: Evil) -> Tame:
    """{EVIL}"""
    return Tame()
@rule
async def look(evil: Evil) -> int:
    return await Get(Worst)'''


def test_shows_what_users_wrote_as_text(lab: LabPage) -> None:
    """In squiggles, marks, panel, hover, completion and answers: never as HTML."""
    get = "async def f(evil: Evil):\n    await Get("
    ask = f'request(Worse, Evil("{EVIL}"))'
    sound, broken = HOSTILE.split("@rule\n")
    lab.open("hostile.ipynb", [*CELLS[:2], sound, "@rule\n" + broken, ask, get, "Evil"])
    side = lab.page.locator(".wfnb-side")
    lab.command("wfnb:open-panel")
    lab.command("wfnb:show-graph")
    lab.run(0, 1, 2, 3)
    lab.start(4)
    expect(side.locator(".wfnb-progress")).to_contain_text("<img src=x")
    expect(lab.output(4)).to_contain_text("ValueError")
    lab.activate(2)
    for command in ("check-rules", "why-rerun", "go-to-maker", "find-users", "show-graph"):
        lab.command(f"wfnb:{command}", name="Evil")
    expect(side).to_contain_text("<img src=x")

    _complete(lab, 5, 1, "    await Get(")
    items = lab.page.locator(".jp-Completer-item .jp-Completer-match")
    expect(items.first).to_have_text("Worse")
    expect(items.nth(1)).to_have_text("Tame")
    lab.page.keyboard.press("Escape")
    lab.scroll_to(6)
    _hover(lab, 6, "Evil")
    expect(lab.page.locator(".wfnb-hover-doc")).to_contain_text("<img src=x")
    lab.page.mouse.move(0, 0)
    lab.scroll_to(3)
    lab.cell(3).locator(".cm-lintRange-warning").first.hover()
    expect(lab.page.locator(".wfnb-squiggle").first).to_contain_text("<img src=x")

    assert lab.page.evaluate("window.pwned") is None
    assert lab.page.locator("img[src='x']").count() == 0
    assert (lab.errors(), lab.reached) == ([], [])
