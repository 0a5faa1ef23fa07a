"""Globs that match nothing, and what follows.

Knows: what a request said about them. Does not know: where was looked: on the disk or in a digest.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection

from wfnb.errors import FileError
from wfnb.intrinsics.files import (
    GlobExpansionConjunction,
    GlobMatchErrorBehavior,
    PathGlobs,
    UnmatchedGlobWarning,
)
from wfnb.intrinsics.globs import Globs
from wfnb.intrinsics.paths import shown


def report_unmatched(path_globs: PathGlobs, globs: Globs, matched: Collection[int]) -> None:
    """Do what the globs ask for when they match nothing.

    Raises:
        FileError: if it is an error.
    """
    behavior = path_globs.glob_match_error_behavior
    if behavior is GlobMatchErrorBehavior.ignore or len(matched) == len(globs.includes):
        return
    is_any = path_globs.conjunction is GlobExpansionConjunction.any_match
    if is_any and (matched or not globs.includes):
        return
    missing = [glob for number, glob in enumerate(globs.includes) if number not in matched]
    error = _unmatched_error(path_globs, globs, missing)
    if behavior is GlobMatchErrorBehavior.error:
        raise error
    warnings.warn(UnmatchedGlobWarning(str(error)), stacklevel=2)


def _unmatched_error(path_globs: PathGlobs, globs: Globs, missing: list[str]) -> FileError:
    is_one = len(missing) == 1
    count = "1 glob matches" if is_one else f"{len(missing)} globs match"
    quoted = ", ".join(f'"{shown(glob)}"' for glob in missing)
    why = []
    if globs.excludes:
        why.append("excluded: " + ", ".join(f'"{shown(glob)}"' for glob in globs.excludes))
    if any("{" in glob for glob in missing):
        why.append("braces mean nothing here: write one pattern for each")
    return FileError(
        f"{count} nothing, from {path_globs.description_of_origin}: {quoted}",
        why=why,
        fix=f"correct the {'pattern' if is_one else 'patterns'}, "
        "or ask for GlobMatchErrorBehavior.ignore",
    )
