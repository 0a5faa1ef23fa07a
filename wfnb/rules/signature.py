"""The signature of a rule: its annotations as classes, or an error that says which is none.

Knows: which signatures can be wired by type, and what to write instead of one that cannot.
Does not know: how string annotations find their names (`annotations.py`); bodies.
"""

from __future__ import annotations

import linecache
import types
import typing
from collections.abc import Iterable
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple, NoReturn

from wfnb.errors import SignatureError
from wfnb.places import Place, place
from wfnb.rules import goals
from wfnb.rules.annotations import Unresolved, evaluate
from wfnb.rules.rule import Param, place_of_def
from wfnb.rules.wording import nearest, plain_qualname, type_name

_VARARGS = 0x4
_VARKEYWORDS = 0x8


class Signature(NamedTuple):
    """The types a rule is wired by."""

    params: tuple[Param, ...]
    product: type


def read_signature(function: FunctionType, caller: FrameType | None) -> Signature:
    """The params and the product of a rule.

    Args:
        function: the innermost function.
        caller: the frame in which it is decorated: its locals, and those of the functions
            around it, are looked at last, for string annotations that name local classes.

    Raises:
        SignatureError: a parameter or the product is not annotated with a plain class, or a
            parameter is not filled by position and exactly once.
    """
    code = function.__code__
    count = code.co_argcount
    names = code.co_varnames[:count]
    try:
        annotations = function.__annotations__
    except NameError as error:  # Python 3.14 evaluates them only here
        _refuse_unresolved(function, None, str(error.name), function.__globals__)
    _check_kinds(function, code, names)
    params = []
    for name in names:
        annotation = annotations.get(name, _MISSING)
        if type(annotation) is not type:
            annotation = _param_class(function, name, annotation, caller)
        params.append(Param(name, annotation))
    product = annotations.get("return", _MISSING)
    if type(product) is not type:
        product = _product_class(function, product, caller)
    for param in params:
        if param.type is product:
            _refuse_own_product(function, param)
    return Signature(tuple(params), product)


def check_effects(function: FunctionType, signature: Signature, *, is_goal: bool) -> None:
    """Refuse effects outside of goals, and goals that are not declared as such.

    Raises:
        SignatureError: decorator, product and params do not go together.
    """
    name = type_name(signature.product)
    if is_goal and not goals.is_goal(signature.product):
        _refuse(
            function,
            f"returns {name}, which is no goal",
            param="return",
            fix=f"derive it from Goal: class {name}(Goal); or put @rule on it instead",
        )
    if not is_goal and goals.is_goal(signature.product):
        _refuse(
            function,
            f"returns the goal {name}, and only goal rules may",
            param="return",
            fix="put @goal_rule on it instead of @rule",
        )
    for param in signature.params:
        if not is_goal and goals.has_effects(param.type):
            _refuse(
                function,
                f"takes the {type_name(param.type)}, and only goal rules may have effects",
                param=param.name,
                fix="return what is to be shown or written, and let a goal rule do it; "
                "or make this the goal: put @goal_rule on it",
            )
        if goals.is_goal(param.type):
            _refuse(
                function,
                f"takes the goal {type_name(param.type)}, and goals are the outermost",
                param=param.name,
                fix="ask for what that goal is made from",
            )


_MISSING: Any = object()


def _check_kinds(function: FunctionType, code: CodeType, names: tuple[str, ...]) -> None:
    count = code.co_argcount
    if code.co_flags & (_VARARGS | _VARKEYWORDS):
        rest = code.co_varnames[count + code.co_kwonlyargcount :]
        stars = "*" if code.co_flags & _VARARGS else "**"
        _refuse(
            function,
            f"takes {stars}{rest[0]}, which nothing can fill",
            param=rest[0],
            fix="name each parameter, with its class; many values of one class go into "
            "a small frozen dataclass",
        )
    if code.co_kwonlyargcount:
        name = code.co_varnames[count]
        _refuse(
            function,
            f"parameter {name} can be passed by keyword only, and params are passed by position",
            param=name,
            fix="drop the * before it",
        )
    if function.__defaults__:
        name = names[count - len(function.__defaults__)]
        _refuse(
            function,
            f"parameter {name} has a default, which would never be used",
            param=name,
            fix="drop the default; a rule without parameters that returns "
            f"{_shown(function, name)} can supply it",
        )


def _shown(function: FunctionType, name: str) -> str:
    annotation = function.__annotations__.get(name)
    if isinstance(annotation, str):
        return annotation
    return type_name(annotation) if annotation is not None else "it"


# ---------------------------------------------------------------- annotations


def _param_class(
    function: FunctionType, name: str, annotation: Any, caller: FrameType | None
) -> type:
    if annotation is _MISSING:
        if name in ("self", "cls"):
            _refuse(
                function,
                f"parameter {name} has no type: a rule is a plain function, not a method",
                param=name,
                fix="move it out of the class, or drop the parameter",
            )
        _refuse(
            function,
            f"parameter {name} has no type",
            param=name,
            fix=f"annotate it with a class: {name}: SomeClass",
        )
    found = _resolve(function, name, annotation, caller)
    if isinstance(found, type) and found is not Any and found is not type(None):
        return found
    reason, fix = _why_no_class(found, is_param=True)
    written = _written(annotation, found)
    _refuse(
        function, f"parameter {name} is annotated with {written}, {reason}", param=name, fix=fix
    )


def _product_class(function: FunctionType, annotation: Any, caller: FrameType | None) -> type:
    if annotation is _MISSING:
        _refuse(
            function,
            "has no return annotation, so nothing says what it makes",
            fix=f"name the class: def {function.__name__}(…) -> SomeClass",
        )
    found = _resolve(function, "return", annotation, caller)
    if found is None or found is type(None):
        _refuse(
            function,
            "returns None, and a rule is there for what it returns",
            param="return",
            fix="name the class of what it makes; for effects, put @goal_rule on it "
            "and return a Goal",
        )
    if isinstance(found, type) and found is not Any:
        return found
    reason, fix = _why_no_class(found, is_param=False)
    written = _written(annotation, found)
    _refuse(function, f"returns {written}, {reason}", param="return", fix=fix)


def _written(annotation: Any, found: Any) -> str:
    return annotation if isinstance(annotation, str) else type_name(found)


def _why_no_class(found: Any, *, is_param: bool) -> tuple[str, str]:
    """Why this is no class, and what to write instead."""
    role = "params" if is_param else "products"
    origin = typing.get_origin(found)
    if found is None or found is type(None):
        return "which is no class to ask for", "drop the parameter"
    if origin is typing.Union or origin is types.UnionType:
        return _why_no_union(typing.get_args(found), is_param=is_param)
    if origin is typing.Annotated:
        inner = typing.get_args(found)[0]
        return "whose extras would be ignored", f"write {type_name(inner)} alone"
    if origin is typing.Literal:
        return f"and {role} are told apart by class", "make it an Enum, or a frozen dataclass"
    if origin is not None:
        return (
            f"which is no plain class: {role} are told apart by class alone",
            "make a small frozen dataclass that holds it, and name that",
        )
    if hasattr(found, "__supertype__"):
        return (
            f"whose values are plain {type_name(found.__supertype__)}s",
            "make it a small frozen dataclass with one field",
        )
    if found is Any or isinstance(found, typing.TypeVar):
        return "and a rule is wired by one class", "name the class"
    if hasattr(found, "__wfnb_rule_key__"):
        return "which is a rule", f"name the class it makes: {type_name(found.product)}"
    name = type_name(type(found))
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"which is {article} {name}, not a class", "name a class"


def _why_no_union(members: tuple[Any, ...], *, is_param: bool) -> tuple[str, str]:
    others = [type_name(member) for member in members if member is not type(None)]
    if len(others) < len(members) and len(others) == 1:
        only = others[0]
        if is_param:
            return (
                "which may be None, and params are of one class",
                f"take {only}; what may be missing goes into a field of a frozen dataclass",
            )
        return (
            "which may be None, and a product is of one class",
            f"return a small frozen dataclass with a field of type {only} | None",
        )
    if is_param:
        return (
            "which is several classes, and a param is of one",
            "write one rule per class; to pick by class when asking, mark a base with @union",
        )
    return (
        "which is several classes, and a product is of one",
        "return a small frozen dataclass that holds either",
    )


# ---------------------------------------------------------------- string annotations


def _resolve(function: FunctionType, param: str, annotation: Any, caller: FrameType | None) -> Any:
    if not isinstance(annotation, str):
        return annotation
    try:
        return evaluate(annotation, function, caller)
    except Unresolved as error:
        _refuse_unresolved(function, param, error.name, error.known, annotation)
    except Exception as error:
        _refuse(
            function,
            f"{_role(param)} is annotated with {annotation!r}, which cannot be read: "
            f"{type(error).__name__}: {error}",
            param=param,
            fix="name a class",
        )


# ---------------------------------------------------------------- errors


def _role(param: str | None) -> str:
    if param is None:
        return "an annotation"
    return "the product" if param == "return" else f"parameter {param}"


def _refuse_unresolved(
    function: FunctionType,
    param: str | None,
    name: str,
    known: Iterable[str],
    annotation: str | None = None,
) -> NoReturn:
    meant = nearest(name, known)
    shown = f" is annotated with {annotation!r}, and" if annotation else ":"
    advice = (
        f"did you mean {meant}?"
        if meant
        else (f"define {name} above the rule, or import it (not only for type checking)")
    )
    _refuse(function, f"{_role(param)}{shown} {name} is not defined", param=param, fix=advice)


def _refuse_own_product(function: FunctionType, param: Param) -> NoReturn:
    name = type_name(param.type)
    _refuse(
        function,
        f"makes {name} from {name}, so it would wait for itself",
        param=param.name,
        fix=f"give what goes in and what comes out two classes, such as Raw{name} and {name}",
    )


def _refuse(function: FunctionType, what: str, *, fix: str, param: str | None = None) -> NoReturn:
    raise SignatureError(
        f"rule {plain_qualname(function.__qualname__)}: {what}",
        place=_place_of_param(function.__code__, param),
        fix=fix,
    )


def _place_of_param(code: CodeType, param: str | None) -> Place:
    """The line of a parameter, or of the return annotation; of the `def` otherwise."""
    start = place_of_def(code)
    if param is None or start.line is None:
        return start
    for line in range(start.line, start.line + 60):
        text = linecache.getline(code.co_filename, line)
        head = text.partition("#")[0].strip()
        if line > start.line and (
            head.startswith(")")
            if param == "return"
            else head.lstrip("*").startswith((f"{param}:", f"{param} ", f"{param},"))
        ):
            return place(code.co_filename, line)
        if not text or head.endswith(":"):
            break
    return start
