"""Sandboxes: a fresh folder for each process, removed with it or kept to look at.

    BASE/run-…/p1, p2, …     of one runner; removed with it, by its supervisor if need be
    BASE/kept-…/             one sandbox that was kept, with __run.sh in it

Knows: where folders are, whose they are, when they go; how a process is run again by hand.
Does not know: how a process runs, what is put into its folder or taken from it.
Holds: BASE belongs to the user alone (0700). A sandbox is empty when it is handed out.
       A run folder is locked as long as its supervisor lives, so what is not locked and not new
       is litter: of a machine that went down, or of a supervisor that was killed.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shlex
import stat
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from wfnb.errors import ProcessStartError
from wfnb.intrinsics.processes import Process
from wfnb.intrinsics.warden.folders import remove_tree
from wfnb.settings import KeepSandboxes

SCRIPT: Final = "__run.sh"
ANOTHER: Final = 'current_engine().settings.sandbox_folder = "…"'
_NEW_S: Final = 60.0
_MOST_EMPTY: Final = 16


class Sandboxes:
    """The sandboxes of one runner.

    Attributes:
        base: where all of them are.
        folder: where those are that are not kept.
        remove: removes a folder, at once or before long.
    """

    def __init__(self, base: Path | None = None) -> None:
        self.remove: Callable[[str], None] = remove_tree
        self.base = default_base() if base is None else base
        try:
            try:
                self.folder = self._make_folder()
            except FileNotFoundError:  # the last of other kernels to use it has just removed it
                self.folder = self._make_folder()
        except OSError as error:
            raise _no_sandbox(self.base, error) from error
        self._empty: deque[str] = deque()
        self._numbers = itertools.count(1)

    def _make_folder(self) -> str:
        _private(self.base)
        sweep(self.base)
        return tempfile.mkdtemp(prefix="run-", dir=self.base)

    def make(self, description: str, keep: KeepSandboxes = "never") -> str:
        """A new, empty sandbox.

        Args:
            keep: which stay after their process. One whose process was cancelled never does.
        """
        if keep == "never":
            with contextlib.suppress(IndexError):
                return self._empty.pop()
        try:
            if keep == "never":
                path = f"{self.folder}/p{next(self._numbers)}"
                try:
                    os.mkdir(path, stat.S_IRWXU)
                except FileNotFoundError:  # somebody cleans temporary folders up
                    os.makedirs(path, stat.S_IRWXU)
                return path
            slug = re.sub(r"[^A-Za-z0-9]+", "-", description)[:40].strip("-").lower()
            self.base.mkdir(0o700, parents=True, exist_ok=True)
            return tempfile.mkdtemp(prefix=f"kept-{slug}-", dir=self.base)
        except OSError as error:
            raise _no_sandbox(self.base, error) from error

    def prepare(self, path: str, script: str) -> None:
        """Have the script of a sandbox that may be kept written beside it.

        Before the process runs: it may fail since the disk is full, and is to be looked at then.

        Raises:
            ProcessStartError: there is no room even for that.
        """
        try:
            _write_script(_beside(path), script)
        except OSError as error:
            raise _no_sandbox(self.base, error) from error

    def end(self, path: str, keep: KeepSandboxes, script: str, *, is_failure: bool) -> str | None:
        """Remove a sandbox, or put `script` into it and keep it; where it is then.

        Args:
            keep: as it was made with.
            script: for one that was not prepared.
        """
        if keep == "always" or (keep == "on_failure" and is_failure):
            with contextlib.suppress(OSError):  # one that is not complete is not kept
                try:
                    os.replace(_beside(path), f"{path}/{SCRIPT}")
                except FileNotFoundError:
                    _write_script(f"{path}/{SCRIPT}", script)
                return path
        if keep != "never":
            self.drop(path)  # at once: somebody looks at the folder
        elif not self._reuse(path):
            self.remove(path)
        return None

    def drop(self, path: str) -> None:
        """Remove a sandbox that was to be kept, with what was prepared for it."""
        with contextlib.suppress(OSError):
            os.unlink(_beside(path))
        remove_tree(path)

    def _reuse(self, path: str) -> bool:
        """Take an empty folder for another process: it takes longer to remove and make one.

        (Medians on ext4, 2 busy cores: 3.9 ms, where starting a process takes 1.1 ms.)
        """
        try:
            with os.scandir(path) as entries:
                if next(entries, None) is not None or len(self._empty) >= _MOST_EMPTY:
                    return False
            os.chmod(path, stat.S_IRWXU)
        except OSError:
            return False
        self._empty.append(path)
        return True


def default_base(folder: str | Path | None = None) -> Path:
    """The user's own in a folder; None: in that for temporary files."""
    return Path(tempfile.gettempdir() if folder is None else folder) / f"wfnb-{os.getuid()}"


def sweep(base: Path, *, new_s: float = _NEW_S) -> None:
    """Remove run folders that nobody holds, but those younger than `new_s`."""
    import fcntl

    for name in os.listdir(base):
        path = base / name
        if not name.startswith("run-"):
            continue
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if time.time() - os.fstat(fd).st_mtime >= new_s:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(str(path))
        except OSError:
            continue
        finally:
            os.close(fd)


def rerun_script(process: Process, argv: list[str], env: dict[str, str], program: str) -> str:
    """A shell script that runs the process again; it has the environment in it, secrets too."""
    folder = f"/{process.working_directory}" if process.working_directory else ""
    words = [f"{name}={value}" for name, value in env.items()] + [program, *argv[1:]]
    lines = " \\\n  ".join(shlex.quote(word) for word in words)
    note = " ".join(process.description.split())
    return (
        f"#!/bin/sh\n# {note}: once more, in this folder, with the same environment.\n"
        f'cd "$(dirname "$0")"{shlex.quote(folder) if folder else ""} || exit\n'
        f"exec /usr/bin/env -i \\\n  {lines}\n"
    )


def _beside(path: str) -> str:
    return f"{path}.sh"


def _write_script(path: str, script: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRWXU)
    try:
        with open(fd, "wb") as file:
            file.write(script.encode("utf-8", "surrogateescape"))
    except OSError:  # half a script is none
        os.unlink(path)
        raise


def _private(base: Path) -> None:
    """Make the folder, or see that it is the user's and nobody else's."""
    with contextlib.suppress(FileExistsError):
        os.makedirs(base, stat.S_IRWXU)
    found = os.lstat(base)
    is_open = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or is_open:
        raise ProcessStartError(
            f"{base} is not a folder that only you can write to",
            why=("sandboxes are made in it, and others could change what is in them",),
            fix=f"remove it, or choose another place: {ANOTHER}",
        )


def _no_sandbox(base: Path, error: OSError) -> ProcessStartError:
    return ProcessStartError(
        f"no sandbox can be made: {error.strerror}",
        why=(f"in {base}",),
        fix=f"free some space, or choose another place: {ANOTHER}",
    )
