"""The workspace: where goals write files.

Knows: the root. Does not know: how files are written (`materialize`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wfnb.intrinsics.effects import begin_effect

if TYPE_CHECKING:
    from wfnb.intrinsics.entries import Digest
    from wfnb.intrinsics.world import World


class Workspace:
    """What a goal rule takes to write files below the engine's root; each write is an effect."""

    __wfnb_effects__ = True

    def __init__(self, world: World) -> None:
        self._world = world

    def __repr__(self) -> str:
        return "Workspace()"

    def write_digest(
        self, digest: Digest, *, path_prefix: str | None = None, clear_paths: Iterable[str] = ()
    ) -> None:
        """Write the files of a digest, over what is there; each appears whole or not at all.

        Args:
            path_prefix: the folder below the root to write into.
            clear_paths: what to remove first, relative to `path_prefix`.

        Raises:
            EffectError: no goal rule is running.
            ParamError, FileError: a path that leaves the root, something in the way.
        """
        __tracebackhide__ = True
        from wfnb.intrinsics.materialize import write_digest

        begin_effect(self)
        world = self._world
        write_digest(
            world.store, digest, world.root, path_prefix=path_prefix, clear_paths=clear_paths
        )
