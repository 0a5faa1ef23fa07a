"""Names: what rules, types and wfnb's own rules are called in a view.

Knows: the names of nodes in `RuleGraph.to_networkx`.
Does not know: what is shown.
Holds: two rules never share a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wfnb.rules.rule import Rule
from wfnb.rules.wording import type_name

Name = tuple[str, ...]

_INTRINSICS = {
    "Process": "processes",
    "EnvironmentVarsRequest": "environment",
    "DownloadFile": "downloads",
}


def intrinsic_kind(rule: Rule[Any]) -> str:
    """Under which name wfnb's own rules are shown: "files", "processes", …"""
    return _INTRINSICS.get(type_name(rule.key.types[0]), "files")


def full_name(cls: type) -> str:
    """A type with its module."""
    return f"{cls.__module__}.{cls.__qualname__}"


def named_rules(rules: Iterable[Rule[Any]]) -> Iterator[tuple[Name, Rule[Any]]]:
    """Rules by the names of their nodes in `to_networkx`."""
    taken: set[Name] = set()
    for rule in sorted(rules, key=lambda rule: rule.name):
        key = rule.key
        name: Name = ("rule", key.module, key.name, full_name(key.product))
        name += tuple([full_name(cls) for cls in key.types])
        number = 1
        while name in taken:
            number += 1
            name = (*name[:2], f"{key.name} #{number}", *name[3:])
        taken.add(name)
        yield name, rule


def signature_of(rule: Rule[Any]) -> str:
    params = ", ".join(f"{param.name}: {type_name(param.type)}" for param in rule.params)
    return f"{rule.name}({params}) → {type_name(rule.product)}"
