"""Reading statements: in program order, each branch from the same beginning, then joined.

Knows: statement syntax, and that a branch which returns or raises contributes nothing after it.
Does not know: what expressions mean.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from wfnb.rules import problems
from wfnb.rules.calls import Calls
from wfnb.rules.scope import Local
from wfnb.rules.shapes import UNKNOWN, Asks, Is, Of, Shape, Unknown, item_of, join, shape_of
from wfnb.rules.unawaited import Unawaited, tell

Shapes = dict[str, Shape]


class Statements(Calls):
    """Reads blocks in `scope`."""

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Read statements; whether the end of the block is never reached."""
        for statement in body:
            reader = _READERS.get(type(statement))
            if reader is None:
                self._children(statement)
            elif reader(self, statement):
                return True
        return False

    def _children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.read(child)
            elif isinstance(child, ast.stmt):
                self.block([child])

    def _expression(self, node: ast.Expr) -> None:
        known = len(self.asked.problems)
        shape = self.read(node.value)
        if len(self.asked.problems) > known:
            return  # one problem a line
        if isinstance(shape, Asks) and isinstance(node.value, ast.Call):
            self.scope.made.pop(node.value, None)
            told = tell(Unawaited(node.value, "", ""), self.scope.plain)
            self._problem(problems.NEVER_AWAITED, node, *told)

    # ------------------------------------------------------------ assignments

    def _assign(self, node: ast.Assign) -> None:
        shape = self.read(node.value)
        for target in node.targets:
            self.bind(target, shape)

    def _annotated(self, node: ast.AnnAssign) -> None:
        declared = self.annotation(node.annotation)
        shape = declared if node.value is None else self.read(node.value)
        if declared != UNKNOWN and not _says_more(shape, declared):
            shape = declared
        if node.value is not None or declared != UNKNOWN:
            self.bind(node.target, shape)

    def annotation(self, node: ast.expr) -> Shape:
        """What an annotation that is written in the body says."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return shape_of(node.value, self.scope.find)
        if isinstance(node, ast.Name):
            found = self.scope.find(node.id)
            return shape_of(found.value, None) if isinstance(found, Is) else UNKNOWN
        try:
            return shape_of(ast.unparse(node), self.scope.find)
        except RecursionError:
            return UNKNOWN

    def _augmented(self, node: ast.AugAssign) -> None:
        added = self.read(node.value)
        if isinstance(node.target, ast.Name):
            known = self.scope.find(node.target.id)
            self.scope.shapes[node.target.id] = (
                join([known, added]) if item_of(added) != UNKNOWN else UNKNOWN
            )
        else:
            self.read(node.target)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.shapes.pop(target.id, None)
            else:
                self.bind(target, UNKNOWN)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            wanted = alias.name if alias.asname else alias.name.partition(".")[0]
            module = self.scope.names.imported(wanted, 0)
            self.scope.shapes[alias.asname or wanted] = Is(module) if module else UNKNOWN

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = self.scope.names.imported(node.module or "", node.level)
        for alias in node.names:
            found: Shape = UNKNOWN
            if module is not None and alias.name != "*":
                found = self.scope.names.attribute(Is(module), alias.name)
            self.scope.shapes[alias.asname or alias.name] = (
                found if isinstance(found, Is) else UNKNOWN
            )

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.read(decorator)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.read(default)
        self.scope.shapes[node.name] = UNKNOWN if node.decorator_list else Local(node, self.scope)

    def _class(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases):
            self.read(expression)
        before = dict(self.scope.shapes)
        self.block([s for s in node.body if not isinstance(s, ast.FunctionDef)])
        self.scope.shapes = {**before, node.name: UNKNOWN}

    # ------------------------------------------------------------ ways out

    def _return(self, node: ast.Return) -> bool:
        self.scope.returned.append(
            Of(type(None), exact=True) if node.value is None else self.read(node.value)
        )
        self.scope.made.pop(node.value, None)  # whoever called may await it
        return True

    def _raise(self, node: ast.Raise) -> bool:
        self._children(node)
        return True

    def _leave(self, node: ast.stmt) -> bool:
        return True

    # ------------------------------------------------------------ branches

    def _branches(self, bodies: Sequence[Callable[[], bool | None]]) -> bool:
        """Read each from what is known now, and go on with what is known after any of them."""
        scope = self.scope
        before = scope.shapes
        after: list[Shapes] = []
        for body in bodies:
            scope.shapes = dict(before)
            if not body():
                after.append(scope.shapes)
        scope.shapes = _joined(after) if after else before
        return not after

    def _if(self, node: ast.If) -> bool:
        self.read(node.test)
        return self._branches([lambda: self.block(node.body), lambda: self.block(node.orelse)])

    def _for(self, node: ast.For | ast.AsyncFor) -> bool:
        item = item_of(self.read(node.iter))

        def body() -> bool:
            self.bind(node.target, item)
            self.block(node.body)  # leaving it early leads to the same place
            return False

        self._branches([body, lambda: False])
        return self.block(node.orelse) and not _has_break(node.body)

    def _while(self, node: ast.While) -> bool:
        self.read(node.test)
        self._branches([lambda: self.block(node.body) and False, lambda: False])
        return self.block(node.orelse) and not _has_break(node.body)

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            self.read(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, UNKNOWN)
        self.block(node.body)  # a context manager may swallow what leaves it by raising
        return False

    def _try(self, node: ast.Try) -> bool:
        before = dict(self.scope.shapes)
        has_left = self.block(node.body)
        after_body = self.scope.shapes
        self.scope.shapes = _joined([before, after_body])

        def handler(clause: ast.ExceptHandler) -> bool:
            if clause.type is not None:
                self.read(clause.type)
            if clause.name is not None:
                self.scope.shapes[clause.name] = UNKNOWN
            return self.block(clause.body)

        def undisturbed() -> bool:
            self.scope.shapes = dict(after_body)
            return has_left or self.block(node.orelse)

        has_left = self._branches(
            [undisturbed, *[partial(handler, clause) for clause in node.handlers]]
        )
        return self.block(node.finalbody) or has_left

    def _match(self, node: ast.Match) -> bool:
        subject = self.read(node.subject)

        def case(branch: ast.match_case) -> bool:
            self._pattern(branch.pattern, subject)
            if branch.guard is not None:
                self.read(branch.guard)
            return self.block(branch.body)

        return self._branches([*[partial(case, branch) for branch in node.cases], lambda: False])

    def _pattern(self, pattern: ast.pattern, subject: Shape) -> None:
        shape = subject
        if isinstance(pattern, ast.MatchAs):
            inner = pattern.pattern
            if isinstance(inner, ast.MatchClass):
                found = self.read(inner.cls)
                if isinstance(found, Is) and isinstance(found.value, type):
                    shape = Of(found.value)
            if pattern.name is not None:
                self.scope.shapes[pattern.name] = shape
            if inner is not None:
                self._pattern(inner, UNKNOWN)
            return
        name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
        if isinstance(name, str):
            self.scope.shapes[name] = UNKNOWN
        for child in ast.iter_child_nodes(pattern):
            if isinstance(child, ast.pattern):
                self._pattern(child, UNKNOWN)
            elif isinstance(child, ast.expr):
                self.read(child)


def _says_more(shape: Shape, declared: Shape) -> bool:
    """Whether what was found is at least as telling as what was declared."""
    if isinstance(shape, Unknown):
        return False
    if isinstance(shape, Of) and isinstance(declared, Of):
        return shape.exact and shape.cls.__mro__.count(declared.cls) > 0
    return not isinstance(declared, Of)


def _joined(ends: Sequence[Shapes]) -> Shapes:
    """What is known about each variable after branches that meet."""
    first, *rest = ends
    if not rest:
        return first
    joined = dict(first)
    for other in rest:
        for name, shape in other.items():
            known = joined.get(name)
            if known is None:
                joined[name] = shape
            elif known is not shape and known != shape:
                joined[name] = join([known, shape])
    return joined


def _has_break(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Break) for part in body for node in ast.walk(part))


_READERS: Mapping[type, Callable[[Any, Any], bool | None]] = {
    ast.Expr: Statements._expression,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Delete: Statements._delete,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.ClassDef: Statements._class,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Break: Statements._leave,
    ast.Continue: Statements._leave,
    ast.If: Statements._if,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.While: Statements._while,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.Try: Statements._try,
    ast.TryStar: Statements._try,
    ast.Match: Statements._match,
}
