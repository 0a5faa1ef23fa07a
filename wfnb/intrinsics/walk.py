"""Globs, expanded below a root.

Knows: patterns and the disk. Does not know: content, the store.
Holds: links are followed, but never out of the root, and never round (an error names the link).
    A folder is listed only where a pattern needs it; else the names in question are looked for.
"""

from __future__ import annotations

import os
import stat
import time
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final, TypeVar

from wfnb.intrinsics.entries import FileError
from wfnb.intrinsics.files import (
    GlobExpansionConjunction,
    GlobMatchErrorBehavior,
    PathGlobs,
    Paths,
    UnmatchedGlobWarning,
)
from wfnb.intrinsics.globs import TEMPORARY_PREFIX, Globs, State, compile_globs
from wfnb.intrinsics.paths import join, shown
from wfnb.intrinsics.roots import Root, circle, kind_word, unreadable
from wfnb.intrinsics.sightings import Sighting, kind_of, names_of

MOST_PATHS: Final = 1_000_000
# How long to wait before each look at something that changes while it is read.
RETRY_WAITS_S: Final = (0.0, 0.01, 0.05)

T = TypeVar("T")


class Vanished(Exception):
    """Something was there a moment ago, and is gone or something else: look again."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(slots=True)
class Expansion:
    """What globs match.

    Attributes:
        files: the real path of each file, by the path it was found under.
        folders: paths of folders that match themselves.
        matched: positions of the patterns that matched something.
    """

    files: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    matched: set[int] = field(default_factory=set)


# A folder on the way: its real path, what was looked for in it, and the one above.
_Chain = tuple[str, State, "_Chain | None"]


@dataclass(slots=True)
class _Visit:
    path: str
    real: str
    state: State
    above: _Chain | None


def find_paths(root: Root, globs: PathGlobs) -> tuple[Paths, Sighting]:
    """The names that match; no file is read.

    Raises:
        FileError: an unmatched glob that matters, a link out of the root or in a circle, a folder
            that cannot be read.
    """
    found, sighting = retrying(lambda sighting: expand(root, globs, sighting))
    return Paths(tuple(sorted(found.files)), tuple(sorted(found.folders))), sighting


def retrying(attempt: Callable[[Sighting], T]) -> tuple[T, Sighting]:
    """Look, and look again (a few times) if something vanished meanwhile.

    Raises:
        FileError: it never held still.
    """
    for wait_s in RETRY_WAITS_S:
        time.sleep(wait_s)
        sighting = Sighting()
        try:
            return attempt(sighting), sighting
        except Vanished as vanished:
            path = vanished.path
    raise FileError(
        f"{shown(path) if path else 'the root'} is removed and made again while it is read",
        why=(f"looked {len(RETRY_WAITS_S)} times",),
        fix="ask again when whatever writes there is done",
    )


def expand(root: Root, path_globs: PathGlobs, sighting: Sighting) -> Expansion:
    """Walk, and tell `sighting` what was looked at.

    Raises:
        Vanished: the folders change while they are walked.
    """
    globs = compile_globs(path_globs.globs)
    found = Expansion()
    waiting = [_Visit("", "", globs.start, None)] if globs.includes else []
    while waiting:
        visit = waiting.pop()
        chain = (visit.real, visit.state, visit.above)
        if visit.state.names is None:
            names = _list(root, visit.real, sighting)
        else:
            names = _look_up(root, visit.real, visit.state.names, sighting)
        for name, kind in names.items():
            inside = _meet(root, globs, visit, name, kind, found, sighting, chain)
            if inside is not None:
                waiting.append(inside)
        if len(found.files) + len(found.folders) + len(waiting) > MOST_PATHS:
            raise FileError(
                f"the globs match more than {MOST_PATHS:,} paths",
                why=(", ".join(map(shown, path_globs.globs)),),
                fix='narrow them, or exclude a folder: "!big/"',
            )
    report_unmatched(path_globs, globs, found.matched)
    return found


def _meet(
    root: Root,
    globs: Globs,
    visit: _Visit,
    name: str,
    kind: int,
    found: Expansion,
    sighting: Sighting,
    chain: _Chain,
) -> _Visit | None:
    """Take in one name; the visit to make, if it is a folder to look into."""
    path = join(visit.path, name)
    real = join(visit.real, name)
    is_link = kind == stat.S_IFLNK
    if is_link:
        as_file = globs.step(visit.state, name, is_folder=False)
        as_folder = globs.step(visit.state, name, is_folder=True)
        if not as_file.matched and not as_folder.matched and as_folder.inside is None:
            return None
        if as_folder.inside is None and not as_folder.matched and _leads_to_folder(root, real):
            root.read_link(real, sighting)
            return None
        place = root.follow(real, sighting)
        if place is None:
            return None
        real, kind = place.path, stat.S_IFMT(place.found.st_mode)
    if kind == stat.S_IFDIR:
        step = globs.step(visit.state, name, is_folder=True)
        if step.matched:
            found.matched.update(step.matched)
            found.folders.add(path)
        if step.inside is None:
            return None
        if is_link and _is_round(real, step.inside, chain):
            raise circle(path)
        return _Visit(path, real, step.inside, chain)
    step = globs.step(visit.state, name, is_folder=False)
    if step.matched:
        if kind == stat.S_IFREG:
            found.matched.update(step.matched)
            found.files[path] = real
        elif visit.state.names is not None:
            raise FileError(
                f"{shown(path)} is {kind_word(kind)}, not a file",
                why=("it is never opened, since reading it may wait for ever",),
                fix="name a file, or use a wildcard, which passes it over",
            )
    return None


def _is_round(real: str, state: State, chain: _Chain | None) -> bool:
    """Whether the same is already being looked for in the same folder, further up."""
    while chain is not None:
        if chain[0] == real and chain[1] is state:
            return True
        chain = chain[2]
    return False


def _leads_to_folder(root: Root, real: str) -> bool:
    return os.path.isdir(root.full(real))


def _list(root: Root, real: str, sighting: Sighting) -> dict[str, int]:
    before = root.lstat(real)
    if before is None or not stat.S_ISDIR(before.st_mode):
        raise Vanished(real)
    try:
        with os.scandir(root.full(real)) as entries:
            names = {entry.name: kind_of(entry) for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        raise Vanished(real) from None
    except OSError as error:
        raise unreadable(real, error) from error
    sighting.see_folder(real, before, names_of(names))
    return {n: kind for n, kind in names.items() if not n.startswith(TEMPORARY_PREFIX)}


def _look_up(root: Root, real: str, names: Collection[str], sighting: Sighting) -> dict[str, int]:
    found = {}
    for name in names:
        path = join(real, name)
        there = root.lstat(path)
        if there is None or not stat.S_ISLNK(there.st_mode):
            sighting.see_kind(path, there)
        if there is not None:
            found[name] = stat.S_IFMT(there.st_mode)
    return found


# ---------------------------------------------------------------- globs that match nothing


def report_unmatched(path_globs: PathGlobs, globs: Globs, matched: Collection[int]) -> None:
    """Do what the globs ask for when they match nothing.

    Raises:
        FileError: if it is an error.
    """
    behavior = path_globs.glob_match_error_behavior
    if behavior is GlobMatchErrorBehavior.ignore or len(matched) == len(globs.includes):
        return
    is_any = path_globs.conjunction is GlobExpansionConjunction.any_match
    if is_any and (matched or not globs.includes):
        return
    missing = [glob for number, glob in enumerate(globs.includes) if number not in matched]
    error = _unmatched_error(path_globs, globs, missing)
    if behavior is GlobMatchErrorBehavior.error:
        raise error
    warnings.warn(UnmatchedGlobWarning(str(error)), stacklevel=2)


def _unmatched_error(path_globs: PathGlobs, globs: Globs, missing: list[str]) -> FileError:
    is_one = len(missing) == 1
    count = "1 glob matches" if is_one else f"{len(missing)} globs match"
    quoted = ", ".join(f'"{shown(glob)}"' for glob in missing)
    why = []
    if globs.excludes:
        why.append("excluded: " + ", ".join(f'"{shown(glob)}"' for glob in globs.excludes))
    if any("{" in glob for glob in missing):
        why.append("braces mean nothing here: write one pattern for each")
    return FileError(
        f"{count} nothing, from {path_globs.description_of_origin}: {quoted}",
        why=why,
        fix=f"correct the {'pattern' if is_one else 'patterns'}, "
        "or ask for GlobMatchErrorBehavior.ignore",
    )
