"""Trees: what a digest names, and what can be made of trees without touching a disk.

Knows: paths, kinds and digests of content. Does not know: content, the disk, the store.
Holds: a tree is its leaves: files, links and empty folders, sorted by path. Folders that hold
           something are implied. No leaf is below another.
       Two trees have equal digests exactly if they have equal leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from wfnb.errors import FileError, WfnbError
from wfnb.intrinsics.entries import (
    Digest,
    Directory,
    Entry,
    FileDigest,
    FileEntry,
    SymlinkEntry,
    entry_text,
)
from wfnb.intrinsics.paths import parents, path_bytes, path_text, shown


class Tree:
    """Files, links and empty folders, by path. Immutable.

    Attributes:
        leaves: sorted by path.
    """

    __slots__ = ("_digest", "_serial", "leaves")

    def __init__(self, leaves: Iterable[Entry] = ()) -> None:
        """Make a tree of leaves.

        An empty folder that another leaf is in is dropped, and so is a repetition.

        Raises:
            FileError: two leaves that cannot both be.
        """
        self.leaves: Mapping[str, Entry] = MappingProxyType(_settled(leaves))
        self._serial: bytes | None = None
        self._digest: Digest | None = None

    @property
    def serial(self) -> bytes:
        """The canonical form: one record per leaf, in the order of their paths.

        A record is what the leaf is, NUL, its path, NUL. No part of it can hold a NUL.
        """
        if self._serial is None:
            self._serial = b"".join(map(_record, self.leaves.values()))
        return self._serial

    @property
    def digest(self) -> Digest:
        """The digest of the canonical form."""
        if self._digest is None:
            serial = self.serial
            self._digest = Digest(hashlib.sha256(serial).hexdigest(), len(serial))
        return self._digest

    @property
    def folders(self) -> list[str]:
        """Every folder, empty or not, sorted."""
        found = {path for path, leaf in self.leaves.items() if isinstance(leaf, Directory)}
        found |= _folders_of(self.leaves)
        return sorted(found)

    def leaf_files(self) -> list[str]:
        """Files and links, not followed, sorted."""
        return [path for path, leaf in self.leaves.items() if not isinstance(leaf, Directory)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self.leaves == other.leaves

    def __hash__(self) -> int:
        return hash(self.digest)

    def __len__(self) -> int:
        return len(self.leaves)

    def __repr__(self) -> str:
        return f"Tree({', '.join(map(shown, self.leaves))})"


def _record(leaf: Entry) -> bytes:
    path = path_bytes(leaf.path)
    if isinstance(leaf, FileEntry):
        digest = leaf.file_digest
        mode = "x" if leaf.is_executable else "f"
        head = f"{mode} {digest.fingerprint} {digest.serialized_bytes_length}".encode()
        return b"%b\0%b\0" % (head, path)
    if isinstance(leaf, SymlinkEntry):
        return b"l %b\0%b\0" % (path_bytes(leaf.target), path)
    return b"d\0%b\0" % path


def read_tree(serial: bytes) -> Tree:
    """The tree of a canonical form.

    Raises:
        FileError: it is none.
    """
    try:
        *fields, end = serial.split(b"\0")
        if end or len(fields) % 2:
            raise ValueError("cut off")
        tree = Tree(map(_read_record, fields[::2], fields[1::2]))
    except (ValueError, WfnbError) as error:
        why = str(error).splitlines()[:1]
        raise FileError("these bytes are no tree of files", why=why) from None
    if tree.serial != serial:
        raise FileError("these bytes are no tree of files", why=("not in canonical order",))
    return tree


def _read_record(head: bytes, path: bytes) -> Entry:
    kind, _, rest = head.partition(b" ")
    name = path_text(path)
    if kind in (b"x", b"f"):
        fingerprint, _, size = rest.partition(b" ")
        return FileEntry(name, FileDigest(fingerprint.decode(), int(size)), kind == b"x")
    if kind == b"l":
        return SymlinkEntry(name, path_text(rest))
    if kind == b"d":
        return Directory(name)
    raise ValueError(f"unknown kind {kind!r}")


# ---------------------------------------------------------------- making one tree of many leaves


def _settled(leaves: Iterable[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    conflicts: dict[str, list[Entry]] = {}
    for leaf in leaves:
        known = found.setdefault(leaf.path, leaf)
        if known is not leaf and known != leaf:
            seen = conflicts.setdefault(leaf.path, [known])
            if leaf not in seen:
                seen.append(leaf)
    if conflicts:
        raise _conflict_error(conflicts)
    clashes: dict[str, list[Entry]] = {}
    for folder in _folders_of(found):
        leaf_there = found.get(folder)
        if isinstance(leaf_there, Directory):
            del found[folder]
        elif leaf_there is not None:
            clashes[folder] = [leaf_there]
    if clashes:
        raise _folder_error(clashes, found)
    return dict(sorted(found.items()))


def _folders_of(paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        end = path.rfind("/")
        while end > 0:
            folder = path[:end]
            if folder in found:
                break
            found.add(folder)
            end = path.rfind("/", 0, end)
    return found


def _conflict_error(conflicts: Mapping[str, list[Entry]]) -> FileError:
    why = []
    for path, seen in sorted(conflicts.items()):
        texts = sorted(map(entry_text, seen))
        why.append(f"{shown(path)}: " + "; ".join(texts))
    return _two_things(why, list(conflicts))


def _folder_error(clashes: Mapping[str, list[Entry]], found: Mapping[str, Entry]) -> FileError:
    why = []
    for folder, (leaf,) in sorted(clashes.items()):
        inner = min(path for path in found if path.startswith(f"{folder}/"))
        why.append(f"{shown(folder)}: {entry_text(leaf)}; a folder with {shown(inner)}")
    return _two_things(why, list(clashes))


def _two_things(why: list[str], paths: list[str]) -> FileError:
    what = f"{shown(paths[0])} is" if len(paths) == 1 else f"{len(paths)} paths are each"
    return FileError(
        f"{what} two different things",
        why=why,
        fix="leave one out with DigestSubset, or put one into a folder of its own with AddPrefix",
    )


# ---------------------------------------------------------------- algebra


def merge(trees: Iterable[Tree]) -> Tree:
    """All leaves of all trees.

    Raises:
        FileError: a path with two contents, or that is a file in one and a folder in another; all
            such paths, each with both.
    """
    several = [tree for tree in trees if tree.leaves]
    if len(several) == 1:
        return several[0]
    return Tree(leaf for tree in several for leaf in tree.leaves.values())


def add_prefix(tree: Tree, prefix: str) -> Tree:
    """The tree inside the folder `prefix`, which is normal or ""."""
    if not prefix or not tree.leaves:
        return tree
    return Tree(_moved(leaf, f"{prefix}/{path}") for path, leaf in tree.leaves.items())


def remove_prefix(tree: Tree, prefix: str) -> Tree:
    """What is in the folder `prefix`, which is normal or "".

    Raises:
        FileError: something is not below it; the error names all of that.
    """
    if not prefix:
        return tree
    head = f"{prefix}/"
    above = set(parents(prefix))
    kept: list[Entry] = []
    offenders = []
    for path, leaf in tree.leaves.items():
        if path.startswith(head):
            kept.append(_moved(leaf, path[len(head) :]))
        elif not (isinstance(leaf, Directory) and (path == prefix or path in above)):
            offenders.append(shown(path))
    if offenders:
        count = "1 path is" if len(offenders) == 1 else f"{len(offenders)} paths are"
        raise FileError(
            f"the prefix {shown(prefix)} cannot be removed: {count} not below it",
            why=offenders,
            fix=f'take what is below it first: DigestSubset(digest, PathGlobs(["{prefix}/**"]))',
        )
    return Tree(kept)


def _moved(leaf: Entry, path: str) -> Entry:
    if isinstance(leaf, FileEntry):
        return FileEntry(path, leaf.file_digest, leaf.is_executable)
    if isinstance(leaf, SymlinkEntry):
        return SymlinkEntry(path, leaf.target)
    return Directory(path)


EMPTY_TREE = Tree()
