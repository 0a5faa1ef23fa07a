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
# What JupyterLab logs itself, without us: of a kernel that goes while its debugger is asked.
_OF_JUPYTER = ("favicon", "Could not restore the debugger state", "future for debug_request")
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
        reached: addresses that it has tried to reach beyond its server.
    """

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page, self.server = page, server
        self.console: list[str] = []
        self.reached: list[str] = []
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"pageerror: {error}"))

    def open(self, name: str, cells: Sequence[str]) -> None:
        """Write a notebook of code cells, and open it with a fresh kernel."""
        self.keep(name, cells)
        self.visit(name)

    def keep(self, name: str, cells: Sequence[str], ids: str = "cell") -> None:
        """Write a notebook of code cells."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        notebook.cells = [
            nbformat.v4.new_code_cell(text, id=f"{ids}-{number}")
            for number, text in enumerate(cells)
        ]
        nbformat.write(notebook, self.server.notebooks / name)

    def visit(self, name: str, *, is_busy: bool = False) -> None:
        """Open a notebook that is there; a kernel it has stays its kernel, busy or not."""
        where = "lab/tree" if self.server.app == "lab" else "notebooks"
        self.page.goto(f"{self.server.url}/{where}/{name}?reset&token={self.server.token}")
        if not is_busy:
            self.page.wait_for_function(_IDLE, timeout=60_000)

    def run(self, *indices: int) -> None:
        """Run cells one after the other, each to its end."""
        for index in indices:
            self.page.evaluate(_RUN, [index, True])

    def start(self, index: int) -> None:
        """Run a cell without waiting for its end."""
        self.page.evaluate(_RUN, [index, False])

    def restart(self, *, is_shared: bool = False) -> None:
        """Restart the kernel, and wait until it is back.

        Of one that is shared, JupyterLab hears no more than that it starts, until a cell runs.
        """
        self.page.evaluate(
            "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )
        if not is_shared:
            self.wait_idle()

    def command(self, name: str, /, **args: Any) -> None:
        """Execute a command, and wait until it is done."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, args]
        )

    def activate(self, index: int, line: int | None = None, column: int = 0) -> None:
        """Make a cell the active one; with a line, counted from 0, put the cursor there."""
        self.page.evaluate(
            """([index, line, column]) => {
                const { content } = window.jupyterapp.shell.currentWidget;
                content.activeCellIndex = index;
                if (line === null) return;
                content.mode = 'edit';
                content.activeCell.editor.focus();
                content.activeCell.editor.setCursorPosition({ line, column });
            }""",
            [index, line, column],
        )

    def expect_cursor(self, cell: int, line: int) -> None:
        """Until that cell is the active one, with its cursor in that line; both count from 0."""
        self.page.wait_for_function(
            """([cell, line]) => {
                const { content } = window.jupyterapp.shell.currentWidget;
                const editor = content.activeCell?.editor;
                return content.activeCellIndex === cell
                    && editor?.getCursorPosition().line === line;
            }""",
            arg=[cell, line],
            timeout=5_000,
        )

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

    def cell(self, index: int) -> Locator:
        """A cell of the notebook that is shown, as the cells are now."""
        self.page.evaluate(
            """() => {
                document.querySelectorAll('[data-at]').forEach(cell => delete cell.dataset.at);
                window.jupyterapp.shell.currentWidget.content.widgets
                    .forEach((cell, index) => { cell.node.dataset.at = index; });
            }"""
        )
        return self.page.locator(f'[data-at="{index}"]')

    def type_into(self, index: int, text: str, *, after: str) -> None:
        """Insert text into a cell, as if it were typed, after the first place with this text."""
        self.page.evaluate(
            """([index, text, after]) => {
                const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
                const view = cell.editor.editor;
                const from = view.state.doc.toString().indexOf(after) + after.length;
                view.dispatch({ changes: { from, insert: text }, userEvent: 'input.type' });
            }""",
            [index, text, after],
        )

    def do(self, command: str, index: int) -> None:
        """Execute a command on a cell."""
        self.page.evaluate(
            """([command, index]) => {
                const app = window.jupyterapp;
                app.shell.currentWidget.content.activeCellIndex = index;
                return app.commands.execute(command).then(() => undefined);
            }""",
            [command, index],
        )

    def split(self, index: int, first: str) -> None:
        """Split a cell behind its first part."""
        self.page.evaluate(
            """([index, first]) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = index;
                const editor = notebook.activeCell.editor;
                editor.setCursorPosition(editor.getPositionAt(first.length));
            }""",
            [index, first],
        )
        self.do("notebook:split-cell-at-cursor", index)

    def use_settings(self, plugin: str, **settings: object) -> None:
        """Have these settings of a plugin, and no others, from the next visit on."""
        self.page.evaluate(
            """([plugin, settings]) => window.jupyterapp.serviceManager.settings
                .save(plugin, JSON.stringify(settings)).then(() => undefined)""",
            [plugin, settings],
        )

    def scroll_to(self, index: int) -> None:
        """Go to a cell, and wait for it."""
        self.page.evaluate(
            """index => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = index;
                return notebook.scrollToItem(index, 'start').catch(() => undefined);
            }""",
            index,
        )
        expect(self.cell(index)).to_be_visible()

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")

    def saved(self) -> dict[str, Any]:
        """The notebook as it would be saved."""
        found: dict[str, Any] = self.page.evaluate(
            "window.jupyterapp.shell.currentWidget.content.model.toJSON()"
        )
        return found

    def open_beside(self, name: str) -> None:
        """Open another notebook with the kernel of the one that is shown."""
        self.page.evaluate(
            """async name => {
                const app = window.jupyterapp;
                const { id } = app.shell.currentWidget.sessionContext.session.kernel;
                await app.commands.execute('docmanager:open', { path: name, kernel: { id } });
            }""",
            name,
        )
        self.show(name)
        self.wait_idle()

    def show(self, name: str) -> None:
        """Go to the tab of a notebook that is open."""
        self.page.evaluate(
            """name => {
                const { shell } = window.jupyterapp;
                for (const one of shell.widgets('main')) {
                    if (one.context?.path === name) shell.activateById(one.id);
                }
            }""",
            name,
        )
        self.page.wait_for_function(
            "name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name
        )

    def close_tab(self, name: str) -> None:
        """Close a notebook, and leave its kernel."""
        self.page.evaluate(
            """name => {
                for (const one of window.jupyterapp.shell.widgets('main')) {
                    if (one.context?.path === name) one.dispose();
                }
            }""",
            name,
        )

    def change_kernel(self) -> None:
        """Give the notebook that is shown a kernel of its own."""
        self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.sessionContext
                .changeKernel({ name: 'python3' }).then(() => undefined)"""
        )
        self.wait_idle()

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
        return [one for one in grave if not any(other in one for other in _OF_JUPYTER)]
