"""Files, processes and the environment through the engine: seen, remembered, seen to have moved."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories.toys import ran
from wfnb import (
    AddPrefix,
    Console,
    CreateDigest,
    Digest,
    DigestContents,
    DownloadFile,
    Engine,
    EnvironmentVars,
    EnvironmentVarsRequest,
    FallibleProcessResult,
    FileContent,
    FileDigest,
    Get,
    Goal,
    MergeDigests,
    MultiGet,
    ParamError,
    PathGlobs,
    Paths,
    Process,
    ProcessCacheScope,
    ProcessExecutionFailure,
    ProcessResult,
    RequestInterrupted,
    Rule,
    Snapshot,
    Workspace,
    goal_rule,
    rule,
)
from wfnb.testing import RuleRunner


@dataclass(frozen=True)
class Folder:
    name: str


@dataclass(frozen=True)
class Lines:
    n: int


@dataclass(frozen=True)
class Report:
    text: str


@rule
async def count_lines(folder: Folder) -> Lines:
    digest = await Get(Digest, PathGlobs([f"{folder.name}/*.txt"]))
    found = await Get(DigestContents, Digest, digest)
    return Lines(sum(one.content.count(b"\n") for one in found))


@rule
async def report(folder: Folder) -> Report:
    return Report(f"{(await Get(Lines, Folder, folder)).n} lines")


@pytest.fixture
def runner(tmp_path: Path) -> RuleRunner:
    runner = RuleRunner([count_lines, report], root=tmp_path)
    runner.write_files({"a/1.txt": "x\n", "a/2.txt": "y\ny\n", "b/1.txt": "z\n"})
    return runner


def test_sees_every_change_of_files_and_nothing_else(runner: RuleRunner) -> None:
    """Scenario 97: rewritten, deleted, new, the folder gone; what was not touched does not run."""
    a, b = Folder("a"), Folder("b")
    assert runner.request(Report, a) == Report("3 lines")
    assert runner.request(Report, b) == Report("1 lines")
    runner.request(Report, a)
    assert ran(runner.engine) == {}

    runner.write_files({"a/1.txt": "x\nx\n"})
    assert runner.request(Report, a) == Report("4 lines")
    runner.request(Report, b)
    assert ran(runner.engine) == {}

    runner.write_files({"a/3.txt": "n\n"})
    assert runner.request(Report, a) == Report("5 lines")

    (runner.root / "a" / "2.txt").unlink()
    assert runner.request(Report, a) == Report("3 lines")

    runner.write_files({"a/other.csv": "1\n"})
    assert runner.request(Report, a) == Report("3 lines")
    assert "count_lines" not in ran(runner.engine)

    for path in (runner.root / "a").iterdir():
        path.unlink()
    (runner.root / "a").rmdir()
    assert runner.request(Report, a) == Report("0 lines")


def test_cuts_off_where_the_content_is_the_same(runner: RuleRunner) -> None:
    """Written again with the same text: read, and nothing above runs."""
    runner.request(Report, Folder("a"))
    runner.write_files({"a/1.txt": "x\n"})
    runner.request(Report, Folder("a"))
    assert "count_lines" not in ran(runner.engine)


def test_names_the_file_that_changed(runner: RuleRunner) -> None:
    runner.request(Report, Folder("a"))
    runner.write_files({"a/1.txt": "x\nx\n"})
    assert runner.engine.why(Report, Folder("a")).roots == ("file a/1.txt changed",)
    runner.request(Report, Folder("a"))
    assert runner.engine.why(Report, Folder("a")).roots == ("file a/1.txt changed",)


def test_names_files_that_came_and_went(runner: RuleRunner) -> None:
    runner.request(Report, Folder("a"))
    runner.write_files({"a/9.txt": "x\n"})
    assert runner.engine.why(Report, Folder("a")).roots == ("file a/9.txt is new",)
    runner.request(Report, Folder("a"))
    runner.write_files({"a/1.txt": "!\n", "a/7.txt": "", "a/8.txt": ""})
    (runner.root / "a/9.txt").unlink()
    assert runner.engine.why(Report, Folder("a")).roots == (
        "file a/1.txt changed; files a/7.txt, a/8.txt are new; 1 more",
    )


def test_names_only_the_folder_when_it_is_large(runner: RuleRunner) -> None:
    """Of many names a digest is kept; nothing that is in it is called changed."""
    runner.write_files({f"a/{'x' * 100}{number}.csv": "" for number in range(100)})
    runner.request(Report, Folder("a"))
    runner.write_files({"a/9.txt": "x\n"})
    assert runner.engine.why(Report, Folder("a")).roots == ("folder a changed",)


def test_leaves_out_what_lies_between_a_rule_and_its_files(runner: RuleRunner) -> None:
    """The rules that ship with wfnb say nothing to its user; the files do."""
    runner.request(Report, Folder("a"))
    runner.write_files({"a/9.txt": "x\n"})
    assert str(runner.engine.why(Report, Folder("a"))) == (
        "report(Folder('a')) will be checked, and run if what it stands on moved\n"
        "└─ file a/9.txt is new"
    )
    assert str(runner.engine.stale()) == (
        "check     count_lines(Folder('a')): file a/9.txt is new\n"
        "check     report(Folder('a')): it stands on count_lines"
    )
    runner.request(Report, Folder("a"))
    assert str(runner.engine.why(Report, Folder("a"))) == (
        "report(Folder('a')) ran again\n"
        "└─ count_lines(Folder('a')) gave Lines(3) before, Lines(4) now\n"
        "   └─ file a/9.txt is new"
    )
    assert str(runner.engine.story()) == (
        "ran       count_lines(Folder('a')): file a/9.txt is new\n"
        "ran       report(Folder('a')): count_lines(Folder('a')) gave Lines(3) before, Lines(4) now"
    )


def test_names_a_file_that_is_new_in_the_root(runner: RuleRunner) -> None:
    @dataclass(frozen=True)
    class Everything:
        files: tuple[str, ...]

    @rule
    async def list_everything() -> Everything:
        return Everything((await Get(Paths, PathGlobs(["*.log"]))).files)

    runner.define([list_everything], origin="root")
    runner.request(Everything)
    runner.write_files({"new.log": ""})
    assert runner.engine.why(Everything).roots == ("file new.log is new",)


def test_invalidates_by_path_and_glob(runner: RuleRunner) -> None:
    runner.request(Report, Folder("a"))
    runner.request(Report, Folder("b"))
    engine = runner.engine
    assert engine.invalidate("b/1.txt")[0] == 1
    assert engine.invalidate(runner.root / "b")[0] == 0  # it is cleared already
    assert engine.invalidate("a/*.txt")[0] == 1
    assert engine.invalidate("c")[0] == 0
    with pytest.raises(ParamError):
        engine.invalidate("../elsewhere")
    assert runner.request(Report, Folder("a")) == Report("3 lines")


def test_asks_for_names_without_reading(runner: RuleRunner) -> None:
    assert runner.request(Paths, PathGlobs(["*/1.txt"])).files == ("a/1.txt", "b/1.txt")
    runner.write_files({"c/1.txt": ""})
    assert runner.request(Paths, PathGlobs(["*/1.txt"])).files == ("a/1.txt", "b/1.txt", "c/1.txt")


def test_keeps_intrinsic_rules_out_of_what_is_told(runner: RuleRunner) -> None:
    runner.request(Report, Folder("a"))
    engine = runner.engine
    assert sorted(r.name for r in engine.rule_graph.own_rules.values()) == ["count_lines", "report"]
    assert repr(engine) == "engine with 2 rules"
    assert [d.code for d in engine.diagnostics] == ["WF230"]
    assert engine.rule_graph.open_inputs == (Folder,)


# ------------------------------------------------------------------------------------ processes


@dataclass(frozen=True)
class Command:
    text: str


@dataclass(frozen=True)
class Output:
    text: str


@dataclass(frozen=True)
class Exit:
    code: int


@rule
async def run_it(command: Command) -> Output:
    inputs = await Get(Digest, CreateDigest([FileContent("in.txt", b"hello")]))
    process = Process(
        ("/bin/sh", "-c", command.text),
        description=f"run {command.text}",
        input_digest=inputs,
        output_files=("out.txt",),
    )
    result = await Get(ProcessResult, Process, process)
    found = await Get(DigestContents, Digest, result.output_digest)
    return Output(result.stdout.decode() + "".join(one.content.decode() for one in found))


@rule
async def try_it(command: Command) -> Exit:
    process = Process(("/bin/sh", "-c", command.text), description="try")
    return Exit((await Get(FallibleProcessResult, Process, process)).exit_code)


def test_runs_a_process_once_for_the_same_inputs(tmp_path: Path) -> None:
    """Scenario 98, in the engine."""
    runner = RuleRunner([run_it, try_it], root=tmp_path)
    command = Command("cat in.txt; echo out > out.txt")
    assert runner.request(Output, command) == Output("helloout\n")
    runner.engine.invalidate(run_it)
    runner.request(Output, command)
    assert ran(runner.engine) == {"run_it": 1}


def test_keeps_a_failure_for_its_request_only(tmp_path: Path) -> None:
    """Scenario 98: cache scopes; a failure is a value for who asked for it as one."""
    runner = RuleRunner([run_it, try_it], root=tmp_path)
    assert runner.request(Exit, Command("exit 3")) == Exit(3)
    runner.request(Exit, Command("exit 3"))
    assert ran(runner.engine) == {"fallible_result": 1}
    with pytest.raises(ProcessExecutionFailure) as caught:
        runner.request(Output, Command("echo wrong >&2; exit 3"))
    assert "run echo wrong >&2; exit 3" in str(caught.value)
    assert "wrong" in str(caught.value)


@pytest.mark.parametrize(
    ("scope", "again"),
    [
        (ProcessCacheScope.ALWAYS, False),
        (ProcessCacheScope.SUCCESSFUL, True),
        (ProcessCacheScope.PER_RESTART_ALWAYS, False),
        (ProcessCacheScope.PER_RESTART_SUCCESSFUL, True),
        (ProcessCacheScope.PER_SESSION, True),
    ],
)
def test_follows_the_scope_of_a_failing_process(
    scope: ProcessCacheScope, again: bool, tmp_path: Path
) -> None:
    runner = RuleRunner(root=tmp_path)
    process = Process(("/bin/sh", "-c", "exit 1"), description="fail", cache_scope=scope)
    for _ in range(2):
        assert runner.request(FallibleProcessResult, process).exit_code == 1
    assert ran(runner.engine) == ({"fallible_result": 1} if again else {})


def test_overlaps_processes_that_sleep(tmp_path: Path) -> None:
    """Also inside one request."""

    @rule
    async def naps(command: Command) -> Exit:
        found = await MultiGet(
            Get(
                FallibleProcessResult,
                Process,
                Process(("/bin/sleep", "0.5"), description=f"nap {i}"),
            )
            for i in range(16)
        )
        return Exit(sum(one.exit_code for one in found))

    runner = RuleRunner([naps], root=tmp_path)
    since = time.perf_counter()
    assert runner.request(Exit, Command("")) == Exit(0)
    assert time.perf_counter() - since < 4


def test_ends_processes_when_the_request_is_interrupted(tmp_path: Path) -> None:
    runner = RuleRunner([try_it], root=tmp_path)
    marker = tmp_path / "ended"
    press = threading.Timer(0.5, os.kill, (os.getpid(), 2))
    press.start()
    since = time.perf_counter()
    with pytest.raises(RequestInterrupted, match=r"while process 'try' ran$") as caught:
        runner.request(Exit, Command(f"sleep 5; touch {marker}"))
    assert time.perf_counter() - since < 1.5
    assert caught.value.running == ("process 'try'",)
    press.join()
    time.sleep(0.1)
    assert not marker.exists()
    assert runner.request(Exit, Command("exit 0")) == Exit(0)


# ----------------------------------------------------------------------- environment, workspace


def test_sees_a_variable_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = RuleRunner(root=tmp_path)
    monkeypatch.setenv("WFNB_LIGHT", "on")
    wanted = EnvironmentVarsRequest(["WFNB_LIGHT", "WFNB_NONE"])
    assert runner.request(EnvironmentVars, wanted) == EnvironmentVars({"WFNB_LIGHT": "on"})
    runner.request(EnvironmentVars, wanted)
    assert ran(runner.engine) == {}
    monkeypatch.setenv("WFNB_NONE", "x")
    assert runner.request(EnvironmentVars, wanted)["WFNB_NONE"] == "x"
    assert runner.engine.why(EnvironmentVars, wanted).roots == (
        "the environment: WFNB_NONE changed",
    )


class Publish(Goal):
    pass


@goal_rule
async def publish(folder: Folder, console: Console, workspace: Workspace) -> Publish:
    text = await Get(Report, Folder, folder)
    one = await Get(Digest, CreateDigest([FileContent("report.txt", text.text.encode())]))
    two = await Get(Digest, AddPrefix(one, "copy"))
    both = await Get(Digest, MergeDigests([one, two]))
    workspace.write_digest(both, path_prefix="dist", clear_paths=["old.txt"])
    console.print("written")
    return Publish(0)


def test_writes_files_each_time_a_goal_runs(runner: RuleRunner) -> None:
    """Scenario 99: prefix and clear paths; effects happen again."""
    runner.define([publish])
    for _ in range(2):
        runner.write_files({"dist/old.txt": "", "dist/kept.txt": ""})
        assert runner.run_goal(Publish, Folder("a")).stdout == "written\n"
        dist = runner.root / "dist"
        assert (dist / "report.txt").read_text() == "3 lines"
        assert (dist / "copy" / "report.txt").read_text() == "3 lines"
        assert not (dist / "old.txt").exists()
        assert (dist / "kept.txt").exists()
        (dist / "report.txt").unlink()
    assert ran(runner.engine) == {"publish": 1}


def test_gives_a_snapshot_to_who_asks_from_outside(runner: RuleRunner) -> None:
    found = runner.request(Snapshot, PathGlobs(["b/**"]))
    assert found.files == ("b/1.txt",)
    assert Engine(root=runner.root).request(Snapshot, PathGlobs(["b/**"])) == found


# ---------------------------------------------------------------- other ways to the same


@dataclass(frozen=True)
class Names:
    files: tuple[str, ...]


@rule
async def names_of_globs(folder: Folder) -> Names:
    return Names((await Get(Snapshot, PathGlobs([f"{folder.name}/*"]))).files)


@rule
async def names_of_digest(folder: Folder) -> Report:
    digest = await Get(Digest, PathGlobs([f"{folder.name}/*"]))
    return Report(str((await Get(Snapshot, Digest, digest)).files))


@rule
async def digest_of_folder(folder: Folder) -> Digest:
    return await Get(Digest, PathGlobs([f"{folder.name}/*"]))


@pytest.mark.parametrize("others", [[], [digest_of_folder]], ids=["alone", "with a digest"])
def test_finds_one_way_from_globs_to_names_whatever_else_is_asked(
    tmp_path: Path, others: list[Rule]
) -> None:
    """Neither asking for the names in a digest, nor a rule that makes one, is a second way."""
    runner = RuleRunner([names_of_globs, names_of_digest, *others], root=tmp_path)
    runner.write_files({"a/1.txt": "x"})

    assert runner.request(Names, Folder("a")).files == ("a/1.txt",)
    assert runner.request(Report, Folder("a")).text == "('a/1.txt',)"


# ------------------------------------------------------------------------- what an engine leaves

KERNEL = """
import gc, os, sys, tempfile, time
from wfnb import CreateDigest, Digest, Engine, FileContent, Process, ProcessResult
engine = Engine()
engine.request(Digest, CreateDigest([FileContent("big", bytes(2_000_000))]))
engine.request(ProcessResult, Process(["/bin/echo"], description="Toy"))
print(*sorted(name[:12] for name in os.listdir(tempfile.gettempdir())), flush=True)
if sys.argv[1] == "kill":
    os.kill(os.getpid(), 9)
if sys.argv[1] == "drop":
    del engine
    for _ in range(100):  # threads that have nothing to do let go of it after a while
        gc.collect()
        if not os.listdir(tempfile.gettempdir()):
            break
        time.sleep(0.02)
    print(*os.listdir(tempfile.gettempdir()), flush=True)
"""


def kernel(tmp_path: Path, end: str) -> str:
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    argv = [sys.executable, "-c", KERNEL, end]
    return subprocess.run(argv, env=env, check=False, capture_output=True, text=True).stdout


def becomes_empty(folder: Path) -> bool:
    """The sandboxes of a kernel that is gone are removed by another process."""
    until = time.monotonic() + 5
    while list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    return not list(folder.iterdir())


@pytest.mark.slow
def test_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    """When the engine is gone, when the kernel ends; when it is killed, once another starts."""
    both = f"wfnb-{os.getuid()} wfnb-scratch\n"
    assert kernel(tmp_path, "drop") == f"{both}\n"
    assert becomes_empty(tmp_path)
    assert kernel(tmp_path, "end") == both
    assert becomes_empty(tmp_path)

    assert kernel(tmp_path, "kill") == both
    assert "wfnb-scratch" in str(list(tmp_path.iterdir()))
    assert kernel(tmp_path, "end") == both
    assert becomes_empty(tmp_path)


def test_tells_of_files_that_nobody_has_asked_for(tmp_path: Path) -> None:
    """The rules that ship with wfnb stand as soon as anything is asked about them."""
    runner = RuleRunner(root=tmp_path)
    runner.write_files({"a.txt": ""})
    engine, globs = runner.engine, PathGlobs(["*.txt"])
    assert engine.plan(Snapshot, globs).would_run == ("snapshot_of_globs(PathGlobs(['*.txt']))",)
    assert str(engine.why(Snapshot, globs)) == (
        "snapshot_of_globs(PathGlobs(['*.txt'])) has not run yet"
    )
    assert str(RuleRunner(root=tmp_path).engine.explain(Snapshot, PathGlobs)).startswith(
        "Snapshot from PathGlobs\n└─ Snapshot: snapshot_of_globs"
    )
    assert engine.diagnostics == ()
    assert runner.request(Snapshot, globs).files == ("a.txt",)
    assert engine.plan(Snapshot, globs).would_run == ()


def test_tells_of_downloads_and_processes_by_what_they_are(tmp_path: Path) -> None:
    """Of its own rules a story shows those that somebody waits for, and no others."""

    @rule
    async def fetch(command: Command) -> Exit:
        source = tmp_path / "data.txt"
        found = FileDigest(hashlib.sha256(source.read_bytes()).hexdigest(), 2)
        digest = await Get(Digest, DownloadFile(source.as_uri(), found))
        process = Process(("/bin/sh", "-c", command.text), description="look", input_digest=digest)
        return Exit((await Get(FallibleProcessResult, Process, process)).exit_code)

    runner = RuleRunner([fetch], root=tmp_path)
    runner.write_files({"data.txt": "x\n"})
    assert runner.request(Exit, Command("cat data.txt")) == Exit(0)
    url = (tmp_path / "data.txt").as_uri()
    assert str(runner.story()).splitlines() == [
        f"ran       download of {url!r}: asked for the first time",
        "ran       process 'look': asked for the first time",
        "ran       fetch(Command('cat data.txt')): asked for the first time",
    ]
