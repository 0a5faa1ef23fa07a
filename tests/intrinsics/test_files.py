"""What can be said about files, and what is refused, in the author's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wfnb.errors import ParamError
from wfnb.hashing.keys import typed_key
from wfnb.intrinsics.files import (
    EMPTY_DIGEST,
    AddPrefix,
    CreateDigest,
    Digest,
    DigestContents,
    DigestSubset,
    Directory,
    FileContent,
    FileDigest,
    FileEntry,
    GlobExpansionConjunction,
    GlobMatchErrorBehavior,
    MergeDigests,
    PathGlobs,
    RemovePrefix,
    Snapshot,
    SymlinkEntry,
)

A_DIGEST = Digest("a" * 64, 3)
B_DIGEST = Digest("b" * 64, 3)


def test_tells_the_digest_of_a_tree_from_that_of_a_file() -> None:
    """The two never compare equal, and are different keys."""
    tree, file = Digest("a" * 64, 3), FileDigest("a" * 64, 3)

    assert tree != file
    assert typed_key(tree) != typed_key(file)


def test_names_the_empty_tree_by_the_digest_of_nothing() -> None:
    assert (
        Digest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0)
        == EMPTY_DIGEST
    )


def test_takes_globs_in_any_order_for_the_same_request() -> None:
    """Order and repetition do not matter, so they do not make another key."""
    one = PathGlobs(["b", "a", "!c", "a"])
    other = PathGlobs(("!c", "a", "b"))

    assert one == other
    assert typed_key(one) == typed_key(other)
    assert one.globs == ("!c", "a", "b")


def test_takes_digests_to_merge_in_any_order_for_the_same_request() -> None:
    assert MergeDigests([A_DIGEST, B_DIGEST]) == MergeDigests([B_DIGEST, A_DIGEST, A_DIGEST])


@pytest.mark.parametrize(
    "value",
    [
        PathGlobs(["*"]),
        CreateDigest([FileContent("a", b"x"), Directory("d"), SymlinkEntry("l", "a")]),
        MergeDigests([A_DIGEST]),
        DigestSubset(A_DIGEST, PathGlobs(["*"])),
        AddPrefix(A_DIGEST, "a"),
        RemovePrefix(A_DIGEST, "a"),
        Snapshot(A_DIGEST, ("a",), ()),
        DigestContents([FileContent("a", b"x")]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_takes_every_file_value_as_a_param(value: object) -> None:
    hash(typed_key(value))


@pytest.mark.parametrize(
    ("path", "normal"),
    [("a/b", "a/b"), ("./a//b/", "a/b"), ("a/./b", "a/b"), ("-rf", "-rf"), ("a\nb", "a\nb")],
)
def test_writes_one_path_in_one_way(path: str, normal: str) -> None:
    assert FileContent(path, b"").path == normal
    assert Directory(path) == Directory(normal)


def test_shows_a_file_content_without_its_bytes() -> None:
    """A repr stands in errors and reports; content may be long, or secret."""
    assert repr(FileContent("a.txt", b"x" * 5000, True)) == (
        "FileContent('a.txt', <5,000 bytes>, is_executable=True)"
    )


def test_reads_like_a_sequence() -> None:
    contents = DigestContents([FileContent("a", b"1"), FileContent("b", b"2")])

    assert len(contents) == 2
    assert contents[1].content == b"2"
    assert [content.path for content in contents] == ["a", "b"]


REFUSED: list[tuple[Callable[[], object], str]] = [
    (
        lambda: FileContent("/etc/passwd", b""),
        "the path of FileContent is absolute: /etc/passwd\n"
        "    only paths below the root are followed, so that results are good elsewhere too\n"
        "  → write it relative to the root",
    ),
    (
        lambda: FileEntry("a/../../b", FileDigest("a" * 64, 1)),
        "the path of FileEntry must be relative, without '..': a/../../b\n"
        "    a path with '..' can leave the root\n"
        "  → write it from the root down",
    ),
    (
        lambda: Directory("./"),
        "the path of Directory is empty\n  → name something below the root",
    ),
    (
        lambda: FileContent("a\0b", b""),
        "the path of FileContent has a NUL in it: 'a\\x00b'\n"
        "  → no file can be named so; leave it out",
    ),
    (
        lambda: FileContent("a\ud800", b""),
        "the path of FileContent has half a character in it: 'a\\ud800'\n"
        "    it is a lone surrogate, and stands for no byte of a name\n"
        "  → take names from os.listdir or os.fsdecode",
    ),
    (
        lambda: FileContent("x" * 5000, b""),
        "the path of FileContent is too long: 5,000 characters, 4,096 is the most\n"
        f"    {'x' * 120}…{'x' * 60}",
    ),
    (
        lambda: FileContent(7, b""),  # type: ignore[arg-type]
        "the path of FileContent is no text: int\n"
        '  → pass a str, relative to the root: "data/a.csv"',
    ),
    (
        lambda: FileContent("a.txt", "text"),  # type: ignore[arg-type]
        "the content of FileContent is no bytes: str\n"
        "  → write FileContent('a.txt', text.encode())",
    ),
    (
        lambda: SymlinkEntry("a", ""),
        "the target of SymlinkEntry is empty or no text: ''\n"
        "  → pass what the link points to, relative to the folder it is in",
    ),
    (
        lambda: FileEntry("a", A_DIGEST),  # type: ignore[arg-type]
        "the file_digest of FileEntry is a Digest\n"
        "  → pass a FileDigest; a Digest names a whole tree",
    ),
    (
        lambda: Digest("ABC", 1),
        "the fingerprint of Digest is no SHA-256: 'ABC'\n"
        "  → pass 64 hexadecimal digits in lower case, as sha256sum prints them",
    ),
    (
        lambda: PathGlobs("*.txt"),
        'PathGlobs takes several, not one str\n  → write PathGlobs(["data/*.csv"])',
    ),
    (
        lambda: PathGlobs([b"*"]),  # type: ignore[list-item]
        'PathGlobs takes no bytes\n  → write PathGlobs(["data/*.csv"])',
    ),
    (
        lambda: PathGlobs(["*"], description_of_origin="me"),
        "PathGlobs has a description_of_origin that nobody will read\n"
        "    unmatched globs are ignored\n"
        "  → leave it out, or pass glob_match_error_behavior=GlobMatchErrorBehavior.warn",
    ),
    (
        lambda: PathGlobs(["*"], GlobMatchErrorBehavior.error, GlobExpansionConjunction.all_match),
        "PathGlobs needs a description_of_origin: an unmatched glob is to be reported\n"
        '  → say where the patterns come from: description_of_origin="the setting `data`"',
    ),
    (
        lambda: PathGlobs(["*"], "error", description_of_origin="me"),  # type: ignore[arg-type]
        "PathGlobs does not know what to do with an unmatched glob: 'error'\n"
        "  → pass GlobMatchErrorBehavior.ignore, GlobMatchErrorBehavior.warn,"
        " GlobMatchErrorBehavior.error",
    ),
    (
        lambda: PathGlobs(["*"], conjunction=True),  # type: ignore[arg-type]
        "PathGlobs does not know what to do with several globs: True\n"
        "  → pass GlobExpansionConjunction.any_match, GlobExpansionConjunction.all_match",
    ),
    (
        lambda: FileDigest("a" * 64, -1),
        "the size of FileDigest is no whole number from 0: -1\n"
        "  → pass how many bytes there are, as wc -c prints it",
    ),
    (
        lambda: CreateDigest([object()]),  # type: ignore[list-item]
        "CreateDigest takes no object\n"
        "  → pass FileContent, FileEntry, SymlinkEntry or Directory, in a list",
    ),
    (
        lambda: CreateDigest(FileContent("a", b"")),  # type: ignore[arg-type]
        "CreateDigest takes several, not one FileContent\n"
        "  → pass FileContent, FileEntry, SymlinkEntry or Directory, in a list",
    ),
    (
        lambda: MergeDigests([FileDigest("a" * 64, 1)]),  # type: ignore[list-item]
        "MergeDigests takes no FileDigest\n  → pass digests, in a list",
    ),
    (
        lambda: AddPrefix(Snapshot(A_DIGEST, (), ()), "a"),  # type: ignore[arg-type]
        "AddPrefix takes no Snapshot\n  → pass snapshot.digest",
    ),
    (
        lambda: AddPrefix(A_DIGEST, "../a"),
        "the prefix of AddPrefix must be relative, without '..': ../a\n"
        "    a path with '..' can leave the root\n"
        "  → write it from the root down",
    ),
    (
        lambda: RemovePrefix(A_DIGEST, "/a"),
        "the prefix of RemovePrefix is absolute: /a\n"
        "    only paths below the root are followed, so that results are good elsewhere too\n"
        "  → write it relative to the root",
    ),
    (
        lambda: DigestSubset(A_DIGEST, ["*"]),  # type: ignore[arg-type]
        'the globs of DigestSubset are a list\n  → pass PathGlobs(["*.txt"])',
    ),
]


@pytest.mark.parametrize(("make", "text"), REFUSED, ids=[text[:40] for _, text in REFUSED])
def test_refuses_what_means_nothing(make: Callable[[], object], text: str) -> None:
    """Where it is written, with what is wrong and what to write instead."""
    with pytest.raises(ParamError) as raised:
        make()

    assert str(raised.value) == text


@pytest.mark.parametrize(
    ("globs", "text"),
    [
        (PathGlobs(["b/*", "a"]), "PathGlobs(['a', 'b/*'])"),
        (
            PathGlobs(["a"], GlobMatchErrorBehavior.warn, description_of_origin="me"),
            "PathGlobs(['a'], GlobMatchErrorBehavior.warn, description_of_origin='me')",
        ),
        (
            PathGlobs(["a"], conjunction=GlobExpansionConjunction.all_match),
            "PathGlobs(['a'], conjunction=GlobExpansionConjunction.all_match)",
        ),
    ],
)
def test_writes_the_patterns_first(globs: PathGlobs, text: str) -> None:
    """As one would type it, so that a text which is cut off still tells which files are meant."""
    assert repr(globs) == text
