"""Whether what was looked at still looks the same."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wfnb.errors import FileError
from wfnb.intrinsics import capture as capture_module
from wfnb.intrinsics import sightings
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.capture import Captured, capture
from wfnb.intrinsics.files import PathGlobs, Snapshot
from wfnb.intrinsics.roots import Checkpoint, Root
from wfnb.intrinsics.sightings import Look, Sighting, Signature
from wfnb.intrinsics.walk import find_paths


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ("a", "d/b", "d/e/c"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("text")
    return tmp_path


def look_at(store: BlobStore, root: Path, *globs: str) -> Sighting:
    return capture(store, root, PathGlobs(globs)).sighting


def age(sighting: Sighting) -> None:
    """Take everything for seen long after its last change."""
    for path, seen in sighting.files.items():
        sighting.files[path] = seen._replace(is_settled=True)
    for path, listed in sighting.folders.items():
        sighting.folders[path] = listed._replace(is_settled=True)


def put_times_back(path: Path, found: os.stat_result) -> None:
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def rewrite_and_put_back(path: Path) -> None:
    before = path.stat()
    path.write_text("TEXT")
    put_times_back(path, before)


def replace_and_put_back(path: Path) -> None:
    before = path.stat()
    other = path.with_name("other")
    other.write_text("TEXT")
    put_times_back(other, before)
    other.replace(path)


EDITS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "nothing": (lambda root: None, ()),
    "rewritten": (lambda root: (root / "a").write_text("other"), ("a",)),
    "rewritten in the same size and time": (lambda root: rewrite_and_put_back(root / "a"), ("a",)),
    "replaced in the same size and time": (
        lambda root: replace_and_put_back(root / "d/b"),
        ("d/b",),
    ),
    "made executable": (lambda root: (root / "a").chmod(0o755), ("a",)),
    "removed": (lambda root: (root / "d/e/c").unlink(), ("d/e", "d/e/c")),
    "new": (lambda root: (root / "d/new").write_text(""), ("d",)),
    "new folder": (lambda root: (root / "new").mkdir(), ("",)),
    "folder removed": (lambda root: shutil.rmtree(root / "d/e"), ("d", "d/e", "d/e/c")),
    "folder for a file": (lambda root: ((root / "a").unlink(), (root / "a").mkdir()), ("", "a")),
    "swapped": (
        lambda root: (
            (root / "a").rename(root / "x"),
            (root / "d/b").rename(root / "a"),
            (root / "x").rename(root / "d/b"),
        ),
        ("a", "d/b"),
    ),
}


@pytest.mark.parametrize(("edit", "moved"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("is_old", [True, False], ids=["old", "young"])
def test_sees_every_edit(
    store: BlobStore,
    root: Path,
    edit: Callable[[Path], object],
    moved: tuple[str, ...],
    *,
    is_old: bool,
) -> None:
    """By the stat of what was seen long after its last change, by content else."""
    sighting = look_at(store, root, "**")
    if is_old:
        age(sighting)

    edit(root)

    assert sighting.moved(root) == moved
    assert sighting.has_moved(root) == bool(moved)


def test_does_not_mind_a_file_that_comes_and_goes(store: BlobStore, root: Path) -> None:
    """An editor's temporary file changes the folder's time, not what is in it."""
    sighting = look_at(store, root, "**")
    age(sighting)

    (root / "d/.~lock").write_text("")
    (root / "d/.~lock").unlink()

    assert not sighting.has_moved(root)


def test_does_not_mind_neighbours_of_a_file_asked_for_by_name(store: BlobStore, root: Path) -> None:
    sighting = look_at(store, root, "d/b", "none", "d/none/x")

    (root / "d/new").write_text("")
    (root / "a").write_text("other")

    assert not sighting.has_moved(root)
    assert sighting.paths() == {"d", "d/b", "none", "d/none"}


def test_does_not_mind_content_where_only_names_were_asked_for(root: Path) -> None:
    _, sighting = find_paths(root, PathGlobs(["**"]))

    (root / "a").write_text("other")
    assert not sighting.has_moved(root)

    (root / "d/new").write_text("")
    assert sighting.moved(root) == ("d",)


@pytest.mark.parametrize("glob", ["none", "none/x", "d/none"])
def test_sees_what_was_not_there_appear(store: BlobStore, root: Path, glob: str) -> None:
    sighting = look_at(store, root, glob)
    assert not sighting.has_moved(root)

    (root / glob).parent.mkdir(exist_ok=True)
    (root / glob).write_text("")

    assert sighting.has_moved(root)


def test_sees_where_links_lead(store: BlobStore, root: Path) -> None:
    """The text of a link, what is on its way, and what was not there at its end."""
    for name, target in {"l": "a", "k": "d/e", "dead": "d/none"}.items():
        (root / name).symlink_to(target)
    sights = {name: look_at(store, root, name, f"{name}/*") for name in ("l", "k", "dead")}
    assert not any(sight.has_moved(root) for sight in sights.values())

    (root / "d/none").write_text("")
    assert sights["dead"].moved(root) == ("d/none",)

    (root / "l").unlink()
    (root / "l").symlink_to("d/b")
    assert sights["l"].moved(root) == ("l",)

    (root / "d/e").rename(root / "d/f")
    (root / "d/e").mkdir()
    assert "d/e" in sights["k"].moved(root)


def test_sees_a_folder_replaced_by_a_link(store: BlobStore, root: Path) -> None:
    sighting = look_at(store, root, "d/b")
    age(sighting)

    (root / "d").rename(root / "moved")
    (root / "d").symlink_to("moved")

    assert sighting.moved(root) == ("d",)


def test_sees_a_listed_folder_replaced_by_a_link_to_the_like(root: Path) -> None:
    """The names are the same, but they would now be read outside, which is refused."""
    _, sighting = find_paths(root, PathGlobs(["d/e/*"]))
    age(sighting)

    shutil.move(root / "d/e", root.parent / "e")
    (root / "d/e").symlink_to("../../e")

    assert sighting.moved(root) == ("d/e",)


def test_sees_what_changed_between_two_looks_of_one_walk(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that two paths lead to is listed twice; the first listing counts."""
    (root / "l").symlink_to("d")
    listed: list[str] = []
    real = os.scandir

    def meddled(path: str) -> object:
        entries = real(path)
        if path == str(root / "d"):
            listed.append(path)
            (root / f"d/new{len(listed)}").write_text("")
        return entries

    monkeypatch.setattr(sightings.os, "scandir", meddled)
    _, sighting = find_paths(root, PathGlobs(["d/*", "l/*"]))
    monkeypatch.undo()

    assert len(listed) == 2
    assert sighting.has_moved(root)


def test_sees_a_hidden_link_lead_to_a_file_instead_of_a_folder(
    store: BlobStore, root: Path
) -> None:
    """A wildcard passes hidden folders over, and links to folders by such names."""
    (root / "d/.cfg").symlink_to("../conf")
    (root / "conf").mkdir()
    held = capture(store, root, PathGlobs(["d/*"]))
    assert held.snapshot.files == ("d/b",)

    (root / "conf").rmdir()
    (root / "conf").write_text("")

    assert held.sighting.has_moved(root)
    assert capture(store, root, PathGlobs(["d/*"])).snapshot.files == ("d/.cfg", "d/b")


def test_reads_nothing_again_that_was_old_when_it_was_read(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look costs stats only."""
    sighting = look_at(store, root, "**")
    age(sighting)
    for name in ("open", "read", "scandir"):
        monkeypatch.setattr(os, name, None)

    assert not sighting.has_moved(root)


def test_reads_what_was_young_until_it_is_old(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sighting = look_at(store, root, "**")
    reads: list[str] = []
    real = sightings._digest_of

    def counted(full: str, expected: Signature, checkpoint: Checkpoint) -> object:
        reads.append(full)
        return real(full, expected, checkpoint)

    monkeypatch.setattr(sightings, "_digest_of", counted)
    assert not sighting.has_moved(root)
    assert len(reads) == 3

    later = Look(root)
    later.at_ns += 3 * sightings.TICK_NS
    assert not sighting.has_moved(later)
    assert len(reads) == 6

    assert not sighting.has_moved(root)
    assert len(reads) == 6


def test_reads_a_file_from_the_future_at_every_look(store: BlobStore, root: Path) -> None:
    """A clock that is wrong costs reading, never a stale answer."""
    ahead = time.time_ns() + 10**18
    os.utime(root / "a", ns=(ahead, ahead))
    sighting = look_at(store, root, "a")
    later = Look(root)
    later.at_ns += 100 * sightings.TICK_NS

    assert not sighting.has_moved(later)
    assert not sighting.files["a"].is_settled

    (root / "a").write_text("TEXT")
    os.utime(root / "a", ns=(ahead, ahead))
    assert sighting.has_moved(root)


def test_shares_one_pass_over_the_disk(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests that saw the same files cost one stat for each."""
    sights = [look_at(store, root, "**"), look_at(store, root, "d/**")]
    for sight in sights:
        age(sight)
    look = Look(root)
    asked: list[str] = []
    real = os.lstat

    def counted(path: str) -> os.stat_result:
        asked.append(path)
        return real(path)

    monkeypatch.setattr(sightings.os, "lstat", counted)

    assert not any(sight.has_moved(look) for sight in sights)
    assert len(asked) == len(set(asked)) == 6


def test_takes_over_what_it_knows(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one edit, only that file is read."""
    first = capture(store, root, PathGlobs(["**"]))
    age(first.sighting)
    (root / "d/b").write_text("other")
    read: list[str] = []
    real = capture_module._read_once

    def counted(store: BlobStore, root: Root, path: str, checkpoint: Checkpoint) -> object:
        read.append(path)
        return real(store, root, path, checkpoint)

    monkeypatch.setattr(capture_module, "_read_once", counted)

    again = capture(store, root, PathGlobs(["**"]), known=first.sighting)

    assert read == ["d/b"]
    assert again.snapshot == capture(store, root, PathGlobs(["**"])).snapshot


def test_sees_a_file_that_changes_while_it_is_read_again(
    store: BlobStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sighting = look_at(store, root, "a")
    real = os.read

    def meddled(descriptor: int, most: int) -> bytes:
        found = real(descriptor, most)
        (root / "a").write_text("TEXT")
        return found

    monkeypatch.setattr(sightings.os, "read", meddled)

    assert sighting.moved(root) == ("a",)


def test_can_be_stopped_while_it_reads_again(store: BlobStore, root: Path) -> None:
    (root / "a").write_bytes(bytes(3 << 20))
    sighting = look_at(store, root, "a")
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sighting.has_moved(Look(root, checkpoint=stop))
    assert not sighting.has_moved(root)


def test_takes_nothing_over_that_was_young(store: BlobStore, root: Path) -> None:
    first = capture(store, root, PathGlobs(["a"]))
    (root / "a").write_text("TEXT")
    first.sighting.files["a"] = first.sighting.files["a"]._replace(
        signature=sightings.signature((root / "a").lstat())
    )

    again = capture(store, root, PathGlobs(["a"]), known=first.sighting)

    assert again.snapshot != first.snapshot


def test_trusts_a_large_file_later_than_a_small_one() -> None:
    """A write changes the time when it begins, and may take long."""
    now = 10**18
    ago_3_s = now - 3 * 10**9

    assert sightings.is_settled((ago_3_s, ago_3_s, 1000, 1, 0), now)
    assert not sightings.is_settled((ago_3_s, ago_3_s, 10**9, 1, 0), now)
    assert sightings.is_settled((ago_3_s - 10**11, ago_3_s - 10**11, 10**9, 1, 0), now)


# ---------------------------------------------------------------- no edit is missed

NAMES = st.sampled_from(["a", "b", "d/a", "d/b", "e/a"])
EDIT = st.one_of(
    st.tuples(st.just("write"), NAMES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("write and put back"), NAMES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("replace and put back"), NAMES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("link"), NAMES, st.sampled_from(["a", "../a", "b", "d"])),
    st.tuples(st.just("remove"), NAMES, st.just("")),
    st.tuples(st.just("swap"), NAMES, NAMES),
    st.tuples(st.just("chmod"), NAMES, st.sampled_from(["7", "6"])),
    st.tuples(st.just("settle"), NAMES, st.just("")),
)
GLOBS = st.sampled_from([["**"], ["a", "d/a"], ["*"], ["d/*", "!d/b"], ["**/a"], ["e/a", "d"]])


def apply(root: Path, kind: str, name: str, more: str) -> None:
    path = root / name
    if kind == "remove":
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    if kind == "swap":
        other = root / more
        if os.path.lexists(path) and os.path.lexists(other) and path != other:
            path.rename(root / ".swap")
            other.rename(path)
            (root / ".swap").rename(other)
        return
    if kind == "link":
        path.unlink(missing_ok=True)
        path.symlink_to(more)
        return
    if path.is_symlink() or not path.exists():
        path.unlink(missing_ok=True)
        path.write_text("0")
    before = path.stat()
    if kind == "chmod":
        path.chmod(0o700 if more == "7" else 0o600)
    elif kind == "replace and put back":
        other = path.with_name(".new")
        other.write_text(more)
        other.replace(path)
    else:
        path.write_text(more)
    if kind.endswith("put back"):
        put_times_back(path, before)


def take(store: BlobStore, root: Path, globs: list[str]) -> Captured | None:
    try:
        return capture(store, root, PathGlobs(globs))
    except FileError:
        return None


def check_no_edit_is_missed(globs: list[str], steps: list[tuple[str, str, str]]) -> None:
    """If the snapshot is another, then the sighting of the old one has moved."""
    with tempfile.TemporaryDirectory() as folder:
        root, store = Path(folder), BlobStore()
        held = take(store, root, globs)
        assert held is not None
        for kind, name, more in steps:
            if kind != "settle":
                apply(root, kind, name, more)
            elif held is not None:
                later = Look(root)
                later.at_ns += 3 * sightings.TICK_NS
                held.sighting.has_moved(later)
            fresh = take(store, root, globs)
            now: Snapshot | None = None if fresh is None else fresh.snapshot
            if held is not None and not held.sighting.has_moved(root):
                assert held.snapshot == now
            else:
                held = fresh


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GLOBS, st.lists(EDIT, min_size=1, max_size=8))
@example(["a", "d/a"], [("write", "a", "1"), ("settle", "a", ""), ("write and put back", "a", "2")])
def test_misses_no_edit(globs: list[str], steps: list[tuple[str, str, str]]) -> None:
    check_no_edit_is_missed(globs, steps)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GLOBS, st.lists(EDIT.filter(lambda edit: edit[0] != "settle"), min_size=1, max_size=8))
@example(
    ["**"], [("write", "a", "1"), ("write", "a", "2"), ("remove", "a", ""), ("link", "a", "b")]
)
def test_misses_no_edit_on_a_disk_with_a_coarse_clock(
    globs: list[str], steps: list[tuple[str, str, str]]
) -> None:
    """Two seconds are one tick, and inodes are used again at once."""
    real = sightings.signature

    def coarse(found: os.stat_result) -> Signature:
        mtime, ctime, size, inode, mode = real(found)
        inode = inode if stat.S_ISDIR(mode) else 0
        return mtime // 10**10 * 10**10, ctime // 10**10 * 10**10, size, inode, mode

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sightings, "signature", coarse)
        patch.setattr(capture_module, "signature", coarse)
        patch.setattr(sightings, "TICK_NS", 10**11)
        check_no_edit_is_missed(globs, steps)
