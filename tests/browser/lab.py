"""A notebook in a real JupyterLab: cells run, outputs are looked at.

Knows: the application object of JupyterLab and of Notebook 7.
Does not know: wfnb.
Holds: cells are run through commands, not through menus or clicks, which would depend on layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.labserver import LabServer

_IDLE = (
    "() => window.jupyterapp?.shell.currentWidget?.sessionContext"
    "?.session?.kernel?.status === 'idle'"
)
_RUN = """async ([index, wait]) => {
    const app = window.jupyterapp;
    app.shell.currentWidget.content.activeCellIndex = index;
    const done = app.commands.execute('notebook:run-cell');
    if (wait) await done;
}"""
_OUTPUTS = """index => window.jupyterapp.shell.currentWidget.content.widgets[index]
    .model.outputs.toJSON()"""


class LabPage:
    """One notebook, opened in a browser.

    Attributes:
        console: what the page has logged: "error: …", "warning: …", "pageerror: …".
    """

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page, self.server = page, server
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"pageerror: {error}"))

    def open(self, name: str, cells: Sequence[str]) -> None:
        """Write a notebook of code cells, and open it with a fresh kernel."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        notebook.cells = [
            nbformat.v4.new_code_cell(text, id=f"cell-{number}")
            for number, text in enumerate(cells)
        ]
        nbformat.write(notebook, self.server.notebooks / name)
        self.visit(name)

    def visit(self, name: str) -> None:
        """Open a notebook that is there; a kernel it has stays its kernel."""
        where = "lab/tree" if self.server.app == "lab" else "notebooks"
        self.page.goto(f"{self.server.url}/{where}/{name}?reset&token={self.server.token}")
        self.page.wait_for_function(_IDLE, timeout=60_000)

    def run(self, *indices: int) -> None:
        """Run cells one after the other, each to its end."""
        for index in indices:
            self.page.evaluate(_RUN, [index, True])

    def start(self, index: int) -> None:
        """Run a cell without waiting for its end."""
        self.page.evaluate(_RUN, [index, False])

    def write(self, index: int, text: str) -> None:
        """Put other text into a cell."""
        self.page.evaluate(
            """([index, text]) => window.jupyterapp.shell.currentWidget.content
                .widgets[index].model.sharedModel.setSource(text)""",
            [index, text],
        )

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs of a cell as a notebook file would hold them."""
        found: list[dict[str, Any]] = self.page.evaluate(_OUTPUTS, index)
        return found

    def output(self, index: int) -> Locator:
        """Where the outputs of a cell are in the page."""
        return self.page.locator(".jp-Cell").nth(index).locator(".jp-Cell-outputArea")

    def wait_idle(self) -> None:
        """Until the kernel has nothing to do."""
        self.page.wait_for_function(_IDLE, timeout=60_000)

    def use_theme(self, name: str) -> None:
        """Switch to "JupyterLab Dark" or "JupyterLab Light"."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        is_light = "true" if "Light" in name else "false"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)

    def errors(self) -> list[str]:
        """What was logged that should not be."""
        grave = [one for one in self.console if re.match("error|pageerror", one)]
        return [one for one in grave if "favicon" not in one]
