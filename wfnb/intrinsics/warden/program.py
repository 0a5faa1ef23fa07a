"""The two programs: the supervisor and, forked from it, the wardens.

Knows: what the kernel orders; what is left when one of them is killed.
Does not know: how a process is run.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import socket
import time
from typing import Final

from .children import Wakening, become_subreaper, descendants, kill
from .folders import remove_tree
from .messages import REMOVED, receive, send
from .process import Process

_PATIENCE_S: Final = 10.0


def serve(sock: socket.socket) -> None:
    """Run what the kernel orders, one after the other, until it goes."""
    become_subreaper()
    wakening = Wakening()
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
            process = Process(order, sock, wakening)
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
    wakening = Wakening()
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
            try:
                pid = os.fork()
            except OSError:  # the kernel sees the end of its socket
                os.close(fds[0])
                continue
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
    until = time.monotonic() + _PATIENCE_S
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
            kill([one for one in descendants(os.getpid()) if one not in kin], signal.SIGKILL)


def main(folder: str) -> None:
    """Serve until the kernel is gone, then remove the folder, and the one above if it is empty."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)  # says that the folder is in use, see sandboxes.sweep
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(null)
    supervise(control)
    remove_tree(folder)
    with contextlib.suppress(OSError):  # other kernels' sandboxes are in it, or kept ones
        os.rmdir(os.path.dirname(folder))
