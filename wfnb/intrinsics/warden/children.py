"""Child processes: who there is, who ended.

Knows: /proc, signals. Does not know: why they were started.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys


def become_subreaper() -> bool:
    """Make orphans below this process its children; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0)  # PR_SET_CHILD_SUBREAPER
    except (ImportError, OSError, AttributeError):
        return False


def descendants(root: int) -> list[int]:
    """The processes below `root`, as /proc has them at this moment; none where it is not."""
    below: dict[int, list[int]] = {}
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
                fields = file.read(1024).rpartition(b")")[2].split()
        except OSError:
            continue
        if fields and fields[0] != b"Z":
            below.setdefault(int(fields[1]), []).append(pid)
    found: list[int] = []
    pending = [root]
    while pending:
        children = below.get(pending.pop(), ())
        found += children
        pending += children
    return found


def own_children() -> list[int]:
    """The processes right below this one, at a fiftieth of what `descendants` costs.

    A process that forks and ends, and whose child does the same, is gone before /proc has been
    read to its end; but each of them becomes a child of the subreaper first.
    """
    pid = os.getpid()
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb", buffering=0) as file:
            return [int(child) for child in file.read(1 << 16).split()]
    except (OSError, ValueError):
        return []


def kill(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


@functools.cache
def resettable_signals() -> tuple[int, ...]:
    """The signals that can be set back to what they do by default."""
    return tuple(map(int, signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}))


class Wakening:
    """A file that can be read once a child has ended."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        os.set_blocking(self._write_end, False)
        signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def clear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while len(os.read(self.read_end, 512)) == 512:
                pass
