"""Files and processes, measured: W10.

Outside the clock: making the folders, the engine, and the supervisor of its processes, which is
started with the first of them.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.table import Prepare, Run, Table, interleaved
from wfnb import (
    Digest,
    Engine,
    FallibleProcessResult,
    Get,
    Goal,
    MultiGet,
    PathGlobs,
    Paths,
    Process,
    Workspace,
    goal_rule,
    rule,
)

FILES = 1_000
TESTS = 100
SLEEPS = 16
SLEEP_S = 0.5
TRUE = "/bin/true"


@dataclass(frozen=True)
class TestFile:
    path: str


@dataclass(frozen=True)
class Outcome:
    exit_code: int


@dataclass(frozen=True)
class Naps:
    n: int


class Test(Goal):
    pass


@rule
async def run_test(file: TestFile) -> Outcome:
    files = await Get(Digest, PathGlobs([file.path, "src/**"]))
    process = Process([TRUE], description=f"Test {file.path}", input_digest=files)
    return Outcome((await Get(FallibleProcessResult, Process, process)).exit_code)


@goal_rule
async def run_tests(workspace: Workspace) -> Test:
    paths = await Get(Paths, PathGlobs(["tests/test_*.py"]))
    outcomes = await MultiGet(Get(Outcome, TestFile, TestFile(path)) for path in paths.files)
    assert len(outcomes) == TESTS
    return Test(max(one.exit_code for one in outcomes))


@rule
async def nap(naps: Naps) -> Outcome:
    found = await MultiGet(
        Get(FallibleProcessResult, Process, sleeping(f"Nap {naps.n}.{i}")) for i in range(SLEEPS)
    )
    return Outcome(max(one.exit_code for one in found))


def sleeping(name: str) -> Process:
    """Each another one, so that it runs: a description alone makes no difference."""
    return Process(["/bin/sleep", str(SLEEP_S)], description=name, env={"NAME": name})


def write(folder: Path, count: int, name: str, bytes_each: int) -> None:
    folder.mkdir(parents=True)
    for i in range(count):
        (folder / name.format(i)).write_bytes(os.urandom(bytes_each // 2).hex().encode())


def touching(table: Table, rounds: int) -> None:
    """W10: a goal over test files, capturing, starting, overlapping."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        testing(table, rounds, root / "project")
        capturing(table, rounds, root / "many")
        running(table, rounds, root)


def testing(table: Table, rounds: int, root: Path) -> None:
    """A goal with a process for each of 100 test files; nothing changed since the last run."""
    write(root / "tests", TESTS, "test_{:03}.py", 2_000)
    write(root / "src", 50, "module_{:02}.py", 2_000)
    made = Engine([run_test, run_tests], root=root)
    since = time.perf_counter()
    made.run(Test)
    cold_s = time.perf_counter() - since
    time.sleep(0.1)  # what was only just written is looked at by its content
    [warm] = interleaved(max(rounds, 5), lambda: lambda: made.run(Test))
    assert made.last is not None
    assert dict(made.last.ran_counts) == {"run_tests": 1}
    detail = f"the first run {cold_s * 1e3:.0f} ms"
    table.row("W10 warm goal over 100 test files", warm * 1e3, "ms", 150, detail)
    changed = root / "tests" / "test_050.py"

    def edit() -> Run:
        changed.write_bytes(os.urandom(1_000).hex().encode())
        return lambda: made.run(Test)

    [edited] = interleaved(rounds, edit)
    assert made.last.ran_counts["run_test"] == 1
    table.row("W10 the same, one file changed", edited * 1e3, "ms", None)


def capturing(table: Table, rounds: int, root: Path) -> None:
    """1,000 small files, never seen before, into a digest."""
    for part in range(10):
        write(root / f"part_{part}", FILES // 10, "file_{:03}.txt", 2_000)

    def fresh() -> Run:
        made = Engine(root=root)
        made.request(Digest, PathGlobs(["nothing"]))
        return lambda: made.request(Digest, PathGlobs(["**"]))

    def plain() -> None:
        for above, _, names in os.walk(root):
            for name in names:
                with open(f"{above}/{name}", "rb") as file:
                    hashlib.sha256(file.read()).hexdigest()

    ours, theirs = interleaved(max(rounds, 5), fresh, lambda: plain)
    detail = f"{ours / FILES * 1e6:.0f} µs a file, plain {theirs / FILES * 1e6:.0f} µs"
    table.row("W10 capture of 1,000 small files", ours / theirs, "× plain", 4, detail)


def running(table: Table, rounds: int, root: Path) -> None:
    """A process that does nothing; sixteen that sleep."""
    many = 50
    made = Engine([nap], root=root)
    made.request(FallibleProcessResult, Process([TRUE], description="First"))
    numbers = iter(range(1_000_000))

    def ours() -> Run:
        argvs = [Process([TRUE, str(next(numbers))], description="Toy") for _ in range(many)]
        return lambda: [made.request(FallibleProcessResult, one) for one in argvs]

    def plain() -> None:
        for number in range(many):
            subprocess.run([TRUE, str(number)], capture_output=True, check=True)

    asked, run = interleaved(max(rounds, 5), ours, lambda: plain)
    detail = f"{asked / many * 1e3:.2f} ms, subprocess.run {run / many * 1e3:.2f} ms"
    table.row("W10 trivial process in a sandbox", asked / run, "× plain", 2, detail)

    turns = iter(range(1_000_000))

    def naps() -> Prepare:
        return lambda: lambda: made.request(Outcome, Naps(next(turns)))

    naps()()()
    [slept] = interleaved(rounds, naps())
    detail = f"{slept:.2f} s, one after the other {SLEEPS * SLEEP_S:.0f} s"
    table.row("W10 16 processes that sleep 0.5 s", slept / SLEEP_S, "× ideal", 1.5, detail)
