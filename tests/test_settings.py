"""Settings: each has an effect on what runs next, and only on that; nothing else can be set."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.stories.toys import ran
from wfnb import (
    CallerError,
    Engine,
    FallibleProcessResult,
    Process,
    ProcessExecutionFailure,
    ProcessResult,
)
from wfnb.errors import ProcessStartError, SettingError
from wfnb.settings import Settings

PATH = {"PATH": "/usr/bin:/bin"}


def sh(script: str) -> Process:
    return Process(["/bin/sh", "-c", script], description="Count words", env=PATH)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Engine(root=tmp_path)


def kept(folder: Path) -> list[str]:
    return [str(path) for path in sorted(folder.glob(f"wfnb-{os.getuid()}/kept-*"))]


def failure(engine: Engine, script: str) -> str:
    with pytest.raises(ProcessExecutionFailure) as caught:
        engine.request(ProcessResult, sh(script))
    return str(caught.value)


@pytest.mark.slow
def test_keeps_the_folder_of_the_next_failure_as_the_failure_advises(
    engine: Engine, tmp_path: Path
) -> None:
    """The line is pasted, the process is asked for again; its script runs it once more there."""
    current_engine = lambda: engine  # noqa: E731  # what the line calls
    first = failure(engine, "echo 1 > made; echo wrong >&2; exit 3")
    assert first == (
        "Count words failed with exit code 3\n"
        "    stderr:\n"
        "      wrong\n"
        "  → ask for FallibleProcessResult to handle it, or keep its folder:\n"
        '      current_engine().settings.keep_sandboxes = "on_failure"'
    )
    assert kept(tmp_path) == []

    exec(first.splitlines()[-1].strip(), {"current_engine": current_engine})
    again = failure(engine, "echo 1 > made; echo wrong >&2; exit 3")
    [folder] = kept(tmp_path)
    assert again.splitlines()[-1] == f"  → run it again, where it ran, with {folder}/__run.sh"
    assert Path(folder, "made").read_text() == "1\n"
    done = subprocess.run([f"{folder}/__run.sh"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (3, b"wrong\n")

    engine.request(ProcessResult, sh("echo fine > made"))
    assert kept(tmp_path) == [folder]
    engine.settings.keep_sandboxes = "always"
    fine = engine.request(FallibleProcessResult, sh("echo finer > made"))
    assert fine.metadata.sandbox in kept(tmp_path)
    assert repr(fine).endswith(f", sandbox={fine.metadata.sandbox!r})")
    engine.settings.keep_sandboxes = "never"
    failure(engine, "exit 4")
    assert len(kept(tmp_path)) == 2


@pytest.mark.slow
def test_makes_the_folder_of_the_next_process_where_it_is_told_to(
    engine: Engine, tmp_path: Path
) -> None:
    """There and back, without losing what runs in the other one."""
    here = engine.request(ProcessResult, sh("pwd")).stdout.decode()
    engine.settings.sandbox_folder = tmp_path / "else"
    there = engine.request(ProcessResult, sh("pwd; :")).stdout.decode()
    engine.settings.sandbox_folder = None
    back = engine.request(ProcessResult, sh("pwd; : :")).stdout.decode()

    user = f"wfnb-{os.getuid()}"
    assert here.startswith(f"{tmp_path}/{user}/run-")
    assert there.startswith(f"{tmp_path}/else/{user}/run-")
    assert back == here


@pytest.mark.slow
def test_says_where_no_folder_can_be_made_and_what_to_set(engine: Engine, tmp_path: Path) -> None:
    """And runs the process once that is mended."""
    (tmp_path / "file").write_text("in the way")
    engine.settings.sandbox_folder = str(tmp_path / "file")
    with pytest.raises(ProcessStartError) as caught:
        engine.request(ProcessResult, sh("true"))
    assert str(caught.value) == (
        "no sandbox can be made: Not a directory\n"
        f"    in {tmp_path}/file/wfnb-{os.getuid()}\n"
        "  → free some space, or choose another place:"
        ' current_engine().settings.sandbox_folder = "…"'
    )
    engine.settings.sandbox_folder = None
    engine.request(ProcessResult, sh("true"))
    assert ran(engine) == {"fallible_result": 1, "result": 1}


@pytest.mark.slow
def test_bounds_the_processes_that_run_next(engine: Engine, tmp_path: Path) -> None:
    """One at a time: each finds that no other is there."""
    from wfnb import Get, MultiGet, rule

    @rule
    async def several(number: int) -> str:
        lock = f"mkdir {tmp_path}/lock && sleep 0.1 && rmdir {tmp_path}/lock"
        found = await MultiGet(
            Get(FallibleProcessResult, Process, sh(f": {number} {i}; {lock}")) for i in range(5)
        )
        return "".join(str(one.exit_code) for one in found)

    engine.define([several])
    assert "1" in engine.request(str, 1)
    engine.settings.process_concurrency = 1
    assert engine.request(str, 2) == "00000"
    engine.settings.process_concurrency = None
    assert "1" in engine.request(str, 3)


def test_refuses_what_no_setting_can_be() -> None:
    """At the assignment; what was set stays."""
    settings = Settings()
    for name, value, text in (
        (
            "guard_mutation",
            "never",
            "the setting guard_mutation cannot be 'never'\n"
            "    True looks at values again each time, False never, None where it is cheap\n"
            "  → write guard_mutation = True, False or None",
        ),
        (
            "guard_mutation",
            1,
            "the setting guard_mutation cannot be 1\n"
            "    True looks at values again each time, False never, None where it is cheap\n"
            "  → write guard_mutation = True, False or None",
        ),
        (
            "keep_sandboxes",
            True,
            "the setting keep_sandboxes cannot be True\n"
            "    it says which folders of processes stay, to look at\n"
            '  → write keep_sandboxes = "never", "on_failure" or "always"',
        ),
        (
            "process_concurrency",
            0,
            "the setting process_concurrency cannot be 0\n"
            "    it is how many processes run at a time; None: as many as there are cores\n"
            "  → write process_concurrency = a number from 1, or None",
        ),
        (
            "progress_after",
            -1,
            "the setting progress_after cannot be -1\n"
            "    it is after how many seconds a request shows how it comes on; None: never\n"
            "  → write progress_after = a number from 0, or None",
        ),
        (
            "progress_after",
            True,
            "the setting progress_after cannot be True\n"
            "    it is after how many seconds a request shows how it comes on; None: never\n"
            "  → write progress_after = a number from 0, or None",
        ),
        (
            "progress_after",
            float("nan"),
            "the setting progress_after cannot be nan\n"
            "    it is after how many seconds a request shows how it comes on; None: never\n"
            "  → write progress_after = a number from 0, or None",
        ),
        (
            "progress_after",
            "1 s",
            "the setting progress_after cannot be '1 s'\n"
            "    it is after how many seconds a request shows how it comes on; None: never\n"
            "  → write progress_after = a number from 0, or None",
        ),
        (
            "recorded_steps",
            10_001,
            "the setting recorded_steps cannot be 10001\n"
            "    it is how many steps of each request a notebook keeps for %wf story; 0: none\n"
            "  → write recorded_steps = a number from 0 to 10_000",
        ),
        (
            "sandbox_folder",
            3,
            "the setting sandbox_folder cannot be 3\n"
            "    it is where the folders of processes are made; None: with temporary files\n"
            "  → write sandbox_folder = the path of a folder, or None",
        ),
        (
            "keep_sandbox",
            "always",
            "there is no setting keep_sandbox\n"
            "    there is guard_mutation, keep_sandboxes, process_concurrency, progress_after, "
            "recorded_steps, sandbox_folder\n"
            "  → did you mean keep_sandboxes?",
        ),
        (
            "x",
            1,
            "there is no setting x\n"
            "    there is guard_mutation, keep_sandboxes, process_concurrency, progress_after, "
            "recorded_steps, sandbox_folder\n"
            "  → write one of these",
        ),
    ):
        with pytest.raises(SettingError) as caught:
            setattr(settings, name, value)
        assert str(caught.value) == text
        assert isinstance(caught.value, CallerError)
    with pytest.raises(SettingError):
        Settings(keep_sandboxes="sometimes")  # type: ignore[arg-type]  # what is tested
    assert settings == Settings()


def test_takes_a_folder_as_a_text_or_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Absolute from then on, whatever the working directory becomes."""
    monkeypatch.setenv("HOME", "/ada")
    settings = Settings(sandbox_folder="~/big")
    assert settings.sandbox_folder == Path("/ada/big")
    settings.sandbox_folder = Path("near")
    assert settings.sandbox_folder == Path.cwd() / "near"
