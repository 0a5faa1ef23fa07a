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

from wfnb.errors import ProcessCancelled, ProcessLostError, ProcessStartError
from wfnb.intrinsics.slots import TICK_S, Cancel
from wfnb.intrinsics.warden.folders import remove_tree
from wfnb.intrinsics.warden.messages import receive, send

# On its own, the package needs neither wfnb nor anything installed.
_PROGRAM: Final = (
    "import sys; sys.path.append(sys.argv[1]); from warden.program import main; main(sys.argv[2])"
)
_HERE: Final = os.path.dirname(os.path.abspath(__file__))
_CLOSING_S: Final = 2.0
_LEAVING_S: Final = 0.15
_MOST_BEHIND: Final = 64
_MOST_FREE: Final = 16  # each has 2 MB to itself, and takes 2 ms or more to start
_LIBRARIES: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Warden:
    """One warden.

    Attributes:
        pid: of its process.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._is_dismissed = False
        hello = receive(sock)
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
                send(self._sock, order)
            except OSError as error:
                raise _lost() from error
            if cancel is not None:
                self._wait(cancel)
            answer = receive(self._sock)
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
                raise ProcessCancelled("the process was cancelled while it ran", has_started=True)

    def is_there(self) -> bool:
        """Whether it still waits for an order."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        return not poll.poll(0)

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
        send(self._sock, {"remove": folder})
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
        self._closed = threading.Event()
        self._cleaning = threading.Lock()
        self._janitor: _Janitor | None = None
        self._supervisors: list[subprocess.Popen[bytes]] = []
        self._control: socket.socket | None = None
        self._open: set[socket.socket | _Janitor] = set()
        self._finalizer: weakref.finalize[..., Wardens] | None = None

    def take(self) -> Warden:
        """One that is free, or a new one."""
        while self._free:
            with contextlib.suppress(IndexError):
                warden = self._free.pop()
                if warden.is_there():
                    return warden
                self.drop(warden)
        try:
            warden = Warden(self._connect())
        except (OSError, ProcessLostError):  # the supervisor was killed: start another, once
            with self._lock:
                self._leave()
            try:
                warden = Warden(self._connect())
            except (OSError, ProcessLostError) as error:
                raise ProcessStartError(
                    "no process can be started: what is to run it does not start",
                    why=(str(error).partition("\n")[0],),
                    fix="look for what uses up memory, processes or open files",
                ) from error
        self._all.add(warden)
        return warden

    def give_back(self, warden: Warden) -> None:
        """It has answered."""
        if len(self._free) < _MOST_FREE:
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
                    self._open.add(self._janitor)
                self._janitor.remove(folder)
        except (OSError, ProcessLostError, ProcessCancelled):
            self._janitor = None
            remove_tree(folder)

    def close(self) -> None:
        """End all that runs, and wait until it is gone; for good."""
        with self._lock:
            self._closed.set()
            self._leave()
            if self._finalizer is not None:
                self._finalizer()

    def forget(self) -> None:
        """Close what a fork of the kernel inherited, without a word to the other side."""
        self._lock, self._cleaning = threading.Lock(), threading.Lock()
        if self._finalizer is not None:
            self._finalizer.detach()
        for supervisor in self._supervisors:
            supervisor.returncode = 0  # not ours to wait for
        self._supervisors.clear()
        for one in (*self._open, *self._all):
            one.close()
        for kept in (self._free, self._all, self._open):
            kept.clear()
        self._control = self._finalizer = self._janitor = None

    def _leave(self) -> None:
        """Let go of the supervisor and of all wardens that are not busy."""
        while self._free:
            self.drop(self._free.pop())
        while self._open:
            self._open.pop().close()
        self._control = self._janitor = None

    def _connect(self) -> socket.socket:
        """A socket to a new warden."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with self._lock:
                    if self._closed.is_set():
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
            supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, _HERE, self._folder],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _LIBRARIES if name in os.environ},
                cwd="/",
                start_new_session=True,
            )
        self._supervisors.append(supervisor)
        self._control = ours
        self._open.add(ours)
        if self._finalizer is None:
            self._finalizer = weakref.finalize(
                self, _end, self._closed, self._all, self._open, self._supervisors
            )
        return ours


def _end(
    closed: threading.Event,
    wardens: set[Warden],
    others: set[socket.socket | _Janitor],
    supervisors: list[subprocess.Popen[bytes]],
) -> None:
    """Dismiss all, and wait until they are gone; no other is started."""
    closed.set()
    for warden in list(wardens):
        warden.dismiss()
    while others:
        others.pop().close()
    for supervisor in supervisors:
        try:
            supervisor.wait(_CLOSING_S)
        except subprocess.TimeoutExpired:
            # It has all the time it needs to end what still runs; it is nobody's child then.
            supervisor.returncode = 0
    supervisors.clear()
    for warden in list(wardens):  # of threads that do not get to it at the end of the kernel
        warden.close()


def _lost() -> ProcessLostError:
    return ProcessLostError(
        "the process was lost: what ran it was killed from outside",
        why=("its exit code and its output are not known",),
        fix="ask again; if that happens again, look for what runs out of memory",
    )


def _closed() -> ProcessCancelled:
    return ProcessCancelled("the process was cancelled: its runner was closed")
