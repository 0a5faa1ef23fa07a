"""What a code object is made of: its canonical text, and the names it reads.

Knows: syntax.
Does not know: values.
Holds: the text leaves out what cannot change what the code does, such as positions, comments,
    docstrings, and its own name. It is the same in every process.
"""

from __future__ import annotations

import ast
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Final

from wfnb.hashing.bytecode import (
    Chain,
    Import,
    attributes_in,
    bytecode_text,
    names_read,
    texts_in,
)
from wfnb.hashing.framing import plain_text
from wfnb.hashing.syntax import FunctionSyntax, function_syntax

_SKIPPED_FIELDS = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_WITH_DOCSTRING = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_ARGUMENTS = ("posonlyargs", "args", "vararg", "kwonlyargs", "kwarg")

_known: dict[int, tuple[weakref.ref[CodeType], Anatomy]] = {}  # by id, as long as it lives


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A code object taken apart.

    Attributes:
        text: canonical bytes of what it does.
        chains: globals it reads, nested code included, each with the attributes taken from it.
        imports: what it imports when it runs.
        texts: if it takes modules by text, all texts in it; else none.
        asks_subclasses: whether it asks a class for those made from it.
        is_open: whether it takes a namespace as such, from a function or a frame.
    """

    text: bytes
    chains: tuple[Chain, ...]
    imports: tuple[Import, ...]
    texts: tuple[str, ...]
    asks_subclasses: bool
    is_open: bool


def anatomy(code: CodeType) -> Anatomy:
    """Take a code object apart, once."""
    known = _known.get(id(code))
    if known is not None and known[0]() is code:
        return known[1]
    chains, imports = names_read(code)
    node = function_syntax(code)
    if node is None:
        text = bytecode_text(code)
    else:
        text = _definition(node).encode("utf-8", "backslashreplace")
        chains.update(_annotated(node))
    texts = texts_in(code) if any(map(_takes_modules, chains)) else ()
    names = attributes_in(code)
    is_open = not _NAMESPACES.isdisjoint(names)
    made = Anatomy(text, tuple(sorted(chains)), imports, texts, "__subclasses__" in names, is_open)
    _known[id(code)] = (weakref.ref(code, _Forget(id(code))), made)
    return made


_NAMESPACES: Final = frozenset(
    {"__globals__", "f_globals", "f_locals", "user_ns", "user_global_ns", "user_module"}
)


def _takes_modules(chain: Chain) -> bool:
    return chain[-1] in ("__import__", "import_module") or "modules" in chain[:2]


@dataclass(frozen=True, slots=True)
class _Forget:
    """Drops what is known about a code object that is gone."""

    number: int

    def __call__(self, gone: weakref.ref[CodeType]) -> None:
        known = _known.get(self.number)
        if known is not None and known[0] is gone:  # else the number is another's by now
            _known.pop(self.number, None)


# ---------------------------------------------------------------- syntax

_FIELDS: Final[dict[type, tuple[tuple[str, str], ...]]] = {
    cls: tuple([(name, f" {name}=") for name in cls._fields if name not in _SKIPPED_FIELDS])
    for cls in vars(ast).values()
    if isinstance(cls, type) and issubclass(cls, ast.AST)
}
_OPENINGS: Final = {cls: f"({cls.__name__}" for cls in _FIELDS}


def _definition(node: FunctionSyntax) -> str:
    """The text of a function. Defaults are left out: they count by value."""
    args = node.args
    parts: list[object] = [f"{type(node).__name__} {len(args.defaults)} "]
    parts.append("".join(["-" if each is None else "d" for each in args.kw_defaults]))
    for name in _ARGUMENTS:
        parts += (f" {name}=", getattr(args, name))
    if isinstance(node, ast.Lambda):
        parts += (" body=", node.body)
    else:
        parts += (" returns=", node.returns, " types=", getattr(node, "type_params", []))
        parts += (" body=", _without_docstring(node.body))
    return _text(parts)


def _text(parts: list[object]) -> str:
    """Syntax as text, without recursion, since code may be nested deeply.

    Args:
        parts: nodes, lists of them, None, and text that is taken as it is.
    """
    found: list[str] = []
    pending = parts[::-1]
    while pending:
        each = pending.pop()
        cls = type(each)
        if cls is str:
            found.append(each)  # type: ignore[arg-type] # it is one
        elif cls is list:
            found.append("[")
            pending.append("]")
            # `global a, b` has plain names
            names = [repr(one) if type(one) is str else one for one in each]  # type: ignore[attr-defined] # a list
            pending += names[::-1]
        elif cls is ast.Name:
            found.append(f"(Name {each.id!r})")  # type: ignore[attr-defined] # a Name
        elif cls is ast.Constant:
            value = each.value  # type: ignore[attr-defined] # a Constant
            found.append(f"(Constant {type(value).__name__}:{plain_text(value)})")
        elif each is None:
            found.append("-")
        else:
            pending += _parts(each, cls)[::-1]
    return "".join(found)


def _parts(node: object, cls: type) -> list[object]:
    parts: list[object] = [_OPENINGS[cls]]
    for name, opening in _FIELDS[cls]:
        value = getattr(node, name, None)
        # A field that a later Python adds is empty in code that does not use it.
        if value is None or value == []:
            continue
        kind = type(value)
        if kind is str or kind is int or kind is bool:
            parts.append(f"{opening}{value!r}")
            continue
        if name == "body" and cls in _WITH_DOCSTRING:
            value = _without_docstring(value)
        parts.append(opening)
        parts.append(value)
    parts.append(")")
    return parts


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest
    return body


def _annotated(node: FunctionSyntax) -> Iterator[Chain]:
    """Names in the signature: the body calls methods of the classes named there."""
    if isinstance(node, ast.Lambda):
        return
    args = node.args
    every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    found = [each.annotation for each in every if each is not None]
    pending: list[ast.AST] = [each for each in (*found, node.returns) if each is not None]
    while pending:
        each = pending.pop()
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            try:
                pending.append(ast.parse(each.value.strip(), mode="eval").body)
            except (SyntaxError, ValueError):
                continue
        chain = _dotted(each)
        if chain is not None:
            yield chain
        else:
            pending.extend(ast.iter_child_nodes(each))


def _dotted(node: ast.AST) -> Chain | None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return (node.id, *reversed(names))
