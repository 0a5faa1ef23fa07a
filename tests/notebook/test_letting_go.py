"""What a notebook lets go of, and where it finds the cell that asked."""

from __future__ import annotations

import gc
import io
import sys
import weakref
from types import SimpleNamespace
from typing import Any

import pytest

from wfnb import Engine, rule
from wfnb.notebook.askers import Askers
from wfnb.notebook.control import Control
from wfnb.notebook.progress import Progress


class Param:
    """A value that can be watched go."""


class Found:
    """What is asked for."""


@rule
def find(param: Param) -> Found:
    return Found()


@pytest.mark.parametrize("is_replaced", [True, False])
def test_forgets_what_an_earlier_engine_was_asked(is_replaced: bool) -> None:
    """When another one has come, or when it has gone; cells that asked it are not stale."""
    askers = Askers(lambda: "cell", lambda cls: False)
    engine, other, param = Engine([find]), Engine([find]), Param()
    askers.know(engine)
    askers.note(Found, (param,))
    askers.know(engine)
    gone = weakref.ref(param)
    del param
    gc.collect()
    assert gone() is not None

    if is_replaced:
        askers.know(other)
    else:
        del engine
    gc.collect()

    assert gone() is None
    assert askers.stale(other) == []


def test_keeps_what_was_asked_before_an_engine_was_known() -> None:
    """The first engine to settle in is the one that was asked."""
    askers = Askers(lambda: "cell", lambda cls: False)
    engine = Engine([find])
    askers.note(Found, (Param(),))
    askers.know(engine)

    assert askers.stale(engine) == ["cell"]


def test_finds_the_cell_that_asked_though_it_was_loaded_in_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`%%capture` in the cell that loads stands in for the kernel's stream until its end."""
    shell: Any = SimpleNamespace(display_pub=SimpleNamespace(parent_header={"msg_id": "running"}))
    own: Any = SimpleNamespace(parent_header={"msg_id": "asked"})
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.StringIO())
        progress = Progress(shell, Control(Engine))
        assert progress._cell_that_asked() == {"msg_id": "running"}
    monkeypatch.setattr(sys, "stdout", own)

    assert progress._cell_that_asked() == {"msg_id": "asked"}
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert progress._cell_that_asked() == {"msg_id": "asked"}
