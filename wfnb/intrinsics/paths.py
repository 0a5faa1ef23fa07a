"""Relative paths: which are allowed, and how they are shown.

Knows: the text of a path: "/"-separated, below a root that is not named.
Does not know: the disk; what a path leads to.
Holds: an allowed path is relative and normal: no "..", no ".", no empty part, no NUL. A name that
    is not UTF-8 keeps its bytes, as surrogates (PEP 383), as everywhere in Python.
"""

from __future__ import annotations

from wfnb.errors import ParamError

# Longer paths cannot be opened on Linux or macOS.
MOST_PATH_CHARS = 4096
# More files than this are not meant, but the work of links that multiply each other.
MOST_PATHS = 1_000_000


def relative_path(path: object, what: str, *, may_be_root: bool = False) -> str:
    """The normal form of a path given by a user.

    Args:
        what: how the path is called in an error, as the subject: "the path of FileContent".
        may_be_root: whether "" (the root itself) is allowed.

    Raises:
        ParamError: it is no text, is absolute, leaves the root, or no file can be named so.
    """
    if not isinstance(path, str):
        raise ParamError(
            f"{what} is no text: {type(path).__name__}",
            fix='pass a str, relative to the root: "data/a.csv"',
        )
    if path.startswith("/"):
        raise ParamError(
            f"{what} is absolute: {shown(path)}",
            why=("only paths below the root are followed, so that results are good elsewhere too",),
            fix="write it relative to the root",
        )
    check_text(path, what)
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ParamError(
            f"{what} must be relative, without '..': {shown(path)}",
            why=("a path with '..' can leave the root",),
            fix="write it from the root down",
        )
    if not parts and not may_be_root:
        raise ParamError(f"{what} is empty", fix="name something below the root")
    return "/".join(parts)


def check_text(path: str, what: str) -> None:
    """Refuse text that no file can be named by.

    Raises:
        ParamError: a NUL, a lone surrogate, or too long.
    """
    if len(path) > MOST_PATH_CHARS:
        raise ParamError(
            f"{what} is too long: {len(path):,} characters, {MOST_PATH_CHARS:,} is the most",
            why=(shown(path),),
        )
    if "\0" in path:
        raise ParamError(
            f"{what} has a NUL in it: {shown(path)}", fix="no file can be named so; leave it out"
        )
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ParamError(
            f"{what} has half a character in it: {shown(path)}",
            why=("it is a lone surrogate, and stands for no byte of a name",),
            fix="take names from os.listdir or os.fsdecode",
        ) from None


def path_bytes(path: str) -> bytes:
    """The bytes of a path, whatever the locale."""
    return path.encode("utf-8", "surrogateescape")


def path_text(path: bytes) -> str:
    """The inverse of `path_bytes`."""
    return path.decode("utf-8", "surrogateescape")


def parents(path: str) -> list[str]:
    """Every folder above a path, nearest first, without the root."""
    found = []
    end = path.rfind("/")
    while end > 0:
        found.append(path[:end])
        end = path.rfind("/", 0, end)
    return found


def join(folder: str, name: str) -> str:
    """A path below a folder; "" is the root."""
    return f"{folder}/{name}" if folder else name


def shown(path: str) -> str:
    """A path as it may stand in a message: quoted where a part of it would not be seen as it is."""
    if len(path) > 200:
        path = f"{path[:120]}…{path[-60:]}"
    if path.isprintable() and path.strip() == path and path:
        return path
    return ascii(path)
