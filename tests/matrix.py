"""Tests against versions of a package that people have, each in a throw-away environment.

Knows: environments, pip, pytest and its sums. Does not know: which package, which tests.
Holds: needs a package index and some minutes for each; the ordinary tests run the same files with
    what is installed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SUM = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")
_LINE = "   {:<24}{:>8}   {}"


def run_matrix(
    doc: str,
    arguments: list[str],
    versions: Sequence[str],
    packages: Callable[[str], list[str]],
    tests: list[str],
) -> int:
    """Check each version, then show a table.

    Args:
        doc: what `--help` prints.
        arguments: versions, or none for all; then `--` and options of pytest.
        packages: what pip installs for a version; the first is what is looked at.
        tests: arguments of pytest, from the root of the project.

    Returns:
        0 when all tests passed with all of them.
    """
    if arguments[:1] in (["-h"], ["--help"]):
        print(doc.strip())
        return 0
    split = arguments.index("--") if "--" in arguments else len(arguments)
    rows = [("version", "seconds", "tests")]
    failed = 0
    for version in arguments[:split] or versions:
        print(f"── {version}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            try:
                python = _prepare(Path(folder), packages(version))
            except subprocess.CalledProcessError:
                failed += 1
                rows.append((version, "", "cannot be installed"))
                continue
            code, sums = _check(python, [*tests, *arguments[split + 1 :]])
            failed += code != 0
            rows.append((version, f"{time.monotonic() - began:.0f}", sums))
    for row in rows:
        print(_LINE.format(*row))
    return 1 if failed else 0


def _prepare(folder: Path, packages: list[str]) -> Path:
    """An environment with these packages; gives its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*command, *packages], check=True)
    return python


def _check(python: Path, options: list[str]) -> tuple[int, str]:
    """Run the tests; gives the exit code, and the sums."""
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        print(run.stdout[-6000:], run.stderr[-2000:], sep="\n")
    last = next((line for line in reversed(run.stdout.splitlines()) if " in " in line), "")
    return run.returncode, ", ".join(f"{n} {word}" for n, word in _SUM.findall(last)) or "no sum"
