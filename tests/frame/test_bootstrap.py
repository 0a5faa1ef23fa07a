"""The set-up of .venv: what is decided, for every state in which a run can find it."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"": {"wfnb", "networkx"}, "test": {"pytest", "import-linter"}, "lab": {"jupyterlab"}}


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    """The module under .ci, which is on no path."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / ".ci" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bootstrap"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def venv(bootstrap: ModuleType, tmp_path: Path) -> Path:
    """An environment as a finished set-up with the extra "test" leaves it."""
    venv = tmp_path / "with space" / ".venv"
    packages = venv / "lib" / "python3.11" / "site-packages"
    for name in ("wfnb-0.1.0", "networkx-3.6", "pytest-9.2.0", "import_linter-2.16"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    python = bootstrap.python_of(venv)
    python.parent.mkdir()
    python.touch()
    bootstrap.write_stamp(venv, wanted(bootstrap), "ready")
    return venv


def wanted(bootstrap: ModuleType, *, root: str = "/here", inputs: str = "1", extras: str = "test"):
    return bootstrap.Setup(root, inputs, frozenset(extras.split()))


def decided(bootstrap: ModuleType, venv: Path, **changes: str) -> tuple[str, str, list[str]]:
    plan = bootstrap.plan(venv, wanted(bootstrap, **changes), NAMES)
    return plan.action, plan.reason, sorted(plan.extras)


def test_enters_a_current_environment_as_it_is(bootstrap: ModuleType, venv: Path) -> None:
    """The ordinary run: nothing is installed and nothing is asked of a network."""
    assert decided(bootstrap, venv) == ("enter", "", ["test"])


def test_makes_a_missing_environment(bootstrap: ModuleType, tmp_path: Path) -> None:
    """A fresh clone needs nothing but a Python."""
    assert decided(bootstrap, tmp_path / ".venv") == ("make", "there is none yet", ["test"])


def test_makes_an_interrupted_environment_again(bootstrap: ModuleType, venv: Path) -> None:
    """Whatever an interrupted run left behind, the next one heals it, with the same extras."""
    bootstrap.write_stamp(venv, wanted(bootstrap, extras="test lab"), "installing")

    assert decided(bootstrap, venv) == (
        "make",
        "an earlier set-up did not finish",
        ["lab", "test"],
    )


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"state": "ready"}', "\x00"])
def test_makes_an_environment_with_a_damaged_stamp_again(
    bootstrap: ModuleType, venv: Path, text: str
) -> None:
    """A stamp that cannot be read proves nothing."""
    (venv / "wfnb-setup.json").write_text(text)

    assert decided(bootstrap, venv)[0] == "make"


def test_makes_an_environment_without_python_again(bootstrap: ModuleType, venv: Path) -> None:
    """A link to a Python that was uninstalled counts as none."""
    python = bootstrap.python_of(venv)
    python.unlink()
    python.symlink_to("/nowhere/python")

    assert decided(bootstrap, venv)[:2] == ("make", "it has no Python, or one that is gone")


def test_makes_an_environment_that_was_copied_again(bootstrap: ModuleType, venv: Path) -> None:
    """A copied tree would otherwise test the sources of the tree that it was copied from."""
    assert decided(bootstrap, venv, root="/elsewhere")[:2] == (
        "make",
        "it was made for another folder",
    )


def test_only_adds_to_an_environment_made_by_hand(bootstrap: ModuleType, venv: Path) -> None:
    """What its owner installed beside is kept."""
    (venv / "wfnb-setup.json").unlink()

    assert decided(bootstrap, venv) == ("install", "it was made by hand", ["test"])


def test_installs_when_the_inputs_changed(bootstrap: ModuleType, venv: Path) -> None:
    """An edit of pyproject.toml or constraints.txt reaches the environment at the next run."""
    assert decided(bootstrap, venv, inputs="2")[:2] == (
        "install",
        "pyproject.toml or constraints.txt changed",
    )


def test_adds_an_extra_to_those_already_there(bootstrap: ModuleType, venv: Path) -> None:
    """`python3 tests` and `python3 examples` share one environment without undoing each other."""
    assert decided(bootstrap, venv, extras="lab") == (
        "install",
        "it has no [lab] yet",
        ["lab", "test"],
    )


def test_installs_a_lost_package_again(bootstrap: ModuleType, venv: Path) -> None:
    """Packages that were uninstalled by hand are named."""
    for name in ("pytest-9.2.0", "import_linter-2.16"):
        (venv / "lib" / "python3.11" / "site-packages" / f"{name}.dist-info").rmdir()

    assert decided(bootstrap, venv)[:2] == ("install", "it has lost import-linter, pytest")


def test_reads_a_stamp_as_it_was_written(bootstrap: ModuleType, venv: Path) -> None:
    """Writing and reading are inverse, and the file is JSON that a person can read."""
    setup = wanted(bootstrap, extras="lab test")
    bootstrap.write_stamp(venv, setup, "ready")

    assert bootstrap.read_stamp(venv) == ("ready", setup)
    assert json.loads((venv / "wfnb-setup.json").read_text())["extras"] == ["lab", "test"]


def test_tells_inputs_apart_but_not_line_ends(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Content moves between the two files or changes: another digest; CRLF for LF: the same."""
    project, constraints = tmp_path / "pyproject.toml", tmp_path / "constraints.txt"

    def digest(first: bytes, second: bytes) -> str:
        project.write_bytes(first)
        constraints.write_bytes(second)
        return bootstrap.inputs_digest(tmp_path)

    assert digest(b"a\nb\n", b"c") == digest(b"a\r\nb\r\n", b"c")
    assert len({digest(b"a", b"bc"), digest(b"ab", b"c"), digest(b"a", b"bd")}) == 3


def test_names_what_an_extra_requires(bootstrap: ModuleType) -> None:
    """Versions, markers and spelling are dropped; extras that name other extras are followed."""
    project = {
        "name": "wfnb",
        "dependencies": ["networkx>=3,<4", "Jupyter_Client ; python_version>'3'"],
        "optional-dependencies": {
            "test": ["wfnb[examples, lab]", "pytest"],
            "examples": ["pillow >=10"],
            "lab": ["jupyterlab[x]~=4.4"],
        },
    }

    assert bootstrap.required_names(project) == {
        "": {"wfnb", "networkx", "jupyter-client"},
        "test": {"pytest", "pillow", "jupyterlab"},
        "examples": {"pillow"},
        "lab": {"jupyterlab"},
    }


def test_passes_on_what_an_installer_says_only_when_it_failed(
    bootstrap: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    """Warnings of one that succeeded would be read as a reason to stop."""
    script = "import sys; print('WARNING: root', file=sys.stderr); sys.exit(int(sys.argv[1]))"

    assert bootstrap._run([sys.executable, "-c", script, "0"])
    assert capfd.readouterr() == ("", "")
    assert not bootstrap._run([sys.executable, "-c", script, "1"])
    assert capfd.readouterr() == ("", "WARNING: root\n")


@pytest.mark.parametrize("name", [".ci/bootstrap.py", "tests/__main__.py", "examples/__main__.py"])
def test_parses_under_old_pythons_far_enough_to_turn_them_away(name: str) -> None:
    """A Python before 3.11 gets a sentence, not a SyntaxError."""
    source = (ROOT / name).read_text(encoding="utf-8")

    tree = ast.parse(source, feature_version=(3, 7))

    before = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    first = {alias.name for node in before[:3] for alias in node.names}
    assert first & {"bootstrap", "contextlib"}, "only sys and pathlib may come before the check"
