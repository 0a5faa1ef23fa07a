"""Equality of products: whether a rule that ran again made the same.

Typed and recursive, as keys of params are. Where a value's own `==` has to be asked, an exception
or an answer that is not a bool counts as "changed": a needless run is better than a stale answer.

Knows: values. Does not know: tasks.
"""

from __future__ import annotations

import dataclasses
import enum
import struct
from collections.abc import Mapping
from typing import Any

_PLAIN = {int, str, bytes, bool, type(None)}


def is_same(old: object, new: object) -> bool:
    """Whether two products are of the same types and content, all the way down.

    Never raises; values nested too deeply to compare count as changed.
    """
    if old is new:
        return True
    if old.__class__ is not new.__class__:
        return False
    try:
        return _same(old, new, set())
    except RecursionError:
        return False


def _same(old: Any, new: Any, comparing: set[tuple[int, int]]) -> bool:
    if old is new:
        return True
    cls = old.__class__
    if cls is not new.__class__:
        return False
    if cls in _PLAIN:
        return bool(old == new)
    if cls is float:
        return struct.pack("<d", old) == struct.pack("<d", new) or (old != old and new != new)
    if cls is complex:
        return _same(old.real, new.real, comparing) and _same(old.imag, new.imag, comparing)
    if isinstance(old, enum.Enum):
        return False
    pair = (id(old), id(new))
    if pair in comparing:
        return False  # it holds itself: do not try to be clever
    comparing.add(pair)
    try:
        return _same_inside(old, new, cls, comparing)
    finally:
        comparing.discard(pair)


def _same_inside(old: Any, new: Any, cls: type, comparing: set[tuple[int, int]]) -> bool:
    if dataclasses.is_dataclass(cls):
        params = getattr(cls, "__dataclass_params__", None)
        if params is not None and not params.eq:
            return False
        absent = object()
        return all(
            _same(getattr(old, f.name, absent), getattr(new, f.name, absent), comparing)
            for f in dataclasses.fields(cls)
        )
    if isinstance(old, (tuple, list)) and cls.__eq__ in (tuple.__eq__, list.__eq__):
        return len(old) == len(new) and all(
            _same(a, b, comparing) for a, b in zip(old, new, strict=True)
        )
    if isinstance(old, (set, frozenset)) and cls.__eq__ in (set.__eq__, frozenset.__eq__):
        return len(old) == len(new) and _same_members(old, new, comparing)
    if isinstance(old, Mapping):
        if len(old) != len(new):
            return False
        try:
            partners = {(k.__class__, k): k for k in new}
            return all(
                (k.__class__, k) in partners
                and _same(k, partners[k.__class__, k], comparing)
                and _same(old[k], new[k], comparing)
                for k in old
            )
        except Exception:
            return False
    if cls.__eq__ is object.__eq__:
        return False
    try:
        return (old == new) is True
    except RecursionError:
        raise
    except Exception:
        return False


def _same_members(old: Any, new: Any, comparing: set[tuple[int, int]]) -> bool:
    partners: dict[Any, list[Any]] = {}
    for member in new:
        partners.setdefault((member.__class__, member), []).append(member)
    return all(
        any(_same(member, other, comparing) for other in partners.get((member.__class__, member), ()))
        for member in old
    )
