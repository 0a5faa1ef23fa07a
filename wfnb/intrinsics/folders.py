"""Folders below a root, opened one by one, so that no link leads out.

Knows: descriptors. Does not know: what is written.
Holds: a link among the folders of a path is followed only to a place below the root, and that place
    is then opened without following any.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from typing import Final

from wfnb.errors import FileError
from wfnb.intrinsics.paths import join, shown
from wfnb.intrinsics.roots import Root, kind_word
from wfnb.intrinsics.sightings import Sighting

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextlib.contextmanager
def open_folder(root: Root, path: str, *, is_made: bool) -> Iterator[int | None]:
    """A folder below the root, opened so that no link leads out.

    Args:
        is_made: whether what is missing is made.

    Yields:
        Its descriptor, closed afterwards; None if it is not there, and not to be made.

    Raises:
        FileError: a link out of the root, or something in the way.
    """
    descriptor: int | None = os.open(root.path, _FOLDER)
    at = ""
    try:
        for part in path.split("/") if path else ():
            assert descriptor is not None
            inner, at = _enter(root, descriptor, join(at, part), is_made=is_made)
            os.close(descriptor)
            descriptor = inner
            if descriptor is None:
                break
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _enter(root: Root, above: int, path: str, *, is_made: bool) -> tuple[int | None, str]:
    """Open a folder in the open folder `above`; with its real path."""
    name = path.rpartition("/")[2]
    with writing(path):
        if is_made:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, dir_fd=above)
        try:
            return os.open(name, _FOLDER, dir_fd=above), path
        except FileNotFoundError:
            if is_made:  # removed again at this moment
                raise
            return None, path
        except OSError:
            there = os.lstat(name, dir_fd=above)
            if stat.S_ISLNK(there.st_mode):
                return _enter_link(root, path, is_made=is_made)
            if stat.S_ISDIR(there.st_mode):
                raise
            if not is_made:
                return None, path
    raise FileError(
        f"{shown(path)} is {kind_word(there.st_mode)}, and a folder of that name is to be written",
        fix="remove it first, with clear_paths",
    )


def _enter_link(root: Root, path: str, *, is_made: bool) -> tuple[int | None, str]:
    place = root.follow(path, Sighting())
    if place is None or not stat.S_ISDIR(place.found.st_mode):
        if not is_made:
            return None, path
        raise FileError(
            f"{shown(path)} is a link, and not to a folder",
            fix="remove it first, with clear_paths",
        )
    # Its path has no link in it; one that is put there right now is not followed.
    descriptor = os.open(root.path, _FOLDER)
    for part in place.path.split("/") if place.path else ():
        try:
            inner = os.open(part, _FOLDER, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = inner
    return descriptor, place.path


def clear(root: Root, path: str, *, is_kept: bool) -> None:
    """Remove a path; with `is_kept`, only what is in that folder."""
    folder, _, name = path.rpartition("/")
    if is_kept:
        with open_folder(root, path, is_made=False) as descriptor:
            if descriptor is not None:
                for inner in os.listdir(descriptor):
                    _remove(descriptor, inner, join(path, inner))
        return
    with open_folder(root, folder, is_made=False) as descriptor:
        if descriptor is not None:
            _remove(descriptor, name, path)


def _remove(folder: int, name: str, path: str) -> None:
    try:
        found = os.lstat(name, dir_fd=folder)
        if stat.S_ISDIR(found.st_mode):
            shutil.rmtree(name, dir_fd=folder)
        else:
            os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileError(
            f"{shown(path)} cannot be removed",
            why=(error.strerror or str(error),),
            fix="look at who may write to its folder, or leave it out of clear_paths",
        ) from error


@contextlib.contextmanager
def writing(path: str) -> Iterator[None]:
    """Say which path it was that the system refused."""
    try:
        yield
    except IsADirectoryError:
        raise FileError(
            f"{shown(path)} cannot be written: a folder of that name is there",
            fix=f"remove it first, with clear_paths=[{path!r}]",
        ) from None
    except OSError as error:
        fix = "look at the folder that it is written into"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            fix = "make room on its disk"
        elif isinstance(error, PermissionError):
            fix = "allow writing there (chmod)"
        raise FileError(
            f"{shown(path)} cannot be written", why=(error.strerror or str(error),), fix=fix
        ) from error
