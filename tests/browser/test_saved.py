"""Views of saved notebooks, in a real JupyterLab without the kernel that showed them."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from playwright.sync_api import expect

from tests.browser.access import findings
from tests.browser.gallery import BROKEN, CELLS
from tests.browser.lab import LabPage

LIVE = ".jp-OutputArea .jupyter-widgets"
NOTE = "As it was when the cell ran."
EVIL = "<img src=x onerror=\"document.title='evil'\"><script>document.title='evil'</script>"


def test_shows_views_when_the_kernel_has_gone(lab: LabPage) -> None:
    """Live while the kernel lives, over a reload, too; then from what the notebook keeps."""
    lab.open("saved.ipynb", [*CELLS[:4], BROKEN, "%wf check", "%wf graph Thumb"])
    lab.run(0, 1, 2, 3, 4, 5, 6)
    check, graph = lab.output(5), lab.output(6)
    expect(check.locator(".wfnb-problems h2")).to_contain_text("1 error")
    expect(check.get_by_text(NOTE)).to_have_count(0)
    expect(graph.locator(".wfnb-graph:visible")).to_have_count(1)
    expect(graph.get_by_text(NOTE)).not_to_be_visible()
    lab.save()

    lab.visit("saved.ipynb")  # the kernel still has the models
    expect(check.locator(".wfnb-problems h2")).to_contain_text("1 error")
    expect(check.get_by_text(NOTE)).to_have_count(0)
    expect(graph.get_by_text(NOTE)).not_to_be_visible()
    lab.write(4, "del measure")
    lab.run(4)
    expect(check.locator(".wfnb-problems h2")).not_to_contain_text("error")  # it lives

    lab.restart()
    expect(check.get_by_text(NOTE)).to_be_visible()
    expect(check.locator(".wfnb-problems h2")).to_contain_text("1 error")

    lab.page.goto("about:blank")
    lab.server.end_kernels()
    lab.console.clear()
    lab.visit("saved.ipynb")
    expect(check.locator(".wfnb-problems h2")).to_contain_text("1 error")
    expect(check.get_by_text(NOTE)).to_be_visible()
    expect(graph.locator(".wfnb-graph")).to_be_visible()
    expect(graph.locator(".wfnb-part")).to_contain_text("What concerns Thumb")
    expect(graph.get_by_text("Error displaying widget")).not_to_be_visible()
    assert findings(lab.page, ".wfnb-saved .wfnb-view") == []
    # ipywidgets itself logs that the model of the graph's live view has gone
    assert [one for one in lab.errors() if "model not found" not in one] == []
    assert lab.reached == []


def test_shows_nothing_but_text_of_what_a_notebook_holds(lab: LabPage) -> None:
    """In a notebook that is not trusted, whoever wrote it; what makes no sense is left as text."""
    problem = {
        **{"code": EVIL, "severity": "error", "message": EVIL, "place": "In [1], line 1"},
        **{"reasons": [EVIL], "fix": EVIL, "source": EVIL},
    }
    good = {"problems": [problem], "nodes": {}, "edges": {}}
    box = {"node": 0, "at": [50, 20, 80, 40], "outline": EVIL, "padding": 4, "name": EVIL}
    node = {"id": "a", "kind": EVIL, "word": EVIL, "name": EVIL, "doc": EVIL}
    picture = {"direction": "down", "width": 100, "height": 50, "boxes": [box], "edges": []}
    data = {"v": 1, "title": EVIL, "text": EVIL, "problems": [], "focus": [], "first": "rules"}
    data = {**data, "nodes": [node], "pictures": {"rules": picture}}
    outputs = [
        _output("problems", {"version": 1, "snapshot": _snapshot(good)}),
        _output("graph", {"version": 1, "snapshot": _snapshot(good), "data": data}),
        _output(
            "problems", {"version": 1, "snapshot": _snapshot({"problems": [None, {"a": 1}, 7]})}
        ),
        *[_output("problems", kept) for kept in (None, 7, {}, {"version": 1, "snapshot": "x"})],
        _output("problems", {"version": 1, "snapshot": _snapshot({"nodes": {"a": None}})}),
        _output("__proto__", {"version": 1, "snapshot": _snapshot(good)}),
        _output("graph", {"version": 1, "snapshot": _snapshot(good), "data": {"v": 1, "nodes": 7}}),
        _output(EVIL, {"version": 1, "snapshot": _snapshot(good)}),
    ]
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell("1", id=f"cell-{n}", outputs=[one], execution_count=1)
        for n, one in enumerate(outputs)
    ]
    nbformat.write(notebook, lab.server.notebooks / "evil.ipynb")
    lab.visit("evil.ipynb")

    expect(lab.output(0)).to_contain_text(f"error {EVIL}")
    expect(lab.output(1).locator(".wfnb-graph")).to_contain_text(EVIL)
    expect(lab.output(2)).to_contain_text("There are no rules yet")
    for index in (3, 4, 5, 6, 8, 10):
        expect(lab.output(index).locator("pre")).to_have_text("its text")
    assert lab.page.locator(".jp-OutputArea img, .jp-OutputArea script").count() == 0
    assert "evil" not in lab.page.title().replace("evil.ipynb", "")
    assert (lab.errors(), lab.reached) == ([], [])


def _snapshot(state: object) -> dict[str, Any]:
    return {"v": 1, "kind": "snapshot", "seq": 0, "began_at_s": 0, "state": state}


def _output(view: str, kept: object) -> Any:
    data = {
        "text/plain": "its text",
        "application/vnd.wfnb.view+json": {"version": 1, "view": view},
    }
    widget = {"version_major": 2, "version_minor": 0, "model_id": "gone"}
    data["application/vnd.jupyter.widget-view+json"] = widget
    metadata = json.loads(json.dumps({"wfnb": kept}))
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)
