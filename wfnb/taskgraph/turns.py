"""Turns: what bodies print while several of them run at once, shown in the order of the requests.

Bodies take turns in the order in which they were started, which is that of the requests. The one
that is first prints as it goes; what the others print is kept until their turn comes. So a long
rule is seen at work, and two runs of a notebook show the same.

Knows: who has started in which order, the streams. Does not know: tasks.
Holds: as long as one thread alone runs bodies, nothing here is touched and no stream is replaced.
       A stream that somebody kept hold of goes on working for ever.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from wfnb.rules.requests import _active

if TYPE_CHECKING:
    from wfnb.taskgraph.driver import Worker

_lock = threading.RLock()


class _Turn:
    """What one body prints.

    Attributes:
        kept: what it printed before its turn came, with the streams.
        is_over: whether it has returned, or waits.
    """

    __slots__ = ("is_over", "kept")

    def __init__(self) -> None:
        self.kept: list[tuple[Any, str]] = []
        self.is_over = False


class Turns:
    """The turns of one session, the first in front.

    Args:
        asker: whose body runs already.
    """

    def __init__(self, asker: Worker) -> None:
        first = _Turn()
        self._queue = [first]
        self._of: dict[Worker, _Turn] = {asker: first}
        _replace_streams()

    def begin(self, worker: Worker) -> None:
        """What `worker` prints from now on comes after all that has begun before."""
        with _lock:
            self.end(worker)
            turn = self._of[worker] = _Turn()
            self._queue.append(turn)

    def end(self, worker: Worker) -> None:
        """The body that `worker` ran has returned, or waits."""
        with _lock:
            turn = self._of.pop(worker, None)
            if turn is not None:
                turn.is_over = True
                while self._queue and self._queue[0].is_over:
                    _write(self._queue.pop(0))
                if self._queue:
                    _write(self._queue[0])

    def close(self) -> None:
        """The session is over: show all; whoever is still inside a body prints freely."""
        with _lock:
            self._of.clear()
            for turn in self._queue:
                _write(turn)
            self._queue.clear()
            _give_back_streams()

    def write(self, worker: Worker, stream: Any, text: str) -> bool:
        """Keep what `worker` prints, if it is not its turn; whether that was so."""
        with _lock:
            turn = self._of.get(worker)
            if turn is None or turn is self._queue[0]:
                return False
            turn.kept.append((stream, text))
            return True


def _write(turn: _Turn) -> None:
    for stream, text in turn.kept:
        stream.write(text)
    turn.kept.clear()


# -------------------------------------------------------------------- the streams


class _Stream:
    """Stands in for `sys.stdout` or `sys.stderr` while bodies run on several threads."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def write(self, text: str) -> int:
        """Write, or keep for later."""
        worker = _active.worker
        turns = worker.session.turns if worker is not None else None
        if turns is None or not turns.write(worker, self._real, text):
            written: int = self._real.write(text)
            return written
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


_users = 0
_names = ("stdout", "stderr")


def _replace_streams() -> None:
    global _users
    with _lock:
        _users += 1
        for name in _names:
            real = getattr(sys, name)
            if real is not None and not isinstance(real, _Stream):
                setattr(sys, name, _Stream(real))


def _give_back_streams() -> None:
    global _users
    _users -= 1
    for name in _names:
        stream = getattr(sys, name)
        if not _users and isinstance(stream, _Stream):
            setattr(sys, name, stream._real)
