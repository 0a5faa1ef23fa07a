"""The JupyterLab extension, in a real JupyterLab."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.lab import LabPage

LOAD = "%load_ext wfnb\nfrom dataclasses import dataclass\nfrom wfnb import *"
TYPES = """@dataclass(frozen=True)
class Photo:
    name: str

@dataclass(frozen=True)
class Size:
    px: int

@dataclass(frozen=True)
class Thumb:
    name: str"""
RESIZE = """@rule
async def resize(photo: Photo) -> Thumb:
    size = await Get(Size)
    return Thumb(photo.name)"""


def test_shows_the_state_of_the_kernel_in_the_status_bar(lab: LabPage) -> None:
    """Nothing before wfnb is loaded, after it is unloaded, and after the kernel is restarted."""
    lab.open("status.ipynb", [LOAD, TYPES, RESIZE, "%unload_ext wfnb", "1 + 1"])
    status = lab.page.locator(".wfnb-status")
    lab.run(4)
    expect(status).not_to_be_visible()

    lab.run(0, 1, 2)
    expect(status).to_have_text("1 rule")
    lab.run(3)
    expect(status).not_to_be_visible()
    lab.run(0)
    expect(status).to_have_text("1 rule")
    lab.restart()
    expect(status).not_to_be_visible()
    lab.run(0, 1, 2)
    expect(status).to_have_text("1 rule")
    lab.visit("status.ipynb")
    expect(status).to_have_text("1 rule")

    assert (lab.errors(), lab.reached) == ([], [])
