"""Private temporary folders, gone when their owner is, also after a crash.

Knows: folders, locks. Does not know: what is kept in them.
Holds: a folder is locked while its process lives. A folder of ours without a lock is litter of a
    process that was killed; the next one to make a folder there removes it. (A lock is seen from
    other containers that share the folder, where a process number would mislead.)
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
_LOCK: Final = ".lock"
# A younger folder may be one whose lock is just being taken.
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
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=above))
        lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
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
            if entry.name.startswith(_PREFIX):
                with contextlib.suppress(OSError):
                    _sweep_one(entry)


def _sweep_one(entry: os.DirEntry[str]) -> None:
    found = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return
    if time.time() - found.st_ctime < _YOUNG_S:
        return
    lock = os.open(os.path.join(entry.path, _LOCK), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_all(Path(entry.path))
    finally:
        os.close(lock)
