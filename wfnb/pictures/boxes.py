"""Boxes: what stands in the box of a node, and how large that is.

Knows: the widths of letters in the fonts that are asked for.
Does not know: where a box goes.
Holds: a text is never wider than its box, in fonts up to the widths assumed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from wfnb.pictures.texts import columns, cut
from wfnb.pictures.view import WORDS, Kind, Node, Problem

NAME_PX, NOTE_PX = 13.0, 11.0
LINE_PX = 42.0
PADDING_PX = 12.0
TAG_PX, TAG_GAP_PX = 9.5, 6.0
_NAME_COLUMN = 0.62 * NAME_PX  # fixed-width fonts take 0.55 to 0.61 of their size
_NOTE_COLUMN = 0.58 * NOTE_PX  # of proportional ones most take less than 0.55 on average
_TAG_COLUMN = 0.64 * TAG_PX
_MOST_NAME, _MOST_NOTE, _MOST_NAMES, _MOST_PLACE = 38, 44, 26, 24


@dataclass(frozen=True, slots=True)
class Box:
    """The texts of a node, and its size in pixels.

    Attributes:
        name: the upper line.
        note: the lower line.
        corner: at the right end of the lower line; "" if there is nothing to say.
        chip: at the right end of the upper line: what it asks of wfnb itself.
        badge: right of that: the worst problem; "" if all is well.
    """

    name: str
    note: str
    corner: str
    chip: str
    badge: str
    width: float
    height: float = LINE_PX


def box_of(node: Node) -> Box:
    """What stands in a node's box."""
    name = cut(node.name, _MOST_NAME)
    note, corner = node.note, ""
    if node.kind in ("rule", "group"):
        corner = node.group
        note = cut(note, _MOST_NAMES) if node.kind == "group" else note
    elif node.kind == "goal":
        note, corner = f"goal · {note}" if note else "goal", node.group
    elif node.kind == "query":
        note = f"asked {note}"
    elif node.kind == "intrinsic":
        note = "through wfnb"
    elif node.kind == "missing":
        note = note or WORDS["missing"]
    elif node.kind in ("input", "union", "product"):
        note = WORDS[node.kind]
    note, corner = cut(note, _MOST_NOTE), cut(corner, _MOST_PLACE)
    chip, badge = cut(", ".join(node.through), _MOST_NOTE), badge_of(node.problems)
    upper = columns(name) * _NAME_COLUMN
    upper += sum(tag_width(tag) + TAG_GAP_PX for tag in (chip, badge) if tag)
    lower = (columns(note) + (3 if corner else 0) + columns(corner)) * _NOTE_COLUMN
    width = max(72.0, round(max(upper, lower) + 2 * padding_of(node.kind), 1))
    return Box(name, note, corner, chip, badge, width)


def padding_of(kind: Kind) -> float:
    """The room left and right of the texts; more where the sides are not upright."""
    return PADDING_PX if kind in ("rule", "goal", "group") else 20.0


def tag_width(text: str) -> float:
    """How wide the little box around a chip or a badge is."""
    return round(columns(text) * _TAG_COLUMN + 10.0, 1)


def badge_of(problems: tuple[Problem, ...]) -> str:
    """The worst problem in a few letters; notes need none."""
    grave = [p for p in problems if p.severity != "note"]
    if not grave:
        return ""
    sign = "✖" if grave[0].severity == "error" else "!"
    more = f" +{len(grave) - 1}" if len(grave) > 1 else ""
    return f"{sign} {cut(grave[0].code, 8)}{more}"
