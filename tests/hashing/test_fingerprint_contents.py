"""Values of libraries that a rule reads: what is in them counts, and a change in place is seen."""

from __future__ import annotations

import itertools
import linecache
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from wfnb.hashing.contents import watched
from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint

_numbers = itertools.count()


def run(source: str, namespace: dict[str, Any] | None = None) -> dict[str, Any]:
    filename = f"<contents-{next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    if namespace is None:
        namespace = {"__name__": "__main__"}
    exec(compile(source, filename, "exec", dont_inherit=True), namespace)
    return namespace


@pytest.fixture(autouse=True)
def _forget_cells() -> Iterator[None]:
    yield
    for filename in [name for name in linecache.cache if name.startswith("<contents-")]:
        del linecache.cache[filename]


PANDAS = "import pandas as pd\nD = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n"
NUMPY = "import numpy as np\nD = np.array([1, 2])\n"
POLARS = "import polars as pl\nD = pl.DataFrame({'a': [1, 2]})\n"

# What a cell defines, and what another does to it in place.
EDITS: dict[str, tuple[str, str]] = {
    "a column of a frame": (PANDAS, "D['a'] = [5, 6]"),
    "a value of a frame": (PANDAS, "D.loc[0, 'b'] = 'z'"),
    "a label of a frame": (PANDAS, "D.columns = ['a', 'c']"),
    "a value of a series": (PANDAS + "D = D['a'].copy()\n", "D[0] = 5"),
    "an array": (NUMPY, "D[0] = 5"),
    "the shape of an array": (NUMPY, "D.resize((2, 1), refcheck=False)"),
    "an array in a dict": (NUMPY + "D = {'x': [D]}\n", "D['x'][0][1] = 5"),
    "an array in an object": (
        NUMPY + "class C: pass\nc = C()\nc.inner = D\nD = c\n",
        "D.inner[0] = 5",
    ),
    "an array of an author’s class": (
        NUMPY + "class Mine(np.ndarray): pass\nD = D.view(Mine)\n",
        "D[0] = 5",
    ),
    "a list in a column of a frame": (
        "import pandas as pd\nD = pd.DataFrame({'a': [[1], None]})\n",
        "D['a'][0].append(2)",
    ),
    "a list in a frame that is set anew": (
        "import pandas as pd\nD = pd.DataFrame({'a': [[1], None]})\n",
        "D.at[1, 'a'] = [2]",
    ),
    "a polynomial": ("import numpy as np\nD = np.poly1d([1, 2])\n", "D[0] = 5"),
    "a column of a polars frame": (POLARS, "D[0, 'a'] = 5"),
    "an array.array": ("import array\nD = array.array('i', [1])\n", "D[0] = 5"),
    "a bytearray by a view": ("D = memoryview(bytearray(b'ab'))\n", "D[0] = 5"),
    "a UserDict": ("import collections\nD = collections.UserDict(a=1)\n", "D['a'] = 2"),
    "an author’s UserDict": (
        "import collections\nclass Mine(collections.UserDict): pass\nD = Mine(a=1)\n",
        "D['a'] = 2",
    ),
    "a UserList": ("import collections\nD = collections.UserList([1])\n", "D.append(2)"),
    "a ChainMap": ("import collections\nD = collections.ChainMap({'a': 1})\n", "D['a'] = 2"),
    "a namespace of argparse": ("import argparse\nD = argparse.Namespace(a=1)\n", "D.a = 2"),
    "a configuration": (
        "import configparser\nD = configparser.ConfigParser()\nD['a'] = {'k': '1'}\n",
        "D['a']['k'] = '2'",
    ),
    "a context variable": ("import contextvars\nD = contextvars.ContextVar('D')\n", "D.set(1)"),
    "a stream": ("import io\nD = io.StringIO()\n", "D.write('a')"),
    "a stream of bytes": ("import io\nD = io.BytesIO()\n", "D.write(b'a')"),
    "a decimal context": ("import decimal\nD = decimal.Context()\n", "D.prec = 3"),
}
USE = "def f(x): return D\n"


@pytest.mark.parametrize(("source", "edit"), EDITS.values(), ids=EDITS)
def test_sees_a_change_in_place(source: str, edit: str) -> None:
    """A global that a library's class made: what an author put into it is part of the meaning."""
    if source.startswith("import"):
        pytest.importorskip(source.split()[1])
    before = run(source + USE)
    first = fingerprint(before["f"])
    assert first.holds()
    assert not [lint for lint in first.lints if "cannot see" in lint]
    assert any("reads a mutable global D" in lint for lint in first.lints)

    again = fingerprint(run(source + USE)["f"])
    assert again == first, "the same cell run again"
    assert difference(first, again) is None

    run(edit, before)
    assert not first.holds()
    second = fingerprint(before["f"])
    assert second != first
    told = difference(first, second)
    assert told is not None
    assert "D" in told
    assert fingerprint(run(source + edit + "\n" + USE)["f"]) == second


@pytest.mark.parametrize("source", [each for each, _ in EDITS.values()], ids=EDITS)
def test_says_the_same_in_every_process(source: str) -> None:
    """No addresses, no order of a set."""
    if "import pandas" in source or "polars" in source:
        pytest.importorskip(source.split("import ")[1].split()[0])
        return  # what they are described by is tested elsewhere, and they take long to import
    text = (
        "from tests.hashing.test_fingerprint_contents import *\n"
        f"print(fingerprint(run({source + USE!r})['f']).digest.hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == fingerprint(run(source + USE)["f"]).digest.hex()


def test_does_not_lint_what_cannot_change() -> None:
    """A number of NumPy, a point in time."""
    pytest.importorskip("pandas")
    source = (
        "import numpy as np, pandas as pd\nK = np.float64(0.5), pd.Timestamp('2026-01-02'), "
        "np.dtype('i4')\ndef f(x): return K\n"
    )
    first = fingerprint(run(source)["f"])

    assert first.lints == ()
    assert fingerprint(run(source)["f"]) == first
    assert fingerprint(run(source.replace("0.5", "0.25"))["f"]) != first
    assert fingerprint(run(source.replace("i4", "i8"))["f"]) != first


# ---------------------------------------------------------------- large ones


def _large(count: int) -> tuple[dict[str, Any], Fingerprint]:
    pytest.importorskip("numpy")
    module = run(f"import numpy as np\nD = np.zeros({count})\n" + USE)
    return module, fingerprint(module["f"])


def test_looks_at_a_sample_of_what_is_large() -> None:
    """An operation on all is seen, and a lint says what may go unnoticed."""
    module, first = _large(watched.WHOLE + 1)
    assert first.lints == (
        "f reads a mutable global D",
        "f reads D, so large that a single value set in it may go unnoticed",
    )
    assert _large(watched.WHOLE + 1)[1] == first

    module["D"] += 1
    assert not first.holds()
    second = fingerprint(module["f"])
    module["D"][1] += 1
    assert second.holds()
    assert fingerprint(run("import numpy as np\nD = np.zeros(9)\n" + USE)["f"]) != first


def test_looks_at_all_of_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    module, first = _large(1 << 10)
    module["D"][1] = 1

    assert not first.holds()


@pytest.mark.parametrize("kind", ["bytearray(N)", "array.array('B', bytes(N))"])
def test_looks_at_a_sample_of_a_large_buffer(kind: str) -> None:
    """Of bytes too; a small one is looked at as a whole."""
    source = f"import array\nD = {kind}\n" + USE
    module = run(source.replace("N", str(watched.WHOLE + 1)))
    first = fingerprint(module["f"])
    assert first.lints == (
        "f reads a mutable global D",
        "f reads D, so large that a single value set in it may go unnoticed",
    )

    module["D"][1] = 1
    assert first.holds()
    for at in range(100):
        module["D"][at] = 1
    assert not first.holds()
    module["D"].append(1)
    assert fingerprint(module["f"]) != first
    small = run(source.replace("N", "100"))
    first = fingerprint(small["f"])
    small["D"][1] = 1
    assert not first.holds()


def test_does_not_look_into_what_is_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as itself, and is said to."""
    monkeypatch.setattr(watched, "MOST", 1 << 10)
    module, first = _large(1 << 11)

    assert first.lints == ("f reads a mutable global D", "f cannot see into D, a ndarray")
    assert fingerprint(module["f"]) == first
    assert _large(1 << 11)[1] != first


def test_rules_that_read_one_frame_look_at_it_once() -> None:
    """However many read it, under the same name."""
    pytest.importorskip("pandas")
    module = run(PANDAS + "def f(x): return D\ndef g(x): return D, 1\n")
    one, other = fingerprint(module["f"]), fingerprint(module["g"])

    shared = set(map(id, one.records)) & set(map(id, other.records))
    assert any(r.value is module["D"] for r in one.records if id(r) in shared)
