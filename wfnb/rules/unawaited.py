"""Requests that a body makes and never awaits, for all that can be seen of it.

Knows: what can be done with a request besides awaiting it, as syntax.
Does not know: how a call was recognised as a request.
Holds: a request that is handed to anybody who might await it is not told of. Rather one too few
    than one too many: whoever is accused wrongly once believes no other message.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from wfnb.rules.asked import source

Function = ast.FunctionDef | ast.AsyncFunctionDef

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_SEE_ALL_NAMES = frozenset({"locals", "vars", "eval", "exec"})


class Unawaited(NamedTuple):
    """A request that nobody waits for.

    Attributes:
        call: where it is made.
        names: the variables that it is assigned to, "" if it is used where it stands.
        attribute: what is taken of it there, "" if that is something else.
    """

    call: ast.Call
    names: str
    attribute: str


def iter_unawaited(
    function: Function, made: Iterable[ast.Call], takes_values: Callable[[ast.expr], bool]
) -> Iterator[Unawaited]:
    """Those of the requests in `made` that this function certainly never awaits.

    Args:
        takes_values: whether what is called awaits nothing of what is passed to it.

    Cost: a pass over the function.
    """
    nodes = list(ast.walk(function))
    if any(isinstance(node, ast.Name) and node.id in _SEE_ALL_NAMES for node in nodes):
        return
    above = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    for call in made:
        parent = above.get(call)
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
        elif isinstance(parent, ast.AnnAssign):
            target = parent.target
        else:
            if _is_spent(call, above, takes_values):
                yield Unawaited(call, "", parent.attr if isinstance(parent, ast.Attribute) else "")
            continue
        if isinstance(target, ast.Tuple):  # unpacking does not wait either
            yield Unawaited(call, ", ".join(map(ast.unparse, target.elts)), "")
        elif isinstance(target, ast.Name) and _bindings(nodes, target.id) == 1:
            uses = [
                node
                for node in nodes
                if isinstance(node, ast.Name)
                and node.id == target.id
                and isinstance(node.ctx, ast.Load)
            ]
            if all(_is_spent(use, above, takes_values) for use in uses):
                yield Unawaited(call, target.id, "")


def tell(found: Unawaited, plain: str) -> tuple[str, str]:
    """What is wrong, and what to do.

    Args:
        plain: the name of the function if it is no `async def`.
    """
    text = source(found.call)
    if found.names:
        what = f"so {found.names} {'are' if ',' in found.names else 'is'} no answer"
        fix = f"{found.names} = await {text}"
    else:
        what = "so nothing is asked"
        fix = f"(await {text}).{found.attribute}" if found.attribute else f"await {text}"
    if plain:
        fix = f"write async def {plain}, and {fix}"
    return f"{text} is never awaited, {what}", fix


def _bindings(nodes: Iterable[ast.AST], name: str) -> int:
    """How often a name is bound, in the function or in one inside it."""
    count = 0
    for node in nodes:
        if isinstance(node, ast.Name):
            count += node.id == name and not isinstance(node.ctx, ast.Load)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            count += 2 * (name in node.names)
        elif isinstance(node, ast.alias):
            count += name in (node.name, node.asname)
        elif not isinstance(node, ast.Attribute | ast.keyword):
            count += name in (getattr(node, "name", None), getattr(node, "arg", None))
    return count


def _is_spent(
    node: ast.expr, above: dict[ast.AST, ast.AST], takes_values: Callable[[ast.expr], bool]
) -> bool:
    """Whether a request is used up here, as if it were what it asks for."""
    parent = above.get(node)
    if isinstance(parent, ast.keyword):
        parent = above[parent]
    if isinstance(parent, ast.Call):
        return node is not parent.func and takes_values(parent.func)
    if isinstance(parent, ast.Attribute):
        return not parent.attr.startswith("_")
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, _ARITHMETIC)
    if isinstance(parent, ast.Subscript):
        return node is parent.value
    if isinstance(parent, ast.For | ast.comprehension):
        return node is parent.iter
    if isinstance(parent, ast.If | ast.While | ast.IfExp):
        return node is parent.test
    return isinstance(parent, ast.FormattedValue | ast.Compare | ast.UnaryOp)
