"""Names: what rules, types and wfnb's own rules are called in a view.

Knows: the names of nodes in `RuleGraph.to_networkx`.
Does not know: what is shown.
Holds: two rules never share a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wfnb.rulegraph.drawing import Name, names_of
from wfnb.rules.rule import Rule
from wfnb.rules.wording import type_name

_INTRINSICS = {
    "Process": "processes",
    "EnvironmentVarsRequest": "environment",
    "DownloadFile": "downloads",
}


def intrinsic_kind(rule: Rule[Any]) -> str:
    """Under which name wfnb's own rules are shown: "files", "processes", …"""
    return _INTRINSICS.get(type_name(rule.key.types[0]), "files")


def named_rules(rules: Iterable[Rule[Any]]) -> Iterator[tuple[Name, Rule[Any]]]:
    """Rules by the names of their nodes in `to_networkx`."""
    ordered = sorted(rules, key=lambda rule: rule.name)
    yield from zip(names_of(ordered), ordered, strict=True)


def signature_of(rule: Rule[Any]) -> str:
    params = ", ".join(f"{param.name}: {type_name(param.type)}" for param in rule.params)
    return f"{rule.name}({params}) → {type_name(rule.product)}"
