"""Patterns, read: from text to parts.

Knows: the text of one pattern, and what is wrong with it.
Does not know: how patterns run side by side (see `globs`).
Holds: matching a part takes time linear in the name.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from wfnb.errors import ParamError
from wfnb.intrinsics.paths import check_text, shown

_MAGIC: Final = re.compile(r"[*?\[]")


class Wild(NamedTuple):
    """A part with wildcards; `pattern` is None for a plain `*`."""

    pattern: re.Pattern[str] | None
    names_hidden: bool


class Deep:
    """The part `**`: any number of folders."""


DEEP: Final = Deep()
ANY: Final = Wild(None, False)
Part: TypeAlias = str | Wild | Deep


class Pattern(NamedTuple):
    """One pattern, in parts: one per name.

    Attributes:
        text: as written; of an exclude, without the "!".
        is_folders_only: an exclude that ended in "/".
    """

    text: str
    parts: tuple[Part, ...]
    is_exclude: bool
    is_folders_only: bool


def parse(text: str) -> Pattern:
    """A pattern that adds.

    Raises:
        ParamError: it leaves the root, or cannot be read.
    """
    return Pattern(text, _parts(text, text), False, False)


def parse_exclude(text: str) -> Pattern:
    """An exclude, as a line of .gitignore: without "/" it means that name in any folder."""
    whole = f"!{text}"
    if text.startswith("!"):
        raise ParamError(
            f"a pattern cannot be excluded from the excludes: {shown(whole)}",
            fix="narrow the exclude instead, or ask twice and merge",
        )
    is_folders_only = text.endswith("/")
    body = text.removesuffix("/")
    if "/" not in body:
        return Pattern(text, (DEEP, *_parts(body, whole)), True, is_folders_only)
    return Pattern(text, _parts(body.removeprefix("/"), whole), True, is_folders_only)


def _parts(text: str, whole: str) -> tuple[Part, ...]:
    check_text(text, "a pattern")
    names = [name for name in text.split("/") if name not in ("", ".")]
    if text.startswith("/"):
        raise ParamError(
            f"a pattern is absolute: {shown(whole)}",
            why=("only files below the root can be asked for",),
            fix="write it relative to the root",
        )
    if ".." in names:
        raise ParamError(
            f"a pattern may not leave the root by '..': {shown(whole)}",
            fix="write it from the root down",
        )
    if names and names[0] == "~":
        raise ParamError(
            f"'~' is no folder below the root: {shown(whole)}",
            why=("only files below the root can be asked for",),
            fix="write the pattern relative to the root, or [~] for a file of that name",
        )
    if not names:
        raise ParamError(
            f"a pattern is empty: {whole!r}", fix="write * for the root's files, ** for all"
        )
    parts: list[Part] = []
    for name in names:
        if name != "**":
            parts.append(_part(name, whole))
        elif not parts or parts[-1] is not DEEP:
            parts.append(DEEP)
    if parts[-1] is DEEP:
        parts.append(ANY)
    return tuple(parts)


def _part(name: str, whole: str) -> Part:
    if name == "*":
        return ANY
    if not _MAGIC.search(name):
        return name
    if "**" in name:
        raise ParamError(
            f"'**' has to stand alone between slashes: {shown(whole)}",
            fix=f"write {shown(whole.replace(name, '**/' + re.sub(r'[*]{2,}', '*', name)))}",
        )
    return Wild(re.compile(_expression(name, whole), re.DOTALL), name.startswith("."))


def _expression(name: str, whole: str) -> str:
    """The regular expression of one part.

    What is between two stars is looked for as early as possible and never given up again (an
    atomic group), so nothing is tried twice.
    """
    chunks = [""]
    index = 0
    while index < len(name):
        char = name[index]
        index += 1
        if char == "*":
            chunks.append("")
        elif char == "?":
            chunks[-1] += "."
        elif char == "[":
            end = name.find("]", index + (2 if name[index : index + 1] in ("!", "^") else 1))
            if end < 0:
                raise ParamError(
                    f"'[' is never closed: {shown(whole)}",
                    fix="close it with ']', or write [[] for the character itself",
                )
            chunks[-1] += _characters(name[index:end], whole)
            index = end + 1
        else:
            chunks[-1] += re.escape(char)
    if len(chunks) == 1:
        return chunks[0]
    first, *middle, last = chunks
    return first + "".join(f"(?>.*?{chunk})" for chunk in middle) + f".*{last}"


def _characters(body: str, whole: str) -> str:
    negation = ""
    if body[0] in "!^":
        negation, body = "^", body[1:]
    members = ""
    index = 0
    while index < len(body):
        if index + 2 < len(body) and body[index + 1] == "-":
            low, high = body[index], body[index + 2]
            if low > high:
                raise ParamError(
                    f"a range runs backwards: [{low}-{high}] in {shown(whole)}",
                    fix=f"write [{high}-{low}]",
                )
            members += f"{re.escape(low)}-{re.escape(high)}"
            index += 3
        else:
            members += re.escape(body[index])
            index += 1
    return f"[{negation}{members}]"
