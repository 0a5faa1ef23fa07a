"""The wheel: what `pip install` brings, on a machine without Node."""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "wfnb" / "labextension"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    return folder


@pytest.mark.slow
def test_holds_the_extension_as_it_was_built(built: Path) -> None:
    """Each file once, in the sdist and in the wheel; and no sources in the package."""
    [wheel], [sdist] = built.glob("*.whl"), built.glob("*.tar.gz")
    files = {p.relative_to(BUILT).as_posix() for p in BUILT.rglob("*") if p.is_file()}
    files |= {"install.json"}

    names = zipfile.ZipFile(wheel).namelist()
    inside = [name.partition("/labextensions/wfnb/")[2] for name in names]
    with tarfile.open(sdist) as archive:
        unpacked = archive.getnames()

    assert {name for name in inside if name} == files
    assert [name for name in names if name.startswith(("labextension", "wfnb/labextension"))] == []
    assert [name for name in unpacked if "/node_modules/" in name] == []
    assert any(name.endswith("labextension/src/lab/index.ts") for name in unpacked)


@pytest.mark.slow
def test_brings_jupyterlab_an_extension_that_it_takes(built: Path, tmp_path: Path) -> None:
    """`jupyter labextension list` has it, enabled and OK, in an environment without Node.

    JupyterLab itself is not installed again there: a .pth file lends it.
    """
    [wheel] = built.glob("*.whl")
    fresh = tmp_path / "fresh"
    venv.create(fresh, symlinks=os.name != "nt", with_pip=False)
    python = fresh / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
        "PATH": str(python.parent),
        "HOME": str(tmp_path),
        "PYTHONPATH": "",
    }
    options = ["--quiet", "--no-deps", "--no-index", str(wheel)]
    if find_spec("pip"):
        _run([sys.executable, "-m", "pip", "--python", str(python), "install", *options], env=env)
    else:  # the environment was made by uv
        _run(["uv", "pip", "install", "--python", str(python), *options])
    found = _run([str(python), "-c", "import site; print(site.getsitepackages()[0])"], env=env)
    (Path(found.strip()) / "lent.pth").write_text("\n".join(site.getsitepackages()))

    listed = _run([str(python), "-m", "jupyterlab.labextensions", "list"], env=env)
    listed = re.sub(r"\x1b\[\d*m", "", listed)

    [line] = [line for line in listed.splitlines() if line.split()[:1] == ["wfnb"]]
    assert line.split()[2:4] == ["enabled", "OK"]
    assert str(fresh) in listed
    where = _run([str(python), "-c", "import wfnb; print(wfnb.__file__)"], env=env)
    assert where.startswith(str(fresh))


def _run(command: list[str], env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        env=env,
        cwd=ROOT.parent,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
