"""Folders, removed whatever is in them.

Knows: permissions, links, depth. Does not know: whose they are.
"""

from __future__ import annotations

import contextlib
import functools
import os
import stat
from collections.abc import Callable
from typing import Final

_DEEPEST: Final = 12  # names of 255 bytes each stay below the longest path, 4,096 bytes


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
