"""Params: what may be asked for, and with what, before anything is looked up.

Knows: classes and values. Does not know: rules, tasks.
"""

from __future__ import annotations

from wfnb.errors import CallerError, ParamError
from wfnb.rules.wording import short_value, type_name


def check_params(params: tuple[object, ...]) -> None:
    """Refuse what cannot be the params of one request.

    Raises:
        ParamError: a class, or two values of one type.
    """
    for param in params:
        if isinstance(param, type):
            raise _class_as_param(param)
    if len(params) > 1 and len({param.__class__ for param in params}) < len(params):
        raise _two_of_one_type(params)


def a_class(product: object) -> type:
    """The product that was asked for.

    Raises:
        CallerError: it is no class.
    """
    if isinstance(product, type):
        return product
    raise CallerError(
        f"a request names the type it wants, and {short_value(product)} is no class",
        fix="request(Out, param, …)",
    )


def _class_as_param(cls: type) -> ParamError:
    name = type_name(cls)
    return ParamError(
        f"a request takes values, and {name} is a class",
        fix=f"pass a value of it: {name}(…); to ask about types, there is explain",
    )


def _two_of_one_type(params: tuple[object, ...]) -> ParamError:
    seen: dict[type, object] = {}
    for param in params:
        cls = param.__class__
        if cls in seen:
            return ParamError(
                f"two params are of the type {type_name(cls)}",
                why=[short_value(seen[cls]), short_value(param)],
                fix="pass one; or give them types of their own",
            )
        seen[cls] = param
    raise AssertionError
