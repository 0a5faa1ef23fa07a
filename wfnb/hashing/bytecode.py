"""Bytecode: the names that a code object reads, and what it is if its source is not at hand.

Knows: the few instructions that read a global, an attribute or a module.
Does not know: syntax, values.
Holds: code that is traced, profiled or specialised reads as it was compiled.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Final, TypeAlias

from wfnb.hashing.framing import frame, plain

Chain: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """An import inside a body: `from module import names`, or `import module`."""

    module: str
    level: int
    names: tuple[str, ...]


_BETWEEN, _OTHER, _EXTENDED, _GLOBAL, _NAME, _ATTRIBUTE, _STORE, _CONST, _SMALL, _IMPORT = range(10)
_CALL, _SUBSCRIPT = 10, 11
_KINDS_BY_NAME: Final = {
    "CACHE": _BETWEEN,
    "PUSH_NULL": _BETWEEN,
    "PRECALL": _BETWEEN,
    "NOP": _BETWEEN,
    "EXTENDED_ARG": _EXTENDED,
    "LOAD_GLOBAL": _GLOBAL,
    "LOAD_NAME": _NAME,
    "LOAD_FROM_DICT_OR_GLOBALS": _NAME,
    "LOAD_ATTR": _ATTRIBUTE,
    "LOAD_METHOD": _ATTRIBUTE,
    "STORE_NAME": _STORE,
    "LOAD_CONST": _CONST,
    "LOAD_SMALL_INT": _SMALL,
    "IMPORT_NAME": _IMPORT,
    "CALL": _CALL,
    "BINARY_SUBSCR": _SUBSCRIPT,
}
_KINDS: Final = bytes(
    [
        _KINDS_BY_NAME.get(dis.opname[number], _OTHER if number in dis.opmap.values() else _BETWEEN)
        for number in range(256)
    ]
)
_CALLED: Final = object()
BY_GLOBALS: Final = "globals()"
# The lowest bit of the argument says something else.
_ATTRIBUTE_SHIFT: Final = 1 if sys.version_info >= (3, 12) else 0
_PYTHON: Final = b"%d.%d" % sys.version_info[:2]


def names_read(code: CodeType) -> tuple[set[Chain], tuple[Import, ...]]:
    """The globals that code reads, nested code included, and what it imports.

    A global comes with the attributes that are taken from it at once: `("mod", "sub", "fn")`.
    One that `globals()` is asked for comes with that before it: `("globals()", "h")`.
    """
    chains: set[Chain] = set()
    imports: dict[Import, None] = {}
    pending = [code]
    while pending:
        each = pending.pop()
        if each.co_names:
            _scan(each, chains, imports)
        pending += [one for one in each.co_consts if type(one) is CodeType]
    return chains, tuple(imports)


def attributes_in(code: CodeType) -> set[str]:
    """All names in code that are not its locals, nested code included."""
    return {name for each in _nested(code) for name in each.co_names}


def texts_in(code: CodeType) -> tuple[str, ...]:
    """All texts in code, nested code included."""
    return tuple(
        sorted({one for each in _nested(code) for one in each.co_consts if type(one) is str})
    )


def _nested(code: CodeType) -> Iterator[CodeType]:
    pending = [code]
    while pending:
        each = pending.pop()
        yield each
        pending += [one for one in each.co_consts if type(one) is CodeType]


def _scan(code: CodeType, chains: set[Chain], imports: dict[Import, None]) -> None:
    steps, names, constants = code.co_code, code.co_names, code.co_consts
    stored: set[str] = set()  # names of a nested class body
    chain: Chain = ()
    key: object = None  # what globals() was just asked for: CALLED, then a constant
    before: object = None  # the last two constants, which an import takes
    last: object = None
    high = 0
    for at in range(0, len(steps), 2):
        kind = _KINDS[steps[at]]
        if kind == _BETWEEN:
            continue
        number = steps[at + 1] | high
        if kind == _EXTENDED:
            high = number << 8
            continue
        high = 0
        if kind == _CALL and number == 0 and chain == ("globals",):
            key = _CALLED
            continue
        if kind == _CONST and key is _CALLED:
            key = constants[number]
            if type(key) is str:
                continue
        if kind == _SUBSCRIPT and type(key) is str:
            chain, key = (BY_GLOBALS, key), None
            continue
        key = None
        if kind == _ATTRIBUTE and chain:
            chain = (*chain, names[number >> _ATTRIBUTE_SHIFT])
            continue
        if chain:
            chains.add(chain)
            chain = ()
        if kind == _OTHER:
            continue
        if kind == _GLOBAL:
            chain = (names[number >> 1],)
        elif kind == _NAME and names[number] not in stored:
            chain = (names[number],)
        elif kind == _STORE:
            stored.add(names[number])
        elif kind == _CONST:
            before, last = last, constants[number]
        elif kind == _SMALL:
            before, last = last, number
        elif kind == _IMPORT:
            taken = last if isinstance(last, tuple) else ()
            imports[Import(names[number], before if isinstance(before, int) else 0, taken)] = None
    if chain:
        chains.add(chain)


def bytecode_text(code: CodeType) -> bytes:
    """Canonical bytes of code without a source; they say something to one Python version only."""
    return frame(
        b"bytecode",
        _PYTHON,
        code.co_code,
        plain((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)),
        plain((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)),
        code.co_exceptiontable,
        *[_constant(each) for each in code.co_consts],
    )


def _constant(value: object) -> bytes:
    if isinstance(value, CodeType):
        return bytecode_text(value)
    if isinstance(value, tuple):
        return frame(b"tuple", *[_constant(each) for each in value])
    if isinstance(value, frozenset):
        return frame(b"frozenset", *sorted([_constant(each) for each in value]))
    return plain(value)
