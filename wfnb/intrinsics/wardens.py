"""Wardens, seen from the kernel: who starts them, who is free.

Knows: the supervisor, the sockets to its wardens; how to wait for one, how to leave it alone.
Does not know: processes, sandboxes; what wardens do with an order (`warden`).
Holds: the supervisor is the only child of the kernel; it is started when the first process is.
       A warden is used by one thread at a time. One that was left alone ends what it runs, and
       itself.
       The environment of supervisor and wardens is empty, but for where libraries are.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import weakref
from collections import deque
from typing import Any, Final

from wfnb.intrinsics import warden as program
from wfnb.intrinsics.processes import ProcessCancelled, ProcessLostError
from wfnb.intrinsics.slots import TICK_S, Cancel, core_count

_CLOSING_S: Final = 2.0
_LEAVING_S: Final = 0.15
_MOST_BEHIND: Final = 64
_LIBRARIES: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Warden:
    """One warden.

    Attributes:
        pid: of its process.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._is_dismissed = False
        hello = program.receive(sock)
        if hello is None:
            sock.close()
            raise _lost()
        self.pid: int = hello[0]["pid"]

    def run(self, order: Any, cancel: Cancel | None) -> tuple[dict[str, Any], bytes, bytes]:
        """Have an order carried out; answer, stdout and stderr.

        Whatever it raises, the process is ended, and its sandbox removed, before long.

        Raises:
            ProcessCancelled: `cancel` was set; nothing of the process is left.
            ProcessLostError: the warden is gone.
        """
        try:
            try:
                program.send(self._sock, order)
            except OSError as error:
                raise _lost() from error
            if cancel is not None:
                self._wait(cancel)
            answer = program.receive(self._sock)
        except BaseException:
            self.close()
            raise
        if answer is None:
            self.close()
            raise _closed() if self._is_dismissed else _lost()
        return answer

    def _wait(self, cancel: Cancel) -> None:
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        while not poll.poll(TICK_S * 1000):
            if cancel.is_set():
                self._sock.shutdown(socket.SHUT_WR)
                poll.poll(_LEAVING_S * 1000)
                raise ProcessCancelled("the process was cancelled while it ran")

    def close(self) -> None:
        """Leave it alone."""
        self._sock.close()

    def dismiss(self) -> None:
        """The same, from another thread than the one that uses it."""
        self._is_dismissed = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


class _Janitor:
    """A warden that only removes folders, while others go on. One thread at a time.

    On a busy disk it takes longer to remove an empty folder than to start a process (medians
    3.9 and 1.1 ms; ext4, 2 shared cores).
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._warden = Warden(sock)
        self._behind = 0

    def remove(self, folder: str) -> None:
        program.send(self._sock, {"remove": folder})
        self._behind += 1
        with contextlib.suppress(BlockingIOError):
            self._behind -= len(self._sock.recv(_MOST_BEHIND, socket.MSG_DONTWAIT))
        while self._behind >= _MOST_BEHIND:  # so that the disk is not filled with litter
            done = len(self._sock.recv(_MOST_BEHIND))
            if not done:
                raise _lost()
            self._behind -= done

    def close(self) -> None:
        self._warden.close()


class Wardens:
    """All wardens of a runner; any thread may take one.

    Args:
        folder: is removed with all that is in it when the kernel is gone.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._free: deque[Warden] = deque()
        self._all: set[Warden] = set()
        self._is_closed = False
        self._cleaning = threading.Lock()
        self._janitor: _Janitor | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._finalizer: weakref.finalize[..., Wardens] | None = None
        self._most_free = 2 * core_count()

    def take(self) -> Warden:
        """One that is free, or a new one."""
        with contextlib.suppress(IndexError):
            return self._free.pop()
        try:
            warden = Warden(self._connect())
        except (OSError, ProcessLostError):  # the supervisor was killed: start another, once
            with self._lock:
                self._leave()
            warden = Warden(self._connect())
        self._all.add(warden)
        return warden

    def give_back(self, warden: Warden) -> None:
        """It has answered."""
        if len(self._free) < self._most_free:
            self._free.append(warden)
        else:
            self.drop(warden)

    def drop(self, warden: Warden) -> None:
        """It has not answered, and need not any more."""
        self._all.discard(warden)
        warden.close()

    def remove(self, folder: str) -> None:
        """Have a folder removed before long; folders are removed in the order they come."""
        try:
            with self._cleaning:
                if self._janitor is None:
                    self._janitor = _Janitor(self._connect())
                self._janitor.remove(folder)
        except (OSError, ProcessLostError, ProcessCancelled):
            self._janitor = None
            program.remove_tree(folder)

    def close(self) -> None:
        """End all that runs, and wait until it is gone; for good."""
        with self._lock:
            self._is_closed = True
            for warden in list(self._all):
                warden.dismiss()
            self._leave()

    def forget(self) -> None:
        """Close what a fork of the kernel inherited, without a word to the other side."""
        self._lock, self._cleaning = threading.Lock(), threading.Lock()
        if self._finalizer is not None:
            self._finalizer.detach()
        if self._supervisor is not None:
            self._supervisor.returncode = 0  # not ours to wait for
        for one in (self._control, self._janitor, *self._all):
            if one is not None:
                one.close()
        self._free.clear()
        self._all.clear()
        self._supervisor = self._control = self._finalizer = self._janitor = None

    def _leave(self) -> None:
        while self._free:
            self.drop(self._free.pop())
        if self._janitor is not None:
            self._janitor.close()
        if self._finalizer is not None:
            self._finalizer()
        self._supervisor = self._control = self._finalizer = self._janitor = None

    def _connect(self) -> socket.socket:
        """A socket to a new warden."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with self._lock:
                    if self._is_closed:
                        raise _closed()
                    control = self._control or self._start()
                    socket.send_fds(control, [b"w"], [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        return ours

    def _start(self) -> socket.socket:
        os.makedirs(self._folder, 0o700, exist_ok=True)
        ours, theirs = socket.socketpair()
        with theirs:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", program.__file__, self._folder],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _LIBRARIES if name in os.environ},
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        self._finalizer = weakref.finalize(self, _end, ours, self._supervisor, self._free)
        return ours


def _end(control: socket.socket, supervisor: subprocess.Popen[bytes], free: deque[Warden]) -> None:
    while free:
        free.pop().close()
    control.close()
    try:
        supervisor.wait(_CLOSING_S)
    except subprocess.TimeoutExpired:
        # It has all the time it needs to end what still runs; it is nobody's child then.
        supervisor.returncode = 0


def _lost() -> ProcessLostError:
    return ProcessLostError(
        "the process was lost: what ran it was killed from outside",
        why=("its exit code and its output are not known; nothing of it is left",),
        fix="ask again; if that happens again, look for what runs out of memory",
    )


def _closed() -> ProcessCancelled:
    return ProcessCancelled("the process was cancelled: its runner was closed")
