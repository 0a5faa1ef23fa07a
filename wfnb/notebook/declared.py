"""What a cell can declare: rules, unions and queries, looked at alike.

Knows: the classes that each of them names.
Does not know: cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from wfnb.rules.rule import Rule
from wfnb.rules.unions import QueryRule, UnionRule

Declared = Any  # a Rule, a QueryRule or a UnionRule: what `Engine.define` takes


def is_rule(value: object) -> TypeGuard[Rule[Any]]:
    """Whether it is a rule, and no union or query."""
    return isinstance(value, Rule)


def key_of(declared: Declared) -> object:
    """Equal for what replaces one another."""
    return declared.key if is_rule(declared) else declared


def name_of(declared: Declared) -> str:
    """A rule's name, "" for others."""
    return str(declared.name) if is_rule(declared) else ""


def is_named(rule: Rule[Any], namespace: Mapping[str, object]) -> bool:
    """Whether its own name means it."""
    return namespace.get(rule.name) is rule


def is_meant(rule: Rule[Any], namespace: Mapping[str, object]) -> bool:
    """Whether any name of the notebook means it, or a collection that has a name."""
    for name, value in list(namespace.items()):
        if name.startswith("_") or name == "Out":  # what cells have displayed
            continue
        if value is rule:
            return True
        items = list(value.values()) if isinstance(value, dict) else value
        if isinstance(items, (list, tuple, set, frozenset)) and any(i is rule for i in items):
            return True
    return False


def mentioned(declared: Declared) -> set[type]:
    """Every class that a declaration names, in its signature or in the requests of its body."""
    if isinstance(declared, UnionRule):
        return {declared.base, declared.member}
    if isinstance(declared, QueryRule):
        return {declared.product, *declared.params}
    found = {declared.product, *(p.type for p in declared.params)}
    for request in declared.requests().found:
        found |= {request.product, *request.supplied}
    return found


def with_types(declared: Declared, mapping: Mapping[type, type]) -> Declared:
    """The same with other classes in place of some."""

    def now(cls: type) -> type:
        return mapping.get(cls, cls)

    if isinstance(declared, UnionRule):
        return UnionRule(now(declared.base), now(declared.member))
    if isinstance(declared, QueryRule):
        return QueryRule(now(declared.product), [now(p) for p in declared.params])
    return declared.with_types(mapping)
