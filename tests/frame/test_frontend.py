"""The built front end: it is of these sources, small, and reaches nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tomllib
from pathlib import Path

from wfnb.events.typescript import to_typescript

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "labextension"
STATIC = ROOT / "wfnb" / "widgets" / "static"
LAB = ROOT / "wfnb" / "labextension"
MOST_BYTES = 1_000_000


def test_is_built_from_these_sources() -> None:
    """After a change: `npm run build` in labextension/."""
    found = [
        path.relative_to(FRONTEND).as_posix()
        for path in (FRONTEND / "src").rglob("*")
        if path.suffix in (".ts", ".css")
    ]
    found = [name for name in found if not name.startswith("src/lab/")]

    assert (STATIC / "sources.sha256").read_text() == _digest(
        ["build.mjs", "package-lock.json", *found]
    )


def test_builds_the_extension_from_these_sources() -> None:
    """After a change: `npm run build` in labextension/."""
    found = [
        path.relative_to(FRONTEND).as_posix()
        for folder in ("schema", "src")
        for path in (FRONTEND / folder).rglob("*")
        if path.is_file()
    ]
    found = [name for name in found if not name.startswith("src/widgets/")]

    assert (LAB / "sources.sha256").read_text() == _digest(
        ["lab.mjs", "package.json", "package-lock.json", *found]
    )


def test_has_all_parts_of_the_extension() -> None:
    """What JupyterLab loads first is there, and the version is that of the package."""
    package = json.loads((LAB / "package.json").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert (LAB / package["jupyterlab"]["_build"]["load"]).is_file()
    assert package["version"] == project["version"]
    assert list((LAB / "schemas" / "wfnb").glob("*.json"))


def test_asks_for_no_newer_jupyterlab_than_it_needs() -> None:
    """The builder would ask for the one it was built with, and an older one would warn of that."""
    [entry] = (LAB / "static").glob("remoteEntry.*.js")
    ranges = json.loads((FRONTEND / "package.json").read_text())["dependencies"]
    asked = re.findall(
        r'shareKey:"([^"]+)",import:[^,]+,requiredVersion:"([^"]+)"', entry.read_text()
    )

    assert "@jupyterlab/notebook" in dict(asked)
    assert {name: ranges[name] for name, _ in asked} == dict(asked)
    assert ranges["@jupyterlab/application"] == "^4.4.0"  # as in pyproject.toml


def _digest(names: list[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        text = (FRONTEND / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(name.encode() + b"\0" + text + b"\0")
    return f"{digest.hexdigest()}\n"


def test_has_the_types_of_these_events() -> None:
    """After a change: `python -m wfnb.events.typescript labextension/src/protocol`."""
    folder = FRONTEND / "src" / "protocol"

    for name, text in to_typescript().items():
        assert (folder / f"{name}.ts").read_text(encoding="utf-8") == text, name


def test_is_small() -> None:
    """All views and the extension together stay under 1 MB, gzipped."""
    folders = (STATIC, LAB / "static")
    built = [one for folder in folders for one in folder.iterdir() if one.suffix in (".js", ".css")]

    assert built
    assert sum(len(gzip.compress(path.read_bytes())) for path in built) < MOST_BYTES


def test_reaches_nothing() -> None:
    """No view holds an address, imports a module or makes markup from text."""
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        found = re.findall(r"https?://|innerHTML|outerHTML|insertAdjacentHTML|\beval\(", text)
        found += re.findall(r"\bimport\b|\bfetch\(|XMLHttpRequest|WebSocket", text)
        assert not found, path.name


def test_locks_versions_without_addresses() -> None:
    """Of registries: whoever installs may have another."""
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]

    assert packages
    assert not [name for name, one in packages.items() if "resolved" in one]
