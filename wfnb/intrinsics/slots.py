"""Slots: how many processes run at a time.

As many as there are cores, not counting those that are asleep: a process that waits for a network
or for a clock keeps no core busy, so another may start beside it. Sixteen processes that sleep run
together on two cores, sixteen that compute run two by two. (Measured on 2 shared cores: sixteen
that sleep 0.5 s take 0.57 s, and 0.52 s with `subprocess.run` in sixteen threads.)

Knows: which processes run, who waits, in which order; whether a process computes.
Does not know: what is run.
Holds: first come, first served. A process counts as computing unless it was seen asleep on two
           looks in a row. There are looks only while somebody waits.
       A lock is held for bookkeeping only, never while one waits or looks.

Where the system does not tell what a process does (no /proc), all of them count alike, and the
bound is `MOST_UNSEEN`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from wfnb.errors import ProcessCancelled

MOST: Final = 128
"""Processes at a time, however many of them are asleep: each takes a warden and a thread."""
MOST_UNSEEN: Final = 16
TICK_S: Final = 0.02
"""How often a thread that waits looks whether it was cancelled."""

_LOOK_S: Final = 0.003
_REST: Final = 10


class Cancel(Protocol):
    """Says that nobody waits any more: a `threading.Event` or anything with `is_set`.

    It is polled every 20 ms, so that it can be set by anyone without a lock, from a signal handler
    too.
    """

    def is_set(self) -> bool: ...


class Slot:
    """The right to run one process.

    Attributes:
        number: no two slots have the same at a time.
        pid: of the process above the one that runs, to see what it does; None as long as none is
            known.
    """

    __slots__ = ("looks_asleep", "number", "pid")

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid: int | None = None
        self.looks_asleep = 0

    @property
    def is_asleep(self) -> bool:
        return self.looks_asleep >= 2


class _Ticket:
    __slots__ = ("bell", "slot")

    def __init__(self) -> None:
        self.bell = threading.Lock()
        self.bell.acquire()
        self.slot: Slot | None = None


class Slots:
    """All slots of a runner; any thread may take one.

    Args:
        concurrency: the bound, for processes asleep, too; None for the cores, as above.
    """

    def __init__(
        self, concurrency: int | None = None, *, looks: Callable[[int], bool] | None = None
    ) -> None:
        self._is_computing = looks
        self._lock = threading.Lock()
        self._running: dict[int, Slot] = {}
        self._waiting: deque[_Ticket] = deque()
        self.bound(concurrency)

    def bound(self, concurrency: int | None) -> None:
        """Have another bound from now on; what runs beyond it goes on."""
        with self._lock:
            if concurrency is not None:
                self._cores = self._most = concurrency
            elif self._is_computing is None:
                self._cores = self._most = max(MOST_UNSEEN, core_count())
            else:
                self._cores, self._most = core_count(), max(MOST, core_count())
            self._is_watched = self._most > self._cores
            self._admit()

    def take(self, cancel: Cancel | None = None) -> Slot:
        """A slot, when there is one.

        Raises:
            ProcessCancelled: `cancel` was set meanwhile.
        """
        with self._lock:
            if not self._waiting and len(self._running) < self._cores:
                return self._give()
            ticket = _Ticket()
            self._waiting.append(ticket)
        try:
            return self._wait(ticket, cancel)
        except BaseException:
            with self._lock:
                if ticket.slot is None:
                    self._waiting.remove(ticket)
                else:
                    del self._running[ticket.slot.number]
                self._admit()
            raise

    def give_back(self, slot: Slot) -> None:
        """Let the next one have it."""
        with self._lock:
            self._running.pop(slot.number, None)
            self._admit()

    def _wait(self, ticket: _Ticket, cancel: Cancel | None) -> Slot:
        while True:
            wait_s = TICK_S
            if self._is_watched and self._waiting and self._waiting[0] is ticket:
                start = time.perf_counter()
                self._look()
                cost_s = time.perf_counter() - start
                wait_s = min(max(_LOOK_S, _REST * cost_s), TICK_S)
            if ticket.bell.acquire(timeout=wait_s):
                assert ticket.slot is not None
                return ticket.slot
            if cancel is not None and cancel.is_set():
                raise ProcessCancelled("the process was cancelled before it had started")

    def _look(self) -> None:
        with self._lock:
            running = list(self._running.values())
        computing = 0
        for slot in running:
            if slot.pid is None or self._is_computing is None or self._is_computing(slot.pid):
                slot.looks_asleep = 0
                computing += 1
                if computing >= self._cores:
                    return
            else:
                slot.looks_asleep += 1
        with self._lock:
            self._admit()

    def _admit(self) -> None:
        """Give slots to those who wait first; the lock is held."""
        asleep = sum(slot.is_asleep for slot in self._running.values())
        computing = len(self._running) - asleep
        room = self._cores - computing
        if not computing:
            # What sleeps comes in herds: as many again, so that a herd starts in a few looks.
            room = max(room, asleep)
        room = min(room, self._most - len(self._running))
        while room > 0 and self._waiting:
            ticket = self._waiting.popleft()
            ticket.slot = self._give()
            ticket.bell.release()
            room -= 1

    def _give(self) -> Slot:
        number = 0
        while number in self._running:
            number += 1
        slot = self._running[number] = Slot(number)
        return slot


def core_count() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def looks() -> Callable[[int], bool] | None:
    """The function that says whether anything below a process computes, where there is one."""
    own = f"/proc/self/task/{threading.get_native_id()}/children"
    return is_computing if sys.platform == "linux" and os.path.exists(own) else None


def is_computing(pid: int) -> bool:
    """Whether a thread of a process below `pid` runs, would run, or waits for a disk."""
    pending = _children(pid)
    if not pending:
        return True  # it has not started yet
    while pending:
        one = pending.pop()
        try:
            tasks = os.listdir(f"/proc/{one}/task")
        except OSError:
            continue
        for task in tasks:
            state = _read(f"/proc/{one}/task/{task}/stat").rpartition(b")")[2][1:2]
            if state in (b"R", b"D"):
                return True
        pending += _children(one)
    return False


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    return [int(c) for t in tasks for c in _read(f"/proc/{pid}/task/{t}/children").split()]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(4096)
    except OSError:
        return b""
