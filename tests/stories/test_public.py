"""The names of the package: all of them for a star, none of them imported too early."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import wfnb

ROOT = Path(__file__).resolve().parents[2]


def test_gives_every_public_name_to_a_star_import() -> None:
    """Those of files and processes, too; they are imported when first named."""
    names: dict[str, object] = {}
    exec("from wfnb import *", names)

    assert {"Process", "Digest", "PathGlobs", "DownloadFile", "rule"} <= names.keys()
    assert set(wfnb._LATE) <= set(wfnb.__all__)
    assert len(set(wfnb.__all__)) == len(wfnb.__all__)


def test_imports_files_and_processes_when_they_are_first_named() -> None:
    """Importing wfnb stays light, whatever a star would give."""
    code = (
        "import sys, wfnb\n"
        "print([n for n in ('files', 'processes') if f'wfnb.intrinsics.{n}' in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("function", [wfnb.request, wfnb.arequest, wfnb.run])
def test_documents_what_everybody_asks_with(function: object) -> None:
    """`request?` is the first thing a newcomer types: how it is called, and what it raises."""
    text = inspect.getdoc(function) or ""
    name = function.__name__  # type: ignore[attr-defined]

    assert f"{name}(" in text.partition("\n")[0]
    assert "Raises:" in text
    assert max(map(len, text.splitlines())) <= 100
