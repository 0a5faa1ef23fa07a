"""wfnb: typed rules, wired and checked before they run, remembered exactly, in a notebook.

    rules/       DECLARE   a function becomes an immutable rule
    rulegraph/   SOLVE     types only: can every request be answered, and by whom
    taskgraph/   RUN       tasks: memo, dirty and clean, the driver, workers
    hashing/     KEYS      of params, equality of products, fingerprints of rules
    notebook/    CELLS     the extension: `%load_ext wfnb`
    engine.py    puts the parts together

Importing this imports neither IPython nor networkx.
"""

from __future__ import annotations

from typing import Any, TypeVar

from wfnb.engine import Deterministic, Engine, current_engine, set_current_engine
from wfnb.errors import (
    AwaitError,
    BlockingRequestError,
    CallerError,
    CycleError,
    DefinitionError,
    EffectError,
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
from wfnb.rulegraph.codes import Diagnostic
from wfnb.rules.declare import goal_rule, rule
from wfnb.rules.goals import Goal
from wfnb.rules.requests import Get, MultiGet
from wfnb.rules.rule import Rule
from wfnb.rules.unions import QueryRule, UnionMembership, UnionRule, union

_T = TypeVar("_T")
_G = TypeVar("_G", bound=Goal)

__version__ = "0.1.0"


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
