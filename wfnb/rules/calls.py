"""Reading calls and awaits: where requests are made, handed on and answered.

Knows: the callees that mean a request, and the builtins that pass values through.
Does not know: what is inside other functions (`walk.py` follows them).
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import sys
import typing
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType, NoneType
from typing import Any

from wfnb.rules import problems
from wfnb.rules.asked import Argument, Asked, source
from wfnb.rules.call_forms import BatchReader, CallReader
from wfnb.rules.expressions import Expressions
from wfnb.rules.get_forms import GetReader
from wfnb.rules.requests import Get, MultiGet
from wfnb.rules.rule import Rule
from wfnb.rules.scope import Local
from wfnb.rules.shapes import (
    UNKNOWN,
    Asks,
    Bound,
    Each,
    Either,
    Foreign,
    Is,
    Missing,
    Of,
    Row,
    Shape,
    Unknown,
    item_of,
    join,
)

_COROUTINE = 0x80
_LOOPS = ("asyncio", "_asyncio")
_MOST_WRAPPERS = 20
_WRAPPERS = (FunctionType, type(functools.cache(len)))
_PLAIN = frozenset(map(id, (int, float, str, bytes, bool, complex, dict, NoneType)))
# by id: a class may have a metaclass whose values cannot be hashed
_SAME_ITEMS = frozenset(map(id, (list, tuple)))
_SOME_ITEMS = frozenset(map(id, (set, frozenset, sorted, reversed, iter)))
_COLLECTIONS = frozenset(map(id, (list, tuple, set, frozenset)))


class Calls(Expressions, ABC):
    """Reads expressions with calls in them, adding what they ask for to `asked`."""

    # ------------------------------------------------------------ for walk.py

    @abstractmethod
    def follow(
        self, function: FunctionType, owner: Shape | None, arguments: Sequence[Argument]
    ) -> Shape:
        """Read what a helper asks for; the shape of what calling it gives."""

    @abstractmethod
    def follow_local(self, local: Local, arguments: Sequence[Argument]) -> Shape:
        """The same for a function that is defined inside the body."""

    # ------------------------------------------------------------ awaiting

    def _await(self, node: ast.Await) -> Shape:
        shape = self.read(node.value)
        self.scope.made.pop(node.value, None)
        if isinstance(shape, Asks):
            return shape.answer
        if isinstance(shape, Either) and all(isinstance(o, Asks) for o in shape.options):
            return join(o.answer for o in shape.options if isinstance(o, Asks))
        self._check_awaited(node, shape)
        return UNKNOWN

    def _check_awaited(self, node: ast.Await, shape: Shape) -> None:
        text = source(node.value)
        if isinstance(shape, Of) and shape.cls.__module__.partition(".")[0] in _LOOPS:
            shape = Foreign(f"asyncio.{shape.cls.__qualname__}")
        if isinstance(shape, Foreign):
            self._problem(
                problems.FOREIGN_AWAIT,
                node,
                f"{text} is no request: {shape.name} needs an event loop, "
                "and rules are run without one",
                "call blocking code directly (other rules run meanwhile), "
                "or put it in a rule of its own and Get that",
            )
        elif isinstance(shape, Missing):
            self.asked.missing(self.scope.filename, node, shape.name, self.scope.known)
        elif isinstance(shape, Is) and isinstance(shape.value, Rule):
            self._problem(
                problems.FOREIGN_AWAIT,
                node,
                f"{text} is a rule that was not called",
                f"call it: await {text}(value, …)",
            )
        elif isinstance(shape, Row | Each):
            self._problem(
                problems.FOREIGN_AWAIT,
                node,
                f"{text} is several requests, which cannot be awaited as they are",
                "await MultiGet(…) of them",
            )
        elif isinstance(shape, Of) and shape.exact and not hasattr(shape.cls, "__await__"):
            self._problem(
                problems.FOREIGN_AWAIT, node, f"{text} is a value, not a request", "drop the await"
            )
        elif isinstance(node.value, ast.Call) and isinstance(shape, Unknown):
            self._problem(
                problems.OPEN_HELPER,
                node,
                f"what {text} asks for is known only when it runs",
                "nothing, if that is meant; helpers that are plain names are seen at once",
            )

    def _problem(self, code: str, node: ast.AST, message: str, fix: str) -> None:
        self.asked.problem(code, self.scope.filename, node, message, fix)

    # ------------------------------------------------------------ calls

    def _call(self, node: ast.Call) -> Shape:
        function = node.func
        if isinstance(function, ast.Name):  # calling an inner function is not letting it escape
            callee = self.scope.find(function.id)
        else:
            callee = self.read(function)
        value = callee.value if isinstance(callee, Is) else None
        if value is Get:
            self.scope.made[node] = node
            return self._get(node)
        arguments = self._arguments(node)
        if isinstance(callee, Is):
            return self._call_object(node, value, arguments)
        if isinstance(callee, Local):
            return self.follow_local(callee, arguments)
        if isinstance(callee, Bound):
            return self._call_function(callee.function.value, callee.owner, arguments)
        if isinstance(callee, Missing):
            if callee.name in ("Get", "MultiGet"):
                self.asked.missing(self.scope.filename, node, callee.name, self.scope.known)
                return Asks(UNKNOWN)
            return callee
        self._note_append(node, arguments)
        return UNKNOWN

    def _arguments(self, node: ast.Call) -> list[Argument]:
        arguments = [Argument(arg, self.read(arg)) for arg in node.args]
        for keyword in node.keywords:
            self.read(keyword.value)
        return arguments

    def _get(self, node: ast.Call) -> Shape:
        pairs = None
        if len(node.args) == 2 and isinstance(node.args[1], ast.Dict):
            product = Argument(node.args[0], self.read(node.args[0]))
            written = node.args[1]
            if None not in written.keys:
                pairs = [
                    (Argument(key, self.read(key)), Argument(value, self.read(value)))
                    for key, value in zip(written.keys, written.values, strict=True)
                    if key is not None
                ]
            arguments = [product, Argument(written, Of(dict, exact=True))]
        else:
            arguments = self._arguments(node)
        return GetReader(*self._place_of(node)).read(arguments, pairs)

    def _place_of(self, node: ast.Call) -> tuple[Asked, str, ast.Call, Callable[[], list[str]]]:
        return self.asked, self.scope.filename, node, self.scope.known

    def _call_object(self, node: ast.Call, value: Any, arguments: list[Argument]) -> Shape:
        if isinstance(value, Rule):
            self.scope.made[node] = node
            return CallReader(*self._place_of(node)).read(value, arguments)
        if value is MultiGet:
            self._take_together(node.args)
            self.scope.made[node] = node
            return BatchReader(*self._place_of(node)).read(arguments)
        passed = self._passed_through(value, arguments)
        if passed is not None:
            return passed
        if isinstance(value, type):
            if value is type:
                return Of(type)
            maker: object = value.__new__
            is_plain = type(value) is type and maker is object.__new__
            return Of(value, exact=is_plain or id(value) in _PLAIN)
        return self._call_function(value, None, arguments)

    def _call_function(
        self, function: Any, owner: Shape | None, arguments: list[Argument]
    ) -> Shape:
        if type(function) is MethodType:
            owner, function = Is(function.__self__), function.__func__
        for _ in range(_MOST_WRAPPERS):
            if type(function) not in _WRAPPERS or "__wrapped__" not in function.__dict__:
                break
            function = function.__wrapped__
        if type(function) is not FunctionType:  # nothing else can be trusted not to run code
            return UNKNOWN
        package = (function.__module__ or "").partition(".")[0]
        if package not in sys.stdlib_module_names:
            return self.follow(function, owner, arguments)
        if package == "asyncio" or function.__code__.co_flags & _COROUTINE:
            return Foreign(f"{package}.{function.__qualname__}")
        return UNKNOWN

    def _take_together(self, arguments: Sequence[ast.expr]) -> None:
        """A batch awaits the requests that are made in it."""
        for argument in arguments:
            inner = argument.value if isinstance(argument, ast.Starred) else argument
            if isinstance(inner, ast.GeneratorExp | ast.ListComp):
                inner = inner.elt
            self.scope.made.pop(inner, None)

    def _passed_through(self, value: Any, arguments: list[Argument]) -> Shape | None:
        """What builtins that hand on their arguments give."""
        if not arguments:
            return Row(()) if id(value) in _COLLECTIONS else None
        first = arguments[0].shape
        if id(value) in _SAME_ITEMS:
            return first if isinstance(first, Row) else Each(item_of(first))
        if id(value) in _SOME_ITEMS:
            return Each(item_of(first))
        if value is enumerate:
            return Each(Row((Of(int, exact=True), item_of(first))))
        if value is zip:
            return Each(Row(tuple([item_of(argument.shape) for argument in arguments])))
        if value is dataclasses.replace:
            return first
        if len(arguments) < 2:
            return None
        if value is map:
            items = [Argument(arg.node, item_of(arg.shape)) for arg in arguments[1:]]
            return Each(self._call_shape(first, items))
        if value is filter:
            return Each(item_of(arguments[1].shape))
        if value is typing.cast and isinstance(first, Is) and isinstance(first.value, type):
            return Of(first.value)
        return None

    def _call_shape(self, callee: Shape, arguments: list[Argument]) -> Shape:
        if isinstance(callee, Local):
            return self.follow_local(callee, arguments)
        if isinstance(callee, Bound):
            return self._call_function(callee.function.value, callee.owner, arguments)
        if isinstance(callee, Is):
            if isinstance(callee.value, Rule):
                return UNKNOWN
            if isinstance(callee.value, type):
                return Of(callee.value)
            return self._call_function(callee.value, None, arguments)
        return UNKNOWN

    def _note_append(self, node: ast.Call, arguments: list[Argument]) -> None:
        """`gets.append(Get(...))` adds to what is known about the list."""
        function = node.func
        if not (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and len(arguments) == 1
            and function.attr in ("append", "add", "extend", "update")
        ):
            return
        shapes = self.scope.shapes
        known = shapes.get(function.value.id)
        if not isinstance(known, Row | Each):
            return
        added = arguments[0].shape
        if function.attr in ("extend", "update"):
            added = item_of(added)
        shapes[function.value.id] = Each(
            added if known == Row(()) else join([item_of(known), added])
        )


Calls.readers = {**Expressions.readers, ast.Await: Calls._await, ast.Call: Calls._call}
