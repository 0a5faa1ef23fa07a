"""The syntax of a function, found in the source it was compiled from.

Source is read through linecache, so cells and module files are the same thing here. A source
text is parsed once, however many of its functions are asked for, and parsed again once it changed.

Knows: linecache, and that a file may be edited after it was imported.
Does not know: what syntax means.
Holds: what is answered for a function of a file is what it was compiled from, not what the file
       says by now: the text is compiled, once, and has to give the same code. (For a cell the
       text at hand is that of its run.)
"""

from __future__ import annotations

import ast
import linecache
import sys
import threading
import warnings
from collections.abc import Iterator
from types import CodeType
from typing import TypeAlias

FunctionSyntax: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Index: TypeAlias = dict[tuple[str, int], FunctionSyntax | None]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_KEPT_FILES = 512
_KEPT_CELLS = 64  # each run of a cell has a file name of its own

_files: dict[str, _Source] = {}
_cells: dict[str, _Source] = {}
_lock = threading.Lock()


class _Source:
    """A text and what is in it.

    Attributes:
        lines: the very list that linecache keeps; while it is the same, so is the text.
    """

    __slots__ = ("_codes", "index", "lines", "text")

    def __init__(self, lines: list[str], text: str) -> None:
        self.lines = lines
        self.text = text
        self.index = _parsed(text)
        self._codes: dict[tuple[str, int], list[CodeType]] | None = None

    def gives(self, code: CodeType) -> bool:
        """Whether compiling the text gives this very code."""
        if self._codes is None:
            self._codes = {}
            for each in _compiled(self.text):
                self._codes.setdefault((each.co_name, each.co_firstlineno), []).append(each)
        return code in self._codes.get((code.co_name, code.co_firstlineno), ())


def function_syntax(code: CodeType) -> FunctionSyntax | None:
    """The definition `code` was compiled from.

    None if its source is not known, does not parse, holds several that could be it, such as two
    lambdas in one line, or has been edited since.

    Cost: for each text one parse, and for a file one compilation.
    """
    filename = code.co_filename
    source = _source_of(filename)
    node = _node(source, code)
    if not _is_file(filename) or (node is not None and source.gives(code)):
        return node
    # linecache may have kept the text of before a reload.
    linecache.checkcache(filename)
    fresh = _source_of(filename)
    if fresh is not source:
        node = _node(fresh, code)
        if node is None or fresh.gives(code):
            return node
    # A loader that rewrites what it loads, as pytest's does, never gives the code of the text.
    return node if _is_rewritten(filename) else None


def function_at(filename: str, line: int) -> FunctionSyntax | None:
    """The function whose `def` is in this line; None if there is none, or several."""
    index = _source_of(filename).index
    found = [
        node
        for node in index.values()
        if node is not None and node.lineno == line and not isinstance(node, ast.Lambda)
    ]
    return found[0] if len(found) == 1 else None


def is_current(code: CodeType) -> bool:
    """Whether the file of a code object, as it is now, still compiles to it.

    True as well where that cannot be told: a loader may rewrite what it loads, as pytest's does.
    """
    linecache.checkcache(code.co_filename)
    source = _source_of(code.co_filename)
    return source.gives(code) or _is_rewritten(code.co_filename)


def source_line(filename: str, line: int) -> str:
    """One line of a file or cell, without its newline; empty if it is not known."""
    return linecache.getline(filename, line).rstrip("\r\n")


def _source_of(filename: str) -> _Source:
    lines = linecache.getlines(filename)
    sources, most = (_files, _KEPT_FILES) if _is_file(filename) else (_cells, _KEPT_CELLS)
    known = sources.get(filename)
    if known is not None and known.lines is lines:
        return known
    text = "".join(lines)
    if known is not None and known.text == text:
        known.lines = lines
        return known
    source = _Source(lines, text)
    with _lock:
        while len(sources) >= most and filename not in sources:
            del sources[next(iter(sources))]
        sources[filename] = source
    return source


def _node(source: _Source, code: CodeType) -> FunctionSyntax | None:
    node = source.index.get((code.co_name, code.co_firstlineno))
    return node if node is not None and _fits(node, code) else None


def _is_file(filename: str) -> bool:
    """Whether linecache read the text from a file; cells have no time of change."""
    entry = linecache.cache.get(filename)
    return entry is not None and len(entry) == 4 and entry[1] is not None


def _is_rewritten(filename: str) -> bool:
    from importlib.machinery import SourceFileLoader

    from wfnb.hashing.origins import of_module  # late: few need it

    for module in list(sys.modules.values()):
        if of_module(module, "__file__") == filename:
            return type(of_module(module, "__loader__")) is not SourceFileLoader
    return False


def _compiled(text: str) -> Iterator[CodeType]:
    """Every code object that a text compiles to."""
    try:
        with warnings.catch_warnings(action="ignore"):
            pending = [compile(text, "", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    while pending:
        code = pending.pop()
        yield code
        pending += [each for each in code.co_consts if isinstance(each, CodeType)]


def _parsed(text: str) -> _Index:
    index: _Index = {}
    try:
        with warnings.catch_warnings(action="ignore"):  # the author has seen them when it ran
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
