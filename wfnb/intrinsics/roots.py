"""A root folder, and the way from it through links without ever leaving it.

Knows: the disk, link by link. Does not know: patterns, content.
Holds: a real path (relative, without a link in it) is below the root. What was looked at on the way
    to it is told to a `Witness`, so that it can be looked at again.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeAlias

from wfnb.errors import FileError
from wfnb.intrinsics.paths import shown

# Linux gives up at this depth too.
MOST_LINKS: Final = 40

_KIND_WORDS: Final = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFSOCK: "a socket",
    stat.S_IFIFO: "a pipe",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}


# Called often during long work on the disk; may raise, to stop it.
Checkpoint: TypeAlias = Callable[[], None]


def never_stop() -> None:
    """The checkpoint of work that nobody wants to stop."""


class Witness(Protocol):
    """Who is told what was looked at."""

    def see_link(self, path: str, target: str) -> None:
        """A link and the text in it."""

    def see_kind(self, path: str, found: os.stat_result | None) -> None:
        """What is at a path, by lstat; None: nothing."""


class Place(NamedTuple):
    """Where a link leads: a real path, and what lstat says of it."""

    path: str
    found: os.stat_result


class Root:
    """The folder that nothing may leave.

    Attributes:
        path: absolute, without links.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        given = os.path.abspath(path)
        self.path = os.path.realpath(given)
        self._heads = {given, self.path}
        if not os.path.isdir(self.path):
            raise FileError(
                f"the root {shown(given)} is no folder", fix="make it, or name another root"
            )

    def full(self, path: str) -> str:
        """The absolute form of a real path; "" is the root."""
        return f"{self.path}/{path}" if path else self.path

    def lstat(self, path: str) -> os.stat_result | None:
        """What is at a path, a link not followed; None: nothing."""
        try:
            return os.lstat(self.full(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return None
            raise unreadable(path, error) from error

    def follow(self, link: str, witness: Witness) -> Place | None:
        """Where a link leads in the end.

        Args:
            link: a real path but for its last name, which is a link.

        Returns:
            None for a link to nothing.

        Raises:
            FileError: it leads out of the root, or in a circle.
        """
        folder, _, name = link.rpartition("/")
        at = folder.split("/") if folder else []
        ahead = [name]
        crossed = 0
        found: os.stat_result | None = None
        while ahead:
            part = ahead.pop()
            if part == "..":
                if not at:
                    raise self._outside(link)
                at.pop()
                found = None
                continue
            path = "/".join((*at, part))
            found = self.lstat(path)
            if found is None:
                witness.see_kind(path, None)
                return None
            if not stat.S_ISLNK(found.st_mode):
                witness.see_kind(path, found)
                if ahead and not stat.S_ISDIR(found.st_mode):
                    return None
                at.append(part)
                continue
            found = None
            crossed += 1
            if crossed > MOST_LINKS:
                raise circle(link)
            target = self.read_link(path, witness)
            if target.startswith("/"):
                target = self._below(target, link)
                at = []
            ahead += [step for step in reversed(target.split("/")) if step not in ("", ".")]
        if found is None:
            found = self.lstat("/".join(at))
            if found is None:  # removed at this moment
                return None
        return Place("/".join(at), found)

    def read_link(self, path: str, witness: Witness) -> str:
        """The text in a link."""
        try:
            target = os.readlink(self.full(path))
        except OSError as error:
            raise unreadable(path, error) from error
        witness.see_link(path, target)
        return target

    def _below(self, target: str, link: str) -> str:
        for head in self._heads:
            if target == head:
                return ""
            if target.startswith(f"{head.rstrip('/')}/"):
                return target[len(head) :]
        raise self._outside(link)

    def _outside(self, link: str) -> FileError:
        try:
            target = os.readlink(self.full(link))
        except OSError:
            target = "?"
        return FileError(
            f"the link {shown(link)} leads out of the root",
            why=(f"it points to {shown(target)}, and only what is below the root is followed",),
            fix=f'exclude it with "!{shown(link)}", or put what it points to below the root',
        )


def circle(link: str) -> FileError:
    """What to raise for links that lead round."""
    return FileError(
        f"the link {shown(link)} leads in a circle",
        fix=f'remove it, or exclude it with "!{shown(link)}"',
    )


def unreadable(path: str, error: OSError) -> FileError:
    """What to raise for a path that the system refuses."""
    fix = "look at what is there"
    if isinstance(error, PermissionError):
        fix = f'allow reading it (chmod), or exclude it with "!{shown(path)}"'
    return FileError(
        f"{shown(path) if path else 'the root'} cannot be read",
        why=(error.strerror or str(error),),
        fix=fix,
    )


def kind_word(mode: int) -> str:
    """What a file of this mode is called."""
    return _KIND_WORDS.get(stat.S_IFMT(mode), "a special file")


def is_inside(link: str, target: str) -> bool:
    """Whether a link, by its text alone, stays below the root of its path."""
    if target.startswith("/"):
        return False
    depth = link.count("/")
    for part in target.split("/"):
        if part == "..":
            depth -= 1
            if depth < 0:
                return False
        elif part not in ("", "."):
            depth += 1
    return True


def as_root(root: Root | str | Path) -> Root:
    """A root as it is, or of a path."""
    return root if isinstance(root, Root) else Root(root)
