"""Forms of records that take a look at each value, since it is not as its field is declared.

Knows: fields, what else objects may carry, and that an author's `==` may compare what has no key.
Does not know: how anything in a record is keyed; it is given `typed`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from wfnb.hashing.fields import UNSET, extras, has_init_only, key_fields, may_carry_more
from wfnb.hashing.refusals import Unkeyable

Form = Callable[[Any], Hashable]


def slow_form(cls: type, typed: Form) -> Form:
    """Each field, typed: for records whose fields are not of the classes they are declared with."""
    names = key_fields(cls)
    mark = object()  # in no other form

    def form(value: object) -> Hashable:
        items = [getattr(value, name, UNSET) for name in names]
        return (mark, *[UNSET if item is UNSET else typed(item) for item in items])

    if not may_carry_more(cls):
        return form
    is_derived = not has_init_only(cls)

    def form_of_all(value: object) -> Hashable:
        more = [
            (name, _typed_extra(item, typed, is_derived=is_derived))
            for name, item in extras(value).items()
        ]
        return (form(value), frozenset(more))

    return form_of_all


def _typed_extra(item: object, typed: Form, *, is_derived: bool) -> Hashable:
    """An attribute that is no field.

    Args:
        is_derived: whether it was made from the fields. Then it may be an index, say, that has no
            key: the fields tell.
    """
    try:
        return typed(item)
    except Unkeyable:
        if is_derived:
            return None
        raise


def asked_form(slow: Form, trusted: Form) -> Form:
    """For a record with its author's own ==, which may compare what has no key, such as an array.

    The fields come first all the same: they tell more values apart.
    """

    def form(value: object) -> Hashable:
        try:
            return slow(value)
        except Unkeyable:
            return trusted(value)

    return form
