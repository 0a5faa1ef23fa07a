"""Bad input, asked for in a notebook's way: each is told clearly, and hurts nothing else."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories.toys import ran
from wfnb import (
    CreateDigest,
    Digest,
    DigestContents,
    FallibleProcessResult,
    FileContent,
    Get,
    GlobMatchErrorBehavior,
    MergeDigests,
    MultiGet,
    PathGlobs,
    Process,
    ProcessExecutionFailure,
    ProcessResult,
    WfnbError,
    rule,
)
from wfnb.errors import (
    FileError,
    ParamError,
    ProcessOutputError,
    ProcessStartError,
    WorldError,
)
from wfnb.intrinsics import capture as capture_module
from wfnb.intrinsics import materialize as materialize_module
from wfnb.intrinsics.blobs import BlobStore
from wfnb.testing import RuleRunner

PATH = {"PATH": "/usr/bin:/bin"}


@dataclass(frozen=True)
class Case:
    name: str


@dataclass(frozen=True)
class Used:
    text: str


@dataclass(frozen=True)
class Lines:
    n: int


@rule
async def count_lines(case: Case) -> Lines:
    digest = await Get(Digest, PathGlobs([f"{case.name}/*.txt"]))
    found = await Get(DigestContents, Digest, digest)
    return Lines(sum(one.content.count(b"\n") for one in found))


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RuleRunner:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    runner = RuleRunner([count_lines], root=tmp_path / "root")
    runner.write_files({"a/1.txt": "x\n", "b/1.txt": "y\ny\n"})
    return runner


Refused = Callable[..., str]


@pytest.fixture
def refused(runner: RuleRunner) -> Refused:
    """Ask for Used, look at the error, and see that nothing else is hurt by it."""

    def refused(use: object, kind: type[WfnbError]) -> str:
        runner.define([use])  # type: ignore[list-item]  # a rule
        assert runner.request(Lines, Case("a")) == Lines(1)
        texts = []
        for _ in range(2):  # no failure is remembered
            with pytest.raises(kind) as caught:
                runner.request(Used, Case("a"))
            texts.append(str(caught.value))
            assert caught.value.__notes__[0].startswith("while making Used: use(Case('a'))")
        assert texts[0] == texts[1]

        assert runner.request(Lines, Case("a")) == Lines(1)
        assert ran(runner.engine) == {}
        assert runner.request(Lines, Case("b")) == Lines(2)
        runner.write_files({"a/1.txt": "x\nx\n"})
        assert runner.request(Lines, Case("a")) == Lines(2)
        runner.write_files({"a/1.txt": "x\n", "a/2.txt": ""})
        assert runner.request(Lines, Case("a")) == Lines(1)
        return texts[0]

    return refused


# ---------------------------------------------------------------- files


def test_tells_of_a_glob_that_matches_nothing(runner: RuleRunner, refused: Refused) -> None:
    """And finds the file once it is there."""

    @rule
    async def use(case: Case) -> Used:
        globs = PathGlobs(
            [f"{case.name}/*.csv", f"{case.name}/*.txt"],
            GlobMatchErrorBehavior.error,
            description_of_origin="the table of prices",
        )
        all_of_them = PathGlobs(
            ["a/*.csv"], GlobMatchErrorBehavior.error, description_of_origin="the table of prices"
        )
        await Get(Digest, PathGlobs, globs)  # one that matches is enough
        return Used(str(len(await Get(DigestContents, Digest, await Get(Digest, all_of_them)))))

    assert refused(use, FileError) == (
        '1 glob matches nothing, from the table of prices: "a/*.csv"\n'
        "  → correct the pattern, or ask for GlobMatchErrorBehavior.ignore"
    )
    runner.write_files({"a/prices.csv": "1\n"})
    assert runner.request(Used, Case("a")) == Used("1")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: PathGlobs(["../secrets/*"]),
            "a pattern may not leave the root by '..': ../secrets/*\n"
            "  → write it from the root down",
        ),
        (
            lambda: PathGlobs(["/etc/passwd"]),
            "a pattern is absolute: /etc/passwd\n"
            "    only files below the root can be asked for\n"
            "  → write it relative to the root",
        ),
        (
            lambda: FileContent("../up.txt", b""),
            "the path of FileContent must be relative, without '..': ../up.txt\n"
            "    a path with '..' can leave the root\n"
            "  → write it from the root down",
        ),
        (
            lambda: Process("ls -l", description="List"),  # type: ignore[arg-type]  # as tested
            "the argv of Process is one text: 'ls -l'\n"
            "  → pass a program and its arguments one by one: Process(['ls', '-l'], …)",
        ),
    ],
    ids=["leaving glob", "absolute glob", "leaving path", "argv of one text"],
)
def test_tells_of_a_value_that_cannot_be_asked_with(
    refused: Refused, make: Callable[[], object], text: str
) -> None:
    """It fails in the rule that makes it, which the note names."""

    @rule
    async def use(case: Case) -> Used:
        return Used(str(make()))

    assert refused(use, ParamError) == text


def test_tells_of_a_link_that_leads_out(runner: RuleRunner, refused: Refused) -> None:
    @rule
    async def use(case: Case) -> Used:
        await Get(Digest, PathGlobs([f"{case.name}/*.key"]))
        return Used("")

    link = runner.root / "a" / "my.key"
    link.symlink_to("/etc/passwd")
    assert refused(use, FileError) == (
        "the link a/my.key leads out of the root\n"
        "    it points to /etc/passwd, and only what is below the root is followed\n"
        '  → exclude it with "!a/my.key", or put what it points to below the root'
    )
    link.unlink()
    assert runner.request(Used, Case("a")) == Used("")


def test_tells_of_two_contents_for_one_path(refused: Refused) -> None:
    @rule
    async def use(case: Case) -> Used:
        one, two = await MultiGet(
            Get(Digest, CreateDigest([FileContent("out/report.txt", content)]))
            for content in (b"1", b"22")
        )
        await Get(Digest, MergeDigests([one, two]))
        return Used("")

    assert refused(use, FileError) == (
        "out/report.txt is two different things\n"
        "    out/report.txt: a file, 6b86b273ff34 (1 byte); a file, 785f3ec7eb32 (2 bytes)\n"
        "  → leave one out with DigestSubset, or put one into a folder of its own with AddPrefix"
    )


def test_tells_of_a_file_that_may_not_be_read(
    runner: RuleRunner, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    @rule
    async def use(case: Case) -> Used:
        found = await Get(DigestContents, Digest, await Get(Digest, PathGlobs(["a/*.key"])))
        return Used(found[0].content.decode())

    really_open = os.open

    def refuse(path: str, *args: object, **fields: object) -> int:
        if str(path).endswith("my.key"):
            raise PermissionError(13, "Permission denied")
        return really_open(path, *args, **fields)  # type: ignore[arg-type]  # passed on

    runner.write_files({"a/my.key": "4711"})
    with monkeypatch.context() as patch:
        patch.setattr(capture_module.os, "open", refuse)
        assert refused(use, FileError) == (
            "a/my.key cannot be read\n"
            "    Permission denied\n"
            '  → allow reading it (chmod), or exclude it with "!a/my.key"'
        )
    assert runner.request(Used, Case("a")) == Used("4711")


# ---------------------------------------------------------------- processes


def sh(script: str, **fields: object) -> Process:
    argv = ["/bin/sh", "-c", script]
    return Process(argv, **{"description": "Count words", "env": PATH, **fields})  # type: ignore[arg-type]  # fields are those of Process


def test_tells_of_a_program_that_cannot_be_executed(refused: Refused) -> None:
    @rule
    async def use(case: Case) -> Used:
        files = await Get(Digest, CreateDigest([FileContent("count.sh", b"#!/bin/sh\n")]))
        process = Process(["./count.sh"], description="Count words", input_digest=files)
        await Get(ProcessResult, Process, process)
        return Used("")

    assert refused(use, ProcessStartError) == (
        "Count words names a program that cannot be executed: ./count.sh\n"
        "  → name a program; for a file of a digest, set is_executable=True"
    )


@pytest.mark.slow
def test_tells_of_a_process_that_takes_too_long(refused: Refused) -> None:
    @rule
    async def use(case: Case) -> Used:
        process = sh("echo early; exec sleep 831", timeout_seconds=0.2)
        await Get(ProcessResult, Process, process)
        return Used("")

    assert refused(use, ProcessExecutionFailure) == (
        "Count words took longer than its timeout of 0.2 s\n"
        "    stdout:\n"
        "      early\n"
        "  → ask for FallibleProcessResult to handle it, or keep its folder:\n"
        '      current_engine().settings.keep_sandboxes = "on_failure"'
    )


@pytest.mark.slow
def test_tells_of_a_process_that_floods_its_output(refused: Refused) -> None:
    """1 GB: it is ended early, and little of it is held."""
    import resource

    @rule
    async def use(case: Case) -> Used:
        process = sh("echo start; head -c 1000000000 /dev/zero | tr '\\0' x")
        await Get(FallibleProcessResult, Process, process)
        return Used("")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(use, ProcessOutputError) == (
        "Count words wrote more than 33,554,432 bytes to stdout and stderr\n"
        f"    it ended with: {'x' * 199}…\n"
        "  → have it write to a file in output_files, or raise output_limit_bytes"
    )
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < 300_000_000


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has subreapers")
def test_ends_a_daemon_with_the_process_that_left_it(runner: RuleRunner) -> None:
    """It is no error: what the process said before counts, and its daemon is gone."""

    @rule
    async def use(case: Case) -> Used:
        script = "(setsid sh -c 'echo $$ > pid; exec sleep 832' >/dev/null 2>&1 &)"
        script += "; while [ ! -s pid ]; do :; done; cat pid"
        return Used((await Get(ProcessResult, Process, sh(script))).stdout.decode())

    runner.define([use])
    pid = runner.request(Used, Case("a")).text.strip()
    assert pid.isdecimal()
    assert not Path(f"/proc/{pid}").exists()
    assert runner.request(Lines, Case("a")) == Lines(1)


# ---------------------------------------------------------------- no room


def no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_tells_of_a_full_disk_when_content_is_kept(
    runner: RuleRunner, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing of it stays behind, and the same is right once there is room."""

    @rule
    async def use(case: Case) -> Used:
        content = case.name.encode() * 1_500_000
        digest = await Get(Digest, CreateDigest([FileContent("big.bin", content)]))
        return Used(str(len((await Get(DigestContents, Digest, digest))[0].content)))

    with monkeypatch.context() as patch:
        write = BlobStore._write_all

        def fail_half_way(store: BlobStore, file: object, content: bytes) -> None:
            write(store, file, content[:1000])  # type: ignore[arg-type]  # a file
            with store._room():
                no_room()

        patch.setattr(BlobStore, "_write_all", fail_half_way)
        assert refused(use, FileError) == (
            "the content of a file cannot be kept in the temporary folder\n"
            f"    No space left on device ({tmp_path / 'tmp'})\n"
            "  → make room, or set TMPDIR to a folder with room before the kernel starts"
        )
    assert [p for p in (tmp_path / "tmp").glob("wfnb-scratch-*/*") if p.name != ".lock"] == []
    assert runner.request(Used, Case("a")) == Used("1500000")


@pytest.mark.slow
def test_tells_of_a_full_disk_when_a_process_gets_its_files(
    runner: RuleRunner, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Naming the process, the file, where it was to be, and the setting for another place."""

    @rule
    async def use(case: Case) -> Used:
        files = await Get(Digest, CreateDigest([FileContent("in.txt", b"to be")]))
        process = sh("cat in.txt", input_digest=files)
        return Used((await Get(ProcessResult, Process, process)).stdout.decode())

    with monkeypatch.context() as patch:
        patch.setattr(materialize_module, "copy_content", no_room)
        assert refused(use, ProcessStartError) == (
            "Count words cannot have its files: in.txt cannot be written\n"
            "    No space left on device\n"
            f"    in {tmp_path}/tmp/wfnb-{os.getuid()}\n"
            "  → make room there, or choose another place:"
            ' current_engine().settings.sandbox_folder = "…"'
        )
    assert runner.request(Used, Case("a")) == Used("to be")


@pytest.mark.slow
def test_keeps_the_folder_of_a_process_that_filled_the_disk(
    runner: RuleRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its script had its room before; where there is not even that, nothing is started or left."""
    from wfnb.intrinsics import sandboxes

    runner.engine.settings.keep_sandboxes = "on_failure"
    write = sandboxes._write_script

    def write_once(path: str, script: str) -> None:
        write(path, script)
        monkeypatch.setattr(sandboxes, "_write_script", no_room)

    monkeypatch.setattr(sandboxes, "_write_script", write_once)
    with pytest.raises(ProcessExecutionFailure) as failed:
        runner.request(ProcessResult, sh("exit 3"))
    [folder] = (tmp_path / "tmp").glob("wfnb-*/kept-*")
    assert str(failed.value).endswith(f"run it again, where it ran, with {folder}/__run.sh")
    assert (folder / "__run.sh").exists()

    with pytest.raises(ProcessStartError) as refused:
        runner.request(ProcessResult, sh("exit 4"))
    assert str(refused.value) == (
        "no sandbox can be made: No space left on device\n"
        f"    in {folder.parent}\n"
        "  → free some space, or choose another place:"
        ' current_engine().settings.sandbox_folder = "…"'
    )
    assert list((tmp_path / "tmp").glob("wfnb-*/kept-*")) == [folder]


# ---------------------------------------------------------------- the tree of errors


def test_can_be_caught_by_who_can_mend_it() -> None:
    """What is outside has a branch of its own in the tree that `errors` draws."""
    from wfnb import errors
    from wfnb.intrinsics.processes import ProcessExecutionFailure as failure

    drawn = (errors.__doc__ or "").split()
    for name in (
        "FileError",
        "ProcessError",
        "ProcessStartError",
        "ProcessOutputError",
        "ProcessLostError",
        "ProcessCancelled",
        "DownloadError",
        "DownloadCancelled",
    ):
        assert issubclass(getattr(errors, name), WorldError)
        assert name in drawn
    assert issubclass(failure, errors.ProcessError)
    assert failure.__name__ in drawn
    tree = [
        name
        for name, cls in vars(errors).items()
        if isinstance(cls, type) and issubclass(cls, errors.WfnbError)
    ]
    assert [name for name in tree if name not in drawn] == []
