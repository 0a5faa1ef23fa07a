"""The kinds of event in TypeScript, written from the Python ones.

Knows: dataclasses, their docstrings, and how their types are called in TypeScript.
Does not know: what a frontend does with them.
Holds: the text is the same for the same kinds. All is `readonly`; unions are told apart by `kind`.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from wfnb.events.codec import kind_name
from wfnb.events.kinds import VERSION, Event
from wfnb.events.state import (
    MOST_CHANGES,
    MOST_MULTIGETS,
    MOST_REQUESTS,
    MOST_SPANS,
    MOST_WHYS,
    OTHER_REASONS,
    Batch,
    Message,
    Snapshot,
    State,
)
from wfnb.events.steps import StepStory

_NAMES: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}
_ENTRY = re.compile(r"^ {4}([\w, ]+): (.*)$")
_BOUNDS = {
    "MOST_REQUESTS": MOST_REQUESTS,
    "MOST_MULTIGETS": MOST_MULTIGETS,
    "MOST_SPANS": MOST_SPANS,
    "MOST_WHYS": MOST_WHYS,
    "MOST_CHANGES": MOST_CHANGES,
}


def to_typescript() -> str:
    """The text of the module."""
    parts = [
        "// Written from wfnb/events by `python -m wfnb.events.typescript`; do not edit.",
        f"export const VERSION = {VERSION};",
        *[f"export const {name} = {value};" for name, value in _BOUNDS.items()],
        f"export const OTHER_REASONS = '{OTHER_REASONS}';",
        "",
    ]
    tagged = [*get_args(Event), Snapshot, Batch]
    found: dict[type, None] = {}
    for cls in (*tagged, State, StepStory):
        _collect(cls, found)
    for cls in found:
        is_message = cls in (Snapshot, Batch)
        parts += [*_interface(cls, is_tagged=cls in tagged, has_version=is_message), ""]
    for name, union in (("WfnbEvent", Event), ("WfnbMessage", Message)):
        members = "\n".join(f"  | I{cls.__name__}" for cls in get_args(union))
        parts += [f"export type {name} =\n{members};", ""]
    return "\n".join(parts)


def _collect(cls: type, found: dict[type, None]) -> None:
    """A class after those that its fields are of."""
    if cls in found:
        return
    for hint in get_type_hints(cls).values():
        for inner in _classes(hint):
            _collect(inner, found)
    found[cls] = None


def _classes(hint: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _classes(inner)


def _interface(cls: type, *, is_tagged: bool, has_version: bool) -> Iterator[str]:
    text, entries = _docstring(cls)
    yield from _comment(text, "")
    yield f"export interface I{cls.__name__} {{"
    if has_version:
        yield "  readonly v: typeof VERSION;"
    if is_tagged:
        yield f"  readonly kind: '{kind_name(cls)}';"
    hints = get_type_hints(cls)
    for field in dataclasses.fields(cls):
        if field.name in entries:
            yield from _comment(entries[field.name], "  ")
        yield f"  readonly {field.name}: {_type(hints[field.name])};"
    yield "}"


def _type(hint: Any) -> str:
    if hint == Event:
        return "WfnbEvent"
    if hint in _NAMES:
        return _NAMES[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(f"'{one}'" for one in arguments)
    if origin is tuple:
        inner = _type(arguments[0])
        return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    if origin in (UnionType, Union):
        return " | ".join(map(_type, arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{{ readonly [key: string]: {_type(arguments[1])} }}"
    return f"I{hint.__name__}"


# -------------------------------------------------------------------- docstrings


def _docstring(cls: type) -> tuple[str, dict[str, str]]:
    """What a docstring says of the class, and of each attribute."""
    text, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\n\nAttributes:\n")
    entries: dict[str, str] = {}
    names: list[str] = []
    for line in attributes.splitlines():
        match = _ENTRY.match(line)
        if match is not None:
            names = [name.strip() for name in match[1].split(",")]
            entries.update(dict.fromkeys(names, match[2]))
        else:
            entries.update({name: f"{entries[name]} {line.strip()}" for name in names})
    return " ".join(text.split()), entries


def _comment(text: str, indent: str) -> Iterator[str]:
    """A doc comment of lines that are not too long."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + len(word) > 96:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    lines.append(line)
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
        return
    yield f"{indent}/**"
    yield from (f"{indent} * {one}" for one in lines)
    yield f"{indent} */"


if __name__ == "__main__":
    print(to_typescript(), end="")
