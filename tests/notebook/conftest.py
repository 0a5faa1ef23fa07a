"""Fixtures: a kernel per test module, an InteractiveShell per test."""

from __future__ import annotations

import atexit
import builtins
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tests.notebook.cellbench import Bench
from tests.notebook.kernel import Kernel
from wfnb import Engine, set_current_engine


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A started kernel; take `kernel` for one whose names are those of a fresh one."""
    kernel = Kernel(Path(tmp_path_factory.mktemp("kernel")))
    yield kernel
    kernel.close()


@pytest.fixture(scope="module")
def loaded(running: Kernel, request: pytest.FixtureRequest) -> Kernel:
    """That kernel with the extension, and what the test module calls RULES in a cell."""
    running.ok("%load_ext wfnb\n%colors nocolor")
    running.ok(request.module.RULES, cell_id="rules")
    return running


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """An IPython in this process, with nothing loaded."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(sys, "displayhook", sys.displayhook)
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    yield shell
    # At exit each shell would empty itself and collect garbage: minutes for some hundred of them.
    atexit.unregister(shell.atexit_operations)
    if shell.history_manager is not None:
        shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    builtin_names = ("get_ipython", "display")
    for name in builtin_names:
        vars(builtins).pop(name, None)


@pytest.fixture
def bench(shell: InteractiveShell) -> Iterator[Bench]:
    """That IPython with wfnb watching its cells."""
    bench = Bench(shell)
    yield bench
    bench.notebook.uninstall()


@pytest.fixture
def live(shell: InteractiveShell) -> Iterator[Bench]:
    """That IPython with wfnb and a real engine, which `request` asks."""
    engine = Engine()
    set_current_engine(engine)
    bench = Bench(shell, engine)
    yield bench
    bench.notebook.uninstall()
    set_current_engine(None)
