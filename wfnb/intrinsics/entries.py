"""What a tree of files is made of: digests and entries.

Knows: names, kinds and digests of files. Does not know: the disk, the store, globs.
Holds: every value is frozen and is a key. Paths in them are normal (see `paths`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from wfnb.errors import ParamError
from wfnb.intrinsics.paths import check_text, relative_path, shown

# ---------------------------------------------------------------- digests

_FINGERPRINT: Final = re.compile("[0-9a-f]{64}")


def _check(fingerprint: object, size: object, what: str) -> None:
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        raise ParamError(
            f"the fingerprint of {what} is no SHA-256: {fingerprint!r:.80}",
            fix="pass 64 hexadecimal digits in lower case, as sha256sum prints them",
        )
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ParamError(
            f"the size of {what} is no whole number from 0: {size!r:.80}",
            fix="pass how many bytes there are, as wc -c prints it",
        )


@dataclass(frozen=True, slots=True)
class Digest:
    """A tree of files, by its content.

    Attributes:
        fingerprint: SHA-256 of the tree in its canonical form, in hex.
        serialized_bytes_length: size of that form; not of the files.
    """

    fingerprint: str
    serialized_bytes_length: int

    def __post_init__(self) -> None:
        _check(self.fingerprint, self.serialized_bytes_length, "Digest")


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The content of one file. Never equal to a `Digest`.

    Attributes:
        fingerprint: SHA-256 of the content, in hex.
        serialized_bytes_length: size of the content.
    """

    fingerprint: str
    serialized_bytes_length: int

    def __post_init__(self) -> None:
        _check(self.fingerprint, self.serialized_bytes_length, "FileDigest")


EMPTY_DIGEST: Final = Digest(hashlib.sha256(b"").hexdigest(), 0)
EMPTY_FILE_DIGEST: Final = FileDigest(EMPTY_DIGEST.fingerprint, 0)

# ---------------------------------------------------------------- entries


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file with its content."""

    path: str
    content: bytes
    is_executable: bool = False

    def __post_init__(self) -> None:
        _normalise(self, "FileContent")
        content: object = self.content
        if not isinstance(content, bytes):
            fix = "pass bytes"
            if isinstance(content, str):
                fix = f"write FileContent({self.path!r}, text.encode())"
            raise ParamError(
                f"the content of FileContent is no bytes: {type(content).__name__}", fix=fix
            )

    def __repr__(self) -> str:
        tail = ", is_executable=True" if self.is_executable else ""
        return f"FileContent({self.path!r}, <{len(self.content):,} bytes>{tail})"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file by the digest of its content, which the store has."""

    path: str
    file_digest: FileDigest
    is_executable: bool = False

    def __post_init__(self) -> None:
        _normalise(self, "FileEntry")
        if not isinstance(self.file_digest, FileDigest):
            raise ParamError(
                f"the file_digest of FileEntry is a {type(self.file_digest).__name__}",
                fix="pass a FileDigest; a Digest names a whole tree",
            )


@dataclass(frozen=True, slots=True)
class SymlinkEntry:
    """A link. Its target is text; where it leads nowhere or out of the tree, nobody follows it."""

    path: str
    target: str

    def __post_init__(self) -> None:
        _normalise(self, "SymlinkEntry")
        target: object = self.target
        if not isinstance(target, str) or not target:
            raise ParamError(
                f"the target of SymlinkEntry is empty or no text: {target!r:.80}",
                fix="pass what the link points to, relative to the folder it is in",
            )
        check_text(self.target, "the target of SymlinkEntry")


@dataclass(frozen=True, slots=True)
class Directory:
    """A folder; needed only for an empty one."""

    path: str

    def __post_init__(self) -> None:
        _normalise(self, "Directory")


Entry: TypeAlias = FileEntry | SymlinkEntry | Directory
Creatable: TypeAlias = FileContent | FileEntry | SymlinkEntry | Directory


def _normalise(value: FileContent | FileEntry | SymlinkEntry | Directory, what: str) -> None:
    path = relative_path(value.path, f"the path of {what}")
    if path != value.path:
        object.__setattr__(value, "path", path)


# ---------------------------------------------------------------- in messages


def digest_text(digest: Digest | FileDigest) -> str:
    """A digest in a message: enough to tell two apart."""
    size = digest.serialized_bytes_length
    return f"{digest.fingerprint[:12]} ({size:,} {'byte' if size == 1 else 'bytes'})"


def entry_text(entry: Entry) -> str:
    """What an entry is, in a message."""
    if isinstance(entry, FileEntry):
        mode = ", executable" if entry.is_executable else ""
        return f"a file, {digest_text(entry.file_digest)}{mode}"
    if isinstance(entry, SymlinkEntry):
        return f"a link to {shown(entry.target)}"
    return "a folder"
