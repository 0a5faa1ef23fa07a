"""Fixtures: one Chromium, one server per application, a page per test.

Knows: where Chromium is, where pictures of failed tests go (tests/_screenshots, not committed).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)

from tests.browser.bare import BarePage
from tests.browser.lab import LabPage
from tests.browser.labserver import LabServer

SCREENSHOTS = Path(__file__).resolve().parents[1] / "_screenshots"
VIEWPORT: ViewportSize = {"width": 1400, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them take longer than a quarter of a second."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Have fixtures know how their test went."""
    report: Any = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


def chromium() -> str:
    """Debian's Chromium, or the one that $WFNB_CHROMIUM names."""
    path = os.environ.get("WFNB_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("there is no chromium: apt-get install chromium, or name it in WFNB_CHROMIUM")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A JupyterLab for all tests."""
    server = LabServer(tmp_path_factory.mktemp("lab"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A Notebook 7 for all tests."""
    server = LabServer(tmp_path_factory.mktemp("notebook7"), "notebook")
    yield server
    server.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page; its picture is kept under the name of a test that failed."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    if page.url != "about:blank":
        _keep_picture(page, request)
    context.close()


@pytest.fixture(scope="session")
def lab_context(browser: Browser) -> Iterator[BrowserContext]:
    """Where JupyterLab is read once: pages of their own share its scripts, compiled."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture
def lab_page(lab_context: BrowserContext) -> Iterator[Page]:
    """An empty page for JupyterLab or Notebook 7."""
    page = lab_context.new_page()
    page.set_default_timeout(20_000)
    yield page
    page.close()


def _keep_picture(page: Page, request: pytest.FixtureRequest) -> None:
    """Of a test that failed."""
    if request.node.stash.get(_FAILED, False):
        SCREENSHOTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        page.screenshot(path=SCREENSHOTS / f"failed-{name}.png")


@pytest.fixture
def bare(page: Page) -> BarePage:
    """A page for one view, without a kernel."""
    return BarePage(page)


@pytest.fixture
def lab(lab_page: Page, lab_server: LabServer, request: pytest.FixtureRequest) -> Iterator[LabPage]:
    """A page for a notebook in JupyterLab; it can reach nothing but the server."""
    yield from _notebook(lab_page, lab_server, request)


@pytest.fixture
def notebook7(
    lab_page: Page, notebook_server: LabServer, request: pytest.FixtureRequest
) -> Iterator[LabPage]:
    """A page for a notebook in Notebook 7."""
    yield from _notebook(lab_page, notebook_server, request)


def _notebook(page: Page, server: LabServer, request: pytest.FixtureRequest) -> Iterator[LabPage]:
    lab = LabPage(page, server)

    def note(request: Request) -> None:
        if not request.url.startswith((server.url, "data:", "blob:")):
            lab.reached.append(request.url)

    page.on("request", note)  # to catch it with `route` would keep the browser from caching
    yield lab
    _keep_picture(page, request)
    page.goto("about:blank")
    server.end_kernels()
