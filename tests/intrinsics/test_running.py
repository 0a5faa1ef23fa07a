from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wfnb.errors import (
    FileError,
    ParamError,
    ProcessCancelled,
    ProcessLostError,
    ProcessOutputError,
    ProcessStartError,
)
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.contents import contents, create
from wfnb.intrinsics.files import CreateDigest, Digest, Directory, FileContent, SymlinkEntry
from wfnb.intrinsics.processes import FallibleProcessResult, Process
from wfnb.intrinsics.running import Runner, run_process, shared_runner
from wfnb.intrinsics.sandboxed import Sandboxed
from wfnb.intrinsics.sandboxes import Sandboxes

PATH = {"PATH": "/usr/bin:/bin"}
is_linux = sys.platform.startswith("linux")
needs_linux = pytest.mark.skipif(not is_linux, reason="only Linux has subreapers and /proc")


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(sandboxes=tmp_path / "sandboxes", caches=tmp_path / "caches")
    yield runner
    runner.close()


Run = Callable[..., FallibleProcessResult]


@pytest.fixture
def run(runner: Runner, store: BlobStore) -> Run:
    def run(script: str, *, cancel: Any = None, **fields: Any) -> FallibleProcessResult:
        return runner.run(sh(script, **fields), store, cancel=cancel)

    return run


def sh(script: str, **fields: Any) -> Process:
    return Process(["/bin/sh", "-c", script], **{"description": "Toy", "env": PATH, **fields})


def tree(store: BlobStore, *items: Any) -> Digest:
    return create(store, CreateDigest(items))


def files_of(store: BlobStore, digest: Digest) -> dict[str, bytes]:
    return {file.path: file.content for file in contents(store, digest)}


def processes_with(mark: str) -> list[int]:
    """Who has the mark on the command line."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark.encode() in words:
                found.append(int(name))
    return found


def becomes(is_so: Callable[[], bool], within_s: float = 5.0) -> bool:
    until = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def run_folders(tmp_path: Path) -> list[str]:
    """The sandboxes with something in them."""
    base = tmp_path / "sandboxes"
    return [str(p) for p in base.glob("run-*/*") if p.is_dir() and any(p.iterdir())]


# ---------------------------------------------------------------- what a process gets and gives


def test_runs_a_process_with_its_files_and_takes_its_outputs(run: Run, store: BlobStore) -> None:
    """Inputs are there, outputs are relative to the working directory, what is missing is not."""
    inputs = tree(
        store,
        FileContent("src/words.txt", b"a b c"),
        FileContent("src/count", b"#!/bin/sh\nwc -w < $1\n", is_executable=True),
    )

    result = run(
        "./count words.txt | tr -d ' ' > out/deep/n; echo done; echo careful >&2;"
        " mkdir -p made/sub; echo 1 > made/sub/x; echo dropped > extra",
        input_digest=inputs,
        working_directory="src",
        output_files=["out/deep/n", "absent"],
        output_directories=["made", "gone"],
    )

    assert (result.stdout, result.stderr, result.exit_code) == (b"done\n", b"careful\n", 0)
    assert files_of(store, result.output_digest) == {"out/deep/n": b"3\n", "made/sub/x": b"1\n"}


def test_gives_a_process_the_declared_environment_and_nothing_else(
    run: Run, runner: Runner, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No secret of the kernel is in the process, nor in those above it but the kernel itself."""
    monkeypatch.setenv("CANARY", "secret-4711")

    result = runner.run(
        Process(["/usr/bin/env"], description="Toy", env={"B": "2", "A": "x y"}), store
    )
    above = run("tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline")

    assert sorted(result.stdout.splitlines()) == [b"A=x y", b"B=2"]
    assert b"CANARY" not in above.stdout
    assert b"warden" in above.stdout


def test_puts_the_path_of_the_sandbox_where_chroot_stands(run: Run, runner: Runner) -> None:
    """In arguments and in the environment."""
    result = run("pwd; echo {chroot}; echo $WHERE", env={"WHERE": "{chroot}/x", **PATH})

    here, said, where = result.stdout.decode().split()
    assert (said, where) == (here, f"{here}/x")


def test_hands_on_arguments_that_are_no_text(run: Run, runner: Runner, store: BlobStore) -> None:
    """Bytes of names that are not UTF-8, blanks, nothing at all."""
    script = 'for arg; do printf \'%s|\' "$arg"; done; printf %s "$ODD"'
    argv = ["/bin/sh", "-c", script, "sh", "\udcff", "", "a b", "$(x)", "ü"]
    process = Process(argv, description="Toy", env={"ODD": "\udcfe\n"})

    assert runner.run(process, store).stdout == b"\xff||a b|$(x)|\xc3\xbc|\xfe\n"


def test_gives_each_process_inputs_of_its_own(run: Run, store: BlobStore) -> None:
    """A process that changes its inputs, large ones too, changes nothing for the next."""
    inputs = tree(store, FileContent("small", b"1"), FileContent("large", b"2" * 3_000_000))
    script = "cat large small | cksum; chmod u+w large small; echo 3 >> large; echo 3 >> small"

    first = run(script, input_digest=inputs)

    assert first.exit_code == 0
    assert run(script, input_digest=inputs).stdout == first.stdout


def test_gives_a_process_no_input_no_open_files_and_plain_signals(run: Run) -> None:
    """It starts as from a shell: empty stdin, three files, no signal ignored or blocked."""
    result = run("cat; ls /proc/self/fd; grep -E 'Sig(Ign|Blk)' /proc/self/status")

    *files, _, blocked, _, ignored = result.stdout.decode().split()
    assert files == ["0", "1", "2", "3"]  # 3 is ls's own
    assert int(blocked, 16) == 0
    assert int(ignored, 16) & ~(3 << 31) == 0  # two signals of the C library


def test_tells_how_a_process_ended(run: Run) -> None:
    """Exit codes as they are, signals negative."""
    assert run("exit 3").exit_code == 3
    assert run("kill -9 $$").exit_code == -9
    assert run("kill -SEGV $$").exit_code == -11
    assert run("exec 1>&- 2>&-; sleep 0.05; exit 4").exit_code == 4


def test_takes_what_a_process_wrote_on_both_streams_at_once(run: Run) -> None:
    """No deadlock on a full pipe, and nothing is lost."""
    result = run(
        "head -c 3000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait",
        output_limit_bytes=6_000_000,
    )

    assert (len(result.stdout), len(result.stderr)) == (3_000_000, 3_000_000)


def test_hands_out_an_empty_sandbox_every_time(run: Run) -> None:
    """What one process leaves, open or closed, the next does not find."""
    for _ in range(3):
        assert run("ls -a; echo x > .left; mkdir d; chmod 0 d").stdout == b".\n..\n"
        for _ in range(2):
            assert run("stat -c %a .; chmod 0 .").stdout == b"700\n"


def test_shares_a_cache_among_processes(run: Run, tmp_path: Path) -> None:
    """An append-only cache outlives the process; its path is below the sandbox."""
    caches = {"wheels": "caches/wheels"}

    run("echo v1 > caches/wheels/a", append_only_caches=caches)
    second = run("cat caches/wheels/a", append_only_caches=caches)

    assert second.stdout == b"v1\n"
    assert (tmp_path / "caches" / "wheels" / "a").read_text() == "v1\n"


def test_serves_many_threads_without_mixing_them_up(run: Run) -> None:
    """Each gets the outputs of its own process."""
    got: dict[int, list[bytes]] = {}

    def ask(number: int) -> None:
        got[number] = [run(f"echo {number}-{i}; pwd > f").stdout for i in range(10)]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    [t.start() for t in threads]
    [t.join() for t in threads]

    assert got == {n: [f"{n}-{i}\n".encode() for i in range(10)] for n in range(6)}


# ---------------------------------------------------------------- how it ends


def test_ends_a_process_that_takes_too_long(run: Run) -> None:
    """A failed result with what it wrote so far, and a note."""
    result = run("echo early; sleep 811", timeout_seconds=0.2)

    assert (result.exit_code, result.stdout) == (-15, b"early\n")
    assert result.stderr == b"\nToy was ended: it took longer than its timeout of 0.2 s\n"
    assert result.metadata.is_timeout
    assert becomes(lambda: not processes_with("811"))


@pytest.mark.slow
def test_kills_what_ignores_to_be_asked(run: Run) -> None:
    """SIGTERM, half a second, SIGKILL."""
    start = time.monotonic()
    result = run("trap '' TERM; while :; do sleep 0.05; done", timeout_seconds=0.1)

    assert result.exit_code == -9
    assert 0.5 < time.monotonic() - start < 3


def test_lets_a_process_clean_up_when_it_is_asked_to_end(run: Run, store: BlobStore) -> None:
    """A timeout asks first; what is written then counts."""
    result = run(
        "trap 'echo bye; echo 1 > saved; exit 0' TERM; while :; do sleep 0.01; done",
        timeout_seconds=0.2,
        output_files=["saved"],
    )

    assert (result.exit_code, result.stdout) == (-15, b"bye\n")
    assert files_of(store, result.output_digest) == {"saved": b"1\n"}


@needs_linux
def test_ends_what_a_process_leaves_behind(run: Run) -> None:
    """Children, grandchildren and daemons are gone when the result is there."""
    daemon = (
        "import os,sys\n"
        "if os.fork(): sys.exit(0)\n"
        "os.setsid()\n"
        "if os.fork(): os._exit(0)\n"
        "for fd in (0, 1, 2): os.close(fd)\n"
        "os.execve('/bin/sleep', ['sleep', '812'], {})\n"
    )
    result = run(
        f"(sleep 812 & sleep 812) >/dev/null 2>&1 & setsid sleep 812 >/dev/null 2>&1 &"
        f' {sys.executable} -S -c "{daemon}"; echo left'
    )

    assert result.stdout == b"left\n"
    assert processes_with("812") == []


@needs_linux
@pytest.mark.slow
def test_takes_the_result_although_something_holds_the_stream(run: Run) -> None:
    """A child in the background that keeps stdout open is waited for a moment, then ended."""
    start = time.monotonic()
    late = run("(sleep 0.05; echo late) & echo now")
    held = run("sleep 813 & echo now")

    assert late.stdout == b"now\nlate\n"
    assert held.stdout == b"now\n"
    assert time.monotonic() - start < 2
    assert processes_with("813") == []


@needs_linux
@pytest.mark.slow
def test_ends_what_forks_faster_than_it_is_killed(runner: Runner, store: BlobStore) -> None:
    """A process that forks and ends, whose child does the same, and so on: a new one each ms."""
    hop = "trap '' TERM; hop() { hop & }; hop >/dev/null 2>&1"
    process = Process(["/bin/sh", "-c", hop, "814"], description="Toy", env=PATH)

    result = runner.run(process, store)

    assert result.exit_code == 0
    assert processes_with("814") == []


@needs_linux
def test_knows_its_children_and_what_is_below_them() -> None:
    """Both ways to look: the quick one sees no further than children."""
    from wfnb.intrinsics.warden.children import descendants, own_children

    with subprocess.Popen(["/bin/sh", "-c", "sleep 824 & wait"]) as child:
        assert becomes(lambda: len(processes_with("824")) == 1)
        (grandchild,) = processes_with("824")

        assert child.pid in own_children()
        assert grandchild not in own_children()
        assert {child.pid, grandchild} <= set(descendants(os.getpid()))

        os.kill(grandchild, signal.SIGKILL)


@needs_linux
def test_ends_many_generations_at_once(run: Run) -> None:
    """Eight below each other, two beside each other."""
    grow = "grow() { [ $1 = 0 ] || (sleep 823 & grow $(($1 - 1))) & sleep 823; }; grow 8"
    run(f"trap '' TERM; {grow}", timeout_seconds=0.2)

    assert processes_with("823") == []


def test_ends_a_process_that_writes_too_much(run: Run) -> None:
    """It is ended at once, and says where."""
    start = time.monotonic()
    with pytest.raises(ProcessOutputError) as caught:
        run("echo start; head -c 100000000 /dev/zero | tr '\\0' x", output_limit_bytes=10_000)
    with pytest.raises(ProcessOutputError):
        run("yes", output_limit_bytes=10_000)

    last = "x" * 199 + "…"
    assert str(caught.value) == (
        "Toy wrote more than 10,000 bytes to stdout and stderr\n"
        f"    it ended with: {last}\n"
        "  → have it write to a file in output_files, or raise output_limit_bytes"
    )
    assert time.monotonic() - start < 2


# ---------------------------------------------------------------- cancelling


@pytest.mark.slow
@pytest.mark.parametrize("script", ["sleep 815", "trap '' TERM INT; while :; do sleep 0.01; done"])
def test_comes_back_promptly_when_cancelled(run: Run, tmp_path: Path, script: str) -> None:
    """Within 0.2 s, with all processes ended; the sandbox goes soon after."""
    cancel = threading.Event()
    set_at: list[float] = []

    def press() -> None:
        becomes(lambda: bool(run_folders(tmp_path)))
        time.sleep(0.1)
        set_at.append(time.monotonic())
        cancel.set()

    threading.Thread(target=press).start()
    with pytest.raises(ProcessCancelled, match="cancelled while it ran"):
        run(f"echo 1 > busy; {script}", cancel=cancel)
    took_s = time.monotonic() - set_at[0]

    assert took_s < 0.25  # 0.2, and a moment for a busy machine
    assert becomes(lambda: not processes_with("815"))
    assert becomes(lambda: not run_folders(tmp_path))
    assert run("echo again").stdout == b"again\n"


def test_stops_taking_outputs_when_cancelled(run: Run, tmp_path: Path) -> None:
    """Which may be many."""

    class Late:
        """Set once the process has ended."""

        def is_set(self) -> bool:
            return bool(list(tmp_path.glob("sandboxes/*/*/out/done")))

    with pytest.raises(ProcessCancelled, match="after it had ended"):
        run("mkdir out; echo 1 > out/done", cancel=Late(), output_directories=["out"])


def test_starts_nothing_that_was_cancelled_before(run: Run) -> None:
    """Nor anything that waits for a slot."""
    cancel = threading.Event()
    cancel.set()

    with pytest.raises(ProcessCancelled, match="cancelled before it had started"):
        run("echo 1", cancel=cancel)


def test_cancels_what_waits_for_a_slot(store: BlobStore, tmp_path: Path) -> None:
    """And gives the place in the queue up."""
    runner = Runner(sandboxes=tmp_path / "sandboxes", concurrency=1)
    first, second = threading.Event(), threading.Event()

    def hold() -> None:
        with pytest.raises(ProcessCancelled):
            runner.run(sh("echo 1 > busy; sleep 816"), store, cancel=first)

    holder = threading.Thread(target=hold)
    holder.start()
    assert becomes(lambda: bool(run_folders(tmp_path)))
    threading.Timer(0.05, second.set).start()
    with pytest.raises(ProcessCancelled, match="before it had started"):
        runner.run(sh("echo 2"), store, cancel=second)
    first.set()
    holder.join()

    assert runner.run(sh("echo 3"), store).stdout == b"3\n"
    runner.close()


def test_ends_the_process_when_the_thread_that_waits_is_interrupted(
    run: Run, tmp_path: Path
) -> None:
    """An exception from a signal handler passes through; the process does not outlive it."""
    before = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.15)
        with pytest.raises(KeyboardInterrupt):
            run("echo 1 > busy; sleep 817")
    finally:
        signal.signal(signal.SIGALRM, before)

    assert becomes(lambda: not processes_with("817"))
    assert becomes(lambda: not run_folders(tmp_path))
    assert run("echo again").stdout == b"again\n"


# ---------------------------------------------------------------- what cannot start


def told(run: Callable[[], object], error: type[Exception] = ProcessStartError) -> str:
    with pytest.raises(error) as caught:
        run()
    return str(caught.value)


def test_names_a_program_that_is_not_there(runner: Runner, store: BlobStore) -> None:
    """With what was looked at."""

    def start(argv: list[str], **fields: Any) -> str:
        process = Process(argv, **{"description": "Count words", **fields})
        return told(lambda: runner.run(process, store))

    assert start(["wcx"]) == (
        "Count words names a program that is not there: wcx\n"
        "    its env has no PATH, and nothing is inherited\n"
        "  → pass the PATH it needs in env, or name the program by its path"
    )
    assert start(["wcx"], env={"PATH": "/usr/bin:tools"}) == (
        "Count words names a program that is not there: wcx\n"
        "    looked in its PATH: /usr/bin, tools\n"
        "  → pass the PATH it needs in env, or name the program by its path"
    )
    assert start(["/no/such"]) == (
        "Count words names a program that is not there: /no/such\n"
        "  → name one that is, or put it into input_digest"
    )
    assert start(["./count"]) == (
        "Count words names a program that is not there: ./count\n"
        "    looked in its working directory\n"
        "  → name one that is, or put it into input_digest"
    )


def test_says_why_a_program_cannot_be_executed(runner: Runner, store: BlobStore) -> None:
    """Not executable, no interpreter, no program at all, too long."""
    inputs = tree(
        store,
        FileContent("plain", b"#!/bin/sh\n"),
        FileContent("lost", b"#!/no/such/sh\n", is_executable=True),
        FileContent("noise", b"\x00\x01\x02", is_executable=True),
    )

    def start(*argv: str) -> str:
        process = Process(argv, description="Toy", input_digest=inputs)
        return told(lambda: runner.run(process, store))

    assert start("./plain") == (
        "Toy names a program that cannot be executed: ./plain\n"
        "  → name a program; for a file of a digest, set is_executable=True"
    )
    assert start("/tmp").startswith("Toy names a program that cannot be executed: /tmp\n")
    assert start("./lost") == (
        "Toy cannot be started: No such file or directory\n"
        "    the interpreter that its first line names, or its loader, is not there\n"
        "  → look at ./lost"
    )
    assert start("./noise") == (
        "Toy cannot be started: Exec format error\n"
        '    it is no program of this system, nor a script that begins with "#!"\n'
        "  → look at ./noise"
    )
    assert start("/bin/true", "x" * 3_000_000) == (
        "Toy cannot be started: Argument list too long\n"
        "    its arguments and its environment are too long for this system\n"
        "  → pass the arguments in a file of input_digest"
    )
    assert runner.run(sh("echo fine"), store).stdout == b"fine\n"


def test_names_a_working_directory_that_cannot_be(run: Run, store: BlobStore) -> None:
    """Absent, a file, or a link out of the sandbox."""
    inputs = tree(
        store, FileContent("file", b""), SymlinkEntry("out", "/usr"), Directory("in/empty")
    )

    def start(folder: str) -> str:
        return told(lambda: run("pwd", input_digest=inputs, working_directory=folder))

    assert start("src") == (
        "the working directory of Toy is not there: src\n"
        "    it is a folder of input_digest; a folder with nothing in it counts, too\n"
        "  → put it into input_digest: CreateDigest([Directory(…)])"
    )
    assert start("file").startswith("the working directory of Toy is a file: file\n")
    assert start("out").startswith("the working directory of Toy leads out of its sandbox: out\n")
    assert run("pwd", input_digest=inputs, working_directory="in/empty").exit_code == 0


def test_makes_no_folder_outside_the_sandbox(run: Run, store: BlobStore, tmp_path: Path) -> None:
    """Where an input is a link, or is in the way of a folder above an output."""
    inputs = tree(store, SymlinkEntry("link", str(tmp_path)), FileContent("file", b""))

    def start(path: str) -> str:
        return told(lambda: run("true", input_digest=inputs, output_files=[path]))

    assert start("link/made/x") == (
        "Toy cannot have the folder link/made: a link in input_digest leads out of its sandbox\n"
        "    folders above declared outputs and caches are made before it starts\n"
        "  → choose a path where no input is in the way"
    )
    assert "File exists" in start("file/x")
    assert not (tmp_path / "made").exists()


def test_names_a_cache_that_is_in_the_way_of_an_input(run: Run, store: BlobStore) -> None:
    """A cache is a link; it replaces nothing."""
    inputs = tree(store, FileContent("caches/wheels", b""))
    caches = {"wheels": "caches/wheels"}

    assert told(lambda: run("true", input_digest=inputs, append_only_caches=caches)) == (
        "Toy cannot have the cache wheels at caches/wheels: File exists\n"
        "  → choose a path where no input is"
    )


def test_says_that_nothing_can_be_started(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not try for ever."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        text = told(lambda: run("true"))

    lines = text.splitlines()
    assert lines[0] == "no process can be started: what is to run it does not start"
    assert lines[-1] == "  → look for what uses up memory, processes or open files"
    assert run("echo again").stdout == b"again\n"


def test_says_that_this_system_cannot_run_processes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.delattr(os, "posix_spawn")
        text = told(lambda: run("true"))

    assert text == (
        "processes cannot be run on this system\n"
        "    it has no posix_spawn\n"
        "  → use Linux or macOS; on Windows, its Linux subsystem"
    )


def test_says_what_the_system_says_when_it_refuses(store: BlobStore, tmp_path: Path) -> None:
    """Where there is nothing better to say."""
    sandboxed = Sandboxed(sh("x"), Sandboxes(tmp_path / "s"), "never", 0, lambda: None)

    assert told(lambda: sandboxed.result(({"errno": 12}, b"", b""), store)) == (
        "Toy cannot be started: Cannot allocate memory\n"
        "    the system says no more\n"
        "  → look at /bin/sh"
    )


def test_says_that_a_process_could_not_be_ended(store: BlobStore, tmp_path: Path) -> None:
    """As one of another user; a warden tells so by giving no exit code."""
    sandboxed = Sandboxed(sh("x"), Sandboxes(tmp_path / "s"), "never", 0, lambda: None)

    def take() -> object:
        return sandboxed.result(({"code": None, "ended": "timeout"}, b"", b""), store)

    assert told(take, ProcessLostError) == (
        "Toy could not be ended, and still runs\n"
        "    it does not obey SIGKILL: it runs as another user, or waits for a disk"
    )


def test_takes_no_output_from_outside_the_sandbox(run: Run, tmp_path: Path) -> None:
    """A process that replaces a declared output by a link to somewhere else gets an error."""
    (tmp_path / "secret").write_text("4711")

    for script, fields in (
        (f"ln -s {tmp_path}/secret out", {"output_files": ["out"]}),
        (f"ln -s {tmp_path} out", {"output_directories": ["out"]}),
        (f"rmdir d; ln -s {tmp_path} d", {"output_files": ["d/secret"]}),
    ):
        with pytest.raises(FileError):
            run(script, **fields)


# ---------------------------------------------------------------- nothing is left


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def zombies() -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                state, parent = (
                    Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
                )
            except OSError:
                continue
            if state == "Z" and parent in (str(os.getpid()), *map(str, processes_below())):
                found.append(name)
    return found


def processes_below() -> list[int]:
    from wfnb.intrinsics.warden.children import descendants

    return descendants(os.getpid())


@needs_linux
@pytest.mark.slow
def test_leaves_nothing_after_a_thousand_processes(
    runner: Runner, store: BlobStore, tmp_path: Path
) -> None:
    """No open file, no thread, no zombie, no folder."""
    quick = Process(["/bin/true"], description="Toy")
    leaving = sh("echo 1 > file; mkdir d; (sleep 818 &) >/dev/null 2>&1; exit 1")
    runner.run(quick, store)
    runner.run(leaving, store)
    files, threads = open_files(), threading.active_count()

    for _ in range(1000):
        runner.run(quick, store)
    for _ in range(30):
        runner.run(leaving, store)

    assert (open_files(), threading.active_count()) == (files, threads)
    assert processes_with("818") == []
    assert zombies() == []
    assert becomes(lambda: not run_folders(tmp_path))


@needs_linux
def test_ends_everything_when_it_is_closed(run: Run, runner: Runner, tmp_path: Path) -> None:
    """What runs, the wardens, their folder; and it can be used again."""
    before = set(processes_below())
    files = open_files()
    said: list[str] = []

    def wait() -> None:
        said.append(told(lambda: run("echo 1 > busy; sleep 819"), ProcessCancelled))

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert becomes(lambda: bool(run_folders(tmp_path)))
    runner.close()
    waiting.join()

    assert said == ["the process was cancelled: its runner was closed"]
    assert processes_with("819") == []
    assert set(processes_below()) <= before
    assert open_files() == files
    assert list((tmp_path / "sandboxes").glob("run-*")) == []
    assert run("echo again").stdout == b"again\n"


KERNEL = """
import contextlib, os, sys, threading
from wfnb.intrinsics.blobs import BlobStore
from wfnb.errors import ProcessCancelled
from wfnb.intrinsics.processes import Process
from wfnb.intrinsics.running import Runner
from pathlib import Path
runner = Runner(sandboxes=Path(sys.argv[1]))
script = "echo 1 > busy; trap '' TERM INT HUP; (setsid sleep 820 &); sleep 820"
process = Process(["/bin/sh", "-c", script], description="Toy", env={"PATH": "/usr/bin:/bin"})
def wait():
    with contextlib.suppress(ProcessCancelled):
        runner.run(process, BlobStore())
threading.Thread(target=wait, daemon=True).start()
"""


def kernel(tmp_path: Path, tail: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", KERNEL + tail, str(tmp_path / "sandboxes")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@needs_linux
@pytest.mark.slow
@pytest.mark.parametrize(
    "end", [(os.kill, signal.SIGKILL), (os.kill, signal.SIGTERM), (os.killpg, signal.SIGKILL)]
)
def test_ends_every_process_of_a_kernel_that_dies(
    tmp_path: Path, end: tuple[Callable[[int, int], None], int]
) -> None:
    """Daemons too, and sandboxes go; also if all of its group is killed, as Jupyter does."""
    with kernel(tmp_path, "sys.stdin.read()") as one:
        assert becomes(lambda: len(processes_with("820")) == 2, 20)
        assert run_folders(tmp_path)
        kill, number = end
        kill(one.pid, number)
        one.communicate()

    assert becomes(lambda: not processes_with("820"), 2)
    assert becomes(lambda: not list((tmp_path / "sandboxes").glob("run-*")), 2)


@needs_linux
@pytest.mark.slow
def test_ends_every_process_of_a_kernel_that_ends(tmp_path: Path) -> None:
    """Without a warning, though nobody closed the runner."""
    tail = "sys.stdin.readline()"
    with kernel(tmp_path, tail) as one:
        assert becomes(lambda: len(processes_with("820")) == 2, 20)
        out, err = one.communicate(b"\n")

    assert (one.returncode, out, err) == (0, b"", b"")
    assert becomes(lambda: not processes_with("820"), 2)
    assert becomes(lambda: not list((tmp_path / "sandboxes").glob("run-*")), 2)


@needs_linux
@pytest.mark.slow
def test_is_not_held_up_by_a_fork_of_the_kernel(tmp_path: Path) -> None:
    """A fork has a runner of its own; that it lives on does not keep processes alive."""
    tail = """
import time
import warnings
while not list(Path(sys.argv[1]).glob("run-*/*/busy")): time.sleep(0.01)
warnings.simplefilter("ignore")  # a fork of a process with threads
if os.fork() == 0:
    echo = Process(["/bin/echo", "from the fork"], description="Toy")
    sys.stdout.buffer.write(runner.run(echo, BlobStore()).stdout)
    sys.stdout.flush()
    runner.close()
    time.sleep(3)
    os._exit(0)
sys.stdin.read()
"""
    with kernel(tmp_path, tail) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"from the fork\n"
        assert len(processes_with("820")) == 2
        one.kill()

        assert becomes(lambda: not processes_with("820"), 2)


@needs_linux
def test_says_that_a_process_was_lost(run: Run, tmp_path: Path) -> None:
    """When somebody kills what runs it; nothing stays, and the next is fine."""

    def kill() -> None:
        becomes(lambda: bool(processes_with("821")))
        for pid in processes_below():
            if b"warden.program" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)

    threading.Thread(target=kill).start()
    text = told(lambda: run("echo 1 > busy; sleep 821"), ProcessLostError)

    assert text == (
        "the process was lost: what ran it was killed from outside\n"
        "    its exit code and its output are not known\n"
        "  → ask again; if that happens again, look for what runs out of memory"
    )
    assert run("echo again").stdout == b"again\n"
    assert becomes(lambda: not run_folders(tmp_path))
    for pid in processes_with("821"):  # supervisor and warden died together: nobody was left
        os.kill(pid, signal.SIGKILL)


def test_is_not_ended_by_a_process_that_asks_it_to_end(run: Run) -> None:
    """A process may signal what it takes for its parent."""
    script = "kill -TERM $PPID; kill -INT $PPID; kill -HUP $PPID; sleep 0.05; echo alive"

    assert run(script).stdout == b"alive\n"


@needs_linux
def test_does_without_wardens_that_were_killed_while_they_waited(run: Run) -> None:
    """Nothing ran there, so nothing was lost."""
    run("true")
    for pid in processes_below():
        if b"warden.program" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.05)

    assert run("echo again").stdout == b"again\n"


@needs_linux
def test_ends_what_a_killed_warden_ran(run: Run) -> None:
    """The supervisor inherits it."""

    def kill() -> None:
        becomes(lambda: bool(processes_with("822")))
        (pid,) = processes_with("822")
        warden = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(warden, signal.SIGKILL)

    threading.Thread(target=kill).start()
    told(lambda: run("exec sleep 822"), ProcessLostError)

    assert becomes(lambda: not processes_with("822"))
    assert run("echo again").stdout == b"again\n"


# ---------------------------------------------------------------- how many at a time


def together(count: int, act: Callable[[], object]) -> float:
    threads = [threading.Thread(target=act) for _ in range(count)]
    start = time.monotonic()
    [t.start() for t in threads]
    [t.join() for t in threads]
    return time.monotonic() - start


@pytest.mark.slow
def test_overlaps_processes_that_sleep(run: Run) -> None:
    """Sixteen that sleep half a second take about that, on two cores too."""
    together(16, lambda: run("true"))  # wardens are there

    assert together(16, lambda: run("exec sleep 0.5")) < 1.2  # measured 0.58; in pairs it is 4


@needs_linux
@pytest.mark.slow
def test_bounds_processes_that_compute_by_the_cores(run: Run, tmp_path: Path) -> None:
    """Never more of them at a time than cores, but for a moment's mistake."""
    log = tmp_path / "log"
    log.mkdir()
    cores = len(os.sched_getaffinity(0))
    script = (
        "import os, sys, time\n"
        "own = f'{sys.argv[1]}/{os.getpid()}'; open(own, 'w').close()\n"
        "most = 0; end = time.process_time() + 0.08\n"
        "while time.process_time() < end: most = max(most, len(os.listdir(sys.argv[1])))\n"
        "os.unlink(own); print(most)\n"
    )
    seen: list[int] = []

    def act() -> None:
        seen.append(int(run(f'exec {sys.executable} -S -c "{script}" {log}').stdout))

    together(4 * cores, act)

    assert len(seen) == 4 * cores
    assert sum(most > cores for most in seen) <= cores


def test_refuses_a_bound_that_lets_nothing_run() -> None:
    """A hang is no answer."""
    with pytest.raises(ParamError) as caught:
        Runner(concurrency=0)

    assert str(caught.value) == (
        "no process can run with concurrency=0\n"
        "  → pass 1 or more, or None for as many as there are cores"
    )


def test_obeys_a_bound_of_its_own(store: BlobStore, tmp_path: Path) -> None:
    """concurrency=1: one at a time, asleep or not; the slot is told."""
    runner = Runner(sandboxes=tmp_path / "sandboxes", concurrency=1)
    process = sh(
        f"mkdir {tmp_path}/lock && sleep 0.01 && rmdir {tmp_path}/lock && echo $SLOT",
        execution_slot_variable="SLOT",
    )
    got: list[tuple[int, bytes]] = []

    def act() -> None:
        result = runner.run(process, store)
        got.append((result.exit_code, result.stdout))

    together(5, act)
    runner.close()

    assert got == [(0, b"0\n")] * 5


@needs_linux
def test_gives_no_two_processes_the_same_slot(run: Run, tmp_path: Path) -> None:
    """Of those that run at a time."""

    def act() -> None:
        assert run("mkdir $D/$S && sleep 0.1 && rmdir $D/$S", **fields).exit_code == 0

    fields = {"env": {**PATH, "D": str(tmp_path)}, "execution_slot_variable": "S"}
    failed: list[BaseException] = []

    def checked() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    together(6, checked)

    assert failed == []


@pytest.mark.slow
def test_costs_less_than_twice_a_plain_subprocess(runner: Runner, store: BlobStore) -> None:
    """Sandbox and all; the best of three rounds, since others use the machine, too."""
    process = Process(["/bin/true"], description="Toy")
    runner.run(process, store)
    ratios = []
    for _ in range(3):
        plain, ours = [], []
        for _ in range(60):
            start = time.perf_counter()
            subprocess.run(["/bin/true"], capture_output=True, check=True)
            middle = time.perf_counter()
            runner.run(process, store)
            plain.append(middle - start)
            ours.append(time.perf_counter() - middle)
        ratios.append(sorted(ours)[15] / sorted(plain)[15])

    assert min(ratios) < 2  # measured 1.2


def test_runs_without_a_runner_of_ones_own(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All who have none share one, below the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process = Process(["/bin/pwd"], description="Toy")

    try:
        here = run_process(process, store).stdout.decode()
    finally:
        shared_runner().close()

    assert here.startswith(f"{tmp_path}/wfnb-{os.getuid()}/run-")
    assert list(tmp_path.glob("wfnb-*/*")) == []
