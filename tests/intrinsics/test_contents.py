"""Digests, made of values and seen as values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfnb.errors import FileError
from wfnb.intrinsics import contents
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.files import (
    EMPTY_DIGEST,
    CreateDigest,
    Digest,
    DigestEntries,
    DigestSubset,
    Directory,
    FileContent,
    FileDigest,
    FileEntry,
    GlobExpansionConjunction,
    GlobMatchErrorBehavior,
    PathGlobs,
    Snapshot,
    SnapshotDiff,
    SymlinkEntry,
    UnmatchedGlobWarning,
)
from wfnb.intrinsics.trees import merge


def make(store: BlobStore, *items: FileContent | FileEntry | SymlinkEntry | Directory) -> Digest:
    return contents.create(store, CreateDigest(items))


def texts(store: BlobStore, **files: str) -> Digest:
    """A tree of files; in the names, "_" stands for "/"."""
    return make(store, *(FileContent(p.replace("_", "/"), t.encode()) for p, t in files.items()))


def names(store: BlobStore, digest: Digest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    snapshot = contents.snapshot(store, digest)
    return snapshot.files, snapshot.dirs


# ---------------------------------------------------------------- making


def test_makes_the_folders_above_a_file(store: BlobStore) -> None:
    digest = make(store, FileContent("a/b/c.txt", b"x"), Directory("x/y/z"))

    assert contents.snapshot(store, digest) == Snapshot(
        digest, ("a/b/c.txt",), ("a", "a/b", "x", "x/y", "x/y/z")
    )


def test_makes_the_same_digest_of_the_same_files_in_any_order(store: BlobStore) -> None:
    a, b = FileContent("a", b"1"), FileContent("b", b"2", is_executable=True)

    assert make(store, a, b) == make(store, b, a, a)
    assert make(store) == EMPTY_DIGEST


def test_refuses_one_path_with_two_contents(store: BlobStore) -> None:
    with pytest.raises(FileError, match="a is two different things"):
        make(store, FileContent("a", b"1"), FileContent("a", b"2"))


def test_refuses_an_entry_whose_content_nobody_has(store: BlobStore) -> None:
    with pytest.raises(FileError) as raised:
        make(store, FileEntry("a.txt", FileDigest("a" * 64, 5)))

    assert str(raised.value) == (
        "the content of a.txt is not known: aaaaaaaaaaaa (5 bytes)\n"
        "  → take entries from DigestEntries, or pass FileContent"
    )


def test_gives_back_what_it_was_made_of(store: BlobStore) -> None:
    """Scenario 96: entries make the same digest again."""
    items = (
        Directory("empty"),
        FileContent("f", b"x"),
        SymlinkEntry("l", "../away"),
        FileContent("run", b"#!", is_executable=True),
    )
    digest = make(store, *items)

    entries = contents.entries(store, digest)

    assert entries == DigestEntries(
        [
            Directory("empty"),
            FileEntry("f", store.add_bytes(b"x")),
            SymlinkEntry("l", "../away"),
            FileEntry("run", store.add_bytes(b"#!"), is_executable=True),
        ]
    )
    assert contents.create(store, CreateDigest(entries)) == digest
    assert list(contents.contents(store, digest)) == [items[1], items[3]]


def test_refuses_the_digest_of_a_file_as_a_tree(store: BlobStore) -> None:
    file = store.add_bytes(b"European Burmese")

    with pytest.raises(FileError) as raised:
        contents.snapshot(store, Digest(file.fingerprint, file.serialized_bytes_length))

    assert str(raised.value) == (
        f"no tree of files has the digest {file.fingerprint[:12]} (16 bytes)\n"
        "    the digest of a file names no tree; nor does one of another session\n"
        "  → use a Digest that a request gave, or CreateDigest([FileEntry(…)])"
    )


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("items", "files", "dirs"),
    [
        (
            [SymlinkEntry("l", "file"), SymlinkEntry("a/b/l", "../../file")],
            ("a/b/l", "file", "l"),
            ("a", "a/b"),
        ),
        (
            [
                SymlinkEntry("self", "./self"),
                SymlinkEntry("x1", "x2"),
                SymlinkEntry("x2", "x1"),
                SymlinkEntry("a/dead", "file"),
                SymlinkEntry("a/far", "../../file"),
                SymlinkEntry("a/up", ".."),
                SymlinkEntry("abs", "/file"),
                SymlinkEntry("through", "file/x"),
            ],
            ("file",),
            ("a",),
        ),
        (
            [SymlinkEntry("a/l", "../file"), SymlinkEntry("d", "a"), SymlinkEntry("e", "d")],
            ("a/l", "d/l", "e/l", "file"),
            ("a", "d", "e"),
        ),
        ([FileContent("a/f", b""), SymlinkEntry("a/here", ".")], ("a/f", "file"), ("a",)),
    ],
    ids=["files", "passed over", "folders", "round"],
)
def test_follows_links_inside_the_tree_only(
    store: BlobStore,
    items: list[FileContent | SymlinkEntry],
    files: tuple[str, ...],
    dirs: tuple[str, ...],
) -> None:
    """Links to nothing, out of the tree or round are passed over, not errors."""
    digest = make(store, FileContent("file", b"four"), *items)

    assert names(store, digest) == (files, dirs)
    assert tuple(content.path for content in contents.contents(store, digest)) == files


def test_stops_at_links_that_make_a_forest_of_a_tree(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_PATHS", 1000)
    links = [
        SymlinkEntry(f"d{level}/{side}", f"../d{level + 1}")
        for level in range(30)
        for side in ("l", "r")
    ]
    digest = make(store, *links, FileContent("d30/f", b""))

    with pytest.raises(FileError) as raised:
        contents.snapshot(store, digest)

    assert str(raised.value) == (
        "the links in this tree make more than 1,000 paths of it\n"
        "  → look at it as DigestEntries, which follow no link"
    )


# ---------------------------------------------------------------- parts


def test_takes_the_part_that_globs_match(store: BlobStore) -> None:
    """Scenario 96: a part of a tree."""
    digest = texts(store, a="1", b="1", d_a="1", d_b="1", e_x_y="1")

    part = contents.subset(store, DigestSubset(digest, PathGlobs(["a", "e/**", "!**/b"])))

    assert part == texts(store, a="1", e_x_y="1")
    assert contents.subset(store, DigestSubset(digest, PathGlobs([]))) == EMPTY_DIGEST


def test_takes_a_folder_that_matches_without_what_is_in_it(store: BlobStore) -> None:
    digest = texts(store, a="1", d_a="1", d_e_x="1")

    part = contents.subset(store, DigestSubset(digest, PathGlobs(["d/*"])))

    assert names(store, part) == (("d/a",), ("d", "d/e"))


def test_takes_links_as_they_are_and_follows_none(store: BlobStore) -> None:
    digest = make(store, FileContent("d/a", b""), SymlinkEntry("l", "d"))

    part = contents.subset(store, DigestSubset(digest, PathGlobs(["l", "l/a"])))

    assert contents.entries(store, part) == DigestEntries([SymlinkEntry("l", "d")])


def test_finds_hidden_folders_inside_a_digest(store: BlobStore) -> None:
    digest = make(store, FileContent(".cfg/a", b""), FileContent("__pycache__/b", b""))

    part = contents.subset(store, DigestSubset(digest, PathGlobs(["**"])))

    assert part == digest


def strict(*globs: str, conjunction: str = "all_match", behavior: str = "error") -> PathGlobs:
    return PathGlobs(
        globs,
        GlobMatchErrorBehavior(behavior),
        GlobExpansionConjunction(conjunction),
        "the test",
    )


def test_reports_an_unmatched_glob_inside_a_digest(store: BlobStore) -> None:
    digest = texts(store, a="1")

    with pytest.raises(FileError) as raised:
        contents.subset(store, DigestSubset(digest, strict("a", "b", "c/*", "!d")))
    with pytest.warns(UnmatchedGlobWarning) as warned:
        contents.subset(store, DigestSubset(digest, strict("b", behavior="warn")))

    assert str(raised.value) == (
        '2 globs match nothing, from the test: "b", "c/*"\n'
        '    excluded: "d"\n'
        "  → correct the patterns, or ask for GlobMatchErrorBehavior.ignore"
    )
    assert str(warned[0].message) == (
        '1 glob matches nothing, from the test: "b"\n'
        "  → correct the pattern, or ask for GlobMatchErrorBehavior.ignore"
    )
    contents.subset(store, DigestSubset(digest, strict("a", "b", conjunction="any_match")))


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
FILES = st.lists(PATHS, max_size=5)
GLOBS = st.lists(st.sampled_from(["a", "*", "**", "a/*", "*/b", "**/c", "a/**", "!b", "!a/b"]))


def tree_of(store: BlobStore, paths: list[str]) -> Digest:
    kept = [p for p in paths if not any(other.startswith(f"{p}/") for other in paths)]
    return make(store, *(FileContent(path, b"") for path in kept))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(FILES, FILES, GLOBS)
def test_takes_the_same_part_before_and_after_merging(
    one: list[str], two: list[str], globs: list[str]
) -> None:
    """subset(merge(a, b)) == merge(subset(a), subset(b))."""
    store = BlobStore()
    a, b = tree_of(store, one), tree_of(store, two)
    wanted = PathGlobs(globs)
    try:
        together = store.add_tree(merge([store.tree(a), store.tree(b)]))
    except FileError:
        return

    parts = [store.tree(contents.subset(store, DigestSubset(each, wanted))) for each in (a, b)]

    assert contents.subset(store, DigestSubset(together, wanted)) == merge(parts).digest


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(FILES, GLOBS)
def test_takes_nothing_more_at_the_second_time(paths: list[str], globs: list[str]) -> None:
    store = BlobStore()
    wanted = PathGlobs(globs)
    part = contents.subset(store, DigestSubset(tree_of(store, paths), wanted))

    assert contents.subset(store, DigestSubset(part, wanted)) == part


# ---------------------------------------------------------------- differences


def test_tells_what_two_trees_do_not_share(store: BlobStore) -> None:
    ours = make(
        store,
        FileContent("same", b"1"),
        FileContent("changed", b"1"),
        FileContent("mode", b"1"),
        FileContent("d/ours", b"1"),
        FileContent("only/x/y", b"1"),
        SymlinkEntry("link", "a"),
        FileContent("kind", b"1"),
        Directory("empty"),
    )
    theirs = make(
        store,
        FileContent("same", b"1"),
        FileContent("changed", b"2"),
        FileContent("mode", b"1", is_executable=True),
        FileContent("d/theirs", b"1"),
        SymlinkEntry("link", "b"),
        FileContent("kind/z", b"1"),
        FileContent("new", b"1"),
    )

    found = contents.difference(store.tree(ours), store.tree(theirs))

    assert found == SnapshotDiff(
        our_unique_files=("d/ours", "kind"),
        our_unique_dirs=("empty", "only"),
        their_unique_files=("d/theirs", "new"),
        their_unique_dirs=("kind",),
        changed_files=("changed", "link", "mode"),
    )


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(FILES, FILES)
def test_tells_no_difference_exactly_of_equal_trees(one: list[str], two: list[str]) -> None:
    store = BlobStore()
    a, b = tree_of(store, one), tree_of(store, two)

    found = contents.difference(store.tree(a), store.tree(b))
    back = contents.difference(store.tree(b), store.tree(a))

    assert (found == SnapshotDiff()) == (a == b)
    assert found.our_unique_files == back.their_unique_files
    assert found.our_unique_dirs == back.their_unique_dirs
