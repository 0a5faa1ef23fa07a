"""One process, from its start until nothing of it is left.

Knows: how to start it, when to end it, what it wrote.
Does not know: sandboxes, environments, why it runs.
Holds: what it writes is read to its end, but no more than the limit is kept.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any, Final

from .children import Wakening, descendants, kill, own_children, resettable_signals

DRAIN_S: Final = 0.2
"""How long a process that has ended is given for what it left behind to close its streams."""
GRACE_S: Final = 0.5
"""How long after SIGTERM comes SIGKILL."""
GRACE_WHEN_CANCELLED_S: Final = 0.1
"""The same if the kernel stopped waiting; somebody looks at the prompt."""

_CHUNK: Final = 1 << 16
_PATIENCE_S: Final = 5.0
_LONGEST_WAIT_MS: Final = 1e6  # poll takes no more than 31 bits
_QUICK_LOOKS: Final = 100


class _Stream:
    """One stream of the process, kept until the limit is reached."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self.chunks: list[bytes] = []
        self.is_open = True

    def close_write_end(self) -> None:
        os.close(self.write_end)

    def read(self, room: int) -> int | None:
        """Keep what is there, if there is room; how much there was, None for nothing yet."""
        try:
            chunk = os.read(self.read_end, _CHUNK)
        except BlockingIOError:
            return None
        if not chunk:
            self.close()
        elif room > 0:
            self.chunks.append(chunk)
        return len(chunk)

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            os.close(self.read_end)


class Process:
    """One process, from its start until nothing of it is left.

    Attributes:
        ended: why it was ended: "timeout", "limit", "kernel" (nobody waits for it any more), or
            None if it ended by itself.
        code: exit code of the leader, negative for a signal; None as long as it runs.
    """

    def __init__(self, order: dict[str, Any], sock: socket.socket, wakening: Wakening) -> None:
        self.ended: str | None = None
        self.code: int | None = None
        self._sock, self._wakening = sock, wakening
        self._room: int = order["limit"]
        self._has_children = True
        self.out, self.err = _Stream(), _Stream()
        try:
            self._leader = self._start(order)
        except BaseException:
            self.out.close()
            self.err.close()
            raise
        finally:
            self.out.close_write_end()
            self.err.close_write_end()
            os.chdir("/")
        timeout_s = order["timeout_s"]
        self._deadline = None if timeout_s is None else time.monotonic() + timeout_s

    def _start(self, order: dict[str, Any]) -> int:
        os.chdir(order["folder"])
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, self.out.write_end, 1),
            (os.POSIX_SPAWN_DUP2, self.err.write_end, 2),
        ]
        options: dict[str, Any] = {
            "setsigmask": (),
            "setsigdef": resettable_signals(),
            "file_actions": actions,
        }
        path, argv, env = order["path"], order["argv"], order["env"]
        for wait_s in (0.01, 0.05, 0.25, None):
            try:
                try:
                    return os.posix_spawn(path, argv, env, setsid=True, **options)
                except RuntimeError:  # posix_spawn of this system can begin no session
                    return os.posix_spawn(path, argv, env, setpgroup=0, **options)
            except OSError as error:
                # Somebody who forked while the file was written holds it open for a moment.
                if error.errno != errno.ETXTBSY or wait_s is None:
                    raise
                time.sleep(wait_s)
        raise AssertionError

    def run(self) -> None:
        """Wait for its end, or bring it about; then for all it started."""
        self._pump(lambda: self.code is not None or self.ended is not None, self._deadline)
        if self.code is None and self.ended is None:
            self.ended = "timeout"
        if self.ended is None:
            until = time.monotonic() + DRAIN_S
            self._pump(lambda: not self._is_heard() or self.ended is not None, until)
        if self._has_children:
            self._end_all()
        while self._is_heard() and not self._has_children and self._read_all():
            pass
        self.out.close()
        self.err.close()

    def _end_all(self) -> None:
        """TERM, a while, then KILL until there is no child."""
        self._signal(signal.SIGTERM)
        grace_s = GRACE_WHEN_CANCELLED_S if self.ended == "kernel" else GRACE_S
        self._pump(lambda: not self._has_children, time.monotonic() + grace_s)
        until = time.monotonic() + _PATIENCE_S
        while self._has_children and time.monotonic() < until:
            self._signal(signal.SIGKILL)
            for _ in range(_QUICK_LOOKS):
                kill(own_children(), signal.SIGKILL)
                if not self._reap():
                    return
            self._pump(lambda: not self._has_children, time.monotonic() + 0.002)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._leader, number)
        kill(descendants(os.getpid()), number)
        if number == signal.SIGTERM:  # what was stopped hears it only now
            with contextlib.suppress(OSError):
                os.killpg(self._leader, signal.SIGCONT)

    def _pump(self, is_done: Callable[[], bool], until: float | None) -> None:
        """Read, reap and listen until `is_done` or the time has come."""
        poll = select.poll()
        poll.register(self._wakening.read_end, select.POLLIN)
        if self.ended != "kernel":
            poll.register(self._sock, select.POLLIN)
        for stream in (self.out, self.err):
            if stream.is_open:
                poll.register(stream.read_end, select.POLLIN)
        self._reap()
        while not is_done():
            wait_ms = None
            if until is not None:
                wait_ms = min((until - time.monotonic()) * 1000, _LONGEST_WAIT_MS)
                if wait_ms <= 0:
                    return
            for fd, _ in poll.poll(wait_ms):
                if fd == self._wakening.read_end:
                    self._wakening.clear()
                    self._reap()
                elif fd == self._sock.fileno():
                    self.ended = "kernel"
                    poll.unregister(fd)
                else:
                    stream = self.out if fd == self.out.read_end else self.err
                    self._read(stream)
                    if not stream.is_open:
                        poll.unregister(fd)

    def _is_heard(self) -> bool:
        return self.out.is_open or self.err.is_open

    def _read_all(self) -> bool:
        """Whether there was anything."""
        read = [self._read(stream) for stream in (self.out, self.err) if stream.is_open]
        return any(read)

    def _read(self, stream: _Stream) -> bool:
        size = stream.read(self._room)
        if size is None:
            return False
        self._room -= size
        if self._room < 0 and self.ended is None:
            self.ended = "limit"
        return True

    def _reap(self) -> bool:
        """Take the exit codes of those that ended; whether any child is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self._has_children = False
                return False
            if not pid:
                self._has_children = True
                return True
            if pid == self._leader:
                self.code = os.waitstatus_to_exitcode(status)
