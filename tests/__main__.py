"""The one check of a change: `python3 tests`, on a fresh machine too. CI runs the same.

    python3 tests                  every check below, then a summary
    python3 tests -k masks -x      only pytest, in the project's folder, with these options
    python3 tests -- --help        pytest's own help

Makes .venv when it is missing or out of date, and says so; otherwise needs no network.
Exits with 0 only when every check passed.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / ".ci")

import bootstrap

# isort: split
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO

TIMED = ("tests/events", "tests/notebook", "tests/taskgraph", "tests/widgets")
"""Tests with threads, interrupts and kernels, which have to be in time."""
LONG = ("tests/notebook/test_rerunning.py", "tests/notebook/test_runners.py")
"""Those among them that take minutes and have all the time they want."""


@dataclass(frozen=True)
class Tool:
    """A program of the system that a check needs, and the command that installs it."""

    name: str
    install: str


@dataclass(frozen=True)
class Check:
    """One line of the summary: a command, run in the project's folder.

    Attributes:
        is_next: it begins when all before it have ended.
        is_beside: those after it run meanwhile, up to the next one that waits.
    """

    title: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[Tool] = ()
    is_next: bool = False
    is_beside: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a check: "" or why it did not pass, and how long it took."""

    check: Check
    problem: str
    took_s: float


def checks() -> list[Check]:
    """List every check, quick ones first; those in browsers run beside them.

    Tests that have to be in time come last: no more than one process of one thread beside them.
    """
    python = sys.executable
    pytest = [python, "-m", "pytest"]
    nbval = [*pytest, "--nbval", "--nbval-current-env", "examples"]

    def without(*paths: str) -> list[str]:
        return [word for path in paths for word in ("--ignore", path)]

    return [
        Check("browser", [*pytest, "tests/browser"], is_beside=True),
        *front_end(),
        Check("lint", [python, "-m", "ruff", "check", "."]),
        Check("format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("types", [python, "-m", "mypy"]),
        Check("layers", [bootstrap.script("lint-imports"), "--no-logo"]),
        # Twice: what a notebook prints may not depend on the order of a set.
        Check("notebooks, hash seed 1", nbval, env={"PYTHONHASHSEED": "1"}),
        Check("notebooks, hash seed 2", nbval, env={"PYTHONHASHSEED": "2"}),
        Check("tests", [*pytest, "tests", *without("tests/browser", *TIMED)]),
        Check("tests of many runs", [*pytest, *LONG], is_next=True, is_beside=True),
        Check("tests of what runs", [*pytest, *TIMED, *without(*LONG)]),
    ]


def front_end() -> list[Check]:
    """List the checks of labextension/: its packages, when they are not there, and its own."""
    folder = bootstrap.ROOT / "labextension"
    npm = Tool("npm", "install Node 20 or newer (Debian: apt-get install nodejs npm)")
    locked, installed = folder / "package-lock.json", folder / "node_modules/.package-lock.json"
    is_current = installed.exists() and installed.stat().st_mtime >= locked.stat().st_mtime
    command = ["npm", "--prefix", str(folder)]
    todo = [Check("front end", [*command, "run", "check"], needs=[npm])]
    if not is_current:
        todo.insert(0, Check("front end, packages", [*command, "ci"], needs=[npm]))
    return todo


def announce(check: Check) -> None:
    """Say what runs."""
    words = [f"{name}={value}" for name, value in check.env.items()]
    words += [Path(check.command[0]).name, *check.command[1:]]
    print(f"── {check.title}: {shlex.join(words)}", flush=True)


def run(check: Check, output: IO[str] | None = None) -> str:
    """Run one check; return "" or why it did not pass.

    Args:
        output: where what it says goes; None for where our own goes.
    """
    missing = [tool for tool in check.needs if shutil.which(tool.name) is None]
    if missing:
        return "; ".join(f"{tool.name} is missing: {tool.install}" for tool in missing)
    env = {**os.environ, **check.env}
    try:
        done = subprocess.run(
            check.command,
            cwd=bootstrap.ROOT,
            env=env,
            check=False,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
        )
    except OSError as error:
        return str(error)
    return f"exit code {done.returncode}" if done.returncode else ""


def timed(check: Check, output: IO[str] | None = None) -> Result:
    """Run one check and take its time."""
    started_s = time.monotonic()
    problem = run(check, output)
    return Result(check, problem, time.monotonic() - started_s)


def run_all(todo: Sequence[Check]) -> int:
    """Run every check, also after one that failed, and sum them up; return the exit code."""
    results: list[Result] = []
    beside: list[tuple[Check, IO[str], Future[Result]]] = []
    with ThreadPoolExecutor() as pool, ExitStack() as files:
        for check in todo:
            if check.is_next:
                results += joined(beside)
            announce(check)
            if check.is_beside:
                output = files.enter_context(
                    tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
                )
                beside.append((check, output, pool.submit(timed, check, output)))
            else:
                results.append(timed(check))
                print(flush=True)
        results += joined(beside)
    failed = sum(bool(one.problem) for one in results)
    lines = [
        f"   {one.check.title:<24}{one.took_s:>6.1f} s   "
        + (f"FAILED: {one.problem}" if one.problem else "passed")
        for one in results
    ]
    print("── summary", *lines, sep="\n")
    print(f"checks: {len(results) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def joined(beside: list[tuple[Check, IO[str], Future[Result]]]) -> list[Result]:
    """Wait for what runs beside, and show what it said."""
    results = []
    while beside:
        check, output, future = beside.pop(0)
        results.append(future.result())
        print(f"── {check.title}, which ran beside the others:", flush=True)
        output.seek(0)
        print(output.read(), flush=True)
    return results


def main(arguments: Sequence[str]) -> int:
    """Run every check, or only pytest if there is anything to pass on to it."""
    if list(arguments) in (["-h"], ["--help"]):
        print((__doc__ or "").strip())
        return 0
    bootstrap.enter("test")
    if not arguments:
        return run_all(checks())
    options = arguments[1:] if arguments[0] == "--" else arguments
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=bootstrap.ROOT, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
