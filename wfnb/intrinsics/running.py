"""Running: one process in a sandbox, from its value to its result.

Knows: the order of things: slot, warden, sandbox, inputs, start, outputs, end.
Does not know: how a warden runs it, how files are stored; rules, tasks; whether a result is kept.
Holds: whatever happens, the process and all it started are ended, its slot is given back, and its
           sandbox is removed unless it is to be kept.
       The thread that asks waits; several may ask at the same time.

A trivial process takes 1.2 times what `subprocess.run` takes (0.86 and 0.72 ms, medians on 2 shared
cores, Python 3.11); the first one starts the supervisor, which takes some 60 ms.

Linux and macOS. Without Linux, a daemon that left the group of its process is not found.
"""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path

from wfnb.errors import (
    FileError,
    ParamError,
    ProcessCancelled,
    ProcessOutputError,
    ProcessStartError,
)
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.processes import FallibleProcessResult, Process
from wfnb.intrinsics.sandboxed import Sandboxed
from wfnb.intrinsics.sandboxes import Sandboxes, default_base
from wfnb.intrinsics.slots import Cancel, Slot, Slots, looks
from wfnb.intrinsics.wardens import Wardens
from wfnb.settings import KeepSandboxes


class Runner:
    """Runs processes; nothing is started before the first. Any thread may use it.

    Args:
        sandboxes: the folder in which sandboxes are made; None for one of the user's own among
            temporary files.
        caches: where append-only caches are; None for a folder in the user's cache folder.
        keep_sandboxes: which stay, to look at.
        concurrency: how many processes run at a time; None for as many as there are cores, not
            counting those that are asleep (see `slots`).
    """

    def __init__(
        self,
        *,
        sandboxes: Path | None = None,
        caches: Path | None = None,
        keep_sandboxes: KeepSandboxes = "never",
        concurrency: int | None = None,
    ) -> None:
        if concurrency is not None and concurrency < 1:
            raise ParamError(
                f"no process can run with concurrency={concurrency}",
                fix="pass 1 or more, or None for as many as there are cores",
            )
        self._base, self._keep, self._concurrency = sandboxes, keep_sandboxes, concurrency
        self._caches = caches
        # Of all folders that sandboxes were made in: what runs in one goes on when another is used.
        self._places: dict[Path | None, tuple[Sandboxes, Wardens]] = {}
        self._slots = Slots(concurrency, looks=looks())
        _runners.add(self)

    def run(
        self, process: Process, store: BlobStore, *, cancel: Cancel | None = None
    ) -> FallibleProcessResult:
        """Run a process and wait for it and for all that it started.

        A process that fails or takes too long has a result; `successful` raises for it.

        Raises:
            ProcessStartError: no such program or working directory; no sandbox can be made.
            ProcessOutputError: it wrote more than it may.
            ProcessCancelled: `cancel` was set. It is gone within 0.2 s then.
            ProcessLostError: what ran it was killed from outside.
            FileError: inputs that are not in the store, outputs that cannot be taken.
        """
        slot = self._slots.take(cancel)
        try:
            return self._run(process, store, cancel, slot)
        finally:
            self._slots.give_back(slot)

    def adjust(
        self, folder: str | Path | None, keep_sandboxes: KeepSandboxes, concurrency: int | None
    ) -> None:
        """Have the next process run otherwise; those that run go on as they are.

        Args:
            folder: sandboxes are made in one of the user's own in it; None: with temporary files.
        """
        base = default_base(folder) if folder is not None else None
        if (base, keep_sandboxes, concurrency) == (self._base, self._keep, self._concurrency):
            return
        with _opening:
            self._base, self._keep = base, keep_sandboxes
            if concurrency != self._concurrency:
                self._concurrency = concurrency
                self._slots.bound(concurrency)

    def close(self) -> None:
        """End all processes and remove all sandboxes but the kept ones. It may be used again."""
        while self._places:
            self._places.popitem()[1][1].close()

    def forget(self) -> None:
        """In a fork of the kernel: leave alone what belongs to the kernel."""
        self._slots = Slots(self._concurrency, looks=looks())
        while self._places:
            self._places.popitem()[1][1].forget()

    def _run(
        self, process: Process, store: BlobStore, cancel: Cancel | None, slot: Slot
    ) -> FallibleProcessResult:
        is_free, is_over = True, False

        def checkpoint() -> None:
            if cancel is not None and cancel.is_set():
                when = "after it had ended" if is_over else "before it had started"
                raise ProcessCancelled(f"the process was cancelled {when}", has_started=is_over)

        sandboxes, wardens = self._opened()
        keep = self._keep
        warden = wardens.take()
        slot.pid = warden.pid
        sandboxed: Sandboxed | None = None
        try:
            sandboxed = Sandboxed(process, sandboxes, keep, slot.number, checkpoint)
            sandboxed.fill(store, self._cache_folder)
            order = sandboxed.order()
            checkpoint()
            is_free = False
            answer = warden.run(order, cancel)
            is_free = is_over = True
            return sandboxed.result(answer, store)
        except (ProcessStartError, ProcessOutputError, FileError) as error:
            if sandboxed is not None and (kept := sandboxed.end(is_failure=True)):
                error.why = (*error.why, f"its sandbox is kept: {kept}")
            raise
        finally:
            if is_free:
                wardens.give_back(warden)
            else:
                wardens.drop(warden)
            # A warden that was left alone removes what its process writes meanwhile.
            if sandboxed is not None:
                sandboxed.remove()

    def _opened(self) -> tuple[Sandboxes, Wardens]:
        base = self._base
        place = self._places.get(base)
        if place is None:
            if not hasattr(os, "posix_spawn"):
                raise ProcessStartError(
                    "processes cannot be run on this system",
                    why=("it has no posix_spawn",),
                    fix="use Linux or macOS; on Windows, its Linux subsystem",
                )
            with _opening:
                place = self._places.get(base)
                if place is None:
                    sandboxes = Sandboxes(base)
                    wardens = Wardens(sandboxes.folder)
                    sandboxes.remove = wardens.remove
                    place = self._places[base] = sandboxes, wardens
        return place

    def _cache_folder(self, name: str) -> str:
        if self._caches is None:
            home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
            self._caches = Path(home) / "wfnb" / "append-only"
        folder = self._caches.absolute() / name
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder)


_opening = threading.Lock()
_runners: weakref.WeakSet[Runner] = weakref.WeakSet()
_shared: Runner | None = None


def run_process(
    process: Process,
    store: BlobStore,
    *,
    cancel: Cancel | None = None,
    runner: Runner | None = None,
) -> FallibleProcessResult:
    """Run a process with a runner, or with one that all share; see `Runner.run`."""
    return (runner or shared_runner()).run(process, store, cancel=cancel)


def shared_runner() -> Runner:
    """The runner of those who have none of their own."""
    global _shared
    if _shared is None:
        with _opening:
            if _shared is None:
                _shared = Runner()
    return _shared


def _forget_all() -> None:
    global _opening
    _opening = threading.Lock()
    for runner in list(_runners):
        runner.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
