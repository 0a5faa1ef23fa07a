"""Arguments of a process: checked where it is written, not where it runs.

Knows: which argv, paths and limits mean something, and their normal form.
Does not know: what a process is, or how one is started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wfnb.errors import ParamError
from wfnb.intrinsics.environment import is_encodable
from wfnb.intrinsics.paths import relative_path


def argv(argv: Iterable[str]) -> tuple[str, ...]:
    """A program and its arguments."""
    if isinstance(argv, (str, bytes)):
        raise ParamError(
            f"the argv of Process is one text: {argv!r:.80}",
            fix="pass a program and its arguments one by one: Process(['ls', '-l'], …)",
        )
    if not isinstance(argv, Iterable):
        raise ParamError(
            f"the argv of Process is no list: {type(argv).__name__}",
            fix="pass a program and its arguments one by one: Process(['ls', '-l'], …)",
        )
    taken = tuple(argv)
    if not taken or taken[0] == "":
        raise ParamError(
            "the argv of Process names no program", fix="pass the program first: Process(['ls'], …)"
        )
    for position, item in enumerate(taken):
        if not isinstance(item, str):
            raise ParamError(
                f"argv[{position}] of Process is no text: {type(item).__name__}",
                fix="pass str; for a path of a digest, its path in the sandbox",
            )
        if "\0" in item or not is_encodable(item):
            what = "a NUL" if "\0" in item else "half a character"
            raise ParamError(
                f"argv[{position}] of Process has {what} in it",
                fix="pass it in a file; no argument can have one",
            )
    return taken


def outputs(paths: Iterable[str], name: str) -> tuple[str, ...]:
    """Paths of one kind of declared outputs, sorted."""
    if isinstance(paths, (str, bytes)):
        raise ParamError(
            f"the {name} of Process are one text: {paths!r:.80}",
            fix=f"write {name}=[{paths!r:.80}]",
        )
    if not isinstance(paths, Iterable):
        raise ParamError(
            f"the {name} of Process are no list: {type(paths).__name__}",
            fix=f"pass paths in a list: {name}=['out.txt']",
        )
    found = {relative_path(path, f"a path in the {name} of Process") for path in paths}
    return tuple(sorted(found))


def caches(caches: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names of caches with their paths, sorted."""
    if not isinstance(caches, Mapping):
        raise ParamError(
            f"the append_only_caches of Process are no mapping: {type(caches).__name__}",
            fix="pass the path of each by its name: append_only_caches={'wheels': 'caches/wheels'}",
        )
    found = []
    for name, path in caches.items():
        clean = relative_path(name, "the name of a cache of Process")
        if "/" in clean or clean != name:
            raise ParamError(
                f"the name of a cache of Process is a path: {name!r:.80}",
                fix="pass a single name; the path in the sandbox is the value",
            )
        found.append((name, relative_path(path, f"the path of the cache {name} of Process")))
    return tuple(sorted(found))


def positive(number: Any, name: str) -> float | None:
    """A limit, or None for no limit."""
    if number is None:
        return None
    is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
    if not is_number or not 0 < number < float("inf"):
        raise ParamError(
            f"the {name} of Process is no number above 0: {number!r:.80}",
            fix="leave it out, or pass how much it may take",
        )
    return float(number)


def size_limit(number: Any, name: str) -> int:
    """A limit in bytes: a whole number from 1."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ParamError(
            f"the {name} of Process is no whole number above 0: {number!r:.80}",
            fix="leave it out, or pass how much it may take",
        )
    return number


def exactly(value: Any, cls: type, name: str) -> Any:
    """A value of a class."""
    if not isinstance(value, cls):
        raise ParamError(
            f"the {name} of Process is no {cls.__name__}: {type(value).__name__}",
            fix=f"pass a {cls.__name__}",
        )
    return value
