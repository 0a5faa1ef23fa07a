"""Shapes: the outline and the colours of each kind of node.

Knows: pixels and colours.
Does not know: what is written inside.
Holds: no two kinds share a shape. Texts have a contrast of at least 4.5 to 1 on their box, by day
    and by night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wfnb.pictures.view import Kind


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours of a box: fill, outline, text."""

    fill: str
    line: str
    text: str


GREEN, BLUE = Paint("#dcf3e1", "#2f8f4e", "#14532d"), Paint("#dbe9fd", "#2f6fd0", "#173f80")
DAY: Mapping[Kind, Paint] = MappingProxyType(
    {
        "input": GREEN,
        "param": Paint("#eef6f0", "#6d9a7b", "#2f5a3f"),
        "missing": Paint("#fdeaea", "#c93636", "#8c1d1d"),
        "rule": Paint("#ffffff", "#8a93a3", "#1f2733"),
        "goal": Paint("#fdecd2", "#c77700", "#6b3f00"),
        "union": Paint("#efe8fb", "#7d57c2", "#472a80"),
        "intrinsic": Paint("#e9ecf1", "#7b8494", "#3a4250"),
        "product": BLUE,
        "query": BLUE,
        "group": Paint("#ffffff", "#5d6778", "#1f2733"),
    }
)
NIGHT: Mapping[Kind, Paint] = MappingProxyType(
    {
        "input": Paint("#17391f", "#4fb56e", "#c4efd0"),
        "param": Paint("#1e2b22", "#68977a", "#bcd6c5"),
        "missing": Paint("#421a1c", "#e86a6a", "#ffd0d0"),
        "rule": Paint("#272d38", "#7d889a", "#e8ecf3"),
        "goal": Paint("#44300f", "#e0a03c", "#ffe2b0"),
        "union": Paint("#33264f", "#a98be0", "#e2d6fb"),
        "intrinsic": Paint("#222731", "#7b8798", "#c5cdd9"),
        "product": Paint("#16315a", "#6aa3f5", "#d3e5ff"),
        "query": Paint("#16315a", "#6aa3f5", "#d3e5ff"),
        "group": Paint("#272d38", "#98a3b5", "#e8ecf3"),
    }
)


def outline(kind: Kind, x: float, y: float, width: float, height: float) -> str:
    """The path of a node's outline around its middle, for the `d` of an SVG path."""
    left, right, top, low = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    if kind in ("input", "param", "missing"):
        return _rounded(left, top, width, height, height / 2)
    if kind == "query":
        return _polygon(
            (left + 14, top), (right - 14, top), (right, y), (right - 14, low), (left + 14, low),
            (left, y),
        )  # fmt: skip
    if kind == "product":
        return _polygon(
            (left, top), (right - 12, top), (right, top + 12), (right, low), (left, low)
        ) + _lines((right - 12, top), (right - 12, top + 12), (right, top + 12))
    if kind == "goal":
        c = 9
        return _polygon(
            (left + c, top), (right - c, top), (right, top + c), (right, low - c), (right - c, low),
            (left + c, low), (left, low - c), (left, top + c),
        )  # fmt: skip
    if kind == "union":
        return _polygon((left + 12, top), (right, top), (right - 12, low), (left, low))
    if kind == "intrinsic":
        return (
            _rounded(left, top, width, height, 2)
            + _lines((left + 6, top), (left + 6, low))
            + _lines((right - 6, top), (right - 6, low))
        )
    if kind == "group":
        edge = (right + 3, low + 3)  # twice, so that the lines enclose nothing to be filled
        behind = _lines((left + 6, low + 3), edge, (right + 3, top + 6), edge)
        return _rounded(left, top, width, height, 5) + behind
    return _rounded(left, top, width, height, 7)


def px(value: float) -> str:
    """A number of pixels, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def _rounded(left: float, top: float, width: float, height: float, radius: float) -> str:
    r, w, h = px(radius), px(width - 2 * radius), px(height - 2 * radius)
    return (
        f"M{px(left + radius)} {px(top)}h{w}a{r} {r} 0 0 1 {r} {r}v{h}"
        f"a{r} {r} 0 0 1 -{r} {r}h-{w}a{r} {r} 0 0 1 -{r} -{r}v-{h}a{r} {r} 0 0 1 {r} -{r}z"
    )


def _polygon(*points: tuple[float, float]) -> str:
    return f"{_lines(*points)}z"


def _lines(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{px(x)} {px(y)}" for x, y in points)
