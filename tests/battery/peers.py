"""The other tools: whether each of them would run `f` again after an edit.

A script, run by `columns.py` in two processes per tool, on a Python that has the tool:

    peers.py TOOL before|after FOLDER

The last line it prints is JSON: by edit, a `key` that the tool looks results up by, or whether it
`ran`. What a tool cannot take at all is an `error`.

Knows: the tools, by their public interfaces where those tell.
Does not know: what is right; wfnb, which need not be there.
Holds: every tool gets the text as one module, but marimo and Dask, which get it cell by cell.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from edits import ARGUMENT, EDITS, HELPERS, MODULE, Edit

Found = dict[str, object]


def _load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _module(text: str, folder: Path, name: str) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(text)
    return _load(path, name)


def _key(data: str | bytes) -> Found:
    data = data.encode() if isinstance(data, str) else data
    return {"key": hashlib.sha256(data).hexdigest()}


def joblib(cells: tuple[str, ...], folder: Path, name: str) -> Found:
    """`Memory.cache`, with results on disk; it says when it calls a function."""
    from joblib import Memory

    module = _module("\n".join(cells), folder, name)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        Memory(str(folder / "joblib"), verbose=1).cache(module.f)(ARGUMENT)
    return {"ran": "Calling" in said.getvalue()}


def streamlit(cells: tuple[str, ...], folder: Path, name: str) -> Found:
    """The key of `st.cache_data`; it has no results on disk outside of its server."""
    from streamlit.runtime.caching.cache_type import CacheType
    from streamlit.runtime.caching.cache_utils import _make_function_key

    module = _module("\n".join(cells), folder, name)
    return _key(_make_function_key(CacheType.DATA, module.f))


def dask(cells: tuple[str, ...], folder: Path, name: str) -> Found:
    """The token that `dask.delayed` and `Client.submit` call a task by, in a notebook."""
    from dask.base import tokenize

    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, text in enumerate(cells):
        exec(compile(text, f"<cell {number}>", "exec"), namespace)
    return _key(tokenize(namespace["f"]))


def hamilton(cells: tuple[str, ...], folder: Path, name: str) -> Found:
    """`with_cache`; functions that are no nodes start with an underscore there."""
    from hamilton import driver

    module = _module(_underscored("\n".join(cells)), folder, name)
    made = driver.Builder().with_modules(module)
    made = made.with_cache(path=str(folder / "hamilton" / name), recompute=[]).build()
    made.execute(["f"], inputs={"x": ARGUMENT})
    events = made.cache.logs(level="debug", run_id=made.cache.last_run_id).get("f", [])
    return {"ran": any("EXECUTE" in str(event.event_type).upper() for event in events)}


def _underscored(text: str) -> str:
    return re.sub(rf"\b({'|'.join(HELPERS)})\b", r"_\1", text)


def marimo(cells: tuple[str, ...], folder: Path, name: str) -> Found:
    """`mo.persistent_cache` on a function that calls `f`, each in a cell of its own."""
    mark = folder / f"{name}.ran"
    mark.unlink(missing_ok=True)
    cached = (
        f"@mo.persistent_cache(save_path={str(folder / 'marimo' / name)!r})\n"
        "def cached(x):\n"
        f"    open({str(mark)!r}, 'a').write('x')\n"
        "    return f(x)\n"
    )
    every = ("import marimo as mo\n", *cells, cached, f"answer = cached({ARGUMENT})\n")
    text = "import marimo\napp = marimo.App()\n"
    for each in every:
        inner = "".join(f"    {line}\n" if line else "\n" for line in each.rstrip().split("\n"))
        text += f"@app.cell\ndef _():\n{inner}    return\n"
    _module(text, folder, name).app.run()
    return {"ran": mark.exists()}


# What to install, what it is called, how it is asked.
TOOLS: dict[str, tuple[str, Callable[[tuple[str, ...], Path, str], Found]]] = {
    "marimo": ("marimo", marimo),
    "Hamilton": ("apache-hamilton", hamilton),
    "joblib": ("joblib", joblib),
    "Streamlit": ("streamlit", streamlit),
    "Dask": ("dask", dask),
}


def find(tool: str, edit: Edit, folder: Path, *, is_edited: bool) -> Found:
    """What a tool makes of an edit's text in this process."""
    name = f"edit_{EDITS.index(edit):02d}"
    workspace = edit.edited_module if is_edited else edit.module
    workspace = _underscored(workspace) if tool == "Hamilton" else workspace
    (folder / f"{MODULE}.py").write_text(workspace)
    sys.modules.pop(MODULE, None)
    importlib.invalidate_caches()
    cells = edit.edited_cells if is_edited else edit.cells
    try:
        return TOOLS[tool][1](cells, folder, name)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(tool: str, phase: str, folder: str) -> None:
    """Print what a tool makes of every edit in this process, before or after it."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sys.dont_write_bytecode = True
    sys.path.insert(1, folder)
    try:
        version = metadata.version(TOOLS[tool][0])
    except metadata.PackageNotFoundError:
        print(json.dumps({"version": None}))
        return
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        found = {
            edit.name: find(tool, edit, Path(folder), is_edited=phase == "after") for edit in EDITS
        }
    print(json.dumps({"version": version, "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
