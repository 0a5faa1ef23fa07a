"""Naming: which class, or which rule, a name in a cell's text means.

Knows: the notebook's names, the classes that rules name.
Does not know: text. Holds: looking up runs no code: no property, no `__getattr__`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from wfnb.notebook.declared import mentioned
from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    from wfnb.rulegraph.graph import RuleGraph


def value_of(name: str, namespace: Mapping[str, object]) -> object | None:
    """What a dotted name means to the notebook now; None if that is nothing."""
    first, *rest = name.split(".")
    found = namespace.get(first)
    for part in rest:
        if not isinstance(found, (ModuleType, type)):
            return None
        found = vars(found).get(part)
    return found


def classes_of(graph: RuleGraph) -> dict[type, None]:
    """Every class that a rule takes, makes or asks for."""
    rules = sorted(graph.rules.values(), key=lambda rule: (rule.module, rule.name))
    return {cls: None for rule in rules for cls in sorted(mentioned(rule), key=_order)}


def class_of(name: str, namespace: Mapping[str, object], graph: RuleGraph) -> type | None:
    """The class of that name: the notebook's, or one of that name that rules know."""
    found: Any = value_of(name, namespace)
    if isinstance(found, type):
        return found
    last = name.rpartition(".")[2]
    return next((cls for cls in classes_of(graph) if type_name(cls) == last), None)


def known_as(cls: type, namespace: Mapping[str, object]) -> str:
    """How the notebook can write a class: by a name it has for it, or through a module."""
    name = type_name(cls)
    if value_of(name, namespace) is cls:
        return name
    known = list(namespace.items())
    for other, value in known:
        if value is cls and not other.startswith("_"):  # IPython's own: `_`, `_3`
            return other
    for prefix, value in known:
        if isinstance(value, ModuleType) and vars(value).get(name) is cls:
            return f"{prefix}.{name}"
    return name


def _order(cls: type) -> tuple[str, str]:
    return (cls.__module__, cls.__qualname__)
