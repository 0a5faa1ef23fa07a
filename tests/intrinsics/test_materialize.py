"""Digests, written to a disk."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfnb.errors import FileError, ParamError, WfnbError
from wfnb.intrinsics import contents
from wfnb.intrinsics import materialize as materialize_module
from wfnb.intrinsics.blobs import LARGE_BYTES, BlobStore
from wfnb.intrinsics.capture import capture, capture_paths
from wfnb.intrinsics.files import (
    CreateDigest,
    Digest,
    Directory,
    FileContent,
    FileDigest,
    FileEntry,
    PathGlobs,
    SymlinkEntry,
)
from wfnb.intrinsics.materialize import materialize, write_digest
from wfnb.intrinsics.trees import Tree

Item = FileContent | FileEntry | SymlinkEntry | Directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    return root


def make(store: BlobStore, *items: Item) -> Digest:
    return contents.create(store, CreateDigest(items))


def text(store: BlobStore, path: str, content: str = "new") -> Digest:
    return make(store, FileContent(path, content.encode()))


def listing(folder: Path) -> dict[str, str]:
    """What is in a folder: content, link targets, empty folders."""
    found = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_file():
            found[name] = path.read_text()
        elif not any(path.iterdir()):
            found[name] = "/"
    return found


ITEMS: tuple[Item, ...] = (
    FileContent("a.txt", b"hello"),
    FileContent("sub/run", b"#!", is_executable=True),
    FileContent("sub/deep/b", b"bye"),
    SymlinkEntry("sub/link", "../a.txt"),
    SymlinkEntry("dead", "none"),
    Directory("empty/er"),
)
WRITTEN = {
    "a.txt": "hello",
    "sub/run": "#!",
    "sub/deep/b": "bye",
    "sub/link": "-> ../a.txt",
    "dead": "-> none",
    "empty/er": "/",
}


def test_writes_files_links_and_empty_folders(store: BlobStore, root: Path) -> None:
    digest = make(store, *ITEMS)

    materialize(store, digest, root / "sandbox")
    write_digest(store, digest, root, path_prefix="out/put/")

    for folder in (root / "sandbox", root / "out/put"):
        assert listing(folder) == WRITTEN
        assert capture_paths(store, folder, [], [""]) == digest
        umask = os.umask(0)
        os.umask(umask)
        assert stat.S_IMODE((folder / "sub/run").stat().st_mode) == 0o777 & ~umask
        assert stat.S_IMODE((folder / "a.txt").stat().st_mode) == 0o666 & ~umask


def test_writes_into_a_folder_that_has_files(store: BlobStore, root: Path) -> None:
    """Over what is there, and beside it."""
    (root / "a.txt").write_text("old")
    (root / "sub").mkdir()
    (root / "sub/mine").write_text("mine")

    materialize(store, make(store, *ITEMS), root)

    assert listing(root) == {**WRITTEN, "sub/mine": "mine"}


@pytest.mark.slow
def test_gives_a_sandbox_copies_of_its_own(store: BlobStore, root: Path) -> None:
    """What a process does to its inputs is seen by nobody else."""
    digest = make(store, FileContent("small", b"s"), FileContent("large", b"x" * LARGE_BYTES * 2))
    materialize(store, digest, root / "one")

    for name in ("small", "large"):
        with (root / "one" / name).open("r+b") as file:
            file.write(b"changed")
    materialize(store, digest, root / "two")

    assert (root / "two/small").read_bytes() == b"s"
    assert (root / "two/large").read_bytes() == b"x" * LARGE_BYTES * 2


def test_clears_paths_before_it_writes(store: BlobStore, root: Path) -> None:
    """Files, links (not what they point to) and folders; what is missing is passed over."""
    write_digest(store, text(store, "dir/a"), root)
    write_digest(store, text(store, "dir/b"), root)
    assert listing(root) == {"dir/a": "new", "dir/b": "new"}

    write_digest(store, make(store, SymlinkEntry("dir/d", "a")), root, clear_paths=["dir/b"])
    assert listing(root) == {"dir/a": "new", "dir/d": "-> a"}

    write_digest(
        store, text(store, "dir/b"), root, clear_paths=["dir/d", "none", "no/ne", "dir/a/x"]
    )
    assert listing(root) == {"dir/a": "new", "dir/b": "new"}

    write_digest(store, text(store, "dir/c"), root, clear_paths=["dir"])
    assert listing(root) == {"dir/c": "new"}

    write_digest(store, text(store, "e"), root, path_prefix="dir", clear_paths=[""])
    assert listing(root) == {"dir/e": "new"}


def test_clears_a_folder_of_links_without_touching_what_they_point_to(
    store: BlobStore, root: Path
) -> None:
    (root.parent / "outside").mkdir()
    (root.parent / "outside/x").write_text("x")
    (root / "dir").mkdir()
    (root / "dir/link").symlink_to("../../outside")
    (root / "out").symlink_to("../outside")

    write_digest(store, text(store, "a"), root, clear_paths=["dir", "out"])

    assert listing(root.parent) == {"outside/x": "x", "root/a": "new"}


# ---------------------------------------------------------------- never outside


def refusal(store: BlobStore, digest: Digest, root: Path, **options: Any) -> str:
    with pytest.raises(WfnbError) as raised:
        write_digest(store, digest, root, **options)
    return str(raised.value)


def test_refuses_a_link_out_of_the_root_on_its_way(store: BlobStore, root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root / "data").symlink_to("../outside")

    why = (
        "the link data leads out of the root\n"
        "    it points to ../outside, and only what is below the root is followed\n"
        '  → exclude it with "!data", or put what it points to below the root'
    )
    assert refusal(store, text(store, "data/a"), root) == why
    assert refusal(store, text(store, "a"), root, path_prefix="data") == why
    assert refusal(store, text(store, "b"), root, clear_paths=["data/x"]) == why
    assert refusal(store, text(store, "c"), root, path_prefix="data", clear_paths=[""]) == why
    with pytest.raises(FileError, match="the link data leads out"):
        materialize(store, text(store, "data/a"), root)
    assert listing(root.parent) == {"outside": "/", "root/data": "-> ../outside"}


def test_writes_through_a_link_that_stays_inside(store: BlobStore, root: Path) -> None:
    (root / "real/deep").mkdir(parents=True)
    (root / "alias").symlink_to("real/deep")
    (root / "up").symlink_to(".")

    write_digest(store, text(store, "alias/sub/a"), root)
    write_digest(store, text(store, "up/b"), root)

    assert (root / "real/deep/sub/a").read_text() == "new"
    assert (root / "b").read_text() == "new"


def test_replaces_a_link_instead_of_writing_through_it(store: BlobStore, root: Path) -> None:
    (root.parent / "secret").write_text("old")
    (root / "a").symlink_to("../secret")

    write_digest(store, text(store, "a"), root)

    assert listing(root.parent) == {"secret": "old", "root/a": "new"}


@pytest.mark.parametrize(
    ("options", "text_"),
    [
        (
            {"path_prefix": "../x"},
            "path_prefix must be relative, without '..': ../x\n"
            "    a path with '..' can leave the root\n"
            "  → write it from the root down",
        ),
        (
            {"path_prefix": "/x"},
            "path_prefix is absolute: /x\n"
            "    only paths below the root are followed, so that results are good elsewhere too\n"
            "  → write it relative to the root",
        ),
        (
            {"clear_paths": ["a/../.."]},
            "a path to clear must be relative, without '..': a/../..\n"
            "    a path with '..' can leave the root\n"
            "  → write it from the root down",
        ),
        (
            {"clear_paths": ["./"]},
            "clear_paths would remove everything below the root\n"
            "  → name what to remove, or write into a folder with path_prefix",
        ),
    ],
)
def test_refuses_options_that_reach_too_far(
    store: BlobStore, root: Path, options: dict[str, Any], text_: str
) -> None:
    (root / "keep").write_text("")

    assert refusal(store, text(store, "a"), root, **options) == text_
    assert listing(root) == {"keep": ""}


@pytest.mark.parametrize("target", ["/etc/passwd", "../x", "sub/../../x"])
def test_refuses_to_write_a_link_that_leads_out(store: BlobStore, root: Path, target: str) -> None:
    """What is written there later, through it, would be written outside."""
    assert refusal(store, make(store, SymlinkEntry("l", target)), root) == (
        "the link l would lead out of the root\n"
        f"    it points to {target}\n"
        "  → write the file itself, or a relative link that stays inside"
    )
    assert listing(root) == {}


# ---------------------------------------------------------------- in the way, and failures


def test_says_what_is_in_the_way(store: BlobStore, root: Path) -> None:
    (root / "dir/x").mkdir(parents=True)
    (root / "file").write_text("")
    (root / "dead").symlink_to("none")

    assert refusal(store, text(store, "dir"), root) == (
        "dir cannot be written: a folder of that name is there\n"
        "  → remove it first, with clear_paths=['dir']"
    )
    assert refusal(store, text(store, "file/a"), root) == (
        "file is a file, and a folder of that name is to be written\n"
        "  → remove it first, with clear_paths"
    )
    assert refusal(store, text(store, "dead/a"), root) == (
        "dead is a link, and not to a folder\n  → remove it first, with clear_paths"
    )
    assert listing(root) == {"dir/x": "/", "file": "", "dead": "-> none"}


def test_writes_nothing_if_some_content_is_not_known(store: BlobStore, root: Path) -> None:
    tree = Tree([FileEntry("b", FileDigest("b" * 64, 7)), FileEntry("a", store.add_bytes(b"a"))])
    digest = store.add_tree(tree)

    assert refusal(store, digest, root, clear_paths=["x"]) == (
        "the content of b is not known: bbbbbbbbbbbb (7 bytes)\n"
        "  → ask for the digest again; content is kept for one session"
    )
    with pytest.raises(FileError):
        materialize(store, digest, root)
    assert listing(root) == {}


def test_says_what_cannot_be_removed(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where names cannot stand side by side."""
    (root / "old").write_text("")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(materialize_module.os, "unlink", refuse)
        assert refusal(store, text(store, "a"), root, clear_paths=["old"]) == (
            "old cannot be removed\n"
            "    Permission denied\n"
            "  → look at who may write to its folder, or leave it out of clear_paths"
        )
    twins = contents.create(store, CreateDigest([FileContent("a", b""), FileContent("A", b"")]))
    with monkeypatch.context() as patch:
        patch.setattr(materialize_module, "can_tell_apart", lambda *_: False)
        assert refusal(store, twins, root) == (
            "A and a cannot both be written\n"
            "    the disk takes these names for the same\n"
            "  → rename one of them"
        )
        patch.setattr(materialize_module, "can_tell_apart", refuse)
        assert refusal(store, twins, root) == (
            "A cannot be written\n    Permission denied\n  → allow writing there (chmod)"
        )


def test_leaves_the_old_file_and_no_litter_when_writing_fails(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a").write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(materialize_module, "copy_content", fail)

    assert refusal(store, text(store, "a"), root) == (
        "a cannot be written\n    No space left on device\n  → make room on its disk"
    )
    assert listing(root) == {"a": "old"}


@pytest.mark.slow
def test_shows_readers_the_old_file_or_the_new_one(store: BlobStore, root: Path) -> None:
    """Never half a file, and never none."""
    old, new = (make(store, FileContent("f", byte * 300_000)) for byte in (b"o", b"n"))
    write_digest(store, old, root)
    stop = threading.Event()
    seen: set[tuple[int, frozenset[int]]] = set()

    def read() -> None:
        while not stop.is_set():
            content = (root / "f").read_bytes()
            seen.add((len(content), frozenset(content)))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(15):
        write_digest(store, new, root)
        write_digest(store, old, root)
    stop.set()
    reader.join()

    assert seen <= {(300_000, frozenset(b"o")), (300_000, frozenset(b"n"))}


def test_hides_files_that_are_being_written_from_globs(store: BlobStore, root: Path) -> None:
    (root / f"{materialize_module.TEMPORARY_PREFIX}1").write_text("half")
    (root / "a").write_text("")

    assert capture(store, root, PathGlobs(["**"])).snapshot.files == ("a",)


@pytest.mark.parametrize(
    ("one", "other", "fold"),
    [
        ("x/README", "x/readme", str.casefold),
        ("A/x", "a/y", str.casefold),
        ("é", "e\u0301", lambda name: unicodedata.normalize("NFC", name)),
    ],
)
def test_refuses_names_that_the_disk_takes_for_one(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch, one: str, other: str, fold: Any
) -> None:
    """Where the disk tells them apart, both are written."""
    digest = make(store, FileContent(one, b"1"), FileContent(other, b"2"))
    write_digest(store, digest, root, path_prefix="p")
    materialize(store, digest, root / "q")
    assert listing(root / "p") == listing(root / "q") == {one: "1", other: "2"}

    real = os.open

    def blind(path: Any, *args: Any, **options: Any) -> int:
        return real(fold(path), *args, **options)

    monkeypatch.setattr(materialize_module.os, "open", blind)
    for write in (
        lambda: write_digest(store, digest, root),
        lambda: materialize(store, digest, root.parent / "new"),
    ):
        with pytest.raises(FileError) as raised:
            write()
        assert str(raised.value).splitlines()[1:] == [
            "    the disk takes these names for the same",
            "  → rename one of them",
        ]
    assert listing(root.parent / "new") == {}


# ---------------------------------------------------------------- there and back

NAMES = st.one_of(
    st.sampled_from(["a", "b", "a.b", "-rf", "é", "\udcff", "new\nline", "*", "[a]", "~", " "]),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8),
).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.builds(FileContent, PATHS, st.binary(max_size=20), st.booleans())
LINKS = st.builds(SymlinkEntry, PATHS, st.sampled_from(["a", "./b", "a/b"]))
ANY_ITEMS = st.lists(st.one_of(FILES, LINKS, st.builds(Directory, PATHS)), max_size=6)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY_ITEMS, st.booleans())
def test_reads_back_what_it_wrote(items: list[Item], is_over: bool) -> None:
    """Capture is the inverse of writing, for any names and any tree."""
    store = BlobStore()
    try:
        digest = make(store, *items)
    except FileError:
        return
    with tempfile.TemporaryDirectory() as folder:
        if is_over:
            write_digest(store, digest, folder)
        materialize(store, digest, folder)

        assert capture_paths(store, folder, [], [""]) == digest


HOSTILE_PARTS = st.sampled_from(
    ["..", ".", "", "a", "out", "in", "/", "/etc", "\0", "..\\x", "~", "out/x", "a" * 300]
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(HOSTILE_PARTS, min_size=1, max_size=4), HOSTILE_PARTS),
        max_size=4,
    ),
    st.lists(HOSTILE_PARTS, max_size=2),
    st.lists(HOSTILE_PARTS, max_size=2),
)
def test_never_touches_anything_outside(
    tmp_path_factory: pytest.TempPathFactory,
    wanted: list[tuple[bool, list[str], str]],
    prefix: list[str],
    clear: list[str],
) -> None:
    """Whatever the paths, prefixes, links in the tree and links on the disk."""
    store = BlobStore()
    above = tmp_path_factory.mktemp("above")
    (above / "x").write_text("outside")
    (above / "outside").mkdir()
    (above / "outside/x").write_text("outside")
    root = above / "root"
    (root / "a/real").mkdir(parents=True)
    (root / "out").symlink_to("../outside")
    (root / "a/out").symlink_to(above / "outside")
    (root / "in").symlink_to("a/real")
    (root / "a/in").symlink_to("../out")
    before = {k: v for k, v in listing(above).items() if not k.startswith("root/")}

    for is_link, parts, target in wanted:
        path = "/".join(parts)
        try:
            digest = make(
                store, SymlinkEntry(path, target) if is_link else FileContent(path, b"new")
            )
            write_digest(
                store, digest, root, path_prefix="/".join(prefix), clear_paths=["/".join(clear)]
            )
        except (FileError, ParamError):
            continue

    assert {k: v for k, v in listing(above).items() if not k.startswith("root/")} == before
    assert "x" not in os.listdir("/etc")
