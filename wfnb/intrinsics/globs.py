"""The pattern language of PathGlobs: read once, then matched name by name, folder by folder.

Knows: patterns and names.
Does not know: the disk. Whoever walks (a folder, a tree in memory) asks at each folder which names
    matter and whether it has to list them at all.
Holds: work for one name is linear in its length, whatever the pattern.

Why our own: wcmatch and glob walk the disk by themselves (through links, out of the root, without
saying what they looked at), and pathspec matches whole paths, so nothing could be pruned.

A pattern is a list of parts, one per name; several patterns run side by side as the positions
reached in each. In `a/**/b` the position at `**` stays for every folder, and the one after it is
reached at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from wfnb.errors import ParamError
from wfnb.intrinsics.paths import check_text, shown

# Folders that only a pattern which names them matches, besides the hidden ones.
SKIPPED_FOLDERS: Final = frozenset({"__pycache__"})
# Files that wfnb is just writing; no wildcard sees them.
TEMPORARY_PREFIX: Final = ".wfnb-writing-"

_MAGIC: Final = re.compile(r"[*?\[]")


class _Wild(NamedTuple):
    """A part with wildcards; `pattern` is None for a plain `*`."""

    pattern: re.Pattern[str] | None
    names_hidden: bool


class _Deep:
    """The part `**`: any number of folders."""


_DEEP: Final = _Deep()
_ANY: Final = _Wild(None, False)
_Part = str | _Wild | _Deep


class _Pattern(NamedTuple):
    text: str
    parts: tuple[_Part, ...]
    is_exclude: bool
    is_folders_only: bool


class _Exit(NamedTuple):
    """What a name leads to: the end of a pattern, or the next part of it."""

    pattern: int
    following: tuple[int, int] | None


class Step(NamedTuple):
    """What a name in a folder means.

    Attributes:
        matched: positions in `Globs.includes` of the patterns that it ends.
        inside: what to look for in it, if it is a folder; None: nothing.
    """

    matched: tuple[int, ...]
    inside: State | None


_NOTHING: Final = Step((), None)


class State:
    """What is looked for in one folder.

    Attributes:
        names: the only names that can matter here; None if it takes a listing to know.
    """

    __slots__ = ("deep", "literals", "names", "wilds")

    def __init__(
        self, patterns: tuple[_Pattern, ...], positions: frozenset[tuple[int, int]]
    ) -> None:
        self.literals: dict[str, list[_Exit]] = {}
        self.wilds: list[tuple[_Wild, _Exit]] = []
        self.deep: list[tuple[int, int]] = []
        needs_listing = False
        waiting = list(positions)
        seen = set(waiting)
        while waiting:
            number, index = waiting.pop()
            parts = patterns[number].parts
            part = parts[index]
            if isinstance(part, _Deep):
                self.deep.append((number, index))
                if (number, index + 1) not in seen:
                    seen.add((number, index + 1))
                    waiting.append((number, index + 1))
                needs_listing |= not patterns[number].is_exclude
                continue
            leaving = _Exit(number, (number, index + 1) if index + 1 < len(parts) else None)
            if isinstance(part, str):
                self.literals.setdefault(part, []).append(leaving)
            else:
                self.wilds.append((part, leaving))
                needs_listing |= not patterns[number].is_exclude
        self.names: tuple[str, ...] | None = None
        if not needs_listing:
            self.names = tuple(
                name
                for name, exits in self.literals.items()
                if any(not patterns[leaving.pattern].is_exclude for leaving in exits)
            )


class Globs:
    """Compiled patterns.

    Attributes:
        includes: the patterns that add, as written.
        excludes: those after "!", without it.
        start: what to look for in the root.
    """

    def __init__(self, globs: tuple[str, ...], *, sees_hidden: bool) -> None:
        patterns = [_parse(text) for text in globs if not text.startswith("!")]
        self.includes = tuple(pattern.text for pattern in patterns)
        excludes = [_parse_exclude(text[1:]) for text in globs if text.startswith("!")]
        self.excludes = tuple(pattern.text for pattern in excludes)
        self._patterns = (*patterns, *excludes)
        self._sees_hidden = sees_hidden
        self._states: dict[frozenset[tuple[int, int]], State] = {}
        self.start = self._state(frozenset((number, 0) for number in range(len(self._patterns))))

    def step(self, state: State, name: str, *, is_folder: bool) -> Step:
        """What `name` means in a folder in which `state` is looked for."""
        patterns = self._patterns
        is_shy = is_folder and not self._sees_hidden and _is_shy(name)
        matched: list[int] = []
        following: list[tuple[int, int]] = []
        exits = list(state.literals.get(name, ()))
        for wild, leaving in state.wilds:
            if is_shy and not wild.names_hidden and not patterns[leaving.pattern].is_exclude:
                continue
            if wild.pattern is None or wild.pattern.fullmatch(name):
                exits.append(leaving)
        for number, next_position in exits:
            pattern = patterns[number]
            if next_position is not None:
                following.append(next_position)
            elif not pattern.is_exclude:
                matched.append(number)
            elif is_folder or not pattern.is_folders_only:
                return _NOTHING
        if not is_folder:
            return Step(tuple(matched), None) if matched else _NOTHING
        for position in state.deep:
            if not is_shy or patterns[position[0]].is_exclude:
                following.append(position)
        if not any(not patterns[number].is_exclude for number, _ in following):
            return Step(tuple(matched), None) if matched else _NOTHING
        return Step(tuple(matched), self._state(frozenset(following)))

    def matches(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a path is meant, by its name alone."""
        *folders, name = path.split("/")
        state: State | None = self.start
        for folder in folders:
            assert state is not None
            state = self.step(state, folder, is_folder=True).inside
            if state is None:
                return False
        assert state is not None
        return bool(self.step(state, name, is_folder=is_folder).matched)

    def _state(self, positions: frozenset[tuple[int, int]]) -> State:
        state = self._states.get(positions)
        if state is None:
            state = self._states[positions] = State(self._patterns, positions)
        return state


@lru_cache(maxsize=512)
def compile_globs(globs: tuple[str, ...], *, sees_hidden: bool = False) -> Globs:
    """Read patterns.

    Args:
        globs: as in `PathGlobs.globs`.
        sees_hidden: whether wildcards match hidden folders, as inside a digest, where everything
            was put on purpose.

    Raises:
        ParamError: a pattern that leaves the root or cannot be read.
    """
    return Globs(globs, sees_hidden=sees_hidden)


def _is_shy(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_FOLDERS


# ---------------------------------------------------------------- reading patterns


def _parse(text: str) -> _Pattern:
    return _Pattern(text, _parts(text, text), False, False)


def _parse_exclude(text: str) -> _Pattern:
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
        return _Pattern(text, (_DEEP, *_parts(body, whole)), True, is_folders_only)
    return _Pattern(text, _parts(body.removeprefix("/"), whole), True, is_folders_only)


def _parts(text: str, whole: str) -> tuple[_Part, ...]:
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
    parts: list[_Part] = []
    for name in names:
        if name != "**":
            parts.append(_part(name, whole))
        elif not parts or parts[-1] is not _DEEP:
            parts.append(_DEEP)
    if parts[-1] is _DEEP:
        parts.append(_ANY)
    return tuple(parts)


def _part(name: str, whole: str) -> _Part:
    if name == "*":
        return _ANY
    if not _MAGIC.search(name):
        return name
    if "**" in name:
        raise ParamError(
            f"'**' has to stand alone between slashes: {shown(whole)}",
            fix=f"write {shown(whole.replace(name, '**/' + re.sub(r'[*]{2,}', '*', name)))}",
        )
    return _Wild(re.compile(_expression(name, whole), re.DOTALL), name.startswith("."))


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
