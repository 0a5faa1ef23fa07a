"""The README's code runs as it stands and prints what the README says."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import pytest

from wfnb import set_current_engine
from wfnb.testing import RuleRunner

README = Path(__file__).parent.parent / "README.md"


def test_runs_the_code_of_its_readme(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each python block runs; each text block is what the block before it prints.

    A test in a block is run with its `rule_runner`.
    """
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8")
    namespace: dict[str, object] = {"__name__": "__main__"}
    set_current_engine(None)
    printed = ""
    compared = tested = 0
    try:
        for number, match in enumerate(re.finditer(r"```(\w+)\n(.*?)```", text, re.S)):
            kind, block = match.groups()
            if kind == "python":
                name = f"<readme {number}>"
                linecache.cache[name] = (len(block), None, block.splitlines(True), name)
                exec(compile(block, name, "exec"), namespace)
                for test in re.findall(r"^def (test_\w+)\(rule_runner\)", block, re.M):
                    folder = tmp_path / test
                    folder.mkdir()
                    namespace[test](RuleRunner(root=folder))  # type: ignore[operator]
                    tested += 1
                printed = capsys.readouterr().out
            elif kind == "text":
                assert printed == block
                compared += 1
    finally:
        set_current_engine(None)
    assert compared >= 2
    assert tested == 1
