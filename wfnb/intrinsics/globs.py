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

from functools import lru_cache
from typing import Final, NamedTuple

from wfnb.intrinsics.patterns import Deep, Pattern, Wild, parse, parse_exclude

# Folders that only a pattern which names them matches, besides the hidden ones.
SKIPPED_FOLDERS: Final = frozenset({"__pycache__"})
# Files that wfnb is just writing; no wildcard sees them.
TEMPORARY_PREFIX: Final = ".wfnb-writing-"


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
        self, patterns: tuple[Pattern, ...], positions: frozenset[tuple[int, int]]
    ) -> None:
        self.literals: dict[str, list[_Exit]] = {}
        self.wilds: list[tuple[Wild, _Exit]] = []
        self.deep: list[tuple[int, int]] = []
        needs_listing = False
        waiting = list(positions)
        seen = set(waiting)
        while waiting:
            number, index = waiting.pop()
            parts = patterns[number].parts
            part = parts[index]
            if isinstance(part, Deep):
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
        patterns = [parse(text) for text in globs if not text.startswith("!")]
        self.includes = tuple(pattern.text for pattern in patterns)
        excludes = [parse_exclude(text[1:]) for text in globs if text.startswith("!")]
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
            # One object for each, whichever thread is first: states are compared by identity.
            state = self._states.setdefault(positions, State(self._patterns, positions))
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
