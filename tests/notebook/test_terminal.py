"""Progress in a terminal's IPython, on a pseudo-terminal; and none where there is no terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.notebook.kernel import ROOT
from wfnb.events.kinds import MultiGetMoved
from wfnb.events.state import Lane, RequestState, RuleCounts
from wfnb.widgets.terminal import _lines, summary

pexpect = pytest.importorskip("pexpect")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="has no such terminal")]

RULES = """
%load_ext wfnb
import time
from dataclasses import dataclass
from wfnb import *

@dataclass(frozen=True)
class Item:
    n: int
    s: float

@dataclass(frozen=True)
class Made:
    n: int

@dataclass(frozen=True)
class Basket:
    total: int

@rule
def make(item: Item) -> Made:
    time.sleep(item.s)
    if item.n % 10 == 5:
        print("printed", item.n)
    return Made(item.n)

@rule
async def fill(item: Item) -> Basket:
    made = await MultiGet(Get(Made, Item, Item(n, item.s)) for n in range(item.n))
    return Basket(len(made))
"""
# What is drawn; it may come between the parts of what is printed, and leaves the cursor there.
_DRAWN = re.compile(r"\x1b\[J(?:\x1bD)+\x1b\[\d+A\x1b7.*?\x1b8", re.DOTALL)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[78D=>]|\r")


def _environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join(one for one in (str(ROOT), os.environ.get("PYTHONPATH", "")) if one)
    home = {"IPYTHONDIR": str(folder), "HOME": str(folder), "TERM": "xterm-256color"}
    return {**os.environ, **home, "PYTHONPATH": path}


def _command(folder: Path, *options: str) -> list[str]:
    (folder / "rules.ipy").write_text(RULES)
    options = ("--no-banner", "--no-confirm-exit", "--colors=nocolor", "--simple-prompt", *options)
    return [sys.executable, "-m", "IPython", *options]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Any]:
    """An IPython that has the rules."""
    command, *arguments = _command(tmp_path)
    found = pexpect.spawn(
        command,
        arguments,
        env=_environment(tmp_path),
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=30,
        dimensions=(30, 100),
    )
    found.expect(r"In \[1\]: ")
    found.sendline("%run -i rules.ipy")
    found.expect(r"In \[2\]: ")
    yield found
    found.close(force=True)


def _run(terminal: Any, line: str) -> str:
    """What comes until the next prompt, as it was sent to the terminal."""
    terminal.sendline(line)
    terminal.expect(r"In \[\d+\]: ")
    return str(terminal.before)


def test_shows_a_slow_request_and_leaves_one_line(terminal: Any) -> None:
    """Below what rules print, which is all there; the lines go, how it went stays."""
    raw = _run(terminal, "request(Basket, Item(200, 0.3))")

    text = _ESCAPE.sub("", raw)
    assert "Basket: running for " in text
    assert "fill(Item(200, 0.3))" in text
    assert "▶ make(Item(" in text
    assert re.search(r"\d+ done, .*\d+ waiting of 200", text)
    assert re.search(r"Basket: 201 ran, 0 reused, 0 failed in \d\.\d s\n", text)
    assert "Basket(total=200)" in text
    left = _ESCAPE.sub("", _DRAWN.sub("", raw))
    assert "running" not in left
    printed = [int(one) for one in re.findall(r"printed (\d+)\n", left)]
    assert printed == list(range(5, 200, 10))
    assert raw.rindex("\x1b[J") < raw.rindex("Basket: 201 ran")
    assert "2" in _run(terminal, "1 + 1")


def test_shows_nothing_for_short_requests(terminal: Any) -> None:
    """Nor where it is turned off."""
    assert "running for" not in _run(terminal, "request(Basket, Item(3, 0.05))")

    _run(terminal, "current_engine().settings.progress_after = None")
    assert "running for" not in _run(terminal, "request(Basket, Item(3, 0.7))")


def test_says_that_it_was_interrupted(terminal: Any) -> None:
    """By Ctrl-C; the terminal is as it was."""
    terminal.sendline("request(Basket, Item(9, 20.0))")
    terminal.expect("running for")
    terminal.sendintr()
    terminal.expect(r"In \[\d+\]: ")

    text = _ESCAPE.sub("", str(terminal.before))
    assert "RequestInterrupted" in text
    assert re.search(r"Basket: 0 ran, 0 reused, 0 failed in \d\.\d s; interrupted\n", text)
    assert "2" in _run(terminal, "1 + 1")


def test_shows_nothing_where_there_is_no_terminal(tmp_path: Path) -> None:
    """In a pipe, not a byte of it."""
    code = (
        "get_ipython().run_line_magic('run', '-i rules.ipy')\nprint(request(Basket, Item(3, 1.0)))"
    )
    run = subprocess.run(
        _command(tmp_path, "-c", code),
        env=_environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == "Basket(total=3)"
    assert run.stderr == ""


def test_lets_no_control_character_of_a_name_through() -> None:
    """Whatever a name contains, it moves no cursor."""
    bad = "\x1b[2J\n\r[red]x[/red]"
    request = RequestState(
        1,
        bad,
        (),
        is_goal=False,
        started_s=0.0,
        multigets=(MultiGetMoved(1, 0, bad, bad, 3, 1, 0, 0, 1, 1, False),),
        lanes=(Lane(0, bad, bad, 0.0),),
    )

    lines = _lines(request, 1.0)

    assert len(lines) == 3
    assert all("\x1b[2J" not in one for one in lines)
    assert all("[red]x[/red]" in one for one in lines)
    assert summary(request).startswith(bad)


def test_sums_up_what_became_of_tasks() -> None:
    """What was kept, or came from disk, only where there was any."""
    request = RequestState(1, "Album", (), is_goal=False, started_s=1.0, outcome="answered")
    request = replace(request, ended_s=3.0, rules={"r": RuleCounts(1200, 0, 1)})
    assert summary(request) == "Album: 1,200 ran, 0 reused, 1 failed in 2.0 s"

    request = replace(request, rules={"r": RuleCounts(1, 2, 0, (), 3), "s": RuleCounts(0, 2)})
    assert summary(request) == "Album: 1 ran, 4 kept, 3 from disk, 0 reused, 0 failed in 2.0 s"
