"""Stale values: a value whose class has been defined anew since.

Knows: which classes are retired, which cell bound which name.
Does not know: requests.
"""

from __future__ import annotations

from collections.abc import Mapping

from wfnb.errors import ParamError
from wfnb.notebook.classes import ClassBook


def refusal(
    value: object,
    classes: ClassBook,
    namespace: Mapping[str, object],
    binders: Mapping[str, str],
) -> ParamError | None:
    """The error for a value of a retired class; None for any other value.

    Args:
        binders: the label of the cell that bound a name last.
    """
    cls = type(value)
    retirement = classes.retirement(cls)
    if retirement is None:
        return None
    name = cls.__qualname__
    successor = classes.successor(cls)
    now = classes.label(successor) if successor is not None else ""
    was_in = f" of {retirement.label}" if retirement.label else ""
    now_in = f" of {now}" if now else ""
    why = [f"{name} has been defined anew{f' in {now}' if now else ''}"]
    if retirement.change:
        why.append(retirement.change)
    names = sorted(n for n, v in namespace.items() if v is value and n in binders)
    if names:
        fix = f"run the cell that makes {names[0]} ({binders[names[0]]}) again"
    else:
        fix = f"run the cell that makes it again, with the {name}{now_in}"
    return ParamError(f"this {name} was made by the earlier {name}{was_in}", why=why, fix=fix)
