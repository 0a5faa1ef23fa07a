"""Extents: where exactly something stands in the text, as editors count.

Python counts bytes of UTF-8 within a line, editors UTF-16 code units: after an `é` or an emoji the
two differ.

Knows: places, lines of text.
Does not know: what is said of a place.
Holds: what cannot be found exactly is the name behind `def`, or the whole line.
"""

from __future__ import annotations

import linecache
import re

from wfnb.events.kinds import Extent
from wfnb.hashing.syntax import function_at
from wfnb.places import Place, syntax_of

_DEF = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")


def extent_of(place: Place) -> Extent | None:
    """The piece of text that a place means; None if its text is not at hand."""
    if not place.file or not place.line:
        return None
    found = place.syntax or _param(place)
    if found is not None:
        return _extent(place.file, *found)
    text = linecache.getline(place.file, place.line).rstrip()
    if not text:
        return None
    name = _DEF.match(text)
    since, until = name.span(1) if name else (len(text) - len(text.lstrip()), len(text))
    since, until = _units(text[:since]), _units(text[:until])
    return Extent(place.line, since, place.line, until, text)


def _param(place: Place) -> tuple[int, int, int, int] | None:
    """Where the parameter stands that a place means."""
    if not place.param or place.line is None:
        return None
    function = function_at(place.file, place.line)
    if function is None:
        return None
    each = function.args
    for arg in (*each.posonlyargs, *each.args, *each.kwonlyargs):
        if arg.arg == place.param:
            return syntax_of(arg)
    return None


def _extent(file: str, line: int, since: int, end_line: int, until: int) -> Extent | None:
    text = linecache.getline(file, line).rstrip("\r\n")
    last = linecache.getline(file, end_line)
    if not text or not last:
        return None
    return Extent(line, _column(text, since), end_line, _column(last, until), text.rstrip())


def _column(text: str, offset: int) -> int:
    """From bytes of UTF-8 to UTF-16 code units."""
    return _units(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "surrogatepass"))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
