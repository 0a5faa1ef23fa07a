"""The extension in every JupyterLab that people have: `python3 tests/browser/labs.py`.

    python3 tests/browser/labs.py                  each pair in VERSIONS
    python3 tests/browser/labs.py 4.4 4.6+7.1      JupyterLab 4.4, and 4.6 with ipykernel 7.1
    python3 tests/browser/labs.py -- -k two        each, with options of pytest

Makes a throw-away environment per version, with the Notebook 7 that belongs to it, so it needs a
package index, Chromium, and some six minutes each. The ordinary tests run the same files in the
one JupyterLab that is installed.

Exits with 0 only when all tests passed in all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.matrix import run_matrix

VERSIONS = ("4.4", "4.5", "4.6", "4.6+6.29", "4.6+7.1", "4.6+7.2")
_PACKAGES = [
    "anywidget>=0.9.13,<1",
    "axe-playwright-python>=0.1.4",
    "hypothesis>=6.100",
    "ipywidgets>=8.1,<9",
    "jupyterlab-widgets>=3",
    "nbconvert>=7.16",
    "networkx>=3,<4",
    "pillow>=11",
    "playwright>=1.50",
    "pytest-timeout>=2.3",
    "pytest>=9",
]
_TESTS = [
    "tests/browser/test_commands.py",
    "tests/browser/test_editing.py",
    "tests/browser/test_extension.py",
    "tests/browser/test_notebook7.py",
    "tests/browser/test_progress_in_notebooks.py",
    "tests/browser/test_saved.py",
    "tests/browser/test_side.py",
]


def packages(version: str) -> list[str]:
    """What an environment with that JupyterLab, and perhaps that kernel, has."""
    lab, _, kernel = version.partition("+")
    notebook = f"7.{lab.partition('.')[2]}"  # Notebook 7.4 is made of JupyterLab 4.4
    pins = [f"jupyterlab=={lab}.*", f"notebook=={notebook}.*"]
    return [*pins, *([f"ipykernel=={kernel}.*"] if kernel else []), *_PACKAGES]


if __name__ == "__main__":
    try:
        sys.exit(run_matrix(__doc__ or "", sys.argv[1:], VERSIONS, packages, _TESTS))
    except KeyboardInterrupt:
        sys.exit(130)
