"""A process in its sandbox: what is put in before, what is taken out after.

Knows: where a program is looked for; what an order to a warden says and what its answer means.
Does not know: who waits, how many others run, how the warden works.
Holds: nothing is read from the environment of the kernel.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wfnb.errors import FileError, ProcessLostError, ProcessOutputError, ProcessStartError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.capture import capture_paths
from wfnb.intrinsics.files import EMPTY_DIGEST, Digest
from wfnb.intrinsics.materialize import materialize
from wfnb.intrinsics.paths import shown
from wfnb.intrinsics.processes import (
    FallibleProcessResult,
    Process,
    ProcessResultMetadata,
    timeout_note,
    visible,
)
from wfnb.intrinsics.sandboxes import ANOTHER, Sandboxes, rerun_script
from wfnb.settings import KeepSandboxes

_CHROOT = "{chroot}"


class Sandboxed:
    """One process in a new sandbox. Used once, in the order of its methods.

    Args:
        keep: which sandboxes stay after their process.
        checkpoint: is called now and then while files are written or read, and may raise.

    Raises:
        ProcessStartError: the sandbox cannot be made.
    """

    def __init__(
        self,
        process: Process,
        sandboxes: Sandboxes,
        keep: KeepSandboxes,
        slot_number: int,
        checkpoint: Callable[[], None],
    ) -> None:
        self._process = process
        self._checkpoint = checkpoint
        self._sandboxes = sandboxes
        self._keep = keep
        self._is_ended = False
        self._program = process.argv[0]
        self._start = time.perf_counter()
        self.path = path = sandboxes.make(process.description, keep)
        self._folder = path
        if process.working_directory:
            self._folder = f"{path}/{process.working_directory}"
        self._argv = [item.replace(_CHROOT, path) for item in process.argv]
        self._env = {name: value.replace(_CHROOT, path) for name, value in process.env.pairs}
        if process.execution_slot_variable is not None:
            self._env[process.execution_slot_variable] = str(slot_number)

    def fill(self, store: BlobStore, cache_folder: Callable[[str], str]) -> None:
        """Write the inputs, and what has to be there besides.

        Args:
            cache_folder: makes the folder of an append-only cache, by name.

        Raises:
            ProcessStartError: there is no such working directory, or something is in the way.
            FileError: an input is not in the store.
        """
        process = self._process
        if process.input_digest != EMPTY_DIGEST:
            try:
                materialize(
                    store, process.input_digest, Path(self.path), checkpoint=self._checkpoint
                )
            except FileError as error:
                if isinstance(error.__cause__, OSError):
                    raise self._no_inputs(error) from error.__cause__
                raise
        if process.working_directory:
            self._check_working_directory()
        above = {path.rpartition("/")[0] for path in process.output_files}
        above |= {path.rpartition("/")[0] for path in process.output_directories}
        for path in sorted(above - {""}):
            self._make_folder(f"{self._folder}/{path}")
        for name, path in process.append_only_caches:
            target = f"{self.path}/{path}"
            self._make_folder(os.path.dirname(target))
            try:
                os.symlink(cache_folder(name), target)
            except OSError as error:
                raise ProcessStartError(
                    f"{process.description} cannot have the cache {name} at {shown(path)}:"
                    f" {error.strerror}",
                    fix="choose a path where no input is",
                ) from error

    def order(self) -> dict[str, Any]:
        """What to tell a warden.

        Raises:
            ProcessStartError: there is no such program.
        """
        process = self._process
        self._program = self._find_program(self._argv[0])
        if self._keep != "never":
            self._sandboxes.prepare(self.path, self._script())
        self._start = time.perf_counter()
        return {
            "path": self._program,
            "argv": self._argv,
            "env": self._env,
            "folder": self._folder,
            "sandbox": self.path,
            "timeout_s": process.timeout_seconds,
            "limit": process.output_limit_bytes,
        }

    def result(
        self, answer: tuple[dict[str, Any], bytes, bytes], store: BlobStore
    ) -> FallibleProcessResult:
        """The result of the process, from a warden's answer; ends the sandbox.

        Raises:
            ProcessStartError: the system refused to start it.
            ProcessOutputError: it wrote too much.
            ProcessLostError: it could not be ended.
            FileError: its outputs cannot be taken.
        """
        duration_s = time.perf_counter() - self._start
        said, out, err = answer
        process = self._process
        if "errno" in said:
            raise self._refused(said["errno"])
        if said["ended"] == "limit":
            raise ProcessOutputError(
                f"{process.description} wrote more than {process.output_limit_bytes:,} bytes"
                " to stdout and stderr",
                why=(f"it ended with: {_last(out or err)}",),
                fix="have it write to a file in output_files, or raise output_limit_bytes",
            )
        code, is_timeout = said["code"], said["ended"] == "timeout"
        if code is None:
            raise ProcessLostError(
                f"{process.description} could not be ended, and still runs",
                why=("it does not obey SIGKILL: it runs as another user, or waits for a disk",),
            )
        if is_timeout:
            code = code or -15  # a program that ended well when it was told to stop
            err += timeout_note(process)
        digest = self._capture(store)
        kept = self.end(is_failure=code != 0)
        return FallibleProcessResult(
            out, err, code, digest, ProcessResultMetadata(duration_s, is_timeout, kept)
        )

    def end(self, *, is_failure: bool) -> str | None:
        """Remove the sandbox, or keep it if it is to be kept; where it is then."""
        self._is_ended = True
        script = self._script() if self._keep != "never" else ""
        return self._sandboxes.end(self.path, self._keep, script, is_failure=is_failure)

    def remove(self) -> None:
        """Remove the sandbox unless it was ended."""
        if not self._is_ended:
            self._is_ended = True
            if self._keep == "never":
                self._sandboxes.remove(self.path)
            else:
                self._sandboxes.drop(self.path)

    def _script(self) -> str:
        return rerun_script(self._process, self._argv, self._env, self._program)

    def _capture(self, store: BlobStore) -> Digest:
        process = self._process
        if not process.output_files and not process.output_directories:
            return EMPTY_DIGEST
        return capture_paths(
            store,
            Path(self._folder),
            process.output_files,
            process.output_directories,
            checkpoint=self._checkpoint,
        )

    def _check_working_directory(self) -> None:
        process = self._process
        what = ""
        if not os.path.exists(self._folder):
            what = "is not there"
        elif not os.path.isdir(self._folder):
            what = "is a file"
        elif not self._is_inside(self._folder):
            what = "leads out of its sandbox"
        if what:
            raise ProcessStartError(
                f"the working directory of {process.description} {what}:"
                f" {shown(process.working_directory)}",
                why=("it is a folder of input_digest; a folder with nothing in it counts, too",),
                fix="put it into input_digest: CreateDigest([Directory(…)])",
            )

    def _make_folder(self, path: str) -> None:
        reason = "a link in input_digest leads out of its sandbox"
        try:
            if self._is_inside(path):
                os.makedirs(path, exist_ok=True)
                return
        except OSError as error:
            reason = error.strerror or str(error)
        raise ProcessStartError(
            f"{self._process.description} cannot have the folder"
            f" {shown(os.path.relpath(path, self.path))}: {reason}",
            why=("folders above declared outputs and caches are made before it starts",),
            fix="choose a path where no input is in the way",
        )

    def _is_inside(self, path: str) -> bool:
        """Whether a path, wherever links lead, is in the sandbox."""
        return f"{os.path.realpath(path)}/".startswith(f"{os.path.realpath(self.path)}/")

    def _find_program(self, name: str) -> str:
        """As a shell would, with what the process has: its PATH, its working directory."""
        who = self._process.description
        if "/" in name:
            path = os.path.join(self._folder, name)
            if os.path.isdir(path) or (os.path.exists(path) and not os.access(path, os.X_OK)):
                raise ProcessStartError(
                    f"{who} names a program that cannot be executed: {visible(name)}",
                    fix="name a program; for a file of a digest, set is_executable=True",
                )
            if not os.path.exists(path):
                raise ProcessStartError(
                    f"{who} names a program that is not there: {visible(name)}",
                    why=() if name.startswith("/") else ("looked in its working directory",),
                    fix="name one that is, or put it into input_digest",
                )
            return path
        search = self._env.get("PATH")
        for folder in (search or "").split(":") if search else ():
            path = os.path.join(self._folder, folder, name)
            if os.access(path, os.X_OK) and not os.path.isdir(path):
                return path
        looked = "its env has no PATH, and nothing is inherited"
        if search:
            looked = f"looked in its PATH: {visible(search.replace(':', ', '))}"
        raise ProcessStartError(
            f"{who} names a program that is not there: {visible(name)}",
            why=(looked,),
            fix="pass the PATH it needs in env, or name the program by its path",
        )

    def _no_inputs(self, error: FileError) -> ProcessStartError:
        return ProcessStartError(
            f"{self._process.description} cannot have its files: {error.what}",
            why=(*error.why, f"in {self._sandboxes.base}"),
            fix=f"make room there, or choose another place: {ANOTHER}",
        )

    def _refused(self, number: int) -> ProcessStartError:
        why = {
            errno.ENOENT: "the interpreter that its first line names, or its loader, is not there",
            errno.ENOEXEC: 'it is no program of this system, nor a script that begins with "#!"',
            errno.E2BIG: "its arguments and its environment are too long for this system",
            errno.EACCES: "it, or the interpreter that its first line names, is not executable",
        }
        fix = {errno.E2BIG: "pass the arguments in a file of input_digest"}
        return ProcessStartError(
            f"{self._process.description} cannot be started: {os.strerror(number)}",
            why=(why.get(number, "the system says no more"),),
            fix=fix.get(number, f"look at {visible(self._argv[0])}"),
        )


def _last(data: bytes) -> str:
    lines = data[-800:].decode("utf-8", "backslashreplace").split("\n")
    return visible(([line for line in lines if line.strip()] or [""])[-1]) or "nothing"
