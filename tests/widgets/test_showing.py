"""The progress view of one request, where something goes wrong."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.events.watchers import Number, Square
from wfnb import Engine, rule
from wfnb.widgets import progress as progress_module
from wfnb.widgets.progress import ProgressView, show_progress


@pytest.mark.parametrize("where", ["display", "tell"])
def test_ends_where_it_cannot_be_shown(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No view stays behind that says that it is live."""
    may_end = threading.Event()

    @rule
    def slow(number: Number) -> Square:
        assert may_end.wait(10)
        return Square(1)

    engine = Engine([slow])
    views: list[ProgressView] = []
    real = ProgressView.__init__

    def note(self: ProgressView, *args: Any, **keywords: Any) -> None:
        views.append(self)
        real(self, *args, **keywords)

    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(ProgressView, "__init__", note)
    if where == "tell":
        monkeypatch.setattr(progress_module._Shown, "tell", fail)
    asking = threading.Thread(target=lambda: engine.request(Square, Number(1)))
    asking.start()
    try:
        while not engine.running:
            pass
        display = fail if where == "display" else bool
        with pytest.raises(ConnectionError):
            show_progress(engine, next(iter(engine.running)), "", display)
    finally:
        may_end.set()
        asking.join()

    [view] = views
    assert view.comm is None if where == "display" else not view.is_live
