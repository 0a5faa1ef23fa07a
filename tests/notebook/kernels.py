"""The kernel tests against every kernel that people have: `python3 tests/notebook/kernels.py`.

    python3 tests/notebook/kernels.py             each minor version of ipykernel in VERSIONS
    python3 tests/notebook/kernels.py 6.29 7.3    these
    python3 tests/notebook/kernels.py -- -k stop  each, with options of pytest

Makes a throw-away environment per version, so it needs a package index and some minutes. The
ordinary tests run the same files against the one kernel that is installed.

Exits with 0 only when all tests passed on all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.matrix import run_matrix

VERSIONS = ("6.29", "7.0", "7.1", "7.2", "7.3", "7.4")
_PACKAGES = [
    "anywidget>=0.9.13,<1",
    "ipywidgets>=8.1,<9",
    "nbclient>=0.10",
    "nbval>=0.11",
    "networkx>=3,<4",
    "pytest-timeout>=2.3",
    "pytest>=9",
]
_TESTS = [
    "-m",
    "kernel",
    "tests/notebook/test_cancelling.py",
    "tests/notebook/test_kernel_cells.py",
    "tests/notebook/test_kernel_engine.py",
    "tests/notebook/test_kernel_interrupts.py",
    "tests/notebook/test_kernel_prints.py",
    "tests/notebook/test_kernel_questions.py",
    "tests/notebook/test_progress.py",
    "tests/notebook/test_class_kinds.py",
]


def packages(version: str) -> list[str]:
    """What an environment with that kernel has."""
    return [f"ipykernel=={version}.*", *_PACKAGES]


if __name__ == "__main__":
    try:
        sys.exit(run_matrix(__doc__ or "", sys.argv[1:], VERSIONS, packages, _TESTS))
    except KeyboardInterrupt:
        sys.exit(130)
