"""Texts: names made fit to be drawn, whatever characters they have.

Knows: which characters are seen, how many columns they take in a fixed-width font.
Does not know: formats and their escapes.
Holds: what comes out is one line without control, direction or private characters, so it means the
    same in any writer and can be encoded.
"""

from __future__ import annotations

import unicodedata

_SPACES = {"Zl", "Zp", "Zs"}
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Co"}
_MOST_MARKS = 2  # on one letter; more would climb over the lines above


def plain(text: str) -> str:
    """The text on one line, with a mark for each character that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    found: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character in "\n\r\t" or category in _SPACES:
            found.append(" ")
        elif category in _UNSEEN:
            found.append("\N{REPLACEMENT CHARACTER}")
        elif marks <= _MOST_MARKS:
            found.append(character)
    return "".join(found)


def columns(text: str) -> int:
    """How many columns a plain text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def cut(text: str, most: int) -> str:
    """The plain text, or as much of it as fits, with an ellipsis."""
    text = plain(text)
    if columns(text) <= most:
        return text
    room, kept = most - 1, []
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
