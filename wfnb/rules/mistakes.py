"""What to say about a request in a form that means nothing.

Knows: the form that was believed meant, and the object that does not fit it.
Does not know: rules in general. Only called when something is already wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wfnb.errors import AwaitError, RequestError
from wfnb.rules.requests import MultiGet, Request
from wfnb.rules.wording import a, listing, place_of_caller, short_value, type_name

if TYPE_CHECKING:
    from wfnb.rules.rule import Rule

_FORMS = "a request is Get(Out), Get(Out, value), Get(Out, In, value) or Get(Out, {value: In, …})"


def wrong_get(arguments: Sequence[object]) -> RequestError:
    """The error for `Get(*arguments)`."""
    what, fix = _wrong_get(arguments)
    return RequestError(what, place=place_of_caller(), fix=fix)


def _wrong_get(arguments: Sequence[object]) -> tuple[str, str]:
    if not arguments:
        return "Get() names no product", _FORMS
    if len(arguments) > 3:
        return (
            f"Get takes one, two or three arguments, not {len(arguments)}: "
            f"{_call('Get', arguments)}",
            "to supply several values, write Get(Out, {value: In, …})",
        )
    product = arguments[0]
    form = ("Get(Out)", "Get(Out, value)", "Get(Out, In, value)")[len(arguments) - 1]
    if not isinstance(product, type):
        return f"{form}: {_mention(product)} stands where the product's type belongs", (
            _fix_product(product)
        )
    if len(arguments) == 2:
        second = arguments[1]
        if isinstance(second, dict):
            return _wrong_dict(product, second)
        if isinstance(second, Request):
            return _unawaited(form, second)
        name = type_name(second)
        return (
            f"{form}: the class {name} stands where a value belongs",
            f"pass a value: Get({type_name(product)}, {name}(…)) "
            f"or Get({type_name(product)}, {name}, value)",
        )
    return _wrong_pair(product, arguments[1], arguments[2])


def _wrong_pair(product: type, supplied: object, value: object) -> tuple[str, str]:
    form = "Get(Out, In, value)"
    out = type_name(product)
    if not isinstance(supplied, type):
        if isinstance(value, type):
            return (
                f"{form}: {_mention(supplied)} stands where a class belongs",
                f"swap the last two: Get({out}, {type_name(value)}, value)",
            )
        return (
            f"{form}: {_mention(supplied)} stands where a class belongs",
            "to supply two values, write Get(Out, {value: In, …})",
        )
    name = type_name(supplied)
    if isinstance(value, Request):
        return _unawaited(form, value)
    if isinstance(value, type):
        return (
            f"{form}: the class {type_name(value)} stands where a value belongs",
            f"pass a value: Get({out}, {name}, value)",
        )
    return f"{form}: {_mismatch(supplied, value)}", _fix_mismatch(out, supplied, value)


def _unawaited(form: str, request: Request[Any]) -> tuple[str, str]:
    return (
        f"{form}: {short_value(request)} is a request, not a value",
        "await it first, and pass what it gives",
    )


def _wrong_dict(product: type, given: dict[Any, Any]) -> tuple[str, str]:
    form = "Get(Out, {value: In, …})"
    out = type_name(product)
    seen: dict[type, object] = {}
    for value, cls in given.items():
        if not isinstance(cls, type):
            if isinstance(value, type):
                return (
                    f"{form}: {type_name(value)}: {short_value(cls)} is the wrong way round",
                    f"the value comes first: {{{short_value(cls)}: {type_name(value)}}}",
                )
            return (
                f"{form}: {_mention(cls)} stands where the class of {short_value(value)} belongs",
                f"name its class: {{{short_value(value)}: {type_name(type(value))}}}",
            )
        if cls in seen:
            return (
                f"{form}: two values of one type, {short_value(seen[cls])} "
                f"and {short_value(value)}",
                f"a scope holds one {type_name(cls)}; give one of them a class of its own, "
                "or ask twice",
            )
        if isinstance(value, type):
            return (
                f"{form}: the class {type_name(value)} stands where a value belongs",
                f"pass a value: {{{type_name(cls)}(…): {type_name(cls)}}}",
            )
        if type(value) is not cls:
            return f"{form}: {_mismatch(cls, value)}", _fix_mismatch(out, cls, value)
        seen[cls] = value
    raise AssertionError(given)


def _mismatch(supplied: type, value: object) -> str:
    name = type_name(supplied)
    cls = type_name(type(value))
    if cls == name:
        return f"{short_value(value)} is of another class named {name}"
    subclass = "; exact type, a subclass does not count" if isinstance(value, supplied) else ""
    return f"{short_value(value)} is {a(cls)}, not {a(name)}{subclass}"


def _fix_mismatch(out: str, supplied: type, value: object) -> str:
    name = type_name(supplied)
    cls = type_name(type(value))
    if cls == name:
        return f"{name} was defined again; make the value anew, from the class that stands now"
    return (
        f"write Get({out}, {cls}, value), or make {name} a union: "
        f"@union above the class, and UnionRule({name}, {cls})"
        if isinstance(value, supplied)
        else f"pass {a(name)}, or write Get({out}, {cls}, value)"
    )


def _fix_product(product: object) -> str:
    if isinstance(product, str):
        return f"write the class itself, without quotes: Get({product}, …)"
    if type(product).__module__ in ("typing", "types"):
        return "a product is one class; make a small frozen dataclass that holds what you want"
    name = type_name(type(product))
    if hasattr(product, "__wfnb_rule_key__"):
        return "name the type it makes, or call the rule: await rule(value, …)"
    return f"name the class: Get({name}), not a value of it"


def wrong_batch(gets: Sequence[object]) -> RequestError:
    """The error for `MultiGet(*gets)`."""
    shown = _call("MultiGet", gets)
    position = next((i for i, get in enumerate(gets) if not isinstance(get, Request)), 0)
    odd: Any = gets[position]
    ordinal = f"argument {position + 1}"
    if odd is None:
        what, fix = f"{ordinal} is None", "leave out what is not asked, before MultiGet"
    elif isinstance(odd, MultiGet):
        what = f"{ordinal} is a MultiGet itself"
        fix = "flatten it: MultiGet(*some_requests, *other_requests)"
    elif isinstance(odd, Request):
        what, fix = f"{ordinal} is of a subclass of Get", "pass Get(…) and called rules only"
    elif hasattr(odd, "__wfnb_rule_key__"):
        name = odd.name
        what, fix = f"{ordinal} is a rule that was not called", f"call it: {name}(value, …)"
    elif hasattr(odd, "cr_frame"):
        what = f"{ordinal} is a coroutine, {_mention(odd)}"
        fix = "make the helper a rule, or have it return a Get instead of awaiting one"
    elif isinstance(odd, list | tuple):
        what = f"{ordinal} is {a(type(odd).__name__)}"
        fix = "pass one iterable of requests, or the requests one by one: MultiGet(*requests)"
    else:
        what = f"{ordinal} is {_mention(odd)}"
        fix = "pass Get(…) and called rules only"
    return RequestError(
        f"MultiGet takes requests, and {what}", place=place_of_caller(), why=[shown], fix=fix
    )


def await_outside(request: Request[Any] | MultiGet[Any]) -> AwaitError:
    """The error for awaiting where no rule is running."""
    if isinstance(request, MultiGet):
        what = "MultiGet was awaited outside a rule"
        one = next(iter(request.gets), None)
        line = _ask(one) if one is not None else "arequest(Out, …)"
        fix = f"ask one by one: await {line} in a cell, or {line[1:]} anywhere else"
    else:
        what = f"{request!r} was awaited outside a rule"
        line = _ask(request)
        fix = f"write await {line} in a cell, or {line[1:]} anywhere else"
    return AwaitError(
        what,
        place=place_of_caller(),
        why=["requests are answered by the engine, which is not running this code"],
        fix=fix,
    )


def _ask(request: Request[Any]) -> str:
    return f"arequest({type_name(request.product)}, …)"


def wrong_call(rule: Rule[Any], values: Sequence[object], keywords: Sequence[str]) -> RequestError:
    """The error for `rule(*values)`."""
    types = [param.type for param in rule.params]
    takes = listing(dict.fromkeys(type_name(cls) for cls in types))
    takes_line = f"{rule.name} takes {takes}"
    shown = _call(rule.name, values)
    why: list[str] = []
    if keywords:
        what = f"{rule.name} was called with the keyword {keywords[0]}"
        fix = f"pass the values alone: {rule.name}({', '.join(p.name for p in rule.params)})"
        why = [f"{takes_line}, matched by type, in any order; the rest is injected"]
    else:
        seen: dict[type, object] = {}
        what, fix = f"{shown} passes more than {rule.name} takes", "leave out what it does not take"
        why = [takes_line]
        for value in values:
            cls = type(value)
            if isinstance(value, type):
                what = f"{shown}: the class {type_name(value)} stands where a value belongs"
                fix = f"pass a value: {rule.name}({type_name(value)}(…))"
                break
            if cls not in types:
                what, fix = _unknown_argument(rule, shown, value)
                break
            if cls in seen:
                what = f"{shown} passes two values of type {type_name(cls)}"
                fix = f"pass one; parameters of one type receive the same {type_name(cls)}"
                break
            seen[cls] = value
    return RequestError(what, place=place_of_caller(), why=why, fix=fix)


def _unknown_argument(rule: Rule[Any], shown: str, value: object) -> tuple[str, str]:
    cls = type(value)
    name = type_name(cls)
    if isinstance(value, Request | MultiGet):
        return (
            f"{shown} passes a request where a value belongs",
            "await it first, and pass what it gives",
        )
    what = f"{shown}: {rule.name} has no parameter of type {name}"
    for param in rule.params:
        expected = type_name(param.type)
        if expected == name:
            return what, (
                f"{name} was defined again; make the value anew, from the class that stands now"
            )
        if isinstance(value, param.type):
            return (
                f"{what}; exact type, a subclass of {expected} does not count",
                f"pass {a(expected)}, or write a rule for {name}",
            )
    return what, (
        f"pass only what it takes; to supply more, write Get({type_name(rule.product)}, {name}, …)"
    )


def _mention(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {type_name(value)}"
    if type(value).__module__ in ("typing", "types"):
        return type_name(value)
    if hasattr(value, "__wfnb_rule_key__"):
        return f"the rule {value.name}"
    return f"the value {short_value(value)}"


def _call(name: str, arguments: Sequence[object]) -> str:
    shown = [short_value(argument, 40) for argument in arguments[:6]]
    more = ", …" if len(arguments) > 6 else ""
    return f"{name}({', '.join(shown)}{more})"
