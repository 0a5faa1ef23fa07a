"""The live view and the static picture have the same colours."""

from __future__ import annotations

import re
from pathlib import Path

from wfnb.pictures.shapes import DAY, NIGHT

CSS = Path(__file__).resolve().parents[2] / "labextension" / "src" / "graph" / "graph.css"
_LINE = re.compile(
    r"^\.wfnb-graph(\[data-wfnb-theme='dark'\])? \.wfnb-(\w+) "
    r"\{ --fill: (#\w+); --edge: (#\w+); --text: (#\w+); \}$",
    re.MULTILINE,
)


def test_paints_each_kind_as_the_picture_does() -> None:
    """By day and by night; a colour that moves has to move in both."""
    found = {
        (bool(dark), kind): paint
        for dark, kind, *paint in _LINE.findall(CSS.read_text(encoding="utf-8"))
    }

    assert found == {
        (is_dark, kind): [paint.fill, paint.line, paint.text]
        for is_dark, paints in ((False, DAY), (True, NIGHT))
        for kind, paint in paints.items()
    }
