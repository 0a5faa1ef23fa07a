"""axe-core on a view: what it finds that is serious.

Knows: axe-core. Does not know: views.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def findings(page: Page, within: str = ".wfnb-view") -> list[str]:
    """Serious and critical findings: rule, help and element, one line each."""
    results = Axe().run(page, context=within).response
    return [
        f"{found['id']}: {found['help']}: {node['html'][:120]}"
        for found in results["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
