"""The pictures of the README: `python -m tests.browser.pictures`.

story.gif   `%wf story` of the lesson examples/06_watch_it_run.ipynb, stepped from beginning to end
graph.png   `%wf graph` of it, after two hundred thumbnails
lab.png     a notebook with a mistake, with the extension and its side panel

Knows: the lesson, where things are in JupyterLab. Does not know: how views are drawn.
Holds: nothing is retouched: what is in a picture is what a user sees.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from PIL import Image
from playwright.sync_api import Locator, sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.lab import LabPage
from tests.browser.labserver import ROOT, LabServer

TARGET = ROOT / "labextension" / "pictures"
LESSON = ROOT / "examples" / "06_watch_it_run.ipynb"
COLOURS = 48
FRAME_MS, LAST_MS = 700, 3000

_MISTAKE = """@rule
async def gallery(order: Order) -> Gallery:
    pages = await MultiGet(Get(Page, Photo, photo) for photo in order.photos)
    return Gallery(pages)"""


def main() -> None:
    """Make them all."""
    TARGET.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LabServer(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1180, "height": 900})
            page.emulate_media(reduced_motion="reduce")
            lab = LabPage(page, server)
            shutil.copytree(ROOT / "examples" / "photos", server.notebooks / "photos")
            shutil.copy(LESSON, server.notebooks)
            _lesson(lab)
            _extension(lab)
            assert lab.errors() == [], lab.errors()
        finally:
            browser.close()
            server.close()


def _lesson(lab: LabPage) -> None:
    cells = nbformat.read(LESSON, 4).cells
    code = [number for number, cell in enumerate(cells) if cell.cell_type == "code"]
    story = next(number for number in code if cells[number].source == "%wf story")
    graph = next(number for number in code if cells[number].source.startswith("%wf graph"))
    lab.visit(LESSON.name)
    lab.page.keyboard.press("Control+b")  # the file browser takes room
    lab.run(*code[: code.index(story) + 1])
    view = lab.output(story).locator(".wfnb-story:visible")
    _animated(view, TARGET / "story.gif")
    lab.run(*code[code.index(story) + 1 :])
    lab.page.wait_for_timeout(500)  # the last batch of events is on its way
    lab.output(graph).locator(".wfnb-graph:visible").screenshot(path=TARGET / "graph.png")


def _animated(view: Locator, path: Path) -> None:
    """A picture of each step."""
    slider = view.get_by_role("slider")
    frames = []
    for step in range(int(slider.get_attribute("max") or 0) + 1):
        if step:
            slider.press("ArrowRight")
        frames.append(Image.open(BytesIO(view.screenshot())).convert("RGB"))
    width, height = max(f.width for f in frames), max(f.height for f in frames)
    sized = []
    for frame in frames:
        sheet = Image.new("RGB", (width, height), "white")
        sheet.paste(frame)
        sized.append(sheet)
    palette = sized[len(sized) // 2].quantize(COLOURS)
    pictures = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in sized]
    pictures[0].save(
        path,
        save_all=True,
        append_images=pictures[1:],
        duration=[FRAME_MS] * (len(pictures) - 1) + [LAST_MS],
        loop=0,
        optimize=True,
    )


def _extension(lab: LabPage) -> None:
    types = "\n\n".join(
        f"@dataclass(frozen=True)\nclass {name}:\n    {field}"
        for name, field in [
            ("Photo", "name: str"),
            ("Order", "photos: tuple[Photo, ...]"),
            ("Size", "pixels: int"),
            ("Page", "title: str"),
            ("Gallery", "pages: tuple[Page, ...]"),
        ]
    )
    page = "@rule\nasync def page(photo: Photo, size: Size) -> Page:\n    return Page(photo.name)"
    start = "%load_ext wfnb\nfrom dataclasses import dataclass\n\nfrom wfnb import *"
    query = "QueryRule(Gallery, [Order])"
    lab.open("gallery.ipynb", [start, types, page, _MISTAKE, query])
    lab.run(0, 1, 2, 3, 4)
    lab.page.evaluate("window.jupyterapp.commands.execute('wfnb:open-panel')")
    lab.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 3; }"
    )
    lab.page.wait_for_timeout(1500)
    lab.page.screenshot(path=TARGET / "lab.png")


if __name__ == "__main__":
    sys.exit(main())
