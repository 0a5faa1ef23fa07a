"""Files of the disk, taken into a digest.

Knows: how a file is read so that what is kept is what was there.
Does not know: patterns (see `walk`), what happens when something changes later (see `sightings`).
Holds: a file that changes while it is read is read again; after the third time it is an error.
    Only plain files are ever opened, never through a link, and never so that it could wait.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from wfnb.intrinsics.blobs import LARGE_BYTES, BlobStore
from wfnb.intrinsics.entries import (
    Digest,
    Directory,
    Entry,
    FileDigest,
    FileEntry,
    FileError,
    SymlinkEntry,
)
from wfnb.intrinsics.files import PathGlobs, Snapshot
from wfnb.intrinsics.paths import join, relative_path, shown
from wfnb.intrinsics.roots import Root, as_root, is_inside, kind_word, unreadable
from wfnb.intrinsics.sightings import FileSight, Sighting, signature
from wfnb.intrinsics.trees import Tree
from wfnb.intrinsics.walk import RETRY_WAITS_S, Vanished, expand, retrying

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Captured(NamedTuple):
    """A snapshot, and what has to hold still for it to stay true."""

    snapshot: Snapshot
    sighting: Sighting


def capture(
    store: BlobStore,
    root: Root | str | Path,
    path_globs: PathGlobs,
    *,
    known: Sighting | None = None,
) -> Captured:
    """Take in the files that globs match.

    Args:
        known: an earlier sighting of the same root: what it saw settled, and still looks the same,
            is not read again.

    Raises:
        FileError: an unmatched glob that matters, a link out of the root or in a circle, something
            that cannot be read or does not hold still.
    """
    ground = as_root(root)
    tree, sighting = retrying(partial(_capture, store, ground, path_globs, known))
    digest = store.add_tree(tree)
    return Captured(Snapshot(digest, tuple(tree.leaf_files()), tuple(tree.folders)), sighting)


def _capture(
    store: BlobStore,
    root: Root,
    path_globs: PathGlobs,
    known: Sighting | None,
    sighting: Sighting,
) -> Tree:
    found = expand(root, path_globs, sighting)
    leaves: list[Entry] = [Directory(path) for path in found.folders]
    known_files = {} if known is None else known.files
    for path, real in found.files.items():
        entry = sighting.files.get(real) or _reuse(store, root, real, known_files, sighting)
        if entry is None:
            entry = _read(store, root, real, sighting)
        leaves.append(FileEntry(path, entry.digest, bool(entry.signature[4] & stat.S_IXUSR)))
    if not sighting.has_same_folders(root):
        raise Vanished("")
    return Tree(leaves)


def _reuse(
    store: BlobStore, root: Root, real: str, known: dict[str, FileSight], sighting: Sighting
) -> FileSight | None:
    """The known sight of a file that still looks the same and is bound to be so."""
    seen = known.get(real)
    if seen is None or not seen.is_settled or not store.has(seen.digest):
        return None
    found = root.lstat(real)
    if found is None or signature(found) != seen.signature:
        return None
    sighting.files[real] = seen
    return seen


def _read(store: BlobStore, root: Root, real: str, sighting: Sighting) -> FileSight:
    for wait_s in RETRY_WAITS_S:
        if wait_s:
            time.sleep(wait_s)
        found, digest = _read_once(store, root, real)
        if digest is not None:
            sighting.see_file(real, found, digest)
            return sighting.files[real]
    raise FileError(
        f"{shown(real)} keeps changing while it is read",
        why=(f"read {len(RETRY_WAITS_S)} times, and it was written each time",),
        fix="ask again when whatever writes it is done",
    )


def _read_once(store: BlobStore, root: Root, real: str) -> tuple[os.stat_result, FileDigest | None]:
    """The content of a file; no digest if it changed meanwhile."""
    try:
        descriptor = os.open(root.full(real), _FLAGS)
    except OSError as error:
        there = root.lstat(real)
        if there is None or not stat.S_ISREG(there.st_mode):
            raise Vanished(real) from None
        raise unreadable(real, error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Vanished(real)
        size = before.st_size
        if size <= LARGE_BYTES:
            content = os.read(descriptor, size + 1)
            if len(content) != size:
                return before, None
            if signature(os.fstat(descriptor)) != signature(before):
                return before, None
            return before, store.add_bytes(content)
        digest = store.add_stream(partial(os.read, descriptor))
        is_same = signature(os.fstat(descriptor)) == signature(before)
        is_whole = digest.serialized_bytes_length == size
        return before, digest if is_same and is_whole else None
    except OSError as error:
        raise unreadable(real, error) from error
    finally:
        os.close(descriptor)


# ---------------------------------------------------------------- what a process left


def capture_paths(
    store: BlobStore,
    folder: Path | str,
    files: Iterable[str] = (),
    directories: Iterable[str] = (),
) -> Digest:
    """Take in files and whole folders by name. Links stay links.

    What is missing is passed over, and so are sockets, pipes and devices inside a folder.

    Raises:
        FileError: a link that leads out of the folder, a name that is of the other kind, something
            that cannot be read or does not hold still.
    """
    root = as_root(folder)
    wanted_files = [relative_path(path, "an output file") for path in files]
    wanted_folders = [
        relative_path(path, "an output folder", may_be_root=True) for path in directories
    ]

    def take(sighting: Sighting) -> Tree:
        leaves: list[Entry] = []
        for path in wanted_files:
            leaves += _take_file(store, root, path, sighting)
        for path in wanted_folders:
            leaves += _take_folder(store, root, path, sighting)
        return Tree(leaves)

    tree, _ = retrying(take)
    return store.add_tree(tree)


def _take_file(store: BlobStore, root: Root, path: str, sighting: Sighting) -> list[Entry]:
    real = _real_path(root, path, sighting)
    found = None if real is None else root.lstat(real)
    if real is None or found is None:
        return []
    if stat.S_ISDIR(found.st_mode):
        raise FileError(
            f"{shown(path)} is a folder, and was declared as a file",
            fix="declare it in output_directories",
        )
    entry = _entry(store, root, path, real, stat.S_IFMT(found.st_mode), sighting)
    if entry is None:
        raise FileError(
            f"{shown(path)} is {kind_word(found.st_mode)}, not a file",
            fix="declare files and folders only",
        )
    return [entry]


def _take_folder(store: BlobStore, root: Root, path: str, sighting: Sighting) -> list[Entry]:
    real = _real_path(root, path, sighting)
    found = None if real is None else root.lstat(real)
    if real is None or found is None:
        return []
    if stat.S_ISLNK(found.st_mode):
        entry = _entry(store, root, path, real, stat.S_IFLNK, sighting)
        return [] if entry is None else [entry]
    if not stat.S_ISDIR(found.st_mode):
        raise FileError(
            f"{shown(path)} is {kind_word(found.st_mode)}, and was declared as a folder",
            fix="declare it in output_files",
        )
    leaves: list[Entry] = [Directory(path)] if path else []
    waiting = [(path, real)]
    while waiting:
        above, above_real = waiting.pop()
        for name, kind in _list(root, above_real):
            inner, inner_real = join(above, name), join(above_real, name)
            if kind == stat.S_IFDIR:
                leaves.append(Directory(inner))
                waiting.append((inner, inner_real))
            else:
                entry = _entry(store, root, inner, inner_real, kind, sighting)
                if entry is not None:
                    leaves.append(entry)
    return leaves


def _list(root: Root, real: str) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(root.full(real)) as entries:
            found = [(e.name, e.stat(follow_symlinks=False).st_mode) for e in entries]
    except FileNotFoundError:
        raise Vanished(real) from None
    except OSError as error:
        raise unreadable(real, error) from error
    return ((name, stat.S_IFMT(mode)) for name, mode in found)


def _real_path(root: Root, path: str, sighting: Sighting) -> str | None:
    """The path with the links in its folders followed; the last name is left as it is."""
    folder, _, name = path.rpartition("/")
    real = ""
    for part in folder.split("/") if folder else []:
        real = join(real, part)
        found = root.lstat(real)
        if found is not None and stat.S_ISLNK(found.st_mode):
            try:
                place = root.follow(real, sighting)
            except FileError as error:
                fix = "write outputs into folders, not through a link"
                raise FileError(error.what, why=error.why, fix=fix) from None
            if place is None:
                return None
            real, found = place
        if found is None or not stat.S_ISDIR(found.st_mode):
            return None
    return join(real, name) if name else real


def _entry(
    store: BlobStore, root: Root, path: str, real: str, kind: int, sighting: Sighting
) -> Entry | None:
    if kind == stat.S_IFREG:
        sight = _read(store, root, real, sighting)
        return FileEntry(path, sight.digest, bool(sight.signature[4] & stat.S_IXUSR))
    if kind != stat.S_IFLNK:
        return None
    target = root.read_link(real, sighting)
    if not is_inside(path, target):
        raise FileError(
            f"the link {shown(path)} leads out of the folder",
            why=(f"it points to {shown(target)}, which is not there for whoever gets the link",),
            fix="write the file itself, or a relative link that stays inside",
        )
    return SymlinkEntry(path, target)
