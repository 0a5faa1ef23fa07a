"""The kinds of event in TypeScript, written from the Python ones.

Knows: dataclasses, their docstrings, and how their types are called in TypeScript.
Does not know: what a frontend does with them.
Holds: the text is the same for the same kinds. All is `readonly`; unions are told apart by `kind`.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from wfnb.events import kinds, state, steps
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
_MODULES = {kinds.__name__: "kinds", state.__name__: "state", steps.__name__: "steps"}
_BOUNDS = {
    "MOST_REQUESTS": MOST_REQUESTS,
    "MOST_MULTIGETS": MOST_MULTIGETS,
    "MOST_SPANS": MOST_SPANS,
    "MOST_WHYS": MOST_WHYS,
    "MOST_CHANGES": MOST_CHANGES,
}


def to_typescript() -> dict[str, str]:
    """The text of each module, by its name: one for each of the Python ones."""
    tagged = [*get_args(Event), Snapshot, Batch]
    found: dict[type, None] = {}
    for cls in (*tagged, State, StepStory):
        _collect(cls, found)
    texts: dict[str, list[str]] = {name: [] for name in _MODULES.values()}
    for cls in found:
        lines = _interface(cls, is_tagged=cls in tagged, has_version=cls in (Snapshot, Batch))
        texts[_MODULES[cls.__module__]] += [*lines, ""]
    texts["kinds"] += _union("WfnbEvent", Event)
    texts["state"] += _union("WfnbMessage", Message)
    bounds = [f"export const {name} = {value};" for name, value in _BOUNDS.items()]
    texts["kinds"][:0] = [f"export const VERSION = {VERSION};", ""]
    texts["state"][:0] = [*bounds, f"export const OTHER_REASONS = '{OTHER_REASONS}';", ""]
    return {name: "\n".join([*_head(name, lines), *lines]) for name, lines in texts.items()}


def _head(name: str, lines: list[str]) -> Iterator[str]:
    """Where a module comes from, and what it takes from the others."""
    maker = "python -m wfnb.events.typescript"
    yield f"// Written from wfnb/events/{name}.py by `{maker}`; do not edit."
    yield ""
    if name == "state":
        used = set(re.findall(r"\b(?:I[A-Z]\w*|WfnbEvent|VERSION)\b", "\n".join(lines)))
        own = set(re.findall(r"^export \w+ (\w+)", "\n".join(lines), re.M))
        yield "import {"
        yield ",\n".join(f"  {one}" for one in sorted(used - own))
        yield "} from './kinds';"
        yield ""


def _union(name: str, union: Any) -> list[str]:
    members = "\n".join(f"  | I{cls.__name__}" for cls in get_args(union))
    return [f"export type {name} =\n{members};", ""]


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


def main(folder: str) -> None:
    """Write the modules into a folder."""
    for name, text in to_typescript().items():
        Path(folder, f"{name}.ts").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
