"""Digests, written to the disk.

Knows: how a file gets its content all at once, and how never to write through a link.
Does not know: who may write; where content comes from.
Holds: nothing outside the folder is ever touched: folders are opened one by one, a link among them
           is followed only to a place below the root, and the last name is replaced, not followed.
       A file is there with its old content or its new, never half. A failure can leave some files
           of a digest written and others not; what can be checked is checked before the first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from wfnb.errors import FileError
from wfnb.intrinsics.blobs import BlobStore, copy_content
from wfnb.intrinsics.entries import (
    Digest,
    Directory,
    FileDigest,
    FileEntry,
    SymlinkEntry,
    digest_text,
)
from wfnb.intrinsics.folders import clear, open_folder, writing
from wfnb.intrinsics.globs import TEMPORARY_PREFIX
from wfnb.intrinsics.paths import join, relative_path, shown
from wfnb.intrinsics.roots import Checkpoint, Root, is_inside, never_stop
from wfnb.intrinsics.trees import Tree, add_prefix

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def materialize(
    store: BlobStore,
    digest: Digest,
    folder: Path | str,
    *,
    checkpoint: Checkpoint = never_stop,
) -> None:
    """Write a digest into a folder of our own, a sandbox. It is made if need be.

    Files are copies, so what a process does to them reaches nobody else. Links are written as they
    are. If the folder is new or empty, nothing can be in the way, and this is quick.

    Args:
        checkpoint: called for every file; what it raises stops the work, half done.

    Raises:
        FileError: content that is not known, something in the way, a full disk.
    """
    tree = store.tree(digest)
    _check_content(store, tree)
    os.makedirs(folder, exist_ok=True)
    root = Root(folder)
    with os.scandir(root.path) as entries:
        is_empty = next(entries, None) is None
    if is_empty and not _twins(tree):
        _write_fresh(store, tree, root, checkpoint)
    else:
        _write_over(store, tree, root, checkpoint)


def write_digest(
    store: BlobStore,
    digest: Digest,
    root: Root | Path | str,
    *,
    path_prefix: str | None = None,
    clear_paths: Iterable[str] = (),
) -> None:
    """Write a digest below the root, over what is there.

    Args:
        path_prefix: the folder below the root to write into.
        clear_paths: what to remove first, relative to `path_prefix`: files, links (not what they
            point to), folders with all in them; "" is everything in the prefix. What is missing is
            passed over.

    Raises:
        ParamError: a prefix or a path that leaves the root.
        FileError: content that is not known, something in the way, a link out of the root, a full
            disk. Then some of the files may have been written.
    """
    prefix = relative_path(path_prefix or "", "path_prefix", may_be_root=True)
    if isinstance(clear_paths, str):
        clear_paths = (clear_paths,)
    cleared = [relative_path(path, "a path to clear", may_be_root=True) for path in clear_paths]
    if not prefix and "" in cleared:
        raise FileError(
            "clear_paths would remove everything below the root",
            fix="name what to remove, or write into a folder with path_prefix",
        )
    ground = root if isinstance(root, Root) else Root(root)
    tree = add_prefix(store.tree(digest), prefix)
    _check_content(store, tree)
    _check_links(tree)
    for path in cleared:
        clear(ground, join(prefix, path) if path else prefix, is_kept=not path)
    _write_over(store, tree, ground, never_stop)


# ---------------------------------------------------------------- checks before the first write


def _check_content(store: BlobStore, tree: Tree) -> None:
    for path, leaf in tree.leaves.items():
        if isinstance(leaf, FileEntry) and not store.has(leaf.file_digest):
            raise FileError(
                f"the content of {shown(path)} is not known: {digest_text(leaf.file_digest)}",
                fix="ask for the digest again; content is kept for one session",
            )


def _check_links(tree: Tree) -> None:
    for path, leaf in tree.leaves.items():
        if isinstance(leaf, SymlinkEntry) and not is_inside(path, leaf.target):
            raise FileError(
                f"the link {shown(path)} would lead out of the root",
                why=(f"it points to {shown(leaf.target)}",),
                fix="write the file itself, or a relative link that stays inside",
            )


def _twins(tree: Tree) -> list[tuple[str, str]]:
    """Paths that a disk blind to case, or to how accents are composed, would take for one."""
    seen: dict[str, str] = {}
    found = []
    for path in (*tree.leaves, *tree.folders):
        folded = path if path.isascii() else unicodedata.normalize("NFC", path)
        other = seen.setdefault(folded.casefold(), path)
        if other != path:
            found.append((other, path))
    return found


def _check_twins(tree: Tree, root: Root) -> None:
    for one, other in _twins(tree):
        with writing(one):
            is_apart = can_tell_apart(root.path, one, other)
        if not is_apart:
            raise FileError(
                f"{shown(one)} and {shown(other)} cannot both be written",
                why=("the disk takes these names for the same",),
                fix="rename one of them",
            )


def can_tell_apart(folder: str, one: str, other: str) -> bool:
    """Whether the disk of `folder` has room for both names."""
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    name, twin = next(pair for pair in pairs if pair[0] != pair[1])
    probe = os.path.join(folder, _temporary_name())
    os.mkdir(probe, 0o700)
    try:
        for entry in (name, twin):
            os.close(os.open(os.path.join(probe, entry), _NEW, 0o600))
    except FileExistsError:
        return False
    finally:
        shutil.rmtree(probe, ignore_errors=True)
    return True


# ---------------------------------------------------------------- writing


def _write_fresh(store: BlobStore, tree: Tree, root: Root, checkpoint: Checkpoint) -> None:
    """Into an empty folder that nobody else writes to: no link can be in the way."""
    head = f"{root.path}/"
    for path in tree.folders:
        with writing(path):
            os.mkdir(head + path)
    for path, leaf in tree.leaves.items():
        checkpoint()
        if isinstance(leaf, FileEntry):
            with writing(path):
                descriptor = os.open(head + path, _NEW, 0o777 if leaf.is_executable else 0o666)
                _fill(store, leaf.file_digest, descriptor)
        elif isinstance(leaf, SymlinkEntry):
            with writing(path):
                os.symlink(leaf.target, head + path)


def _write_over(store: BlobStore, tree: Tree, root: Root, checkpoint: Checkpoint) -> None:
    """Into any folder, atomically, through no link that leads out."""
    if tree.leaves:
        _check_twins(tree, root)
    by_folder: dict[str, list[str]] = {}
    for path, leaf in tree.leaves.items():
        folder = path if isinstance(leaf, Directory) else path.rpartition("/")[0]
        names = by_folder.setdefault(folder, [])
        if folder is not path:
            names.append(path)
    for folder, paths in by_folder.items():
        with open_folder(root, folder, is_made=True) as descriptor:
            assert descriptor is not None
            for path in paths:
                checkpoint()
                _write_leaf(store, tree.leaves[path], descriptor)


def _write_leaf(store: BlobStore, leaf: FileEntry | SymlinkEntry | Directory, folder: int) -> None:
    if isinstance(leaf, Directory):
        return
    name = leaf.path.rpartition("/")[2]
    temporary = _temporary_name()
    with writing(leaf.path):
        try:
            if isinstance(leaf, SymlinkEntry):
                os.symlink(leaf.target, temporary, dir_fd=folder)
            else:
                mode = 0o777 if leaf.is_executable else 0o666
                descriptor = os.open(temporary, _NEW, mode, dir_fd=folder)
                _fill(store, leaf.file_digest, descriptor)
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise


def _fill(store: BlobStore, digest: FileDigest, descriptor: int) -> None:
    with open(descriptor, "wb", buffering=0) as file:
        copy_content(store, digest, file)


def _temporary_name() -> str:
    return f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}"
