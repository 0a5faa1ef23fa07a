"""Bytes that say what they are made of.

Knows: how parts are joined, and how a plain value is written.
Holds: two different lists of parts never give the same bytes.
"""

from __future__ import annotations

_FEW = 8  # parts up to which adding them one by one is quicker than a join, and not yet quadratic


def frame(tag: bytes, *parts: bytes) -> bytes:
    """Join parts so that no two different lists of parts give the same bytes."""
    if len(parts) > _FEW:
        return b"".join([tag, b"(", *[b"%d:%b" % (len(part), part) for part in parts], b")"])
    found = tag + b"("
    for part in parts:
        found += b"%d:" % len(part) + part
    return found + b")"


def plain(value: object) -> bytes:
    """A number, text, bytes, True, None, …: its type and its value."""
    name = type(value).__name__
    text = plain_text(value)
    return b"%b(%d:%b)" % (name.encode(), len(text), text.encode("utf-8", "backslashreplace"))


def plain_text(value: object) -> str:
    """The repr; an int with more digits than Python likes to print in hex."""
    try:
        return repr(value)
    except ValueError:
        return hex(value) if isinstance(value, int) else object.__repr__(value)
