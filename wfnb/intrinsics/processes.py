"""What rules say about processes: what to run, and what came of it.

Knows: what can be said of a process; how long a result is good for; how a failure is
    told.
Does not know: how a process is started, where, by whom.
Holds: every value is frozen and is a key. A result counts by what the process gave, not by how
    long it took, nor by where, unless its folder is kept. The values of environment variables
    are in no repr and in no message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Final

from wfnb.errors import ProcessError
from wfnb.intrinsics import arguments
from wfnb.intrinsics.environment import EnvironmentVars, check_variable
from wfnb.intrinsics.files import EMPTY_DIGEST, Digest
from wfnb.intrinsics.paths import relative_path

OUTPUT_LIMIT_BYTES: Final = 32 * 1024 * 1024
"""What a process may write to stdout and stderr together, if it does not say."""

_MOST_LINES: Final = 8
_MOST_CHARS: Final = 200
_NOT_COUNTED: Final = {"wfnb_key": False}


class Kept(IntEnum):
    """How long a result is good for."""

    SESSION = 1  # one request from outside, and all it causes
    KERNEL = 2
    STORE = 3  # beyond the kernel


class ProcessCacheScope(Enum):
    """Which results of a process are kept, and how long. (A timeout: for one session, always.)"""

    ALWAYS = "always"
    """In the store, failures too."""
    SUCCESSFUL = "successful"
    """In the store; a failure for one session."""
    PER_RESTART_ALWAYS = "per_restart_always"
    """In the kernel, failures too."""
    PER_RESTART_SUCCESSFUL = "per_restart_successful"
    """In the kernel; a failure for one session."""
    PER_SESSION = "per_session"
    """For one session."""

    def keeps(self, result: FallibleProcessResult) -> Kept:
        """How long this result is good for."""
        is_failure = result.exit_code != 0 and not self.name.endswith("ALWAYS")
        if self is ProcessCacheScope.PER_SESSION or is_failure or result.metadata.is_timeout:
            return Kept.SESSION
        return Kept.KERNEL if self.name.startswith("PER_RESTART") else Kept.STORE


@dataclass(frozen=True, slots=True, init=False)
class Process:
    """A program to run in a folder of its own, with declared files and a declared environment.

    In `argv` and `env`, `{chroot}` stands for the absolute path of that folder.

    Attributes:
        argv: a program and its arguments. A program without "/" is looked for on the PATH of
            `env`, one with "/" but not at its beginning in the working directory.
        description: for people; two processes that differ in nothing else are the same.
        input_digest: the files it finds.
        working_directory: where it runs, below the folder; "" is the folder. Must be in
            `input_digest`.
        env: the whole environment; nothing is inherited, not even PATH.
        output_files, output_directories: what is taken when it ends, relative to
            `working_directory`; what is missing is left out. The folders above them exist before.
        timeout_seconds: it is ended after that, and has failed. None: never.
        append_only_caches: name of a cache → path in the folder (not in the working directory):
            a folder that outlives the process and that others share, for files that never change.
        execution_slot_variable: an environment variable that tells the number of the slot it
            runs in; no two processes that run at a time have the same.
        cache_scope: how long the result is good for.
        output_limit_bytes: what it may write to stdout and stderr together; it is ended, and
            there is no result, if it writes more.
    """

    argv: tuple[str, ...]
    description: str = field(compare=False, metadata=_NOT_COUNTED)
    input_digest: Digest
    working_directory: str
    env: EnvironmentVars
    output_files: tuple[str, ...]
    output_directories: tuple[str, ...]
    timeout_seconds: float | None
    append_only_caches: tuple[tuple[str, str], ...]
    execution_slot_variable: str | None
    cache_scope: ProcessCacheScope
    output_limit_bytes: int

    def __init__(
        self,
        argv: Iterable[str],
        *,
        description: str,
        input_digest: Digest = EMPTY_DIGEST,
        working_directory: str | None = None,
        env: Mapping[str, str] | None = None,
        output_files: Iterable[str] = (),
        output_directories: Iterable[str] = (),
        timeout_seconds: float | None = None,
        append_only_caches: Mapping[str, str] | None = None,
        execution_slot_variable: str | None = None,
        cache_scope: ProcessCacheScope = ProcessCacheScope.SUCCESSFUL,
        output_limit_bytes: int = OUTPUT_LIMIT_BYTES,
    ) -> None:
        if execution_slot_variable is not None:
            check_variable(execution_slot_variable, "")
        fields: dict[str, Any] = {
            "argv": arguments.argv(argv),
            "description": arguments.exactly(description, str, "description"),
            "input_digest": arguments.exactly(input_digest, Digest, "input_digest"),
            "working_directory": relative_path(
                working_directory or "", "the working_directory of Process", may_be_root=True
            ),
            "env": env if isinstance(env, EnvironmentVars) else EnvironmentVars(env or {}),
            "output_files": arguments.outputs(output_files, "output_files"),
            "output_directories": arguments.outputs(output_directories, "output_directories"),
            "timeout_seconds": arguments.positive(timeout_seconds, "timeout_seconds"),
            "append_only_caches": arguments.caches(append_only_caches or {}),
            "execution_slot_variable": execution_slot_variable,
            "cache_scope": arguments.exactly(cache_scope, ProcessCacheScope, "cache_scope"),
            "output_limit_bytes": arguments.size_limit(output_limit_bytes, "output_limit_bytes"),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def label(self) -> str:
        """What a task that runs it is called."""
        return f"process {self.description!r}"


@dataclass(frozen=True, slots=True)
class ProcessResultMetadata:
    """How a result came about; two results are equal whatever it says of time.

    Attributes:
        duration_s: from the start of the process to its end, with all it left behind.
        is_timeout: whether it was ended because it took too long.
        sandbox: where its folder is kept, if it is. It counts: whoever tells of the result is to
            tell of the folder that is there now.
    """

    duration_s: float | None = field(default=None, compare=False, metadata=_NOT_COUNTED)
    is_timeout: bool = field(default=False, compare=False, metadata=_NOT_COUNTED)
    sandbox: str | None = None


_NO_METADATA: Final = ProcessResultMetadata()


@dataclass(frozen=True, slots=True)
class FallibleProcessResult:
    """What came of a process, whether it succeeded or not.

    Attributes:
        exit_code: negative if it died of a signal: -15 of SIGTERM, also for a timeout.
        output_digest: the declared outputs that were there.
    """

    stdout: bytes
    stderr: bytes
    exit_code: int
    output_digest: Digest = EMPTY_DIGEST
    metadata: ProcessResultMetadata = _NO_METADATA

    def __repr__(self) -> str:
        return f"FallibleProcessResult(exit_code={self.exit_code}, {_sizes(self)})"

    def successful(self, process: Process) -> ProcessResult:
        """The same as the result of a process that succeeded.

        Raises:
            ProcessExecutionFailure: the exit code is not 0.
        """
        if self.exit_code != 0:
            raise ProcessExecutionFailure(process, self)
        return ProcessResult(self.stdout, self.stderr, self.output_digest, self.metadata)


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What came of a process that ended with exit code 0."""

    stdout: bytes
    stderr: bytes
    output_digest: Digest = EMPTY_DIGEST
    metadata: ProcessResultMetadata = _NO_METADATA

    def __repr__(self) -> str:
        return f"ProcessResult({_sizes(self)})"


def _sizes(result: FallibleProcessResult | ProcessResult) -> str:
    sizes = f"stdout=<{len(result.stdout):,} bytes>, stderr=<{len(result.stderr):,} bytes>"
    kept = result.metadata.sandbox
    tail = f", sandbox={kept!r}" if kept is not None else ""
    return f"{sizes}, output_digest={result.output_digest!r}{tail}"


# ---------------------------------------------------------------- errors


class ProcessExecutionFailure(ProcessError):
    """A process that ended with another exit code than 0, or took too long.

    Attributes:
        result: everything it gave.
    """

    def __init__(self, process: Process, result: FallibleProcessResult) -> None:
        self.process = process
        self.result = result
        sandbox = result.metadata.sandbox
        fix = f"ask for FallibleProcessResult to handle it, or keep its folder:\n      {KEEP}"
        if sandbox is not None:
            fix = f"run it again, where it ran, with {sandbox}/__run.sh"
        what = f"{process.description} {_end(process, result)}"
        super().__init__(what, why=_last_lines(process, result), fix=fix)


KEEP: Final = 'current_engine().settings.keep_sandboxes = "on_failure"'


def _end(process: Process, result: FallibleProcessResult) -> str:
    if result.metadata.is_timeout:
        return f"took longer than its timeout of {process.timeout_seconds:g} s"
    if result.exit_code < 0:
        return f"was ended by {signal_name(-result.exit_code)}"
    return f"failed with exit code {result.exit_code}"


def signal_name(number: int) -> str:
    """The name of a signal, or its number where it has none."""
    import signal

    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def timeout_note(process: Process) -> bytes:
    """What stands at the end of stderr when a process took too long."""
    limit = f"its timeout of {process.timeout_seconds:g} s"
    return f"\n{process.description} was ended: it took longer than {limit}\n".encode()


def _last_lines(process: Process, result: FallibleProcessResult) -> list[str]:
    """The end of stderr, or of stdout where there is nothing of the process on stderr."""
    stderr = result.stderr
    if result.metadata.is_timeout:
        stderr = stderr.removesuffix(timeout_note(process))
    for name, data in (("stderr", stderr), ("stdout", result.stdout)):
        text = data[-_MOST_LINES * 4 * _MOST_CHARS :].decode("utf-8", "backslashreplace")
        lines = [line for line in text.splitlines() if line.strip()]
        if lines:
            shown = [visible(line) for line in lines[-_MOST_LINES:]]
            is_all = len(lines) <= _MOST_LINES and len(text) >= len(data)
            return [f"{name}{'' if is_all else ' (its end)'}:", *(f"  {one}" for one in shown)]
    return ["it wrote nothing"]


def visible(line: str) -> str:
    """A line with what a terminal would obey made visible, and not too long."""
    line = line.replace("\t", "    ").rstrip()
    if not line.isprintable():
        line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= _MOST_CHARS else f"{line[: _MOST_CHARS - 1]}…"
