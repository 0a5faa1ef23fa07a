"""Forms of records, compiled: one generated function per class.

A param is keyed for each request, so this is on the hot path. The generated function reads the
fields, tests that each is of exactly the class it is declared with, and returns them bare:

    def form(v):
        try:
            a0 = v.name
            a1 = v.data
        except AttributeError:
            return slow(v)
        if type(a0) is str and type(a1) is bytes:
            return (a0, a1)
        return slow(v)

(A field of another record is tested by `type(a0) is c0()`, a weak reference.)

Knows: which annotations allow a bare field.
Does not know: how anything else is keyed; it is given `typed`, `slow` and `form_of`.
Holds: whatever the annotations say, forms of equal values are equal and others are not; a wrong
       annotation only makes a form slow.
       A form keeps no author's class alive: the classes of fields are held weakly, since they may
       lead back to the class that the form is remembered for.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Hashable
from typing import Any
from weakref import ref

from wfnb.hashing.fields import (
    annotations_of_fields,
    count_in_dict,
    has_eq,
    has_hash,
    is_record,
    key_fields,
    may_carry_more,
)
from wfnb.hashing.refusals import Unkeyable

Form = Callable[[Any], Hashable]

_BARE = (str, int, bytes, bool, float)

_SOURCE = """\
def form(v):
    try:
{reads}
    except AttributeError:
        return slow(v)
{returns}

def key(v):
    try:
        try:
{key_reads}
        except AttributeError:
            return slow(v)
{key_returns}
    except (Unkeyable, RecursionError) as error:
        return refuse(v, error)
"""


def compile_form(cls: type, tools: dict[str, Any]) -> Form:
    """The form of a record; the function carries its twin for whole params, `key`.

    Args:
        tools: `typed`, `slow`, `refuse` (called with the value and the exception; raises), and
            `form_of`, which gives None for a class whose form is being made.
    """
    names = key_fields(cls)
    annotations = annotations_of_fields(cls)
    scope: dict[str, Any] = {name: tools[name] for name in ("typed", "slow", "refuse")}
    scope["Unkeyable"] = Unkeyable
    fields = [_Field(i, annotations.get(name), scope, tools) for i, name in enumerate(names)]
    reads = [f"a{i} = v.{name}" for i, name in enumerate(names)] or ["pass"]
    if may_carry_more(cls):
        reads += [f"if len(v.__dict__) != {count_in_dict(cls)}:", "    return slow(v)"]
    returns = _returns(fields)
    exec(
        _SOURCE.format(
            reads=_block(reads, 8),
            returns=_block(returns, 4),
            key_reads=_block(reads, 12),
            key_returns=_block(returns, 8),
        ),
        scope,
    )
    form: Form = scope["form"]
    vars(form)["key"] = scope["key"]
    return form


def param_form(form: Form) -> Form | None:
    """The twin of a compiled form that answers a refused value with an error; None for others."""
    found: Form | None = getattr(form, "key", None)
    return found


def _block(lines: list[str], indent: int) -> str:
    return "\n".join(" " * indent + line for line in lines)


def _returns(fields: list[_Field]) -> list[str]:
    texts = ", ".join(field.text for field in fields)
    result = texts if len(fields) == 1 else f"({texts})"
    tests = [field.test for field in fields if field.test]
    if not tests:
        return [f"return {result}"]
    return [f"if {' and '.join(tests)}:", f"    return {result}", "return slow(v)"]


class _Field:
    """How one field is tested and put into a form.

    Attributes:
        test: what must hold for `text` to be right; "" if nothing need be tested.
    """

    def __init__(
        self, position: int, annotation: object, scope: dict[str, Any], tools: dict[str, Any]
    ) -> None:
        a = f"a{position}"
        cls, is_optional = _expected(annotation)
        if any(cls is bare for bare in _BARE):
            scope[f"c{position}"] = cls
            self.test = f"type({a}) is c{position}"
            if is_optional:
                self.test = f"({self.test} or {a} is None)"
            # ±0.0 and NaN by their text; a float that is None has its text, too
            self.text = f"({a} if {a} and {a} == {a} else repr({a}))" if cls is float else a
            return
        self.test, self.text = "", f"({a} if type({a}) is str else typed({a}))"
        if cls is None or is_optional:
            return
        if issubclass(cls, enum.Enum):
            scope[f"c{position}"] = ref(cls)
            self.test = f"type({a}) is c{position}()"
            self.text = f"{a}._value_" if issubclass(cls, enum.Flag) else f"{a}._name_"
        elif is_record(cls) and has_eq(cls) and has_hash(cls):
            form = tools["form_of"](cls)
            if form is not None:
                scope[f"c{position}"], scope[f"f{position}"] = ref(cls), form
                self.test, self.text = f"type({a}) is c{position}()", f"f{position}({a})"


def _expected(annotation: object) -> tuple[type | None, bool]:
    """The class an annotation names, and whether None is allowed beside it."""
    if isinstance(annotation, str):
        return None, False
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        members = [m for m in typing.get_args(annotation) if m is not type(None)]
        only = members[0] if len(members) == 1 else None
        return (only if isinstance(only, type) else None), True
    return (annotation if isinstance(annotation, type) else None), False
