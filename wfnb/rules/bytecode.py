"""Requests of a function whose source is not at hand, read from its byte code.

Knows: the order in which names are loaded: `Get`, then the product, then what is supplied.
Does not know: types of values. A request whose input is not named is left to run time.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType, FunctionType

from wfnb.places import place
from wfnb.rules.asked import Asked
from wfnb.rules.found import StaticRequest, show_request
from wfnb.rules.names import Names, Reads
from wfnb.rules.requests import Get
from wfnb.rules.shapes import Is, Missing, Shape
from wfnb.rules.wording import type_name

_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_FROM_DICT_OR_DEREF"})
_VALUES = ("LOAD_FAST", "LOAD_CONST", "LOAD_ATTR", "LOAD_SMALL_INT")


def scan(asked: Asked, function: FunctionType, reads: Reads) -> None:
    """Add each `Get(Out)` and `Get(Out, In, …)` of a function and the code inside it."""
    _scan(asked, function.__code__, Names(function, reads))


def _scan(asked: Asked, code: CodeType, names: Names) -> None:
    steps = list(_steps(code, names))
    for position, (line, shape, _) in enumerate(steps):
        if not (isinstance(shape, Is) and shape.value is Get):
            continue
        following = steps[position + 1 : position + 4]
        product = _class_of(following[0]) if following else None
        if product is None:
            continue
        supplied: tuple[type, ...] = ()
        if len(following) > 1 and following[1][2] != "CALL":
            given = _class_of(following[1])
            if given is None:
                continue
            supplied = (given,)
        asked.add(
            (code, position),
            StaticRequest(
                product,
                supplied,
                None,
                place(code.co_filename, line),
                "get",
                show_request(type_name(product), supplied, in_braces=True),
            ),
        )
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _scan(asked, constant, names)


def _steps(code: CodeType, names: Names) -> Iterator[tuple[int | None, Shape | None, str]]:
    """Loads and calls: the line, what is loaded if it is a name, and which of the two it is."""
    line: int | None = code.co_firstlineno
    for instruction in dis.get_instructions(code):
        if instruction.positions is not None and instruction.positions.lineno is not None:
            line = instruction.positions.lineno
        operation = instruction.opname
        if operation in _LOADS:
            shape = names.find(str(instruction.argval))
            yield line, None if isinstance(shape, Missing) else shape, "NAME"
        elif operation.startswith(_VALUES):
            yield line, None, "VALUE"
        elif operation.startswith("CALL"):
            yield line, None, "CALL"


def _class_of(step: tuple[int | None, Shape | None, str]) -> type | None:
    shape = step[1]
    if isinstance(shape, Is) and isinstance(shape.value, type):
        return shape.value
    return None
