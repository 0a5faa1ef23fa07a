"""How types, values and lists of them are put in messages about rules.

Knows: short, deterministic names; never an address.
Does not know: what the messages are about.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any

from wfnb.places import NOWHERE, Place, place

WIDTH = 60
_NOISE = re.compile(r" at 0x[0-9a-fA-F]+|(?:\w+\.)*\w+\.<locals>\.")

_MODULES = re.compile(r"(?:[\w<>]+\.)+(?=\w)")


def short_value(value: object, width: int = WIDTH) -> str:
    """A value as its author would write it, cut to `width` characters."""
    if isinstance(value, type):
        return type_name(value)
    cls = type(value)
    if cls.__repr__ is object.__repr__:
        return f"{type_name(cls)}(…)"
    try:
        text = repr(value)
    except Exception:
        return f"{type_name(cls)}(…)"
    return cut(_NOISE.sub("", text).replace("\n", " "), width)


def cut(text: str, width: int = WIDTH) -> str:
    """The text itself, or its beginning and an ellipsis."""
    return text if len(text) <= width else text[: width - 1] + "…"


def type_name(annotation: Any) -> str:
    """A class by its name, without enclosing functions; anything else as it is written."""
    if annotation is type(None):
        return "None"
    if isinstance(annotation, type):
        return plain_qualname(annotation.__qualname__)
    if isinstance(annotation, str):
        return repr(annotation)
    named = getattr(annotation, "__supertype__", None)
    if named is not None:
        return str(getattr(annotation, "__name__", "NewType"))
    return cut(_MODULES.sub("", short_value(annotation, 10 * WIDTH)))


def plain_qualname(qualname: str) -> str:
    """A qualified name without what encloses its last `<locals>`."""
    return qualname.rpartition("<locals>.")[2]


def a(noun: str) -> str:
    """The noun with its indefinite article."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" and noun[:1] else f"a {noun}"


def listing(names: Iterable[str], empty: str = "nothing", last: str = "and") -> str:
    """`A`, `A and B`, or `A, B and C`."""
    known = list(names)
    if not known:
        return empty
    if len(known) == 1:
        return known[0]
    return f"{', '.join(known[:-1])} {last} {known[-1]}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was perhaps meant."""
    from difflib import get_close_matches

    found = get_close_matches(name, [other for other in known if other != name], 1, 0.6)
    return found[0] if found else None


def place_of_caller() -> Place:
    """The innermost line on the stack that is not part of this package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not str(frame.f_globals.get("__name__", "")).startswith("wfnb.rules."):
            return place(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return NOWHERE
