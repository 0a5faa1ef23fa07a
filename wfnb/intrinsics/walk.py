"""Globs, expanded below a root.

Knows: patterns and the disk. Does not know: content, the store.
Holds: links are followed, but never out of the root, and never round (an error names the link).
    A folder is listed only where a pattern needs it; else the names in question are looked for.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from wfnb.errors import FileError
from wfnb.intrinsics.files import PathGlobs, Paths
from wfnb.intrinsics.globs import TEMPORARY_PREFIX, Globs, State, compile_globs
from wfnb.intrinsics.paths import MOST_PATHS, join, shown
from wfnb.intrinsics.roots import (
    Checkpoint,
    Root,
    as_root,
    circle,
    kind_word,
    never_stop,
    unreadable,
)
from wfnb.intrinsics.sightings import Sighting, kind_of, names_of
from wfnb.intrinsics.unmatched import report_unmatched

# How long to wait before each look at something that changes while it is read.
RETRY_WAITS_S: Final = (0.0, 0.01, 0.05)

T = TypeVar("T")


class Vanished(Exception):
    """Something was there a moment ago, and is gone or something else: look again."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Expansion:
    """What globs match.

    Attributes:
        files: the real path of each file, by the path it was found under.
        folders: paths of folders that match themselves.
        matched: positions of the patterns that matched something.
    """

    __slots__ = ("files", "folders", "matched")

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.folders: set[str] = set()
        self.matched: set[int] = set()


# A folder on the way: its real path, what was looked for in it, and the one above.
_Chain = tuple[str, State, "_Chain | None"]


class _Visit(NamedTuple):
    path: str
    real: str
    state: State
    above: _Chain | None


def find_paths(
    root: Root | str | Path, globs: PathGlobs, *, checkpoint: Checkpoint = never_stop
) -> tuple[Paths, Sighting]:
    """The names that match; no file is read.

    Raises:
        FileError: an unmatched glob that matters, a link out of the root or in a circle, a folder
            that cannot be read.
    """
    ground = as_root(root)

    def look(sighting: Sighting) -> Expansion:
        found = expand(ground, globs, sighting, checkpoint)
        check_folders(ground, sighting)
        return found

    found, sighting = retrying(look)
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


def check_folders(root: Root, sighting: Sighting) -> None:
    """Look again if a link has taken the place of a folder: it may have led out.

    Raises:
        Vanished: so it is.
    """
    if not sighting.has_same_folders(root):
        raise Vanished("")


def expand(
    root: Root, path_globs: PathGlobs, sighting: Sighting, checkpoint: Checkpoint
) -> Expansion:
    """Walk, and tell `sighting` what was looked at.

    Raises:
        Vanished: the folders change while they are walked.
    """
    globs = compile_globs(path_globs.globs)
    walk = _Walk(root, globs, sighting)
    waiting = [_Visit("", "", globs.start, None)] if globs.includes else []
    while waiting:
        checkpoint()
        waiting += walk.enter(waiting.pop())
        if len(walk.found.files) + len(walk.found.folders) + len(waiting) > MOST_PATHS:
            raise FileError(
                f"the globs match more than {MOST_PATHS:,} paths",
                why=(", ".join(map(shown, path_globs.globs)),),
                fix='narrow them, or exclude a folder: "!big/"',
            )
    report_unmatched(path_globs, globs, walk.found.matched)
    return walk.found


class _Walk:
    def __init__(self, root: Root, globs: Globs, sighting: Sighting) -> None:
        self._root = root
        self._globs = globs
        self._sighting = sighting
        self.found = Expansion()

    def enter(self, visit: _Visit) -> Iterator[_Visit]:
        """Take in what matters in one folder; the folders in it to enter."""
        if visit.state.names is None:
            names = _list(self._root, visit.real, self._sighting)
        else:
            names = _look_up(self._root, visit.real, visit.state.names, self._sighting)
        chain = (visit.real, visit.state, visit.above)
        for name, kind in names.items():
            if kind == stat.S_IFDIR:
                yield from self._meet_folder(visit, name, join(visit.real, name), chain)
            elif kind == stat.S_IFLNK:
                yield from self._meet_link(visit, name, chain)
            else:
                self._meet_file(visit, name, join(visit.real, name), kind)

    def _meet_folder(
        self, visit: _Visit, name: str, real: str, chain: _Chain, *, is_linked: bool = False
    ) -> Iterator[_Visit]:
        step = self._globs.step(visit.state, name, is_folder=True)
        path = join(visit.path, name)
        if step.matched:
            self.found.matched.update(step.matched)
            self.found.folders.add(path)
        if step.inside is not None:
            if is_linked and _is_round(real, step.inside, chain):
                raise circle(path)
            yield _Visit(path, real, step.inside, chain)

    def _meet_file(self, visit: _Visit, name: str, real: str, kind: int) -> None:
        step = self._globs.step(visit.state, name, is_folder=False)
        if not step.matched:
            return
        path = join(visit.path, name)
        if kind == stat.S_IFREG:
            self.found.matched.update(step.matched)
            self.found.files[path] = real
        elif visit.state.names is not None:
            raise FileError(
                f"{shown(path)} is {kind_word(kind)}, not a file",
                why=("it is never opened, since reading it may wait for ever",),
                fix="name a file, or use a wildcard, which passes it over",
            )

    def _meet_link(self, visit: _Visit, name: str, chain: _Chain) -> Iterator[_Visit]:
        as_file = self._globs.step(visit.state, name, is_folder=False)
        as_folder = self._globs.step(visit.state, name, is_folder=True)
        is_folder_wanted = bool(as_folder.matched) or as_folder.inside is not None
        if not as_file.matched and not is_folder_wanted:
            return
        link = join(visit.real, name)
        try:
            place = self._root.follow(link, self._sighting)
        except FileError:
            if not is_folder_wanted and os.path.isdir(self._root.full(link)):
                return  # a folder by a hidden name: passed over, wherever it is
            raise
        if place is None:
            return
        kind = stat.S_IFMT(place.found.st_mode)
        if kind == stat.S_IFDIR:
            yield from self._meet_folder(visit, name, place.path, chain, is_linked=True)
        else:
            self._meet_file(visit, name, place.path, kind)


def _is_round(real: str, state: State, chain: _Chain | None) -> bool:
    """Whether the same is already being looked for in the same folder, further up."""
    while chain is not None:
        if chain[0] == real and chain[1] is state:
            return True
        chain = chain[2]
    return False


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
