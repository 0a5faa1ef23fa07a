"""The syntax of a function, found in the source it was compiled from.

Source is read through linecache, so cells and module files are the same thing here. A source
text is parsed once, however many of its functions are asked for, and parsed again once it changed.
"""

from __future__ import annotations

import ast
import linecache
import threading
from types import CodeType
from typing import TypeAlias

FunctionSyntax: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Index: TypeAlias = dict[tuple[str, int], FunctionSyntax | None]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_KEPT_FILES = 512

# filename → (the list of lines linecache gave, the text, its functions)
_indexes: dict[str, tuple[list[str], str, _Index]] = {}
_lock = threading.Lock()


def function_syntax(code: CodeType) -> FunctionSyntax | None:
    """The definition `code` was compiled from.

    None if its source is not known, does not parse, or holds several that could be it, such
    as two lambdas in one line.
    """
    node = _index_of(code.co_filename).get((code.co_name, code.co_firstlineno))
    if node is None or not _fits(node, code):
        return None
    return node


def source_line(filename: str, line: int) -> str:
    """One line of a file or cell, without its newline; empty if it is not known."""
    return linecache.getline(filename, line).rstrip("\r\n")


def _index_of(filename: str) -> _Index:
    lines = linecache.getlines(filename)
    known = _indexes.get(filename)
    # linecache hands out the very list it keeps, so while it is the same list it is the same text.
    if known is not None and known[0] is lines:
        return known[2]
    text = "".join(lines)
    if known is not None and known[1] == text:
        index = known[2]
    else:
        index = _parsed(text)
    with _lock:
        while len(_indexes) >= _KEPT_FILES and filename not in _indexes:
            del _indexes[next(iter(_indexes))]
        _indexes[filename] = (lines, text, index)
    return index


def _parsed(text: str) -> _Index:
    index: _Index = {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return index
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            key = _name_and_line(node)
            index[key] = None if key in index else node
    return index


def _name_and_line(node: FunctionSyntax) -> tuple[str, int]:
    if isinstance(node, ast.Lambda):
        return "<lambda>", node.lineno
    return node.name, min((node.lineno, *(each.lineno for each in node.decorator_list)))


def _fits(node: FunctionSyntax, code: CodeType) -> bool:
    """Whether the parameters agree: source edited after it was imported is told apart this way."""
    args = node.args
    names = [each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    names += [each.arg for each in (args.vararg, args.kwarg) if each is not None]
    return len(code.co_varnames) >= len(names) and all(
        _same_name(mine, theirs) for mine, theirs in zip(names, code.co_varnames, strict=False)
    )


def _same_name(written: str, compiled: str) -> bool:
    # A private name in a class, __x, is compiled as _Class__x.
    return written == compiled or (written.startswith("__") and compiled.endswith(written))
