"""wfnb: typed rules, wired and checked before they run, remembered exactly, in a notebook.

    rules/       DECLARE   a function becomes an immutable rule
    rulegraph/   SOLVE     types only: can every request be answered, and by whom
    taskgraph/   RUN       tasks: memo, dirty and clean, the driver, workers
    hashing/     KEYS      of params, equality of products, fingerprints of rules
    intrinsics/  TOUCH     files, processes, environment, downloads, consoles
    events/      TELL      what happened, as plain data for whoever watches
    watching/    LOOK      an engine is looked at, and told in events
    testing/     PROVE     rules in plain pytest
    notebook/    CELLS     the extension: `%load_ext wfnb`
    storyfiles.py  a recorded request as a file, a page or a trace
    engine.py    puts the parts together; insight.py is its half that runs nothing, watched.py the
                 one that tells what runs
    current.py   the engine of this notebook

Importing this imports neither IPython nor networkx.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from wfnb.asking import Deterministic
from wfnb.current import current_engine, set_current_engine
from wfnb.engine import Engine
from wfnb.errors import (
    AwaitError,
    BlockingRequestError,
    CallerError,
    CycleError,
    DefinitionError,
    DownloadError,
    EffectError,
    FileError,
    GoalFailed,
    MagicError,
    MutationError,
    MutationWarning,
    ParamError,
    ProcessError,
    ProductError,
    RequestError,
    RequestInterrupted,
    SettingError,
    SignatureError,
    UnionError,
    WfnbBug,
    WfnbError,
    WiringError,
    WorldError,
)
from wfnb.intrinsics.console import Console
from wfnb.intrinsics.workspace import Workspace
from wfnb.rulegraph.codes import Diagnostic
from wfnb.rules.declare import goal_rule, rule
from wfnb.rules.goals import Goal
from wfnb.rules.requests import Get, MultiGet
from wfnb.rules.rule import Rule
from wfnb.rules.unions import QueryRule, UnionMembership, UnionRule, union

if TYPE_CHECKING:
    from wfnb.intrinsics.downloads import DownloadFile
    from wfnb.intrinsics.environment import EnvironmentVars, EnvironmentVarsRequest
    from wfnb.intrinsics.files import (
        EMPTY_DIGEST,
        EMPTY_SNAPSHOT,
        AddPrefix,
        CreateDigest,
        Digest,
        DigestContents,
        DigestEntries,
        DigestSubset,
        Directory,
        FileContent,
        FileDigest,
        FileEntry,
        GlobExpansionConjunction,
        GlobMatchErrorBehavior,
        MergeDigests,
        PathGlobs,
        Paths,
        RemovePrefix,
        Snapshot,
        SnapshotDiff,
        SymlinkEntry,
    )
    from wfnb.intrinsics.processes import (
        FallibleProcessResult,
        Process,
        ProcessCacheScope,
        ProcessExecutionFailure,
        ProcessResult,
    )
    from wfnb.storyfiles import open_story, save_story

_T = TypeVar("_T")
_G = TypeVar("_G", bound=Goal)

__version__ = "0.1.0"


# Files and processes cost half as much again as all the rest: imported when first named.
_LATE = {
    "AddPrefix": "intrinsics.files",
    "CreateDigest": "intrinsics.files",
    "Digest": "intrinsics.files",
    "DigestContents": "intrinsics.files",
    "DigestEntries": "intrinsics.files",
    "DigestSubset": "intrinsics.files",
    "Directory": "intrinsics.files",
    "EMPTY_DIGEST": "intrinsics.files",
    "EMPTY_SNAPSHOT": "intrinsics.files",
    "FileContent": "intrinsics.files",
    "FileDigest": "intrinsics.files",
    "FileEntry": "intrinsics.files",
    "GlobExpansionConjunction": "intrinsics.files",
    "GlobMatchErrorBehavior": "intrinsics.files",
    "MergeDigests": "intrinsics.files",
    "PathGlobs": "intrinsics.files",
    "Paths": "intrinsics.files",
    "RemovePrefix": "intrinsics.files",
    "Snapshot": "intrinsics.files",
    "SnapshotDiff": "intrinsics.files",
    "SymlinkEntry": "intrinsics.files",
    "FallibleProcessResult": "intrinsics.processes",
    "Process": "intrinsics.processes",
    "ProcessCacheScope": "intrinsics.processes",
    "ProcessExecutionFailure": "intrinsics.processes",
    "ProcessResult": "intrinsics.processes",
    "EnvironmentVars": "intrinsics.environment",
    "EnvironmentVarsRequest": "intrinsics.environment",
    "DownloadFile": "intrinsics.downloads",
    "open_story": "storyfiles",
    "save_story": "storyfiles",
}


def __getattr__(name: str) -> Any:
    module = _LATE.get(name)
    if module is None:
        raise AttributeError(f"module 'wfnb' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"wfnb.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})


def request(product: type[_T], *params: object) -> _T:
    """Make `product` from `params`, or find it made: `request(Gallery, Folder("photos"))`.

    Rules that are defined make it. Only what was not made before runs, and what a change since
    can have touched.

    Args:
        product: the class that is wanted. A goal is not requested, but run.
        params: values that rules may take, at most one of each class, matched by exactly that
            class. They are frozen dataclasses, texts, numbers, tables, arrays: what has a value
            that can be compared. One that no rule takes is left aside.

    Returns:
        What its rule returned: the same object each time, while it is remembered. Work on a copy.

    Raises:
        WiringError: the rules cannot make it from these params, or could in several ways.
        ParamError: a value that cannot be a param, or two of one class.
        CallerError: `product` is no class, or a goal.
        BlockingRequestError: asked inside a rule (`await Get(…)`) or a coroutine (`arequest`).
        RequestInterrupted: it was interrupted; what had finished is kept.
        Exception: what a rule raised, with notes on how the request came there.

    It is asked of `current_engine()`.
    """
    __tracebackhide__ = True
    return current_engine().request(product, *params)


def run(goal: type[_G] | str, *params: object) -> _G:
    """Run a goal: `run(PublishSite, Folder("site"))`.

    Its effects happen each time; what it stands on is remembered, as by `request`.

    Args:
        goal: the class derived from `Goal`, or its name in lower case, as in "publish-site".
        params: as of `request`. What only goals may take, as a `Console`, is passed by itself.

    Returns:
        What its rule returned; `exit_code` says how it went.

    Raises:
        CallerError: there is no such goal.
        Exception: as `request`.

    It is asked of `current_engine()`.
    """
    __tracebackhide__ = True
    return current_engine().run(goal, *params)


async def arequest(product: type[_T], *params: object) -> _T:
    """Make `product` from `params` where one may await: `await arequest(Gallery, folder)`.

    The same as `request`, for a coroutine or a cell: rules run on another thread, and the event
    loop stays free for other things.

    Raises:
        BlockingRequestError: asked inside a rule, where `await Get(…)` is what to write.
        Exception: as `request`.
    """
    __tracebackhide__ = True
    return await current_engine().arequest(product, *params)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext wfnb` calls."""
    from wfnb.notebook import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext wfnb` calls."""
    from wfnb.notebook import unload

    unload(shell)


__all__ = [
    "EMPTY_DIGEST",
    "EMPTY_SNAPSHOT",
    "AddPrefix",
    "AwaitError",
    "BlockingRequestError",
    "CallerError",
    "Console",
    "CreateDigest",
    "CycleError",
    "DefinitionError",
    "Deterministic",
    "Diagnostic",
    "Digest",
    "DigestContents",
    "DigestEntries",
    "DigestSubset",
    "Directory",
    "DownloadError",
    "DownloadFile",
    "EffectError",
    "Engine",
    "EnvironmentVars",
    "EnvironmentVarsRequest",
    "FallibleProcessResult",
    "FileContent",
    "FileDigest",
    "FileEntry",
    "FileError",
    "Get",
    "GlobExpansionConjunction",
    "GlobMatchErrorBehavior",
    "Goal",
    "GoalFailed",
    "MagicError",
    "MergeDigests",
    "MultiGet",
    "MutationError",
    "MutationWarning",
    "ParamError",
    "PathGlobs",
    "Paths",
    "Process",
    "ProcessCacheScope",
    "ProcessError",
    "ProcessExecutionFailure",
    "ProcessResult",
    "ProductError",
    "QueryRule",
    "RemovePrefix",
    "RequestError",
    "RequestInterrupted",
    "Rule",
    "SettingError",
    "SignatureError",
    "Snapshot",
    "SnapshotDiff",
    "SymlinkEntry",
    "UnionError",
    "UnionMembership",
    "UnionRule",
    "WfnbBug",
    "WfnbError",
    "WiringError",
    "Workspace",
    "WorldError",
    "arequest",
    "current_engine",
    "goal_rule",
    "open_story",
    "request",
    "rule",
    "run",
    "save_story",
    "set_current_engine",
    "union",
]


def _name_as_public() -> None:
    """Public names carry the module they are imported from."""
    everything: dict[str, Any] = globals()
    for name in __all__:
        value = everything.get(name)  # None for one that is imported when first named
        if isinstance(value, type) or callable(value):
            try:
                value.__module__ = "wfnb"
            except (AttributeError, TypeError):
                continue


_name_as_public()
