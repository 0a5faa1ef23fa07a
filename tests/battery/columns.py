"""The columns of the battery: starts the processes, and judges what they found.

Knows: edits, the two scripts `cells.py` and `peers.py`, what is right.
Does not know: how a tool is asked; how the table is drawn.
Holds: what an edit changes is read off two processes that had nothing to remember.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.battery.edits import EDITS, Edit

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
OK, MISS, NEEDLESS, NONE = "ok", "MISS", "needless", "n/a"
INSTALLED_AS = {
    "marimo": "marimo",
    "Hamilton": "apache-hamilton",
    "joblib": "joblib",
    "Streamlit": "streamlit",
    "Dask": "dask",
}


class NotThere(Exception):
    """A tool, or what a column needs, is not installed."""


@dataclass(frozen=True)
class Column:
    """How one tool fared.

    Attributes:
        title: the tool and its version.
        outcomes: by edit, one of the four above.
        details: by edit, why it is not ok.
    """

    title: str
    outcomes: Mapping[str, str]
    details: Mapping[str, str]

    def count(self, outcome: str) -> int:
        """How many edits came out so."""
        return sum(found == outcome for found in self.outcomes.values())


# ------------------------------------------------------------------------------------- wfnb


@dataclass(frozen=True)
class Findings:
    """What `cells.py` found in three processes, by edit and form of the rule."""

    kernel: Mapping[str, Mapping[str, Any]]
    before: Mapping[str, Mapping[str, Any]]
    after: Mapping[str, Mapping[str, Any]]

    def within(self, edit: Edit, form: str) -> tuple[str, str]:
        """Whether one kernel did right: an outcome, and why it is not ok."""
        found = self.kernel[edit.name][form]
        before, after = self.before[edit.name][form], self.after[edit.name][form]
        for part in (found, before, after):
            if "error" in part:
                return NONE, part["error"]
        said = f"{found['first']}, then {found['second']}; from scratch {after['value']}"
        if found["first"] != before["value"] or found["second"] != after["value"]:
            return MISS, f"{form}: {said}"
        if found["runs"] != int(edit.differs):
            return NEEDLESS if found["runs"] else MISS, f"{form}: ran {found['runs']} times; {said}"
        return OK, ""

    def across(self, edit: Edit, form: str) -> tuple[str, str]:
        """Whether another process would do right: an outcome, and why it is not ok."""
        before, after = self.before[edit.name][form], self.after[edit.name][form]
        for part in (before, after):
            if "error" in part:
                return NONE, part["error"]
        if (before["digest"] != after["digest"]) == edit.differs:
            return OK, ""
        return (MISS, f"{form}: one digest") if edit.differs else (NEEDLESS, f"{form}: two digests")

    def columns(self, python: str) -> list[Column]:
        """The two columns of wfnb; of the two forms of a rule, the worse counts."""
        made = []
        for title, judge in (
            ("wfnb, one kernel", self.within),
            ("wfnb, two processes", self.across),
        ):
            outcomes, details = {}, {}
            for edit in EDITS:
                found = [judge(edit, form) for form in self.kernel[edit.name]]
                outcome, detail = next((each for each in found if each[0] != OK), (OK, ""))
                outcomes[edit.name] = outcome
                if detail:
                    details[edit.name] = detail
            made.append(Column(f"{title}, {python}", outcomes, details))
        return made


def ask_wfnb(python: str) -> Findings:
    """Have a Python go through the battery in three processes.

    Raises:
        NotThere: that Python cannot run it.
    """

    def found(phase: str, seed: str) -> Any:
        command = [python, str(FOLDER / "cells.py"), phase]
        return _last_line(command, seed, {"PYTHONPATH": str(ROOT)})

    with ThreadPoolExecutor(2) as pool:
        kernel = pool.submit(found, "kernel", "3")
        before = pool.submit(found, "before", "1")
        after = pool.submit(found, "after", "2")
        return Findings(kernel.result(), before.result(), after.result())


# -------------------------------------------------------------------------------- the others


def ask_peer(tool: str, python: str) -> Column:
    """Have a Python go through the battery with a tool, in two processes.

    Raises:
        NotThere: that Python has no such tool.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = [
            _last_line(
                [python, str(FOLDER / "peers.py"), tool, phase, folder], seed, {"HOME": folder}
            )
            for phase, seed in (("before", "1"), ("after", "2"))
        ]
    if found[0]["version"] is None:
        raise NotThere(f"{tool} is not installed: {python} -m pip install {INSTALLED_AS[tool]}")
    before, after = found[0]["found"], found[1]["found"]
    outcomes, details = {}, {}
    for edit in EDITS:
        one, other = before[edit.name], after[edit.name]
        error = one.get("error") or other.get("error")
        if error:
            outcomes[edit.name], details[edit.name] = NONE, error
            continue
        would_run = other.get("ran", False) or one.get("key") != other.get("key")
        right = would_run == edit.differs
        outcomes[edit.name] = OK if right else MISS if edit.differs else NEEDLESS
    return Column(f"{tool} {found[0]['version']}", outcomes, details)


def _last_line(command: Sequence[str], seed: str, extra: Mapping[str, str]) -> Any:
    env = {**os.environ, "PYTHONHASHSEED": seed, **extra}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=600
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        why = str(error)
        if not isinstance(error, (OSError, subprocess.TimeoutExpired)):
            why = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise NotThere(f"{command[0]} does not run {Path(command[1]).name}: {why}") from None
