"""Functions that read the world behind the back of fingerprints, as a clock or a network would.

Knows: how fingerprints tell a library's function, of which they follow neither what it reads nor
       what it closes over: by the module that its globals say they are of.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


def outside(function: _F) -> _F:
    """The same function, as if a library's: what it does may change without its meaning."""
    code: CodeType = _call.__code__.replace(
        co_name=function.__name__, co_qualname=function.__qualname__
    )
    namespace = {"__name__": "wfnb.outside", "_hidden": function}
    return FunctionType(code, namespace, function.__name__)  # type: ignore[return-value]


def _call(*args: Any, **kwargs: Any) -> Any:
    return _hidden(*args, **kwargs)  # type: ignore[name-defined]  # noqa: F821  # in its namespace
