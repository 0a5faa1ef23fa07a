"""Between trees and the values that rules see of them.

Knows: how a digest is made of values, and read as names, entries, content or a difference.
Does not know: the disk.
Holds: names and content are seen with links followed, inside the tree only; a link out of it, to
    nothing or round is passed over. Entries are seen as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfnb.errors import FileError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.entries import (
    Digest,
    Directory,
    Entry,
    FileContent,
    FileEntry,
    SymlinkEntry,
    digest_text,
)
from wfnb.intrinsics.files import (
    CreateDigest,
    DigestContents,
    DigestEntries,
    DigestSubset,
    Snapshot,
    SnapshotDiff,
)
from wfnb.intrinsics.globs import State, compile_globs
from wfnb.intrinsics.paths import MOST_PATHS, join, shown
from wfnb.intrinsics.trees import Tree
from wfnb.intrinsics.unmatched import report_unmatched

_MOST_LINKS = 40


def create(store: BlobStore, request: CreateDigest) -> Digest:
    """The tree of some files.

    Raises:
        FileError: two files with one path, or an entry whose content is not known.
    """
    leaves: list[Entry] = []
    for item in request:
        if isinstance(item, FileContent):
            digest = store.add_bytes(item.content)
            leaves.append(FileEntry(item.path, digest, item.is_executable))
            continue
        if isinstance(item, FileEntry) and not store.has(item.file_digest):
            raise FileError(
                f"the content of {shown(item.path)} is not known: {digest_text(item.file_digest)}",
                fix="take entries from DigestEntries, or pass FileContent",
            )
        leaves.append(item)
    return store.add_tree(Tree(leaves))


def entries(store: BlobStore, digest: Digest) -> DigestEntries:
    """Files, links and empty folders, sorted by path."""
    return DigestEntries(store.tree(digest).leaves.values())


def snapshot(store: BlobStore, digest: Digest) -> Snapshot:
    """The names in a digest."""
    tree = store.tree(digest)
    if not _has_links(tree):
        return Snapshot(digest, tuple(tree.leaf_files()), tuple(tree.folders))
    files: list[str] = []
    folders: list[str] = []
    for path, entry in _followed(tree):
        (folders if entry is None else files).append(path)
    return Snapshot(digest, tuple(sorted(files)), tuple(sorted(folders)))


def contents(store: BlobStore, digest: Digest) -> DigestContents:
    """Every file with all its bytes."""
    tree = store.tree(digest)
    found = [
        (path, entry)
        for path, entry in (_followed(tree) if _has_links(tree) else tree.leaves.items())
        if isinstance(entry, FileEntry)
    ]
    return DigestContents(
        FileContent(path, store.read(entry.file_digest), entry.is_executable)
        for path, entry in sorted(found, key=lambda pair: pair[0])
    )


def subset(store: BlobStore, request: DigestSubset) -> Digest:
    """What globs match inside a digest. Hidden folders are matched like others.

    Raises:
        FileError: an unmatched glob that matters.
    """
    globs = compile_globs(request.globs.globs, sees_hidden=True)
    tree = store.tree(request.digest)
    states: dict[str, State | None] = {"": globs.start if globs.includes else None}
    matched: set[int] = set()
    kept: list[Entry] = []

    def state_in(folder: str) -> State | None:
        """What is looked for in a folder; the folder itself is taken, if it matches."""
        if folder not in states:
            above, _, name = folder.rpartition("/")
            outer = state_in(above)
            states[folder] = None
            if outer is not None:
                step = globs.step(outer, name, is_folder=True)
                states[folder] = step.inside
                matched.update(step.matched)
                if step.matched:
                    kept.append(Directory(folder))
        return states[folder]

    for path, leaf in tree.leaves.items():
        if isinstance(leaf, Directory):
            state_in(path)
            continue
        folder, _, name = path.rpartition("/")
        state = state_in(folder)
        if state is not None:
            step = globs.step(state, name, is_folder=False)
            matched.update(step.matched)
            if step.matched:
                kept.append(leaf)
    report_unmatched(request.globs, globs, matched)
    return store.add_tree(Tree(kept))


# ---------------------------------------------------------------- difference


def difference(ours: Tree, theirs: Tree) -> SnapshotDiff:
    """What two trees do not share. A link whose text differs counts as a changed file."""
    our_folders, their_folders = set(ours.folders), set(theirs.folders)
    changed = [
        path
        for path, leaf in ours.leaves.items()
        if not isinstance(leaf, Directory) and _is_changed(leaf, theirs.leaves.get(path))
    ]
    return SnapshotDiff(
        our_unique_files=_unique_files(ours, theirs, their_folders),
        our_unique_dirs=_unique_folders(our_folders, their_folders),
        their_unique_files=_unique_files(theirs, ours, our_folders),
        their_unique_dirs=_unique_folders(their_folders, our_folders),
        changed_files=tuple(changed),
    )


def _is_changed(ours: Entry, theirs: Entry | None) -> bool:
    return theirs is not None and type(theirs) is type(ours) and theirs != ours


def _unique_files(ours: Tree, theirs: Tree, their_folders: set[str]) -> tuple[str, ...]:
    found = []
    for path, leaf in ours.leaves.items():
        if isinstance(leaf, Directory):
            continue
        folder = path.rpartition("/")[0]
        if (not folder or folder in their_folders) and type(theirs.leaves.get(path)) is not type(
            leaf
        ):
            found.append(path)
    return tuple(found)


def _unique_folders(ours: set[str], theirs: set[str]) -> tuple[str, ...]:
    found = []
    for folder in ours - theirs:
        above = folder.rpartition("/")[0]
        if not above or above in theirs:
            found.append(folder)
    return tuple(sorted(found))


# ---------------------------------------------------------------- links inside a tree


def _has_links(tree: Tree) -> bool:
    return any(isinstance(leaf, SymlinkEntry) for leaf in tree.leaves.values())


def _followed(tree: Tree) -> Iterator[tuple[str, FileEntry | None]]:
    """Every file and folder (None) under every path that leads to it without going round."""
    children: dict[str, dict[str, Entry | None]] = {"": {}}
    for folder in tree.folders:
        children[folder] = {}
    for path in (*tree.folders, *tree.leaves):
        above, _, name = path.rpartition("/")
        leaf = tree.leaves.get(path)
        children[above][name] = None if isinstance(leaf, Directory) else leaf
    count = 0
    waiting: list[tuple[str, str, tuple[str, ...]]] = [("", "", ("",))]
    while waiting:
        path, real, chain = waiting.pop()
        for name, entry in children[real].items():
            inner, inner_real = join(path, name), join(real, name)
            if isinstance(entry, SymlinkEntry):
                found = _resolve(children, inner_real)
                if found is None:
                    continue
                inner_real, entry = found
            if isinstance(entry, FileEntry):
                yield inner, entry
            elif inner_real not in chain:
                yield inner, None
                waiting.append((inner, inner_real, (*chain, inner_real)))
            count += 1
            if count > MOST_PATHS:
                raise FileError(
                    f"the links in this tree make more than {MOST_PATHS:,} paths of it",
                    fix="look at it as DigestEntries, which follow no link",
                )


def _resolve(
    children: dict[str, dict[str, Entry | None]], link: str
) -> tuple[str, Entry | None] | None:
    folder, _, name = link.rpartition("/")
    at = folder.split("/") if folder else []
    ahead = [name]
    crossed = 0
    while ahead:
        part = ahead.pop()
        if part == "..":
            if not at:
                return None
            at.pop()
            continue
        here = children.get("/".join(at))
        if here is None or part not in here:
            return None
        entry = here[part]
        if isinstance(entry, SymlinkEntry):
            crossed += 1
            if crossed > _MOST_LINKS or entry.target.startswith("/"):
                return None
            ahead += [step for step in reversed(entry.target.split("/")) if step not in ("", ".")]
            continue
        if isinstance(entry, FileEntry):
            return None if ahead else ("/".join((*at, part)), entry)
        at.append(part)
    return "/".join(at), None
