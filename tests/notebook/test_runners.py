"""Notebooks run by nbclient and compared by nbval."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.notebook.kernel import ROOT, SAVED, VIEW, Kernel
from tests.notebook.workflow import ASK, HELPER, RULES, TYPES

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

LOAD = "%load_ext wfnb"
GOOD = [
    "x = 1",
    "x + 1",
    LOAD,
    TYPES,
    HELPER,
    RULES,
    ASK,
    RULES,
    "%%rule\n" + RULES.partition("\n\n")[2].partition("\n\n")[0].replace("name", "name[1:]"),
    "%wf rules",
    "%wf check",
    "folder = Folder('p')",
    TYPES.replace("class Folder:\n", "class Folder:\n    n = 1\n"),
    "try:\n    request(Gallery, folder)\nexcept Exception as error:\n    print(error)",
    "%wf explain Gallery Folder",
    "%wf plan Gallery Folder('q')",
]
BAD = {
    "a rule that raises": [LOAD, TYPES, RULES, "request(Gallery, Folder('p'))"],
    "a wiring problem": [LOAD, TYPES, "request(Gallery, Folder('p'))"],
    "an unknown option": [LOAD, TYPES, "%%rule --bogus\nx = 1"],
    "an unknown verb": [LOAD, "%wf bogus"],
    "a bad signature": [LOAD, TYPES, "@rule\ndef bad(folder) -> Gallery: ..."],
}


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH", "")) if p)
    monkeypatch.setenv("PYTHONPATH", path)


def _notebook(cells: list[str]) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])


def _shown(outputs: list[nbformat.NotebookNode]) -> str:
    texts = [o.text if o.output_type == "stream" else o.data["text/plain"] for o in outputs]
    return "\n".join(texts)


def _nbval(path: Path, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", how, "--nbval-current-env", "-q", str(path)]
    options = ["-p", "no:cacheprovider", "-c", os.devnull]
    return subprocess.run([*command, *options], capture_output=True, text=True, cwd=path.parent)


def test_shows_the_same_outputs_when_nbval_runs_a_notebook_again(tmp_path: Path) -> None:
    """With another hash seed, and no sanitising file."""
    notebook = _notebook(GOOD)
    NotebookClient(notebook).execute()
    path = tmp_path / "good.ipynb"
    nbformat.write(notebook, path)

    run = _nbval(path, "--nbval")

    assert run.returncode == 0, run.stdout
    bundles = [o.data.keys() for c in notebook.cells for o in c.outputs if "data" in o]
    assert all(bundle - {VIEW, SAVED} == {"text/plain"} for bundle in bundles)
    assert sum(VIEW in bundle for bundle in bundles) == 1  # %wf check


def test_shows_the_same_outputs_with_cell_ids_as_without(tmp_path: Path) -> None:
    """JupyterLab sends them; nbclient and nbval do not."""
    notebook = _notebook(GOOD)
    NotebookClient(notebook).execute()
    kernel = Kernel(tmp_path)
    try:
        shown = [kernel.run(c, cell_id=str(i)).shown for i, c in enumerate(GOOD)]
    finally:
        kernel.close()

    assert shown == [_shown(c.outputs) for c in notebook.cells]


@pytest.mark.parametrize("name", BAD)
def test_fails_in_nbclient(name: str) -> None:
    """What fails for the user fails in a batch."""
    with pytest.raises(CellExecutionError):
        NotebookClient(_notebook(BAD[name])).execute()


def test_fails_in_nbval(tmp_path: Path) -> None:
    """nbval goes by error messages alone; each of the cells has to send one."""
    for number, cells in enumerate(BAD.values()):
        nbformat.write(_notebook(cells), tmp_path / f"bad{number}.ipynb")

    run = _nbval(tmp_path, "--nbval-lax")

    assert f"{len(BAD)} failed" in run.stdout, run.stdout


SLOW = [
    f"{LOAD}\nimport time\nfrom wfnb import *\nfrom dataclasses import dataclass",
    "@dataclass(frozen=True)\nclass Nap:\n    s: float\n"
    "@dataclass(frozen=True)\nclass Rested:\n    s: float\n"
    "@rule\ndef nap(nap: Nap) -> Rested:\n    time.sleep(nap.s)\n    return Rested(nap.s)",
    "request(Rested, Nap(1.5))",
    "await arequest(Rested, Nap(1.6))",
]


def test_shows_progress_without_failing_a_notebook_that_is_compared(tmp_path: Path) -> None:
    """A slow machine shows it and a fast one does not: both are the same notebook to nbval."""
    notebook = _notebook(SLOW)
    NotebookClient(notebook).execute()
    shown = [sorted(o.data) for c in notebook.cells[2:] for o in c.outputs]
    assert shown == [[VIEW], ["text/plain"]] * 2
    nbformat.write(notebook, tmp_path / "slow.ipynb")
    for cell in notebook.cells:
        cell.outputs = [o for o in cell.outputs if VIEW not in o.get("data", {})]
    nbformat.write(notebook, tmp_path / "fast.ipynb")

    run = _nbval(tmp_path, "--nbval")

    assert run.returncode == 0, run.stdout
