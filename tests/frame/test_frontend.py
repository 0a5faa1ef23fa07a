"""The built front end: it is of these sources, small, and reaches nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

from wfnb.events.typescript import to_typescript

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "labextension"
STATIC = ROOT / "wfnb" / "widgets" / "static"
MOST_BYTES = 1_000_000


def test_is_built_from_these_sources() -> None:
    """After a change: `npm run build` in labextension/."""
    found = [
        path.relative_to(FRONTEND).as_posix()
        for path in (FRONTEND / "src").rglob("*")
        if path.suffix in (".ts", ".css")
    ]
    found = [name for name in found if not name.startswith("src/lab/")]
    digest = hashlib.sha256()
    for name in sorted(["build.mjs", "package-lock.json", *found]):
        text = (FRONTEND / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(name.encode() + b"\0" + text + b"\0")

    assert (STATIC / "sources.sha256").read_text() == f"{digest.hexdigest()}\n"


def test_has_the_types_of_these_events() -> None:
    """After a change: `python -m wfnb.events.typescript > labextension/src/protocol/kinds.ts`."""
    kinds = FRONTEND / "src" / "protocol" / "kinds.ts"

    assert kinds.read_text(encoding="utf-8") == to_typescript()


def test_is_small() -> None:
    """All views together stay under 1 MB, gzipped."""
    built = [path for path in STATIC.iterdir() if path.suffix in (".js", ".css")]

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
