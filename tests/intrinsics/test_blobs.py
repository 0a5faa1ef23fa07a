"""Content by its digest."""

from __future__ import annotations

import gc
import hashlib
import io
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfnb.errors import FileError
from wfnb.intrinsics import blobs, scratch
from wfnb.intrinsics.blobs import LARGE_BYTES, BlobStore
from wfnb.intrinsics.entries import EMPTY_DIGEST, EMPTY_FILE_DIGEST, Digest, FileDigest, FileEntry
from wfnb.intrinsics.scratch import Scratch
from wfnb.intrinsics.trees import EMPTY_TREE, Tree

LARGE = os.urandom(LARGE_BYTES + 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BlobStore]:
    store = BlobStore(folder=tmp_path)
    yield store
    store.close()


def digest_of(content: bytes) -> FileDigest:
    return FileDigest(hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"x" * LARGE_BYTES, LARGE, LARGE * 3],
    ids=["empty", "small", "just small", "just large", "large"],
)
def test_gives_back_what_it_was_given(store: BlobStore, content: bytes) -> None:
    """By whichever way it came, under its SHA-256."""
    digest = digest_of(content)

    assert store.add_bytes(content) == digest
    assert store.add_stream(io.BytesIO(content).read) == digest
    assert store.has(digest)
    assert store.read(digest) == content
    with store.open(digest) as file:
        assert file.read() == content


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 700_000), max_size=6))
def test_takes_a_stream_in_pieces_of_any_size(sizes: list[int]) -> None:
    content = os.urandom(sum(sizes))
    pieces = iter(sizes)
    source = io.BytesIO(content)
    store = BlobStore()

    def read(most: int) -> bytes:
        return source.read(min(most, next(pieces, most)))

    assert store.add_stream(read) == digest_of(content)
    assert store.read(digest_of(content)) == content
    store.close()


def test_knows_the_empty_file_and_the_empty_tree(store: BlobStore) -> None:
    assert store.read(EMPTY_FILE_DIGEST) == b""
    assert store.tree(EMPTY_DIGEST) == EMPTY_TREE
    assert store.add_tree(EMPTY_TREE) == EMPTY_DIGEST


def test_refuses_content_that_nobody_added(store: BlobStore) -> None:
    store.add_bytes(b"x")

    for digest in (FileDigest("a" * 64, 1), FileDigest(digest_of(b"x").fingerprint, 2)):
        assert not store.has(digest)
        with pytest.raises(FileError) as raised:
            store.read(digest)

    assert str(raised.value) == (
        f"the content {digest_of(b'x').fingerprint[:12]} (2 bytes) is not known here\n"
        "  → make it in this session: CreateDigest([FileContent(…)]), or ask for the file"
    )


def test_keeps_large_content_out_of_memory(store: BlobStore, tmp_path: Path) -> None:
    """Neither while it comes in nor afterwards."""
    left = 64

    def read(most: int) -> bytes:
        nonlocal left
        left -= 1
        return b"x" * most if left >= 0 else b""

    tracemalloc.start()
    try:
        digest = store.add_stream(read)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert digest.serialized_bytes_length > 60 * LARGE_BYTES
    assert peak < 8 * LARGE_BYTES


def test_moves_the_oldest_to_the_disk_when_memory_is_full(tmp_path: Path) -> None:
    store = BlobStore(folder=tmp_path, most_memory_bytes=100_000)
    contents = [bytes([number]) * 1000 for number in range(250)]

    digests = [store.add_bytes(content) for content in contents]

    assert store.path_on_disk(digests[0]) is not None
    assert store.path_on_disk(digests[-1]) is None
    assert [store.read(digest) for digest in digests] == contents
    assert sum(map(len, store._memory.values())) == store._memory_bytes <= 100_000
    store.close()


def test_refuses_more_than_the_disk_may_take(tmp_path: Path) -> None:
    store = BlobStore(folder=tmp_path, most_disk_bytes=2 * LARGE_BYTES)
    store.add_bytes(LARGE)

    for add in (
        lambda: store.add_bytes(b"y" * LARGE_BYTES + LARGE),
        lambda: store.add_stream(io.BytesIO(b"z" * LARGE_BYTES + LARGE).read),
    ):
        with pytest.raises(FileError) as raised:
            add()

    assert str(raised.value) == (
        "the files of this session take more than 0.00195 GiB\n"
        "    every file that is asked for is kept, so that it cannot change\n"
        "  → ask for Paths instead of a Digest where names are enough"
    )
    assert len(list(store._folder().iterdir())) == 2  # the first, and the lock
    assert store.read(digest_of(LARGE)) == LARGE
    store.close()


def test_says_that_the_disk_is_full(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs.io, "FileIO", Full)

    for add in (
        lambda: store.add_bytes(LARGE),
        lambda: store.add_stream(io.BytesIO(LARGE).read),
    ):
        with pytest.raises(FileError) as raised:
            add()

    assert str(raised.value) == (
        "the content of a file cannot be kept in the temporary folder\n"
        f"    No space left on device ({tmp_path})\n"
        "  → make room, or set TMPDIR to a folder with room before the kernel starts"
    )
    assert not store.has(digest_of(LARGE))
    assert len(list(store._folder().iterdir())) == 1  # the lock


def test_leaves_an_error_of_the_source_as_it_is(store: BlobStore) -> None:
    left = [LARGE]

    def read(_: int) -> bytes:
        if left:
            return left.pop()
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        store.add_stream(read)
    assert len(list(store._folder().iterdir())) == 1  # the lock


def test_notices_that_others_cleaned_its_folder(store: BlobStore) -> None:
    digest = store.add_bytes(LARGE)
    path = store.path_on_disk(digest)
    assert path is not None

    path.unlink()

    with pytest.raises(FileError) as raised:
        store.read(digest)
    assert str(raised.value) == (
        f"the content {digest.fingerprint[:12]} (1,048,577 bytes) is gone or was changed\n"
        "    wfnb keeps large files in a temporary folder, and others removed it there\n"
        "  → restart the kernel, and keep its folder out of clean-up jobs (set TMPDIR)"
    )


def test_takes_the_same_content_from_many_threads(tmp_path: Path) -> None:
    """While memory is full, so that some of it is on its way to the disk."""
    store = BlobStore(folder=tmp_path, most_memory_bytes=20_000)
    contents = [bytes([number]) * 2000 for number in range(40)] + [LARGE, LARGE * 2]
    wrong: list[object] = []

    def work(offset: int) -> None:
        for turn in range(120):
            content = contents[(turn * 7 + offset) % len(contents)]
            try:
                if store.read(store.add_bytes(content)) != content:
                    wrong.append(offset)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert sum(map(len, store._memory.values())) == store._memory_bytes
    assert sum(store._disk.values()) == store._disk_bytes
    store.close()


def test_reads_a_tree_again_that_it_had_no_room_for(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "_MOST_LEAVES", 10)
    trees = [
        Tree(FileEntry(f"{number}/{name}", EMPTY_FILE_DIGEST) for name in "abcd")
        for number in range(20)
    ]

    digests = [store.add_tree(tree) for tree in trees]

    assert len(store._trees) == 2
    assert [store.tree(digest) for digest in digests] == trees


def test_refuses_a_tree_of_another_size(store: BlobStore) -> None:
    digest = store.add_tree(Tree([FileEntry("a", EMPTY_FILE_DIGEST)]))

    with pytest.raises(FileError, match="no tree of files has the digest"):
        store.tree(Digest(digest.fingerprint, digest.serialized_bytes_length + 1))


# ---------------------------------------------------------------- the temporary folder


def test_needs_no_folder_for_small_content(tmp_path: Path) -> None:
    store = BlobStore(folder=tmp_path)
    store.add_bytes(b"x")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_removes_its_folder_when_it_is_closed_or_forgotten(tmp_path: Path) -> None:
    closed, forgotten = BlobStore(folder=tmp_path), BlobStore(folder=tmp_path)
    for store in (closed, forgotten):
        store.add_bytes(LARGE)
    assert len(list(tmp_path.iterdir())) == 2
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o700}

    closed.close()
    closed.close()
    del store, forgotten
    gc.collect()

    assert list(tmp_path.iterdir()) == []


SCRIPT = """
import os, pathlib, sys
from wfnb.intrinsics.blobs import BlobStore
store = BlobStore(folder=pathlib.Path(sys.argv[1]))
store.add_bytes(bytes(2_000_000))
if sys.argv[2] == "fork" and os.fork() == 0:
    sys.exit()
if sys.argv[2] == "fork":
    os.wait()
    assert store.has(store.add_bytes(bytes(2_000_000)))
    assert store.read(store.add_bytes(bytes(2_000_000))) == bytes(2_000_000)
if sys.argv[2] == "kill":
    os.kill(os.getpid(), 9)
"""


def run_script(folder: Path, end: str) -> int:
    argv = [sys.executable, "-c", SCRIPT, str(folder), end]
    return subprocess.run(argv, check=False, timeout=60).returncode


@pytest.mark.slow
def test_leaves_nothing_behind_at_the_end_of_the_process(tmp_path: Path) -> None:
    """Also after a child was forked, which must not clean up for its parent."""
    assert run_script(tmp_path, "exit") == 0
    assert run_script(tmp_path, "fork") == 0

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_sweeps_what_a_killed_process_left_but_nothing_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_script(tmp_path, "kill") == -9
    (tmp_path / "wfnb-making-x").mkdir()
    assert len(list(tmp_path.iterdir())) == 2
    living = Scratch(tmp_path)
    assert sorted(tmp_path.iterdir()) == [
        tmp_path / "wfnb-making-x",  # too young: its lock might be just being taken
        living.path,
    ]

    monkeypatch.setattr(scratch, "_YOUNG_S", -1.0)
    scratch.sweep(tmp_path)

    assert list(tmp_path.iterdir()) == [living.path]
    living.remove()
