"""The reader: sees the syntax tree of each cell before it runs, and adds the calls that tell of it.

Knows: where a call can stand without changing what a cell does or shows.
Does not know: what is done when it is called.
Holds: it never raises, and leaves a tree that it cannot read as it was: IPython drops a
       transformer that raises, for good.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from wfnb.notebook import statements
from wfnb.notebook.headers import options_of

HEADER_CALL = "__wfnb_header__"
KEEP_CALL = "__wfnb_keep__"
STATE_CALL = "__wfnb_state__"

_STATED = ("QueryRule", "UnionRule")  # plain values, which a cell need not bind to a name


class CellReader(ast.NodeTransformer):
    """Calls the header; adds a decorator to classes, a call around unions and queries stated.

    Args:
        is_ours: whether the cell is to be read.
        note: told of its tree first.
        states: whether it may have a header, and its unions and queries are wanted.
    """

    def __init__(
        self,
        is_ours: Callable[[], bool],
        note: Callable[[ast.Module], None],
        *,
        states: bool = True,
    ) -> None:
        self._is_ours = is_ours
        self._note = note
        self._states = states

    def visit(self, node: ast.AST) -> ast.AST:
        """Read a cell; IPython calls this with its module."""
        if not isinstance(node, ast.Module) or not self._is_ours():
            return node
        try:
            if self._states:
                _call_header(node)
            self._note(node)
            kept = [(cls, _keep_call(cls)) for cls in statements.iter_classes(node)]
            stated = list(statements.iter_calls(node, _STATED)) if self._states else []
        except Exception:
            return node
        for cls, call in kept:
            cls.decorator_list.insert(0, call)
        for made in stated:
            inner = ast.copy_location(ast.Call(made.func, made.args, made.keywords), made)
            made.func = ast.copy_location(ast.Name(STATE_CALL, ast.Load()), made)
            made.args, made.keywords = [inner], []
        return node


def _call_header(module: ast.Module) -> None:
    """Make a first line '%%rule …' the call that it stands for."""
    first = module.body[0] if module.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        text = first.value
        options = options_of(text.value) if isinstance(text.value, str) else None
        if options is not None:
            call = ast.Call(ast.Name(HEADER_CALL, ast.Load()), [ast.Constant(options)], [])
            for node in (call, call.func, call.args[0]):
                ast.copy_location(node, text)
            first.value = call


def _keep_call(cls: ast.ClassDef) -> ast.Call:
    """`__wfnb_keep__(*text of the class)`, standing where the class statement begins.

    Elsewhere, tracebacks and the debugger would see the class on another line.
    """
    literal = statements.class_text(cls).to_literal()
    text = ast.Constant(literal)  # type: ignore[arg-type]  # the compiler takes it
    call = ast.Call(ast.Name(KEEP_CALL, ast.Load()), [ast.Starred(text, ast.Load())], [])
    where = cls.decorator_list[0] if cls.decorator_list else cls
    for node in (call, call.func, call.args[0], text):
        ast.copy_location(node, where)
    return call
