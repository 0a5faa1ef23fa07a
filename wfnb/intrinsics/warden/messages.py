"""Messages between the kernel and its wardens.

Knows: how they are put on a socket.
Does not know: what they say.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

REMOVED: Final = b"."
"""Says that a folder is gone."""

_HEAD: Final = struct.Struct("!QQQ")


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
