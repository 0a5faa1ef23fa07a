"""Following: from a rule's body into the helpers it calls.

Knows: which functions may ask for something, and what is known of their parameters when called.
Does not know: syntax below the level of a function.
Holds: a helper is read once per set of argument shapes, and never from within itself.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CodeType, FunctionType
from typing import Any

from wfnb.hashing.syntax import function_syntax
from wfnb.places import place
from wfnb.rules import problems
from wfnb.rules.asked import Argument, Asked
from wfnb.rules.names import Names, Reads
from wfnb.rules.requests import MultiGet, Request
from wfnb.rules.rule import Rule
from wfnb.rules.scope import Local, Scope
from wfnb.rules.shapes import UNKNOWN, Asks, Each, Is, Of, Shape, Unknown, join
from wfnb.rules.statements import Statements
from wfnb.rules.unawaited import iter_unawaited, tell
from wfnb.rules.wording import plain_qualname

_COROUTINE = 0x80
_ASYNC_GENERATOR = 0x200
_MOST_HELPERS = 500
_DEEPEST = 40
_SEARCH_DEPTH = 4

# by id: a class may have a metaclass whose values cannot be hashed
_VALUE_TAKERS = frozenset(map(id, (str, int, float, bool, len, sum, sorted, format, print)))

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
Function = FunctionDef | ast.Lambda


class Walk(Statements):
    """Reads a rule's function, and with it the helpers it calls."""

    def __init__(self, asked: Asked, reads: Reads) -> None:
        super().__init__(asked)
        self.reads = reads
        self._path: list[Any] = []  # codes and nodes that are being read
        self._known: dict[Any, Shape] = {}
        self._may_ask: dict[CodeType, bool] = {}
        self._count = 0
        self._product: type | None = None

    def read_rule(
        self, function: FunctionType, node: Function, types: Sequence[type], product: type
    ) -> None:
        """Read the function of a rule whose parameters are exactly of these types."""
        code = function.__code__
        self._product = product
        scope = Scope(Names(function, self.reads), code.co_filename, _own(code))
        for name, cls in zip(code.co_varnames, types, strict=False):
            scope.shapes[name] = Of(cls, exact=True)
        self._read_in(scope, node, code)

    # ------------------------------------------------------------ functions of modules

    def follow(
        self, function: FunctionType, owner: Shape | None, arguments: Sequence[Argument]
    ) -> Shape:
        code = function.__code__
        is_async = bool(code.co_flags & _COROUTINE)
        names = self.scope.names
        annotations = _annotations(function)
        answer: Shape = Unknown()
        if "return" in annotations:
            answer = names.annotation(annotations["return"], function)
        if is_async or self._may(function, _SEARCH_DEPTH):
            found = self._follow_into(function, owner, arguments)
            if "return" not in annotations or answer in (UNKNOWN, Asks(UNKNOWN)):
                answer = found
        elif "return" not in annotations:
            where = place(code.co_filename, code.co_firstlineno).short
            answer = Unknown(
                f"{plain_qualname(function.__qualname__)} ({where}) has no return annotation"
            )
        return Asks(answer) if is_async else answer

    def _follow_into(
        self, function: FunctionType, owner: Shape | None, arguments: Sequence[Argument]
    ) -> Shape:
        code = function.__code__
        shapes = tuple([argument.shape for argument in arguments])
        key = (code, id(function), owner, shapes)
        known = self._known.get(key)
        if known is not None:
            return known
        if code in self._path or self._is_too_much():
            return UNKNOWN
        node = function_syntax(code)
        if node is None:
            return UNKNOWN
        names = Names(function, self.reads)
        scope = Scope(names, code.co_filename, _own(code))
        self._fill(scope, node.args, owner, arguments)
        for name, annotation in _annotations(function).items():
            if name in scope.own:
                shape = self.scope.names.annotation(annotation, function)
                if shape != UNKNOWN:
                    scope.shapes[name] = shape
        shape = self._known[key] = self._read_in(scope, node, code)
        return shape

    def _is_too_much(self) -> bool:
        self._count += 1
        return self._count > _MOST_HELPERS or len(self._path) > _DEEPEST

    def _may(self, function: FunctionType, depth: int) -> bool:
        """Whether a plain function may make a request, by the names it mentions."""
        code = function.__code__
        known = self._may_ask.get(code)
        if known is None:
            self._may_ask[code] = False  # while looking, for functions that call each other
            known = self._may_ask[code] = self._mentions(code, function, depth)
        return known

    def _mentions(self, code: CodeType, function: FunctionType, depth: int) -> bool:
        names = Names(function, self.reads)
        for name in (*code.co_names, *code.co_freevars):
            if name in ("Get", "MultiGet"):
                return True
            shape = names.find(name)
            value = shape.value if isinstance(shape, Is) else None
            if isinstance(value, Rule):
                return True
            if isinstance(value, type):
                if issubclass(value, Request | MultiGet):
                    return True
            elif (
                depth
                and isinstance(value, FunctionType)
                and value.__globals__ is function.__globals__
                and self._may(value, depth - 1)
            ):
                return True
        return any(
            self._mentions(inner, function, depth)
            for inner in code.co_consts
            if isinstance(inner, CodeType)
        )

    # ------------------------------------------------------------ functions in the body

    def follow_local(self, local: Local, arguments: Sequence[Argument]) -> Shape:
        node = local.node
        is_async = isinstance(node, ast.AsyncFunctionDef)
        key = (node, tuple([argument.shape for argument in arguments]))
        shape = self._known.get(key)
        if shape is None:
            if node in self._path or self._is_too_much():
                return Asks(UNKNOWN) if is_async else UNKNOWN
            scope = Scope(local.scope.names, local.scope.filename, _own_of_node(node), local.scope)
            self._fill(scope, node.args, None, arguments)
            shape = self._read_in(scope, node, None)
            if not isinstance(node, ast.Lambda) and node.returns is not None:
                declared = self.annotation(node.returns)
                shape = declared if declared != UNKNOWN else shape
            self._known[key] = shape
        return Asks(shape) if is_async else shape

    def _fill(
        self,
        scope: Scope,
        parameters: ast.arguments,
        owner: Shape | None,
        arguments: Sequence[Argument],
    ) -> None:
        """Give parameters the shapes of what is passed, or of their annotations."""
        names = [*parameters.posonlyargs, *parameters.args]
        shapes = [argument.shape for argument in arguments]
        if owner is not None:
            shapes.insert(0, owner)
        if any(isinstance(argument.node, ast.Starred) for argument in arguments):
            shapes = []
        for position, parameter in enumerate(names):
            shape: Shape = UNKNOWN
            if position < len(shapes):
                shape = shapes[position]
            if shape == UNKNOWN and scope.outer is not None and parameter.annotation is not None:
                shape = self.annotation(parameter.annotation)
            scope.shapes[parameter.arg] = shape
        for other in (*parameters.kwonlyargs, parameters.vararg, parameters.kwarg):
            if other is not None:
                scope.shapes[other.arg] = UNKNOWN

    # ------------------------------------------------------------ one function

    def _read_in(self, scope: Scope, node: Function, code: CodeType | None) -> Shape:
        """Read a function in its scope; the shape of what it returns, or of what it yields."""
        outer = getattr(self, "scope", None)
        self._path.append(code if code is not None else node)
        self.scope = scope
        try:
            if isinstance(node, ast.Lambda):
                returned = self.read(node.body)
            else:
                scope.plain = node.name if isinstance(node, ast.FunctionDef) else ""
                self.block(node.body)
                returned = join(scope.returned)
                if scope.made:
                    self._tell_unawaited(node, scope)
            self._read_handed_on(scope)
        finally:
            self._path.pop()
            if outer is not None:
                self.scope = outer
        return Each(join(scope.yielded)) if scope.yielded else returned

    def _tell_unawaited(self, node: FunctionDef, scope: Scope) -> None:
        known = {problem.place.line for problem in self.asked.problems}
        for found in iter_unawaited(node, scope.made.values(), self._takes_values):
            if found.call.lineno not in known:  # one problem a line
                told = tell(found, scope.plain)
                self._problem(problems.NEVER_AWAITED, found.call, *told)

    def _takes_values(self, callee: ast.expr) -> bool:
        """Whether what is called is a function or a class that awaits nothing it is given."""
        shape = self.scope.find(callee.id) if isinstance(callee, ast.Name) else UNKNOWN
        return isinstance(shape, Is) and (
            shape.value is self._product or id(shape.value) in _VALUE_TAKERS
        )

    def _read_handed_on(self, scope: Scope) -> None:
        """Read inner functions that are handed on: whoever gets them may call them."""
        for local in scope.handed_on:
            if not any(key[0] is local.node for key in self._known):
                self.follow_local(local, ())


def note_no_source(asked: Asked, code: CodeType) -> None:
    """Say that only the byte code could be looked at."""
    asked.problem(
        problems.NO_SOURCE,
        code.co_filename,
        ast.Pass(lineno=code.co_firstlineno),
        f"the source of {plain_qualname(code.co_qualname)} is not at hand; "
        "its requests were read from the byte code",
        "nothing, if that is meant; write it in a cell or a file to have it checked",
    )


def _own(code: CodeType) -> frozenset[str]:
    return frozenset(code.co_varnames + code.co_cellvars)


def _own_of_node(node: Function) -> frozenset[str]:
    """The variables of an inner function; those of functions inside it do no harm."""
    bound = {parameter.arg for parameter in ast.walk(node.args) if isinstance(parameter, ast.arg)}
    shared: set[str] = set()
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    for part in body:
        for inner in ast.walk(part):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                bound.add(inner.id)
            elif isinstance(inner, ast.Nonlocal | ast.Global):
                shared.update(inner.names)
    return frozenset(bound - shared)


def _annotations(function: FunctionType) -> dict[str, Any]:
    try:
        return function.__annotations__
    except NameError:  # Python 3.14 evaluates them only here
        return {}
