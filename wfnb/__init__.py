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
    engine.py    puts the parts together
    current.py   the engine of this notebook

Importing this imports neither IPython nor networkx.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from wfnb.current import current_engine, set_current_engine
from wfnb.engine import Deterministic, Engine
from wfnb.errors import (
    AwaitError,
    BlockingRequestError,
    CallerError,
    CycleError,
    DefinitionError,
    EffectError,
    GoalFailed,
    MagicError,
    MutationError,
    MutationWarning,
    ParamError,
    ProductError,
    RequestError,
    RequestInterrupted,
    SignatureError,
    UnionError,
    WfnbBug,
    WfnbError,
    WiringError,
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
    from wfnb.intrinsics.downloads import (
        DownloadFile as DownloadFile,
    )
    from wfnb.intrinsics.environment import (
        EnvironmentVars as EnvironmentVars,
    )
    from wfnb.intrinsics.environment import (
        EnvironmentVarsRequest as EnvironmentVarsRequest,
    )
    from wfnb.intrinsics.files import (
        EMPTY_DIGEST as EMPTY_DIGEST,
    )
    from wfnb.intrinsics.files import (
        EMPTY_SNAPSHOT as EMPTY_SNAPSHOT,
    )
    from wfnb.intrinsics.files import (
        AddPrefix as AddPrefix,
    )
    from wfnb.intrinsics.files import (
        CreateDigest as CreateDigest,
    )
    from wfnb.intrinsics.files import (
        Digest as Digest,
    )
    from wfnb.intrinsics.files import (
        DigestContents as DigestContents,
    )
    from wfnb.intrinsics.files import (
        DigestEntries as DigestEntries,
    )
    from wfnb.intrinsics.files import (
        DigestSubset as DigestSubset,
    )
    from wfnb.intrinsics.files import (
        Directory as Directory,
    )
    from wfnb.intrinsics.files import (
        FileContent as FileContent,
    )
    from wfnb.intrinsics.files import (
        FileDigest as FileDigest,
    )
    from wfnb.intrinsics.files import (
        FileEntry as FileEntry,
    )
    from wfnb.intrinsics.files import (
        GlobExpansionConjunction as GlobExpansionConjunction,
    )
    from wfnb.intrinsics.files import (
        GlobMatchErrorBehavior as GlobMatchErrorBehavior,
    )
    from wfnb.intrinsics.files import (
        MergeDigests as MergeDigests,
    )
    from wfnb.intrinsics.files import (
        PathGlobs as PathGlobs,
    )
    from wfnb.intrinsics.files import (
        Paths as Paths,
    )
    from wfnb.intrinsics.files import (
        RemovePrefix as RemovePrefix,
    )
    from wfnb.intrinsics.files import (
        Snapshot as Snapshot,
    )
    from wfnb.intrinsics.files import (
        SnapshotDiff as SnapshotDiff,
    )
    from wfnb.intrinsics.files import (
        SymlinkEntry as SymlinkEntry,
    )
    from wfnb.intrinsics.processes import (
        FallibleProcessResult as FallibleProcessResult,
    )
    from wfnb.intrinsics.processes import (
        Process as Process,
    )
    from wfnb.intrinsics.processes import (
        ProcessCacheScope as ProcessCacheScope,
    )
    from wfnb.intrinsics.processes import (
        ProcessExecutionFailure as ProcessExecutionFailure,
    )
    from wfnb.intrinsics.processes import (
        ProcessResult as ProcessResult,
    )

_T = TypeVar("_T")
_G = TypeVar("_G", bound=Goal)

__version__ = "0.1.0"


# Files and processes cost half as much again as all the rest: imported when first named.
_LATE = {
    "AddPrefix": "files",
    "CreateDigest": "files",
    "Digest": "files",
    "DigestContents": "files",
    "DigestEntries": "files",
    "DigestSubset": "files",
    "Directory": "files",
    "EMPTY_DIGEST": "files",
    "EMPTY_SNAPSHOT": "files",
    "FileContent": "files",
    "FileDigest": "files",
    "FileEntry": "files",
    "GlobExpansionConjunction": "files",
    "GlobMatchErrorBehavior": "files",
    "MergeDigests": "files",
    "PathGlobs": "files",
    "Paths": "files",
    "RemovePrefix": "files",
    "Snapshot": "files",
    "SnapshotDiff": "files",
    "SymlinkEntry": "files",
    "FallibleProcessResult": "processes",
    "Process": "processes",
    "ProcessCacheScope": "processes",
    "ProcessExecutionFailure": "processes",
    "ProcessResult": "processes",
    "EnvironmentVars": "environment",
    "EnvironmentVarsRequest": "environment",
    "DownloadFile": "downloads",
}


def __getattr__(name: str) -> Any:
    module = _LATE.get(name)
    if module is None:
        raise AttributeError(f"module 'wfnb' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"wfnb.intrinsics.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})


def request(product: type[_T], *params: object) -> _T:
    """Make `product` from `params` with the current engine; see `Engine.request`."""
    __tracebackhide__ = True
    return current_engine().request(product, *params)


def run(goal: type[_G] | str, *params: object) -> _G:
    """Run a goal with the current engine; see `Engine.run`."""
    __tracebackhide__ = True
    return current_engine().run(goal, *params)


async def arequest(product: type[_T], *params: object) -> _T:
    """The same from a coroutine or an `await` in a cell; see `Engine.arequest`."""
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
    "AwaitError",
    "BlockingRequestError",
    "CallerError",
    "Console",
    "CycleError",
    "DefinitionError",
    "Deterministic",
    "Diagnostic",
    "EffectError",
    "Engine",
    "Get",
    "Goal",
    "GoalFailed",
    "MagicError",
    "MultiGet",
    "MutationError",
    "MutationWarning",
    "ParamError",
    "ProductError",
    "QueryRule",
    "RequestError",
    "RequestInterrupted",
    "Rule",
    "SignatureError",
    "UnionError",
    "UnionMembership",
    "UnionRule",
    "WfnbBug",
    "WfnbError",
    "WiringError",
    "Workspace",
    "arequest",
    "current_engine",
    "goal_rule",
    "request",
    "rule",
    "run",
    "set_current_engine",
    "union",
]


def _name_as_public() -> None:
    """Public names carry the module they are imported from."""
    everything: dict[str, Any] = globals()
    for name in __all__:
        value = everything[name]
        if isinstance(value, type) or callable(value):
            try:
                value.__module__ = "wfnb"
            except (AttributeError, TypeError):
                continue


_name_as_public()
