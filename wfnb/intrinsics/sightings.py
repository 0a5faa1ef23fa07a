"""What was looked at on the disk, and whether it still looks the same.

Knows: sizes, times and inodes of files, names in folders, texts of links, what was not there.
Does not know: why anything was looked at.
Holds: if what was looked at would now read otherwise, `moved` says so. Times alone are not
           trusted: a file may be written twice within one tick of the disk's clock, so what was
           young when it was seen is read again until it is not. (git does so with its index.)
       If all is the same, a look costs one lstat per path.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from wfnb.intrinsics.entries import FileDigest
from wfnb.intrinsics.roots import Checkpoint, Root, as_root, never_stop

# The coarsest clock of a disk in use (FAT). What changed within this time before it was read, or
# seems to have changed later, may change again without a trace.
TICK_NS: Final = 2_000_000_000
# One call that writes a lot changes the time when it begins, not when it ends; this is how long a
# byte of it may take (50 MB/s).
_BYTE_NS: Final = 20

_MOST_KEPT: Final = 8192  # bytes of a listing that are kept as they are

Signature = tuple[int, int, int, int, int]


class FileSight(NamedTuple):
    """A file that was read."""

    signature: Signature
    digest: FileDigest
    is_settled: bool


class FolderSight(NamedTuple):
    """A folder that was listed; `names` is as `names_of` gives it."""

    signature: Signature
    names: bytes
    is_settled: bool


class Sighting:
    """Everything one request looked at, by real path.

    Attributes:
        files: files that were read.
        folders: folders that were listed.
        links: links that were followed, with their text.
        kinds: (type, inode) of what was only passed or asked for by name; (0, 0): nothing there.
    """

    __slots__ = ("files", "folders", "kinds", "links")

    def __init__(self) -> None:
        self.files: dict[str, FileSight] = {}
        self.folders: dict[str, FolderSight] = {}
        self.links: dict[str, str] = {}
        self.kinds: dict[str, tuple[int, int]] = {}

    # ------------------------------------------------------------ while looking
    # Of what is looked at twice, the first sight stays: if it changed in between, it has moved.

    def see_link(self, path: str, target: str) -> None:
        """Note a link."""
        self.links.setdefault(path, target)

    def see_kind(self, path: str, found: os.stat_result | None) -> None:
        """Note what is at a path."""
        self.kinds.setdefault(path, _kind(found))

    def see_file(self, path: str, found: os.stat_result, digest: FileDigest) -> None:
        """Note a file, of which `found` was true before and after it was read."""
        seen = signature(found)
        self.files[path] = FileSight(seen, digest, is_settled(seen))

    def see_folder(self, path: str, found: os.stat_result, names: bytes) -> None:
        """Note a listing; `found` is from before it."""
        seen = signature(found)
        self.folders.setdefault(path, FolderSight(seen, names, is_settled(seen)))

    # ------------------------------------------------------------ afterwards

    def has_moved(self, root: Look | Root | str | Path) -> bool:
        """Whether anything that was looked at would now look different."""
        return next(self._iter_moved(as_look(root)), None) is not None

    def moved(self, root: Look | Root | str | Path) -> tuple[str, ...]:
        """The paths that would now look different, sorted; "" is the root."""
        return tuple(sorted(set(self._iter_moved(as_look(root)))))

    def changes(self, root: Look | Root | str | Path) -> tuple[tuple[str, str], ...]:
        """What `moved` gives, each with what happened to it: "changed", "is new" or "is gone".

        Where it is known which files of a folder came or went, they stand in its place.
        """
        look = as_look(root)
        found: dict[str, str] = {}
        for path in self.moved(look):
            listed = self.folders.get(path)
            before = _readable(listed.names) if listed is not None else None
            after = _readable(look.names(path)) if before is not None else None
            if before is None or after is None or before == after:
                is_gone = path and look.lstat(path) is None
                found.setdefault(path, "is gone" if is_gone else "changed")
                continue
            for name in before ^ after:
                found[f"{path}/{name}" if path else name] = (
                    "is gone" if name in before else "is new"
                )
        return tuple(sorted(found.items()))

    def paths(self) -> frozenset[str]:
        """Every path that was looked at."""
        return frozenset((*self.files, *self.folders, *self.links, *self.kinds))

    def has_same_folders(self, root: Root) -> bool:
        """Whether the folders on the way are those that they were; else a link may have led out."""
        for path, kind in self.kinds.items():
            if kind[0] == stat.S_IFDIR and _kind(root.lstat(path)) != kind:
                return False
        for path, seen in self.folders.items():
            found = root.lstat(path)
            if found is None or not stat.S_ISDIR(found.st_mode):
                return False
            if found.st_ino != seen.signature[3]:
                return False
        return True

    def _iter_moved(self, look: Look) -> Iterator[str]:
        for path, target in self.links.items():
            if look.link(path) != target:
                yield path
        for path, kind in self.kinds.items():
            if _kind(look.lstat(path)) != kind:
                yield path
        for path, seen in list(self.files.items()):
            found = look.lstat(path)
            if found is None or signature(found) != seen.signature:
                yield path
            elif not seen.is_settled:
                if look.digest(path, seen.signature) != seen.digest:
                    yield path
                elif is_settled(seen.signature, look.at_ns):
                    self.files[path] = seen._replace(is_settled=True)
        for path, listed in list(self.folders.items()):
            found = look.lstat(path)
            if found is None:
                yield path
                continue
            now = signature(found)
            if now != listed.signature or not listed.is_settled:
                # A link in its place is seen where the folder was found: above it, or in `kinds`.
                if look.names(path) != listed.names:
                    yield path
                else:
                    self.folders[path] = FolderSight(now, listed.names, is_settled(now, look.at_ns))


class Look:
    """One pass over the disk: what several sightings share is looked at once.

    Args:
        checkpoint: called for every MiB that is read again; what it raises stops the look.

    Attributes:
        at_ns: when it began. Nothing that is looked at is older than that.
    """

    def __init__(self, root: Root | str | Path, *, checkpoint: Checkpoint = never_stop) -> None:
        self.root = as_root(root)
        self._checkpoint = checkpoint
        self.at_ns = time.time_ns()
        self._found: dict[str, os.stat_result | None] = {}
        self._digests: dict[tuple[str, Signature], FileDigest | None] = {}
        self._names: dict[str, bytes | None] = {}

    def lstat(self, path: str) -> os.stat_result | None:
        """What is at a path; None also for what cannot be read."""
        try:
            return self._found[path]
        except KeyError:
            pass
        found: os.stat_result | None
        try:
            found = os.lstat(self.root.full(path))
        except OSError:
            found = None
        self._found[path] = found
        return found

    def link(self, path: str) -> str | None:
        """The text in a link."""
        try:
            return os.readlink(self.root.full(path))
        except OSError:
            return None

    def digest(self, path: str, expected: Signature) -> FileDigest | None:
        """The digest of a file that has, before and after, this signature; else None."""
        key = path, expected
        if key not in self._digests:
            full = self.root.full(path)
            self._digests[key] = _digest_of(full, expected, self._checkpoint)
        return self._digests[key]

    def names(self, path: str) -> bytes | None:
        """The names in a folder, as `names_of` gives them."""
        if path not in self._names:
            try:
                with os.scandir(self.root.full(path)) as entries:
                    self._names[path] = names_of({entry.name: kind_of(entry) for entry in entries})
            except OSError:
                self._names[path] = None
        return self._names[path]


def as_look(root: Look | Root | str | Path) -> Look:
    """A look as it is, or a new one."""
    return root if isinstance(root, Look) else Look(as_root(root))


def signature(found: os.stat_result) -> Signature:
    """What changes when a file does. The change time cannot be put back, unlike the others."""
    return (
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_size,
        found.st_ino,
        found.st_mode,
    )


def is_settled(seen: Signature, at_ns: int | None = None) -> bool:
    """Whether a change after `at_ns` (default: now) is bound to change the signature."""
    now = time.time_ns() if at_ns is None else at_ns
    return now - max(seen[0], seen[1]) > TICK_NS + seen[2] * _BYTE_NS


def kind_of(entry: os.DirEntry[str]) -> int:
    """The type of an entry, a link not followed, without a stat where the system allows."""
    if entry.is_symlink():
        return stat.S_IFLNK
    if entry.is_file(follow_symlinks=False):
        return stat.S_IFREG
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFIFO


def names_of(kinds: dict[str, int]) -> bytes:
    """A listing in a few bytes: a digest where it is long, and where it is short, the names."""
    text = "\0".join(f"{name}/{kinds[name]:o}" for name in sorted(kinds))
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= _MOST_KEPT:
        return b"/" + raw
    return b"#" + hashlib.blake2b(raw, digest_size=16).digest()


def _readable(names: bytes | None) -> set[str] | None:
    """The names in a listing that was short; None if it was not, or there is none."""
    if names is None or not names.startswith(b"/"):
        return None
    entries = names[1:].decode("utf-8", "surrogatepass").split("\0")
    return {entry.rpartition("/")[0] for entry in entries if entry}


def _kind(found: os.stat_result | None) -> tuple[int, int]:
    if found is None:
        return 0, 0
    kind = stat.S_IFMT(found.st_mode)
    return kind, found.st_ino if kind == stat.S_IFDIR else 0


def _digest_of(full: str, expected: Signature, checkpoint: Checkpoint) -> FileDigest | None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(full, flags)
    except OSError:
        return None
    try:
        if signature(os.fstat(descriptor)) != expected or not stat.S_ISREG(expected[4]):
            return None
        hasher = hashlib.sha256()
        size = 0
        while chunk := os.read(descriptor, 1 << 20):
            checkpoint()
            hasher.update(chunk)
            size += len(chunk)
        if signature(os.fstat(descriptor)) != expected:
            return None
        return FileDigest(hasher.hexdigest(), size)
    except OSError:
        return None
    finally:
        os.close(descriptor)
