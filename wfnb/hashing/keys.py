"""Keys of params: equal if and only if two values are the same, type by type.

Python takes `1`, `1.0` and `True` for one dict key, `0.0` for `-0.0`, and NaN for no key at all;
a memo that goes by `==` answers a request for one with the result of another. Keys here say the
types, too.

Knows: that params of one class need no mention of it, and how a refused param is told.
Does not know: how each kind of value is keyed (`forms`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, cast

from wfnb.hashing.compiled import param_form
from wfnb.hashing.fields import has_eq
from wfnb.hashing.forms import Form, form_of, is_known, refuse, typed
from wfnb.hashing.refusals import Unkeyable


def key_function(cls: type) -> Callable[[Any], Hashable]:
    """The function that keys params of exactly `cls`.

    Its keys are comparable with each other only; `typed_key` is for values of several classes.
    All fields of a dataclass count, but those with `metadata={"wfnb_key": False}`.

    Raises:
        ParamError: by the function returned, for a value that holds something that can change
            or has no hash.
    """
    if any(cls is bare for bare in _BARE):
        return _itself
    form = form_of(cls)
    return param_form(form) or _guarded(form)


def typed_key(value: object) -> Hashable:
    """A key for any value, equal to another only if the values are the same, type by type.

    Raises:
        ParamError: the value holds something that can change or has no hash.
    """
    try:
        return typed(value)
    except (Unkeyable, RecursionError) as error:
        refuse(value, error)


def has_identity_key(cls: type) -> bool:
    """Whether each object of `cls` is another param, since the class has no value equality."""
    return not is_known(cls) and not has_eq(cls)


_BARE = (str, int, bytes, bool, type(None))


def _itself(value: Any) -> Hashable:
    return cast("Hashable", value)


def _guarded(form: Form) -> Form:
    def key(value: Any) -> Hashable:
        try:
            return form(value)
        except (Unkeyable, RecursionError) as error:
            refuse(value, error)

    return key
