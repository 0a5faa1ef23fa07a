"""The world of one engine: its root, the content it has seen, the processes it runs.

Knows: what tasks have seen of the world, and whether it still looks like that.
Does not know: rules, cells.
Holds: a task that has looked at the world is found again here when the world has moved. What was
       seen is noted before the task ends, so no change falls between.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfnb.rules.requests import _active
from wfnb.rules.wording import listing

if TYPE_CHECKING:
    from wfnb.intrinsics.blobs import BlobStore
    from wfnb.intrinsics.running import Runner
    from wfnb.intrinsics.sightings import Sighting
    from wfnb.settings import Settings
    from wfnb.taskgraph.tasks import Task

_MOST_NAMED = 3


class World:
    """What intrinsic rules reach for; nothing is opened before the first of them runs.

    Args:
        root: the folder that files are read from, and goals write to.
        settings: how processes are run, looked at before each.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self._settings = settings
        self._runner: Runner | None = None
        self._store: BlobStore | None = None
        self._lock = threading.Lock()
        self._sightings: dict[Task, Sighting] = {}
        self._variables: dict[Task, Mapping[str, str | None]] = {}

    @property
    def store(self) -> BlobStore:
        """The content of all files that were seen or made; closed with the engine."""
        if self._store is None:
            from wfnb.intrinsics.blobs import BlobStore
            from wfnb.intrinsics.scratch import sweep

            with self._lock:
                if self._store is None:
                    import tempfile  # late: it costs as much as all of this package

                    sweep(Path(tempfile.gettempdir()))  # what a kernel that was killed has left
                    self._store = BlobStore()
                    weakref.finalize(self, self._store.close)
        return self._store

    @property
    def runner(self) -> Runner:
        """Runs processes as the settings say by now, and ends them with the engine."""
        if self._runner is None:
            from wfnb.intrinsics.running import Runner

            with self._lock:
                if self._runner is None:
                    self._runner = Runner()
                    weakref.finalize(self, self._runner.close)
        settings = self._settings
        self._runner.adjust(
            settings.sandbox_folder, settings.keep_sandboxes, settings.process_concurrency
        )
        return self._runner

    # ---------------------------------------------------------------- what was seen

    def saw(self, task: Task, sighting: Sighting) -> None:
        """A task stands on what was seen of the disk."""
        with self._lock:
            self._sightings[task] = sighting

    def sighting_of(self, task: Task) -> Sighting | None:
        """What a task saw the last time."""
        return self._sightings.get(task)

    def saw_variables(self, task: Task, values: Mapping[str, str | None]) -> None:
        """A task stands on variables of the environment; None where one is not set."""
        with self._lock:
            self._variables[task] = values

    def forget(self, tasks: Iterable[Task]) -> None:
        """These are to look at everything again, however it looks from outside."""
        with self._lock:
            for task in tasks:
                self._sightings.pop(task, None)

    def iter_moved(self) -> Iterator[tuple[Task, str]]:
        """Tasks that would see something else now, each with a clause that says what."""
        if self._sightings:
            from wfnb.intrinsics.sightings import as_look

            look = as_look(self.root)
            with self._lock:
                seen = list(self._sightings.items())
            for task, sighting in seen:
                if sighting.has_moved(look):
                    yield task, _clause(sighting.changes(look), sighting.folders)
        if self._variables:
            with self._lock:
                read = list(self._variables.items())
            for task, values in read:
                names = [name for name, value in values.items() if os.environ.get(name) != value]
                if names:
                    yield task, f"the environment: {listing(names)} changed"

    def iter_on_path(self, path: str | Path) -> Iterator[Task]:
        """Tasks that have looked at a path, at something below it, or at what a glob matches.

        Args:
            path: relative to the root, or absolute.

        Raises:
            ParamError: it leads out of the root.
        """
        from wfnb.intrinsics.globs import compile_globs

        text = os.fspath(path)
        if os.path.isabs(text):
            text = os.path.relpath(text, self.root)
        globs = compile_globs((text, f"{text}/**"), sees_hidden=True)
        with self._lock:
            seen = list(self._sightings.items())
        for task, sighting in seen:
            if any(one == text or globs.matches(one) for one in sighting.paths() if one):
                yield task


def _clause(changes: tuple[tuple[str, str], ...], folders: Container[str]) -> str:
    """`file a.txt changed`, `a/b.txt and a/c.txt are new, folder d changed`."""
    if not changes:
        return "files changed"
    by_kind: dict[tuple[str, str], list[str]] = {}
    for path, what in changes[:_MOST_NAMED]:
        kind = "folder" if path in folders else "file"
        by_kind.setdefault((what, kind if path else ""), []).append(path)
    parts = []
    for (what, kind), paths in by_kind.items():
        if not kind:
            parts.append(f"the root folder {what}")
            continue
        several = len(paths) > 1
        verb = what.replace("is ", "are ") if several else what
        parts.append(f"{kind}{'s' if several else ''} {', '.join(paths)} {verb}")
    more = len(changes) - _MOST_NAMED
    return "; ".join(parts) + (f"; {more} more" if more > 0 else "")


def here() -> tuple[World, Any]:
    """The world of the engine that runs the calling body, and its attempt at a task."""
    worker = _active.worker
    world: World = worker.session.graph.world
    return world, worker.attempt


def stop_here() -> None:
    """Leave a long body of ours when its session is to end; called between its steps.

    Raises:
        KeyboardInterrupt: as in a body that an interrupt ends, so that its session names it.
    """
    if _active.worker.session.stop is not None:
        raise KeyboardInterrupt


class Stopped:
    """Whether the session of the calling body is to end; what long work looks at."""

    def __init__(self) -> None:
        self._session = _active.worker.session

    def is_set(self) -> bool:
        """As of a `threading.Event`."""
        return self._session.stop is not None
