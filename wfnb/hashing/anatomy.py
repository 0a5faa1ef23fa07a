"""What a code object is made of: its canonical text, and the names it reads.

Knows: syntax, bytecode.
Does not know: values.
Holds: the text leaves out what cannot change what the code does, such as positions, comments,
    docstrings, and its own name. It is the same in every process.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import TypeAlias

from wfnb.hashing.syntax import FunctionSyntax, function_syntax

Chain: TypeAlias = tuple[str, ...]

_KEPT_CODES = 4096
_SKIPPED_FIELDS = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_WITH_DOCSTRING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_GLOBAL_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
_ATTRIBUTE_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_BETWEEN = frozenset({"PUSH_NULL", "CACHE", "PRECALL", "EXTENDED_ARG", "NOP"})

_known: dict[int, Anatomy] = {}


@dataclass(frozen=True, slots=True)
class Import:
    """An import inside a body: `from module import names`, or `import module`."""

    module: str
    level: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A code object taken apart.

    Attributes:
        code: kept, so that its id stays its own.
        text: canonical bytes of what it does.
        chains: globals it reads, nested code included, each with the attributes taken from it.
        imports: what it imports when it runs.
    """

    code: CodeType
    text: bytes
    chains: tuple[Chain, ...]
    imports: tuple[Import, ...]


def anatomy(code: CodeType) -> Anatomy:
    """Take a code object apart, once."""
    known = _known.get(id(code))
    if known is not None:
        return known
    node = function_syntax(code)
    text = None
    chains = set(_chains(code))
    if node is not None:
        try:
            text = frame(b"ast", *_definition(node))
            chains.update(_annotated(node))
        except RecursionError:
            pass
    if text is None:
        text = _bytecode(code)
    imports = tuple(dict.fromkeys(_imports(code)))
    made = Anatomy(code, text, tuple(sorted(chains)), imports)
    while len(_known) >= _KEPT_CODES:
        try:
            del _known[next(iter(_known))]
        except (KeyError, StopIteration, RuntimeError):  # another thread was faster
            break
    _known[id(code)] = made
    return made


def frame(tag: bytes, *parts: bytes) -> bytes:
    """Join parts so that no two different lists of parts give the same bytes."""
    return b"%b(%b)" % (tag, b"".join([b"%d:%b" % (len(part), part) for part in parts]))


def plain(value: object) -> bytes:
    """A number, text, bytes, True, None, …: its type and its value."""
    try:
        text = repr(value)
    except ValueError:  # an int with more digits than Python likes to print
        text = hex(value) if isinstance(value, int) else object.__repr__(value)
    return frame(type(value).__name__.encode(), text.encode("utf-8", "backslashreplace"))


# ---------------------------------------------------------------- syntax


def _definition(node: FunctionSyntax) -> Iterator[bytes]:
    # Defaults are left out: they count by value.
    args = node.args
    yield type(node).__name__.encode()
    for name in ("posonlyargs", "args", "vararg", "kwonlyargs", "kwarg"):
        yield _canonical(getattr(args, name))
    yield b"".join([b"-" if each is None else b"d" for each in args.kw_defaults])
    yield b"%d" % len(args.defaults)
    if isinstance(node, ast.Lambda):
        yield _canonical(node.body)
        return
    yield _canonical(node.returns)
    yield _canonical(getattr(node, "type_params", []))
    yield _canonical(_without_docstring(node.body))


def _canonical(node: object) -> bytes:
    if isinstance(node, ast.AST):
        parts = [type(node).__name__.encode()]
        for name in node._fields:
            value = getattr(node, name, None)
            if name in _SKIPPED_FIELDS:
                continue
            if name == "body" and isinstance(node, _WITH_DOCSTRING):
                value = _without_docstring(node.body)
            # A field that a later Python adds is empty in code that does not use it.
            if value == [] or (value is None and not isinstance(node, ast.Constant)):
                continue
            parts.append(name.encode())
            parts.append(_canonical(value))
        return frame(b"N", *parts)
    if isinstance(node, list):
        return frame(b"L", *[_canonical(each) for each in node])
    return plain(node)


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


# ---------------------------------------------------------------- bytecode


def _bytecode(code: CodeType) -> bytes:
    return frame(
        b"bytecode",
        code.co_code,
        plain((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)),
        plain((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)),
        code.co_exceptiontable,
        *[_constant(each) for each in code.co_consts],
    )


def _constant(value: object) -> bytes:
    if isinstance(value, CodeType):
        return _bytecode(value)
    if isinstance(value, tuple):
        return frame(b"tuple", *[_constant(each) for each in value])
    if isinstance(value, frozenset):
        return frame(b"frozenset", *sorted([_constant(each) for each in value]))
    return plain(value)


def _chains(code: CodeType) -> Iterator[Chain]:
    chain: Chain = ()
    stored: set[str] = set()  # names of a nested class body
    for step in dis.get_instructions(code):
        if step.opname in _BETWEEN:
            continue
        if step.opname in _ATTRIBUTE_LOADS and chain:
            chain = (*chain, step.argval)
            continue
        if chain:
            yield chain
        chain = ()
        if step.opname == "STORE_NAME":
            stored.add(step.argval)
        elif step.opname in _GLOBAL_LOADS and step.argval not in stored:
            chain = (step.argval,)
    if chain:
        yield chain
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _chains(constant)


def _imports(code: CodeType) -> Iterator[Import]:
    steps = [step for step in dis.get_instructions(code) if step.opname not in _BETWEEN]
    for number, step in enumerate(steps):
        if step.opname == "IMPORT_NAME" and number >= 2:
            level, names = steps[number - 2].argval, steps[number - 1].argval
            if isinstance(level, int):
                yield Import(step.argval, level, names if isinstance(names, tuple) else ())
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _imports(constant)
