"""SVG: a view as a picture that stands alone.

Knows: SVG.
Does not know: how the view was made or laid out.
Holds: no script, no link, no id, no font or file from elsewhere. All colours are attributes; a
    block for dark surroundings replaces them, so what drops style sheets shows the light picture.
    Texts are escaped where they are put in, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from wfnb.pictures.boxes import (
    NAME_PX,
    NOTE_PX,
    PADDING_PX,
    TAG_GAP_PX,
    TAG_PX,
    padding_of,
    tag_width,
)
from wfnb.pictures.layout import Layout, Line, Placed, lay_out
from wfnb.pictures.shapes import DAY, NIGHT, outline, px
from wfnb.pictures.texts import columns, cut, plain
from wfnb.pictures.tree import tree
from wfnb.pictures.view import WORDS, Edge, Node, View

_MARGIN_PX = 18.0
_FOOT_PX = 17.0
_MOST_PROBLEMS = 4
_MOST_TOLD = 60
_SANS = "system-ui, sans-serif"
_MONO = "ui-monospace, monospace"
_PAPER, _INK, _EDGE, _RED, _AMBER = "#fafbfc", "#4d5666", "#8791a1", "#c0392b", "#9a6700"


def to_svg(view: View, layout: Layout | None = None) -> str:
    """The picture as an SVG document."""
    layout = lay_out(view) if layout is None else layout
    return "\n".join(_document(view, layout))


def _document(view: View, layout: Layout) -> Iterator[str]:
    foot = list(_foot(view))
    head = 26.0
    title = plain(view.title)
    widest = max([columns(text) * NOTE_PX * 0.58 for text, _ in [(title, ""), *foot]])
    width = max(layout.width, min(widest, 900.0)) + 2 * _MARGIN_PX
    height = layout.height + 2 * _MARGIN_PX + head + (len(foot) * _FOOT_PX + 10 if foot else 0)
    w, h = px(width), px(height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}px" height="{h}px" '
        f'viewBox="0 0 {w} {h}" role="img" font-family="{_SANS}" font-size="{px(NOTE_PX)}">'
    )
    yield f"<title>Rule graph, {escape(title)}</title>"
    yield f"<desc>{escape(tree(view, most_lines=_MOST_TOLD))}</desc>"
    yield f"<style>{_night()}</style>"
    yield (
        f'<rect class="wfnb-paper" x="0.5" y="0.5" width="{px(width - 1)}" '
        f'height="{px(height - 1)}" rx="8" fill="{_PAPER}" stroke="#d5dae2"/>'
    )
    yield _text(_MARGIN_PX, _MARGIN_PX + 8, title, "wfnb-ink", _INK, weight=600)
    dx = (width - layout.width) / 2 if layout.direction == "down" else _MARGIN_PX
    yield f'<g transform="translate({px(dx)} {px(_MARGIN_PX + head)})">'
    for edge, line in zip(view.edges, layout.lines, strict=True):
        yield from _line(edge, line, layout)
    for node, placed in zip(view.nodes, layout.boxes, strict=True):
        yield from _box(node, placed)
    yield "</g>"
    y = height - _MARGIN_PX - (len(foot) - 1) * _FOOT_PX
    for text, colour in foot:
        name = {_RED: "wfnb-red", _AMBER: "wfnb-amber"}.get(colour, "wfnb-ink")
        yield _text(_MARGIN_PX, y, text, name, colour)
        y += _FOOT_PX
    yield "</svg>"


# ------------------------------------------------------------ parts


def _box(node: Node, at: Placed) -> Iterator[str]:
    box, paint = at.box, DAY[node.kind]
    shape = outline(node.kind, at.x, at.y, box.width, box.height)
    is_broken = box.badge.startswith("✖")
    line = _RED if is_broken else paint.line
    name = f"wfnb-{node.kind}" + (" wfnb-broken" if is_broken else "")
    thick = 3 if node.is_focus else 2 if is_broken or node.kind in ("goal", "query") else 1.3
    dashes = ' stroke-dasharray="4 3"' if node.kind in ("param", "missing") else ""
    yield f'<g class="{name}"><title>{escape(_told(node))}</title>'
    yield (
        f'<path d="{shape}" fill="{paint.fill}" stroke="{line}" stroke-width="{px(thick)}"'
        f'{dashes} stroke-linejoin="round"/>'
    )
    padding = padding_of(node.kind)
    is_centred = padding != PADDING_PX and not box.chip and not box.badge
    x = at.x if is_centred else at.x - box.width / 2 + padding
    anchor = "middle" if is_centred else "start"
    yield _text(x, at.y - 3, box.name, "", paint.text, NAME_PX, 600, _MONO, anchor)
    yield _text(x, at.y + 13, box.note, "", paint.text, anchor=anchor)
    if box.corner:
        corner = at.x + box.width / 2 - padding
        yield _text(corner, at.y + 13, box.corner, "", paint.text, anchor="end", opacity=0.75)
    right = at.x + box.width / 2 - padding
    if box.badge:
        right -= tag_width(box.badge)
        name = "error" if is_broken else "warning"
        yield from _tag(box.badge, right, at.y - 15, name, _RED if is_broken else _AMBER, "#ffffff")
        right -= TAG_GAP_PX
    if box.chip:
        right -= tag_width(box.chip)
        yield from _tag(box.chip, right, at.y - 15, "chip", DAY["intrinsic"].fill, _INK)
    yield "</g>"


def _tag(text: str, x: float, y: float, name: str, fill: str, ink: str) -> Iterator[str]:
    """A word in a little box; round for an error, so that it differs from a warning in shape."""
    width = tag_width(text)
    rounding = 7 if name == "error" else 2
    yield (
        f'<rect class="wfnb-{name}" x="{px(x)}" y="{px(y)}" width="{px(width)}" height="14" '
        f'rx="{rounding}" fill="{fill}"/>'
    )
    weight = 400 if name == "chip" else 700
    middle = x + width / 2
    yield _text(middle, y + 10.4, text, f"wfnb-on-{name}", ink, TAG_PX, weight, anchor="middle")


def _line(edge: Edge, line: Line, layout: Layout) -> Iterator[str]:
    points = line.points
    if line.is_loop:
        (x0, y0), _, (x1, y1), (x2, y2), tip, _ = points
        way = (-1.0, 0.0)
        d = f"M{px(x0)} {px(y0)}C{px(x1)} {px(y1)} {px(x2)} {px(y2)} {px(tip[0] + 6)} {px(tip[1])}"
    else:
        is_down = layout.direction == "down"
        sign = -1.0 if line.is_back else 1.0
        tip, way = points[-1], (0.0, sign) if is_down else (sign, 0.0)
        last = (tip[0] - 7 * way[0], tip[1] - 7 * way[1])
        d = _curve([*points[:-1], last], is_down)
    dashes = ""
    if edge.is_rival:
        dashes = ' stroke-dasharray="2 4"'
    elif edge.kind in ("get", "call"):
        dashes = ' stroke-dasharray="7 4"'
    colour, name = (_RED, "wfnb-stopped") if edge.is_stopped else (_EDGE, "wfnb-edge")
    yield f'<g class="{name}" fill="none" stroke="{colour}" stroke-width="1.4">'
    if edge.labels:
        yield f"<title>{escape(plain(', '.join(edge.labels)))}</title>"
    yield f'<path d="{d}"{dashes}/>'
    if edge.is_stopped:
        yield f'<path d="{_cross(tip, way)}" stroke-width="2"/></g>'
    else:
        yield f'<path class="wfnb-head" d="{_head(tip, way)}" fill="{colour}" stroke="none"/></g>'


def _curve(points: list[tuple[float, float]], is_down: bool) -> str:
    parts = [f"M{px(points[0][0])} {px(points[0][1])}"]
    for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        if number % 2:
            parts.append(f"L{px(x1)} {px(y1)}")
            continue
        half = (y0 + y1) / 2 if is_down else (x0 + x1) / 2
        first, second = ((x0, half), (x1, half)) if is_down else ((half, y0), (half, y1))
        parts.append(
            f"C{px(first[0])} {px(first[1])} {px(second[0])} {px(second[1])} {px(x1)} {px(y1)}"
        )
    return "".join(parts)


def _head(tip: tuple[float, float], way: tuple[float, float]) -> str:
    (x, y), (dx, dy) = tip, way
    back_x, back_y = x - 9 * dx, y - 9 * dy
    return (
        f"M{px(x)} {px(y)}L{px(back_x - 4 * dy)} {px(back_y - 4 * dx)}"
        f"L{px(back_x + 4 * dy)} {px(back_y + 4 * dx)}z"
    )


def _cross(tip: tuple[float, float], way: tuple[float, float]) -> str:
    x, y = tip[0] - 7 * way[0], tip[1] - 7 * way[1]
    return (
        f"M{px(x - 4)} {px(y - 4)}L{px(x + 4)} {px(y + 4)}"
        f"M{px(x - 4)} {px(y + 4)}L{px(x + 4)} {px(y - 4)}"
    )


def _foot(view: View) -> Iterator[tuple[str, str]]:
    """What the lines mean, and the first problems in full."""
    told = []
    if any(e.kind == "param" and not e.is_rival and not e.is_stopped for e in view.edges):
        told.append("solid: needed before it starts")
    if any(e.kind in ("get", "call") and not e.is_rival for e in view.edges):
        told.append("dashed: asked for while it runs")
    if any(e.is_rival for e in view.edges):
        told.append("dotted: could answer, too")
    if any(e.is_stopped for e in view.edges):
        told.append("crossed: stopped by an error")
    if view.hint:
        yield view.hint, _INK
    if len(told) > 1 or any(text.startswith(("dotted", "crossed")) for text in told):
        yield " · ".join(told), _INK
    grave = [p for p in view.all_problems if p.severity != "note"]
    for problem in grave[:_MOST_PROBLEMS]:
        where = f"  {problem.place}" if problem.place else ""
        sign, colour = ("✖", _RED) if problem.severity == "error" else ("!", _AMBER)
        yield cut(f"{sign} {problem.code}  {problem.message}{where}", 140), colour
    if len(grave) > _MOST_PROBLEMS:
        yield f"… and {len(grave) - _MOST_PROBLEMS} more: %wf check", _INK


def _told(node: Node) -> str:
    """What a pointer over the node shows, where pictures are looked at with one."""
    parts = [
        f"{WORDS[node.kind]} {node.signature or node.name}",
        node.place,
        node.doc,
        *[f"{p.code}  {p.message}" for p in node.problems],
    ]
    return "\n".join(plain(part) for part in parts if part)


def _text(
    x: float,
    y: float,
    text: str,
    name: str,
    colour: str,
    size: float = NOTE_PX,
    weight: int = 400,
    family: str = "",
    anchor: str = "start",
    opacity: float = 1.0,
) -> str:
    more = f' class="{name}"' if name else ""
    more += f' font-size="{px(size)}"' if size != NOTE_PX else ""
    more += f' font-weight="{weight}"' if weight != 400 else ""
    more += f' font-family="{family}"' if family else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' opacity="{opacity}"' if opacity != 1.0 else ""
    return f'<text x="{px(x)}" y="{px(y)}" fill="{colour}"{more}>{escape(text)}</text>'


def _night() -> str:
    rules = [
        ".wfnb-paper{fill:#1b2029;stroke:#3a4250}",
        ".wfnb-ink{fill:#b9c2d0}",
        ".wfnb-edge{stroke:#7f8a9b}.wfnb-head{fill:#7f8a9b}",
        ".wfnb-stopped{stroke:#ff7b70}",
        ".wfnb-red{fill:#ff8f85}.wfnb-amber{fill:#e8b64c}",
    ]
    for kind, paint in NIGHT.items():
        rules.append(f".wfnb-{kind}>path{{fill:{paint.fill};stroke:{paint.line}}}")
        rules.append(f".wfnb-{kind}>text{{fill:{paint.text}}}")
    rules.append(".wfnb-broken>path{stroke:#ff7b70}")
    rules.append("g>.wfnb-on-error,g>.wfnb-on-warning{fill:#ffffff}")
    rules.append(".wfnb-chip{fill:#3a4352}g>.wfnb-on-chip{fill:#c5cdd9}")
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
