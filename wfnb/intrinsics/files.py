"""What rules say about files: the values they ask with and the values they get.

Knows: names, kinds and digests of files; which combinations mean something.
Does not know: the disk, the store, how any of it is answered.
Holds: every value is frozen and is a key. Paths in them are normal (see `paths`). What does not
    depend on order is kept sorted, so that it makes one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Final, TypeVar

from wfnb.errors import ParamError
from wfnb.intrinsics.entries import (
    EMPTY_DIGEST,
    EMPTY_FILE_DIGEST,
    Creatable,
    Digest,
    Directory,
    Entry,
    FileContent,
    FileDigest,
    FileEntry,
    SymlinkEntry,
)
from wfnb.intrinsics.globs import compile_globs
from wfnb.intrinsics.paths import relative_path

__all__ = [
    "EMPTY_DIGEST",
    "EMPTY_FILE_DIGEST",
    "EMPTY_SNAPSHOT",
    "AddPrefix",
    "CreateDigest",
    "Digest",
    "DigestContents",
    "DigestEntries",
    "DigestSubset",
    "Directory",
    "FileContent",
    "FileDigest",
    "FileEntry",
    "GlobExpansionConjunction",
    "GlobMatchErrorBehavior",
    "MergeDigests",
    "PathGlobs",
    "Paths",
    "RemovePrefix",
    "Snapshot",
    "SnapshotDiff",
    "SymlinkEntry",
    "UnmatchedGlobWarning",
]


class UnmatchedGlobWarning(UserWarning):
    """A glob that was said to matter matches nothing."""


# ---------------------------------------------------------------- which files


class GlobMatchErrorBehavior(Enum):
    """What happens when a glob matches nothing."""

    ignore = "ignore"
    warn = "warn"
    error = "error"


class GlobExpansionConjunction(Enum):
    """Whether one matching glob is enough, or each has to match."""

    any_match = "any_match"
    all_match = "all_match"


@dataclass(frozen=True, slots=True, init=False, repr=False)
class PathGlobs:
    """Files and folders below the root, by pattern.

    `*` and `?` and `[a-z]` stay within one name, `**` is any number of folders, `!` excludes (a
    pattern without "/" excludes that name everywhere). A folder that matches is itself meant, not
    what is in it: that is `folder/**`. Hidden files match; hidden folders and `__pycache__` do
    only where a pattern names them.

    Attributes:
        globs: sorted, without repetition.
        description_of_origin: who wants them, for the message: "the setting `data`".
    """

    globs: tuple[str, ...]
    glob_match_error_behavior: GlobMatchErrorBehavior
    conjunction: GlobExpansionConjunction
    description_of_origin: str | None

    def __init__(
        self,
        globs: Iterable[str],
        glob_match_error_behavior: GlobMatchErrorBehavior = GlobMatchErrorBehavior.ignore,
        conjunction: GlobExpansionConjunction = GlobExpansionConjunction.any_match,
        description_of_origin: str | None = None,
    ) -> None:
        patterns = _several(globs, "PathGlobs", str, fix='write PathGlobs(["data/*.csv"])')
        _check_member(glob_match_error_behavior, GlobMatchErrorBehavior, "an unmatched glob")
        _check_member(conjunction, GlobExpansionConjunction, "several globs")
        is_ignoring = glob_match_error_behavior is GlobMatchErrorBehavior.ignore
        if is_ignoring and description_of_origin:
            raise ParamError(
                "PathGlobs has a description_of_origin that nobody will read",
                why=("unmatched globs are ignored",),
                fix="leave it out, or pass glob_match_error_behavior=GlobMatchErrorBehavior.warn",
            )
        if not is_ignoring and not description_of_origin:
            raise ParamError(
                "PathGlobs needs a description_of_origin: an unmatched glob is to be reported",
                fix='say where the patterns come from: description_of_origin="the setting `data`"',
            )
        set_field = object.__setattr__
        set_field(self, "globs", tuple(sorted(set(patterns))))
        set_field(self, "glob_match_error_behavior", glob_match_error_behavior)
        set_field(self, "conjunction", conjunction)
        set_field(self, "description_of_origin", description_of_origin)
        compile_globs(self.globs)

    def __repr__(self) -> str:
        # The patterns first: in a story this is cut off, and they tell one from another.
        parts = [repr(list(self.globs))]
        if self.glob_match_error_behavior is not GlobMatchErrorBehavior.ignore:
            parts.append(str(self.glob_match_error_behavior))
        if self.conjunction is not GlobExpansionConjunction.any_match:
            parts.append(f"conjunction={self.conjunction}")
        if self.description_of_origin is not None:
            parts.append(f"description_of_origin={self.description_of_origin!r}")
        return f"PathGlobs({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Paths:
    """Names that match; nothing was read. Each sorted."""

    files: tuple[str, ...]
    dirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A digest with the names in it.

    Attributes:
        files: sorted; links to files count as files.
        dirs: sorted, with every folder above a file.
    """

    digest: Digest
    files: tuple[str, ...]
    dirs: tuple[str, ...]


EMPTY_SNAPSHOT: Final = Snapshot(EMPTY_DIGEST, (), ())


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """What two trees do not share. A folder that only one has stands for all that is in it."""

    our_unique_files: tuple[str, ...] = ()
    our_unique_dirs: tuple[str, ...] = ()
    their_unique_files: tuple[str, ...] = ()
    their_unique_dirs: tuple[str, ...] = ()
    changed_files: tuple[str, ...] = ()


# ---------------------------------------------------------------- what is in a tree


@dataclass(frozen=True, slots=True, init=False)
class DigestContents:
    """The files of a digest with their content, sorted by path. Links are followed."""

    items: tuple[FileContent, ...]

    def __init__(self, items: Iterable[FileContent] = ()) -> None:
        object.__setattr__(self, "items", tuple(items))

    def __iter__(self) -> Iterator[FileContent]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, position: int) -> FileContent:
        return self.items[position]


@dataclass(frozen=True, slots=True, init=False)
class DigestEntries:
    """The files, links and empty folders of a digest, sorted by path; `CreateDigest` takes them."""

    items: tuple[Entry, ...]

    def __init__(self, items: Iterable[Entry] = ()) -> None:
        object.__setattr__(self, "items", tuple(items))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, position: int) -> Entry:
        return self.items[position]


@dataclass(frozen=True, slots=True, init=False)
class CreateDigest:
    """A tree to be made. Folders above a path are made too. Nothing is written to the disk."""

    items: tuple[Creatable, ...]

    def __init__(self, items: Iterable[Creatable]) -> None:
        fix = "pass FileContent, FileEntry, SymlinkEntry or Directory, in a list"
        taken = _several(items, "CreateDigest", Creatable, fix=fix)
        object.__setattr__(self, "items", taken)

    def __iter__(self) -> Iterator[Creatable]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


# ---------------------------------------------------------------- what is done with trees


@dataclass(frozen=True, slots=True, init=False)
class MergeDigests:
    """All files of several trees; one path with two contents is an error.

    Attributes:
        digests: sorted, without repetition, since neither matters.
    """

    digests: tuple[Digest, ...]

    def __init__(self, digests: Iterable[Digest]) -> None:
        taken = _several(digests, "MergeDigests", Digest, fix="pass digests, in a list")
        ordered = sorted(set(taken), key=lambda digest: digest.fingerprint)
        object.__setattr__(self, "digests", tuple(ordered))


@dataclass(frozen=True, slots=True)
class DigestSubset:
    """The part of a tree that globs match. Links are not followed."""

    digest: Digest
    globs: PathGlobs

    def __post_init__(self) -> None:
        _check_digest(self.digest, "DigestSubset")
        if not isinstance(self.globs, PathGlobs):
            raise ParamError(
                f"the globs of DigestSubset are a {type(self.globs).__name__}",
                fix='pass PathGlobs(["*.txt"])',
            )


@dataclass(frozen=True, slots=True)
class AddPrefix:
    """A tree, put into a folder. With "" it stays as it is."""

    digest: Digest
    prefix: str

    def __post_init__(self) -> None:
        _check_digest(self.digest, "AddPrefix")
        prefix = relative_path(self.prefix, "the prefix of AddPrefix", may_be_root=True)
        object.__setattr__(self, "prefix", prefix)


@dataclass(frozen=True, slots=True)
class RemovePrefix:
    """The content of a folder, which everything in the tree must be below."""

    digest: Digest
    prefix: str

    def __post_init__(self) -> None:
        _check_digest(self.digest, "RemovePrefix")
        prefix = relative_path(self.prefix, "the prefix of RemovePrefix", may_be_root=True)
        object.__setattr__(self, "prefix", prefix)


T = TypeVar("T")


def _several(
    values: Iterable[T], what: str, cls: type[T] | UnionType, *, fix: str
) -> tuple[T, ...]:
    """The values, all of `cls`, which may be a union of classes."""
    name = type(values).__name__
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ParamError(f"{what} takes several, not one {name}", fix=fix)
    taken = tuple(values)
    for value in taken:
        if not isinstance(value, cls):
            raise ParamError(f"{what} takes no {type(value).__name__}", fix=fix)
    return taken


def _check_member(value: object, cls: type[Enum], what: str) -> None:
    if not isinstance(value, cls):
        names = ", ".join(f"{cls.__name__}.{member.name}" for member in cls)
        raise ParamError(
            f"PathGlobs does not know what to do with {what}: {value!r:.80}", fix=f"pass {names}"
        )


def _check_digest(digest: object, what: str) -> None:
    if not isinstance(digest, Digest):
        fix = "pass a Digest"
        if isinstance(digest, Snapshot):
            fix = "pass snapshot.digest"
        raise ParamError(f"{what} takes no {type(digest).__name__}", fix=fix)
