"""The kernel tests against every kernel that people have: `python3 tests/notebook/kernels.py`.

    python3 tests/notebook/kernels.py             each minor version of ipykernel in VERSIONS
    python3 tests/notebook/kernels.py 6.29 7.3    these
    python3 tests/notebook/kernels.py -- -k stop  each, with options of pytest

Makes a throw-away environment per version, so it needs a package index and some minutes. The
ordinary tests run the same files against the one kernel that is installed.

Exits with 0 only when all tests passed on all of them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

VERSIONS = ("6.29", "7.0", "7.1", "7.2", "7.3", "7.4")
ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = (
    "anywidget>=0.9.13,<1",
    "ipywidgets>=8.1,<9",
    "nbclient>=0.10",
    "nbval>=0.11",
    "networkx>=3,<4",
    "pytest-timeout>=2.3",
    "pytest>=9",
)
_TESTS = [
    "tests/notebook/test_cancelling.py",
    "tests/notebook/test_kernel_cells.py",
    "tests/notebook/test_kernel_engine.py",
    "tests/notebook/test_kernel_interrupts.py",
    "tests/notebook/test_kernel_prints.py",
    "tests/notebook/test_progress.py",
    "tests/notebook/test_class_kinds.py",
]
_SUM = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


def prepare(folder: Path, version: str) -> Path:
    """An environment with that kernel; gives its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*command, f"ipykernel=={version}.*", *_PACKAGES], check=True)
    return python


def installed(python: Path) -> str:
    """Which kernel it is exactly, with which IPython."""
    code = "import IPython, ipykernel; print(ipykernel.__version__, IPython.__version__)"
    run = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return run.stdout.strip()


def check(python: Path, options: list[str]) -> tuple[int, str]:
    """Run the tests; gives the exit code, and the sums."""
    command = [python, "-m", "pytest", "-q", "-m", "kernel", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *_TESTS, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        print(run.stdout[-6000:], run.stderr[-2000:], sep="\n")
    last = next((line for line in reversed(run.stdout.splitlines()) if " in " in line), "")
    return run.returncode, ", ".join(f"{n} {word}" for n, word in _SUM.findall(last)) or "no sum"


def main(arguments: list[str]) -> int:
    """Check each version, then show a table."""
    if arguments[:1] in (["-h"], ["--help"]):
        print((__doc__ or "").strip())
        return 0
    split = arguments.index("--") if "--" in arguments else len(arguments)
    versions, options = arguments[:split] or list(VERSIONS), arguments[split + 1 :]
    rows = [("ipykernel", "IPython", "seconds", "tests")]
    failed = 0
    for version in versions:
        with tempfile.TemporaryDirectory() as folder:
            print(f"── ipykernel {version}", flush=True)
            began = time.monotonic()
            try:
                python = prepare(Path(folder), version)
            except subprocess.CalledProcessError:
                failed += 1
                rows.append((version, "", "", "cannot be installed"))
                continue
            code, sums = check(python, options)
            failed += code != 0
            kernel, ipython = installed(python).split()
            rows.append((kernel, ipython, f"{time.monotonic() - began:.0f}", sums))
    for row in rows:
        print("   {:<11}{:<10}{:>8}   {}".format(*row))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
