"""Params: what may be asked for, and with what, before anything is looked up.

Knows: classes and values. Does not know: rules, tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wfnb.errors import CallerError, ParamError
from wfnb.rules.goals import Goal, goal_name, is_goal
from wfnb.rules.rule import Rule
from wfnb.rules.wording import nearest, short_value, type_name


def refuse_goal(product: object) -> None:
    """Refuse to look a goal up: it is run.

    Raises:
        CallerError: the product is a goal.
    """
    if isinstance(product, type) and is_goal(product):
        name = type_name(product)
        raise CallerError(f"{name} is a goal, which is run, not requested", fix=f"run({name}, …)")


def find_goal(goal: object, rules: Iterable[Rule[Any]]) -> type[Goal]:
    """The goal of that class or name.

    Raises:
        CallerError: it is neither.
    """
    if isinstance(goal, type) and issubclass(goal, Goal):
        return goal
    if isinstance(goal, Rule) and goal.is_goal:
        name = type_name(goal.product)
        raise CallerError(
            f"run takes a goal, and {goal.name} is the rule of {name}",
            fix=f'run({name}, …) or run("{goal_name(goal.product)}", …)',
        )
    if isinstance(goal, type | Rule):
        name = type_name(goal.product if isinstance(goal, Rule) else goal)
        shown = f"{goal.name} makes {name}, which" if isinstance(goal, Rule) else name
        raise CallerError(f"{shown} is no goal", fix=f"request({name}, …)")
    known: dict[str, type[Goal]] = {
        goal_name(rule.product): rule.product for rule in rules if rule.is_goal
    }
    if isinstance(goal, str) and goal in known:
        return known[goal]
    meant = nearest(goal, known) if isinstance(goal, str) else None
    fix = f"did you mean {meant}?" if meant else "name a goal, or pass its class"
    there = f"goals: {', '.join(sorted(known))}" if known else "there are no goal rules yet"
    raise CallerError(f"there is no goal {short_value(goal)}", why=[there], fix=fix)


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
