"""The README's code runs as it stands and prints what the README says."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import pytest

from wfnb import set_current_engine

README = Path(__file__).parent.parent / "README.md"


def test_runs_the_code_of_its_readme(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each python block runs; each text block is what the block before it prints."""
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8")
    namespace: dict[str, object] = {"__name__": "__main__"}
    set_current_engine(None)
    printed = ""
    compared = 0
    try:
        for number, match in enumerate(re.finditer(r"```(\w+)\n(.*?)```", text, re.S)):
            kind, block = match.groups()
            if kind == "python":
                name = f"<readme {number}>"
                linecache.cache[name] = (len(block), None, block.splitlines(True), name)
                exec(compile(block, name, "exec"), namespace)
                printed = capsys.readouterr().out
            elif kind == "text":
                assert printed == block
                compared += 1
    finally:
        set_current_engine(None)
    assert compared >= 2
