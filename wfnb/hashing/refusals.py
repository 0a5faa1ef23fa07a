"""Values that cannot be params, and how that is said.

Knows: where in a value the culprit sits, what is wrong with it, what to write instead.
Does not know: how keys are made. They are made without a path, since that is slow; the path is
    looked for here, when a value has been refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wfnb.errors import ParamError
from wfnb.hashing.fields import UNSET, extras, has_hash, is_record, key_fields, may_carry_more

_MOST_DEPTH = 200


class Unkeyable(Exception):
    """Something in the value can change, or has no hash.

    Attributes:
        why, fix: for a value whose class alone does not tell; "" otherwise. `why` goes on from
            "which".
    """

    def __init__(self, why: str = "", fix: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


def param_error(
    value: object, refusal_of: Callable[[Any], Unkeyable | None], *, is_deep: bool
) -> ParamError:
    """What to raise for a refused value.

    Args:
        refusal_of: why a value, by itself, has no key; None if it has one.
        is_deep: whether its nesting was too deep for the stack.
    """
    name = _name(type(value))
    if is_deep:
        return ParamError(
            f"{name} cannot be a param: it is nested too deeply",
            fix="pass a flat value, a tuple of records for instance",
        )
    path, culprit = _find(value, name, refusal_of, 0) or (name, value)
    is_whole = culprit is value
    refusal = refusal_of(culprit)
    if refusal is not None and refusal.why:
        reason, fix = refusal.why, refusal.fix
    else:
        reason, fix = _words(culprit, is_whole=is_whole)
    if is_whole:
        return ParamError(f"{name} cannot be a param: it {reason}", fix=fix)
    return ParamError(
        f"{name} cannot be a param: {path} is {_a(_name(type(culprit)))}, which {reason}", fix=fix
    )


def _find(
    value: object, path: str, refusal_of: Callable[[Any], Unkeyable | None], depth: int
) -> tuple[str, object] | None:
    """The innermost value to blame, and the way to it."""
    if depth > _MOST_DEPTH or refusal_of(value) is None:
        return None
    for step, item in _items(value):
        found = _find(item, path + step, refusal_of, depth + 1)
        if found is not None:
            return found
    return path, value


def _items(value: Any) -> Iterator[tuple[str, object]]:
    cls = type(value)
    if is_record(cls) and has_hash(cls):
        for name in key_fields(cls):
            item = getattr(value, name, UNSET)
            if item is not UNSET:
                yield f".{name}", item
        if may_carry_more(cls):
            for name, item in extras(value).items():
                yield f".{name}", item
    elif isinstance(value, tuple):
        names = getattr(cls, "_fields", None)
        for position, item in enumerate(tuple.__iter__(value)):
            yield (f".{names[position]}" if names else f"[{position}]"), item
    elif isinstance(value, frozenset):
        for item in frozenset.__iter__(value):
            yield "{…}", item
    if isinstance(value, (str, int, float, complex, bytes, tuple, frozenset)):
        for name, item in getattr(value, "__dict__", {}).items():
            yield f".{name}", item


def _words(culprit: object, *, is_whole: bool) -> tuple[str, str]:
    cls = type(culprit)
    changes = "can change while the result is remembered"
    here = "pass a frozen dataclass with" if is_whole else "put"
    if isinstance(culprit, (list, set, bytearray, memoryview)) or cls.__name__ == "deque":
        kind = "frozenset" if isinstance(culprit, set) else "tuple"
        kind = "bytes" if isinstance(culprit, (bytearray, memoryview)) else kind
        tail = " in it" if is_whole else " there"
        return changes, f"{here} {kind}(…){tail}"
    if isinstance(culprit, dict) or cls.__name__ == "mappingproxy":
        tail = "a tuple of pairs in it" if is_whole else "a tuple of pairs there: tuple(….items())"
        return changes, f"{here} {tail}"
    if is_record(cls) and not has_hash(cls):
        word = "@dataclass" if hasattr(cls, "__dataclass_fields__") else "@attrs.define"
        return changes, f"write {word}(frozen=True) above class {_name(cls)}"
    return (
        "has no hash",
        "pass what identifies it instead (a name, a path), or say what its content is: "
        f"register_fingerprint({_name(cls)}, a function)",
    )


def _name(cls: type) -> str:
    return cls.__qualname__.rpartition("<locals>.")[2]


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiouAEIOU" else f"a {noun}"
