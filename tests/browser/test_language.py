"""JupyterLab in another language: our views in it speak that one, too."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.gallery import BROKEN, CELLS
from tests.browser.lab import LabPage

CATALOGUE = {
    "": {"domain": "wfnb", "language": "de", "plural_forms": "nplurals=2; plural=(n != 1);"},
    "%1 note": ["%1 Anmerkung", "%1 Anmerkungen"],
    "%1 error": ["%1 Fehler in den Regeln", "%1 Fehler in den Regeln"],
    "error": ["Fehler"],
    "Rule graph": ["Regelgraph"],
    "Show all of it": ["Alles zeigen"],
}


def test_speaks_the_language_of_jupyterlab(lab: LabPage) -> None:
    """The side panel's views and the squiggles take a language pack; what it lacks is English."""
    lab.page.route(
        "**/lab/api/translations/**",
        lambda route: route.fulfill(json={"data": {"wfnb": CATALOGUE}, "message": ""}),
    )
    lab.open("words.ipynb", [*CELLS, BROKEN])
    side = lab.page.locator(".wfnb-side")
    lab.command("wfnb:open-panel")
    lab.run(0, 1, 2, 3)
    expect(side.locator(".wfnb-problems h2")).to_have_text("1 Anmerkung")

    lab.run(5)

    expect(side.locator(".wfnb-problems h2")).to_contain_text("1 Fehler in den Regeln")
    expect(side.locator(".wfnb-severity").first).to_have_text(re.compile("^Fehler WF"))
    lab.command("wfnb:show-graph")
    graph = side.locator(".wfnb-graph")
    expect(graph).to_have_attribute("aria-label", "Regelgraph")
    expect(graph.get_by_role("button", name="Alles zeigen")).to_have_text("Fit")
    lab.page.locator(".cm-lintRange-error").first.hover()
    expect(lab.page.locator(".wfnb-squiggle-code")).to_have_text(re.compile("^Fehler WF"))
    assert lab.errors() == []
