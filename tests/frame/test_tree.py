"""The tree as it is published: portable, clean, and without a trace of one machine."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))

LEFT_BEHIND = {
    ".git", ".venv", "__pycache__", "_executed", ".hypothesis", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".import_linter_cache", ".ipynb_checkpoints",
}  # fmt: skip

# In two halves, so that this file does not name them.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "registry." + "yarnpkg"]
OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host"]
TRACES = {
    "a registry's host": re.compile("|".join(map(re.escape, HOSTS))),
    "an index option": re.compile("|".join(map(re.escape, OPTIONS))),
    "a path of one machine": re.compile(
        r"(?<![\w./~-])/(home|Users|root|work|mnt)/[\w.-]" + r"|[A-Z]:\\Users\\|\.py" + r"env/"
    ),
}


def tracked_files() -> list[Path]:
    """Every file that is committed or about to be; in an unpacked archive, all that came with it.

    There, what the tools leave behind is known by its folder.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [
            path
            for path in ROOT.rglob("*")
            if not any(part in LEFT_BEHIND for part in path.relative_to(ROOT).parts)
        ]
    return [path for path in paths if path.is_file()]


def test_commits_no_leftovers_of_tools() -> None:
    """Neither of a patch nor of an editor."""
    tracked = [p for p in tracked_files() if p.name != "package.json.orig"]  # JupyterLab reads it
    left = [p.name for p in tracked if p.suffix in {".orig", ".rej", ".bak", ".swp"}]

    assert left == []


@pytest.mark.parametrize("trace", TRACES)
def test_names_no_machine_and_no_registry(trace: str) -> None:
    """What is committed works anywhere, with the index that its user has set up."""
    found = []
    for path in tracked_files():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(lines, 1)
            if TRACES[trace].search(line)
        ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "trace"),
    [
        ("see https://pypi" + ".org/simple", "a registry's host"),
        ("pip install --index" + "-url x", "an index option"),
        ('File "/ho' + 'me/ada/wfnb/rule.py"', "a path of one machine"),
        ("C:\\Us" + "ers\\ada", "a path of one machine"),
    ],
)
def test_would_see_a_trace(line: str, trace: str) -> None:
    """The patterns above find what they are for."""
    assert TRACES[trace].search(line)


@pytest.mark.parametrize(
    "line", ["https://host/ho" + "me/ada", "src/wo" + "rk/a.py", "~/wo" + "rk/wfnb", "/tmp"]
)
def test_would_not_take_other_paths_for_a_trace(line: str) -> None:
    """Addresses, relative paths and paths from the user's own folder are no traces."""
    assert not TRACES["a path of one machine"].search(line)


def test_commits_no_lock_file_that_names_hosts() -> None:
    """uv.lock names the index in every entry; constraints.txt stands in for it."""
    names = {path.name for path in tracked_files()}

    assert names.isdisjoint({"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"})


def test_constrains_by_name_version_and_marker_only() -> None:
    """pip and uv both take constraints.txt, from whichever index they use."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    odd = [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[\w.!+]+( ; [^/@]+)?", line)]

    assert odd == []
    assert lines == sorted(lines, key=lambda line: line.split("=")[0])


def test_constrains_every_requirement() -> None:
    """A requirement that is new in pyproject.toml is in constraints.txt too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    groups = [project["dependencies"], *project["optional-dependencies"].values()]

    required = {re.split(r"[^\w.-]", line)[0].lower() for group in groups for line in group}
    constrained = {line.split("==")[0] for line in lines}

    assert required - constrained == {"wfnb"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_clean(path: Path) -> None:
    """A notebook was run once from top to bottom, and holds nothing of the machine it ran on."""
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}, "no widget state"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert [cell["id"] for cell in code if "execution" in cell["metadata"]] == [], "no timings"
    assert re.findall(r"\b0x[0-9a-f]{8,}|ipykernel_\d+", text) == [], "no addresses or ids"
