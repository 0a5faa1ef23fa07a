"""Trees and what is made of them, without a disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfnb.errors import FileError
from wfnb.intrinsics.entries import (
    EMPTY_DIGEST,
    Directory,
    Entry,
    FileDigest,
    FileEntry,
    SymlinkEntry,
)
from wfnb.intrinsics.trees import EMPTY_TREE, Tree, add_prefix, merge, read_tree, remove_prefix


def file(path: str, text: str = "x", *, is_executable: bool = False) -> FileEntry:
    content = text.encode()
    digest = FileDigest(hashlib.sha256(content).hexdigest(), len(content))
    return FileEntry(path, digest, is_executable)


def files(*paths: str) -> Tree:
    return Tree(map(file, paths))


NAMES = st.sampled_from(["a", "b", "a.b", "é", "\udcff", "a\nb"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
LEAVES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(file, PATHS, st.sampled_from(["x", "y"]), is_executable=st.booleans()),
    st.builds(SymlinkEntry, PATHS, st.sampled_from(["a", "../b", "/etc"])),
    st.builds(Directory, PATHS),
)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Any tree: of drawn leaves, those that go together."""
    tree = EMPTY_TREE
    for leaf in draw(st.lists(LEAVES, max_size=6)):
        try:
            tree = merge([tree, Tree([leaf])])
        except FileError:
            continue
    return tree


def outcome(make: Callable[[], Tree]) -> Tree | str:
    """The tree, or that there is none."""
    try:
        return make()
    except FileError:
        return "refused"


def test_names_the_empty_tree() -> None:
    assert EMPTY_TREE.digest == EMPTY_DIGEST
    assert EMPTY_TREE.folders == []


def test_implies_the_folders_above_a_file() -> None:
    tree = Tree([file("a/b/c"), Directory("a/d/"), file("e")])

    assert tree.folders == ["a", "a/b", "a/d"]
    assert tree.leaf_files() == ["a/b/c", "e"]


def test_drops_the_mark_of_an_empty_folder_that_is_not_empty() -> None:
    """A tree has one form, so equal trees have equal digests."""
    assert Tree([Directory("a"), file("a/b")]) == files("a/b")
    assert Tree([file("a/b"), Directory("a")]).digest == files("a/b").digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (file("a"), file("b")),
        (file("a"), file("a", "y")),
        (file("a"), file("a", is_executable=True)),
        (file("a"), Directory("a")),
        (file("a"), SymlinkEntry("a", "x")),
        (SymlinkEntry("a", "x"), SymlinkEntry("a", "y")),
        (SymlinkEntry("ab", "c"), SymlinkEntry("c", "ab")),
        (file("é"), file("e\u0301")),
    ],
)
def test_gives_trees_that_differ_in_anything_another_digest(one: Entry, other: Entry) -> None:
    assert Tree([one]).digest != Tree([other]).digest


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), trees())
def test_gives_trees_one_digest_exactly_if_they_are_equal(one: Tree, other: Tree) -> None:
    assert (one.digest == other.digest) == (one == other)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), st.randoms())
def test_gives_one_digest_to_the_same_leaves_in_any_order(tree: Tree, random: Random) -> None:
    leaves = list(tree.leaves.values())
    random.shuffle(leaves)

    again = Tree(leaves)

    assert again.digest == tree.digest
    assert list(again.leaves) == sorted(again.leaves)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees())
def test_reads_back_the_canonical_form(tree: Tree) -> None:
    assert read_tree(tree.serial) == tree


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), st.binary(max_size=4), st.integers(0, 400))
def test_reads_no_tree_from_damaged_bytes(tree: Tree, patch: bytes, at: int) -> None:
    """Whatever the bytes, the result is a tree of exactly these, or a refusal."""
    serial = tree.serial[:at] + patch + tree.serial[at + len(patch) :]

    try:
        found = read_tree(serial)
    except FileError:
        return

    assert found.serial == serial


# ---------------------------------------------------------------- merging


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), trees())
def test_merges_in_either_order(one: Tree, other: Tree) -> None:
    assert outcome(lambda: merge([one, other])) == outcome(lambda: merge([other, one]))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), trees(), trees())
def test_merges_in_any_grouping(one: Tree, two: Tree, three: Tree) -> None:
    left = outcome(lambda: merge([merge([one, two]), three]))
    right = outcome(lambda: merge([one, merge([two, three])]))

    assert left == right == outcome(lambda: merge([one, two, three]))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees())
def test_merges_with_itself_and_with_nothing_to_itself(tree: Tree) -> None:
    assert merge([tree, EMPTY_TREE, tree]) == tree
    assert merge([]) == EMPTY_TREE


def test_refuses_two_contents_for_one_path_and_names_both() -> None:
    one = Tree([file("a.txt"), file("d/b", "old"), file("same")])
    other = Tree([file("a.txt", "yy"), file("d/b", "old", is_executable=True), file("same")])

    with pytest.raises(FileError) as raised:
        merge([one, other])

    assert str(raised.value) == (
        "2 paths are each two different things\n"
        "    a.txt: a file, 2d711642b726 (1 byte); a file, ef90d9c1ec76 (2 bytes)\n"
        "    d/b: a file, cba06b5736fa (3 bytes); a file, cba06b5736fa (3 bytes), executable\n"
        "  → leave one out with DigestSubset, "
        "or put one into a folder of its own with AddPrefix"
    )


def test_refuses_a_file_where_another_tree_has_a_folder() -> None:
    with pytest.raises(FileError) as raised:
        merge([Tree([SymlinkEntry("a", "b")]), files("a/x/y", "a/z")])

    assert str(raised.value) == (
        "a is two different things\n"
        "    a: a link to b; a folder with a/x/y\n"
        "  → leave one out with DigestSubset, "
        "or put one into a folder of its own with AddPrefix"
    )


def test_merges_an_empty_folder_into_one_that_has_files() -> None:
    assert merge([Tree([Directory("a")]), files("a/b")]) == files("a/b")


# ---------------------------------------------------------------- prefixes


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), st.sampled_from(["", "p", "a", "a/b"]))
def test_takes_off_the_prefix_that_it_put_on(tree: Tree, prefix: str) -> None:
    assert remove_prefix(add_prefix(tree, prefix), prefix) == tree


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(), trees(), st.sampled_from(["", "p", "a/b"]))
def test_merges_inside_a_folder_as_outside(one: Tree, other: Tree, prefix: str) -> None:
    inside = outcome(lambda: merge([add_prefix(one, prefix), add_prefix(other, prefix)]))

    assert inside == outcome(lambda: add_prefix(merge([one, other]), prefix))


def test_puts_a_tree_into_a_folder() -> None:
    tree = Tree([file("b"), SymlinkEntry("l", "b"), Directory("d")])

    assert add_prefix(tree, "x/y") == Tree(
        [file("x/y/b"), SymlinkEntry("x/y/l", "b"), Directory("x/y/d")]
    )
    assert add_prefix(EMPTY_TREE, "x") == EMPTY_TREE


def test_makes_nothing_of_the_empty_folder_that_is_the_prefix() -> None:
    assert remove_prefix(Tree([Directory("a/b")]), "a/b") == EMPTY_TREE
    assert remove_prefix(Tree([Directory("a")]), "a/b") == EMPTY_TREE


def test_refuses_to_remove_a_prefix_that_not_all_have_and_lists_the_rest() -> None:
    tree = Tree([file("a/b"), file("ab"), Directory("c"), SymlinkEntry("d/l", "x")])

    with pytest.raises(FileError) as raised:
        remove_prefix(tree, "a")

    assert str(raised.value) == (
        "the prefix a cannot be removed: 3 paths are not below it\n"
        "    ab\n"
        "    c\n"
        "    d/l\n"
        '  → take what is below it first: DigestSubset(digest, PathGlobs(["a/**"]))'
    )
