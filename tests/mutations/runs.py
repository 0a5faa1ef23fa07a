"""One run of the suite on a copy of the package with a bug in it.

Knows: which tests are the suite here; how to copy, break, run, and read what pytest says.
Does not know: which bugs there are.
Holds: the project's own tree is read, never written.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.bugs import Bug

ROOT = Path(__file__).resolve().parents[2]
SUITE = (
    "tests/stories",
    "tests/taskgraph",
    "tests/battery",
    "tests/hashing/test_keys.py",
    "tests/hashing/test_equality.py",
    "tests/hashing/test_fingerprint.py",
    "tests/rulegraph/test_instances.py",
    "tests/rulegraph/test_laws.py",
    "tests/notebook/test_classes.py",
    "tests/intrinsics/test_engine.py",
    "tests/models",
)
LEFT_OUT = "tests/models/test_state_machine.py"  # long, and random as the loop beside it is
SEQUENCES = 60
_MOST_PER_TEST_S = 60
_MOST_S = 240


class NotThere(Exception):
    """The text that a bug replaces is not in its file exactly once."""


@dataclass(frozen=True)
class Run:
    """What came of one run.

    Attributes:
        caught_by: the first test that failed; "" if all passed.
        said: the end of what pytest said.
    """

    caught_by: str
    took_s: float
    said: str


def broken(bug: Bug, text: str) -> str:
    """A file's text with the bug in it.

    Raises:
        NotThere: `old` does not occur exactly once.
    """
    count = text.count(bug.old)
    if count != 1:
        raise NotThere(f"{bug.name}: {count} times in wfnb/{bug.file}:\n{bug.old}")
    return text.replace(bug.old, bug.new)


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of what the suite needs, as it is now; every run copies that."""
    with tempfile.TemporaryDirectory() as folder:
        _copy(ROOT, Path(folder))
        yield Path(folder)


def _copy(source: Path, target: Path) -> None:
    for name in ("wfnb", "tests"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / name, target / name, ignore=ignored)
    shutil.copy(source / "pyproject.toml", target)


def run_suite(source: Path, bug: Bug | None) -> Run:
    """Run the suite on a copy, with a bug or without; stops at the first failure.

    What is likely to notice the bug runs first, and by itself.

    Args:
        source: what to copy, see `copied`.

    Raises:
        NotThere: the bug's text is not there.
    """
    since = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy(source, copy)
        if bug is not None:
            file = copy / "wfnb" / bug.file
            file.write_text(broken(bug, file.read_text(encoding="utf-8")), encoding="utf-8")
            caught_by, said = _run(copy, [bug.near])
            if caught_by:
                return Run(caught_by, time.monotonic() - since, said)
        caught_by, said = _run(copy, SUITE)
        return Run(caught_by, time.monotonic() - since, said)


def _run(copy: Path, tests: Sequence[str]) -> tuple[str, str]:
    """The first test that fails, and what pytest says."""
    command = [sys.executable, "-m", "pytest", *tests, "-x", "-q", "--tb=line"]
    command += ["-p", "no:cacheprovider", "-m", "not kernel", f"--timeout={_MOST_PER_TEST_S}"]
    command += [f"--ignore={LEFT_OUT}"]
    env = {**os.environ, "PYTHONPATH": str(copy), "WFNB_SEQUENCES": str(SEQUENCES)}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=_MOST_S,
        )
    except subprocess.TimeoutExpired:
        return "(it hung)", ""
    said = (done.stdout + done.stderr)[-3000:]
    if not done.returncode:
        return "", said
    found = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, re.MULTILINE)
    if found is not None:
        return found[1].removeprefix("tests/"), said
    return "(a test hung)" if "Timeout" in said else "(pytest did not run)", said
