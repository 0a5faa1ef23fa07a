"""The program that runs processes outside the kernel, and ends all of each.

    python -I -S -X utf8 warden.py FOLDER        stdin: one end of a socket pair
        supervisor    for each socket it is sent, forks a
        └── warden    which serves one process at a time
            └── the process, in a session of its own, and whatever it leaves behind

A warden is the subreaper of what it starts: a daemon that left its group, its session and its
parent becomes the warden's child, and a warden without children has left nothing behind. When a
socket ends, since the kernel closed it or died, its warden ends its process and goes; when all
are gone, the supervisor removes FOLDER and goes, too.

Why not from the kernel itself: it has threads and may be big, so it should not fork; a process
that dies of SIGKILL ends nothing; PR_SET_PDEATHSIG fires when the thread that started the child
ends; and a kernel that is a subreaper inherits orphans that are not wfnb's.

Knows: how to start, watch and end one process; how to remove a folder.
Does not know: wfnb. It is run by its path, imports the standard library alone, and inherits
    nothing of the kernel's environment.
Holds: one thread. Nothing is written to disk here but the removal of folders.
       What a process writes is read to its end, but no more than the limit is kept.

Without Linux there is no subreaper: a process that left the group of its leader is not found.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import select
import signal
import socket
import stat
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, Final

DRAIN_S: Final = 0.2
"""How long a process that has ended is given for what it left behind to close its streams."""
GRACE_S: Final = 0.5
"""How long after SIGTERM comes SIGKILL."""
GRACE_WHEN_CANCELLED_S: Final = 0.1
"""The same if the kernel stopped waiting; somebody looks at the prompt."""

REMOVED: Final = b"."

_HEAD: Final = struct.Struct("!QQQ")
_CHUNK: Final = 1 << 16
_IGNORED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_RESET: Final = tuple(map(int, signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}))
_PATIENCE_S: Final = 5.0
_QUICK_LOOKS: Final = 100
_DEEPEST: Final = 12  # names of 255 bytes each stay below the longest path, 4,096 bytes


# ---------------------------------------------------------------- messages


def send(sock: socket.socket, message: Any, out: bytes = b"", err: bytes = b"") -> None:
    """Send what JSON can say, and two runs of bytes."""
    text = json.dumps(message).encode()
    sock.sendall(_HEAD.pack(len(text), len(out), len(err)) + text)
    for part in (out, err):
        if part:
            sock.sendall(part)


def receive(sock: socket.socket) -> tuple[Any, bytes, bytes] | None:
    """What the other side sent; None if it is gone."""
    head = _exactly(sock, _HEAD.size)
    if head is None:
        return None
    parts = [_exactly(sock, size) for size in _HEAD.unpack(head)]
    text, out, err = parts
    if text is None or out is None or err is None:
        return None
    return json.loads(text), bytes(out), bytes(err)


def _exactly(sock: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    with memoryview(data) as view:
        got = 0
        while got < size:
            try:
                more = sock.recv_into(view[got:])
            except ConnectionError:
                return None
            if not more:
                return None
            got += more
    return data


# ---------------------------------------------------------------- folders


def remove_tree(folder: str) -> None:
    """Remove a folder and all in it, read-only folders too; follows no link; no error if gone.

    Leaves what cannot be removed. Any depth: what is too deep for a path is moved up first.
    """
    moved: list[str] = []
    _empty(folder, 0, folder, moved)
    for path in moved:  # grows meanwhile
        _empty(path, 0, folder, moved)
        _remove(os.rmdir, path, folder)
    _remove(os.rmdir, folder, None)


def _empty(folder: str, depth: int, top: str, moved: list[str]) -> None:
    for is_first in (True, False):
        try:
            entries = list(os.scandir(folder))
            break
        except PermissionError:
            with contextlib.suppress(OSError):
                os.chmod(folder, stat.S_IRWXU)
        except OSError:
            return
        if not is_first:
            return
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            _remove(os.unlink, entry.path, folder)
        elif depth < _DEEPEST:
            _empty(entry.path, depth + 1, top, moved)
            _remove(os.rmdir, entry.path, folder)
        else:
            target = f"{top}/.moved-{len(moved)}"
            _remove(functools.partial(os.rename, dst=target), entry.path, folder)
            moved.append(target)


def _remove(action: Callable[[str], object], path: str, folder: str | None) -> None:
    """Try, and if need be make the folder it is in writable first."""
    with contextlib.suppress(OSError):
        try:
            action(path)
        except PermissionError:
            if folder is None:
                return
            os.chmod(folder, stat.S_IRWXU)
            action(path)


# ---------------------------------------------------------------- children


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


def _kill(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


class _Wakening:
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


# ---------------------------------------------------------------- one process


class _Stream:
    """One stream of the process, kept up to what is left of the limit."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self.chunks: list[bytes] = []
        self.is_open = True

    def close_write_end(self) -> None:
        os.close(self.write_end)

    def read(self, room: int) -> int | None:
        """Keep what is there, at most `room` bytes; how much there was, None for nothing yet."""
        try:
            chunk = os.read(self.read_end, _CHUNK)
        except BlockingIOError:
            return None
        if not chunk:
            self.close()
        elif room > 0:
            self.chunks.append(chunk[:room])
        return len(chunk)

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            os.close(self.read_end)


class _Process:
    """One process, from its start until nothing of it is left.

    Attributes:
        ended: why it was ended: "timeout", "limit", "kernel" (nobody waits for it any more), or
            None if it ended by itself.
        code: exit code of the leader, negative for a signal; None as long as it runs.
    """

    def __init__(self, order: dict[str, Any], sock: socket.socket, wakening: _Wakening) -> None:
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
        options: dict[str, Any] = {"setsigmask": (), "setsigdef": _RESET, "file_actions": actions}
        path, argv, env = order["path"], order["argv"], order["env"]
        for wait_s in (0.01, 0.05, 0.25, None):
            try:
                try:
                    return os.posix_spawn(path, argv, env, setsid=True, **options)
                except NotImplementedError:
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
                _kill(own_children(), signal.SIGKILL)
                self._reap()
                if not self._has_children:
                    return
            self._pump(lambda: not self._has_children, time.monotonic() + 0.002)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._leader, number)
        _kill(descendants(os.getpid()), number)
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
                wait_ms = (until - time.monotonic()) * 1000
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

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self._has_children = False
                return
            if not pid:
                self._has_children = True
                return
            if pid == self._leader:
                self.code = os.waitstatus_to_exitcode(status)


# ---------------------------------------------------------------- the two programs


def serve(sock: socket.socket) -> None:
    """Run what the kernel orders, one after the other, until it goes."""
    become_subreaper()
    wakening = _Wakening()
    send(sock, {"pid": os.getpid()})
    while True:
        received = receive(sock)
        if received is None:
            return
        order = received[0]
        if "remove" in order:
            remove_tree(order["remove"])
            sock.sendall(REMOVED)
            continue
        try:
            process = _Process(order, sock, wakening)
        except OSError as error:
            send(sock, {"errno": error.errno})
            continue
        process.run()
        answer = {"code": process.code, "ended": process.ended}
        with contextlib.suppress(OSError):
            send(sock, answer, b"".join(process.out.chunks), b"".join(process.err.chunks))
        if process.ended == "kernel":
            remove_tree(order["sandbox"])
            return


def supervise(control: socket.socket) -> None:
    """Fork a warden for each socket that arrives; end what a warden that broke leaves."""
    become_subreaper()
    wakening = _Wakening()
    wardens: set[int] = set()
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wakening.read_end, select.POLLIN)
    is_open = True
    while is_open:
        for fd, _ in poll.poll():
            if fd == wakening.read_end:
                wakening.clear()
                _bury(wardens)
                continue
            message, fds, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                is_open = False
                break
            pid = os.fork()
            if not pid:
                try:
                    os.set_inheritable(fds[0], False)
                    control.close()
                    serve(socket.socket(fileno=fds[0]))
                    os._exit(0)
                finally:  # whatever happened: what follows is the supervisor's
                    os._exit(1)
            os.close(fds[0])
            wardens.add(pid)
    until = time.monotonic() + 2 * _PATIENCE_S
    while wardens and time.monotonic() < until:
        select.select([wakening.read_end], [], [], 0.1)
        wakening.clear()
        _bury(wardens)


def _bury(wardens: set[int]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            wardens.clear()
            return
        if not pid:
            return
        wardens.discard(pid)
        if status:  # a warden was killed, or an orphan of one
            kin = {one for warden in wardens for one in (warden, *descendants(warden))}
            _kill([one for one in descendants(os.getpid()) if one not in kin], signal.SIGKILL)


def main() -> None:
    """Serve until the kernel is gone, then remove the folder."""
    import fcntl

    folder = sys.argv[1]
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)  # says that the folder is in use, see sandboxes.sweep
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(null)
    try:
        supervise(control)
    finally:
        remove_tree(folder)


if __name__ == "__main__":
    main()
