"""Declaring rules: the decorator, and who listens to it.

Knows: what may be decorated, and with which keywords.
Does not know: engines. A rule is a value; whoever listens registers it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NoReturn, Protocol, TypeVar, overload

from wfnb.errors import SignatureError
from wfnb.rules.annotations import caller_outside
from wfnb.rules.rule import Rule, innermost_of, place_of_def
from wfnb.rules.signature import check_effects, read_signature
from wfnb.rules.wording import nearest, place_of_caller, plain_qualname, short_value, type_name

T = TypeVar("T")

_GENERATOR = 0x20
_COROUTINE = 0x80
_ASYNC_GENERATOR = 0x200
_KEYWORDS = ("desc", "cacheable", "persist")

Listener = Callable[[Rule], object]
_listeners: tuple[Listener, ...] = ()


class RuleDecorator(Protocol):
    """What `rule(desc=…)` gives: still to be put on a function."""

    @overload
    def __call__(self, function: Callable[..., Coroutine[Any, Any, T]], /) -> Rule[T]: ...
    @overload
    def __call__(self, function: Callable[..., T], /) -> Rule[T]: ...


@overload
def rule(function: Callable[..., Coroutine[Any, Any, T]], /) -> Rule[T]: ...
@overload
def rule(function: Callable[..., T], /) -> Rule[T]: ...
@overload
def rule(
    *, desc: str | None = None, cacheable: bool = True, persist: bool | None = None
) -> RuleDecorator: ...


def rule(
    function: Any = None,
    /,
    *,
    desc: str | None = None,
    cacheable: bool = True,
    persist: bool | None = None,
    **unknown: Any,
) -> Any:
    """Make a function a rule: its parameters are asked for by class, what it returns is a product.

    Works on `def` and `async def`, bare or with keywords.

    Args:
        function: each parameter and the return value annotated with a class.
        desc: what it does, for people; shown while it runs.
        cacheable: False runs it once per session instead of remembering what it made.
        persist: whether what it made goes to disk; None goes by what it cost.

    Raises:
        SignatureError: it is no function, its signature cannot be wired, an unknown keyword.
    """
    if unknown:
        _refuse_keyword(next(iter(unknown)))
    _check_keywords(desc, cacheable, persist)
    if function is None:
        return functools.partial(_declare, desc=desc, cacheable=cacheable, persist=persist)
    return _declare(function, desc=desc, cacheable=cacheable, persist=persist)


@overload
def goal_rule(function: Callable[..., Coroutine[Any, Any, T]], /) -> Rule[T]: ...
@overload
def goal_rule(function: Callable[..., T], /) -> Rule[T]: ...
@overload
def goal_rule(*, desc: str | None = None) -> RuleDecorator: ...


def goal_rule(function: Any = None, /, *, desc: str | None = None, **unknown: Any) -> Any:
    """Make a function the rule of a goal: it may have effects, and runs whenever it is asked to.

    Args:
        function: returns a `Goal`; may take a `Console` and the like besides other params.
        desc: what it does, for people; shown where goals are listed.

    Raises:
        SignatureError: as `rule`; or it returns no goal.
    """
    if unknown:
        _refuse_goal_keyword(next(iter(unknown)))
    _check_keywords(desc, True, None, "@goal_rule")
    if function is None:
        return functools.partial(_declare_goal, desc=desc)
    return _declare_goal(function, desc=desc)


def on_declare(listener: Listener) -> Callable[[], None]:
    """Call `listener` with each rule as soon as it is declared, on the declaring thread.

    Returns:
        A function that stops it; it may be called twice.
    """
    global _listeners
    _listeners = (*_listeners, listener)

    def remove() -> None:
        global _listeners
        _listeners = tuple([other for other in _listeners if other is not listener])

    return remove


def _declare_goal(function: Any, *, desc: str | None) -> Rule:
    return _declare(function, desc=desc, cacheable=False, persist=False, is_goal=True)


def _declare(
    function: Any,
    *,
    desc: str | None,
    cacheable: bool,
    persist: bool | None,
    is_goal: bool = False,
) -> Rule:
    if type(function) is not FunctionType:
        _refuse_object(function)
    innermost = function
    is_async = bool(function.__code__.co_flags & _COROUTINE)
    if hasattr(function, "__wrapped__"):
        innermost, is_async = _unwrap(function)
    _check_code(innermost)
    signature = read_signature(innermost, caller_outside("wfnb.rules."))
    check_effects(innermost, signature, is_goal=is_goal)
    declared = Rule(
        function,
        innermost,
        signature.product,
        signature.params,
        is_async=is_async,
        desc=desc,
        cacheable=cacheable,
        persist=persist,
        is_goal=is_goal,
    )
    for listener in _listeners:
        listener(declared)
    return declared


def _unwrap(function: FunctionType) -> tuple[FunctionType, bool]:
    """The innermost function, and whether calling the outermost gives a coroutine."""
    is_async = False
    layer: Any = function
    while True:
        if isinstance(layer, Rule):
            _refuse(
                f"@rule was put on a function that wraps the rule {layer.name}",
                f"put @rule above the other decorators of {layer.name}",
            )
        if isinstance(layer, FunctionType):
            is_async = is_async or bool(layer.__code__.co_flags & _COROUTINE)
        inner = getattr(layer, "__wrapped__", None)
        if inner is None:
            break
        layer = inner
    if not isinstance(layer, FunctionType):
        _refuse_object(layer)
    return innermost_of(function), is_async


def _check_code(function: FunctionType) -> None:
    flags = function.__code__.co_flags
    name = plain_qualname(function.__qualname__)
    if function.__name__ == "<lambda>":
        raise SignatureError(
            "@rule was put on a lambda, which has neither name nor annotations",
            place=place_of_def(function.__code__),
            fix="write a def, with a class for each parameter and for what it returns",
        )
    if flags & (_GENERATOR | _ASYNC_GENERATOR):
        kind = "an async generator" if flags & _ASYNC_GENERATOR else "a generator"
        raise SignatureError(
            f"rule {name} is {kind}: it yields, and a rule returns one value",
            place=place_of_def(function.__code__),
            fix="collect the values and return them in a small frozen dataclass",
        )


def _check_keywords(
    desc: object, cacheable: object, persist: object, decorator: str = "@rule"
) -> None:
    if desc is not None and not isinstance(desc, str):
        _refuse(
            f"{decorator}(desc={short_value(desc)}): desc is no text",
            f"write {decorator}(desc='…')",
        )
    if not isinstance(cacheable, bool):
        _refuse(
            f"@rule(cacheable={short_value(cacheable)}): cacheable is True or False",
            "write cacheable=False to run it once per session",
        )
    if persist is not None and not isinstance(persist, bool):
        _refuse(
            f"@rule(persist={short_value(persist)}): persist is True, False or None",
            "leave it out to go by what the rule costs",
        )


def _refuse_keyword(name: str) -> NoReturn:
    meant = nearest(name, _KEYWORDS)
    accepted = "@rule accepts desc=, cacheable= and persist="
    raise SignatureError(
        f"@rule has no keyword {name}",
        place=place_of_caller(),
        why=[accepted],
        fix=f"did you mean {meant}=?" if meant else "leave it out",
    )


def _refuse_goal_keyword(name: str) -> NoReturn:
    if name in _KEYWORDS:
        why, fix = "a goal runs whenever it is asked to, so nothing is kept of it", "leave it out"
    else:
        why = "@goal_rule accepts desc="
        fix = "did you mean desc=?" if nearest(name, ("desc",)) else "leave it out"
    raise SignatureError(
        f"@goal_rule has no keyword {name}", place=place_of_caller(), why=[why], fix=fix
    )


def _refuse_object(value: Any) -> NoReturn:
    """Say why this cannot be a rule."""
    if isinstance(value, Rule):
        _refuse(f"{value.name} is a rule already", "put @rule on it once")
    if isinstance(value, type):
        name = type_name(value)
        _refuse(
            f"@rule was put on the class {name}",
            f"write a function that returns {name}, and put @rule on that",
        )
    if isinstance(value, staticmethod | classmethod):
        kind = type(value).__name__
        name = plain_qualname(value.__func__.__qualname__)
        fix = (
            f"put @staticmethod above @rule, or move {name} out of the class"
            if kind == "staticmethod"
            else f"a rule has no class to be called on: move {name} out of the class"
        )
        _refuse(f"@rule was put on the {kind} {name}", fix)
    if isinstance(value, functools.partial):
        _refuse(
            f"@rule was put on a partial of {getattr(value.func, '__name__', 'something')}",
            "write a def that calls it, with a class for each parameter",
        )
    if isinstance(value, MethodType):
        _refuse(
            f"@rule was put on the bound method {plain_qualname(value.__qualname__)}",
            "write a def that calls it, with a class for each parameter",
        )
    if isinstance(value, BuiltinFunctionType):
        _refuse(
            f"@rule was put on {value.__name__}, which is not written in Python",
            "write a def that calls it, with a class for each parameter",
        )
    if callable(value):
        _refuse(
            f"@rule was put on {short_value(value)}, which is no function",
            "put @rule directly on a def; other decorators below it must use functools.wraps",
        )
    if isinstance(value, str):
        _refuse(
            f"@rule was given {short_value(value)}, which is no function",
            "a description goes by keyword: @rule(desc='…')",
        )
    _refuse(f"@rule was given {short_value(value)}, which is no function", "put @rule on a def")


def _refuse(what: str, fix: str) -> NoReturn:
    raise SignatureError(what, place=place_of_caller(), fix=fix)
