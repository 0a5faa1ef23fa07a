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
from pathlib import Path
from typing import NamedTuple

from wfnb.errors import FileError
from wfnb.intrinsics.blobs import LARGE_BYTES, BlobStore
from wfnb.intrinsics.entries import Digest, Directory, Entry, FileDigest, FileEntry, SymlinkEntry
from wfnb.intrinsics.files import PathGlobs, Snapshot
from wfnb.intrinsics.paths import join, relative_path, shown
from wfnb.intrinsics.roots import (
    Checkpoint,
    Place,
    Root,
    as_root,
    is_inside,
    kind_word,
    never_stop,
    unreadable,
)
from wfnb.intrinsics.sightings import FileSight, Sighting, signature
from wfnb.intrinsics.trees import Tree
from wfnb.intrinsics.walk import RETRY_WAITS_S, Vanished, check_folders, expand, retrying

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
    checkpoint: Checkpoint = never_stop,
) -> Captured:
    """Take in the files that globs match.

    Args:
        known: an earlier sighting of the same root: what it saw settled, and still looks the same,
            is not read again.
        checkpoint: called for every folder, file and MiB; what it raises stops the work.

    Raises:
        FileError: an unmatched glob that matters, a link out of the root or in a circle, something
            that cannot be read or does not hold still.
    """
    ground = as_root(root)

    def take(sighting: Sighting) -> Tree:
        reader = _Reader(store, ground, sighting, checkpoint, known)
        found = expand(ground, path_globs, sighting, checkpoint)
        leaves: list[Entry] = [Directory(path) for path in found.folders]
        leaves += [reader.file(path, real) for path, real in found.files.items()]
        check_folders(ground, sighting)
        return Tree(leaves)

    tree, sighting = retrying(take)
    digest = store.add_tree(tree)
    return Captured(Snapshot(digest, tuple(tree.leaf_files()), tuple(tree.folders)), sighting)


class _Reader:
    """Reads files for one attempt at a capture, each once."""

    def __init__(
        self,
        store: BlobStore,
        root: Root,
        sighting: Sighting,
        checkpoint: Checkpoint,
        known: Sighting | None = None,
    ) -> None:
        self._store = store
        self._root = root
        self._sighting = sighting
        self._checkpoint = checkpoint
        self._known = {} if known is None else known.files

    def file(self, path: str, real: str) -> FileEntry:
        """The file at a real path, as an entry of the tree at `path`."""
        seen = self._sighting.files.get(real) or self._reuse(real) or self._read(real)
        return FileEntry(path, seen.digest, bool(seen.signature[4] & stat.S_IXUSR))

    def _reuse(self, real: str) -> FileSight | None:
        """The known sight of a file that still looks the same, and is bound to if it is."""
        seen = self._known.get(real)
        if seen is None or not seen.is_settled or not self._store.has(seen.digest):
            return None
        found = self._root.lstat(real)
        if found is None or signature(found) != seen.signature:
            return None
        self._sighting.files[real] = seen
        return seen

    def _read(self, real: str) -> FileSight:
        for wait_s in RETRY_WAITS_S:
            if wait_s:
                time.sleep(wait_s)
            self._checkpoint()
            found, digest = _read_once(self._store, self._root, real, self._checkpoint)
            if digest is not None:
                self._sighting.see_file(real, found, digest)
                return self._sighting.files[real]
        raise FileError(
            f"{shown(real)} keeps changing while it is read",
            why=(f"read {len(RETRY_WAITS_S)} times, and it was written each time",),
            fix="ask again when whatever writes it is done",
        )


def _read_once(
    store: BlobStore, root: Root, real: str, checkpoint: Checkpoint
) -> tuple[os.stat_result, FileDigest | None]:
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

        def read(most: int) -> bytes:
            checkpoint()
            return os.read(descriptor, most)

        digest = store.add_stream(read)
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
    *,
    checkpoint: Checkpoint = never_stop,
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
        outputs = _Outputs(root, _Reader(store, root, sighting, checkpoint), sighting)
        leaves: list[Entry] = []
        for path in wanted_files:
            leaves += outputs.of_file(path)
        for path in wanted_folders:
            leaves += outputs.of_folder(path)
        return Tree(leaves)

    tree, _ = retrying(take)
    return store.add_tree(tree)


class _Outputs:
    """The leaves of declared files and folders."""

    def __init__(self, root: Root, reader: _Reader, sighting: Sighting) -> None:
        self._root = root
        self._reader = reader
        self._sighting = sighting

    def of_file(self, path: str) -> list[Entry]:
        """The one leaf, or none if it is missing."""
        real, found = self._find(path)
        if found is None:
            return []
        if stat.S_ISDIR(found.st_mode):
            raise FileError(
                f"{shown(path)} is a folder, and was declared as a file",
                fix="declare it in output_directories",
            )
        entry = self._entry(path, real, stat.S_IFMT(found.st_mode))
        if entry is None:
            raise FileError(
                f"{shown(path)} is {kind_word(found.st_mode)}, not a file",
                fix="declare files and folders only",
            )
        return [entry]

    def of_folder(self, path: str) -> Iterator[Entry]:
        """All leaves in a folder; a link is a leaf itself."""
        real, found = self._find(path)
        if found is None:
            return
        if not stat.S_ISDIR(found.st_mode) and not stat.S_ISLNK(found.st_mode):
            raise FileError(
                f"{shown(path)} is {kind_word(found.st_mode)}, and was declared as a folder",
                fix="declare it in output_files",
            )
        waiting = [(path, real, stat.S_IFMT(found.st_mode))]
        while waiting:
            above, above_real, above_kind = waiting.pop()
            if above_kind != stat.S_IFDIR:
                entry = self._entry(above, above_real, above_kind)
                if entry is not None:
                    yield entry
                continue
            if above:
                yield Directory(above)
            for name, kind in _list(self._root, above_real):
                waiting.append((join(above, name), join(above_real, name), kind))

    def _find(self, path: str) -> tuple[str, os.stat_result | None]:
        """What is at a path, the links in its folders followed; the last name is left as it is."""
        folder, _, name = path.rpartition("/")
        real = ""
        for part in folder.split("/") if folder else []:
            real = join(real, part)
            found = self._root.lstat(real)
            if found is not None and stat.S_ISLNK(found.st_mode):
                place = self._follow(real)
                real, found = (real, None) if place is None else place
            if found is None or not stat.S_ISDIR(found.st_mode):
                return real, None
        real = join(real, name) if name else real
        return real, self._root.lstat(real)

    def _follow(self, link: str) -> Place | None:
        try:
            return self._root.follow(link, self._sighting)
        except FileError as error:
            fix = "write outputs into folders, not through a link"
            raise FileError(error.what, why=error.why, fix=fix) from None

    def _entry(self, path: str, real: str, kind: int) -> Entry | None:
        if kind == stat.S_IFREG:
            return self._reader.file(path, real)
        if kind != stat.S_IFLNK:
            return None
        target = self._root.read_link(real, self._sighting)
        if not is_inside(path, target):
            raise FileError(
                f"the link {shown(path)} leads out of the folder",
                why=(
                    f"it points to {shown(target)}, which is not there for whoever gets the link",
                ),
                fix="write the file itself, or a relative link that stays inside",
            )
        return SymlinkEntry(path, target)


def _list(root: Root, real: str) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(root.full(real)) as entries:
            found = [(e.name, e.stat(follow_symlinks=False).st_mode) for e in entries]
    except FileNotFoundError:
        raise Vanished(real) from None
    except OSError as error:
        raise unreadable(real, error) from error
    return ((name, stat.S_IFMT(mode)) for name, mode in found)
