"""Commands of the JupyterLab extension: in the palette, the menu, on cells, and by keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.gallery import CELLS, THUMB
from tests.browser.lab import LabPage

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "labextension" / "schema" / "settings.json").read_text())
COMMANDS = {
    "check-rules",
    "clear-cell",
    "clear-memo",
    "find-users",
    "go-to-maker",
    "cancel",
    "open-panel",
    "run-dependants",
    "show-graph",
    "why-rerun",
}


def test_offers_its_commands_where_the_kernel_has_rules(lab: LabPage) -> None:
    """Disabled, and not on cells, until it has; keys that nobody else has."""
    lab.open("commands.ipynb", CELLS)
    assert _enabled(lab) == {"open-panel"}
    lab.activate(2)
    expect(lab.page.locator(".jp-cell-toolbar")).to_be_visible()
    expect(_cell_buttons(lab)).to_have_count(0)

    lab.run(0, 1, 2)
    expect(lab.page.locator(".wfnb-status")).to_be_visible()
    assert _enabled(lab) == COMMANDS
    lab.activate(2)
    expect(_cell_buttons(lab)).to_have_count(2)

    lab.command("apputils:activate-command-palette")
    palette = lab.page.locator(".lm-CommandPalette")
    lab.page.keyboard.type("Rules (wfnb)")
    expect(palette.locator(".lm-CommandPalette-item")).to_have_count(len(COMMANDS))
    lab.page.keyboard.press("Escape")
    lab.page.locator(".lm-MenuBar-item", has_text="Kernel").click()
    lab.page.locator(".lm-Menu-item", has_text="Rules (wfnb)").hover()
    last = lab.page.locator(".lm-Menu").last.locator(".lm-Menu-item[data-type='command']")
    expect(last).to_have_count(len(COMMANDS))
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("Escape")

    assert _clashes(lab) == []
    lab.restart()
    expect(lab.page.locator(".wfnb-status")).not_to_be_visible()
    assert _enabled(lab) == {"open-panel"}
    assert (lab.errors(), lab.reached) == ([], [])


def test_goes_to_makers_and_finds_users_of_a_type(lab: LabPage) -> None:
    """Of the type at the cursor, by keys; where there are several places, they are listed."""
    lab.open("types.ipynb", CELLS)
    lab.run(0, 1, 2, 3)
    side = lab.page.locator(".wfnb-side")
    expect(lab.page.locator(".wfnb-status")).to_have_text("2 rules")

    lab.activate(3, line=3, column=len("    thumbs = await MultiGet(Get(Th"))
    _press(lab, "m")
    expect(lab.cell(2).locator(".cm-content")).to_be_focused()
    lab.expect_cursor(2, 2)

    lab.activate(1, line=8, column=8)
    _press(lab, "u")
    answer = side.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("Who uses Thumb?")
    expect(answer.locator("li")).to_have_text(
        ["asks for make_gallery(folder: Folder) → GalleryIn [4], line 4"]
    )
    answer.locator("li button").click()
    expect(lab.cell(3).locator(".cm-content")).to_be_focused()
    lab.expect_cursor(3, 3)

    lab.activate(1, line=1, column=8)
    _press(lab, "m")
    expect(answer).to_contain_text("no rule makes Folder: it is passed with a request")
    lab.activate(0, line=1, column=8)
    _press(lab, "m")
    expect(answer).to_contain_text("time is no type that rules know")
    answer.get_by_role("button", name="Close").click()
    expect(answer).not_to_be_visible()
    assert (lab.errors(), lab.reached) == ([], [])


def test_runs_what_depends_on_changed_cells(lab: LabPage) -> None:
    """Those cells and no others, in their order; tells why; forgets."""
    other = "request(Thumb, Photo('z')).text"
    lab.open("again.ipynb", [*CELLS, "1 + 1", other, "len('x')"])
    lab.run(0, 1, 2, 3, 4, 5, 6)
    side = lab.page.locator(".wfnb-side")
    before = _numbers(lab)
    lab.command("wfnb:run-dependants")
    expect(side).to_contain_text("0 cells asked for what has changed since")
    assert _numbers(lab) == before

    lab.write(2, THUMB.replace("photo.name", "photo.name * 2"))
    lab.run(2)
    lab.activate(2)
    lab.command("wfnb:why-rerun")
    answer = side.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("make_thumb(Photo('a')) will run")
    expect(answer).to_contain_text("has changed, by In [8]")

    _cell_buttons(lab).last.click()
    expect(lab.output(6)).to_contain_text("'zz'")
    lab.wait_idle()
    now = _numbers(lab)
    assert [number for number, was in zip(now, before, strict=True) if number != was] == [8, 9, 10]
    assert now[4] == 9
    lab.activate(2)
    _cell_buttons(lab).first.click()
    expect(answer).to_contain_text("make_thumb(Photo('a')) ran again")

    lab.command("wfnb:clear-cell")
    expect(lab.page.locator(".jp-toastContainer")).to_contain_text(
        "4 tasks will run again when asked for, 1 other will be checked"
    )
    lab.command("wfnb:clear-memo")
    expect(side.get_by_role("region", name="Rules", exact=True)).to_contain_text("1 to redo")
    lab.command("wfnb:run-dependants")
    lab.wait_idle()
    expect(side.get_by_role("region", name="Rules", exact=True)).not_to_contain_text("to redo")
    lab.command("wfnb:cancel")
    expect(lab.page.locator(".jp-toastContainer")).to_contain_text("No request runs.")
    assert (lab.errors(), lab.reached) == ([], [])


def _press(lab: LabPage, key: str) -> None:
    lab.page.keyboard.press("Alt+r")
    lab.page.keyboard.press(key)


def _cell_buttons(lab: LabPage) -> Any:
    return lab.page.locator(".jp-cell-toolbar [data-jp-item-name^='wfnb-']:visible")


def _enabled(lab: LabPage) -> set[str]:
    """Our commands that can be executed now."""
    found: list[str] = lab.page.evaluate(
        """() => { const { commands } = window.jupyterapp; return commands.listCommands()
            .filter(id => id.startsWith('wfnb:') && commands.isEnabled(id)); }"""
    )
    return {one.removeprefix("wfnb:") for one in found}


def _numbers(lab: LabPage) -> list[int]:
    """The execution counts of all cells."""
    found: list[int] = lab.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .map(one => one.model.executionCount ?? 0)"""
    )
    return found


def _clashes(lab: LabPage) -> list[Any]:
    """Bindings of others that one of ours hides, or that hide one of ours."""
    bindings: list[dict[str, Any]] = lab.page.evaluate(
        """() => window.jupyterapp.commands.keyBindings
            .map(one => ({ command: one.command, keys: [...one.keys] }))"""
    )
    ours = [one for one in bindings if one["command"].startswith("wfnb:")]
    assert len(ours) == len(SCHEMA["jupyter.lab.shortcuts"])
    assert len({tuple(one["keys"]) for one in ours}) == len(ours)

    def hides(one: list[str], other: list[str]) -> bool:
        short = min(len(one), len(other))
        return one[:short] == other[:short]

    others = [one for one in bindings if not one["command"].startswith("wfnb:")]
    assert len(others) > 50
    return [(a, b) for a in ours for b in others if hides(a["keys"], b["keys"])]
