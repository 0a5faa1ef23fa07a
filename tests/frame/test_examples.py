"""`python3 examples`: which notebooks a line on the shell means, and what it shows of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The program as a module, over a folder with three notebooks, in which nothing is run."""
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    spec = importlib.util.spec_from_file_location("examples", ROOT / "examples" / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("01_photos", "02_what_changed", "10_late", "late"):
        (tmp_path / f"{name}.ipynb").write_text("")
    monkeypatch.setattr(module, "EXAMPLES", tmp_path)
    monkeypatch.setattr(module, "MAIN", "01_photos")
    monkeypatch.setattr(module.bootstrap, "enter", lambda *_: None)
    return module


@pytest.mark.parametrize(
    "wanted",
    [
        "2",
        "02",
        "02_",
        "02_what_changed",
        "02_what_changed.ipynb",
        "examples/02_what_changed.ipynb",
    ],
)
def test_finds_an_example_however_it_is_named(examples: ModuleType, wanted: str) -> None:
    """By number, by the beginning of its name, by what Tab completes it to."""
    assert examples.find(wanted).name == "02_what_changed.ipynb"


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("0", "No notebook's number is '0'."),
        ("x", "No notebook's name starts with 'x'."),
        ("", "More than one notebook's name starts with ''."),
    ],
)
def test_names_the_examples_there_are(
    examples: ModuleType, wanted: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        examples.main([wanted])
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        f"{text} There is:\n"
        "  01_photos.ipynb\n  02_what_changed.ipynb\n  10_late.ipynb\n  late.ipynb\n"
    )


def test_runs_all_that_are_named_once(
    examples: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after one that did not come to its end; then it is no success."""
    ran: list[str] = []

    def show(path: Path) -> bool:
        ran.append(path.name)
        return path.name != "02_what_changed.ipynb"

    monkeypatch.setattr(examples, "show", show)
    assert examples.main(["10", "1", "01"]) == 0
    assert ran == ["10_late.ipynb", "01_photos.ipynb"]
    assert examples.main(["2", "1"]) == 1
    assert ran[2:] == ["02_what_changed.ipynb", "01_photos.ipynb"]
    assert examples.main([]) == 0
    assert ran[4:] == ["01_photos.ipynb"]
