"""Statements: what the syntax tree of a cell says about names and classes.

Knows: Python's grammar.
Does not know: values; what happens when the cell runs.
Holds: nothing here raises on a tree that Python has parsed.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class ClassText:
    """What a class statement says, without comments, docstrings, layout and position.

    Attributes:
        parts: (name for the reader, code) of each part in order.
        reads: dotted names whose values the statement needs while it runs, sorted.
        mentions: dotted names in annotations, which may be bound later, sorted.
    """

    parts: tuple[tuple[str, str], ...]
    reads: tuple[str, ...]
    mentions: tuple[str, ...]

    def to_literal(self) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[str, ...]]:
        """The same as a constant that can stand in a code object."""
        return (self.parts, self.reads, self.mentions)


def bound_names(module: ast.Module) -> frozenset[str]:
    """The names that a cell binds at its top level; `*` stands for a star import."""
    return frozenset(iter_bound(module))


def iter_bound(module: ast.Module) -> Iterator[str]:
    """The same names, each as often as it is bound."""
    return _bound_by(module.body)


def imported_names(module: ast.Module) -> frozenset[str]:
    """The names that `from … import …` binds at the top level of a cell."""
    found = [n for n in _iter_flat(module.body) if isinstance(n, ast.ImportFrom)]
    return frozenset(a.asname or a.name for n in found for a in n.names)


def unmarked_functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions of a cell that might be rules but for a decorator: their names and lines."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if not node.decorator_list and all(arg.annotation is not None for arg in taken):
                yield node.name, node.lineno


def iter_classes(module: ast.Module) -> Iterator[ast.ClassDef]:
    """The class statements of a cell that bind a name which lasts.

    A class that the same list of statements defines again further down is left out: its object
    is gone when the cell ends.
    """
    for block in _iter_blocks(module.body):
        yield from {n.name: n for n in block if isinstance(n, ast.ClassDef)}.values()


def iter_calls(module: ast.Module, names: Collection[str]) -> Iterator[ast.Call]:
    """Calls of these names that run with the cell itself, not in a function it defines."""
    waiting: list[ast.AST] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_SCOPES, ast.Lambda)):
            continue
        if isinstance(node, ast.Call):
            dotted = _dotted(node.func) or ""
            if dotted.rpartition(".")[2] in names:
                yield node
        waiting += ast.iter_child_nodes(node)


def class_text(node: ast.ClassDef) -> ClassText:
    """What a class statement says."""
    reader = _Reader()
    reader.read_class(node, is_outermost=True)
    return ClassText(
        tuple(_iter_parts(node)),
        tuple(sorted(reader.reads - {node.name})),
        tuple(sorted(reader.mentions - reader.reads - {node.name})),
    )


# -- names ------------------------------------------------------------------------------------


def _iter_blocks(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """A list of statements and, inside it, those of `if`, `try`, `with` and loops."""
    yield body
    for node in body:
        if isinstance(node, _SCOPES):
            continue
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(node, field, None)
            if isinstance(inner, list) and inner:
                yield from _iter_blocks(inner)
        for part in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
            yield from _iter_blocks(part.body)


def _iter_flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for block in _iter_blocks(body):
        yield from block


def _bound_by(body: list[ast.stmt]) -> Iterator[str]:
    for node in _iter_flat(body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import():
                yield from ((a.asname or a.name.partition(".")[0]) for a in node.names)
            case ast.ImportFrom():
                yield from (a.asname or a.name for a in node.names)
            case _:
                yield from _iter_stored(node)


def _iter_stored(node: ast.stmt) -> Iterator[str]:
    """Names stored by a simple statement or by the head of a compound one, walrus included."""
    waiting: list[ast.AST] = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, (ast.ExceptHandler, ast.MatchStar, ast.MatchAs)) and inner.name:
            yield inner.name
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            yield inner.rest
        scopes = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        children = ast.iter_child_nodes(inner)
        waiting += (
            c
            for c in children
            if not isinstance(c, scopes) and not (isinstance(c, ast.stmt) and c is not node)
        )


# -- parts ------------------------------------------------------------------------------------


class _Plain(ast.NodeTransformer):
    """Drops docstrings and the `u` of `u"…"`."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.copy_location(ast.Constant(node.value), node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, _SCOPES):
            node.body = [n for n in node.body if not _is_docstring(n)] or [ast.Pass()]
        return node


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _iter_parts(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for decorator in node.decorator_list:
        yield "decorators", _code(decorator)
    for parameter in getattr(node, "type_params", ()):
        yield "type parameters", _code(parameter)
    for base in node.bases:
        yield "bases", _code(base)
    for keyword in node.keywords:
        yield "bases", f"{keyword.arg or '**'}={_code(keyword.value)}"
    for statement in node.body:
        if isinstance(statement, ast.ClassDef):
            yield f"class {statement.name}", ""
            for title, code in _iter_parts(statement):
                yield f"{title} of {statement.name}", code
        elif not _is_docstring(statement) and not isinstance(statement, ast.Pass):
            yield _title(statement), _code(statement)


def _title(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return f"method {node.name}"
        case ast.AnnAssign(target=ast.Name(id=name)):
            return f"field {name}"
        case ast.Assign(targets=[ast.Name(id=name)]):
            return f"attribute {name}"
        case _:
            return "body"


def _code(node: ast.AST) -> str:
    # A copy through text: the tree itself is about to be compiled.
    source = ast.unparse(node)
    if not isinstance(node, (ast.stmt, ast.expr)):
        return source
    return ast.unparse(_Plain().visit(ast.parse(source)))


# -- reads ------------------------------------------------------------------------------------


class _Reader:
    """Collects what a class statement reads while it runs; bodies of functions run later."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.mentions: set[str] = set()

    def read_class(self, node: ast.ClassDef, *, is_outermost: bool = False) -> None:
        own = frozenset(_bound_by(node.body))
        self._read([*node.decorator_list, *node.bases, *(k.value for k in node.keywords)])
        inner = _Reader()
        for statement in node.body:
            inner._read_statement(statement)
        inner_own = own if is_outermost else own | {node.name}
        self.reads |= {n for n in inner.reads if n.partition(".")[0] not in inner_own}
        self.mentions |= {n for n in inner.mentions if n.partition(".")[0] not in inner_own}

    def _read_statement(self, node: ast.stmt) -> None:
        match node:
            case ast.ClassDef():
                self.read_class(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                args = node.args
                every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
                self._read(node.decorator_list)
                self._read([d for d in (*args.defaults, *args.kw_defaults) if d is not None])
                for argument in every:
                    self._mention(argument.annotation if argument else None)
                self._mention(node.returns)
            case ast.AnnAssign():
                self._mention(node.annotation)
                self._read([node.value] if node.value else [])
            case _:
                self._read([node])

    def _read(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.reads |= set(_iter_loads(node))

    def _mention(self, annotation: ast.expr | None) -> None:
        if annotation is None:
            return
        self.mentions |= set(_iter_loads(annotation))
        for node in ast.walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                try:
                    self.mentions |= set(_iter_loads(ast.parse(node.value, mode="eval")))
                except (SyntaxError, ValueError):
                    continue  # a text in Literal or Annotated, no type


def _iter_loads(node: ast.AST) -> Iterator[str]:
    """Dotted names that an expression loads, the bodies of lambdas left out."""
    if isinstance(node, ast.Lambda):
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                yield from _iter_loads(default)
        return
    if isinstance(node, (ast.Attribute, ast.Name)):
        dotted = _dotted(node)
        if dotted is not None:
            yield dotted
            return
    for child in ast.iter_child_nodes(node):
        yield from _iter_loads(child)


def _dotted(node: ast.expr) -> str | None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return ".".join([node.id, *reversed(names)])
    return None
