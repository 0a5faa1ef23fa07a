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
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tool:
    """A program of the system that a check needs, and the command that installs it."""

    name: str
    install: str


@dataclass(frozen=True)
class Check:
    """One line of the summary: a command, run in the project's folder."""

    title: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[Tool] = ()


def checks() -> list[Check]:
    """List every check, quick ones first."""
    python = sys.executable
    pytest = [python, "-m", "pytest"]
    nbval = [*pytest, "--nbval", "--nbval-current-env", "examples"]
    return [
        *front_end(),
        Check("lint", [python, "-m", "ruff", "check", "."]),
        Check("format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("types", [python, "-m", "mypy"]),
        Check("layers", [bootstrap.script("lint-imports"), "--no-logo"]),
        Check("tests", [*pytest, "tests"]),
        # Twice: what a notebook prints may not depend on the order of a set.
        Check("notebooks, hash seed 1", nbval, env={"PYTHONHASHSEED": "1"}),
        Check("notebooks, hash seed 2", nbval, env={"PYTHONHASHSEED": "2"}),
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


def run(check: Check) -> str:
    """Run one check; return "" or why it did not pass."""
    words = [f"{name}={value}" for name, value in check.env.items()]
    words += [Path(check.command[0]).name, *check.command[1:]]
    print(f"── {check.title}: {shlex.join(words)}", flush=True)
    missing = [tool for tool in check.needs if shutil.which(tool.name) is None]
    if missing:
        return "; ".join(f"{tool.name} is missing: {tool.install}" for tool in missing)
    env = {**os.environ, **check.env}
    try:
        code = subprocess.run(check.command, cwd=bootstrap.ROOT, env=env, check=False).returncode
    except OSError as error:
        return str(error)
    return f"exit code {code}" if code else ""


def run_all(todo: Sequence[Check]) -> int:
    """Run every check, also after one that failed, and sum them up; return the exit code."""
    lines = []
    failed = 0
    for check in todo:
        started_s = time.monotonic()
        problem = run(check)
        took_s = time.monotonic() - started_s
        failed += bool(problem)
        verdict = f"FAILED: {problem}" if problem else "passed"
        lines.append(f"   {check.title:<24}{took_s:>6.1f} s   {verdict}")
        print(flush=True)
    print("── summary", *lines, sep="\n")
    print(f"checks: {len(todo) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


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
