"""Naming: values and tasks in a few characters, as users read them.

Knows: how to show a value shortly, the same every time, without an address or a secret.
Does not know: scheduling.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wfnb.rules.goals import has_effects
from wfnb.taskgraph.tasks import is_given

if TYPE_CHECKING:
    from wfnb.taskgraph.tasks import Task

_WIDTH = 40


def short_value(value: object, width: int = _WIDTH) -> str:
    """A value in a few characters: its type and what tells it apart, never an address."""
    text = ""
    for depth in (2, 1):  # leave out what is inside before cutting anything off
        text = _short(value, width, depth)
        if len(text) <= width:
            return text
    return text[: width - 1] + "…"


def _short(value: object, width: int, depth: int) -> str:
    cls = value.__class__
    if cls in (bytes, bytearray, memoryview) and len(value) > 16:  # type: ignore[arg-type]
        return f"{cls.__name__} of {len(value):,}"  # type: ignore[arg-type]
    if cls is str:
        return repr(value if len(value) <= width else value[:width] + "…")  # type: ignore[index,arg-type]
    if isinstance(value, enum.Enum):
        return f"{cls.__name__}.{value.name}"
    if dataclasses.is_dataclass(value) and _has_given_repr(cls):
        if not depth:
            return f"{cls.__name__}(…)"
        shown: list[str] = []
        for field in dataclasses.fields(value):
            if not field.repr:  # a secret, or what nobody wants to read
                continue
            if len(shown) == 3:
                shown.append("…")
                break
            shown.append(_short(getattr(value, field.name, "…"), width // 2, depth - 1))
        is_hidden = not shown and bool(dataclasses.fields(value))
        return f"{cls.__name__}({'…' if is_hidden else ', '.join(shown)})"
    if cls in (tuple, list, set, frozenset, dict):
        items: list[Any] = list(value)[:3]  # type: ignore[call-overload]
        text = ", ".join(_short(item, width // 2, depth - 1) for item in items) if depth else "…"
        more = ", …" if len(value) > 3 and depth else ""  # type: ignore[arg-type]
        if cls is tuple and len(value) == 1 and depth:  # type: ignore[arg-type]
            more = ","
        marks = {"list": "[]", "tuple": "()"}.get(cls.__name__, "{}")
        return f"{marks[0]}{text}{more}{marks[1]}"
    if cls.__repr__ is object.__repr__:
        return f"{cls.__name__}(…)"
    try:
        text = repr(value)
    except Exception:
        return f"{cls.__name__}(…)"
    if "\n" in text:
        shape = getattr(value, "shape", None)
        if type(shape) is tuple and shape:  # a frame or an array: its drawing says little when cut
            return f"{cls.__name__} of {' × '.join(f'{size:,}' for size in shape)}"
    return text.replace("\n", " ")


def _has_given_repr(cls: type) -> bool:
    """Whether the text of a dataclass is the one that dataclasses write, not its author's own."""
    params, own = getattr(cls, "__dataclass_params__", None), getattr(cls, "__repr__", None)
    return params is None or params.repr or own is object.__repr__


def label_of(task: Task) -> str | None:
    """What a task that ships with wfnb is to be called; None if it has no such name."""
    if not task.family.rule.is_intrinsic:
        return None
    label = getattr(task.params[0], "label", None)
    return label if isinstance(label, str) else None


def describe(task: Task) -> str:
    """A task as its rule's name and its params: `resize(Photo('cat.jpg'), Size(64))`.

    What ships with wfnb and says what it is to be called is named so: `process 'lint'`.
    """
    if is_given(task):
        return short_value(task.value)
    family = task.family
    label = label_of(task)
    if label is not None:
        return label
    params = [param for param in task.params if not has_effects(type(param))]
    return f"{family.rule.name}({', '.join(map(short_value, params))})"


def name_list(names: Iterable[str], most: int = 3) -> str:
    """`a, b, c and 2 more`."""
    known = list(names)
    head = ", ".join(known[:most])
    return f"{head} and {len(known) - most} more" if len(known) > most else head
