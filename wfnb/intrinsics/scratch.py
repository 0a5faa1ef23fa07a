"""Private temporary folders, gone when their owner is, also after a crash.

Knows: folders, locks. Does not know: what is kept in them.
Holds: a folder is locked while its process lives, from before it has its name. A folder of ours
    without a lock is litter of a process that was killed; the next one to look there removes it.
    (A lock is seen from other containers that share the folder, where a process number would
    mislead.)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
import weakref
from pathlib import Path
from typing import Final

_PREFIX: Final = "wfnb-scratch-"
_MAKING: Final = "wfnb-making-"
_LOCK: Final = ".lock"
# A younger folder that has no name yet may be one whose lock is just being taken.
_YOUNG_S: Final = 60.0


class Scratch:
    """A folder that only this user can enter.

    Attributes:
        path: the folder; it exists until `remove`, the end of this object, or of the process.
    """

    def __init__(self, parent: Path | None = None) -> None:
        above = Path(tempfile.gettempdir() if parent is None else parent)
        above.mkdir(parents=True, exist_ok=True)
        sweep(above)
        making = tempfile.mkdtemp(prefix=_MAKING, dir=above)
        lock = os.open(f"{making}/{_LOCK}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
        self.path = above / f"{_PREFIX}{os.path.basename(making).removeprefix(_MAKING)}"
        os.rename(making, self.path)
        self._finalizer = weakref.finalize(self, _remove, self.path, lock, os.getpid())

    def remove(self) -> None:
        """Remove the folder and all in it, now. Again: nothing."""
        self._finalizer()


def _remove(path: Path, lock: int, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves its parent's folder alone
        remove_all(path)
    with contextlib.suppress(OSError):
        os.close(lock)


def remove_all(path: Path) -> None:
    """Remove a folder, also where something in it was made unreadable; never raise."""
    shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        return
    for folder, _, _ in os.walk(path):
        with contextlib.suppress(OSError):
            os.chmod(folder, 0o700)
    shutil.rmtree(path, ignore_errors=True)


def sweep(parent: Path) -> None:
    """Remove folders in `parent` whose process is gone."""
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith((_PREFIX, _MAKING)):
                with contextlib.suppress(OSError):
                    _sweep_one(entry)


def _sweep_one(entry: os.DirEntry[str]) -> None:
    found = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return
    is_made = entry.name.startswith(_PREFIX)
    if not is_made and time.time() - found.st_ctime < _YOUNG_S:
        return
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (0 if is_made else os.O_CREAT)
    lock = os.open(os.path.join(entry.path, _LOCK), flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_all(Path(entry.path))
    finally:
        os.close(lock)
