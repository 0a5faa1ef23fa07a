"""Files of a disk, found by globs and taken into a digest."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wfnb.errors import FileError
from wfnb.intrinsics import capture as capture_module
from wfnb.intrinsics import contents, walk
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.capture import capture, capture_paths
from wfnb.intrinsics.files import (
    EMPTY_DIGEST,
    EMPTY_SNAPSHOT,
    CreateDigest,
    Digest,
    DigestEntries,
    Directory,
    FileContent,
    FileEntry,
    GlobExpansionConjunction,
    GlobMatchErrorBehavior,
    PathGlobs,
    Paths,
    Snapshot,
    SymlinkEntry,
    UnmatchedGlobWarning,
)
from wfnb.intrinsics.walk import find_paths
from wfnb.intrinsics.warden.folders import remove_tree

ALL_FILES = (
    "4.txt",
    "a/3.txt",
    "a/4.txt.ln",
    "a/b/1.txt",
    "a/b/2",
    "c.ln/1.txt",
    "c.ln/2",
    "d.ln/3.txt",
    "d.ln/4.txt.ln",
    "d.ln/b/1.txt",
    "d.ln/b/2",
)
ALL_DIRS = ("a", "a/b", "c.ln", "d.ln", "d.ln/b")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of Pants' own tests: files, folders, and links to both."""
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    for path, text in {
        "4.txt": "four",
        "a/3.txt": "three",
        "a/b/1.txt": "one",
        "a/b/2": "2",
    }.items():
        (root / path).write_text(text + "\n")
    (root / "a/4.txt.ln").symlink_to("../4.txt")
    (root / "c.ln").symlink_to("a/b")
    (root / "d.ln").symlink_to("a")
    return root


def snapshot(store: BlobStore, root: Path, *globs: str) -> Snapshot:
    return capture(store, root, PathGlobs(globs)).snapshot


def refusal(store: BlobStore, root: Path, *globs: str) -> str:
    with pytest.raises(FileError) as raised:
        snapshot(store, root, *globs)
    return str(raised.value)


def texts(store: BlobStore, digest: Digest) -> dict[str, str]:
    return {content.path: content.content.decode() for content in contents.contents(store, digest)}


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("globs", "files", "dirs"),
    [
        (["4.txt"], ["4.txt"], []),
        (["a/b/1.txt", "a/b/2"], ["a/b/1.txt", "a/b/2"], ["a", "a/b"]),
        (["c.ln/2"], ["c.ln/2"], ["c.ln"]),
        (["d.ln/b/1.txt"], ["d.ln/b/1.txt"], ["d.ln", "d.ln/b"]),
        (["z.fake", "z/fake", "4.txt/x"], [], []),
        (["c.ln"], [], ["c.ln"]),
        (["a"], [], ["a"]),
        (["a/b/"], [], ["a", "a/b"]),
        (["*.txt"], ["4.txt"], []),
        (["c.ln/*.txt"], ["c.ln/1.txt"], ["c.ln"]),
        (["*/0.txt"], [], []),
        (["*"], ["4.txt"], ["a", "c.ln", "d.ln"]),
        (
            ["*/*"],
            ["a/3.txt", "a/4.txt.ln", "c.ln/1.txt", "c.ln/2", "d.ln/3.txt", "d.ln/4.txt.ln"],
            ALL_DIRS,
        ),
        (
            ["*/*/*"],
            ["a/b/1.txt", "a/b/2", "d.ln/b/1.txt", "d.ln/b/2"],
            ["a", "a/b", "d.ln", "d.ln/b"],
        ),
        (["**/*.txt.ln"], ["a/4.txt.ln", "d.ln/4.txt.ln"], ["a", "d.ln"]),
        (["**/3.t*t"], ["a/3.txt", "d.ln/3.txt"], ["a", "d.ln"]),
        (["**"], ALL_FILES, ALL_DIRS),
        (["**/*"], ALL_FILES, ALL_DIRS),
        (["*", "**"], ALL_FILES, ALL_DIRS),
        (["a/**"], ["a/3.txt", "a/4.txt.ln", "a/b/1.txt", "a/b/2"], ["a", "a/b"]),
        (["a/**/3.txt"], ["a/3.txt"], ["a"]),
        (["a/**/2"], ["a/b/2"], ["a", "a/b"]),
        (["**", "!*.ln"], ["4.txt", "a/3.txt", "a/b/1.txt", "a/b/2"], ["a", "a/b"]),
        (["**", "!a/b/"], ["4.txt", "a/3.txt", "a/4.txt.ln", *ALL_FILES[5:]], None),
        (["!a"], [], []),
        ([], [], []),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, list) else "",
)
def test_finds_files_and_folders(
    store: BlobStore, root: Path, globs: list[str], files: list[str], dirs: list[str] | None
) -> None:
    """As Pants does: links are followed, a folder that matches is only itself."""
    found = snapshot(store, root, *globs)

    assert found.files == tuple(sorted(files))
    if dirs is not None:
        assert found.dirs == tuple(sorted(dirs))
    assert (found.digest == EMPTY_DIGEST) == (found == EMPTY_SNAPSHOT)


def test_takes_the_content_behind_links(store: BlobStore, root: Path) -> None:
    found = snapshot(store, root, "4.txt", "a/4.txt.ln", "c.ln/1.txt")

    assert texts(store, found.digest) == {
        "4.txt": "four\n",
        "a/4.txt.ln": "four\n",
        "c.ln/1.txt": "one\n",
    }
    assert all(isinstance(entry, FileEntry) for entry in contents.entries(store, found.digest))


def test_makes_the_digest_that_the_same_files_make_without_a_disk(
    store: BlobStore, root: Path
) -> None:
    (root / "a/3.txt").chmod(0o755)

    assert snapshot(store, root, "a/3.txt", "a/b").digest == contents.create(
        store,
        CreateDigest([FileContent("a/3.txt", b"three\n", is_executable=True), Directory("a/b")]),
    )


def test_gives_names_without_reading_a_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", None)

    paths, _ = find_paths(root, PathGlobs(["a/*", "4.txt"]))

    assert paths == Paths(("4.txt", "a/3.txt", "a/4.txt.ln"), ("a/b",))


def test_passes_hidden_folders_over_unless_they_are_named(store: BlobStore, root: Path) -> None:
    for folder in (".git", "__pycache__", "a/.venv"):
        (root / folder).mkdir()
        (root / folder / "x.txt").write_text("")
    (root / ".hidden").write_text("")

    assert snapshot(store, root, "**/x.txt") == EMPTY_SNAPSHOT
    assert snapshot(store, root, "**/.hidden").files == (".hidden",)
    assert snapshot(store, root, ".git/*", "a/**/.venv/*").files == (
        ".git/x.txt",
        "a/.venv/x.txt",
    )


def test_takes_names_of_any_bytes(store: BlobStore, tmp_path: Path) -> None:
    """Not UTF-8, newlines, escape sequences, twins by accent and by case: all kept apart."""
    names = [b"caf\xe9", b"new\nline", b"\xff\xfe", "é".encode(), "e\u0301".encode(), b"-rf"]
    names += [b"\x1b[31m", b"A", b"a", b"a" * 255, b" ", b"*"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(name)

    found = snapshot(store, tmp_path, "**")

    assert {c.path: c.content for c in contents.contents(store, found.digest)} == {
        os.fsdecode(name): name for name in names
    }


def test_takes_an_empty_file_and_one_that_is_streamed(store: BlobStore, tmp_path: Path) -> None:
    large = os.urandom(3 << 20)
    (tmp_path / "large").write_bytes(large)
    (tmp_path / "empty").touch()

    found = snapshot(store, tmp_path, "*")

    assert [c.content for c in contents.contents(store, found.digest)] == [b"", large]


@pytest.mark.slow
def test_goes_as_deep_as_folders_go(store: BlobStore, tmp_path: Path) -> None:
    deep = "d/" * 1500
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=at)
        at, above = os.open("d", os.O_RDONLY, dir_fd=at), at
        os.close(above)
    os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)

    try:
        assert snapshot(store, tmp_path, "**/f").files == (f"{deep}f",)
    finally:
        remove_tree(str(tmp_path / "d"))  # too deep for those who remove `tmp_path`


# ---------------------------------------------------------------- links and special files


def test_refuses_a_link_out_of_the_root_and_names_it(store: BlobStore, root: Path) -> None:
    (root.parent / "secret").write_text("")
    (root / "sub").mkdir()
    (root / "sub/out").symlink_to("../../secret")

    assert refusal(store, root, "sub/*") == (
        "the link sub/out leads out of the root\n"
        "    it points to ../../secret, and only what is below the root is followed\n"
        '  → exclude it with "!sub/out", or put what it points to below the root'
    )


@pytest.mark.parametrize("target", ["/etc/passwd", "..", "a/../../x", "/dev/null", "d.ln/../.."])
def test_refuses_every_way_out_of_the_root(store: BlobStore, root: Path, target: str) -> None:
    (root / "out").symlink_to(target)

    for glob in ("out", "out/x", "*", "out/*"):
        assert "the link out leads out of the root" in refusal(store, root, glob)


def test_passes_a_link_out_of_the_root_over_where_it_does_not_matter(
    store: BlobStore, root: Path
) -> None:
    """Excluded, not matched, or a hidden folder that no wildcard enters."""
    (root / "out").symlink_to("..")
    (root / ".venv").symlink_to("/usr")

    assert snapshot(store, root, "**", "!out").files == ALL_FILES
    assert snapshot(store, root, "*.txt").files == ("4.txt",)


def test_follows_an_absolute_link_that_stays_inside(store: BlobStore, root: Path) -> None:
    (root / "in").symlink_to(root / "a/b")

    assert snapshot(store, root, "in/*").files == ("in/1.txt", "in/2")


@pytest.mark.parametrize("target", [".", "./", "a/..", "{root}", "{root}/", "a/../a/.."])
def test_follows_a_link_to_the_root_itself(store: BlobStore, root: Path, target: str) -> None:
    (root / "here").symlink_to(target.format(root=root))

    assert snapshot(store, root, "here/4.txt", "here").dirs == ("here",)
    assert snapshot(store, root, "here/*.txt").files == ("here/4.txt",)


def test_takes_a_root_that_is_a_link(store: BlobStore, root: Path) -> None:
    alias = root.parent / "alias"
    alias.symlink_to("root")
    (root / "in").symlink_to(alias / "4.txt")

    assert snapshot(store, alias, "4.txt", "in").files == ("4.txt", "in")


def test_passes_dead_links_over(store: BlobStore, root: Path) -> None:
    (root / "dead").symlink_to("not/there")
    (root / "through").symlink_to("4.txt/x")

    assert snapshot(store, root, "dead", "through", "dead/*").files == ()
    assert snapshot(store, root, "**").files == ALL_FILES


def test_refuses_links_in_a_circle_and_names_one(store: BlobStore, root: Path) -> None:
    (root / "self").symlink_to("self")
    (root / "sub").mkdir()
    (root / "sub/up").symlink_to("../sub")

    assert refusal(store, root, "self") == (
        'the link self leads in a circle\n  → remove it, or exclude it with "!self"'
    )
    assert refusal(store, root, "sub/**") == (
        'the link sub/up leads in a circle\n  → remove it, or exclude it with "!sub/up"'
    )
    assert refusal(store, root, "**/*.txt", "!self").startswith("the link sub/up leads in a circle")


def test_follows_a_link_upwards_as_far_as_the_pattern_says(store: BlobStore, root: Path) -> None:
    """A link to a folder above is no circle where the pattern ends."""
    (root / "a/up").symlink_to("..")

    assert snapshot(store, root, "a/up/a/up/4.txt").files == ("a/up/a/up/4.txt",)
    assert snapshot(store, root, "*/up/*.txt").files == ("a/up/4.txt", "d.ln/up/4.txt")


def test_never_opens_what_is_no_file(store: BlobStore, root: Path, tmp_path: Path) -> None:
    """A pipe would wait for ever. Wildcards pass it over; asked for by name, it is an error."""
    os.mkfifo(root / "pipe")
    (root / "to_pipe").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "sock"))

        assert snapshot(store, root, "**").files == ALL_FILES
        assert refusal(store, root, "pipe") == (
            "pipe is a pipe, not a file\n"
            "    it is never opened, since reading it may wait for ever\n"
            "  → name a file, or use a wildcard, which passes it over"
        )
        assert refusal(store, root, "sock").startswith("sock is a socket, not a file\n")
        assert refusal(store, root, "to_pipe").startswith("to_pipe is a pipe, not a file\n")


def test_stops_at_links_that_make_a_forest(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MOST_PATHS", 1000)
    for level in range(20):
        (tmp_path / f"d{level}").mkdir()
        for side in "lr":
            (tmp_path / f"d{level}" / side).symlink_to(f"../d{level + 1}")
    (tmp_path / "d20").mkdir()

    assert refusal(store, tmp_path, "**") == (
        "the globs match more than 1,000 paths\n"
        "    **\n"
        '  → narrow them, or exclude a folder: "!big/"'
    )


def test_refuses_a_root_that_is_no_folder(store: BlobStore, root: Path) -> None:
    assert refusal(store, root / "4.txt", "*") == (
        f"the root {root}/4.txt is no folder\n  → make it, or name another root"
    )


# ---------------------------------------------------------------- globs that match nothing


def strict(*globs: str, conjunction: str = "all_match", behavior: str = "error") -> PathGlobs:
    return PathGlobs(
        globs,
        GlobMatchErrorBehavior(behavior),
        GlobExpansionConjunction(conjunction),
        "the setting `data`",
    )


def test_reports_globs_that_match_nothing(store: BlobStore, root: Path) -> None:
    """Scenario 95: with where they come from, which they are, and the excludes."""
    with pytest.raises(FileError) as raised:
        capture(store, root, strict("4.txt", "z.txt", "*.{csv,tsv}", "!*.ln", "!b/"))
    with pytest.warns(UnmatchedGlobWarning) as warned:
        capture(store, root, strict("z.txt", behavior="warn"))

    assert str(raised.value) == (
        '2 globs match nothing, from the setting `data`: "*.{csv,tsv}", "z.txt"\n'
        '    excluded: "*.ln", "b/"\n'
        "    braces mean nothing here: write one pattern for each\n"
        "  → correct the patterns, or ask for GlobMatchErrorBehavior.ignore"
    )
    assert str(warned[0].message) == (
        '1 glob matches nothing, from the setting `data`: "z.txt"\n'
        "  → correct the pattern, or ask for GlobMatchErrorBehavior.ignore"
    )


def test_is_content_with_one_glob_that_matches_if_one_is_enough(
    store: BlobStore, root: Path
) -> None:
    any_match = partial(strict, conjunction="any_match")

    assert capture(store, root, any_match("4.txt", "z")).snapshot.files == ("4.txt",)
    with pytest.raises(FileError, match="2 globs match nothing"):
        capture(store, root, any_match("y", "z"))
    with pytest.raises(FileError, match="1 glob matches nothing"):
        find_paths(root, strict("y", "4.txt"))


def test_counts_an_excluded_or_dead_match_as_none(store: BlobStore, root: Path) -> None:
    (root / "dead").symlink_to("nowhere")

    for globs in (["4.txt", "!4.txt"], ["dead"]):
        with pytest.raises(FileError, match="1 glob matches nothing"):
            capture(store, root, strict(*globs))


# ---------------------------------------------------------------- what does not hold still


class Meddler:
    """Does something to the disk each time that a file has just been read, or opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> None:
        self.left = times
        self.acts: list[Any] = []
        real = getattr(os, name)

        def meddled(*args: Any, **kwargs: Any) -> Any:
            is_mine = (self.left > 0 and str(args[0]).endswith("4.txt")) or name == "read"
            if name == "open" and is_mine:
                self._act()
            found = real(*args, **kwargs)
            if name == "read" and self.left > 0:
                self._act()
            return found

        monkeypatch.setattr(capture_module.os, name, meddled)

    def _act(self) -> None:
        self.left -= 1
        for act in self.acts:
            act()


def test_reads_a_file_again_that_changed_while_it_was_read(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddler = Meddler(monkeypatch, "read", times=2)
    meddler.acts.append(lambda: (root / "4.txt").write_text(f"left {meddler.left}"))

    found = snapshot(store, root, "4.txt")

    assert texts(store, found.digest) == {"4.txt": "left 0"}


def test_gives_up_on_a_file_that_keeps_changing(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddler = Meddler(monkeypatch, "read", times=99)
    meddler.acts.append(lambda: (root / "4.txt").write_text(f"left {meddler.left}"))

    assert refusal(store, root, "4.txt") == (
        "4.txt keeps changing while it is read\n"
        "    read 3 times, and it was written each time\n"
        "  → ask again when whatever writes it is done"
    )


def test_looks_again_when_a_file_vanishes_between_listing_and_reading(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddler = Meddler(monkeypatch, "open", times=1)
    meddler.acts.append((root / "4.txt").unlink)

    assert snapshot(store, root, "*.txt").files == ()


def test_looks_again_when_a_folder_takes_the_place_of_a_file(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddler = Meddler(monkeypatch, "open", times=1)
    meddler.acts += [(root / "4.txt").unlink, (root / "4.txt").mkdir]

    assert snapshot(store, root, "*.txt").dirs == ("4.txt",)


def test_never_reads_through_a_link_that_takes_the_place_of_a_file(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root.parent / "secret").write_text("secret")
    meddler = Meddler(monkeypatch, "open", times=1)
    meddler.acts += [(root / "4.txt").unlink, partial((root / "4.txt").symlink_to, "../secret")]

    assert "the link 4.txt leads out of the root" in refusal(store, root, "*.txt")


def test_looks_again_when_a_link_takes_the_place_of_a_folder(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is behind the link, outside, would be read as if it were inside."""
    (root / "e").mkdir()
    (root / "e/4.txt").write_text("inside")
    (root.parent / "f").mkdir()
    (root.parent / "f/4.txt").write_text("outside")
    meddler = Meddler(monkeypatch, "open", times=1)
    meddler.acts += [
        partial((root / "e").rename, root / "moved"),
        partial((root / "e").symlink_to, "../f"),
    ]

    assert "the link e leads out of the root" in refusal(store, root, "e/*.txt")


def test_names_nothing_outside_when_a_link_takes_the_place_of_a_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root.parent / "f").mkdir()
    (root.parent / "f/secret").write_text("")
    real = os.scandir

    def meddled(path: str) -> object:
        if path.endswith("/a/b") and not (root / "a/b").is_symlink():
            (root / "a/b").rename(root / "moved")
            (root / "a/b").symlink_to("../../f")
        return real(path)

    monkeypatch.setattr(walk.os, "scandir", meddled)

    with pytest.raises(FileError, match="the link a/b leads out of the root"):
        find_paths(root, PathGlobs(["a/**"]))


def test_says_which_file_cannot_be_read(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(capture_module.os, "open", refuse)

    assert refusal(store, root, "4.txt") == (
        "4.txt cannot be read\n"
        "    Permission denied\n"
        '  → allow reading it (chmod), or exclude it with "!4.txt"'
    )


def test_says_what_never_holds_still(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(*_: object) -> None:
        raise walk.Vanished("a")

    monkeypatch.setattr(capture_module, "check_folders", vanish)
    monkeypatch.setattr(walk.time, "sleep", lambda _: None)

    assert refusal(store, root, "*") == (
        "a is removed and made again while it is read\n"
        f"    looked {len(walk.RETRY_WAITS_S)} times\n"
        "  → ask again when whatever writes there is done"
    )


def test_can_be_stopped_at_any_point(store: BlobStore, root: Path) -> None:
    """In every folder, at every file, within a large file; and nothing is left open."""
    (root / "a/large").write_bytes(bytes(3 << 20))
    (root / "4.txt").write_text("text that is not known yet")
    open_before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    asked: list[int] = []
    for stop_at in itertools.count(1):
        asked.clear()

        def checkpoint(stop_at: int = stop_at) -> None:
            asked.append(1)
            if len(asked) == stop_at:
                raise KeyboardInterrupt

        try:
            capture(store, root, PathGlobs(["**", "!*.ln"]), checkpoint=checkpoint)
        except KeyboardInterrupt:
            continue
        break

    assert len(asked) >= 3 + 5 + 3
    if open_before:
        assert len(os.listdir("/proc/self/fd")) <= open_before + 1  # the store's lock
    assert len(list(store._folder().iterdir())) == 2  # the large file, and the lock


@pytest.mark.slow
@pytest.mark.parametrize("pages", [50, 500], ids=["small", "streamed"])
def test_never_keeps_what_a_file_never_was(store: BlobStore, tmp_path: Path, pages: int) -> None:
    """A file rewritten in place, page by page, all the time.

    At any moment it is some pages of one value and then the rest of the value before.
    """
    path = tmp_path / "f"
    path.write_bytes(b"\0" * 4096 * pages)
    stop = threading.Event()

    def write() -> None:
        value = 0
        while not stop.is_set():
            value = (value + 1) % 256
            with path.open("r+b", buffering=0) as file:
                for _ in range(pages):
                    file.write(bytes([value]) * 4096)
            stop.wait(0.002)

    def is_a_moment(content: bytes) -> bool:
        runs = [value for value, _ in itertools.groupby(content)]
        return len(runs) == 1 or (len(runs) == 2 and (runs[1] + 1) % 256 == runs[0])

    writer = threading.Thread(target=write)
    writer.start()
    taken = []
    try:
        for _ in range(25):
            with contextlib.suppress(FileError):
                taken.append(snapshot(store, tmp_path, "f").digest)
    finally:
        stop.set()
        writer.join()

    assert [d for d in taken if not is_a_moment(contents.contents(store, d)[0].content)] == []


# ---------------------------------------------------------------- how long it takes


@pytest.mark.slow
def test_takes_1000_small_files_in_four_times_plain_reading_and_hashing(tmp_path: Path) -> None:
    """With globs, stats, digests, the tree and the sighting. (2.5 times, measured.)"""
    for number in range(1000):
        path = tmp_path / f"d{number % 10}/f{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(os.urandom(500))
    paths = sorted(map(str, tmp_path.glob("*/*")))

    def plain() -> None:
        for path in paths:
            with open(path, "rb") as file:
                hashlib.sha256(file.read()).hexdigest()

    def ours() -> None:
        capture(BlobStore(), tmp_path, PathGlobs(["**/*.txt"]))

    times: dict[Any, list[float]] = {plain: [], ours: []}
    for _ in range(7):
        for work, taken in times.items():
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)

    assert min(times[ours]) < 4 * min(times[plain])


# ---------------------------------------------------------------- what a process left


def test_takes_declared_files_and_folders_with_links_as_links(store: BlobStore, root: Path) -> None:
    (root / "empty").mkdir()

    digest = capture_paths(store, root, ["4.txt", "d.ln/3.txt"], ["a", "c.ln", "empty", "none"])

    assert contents.entries(store, digest) == DigestEntries(
        [
            FileEntry("4.txt", store.add_bytes(b"four\n")),
            FileEntry("a/3.txt", store.add_bytes(b"three\n")),
            SymlinkEntry("a/4.txt.ln", "../4.txt"),
            FileEntry("a/b/1.txt", store.add_bytes(b"one\n")),
            FileEntry("a/b/2", store.add_bytes(b"2\n")),
            SymlinkEntry("c.ln", "a/b"),
            FileEntry("d.ln/3.txt", store.add_bytes(b"three\n")),
            Directory("empty"),
        ]
    )
    assert capture_paths(store, root, ["nope", "4.txt/x"], ["no/pe"]) == EMPTY_DIGEST


def test_takes_a_whole_folder_hidden_parts_too(store: BlobStore, tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache/x").write_text("x")
    os.mkfifo(tmp_path / "pipe")

    digest = capture_paths(store, tmp_path, [], [""])

    assert texts(store, digest) == {".cache/x": "x"}


@pytest.mark.parametrize(
    ("files", "directories", "text"),
    [
        (
            ["a"],
            [],
            "a is a folder, and was declared as a file\n  → declare it in output_directories",
        ),
        (
            [],
            ["4.txt"],
            "4.txt is a file, and was declared as a folder\n  → declare it in output_files",
        ),
        (["pipe"], [], "pipe is a pipe, not a file\n  → declare files and folders only"),
        (
            ["out"],
            [],
            "the link out leads out of the folder\n"
            "    it points to ../x, which is not there for whoever gets the link\n"
            "  → write the file itself, or a relative link that stays inside",
        ),
        (
            [],
            ["links"],
            "the link links/abs leads out of the folder\n"
            "    it points to /etc, which is not there for whoever gets the link\n"
            "  → write the file itself, or a relative link that stays inside",
        ),
        (
            ["up/x"],
            [],
            "the link up leads out of the root\n"
            "    it points to .., and only what is below the root is followed\n"
            "  → write outputs into folders, not through a link",
        ),
    ],
)
def test_refuses_outputs_of_the_wrong_kind(
    store: BlobStore, root: Path, files: list[str], directories: list[str], text: str
) -> None:
    os.mkfifo(root / "pipe")
    (root / "out").symlink_to("../x")
    (root / "up").symlink_to("..")
    (root / "links").mkdir()
    (root / "links/abs").symlink_to("/etc")

    with pytest.raises(FileError) as raised:
        capture_paths(store, root, files, directories)

    assert str(raised.value) == text
