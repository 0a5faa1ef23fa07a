from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wfnb.errors import ProcessError, ProcessStartError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.processes import Process
from wfnb.intrinsics.running import Runner
from wfnb.intrinsics.sandboxes import Sandboxes, sweep
from wfnb.intrinsics.warden import folders
from wfnb.intrinsics.warden.folders import remove_tree
from wfnb.settings import KeepSandboxes

PATH = {"PATH": "/usr/bin:/bin"}

Keeping = Callable[[KeepSandboxes], Runner]


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    runners: list[Runner] = []

    def make(keep: KeepSandboxes) -> Runner:
        runners.append(Runner(sandboxes=tmp_path / "sandboxes", keep_sandboxes=keep))
        return runners[-1]

    yield make
    for runner in runners:
        runner.close()


def sh(script: str, **fields: object) -> Process:
    argv = ["/bin/sh", "-c", script]
    return Process(argv, **{"description": "Count words", "env": PATH, **fields})  # type: ignore[arg-type]  # fields are those of Process


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "sandboxes").glob("kept-*"))


@pytest.mark.slow
def test_keeps_the_sandbox_of_a_failure_to_run_it_again(
    keeping: Keeping, store: BlobStore, tmp_path: Path
) -> None:
    """With a script that gives the process what it had, and nothing of the shell it is run in."""
    runner = keeping("on_failure")
    odd = "it's $HOME; `x`\n"
    process = sh(
        'echo "$ODD"; env | sort; pwd; cat left; echo 1 > left; exit 3', env={"ODD": odd, **PATH}
    )

    first = runner.run(process, store)
    (folder,) = kept(tmp_path)
    again = subprocess.run(
        [f"{folder}/__run.sh"], env={"SECRET": "4711"}, capture_output=True, check=False
    )

    assert first.metadata.sandbox == str(folder)
    assert folder.name.startswith("kept-count-words-")
    assert (again.returncode, again.stdout) == (3, first.stdout + b"1\n")
    assert b"4711" not in again.stdout
    assert (folder / "left").read_text() == "1\n"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert oct((folder / "__run.sh").stat().st_mode & 0o777) == "0o700"


@pytest.mark.slow
def test_keeps_what_is_to_be_kept(keeping: Keeping, store: BlobStore, tmp_path: Path) -> None:
    """on_failure: failures, also those that give no result; always: all; never: none."""
    runner = keeping("on_failure")
    assert runner.run(sh("echo 1 > file"), store).metadata.sandbox is None
    assert kept(tmp_path) == []

    with pytest.raises(ProcessError) as caught:
        runner.run(sh("yes", output_limit_bytes=10), store)
    (folder,) = kept(tmp_path)
    assert caught.value.why[-1] == f"its sandbox is kept: {folder}"
    with pytest.raises(ProcessStartError, match="its sandbox is kept"):
        runner.run(Process(["./absent"], description="Absent"), store)
    assert len(kept(tmp_path)) == 2

    assert keeping("always").run(sh("true"), store).metadata.sandbox is not None
    assert len(kept(tmp_path)) == 3

    assert keeping("never").run(sh("exit 1"), store).metadata.sandbox is None
    assert len(kept(tmp_path)) == 3


@pytest.mark.slow
def test_runs_again_in_the_working_directory(
    keeping: Keeping, store: BlobStore, tmp_path: Path
) -> None:
    """Which is below the folder of the script."""
    from wfnb.intrinsics.contents import create
    from wfnb.intrinsics.files import CreateDigest, Directory

    digest = create(store, CreateDigest([Directory("in it")]))
    process = sh("pwd", input_digest=digest, working_directory="in it")
    result = keeping("always").run(process, store)

    script = f"{result.metadata.sandbox}/__run.sh"
    assert subprocess.run([script], capture_output=True, check=True).stdout == result.stdout
    assert result.stdout.endswith(b"/in it\n")


def test_sweeps_what_nobody_holds(tmp_path: Path) -> None:
    """Folders of dead runners go; those in use, young ones, kept ones and others' stay."""
    import fcntl

    for name in ("run-dead", "run-alive", "kept-x", "other"):
        (tmp_path / name / "p1").mkdir(parents=True)
    held = os.open(tmp_path / "run-alive", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)

    sweep(tmp_path)
    assert len(os.listdir(tmp_path)) == 4
    sweep(tmp_path, new_s=0)
    os.close(held)

    assert sorted(os.listdir(tmp_path)) == ["kept-x", "other", "run-alive"]


def test_holds_its_folder_as_long_as_its_supervisor_lives(
    keeping: Keeping, store: BlobStore, tmp_path: Path
) -> None:
    """So that another kernel does not sweep it away."""
    runner = keeping("never")
    runner.run(sh("true"), store)
    base = tmp_path / "sandboxes"
    (folder,) = base.glob("run-*")

    sweep(base, new_s=0)

    assert folder.exists()


def test_refuses_a_folder_that_others_can_write_to(tmp_path: Path) -> None:
    """They could change what is in sandboxes."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()

    with pytest.raises(ProcessStartError) as caught:
        Sandboxes(tmp_path / "open")
    with pytest.raises(ProcessStartError):
        Sandboxes(tmp_path / "link")

    assert str(caught.value) == (
        f"{tmp_path}/open is not a folder that only you can write to\n"
        "    sandboxes are made in it, and others could change what is in them\n"
        '  → remove it, or choose another place: current_engine().settings.sandbox_folder = "…"'
    )


def test_says_that_no_sandbox_can_be_made(tmp_path: Path) -> None:
    """And where."""
    base = tmp_path / "base"
    sandboxes = Sandboxes(base)
    remove_tree(str(base))
    base.write_text("in the way")

    with pytest.raises(ProcessStartError) as caught:
        sandboxes.make("Toy")

    assert str(caught.value) == (
        "no sandbox can be made: Not a directory\n"
        f"    in {base}\n"
        "  → free some space, or choose another place:"
        ' current_engine().settings.sandbox_folder = "…"'
    )


def test_makes_its_folder_again_if_it_was_cleaned_up(tmp_path: Path) -> None:
    """As jobs that look after temporary folders do."""
    sandboxes = Sandboxes(tmp_path / "base")
    remove_tree(str(tmp_path / "base"))

    assert os.listdir(sandboxes.make("Toy")) == []


# ---------------------------------------------------------------- removing


def test_removes_a_tree_of_any_shape(tmp_path: Path) -> None:
    """Deeper than a path can be long; links are removed, not followed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "stays").write_text("1")
    top = tmp_path / "top"
    top.mkdir()
    (top / "link").symlink_to(outside)
    (top / "dead").symlink_to("nowhere")
    os.mkfifo(top / "pipe")
    (top / "wide").mkdir()
    for number in range(50):
        (top / "wide" / str(number)).write_text("1")
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import os\nfor _ in range(60): os.mkdir('d' * 200); os.chdir('d' * 200)",
        ],
        cwd=top,
        check=True,
    )

    remove_tree(str(top))
    remove_tree(str(top))

    assert not top.exists()
    assert (outside / "stays").exists()


AS_ANOTHER = """
import os, sys
from folders import remove_tree
if os.getuid() == 0:  # not before Python has found its own files
    os.setgid(65534)
    os.setuid(65534)
top = sys.argv[1]
os.makedirs(f"{top}/a/b")
for file in (f"{top}/a/b/file", f"{top}/file"):
    open(file, "w").close()
for folder in (f"{top}/a/b", f"{top}/a", top):
    os.chmod(folder, int(sys.argv[2], 8))
remove_tree(top)
print(os.path.lexists(top))
"""


@pytest.mark.parametrize("mode", ["500", "000"])
def test_removes_folders_that_were_made_read_only(mode: str) -> None:
    """As a user to whom permissions apply: root may do everything anyway."""
    with tempfile.TemporaryDirectory() as base:
        os.chmod(base, 0o777)
        Path(base, "folders.py").write_bytes(Path(folders.__file__).read_bytes())
        done = subprocess.run(
            [sys.executable, "-c", AS_ANOTHER, f"{base}/top", mode],
            env={"PYTHONPATH": base, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=base,
            capture_output=True,
            check=False,
        )

    assert (done.stdout, done.stderr) == (b"False\n", b"")
