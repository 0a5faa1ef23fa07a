"""Instances: what the task graph follows. A rule with the params it uses, and its links.

Knows: per request, who answers.
Does not know: how that was found; values.
Holds: within a graph there is one instance per (rule key, in_set). What an answer uses, and the
    request did not supply, the owner uses too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from wfnb.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class ParamAnswer:
    """The param of this type answers."""

    type: type


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule answers."""

    instance: Instance


@dataclass(frozen=True, slots=True)
class UnionAnswer:
    """The type of the value decides who answers."""

    base: type
    members: Mapping[type, Answer]


Answer: TypeAlias = ParamAnswer | RuleAnswer | UnionAnswer


class Instance:
    """A rule with the params that it and everything below it uses; compared by identity.

    Attributes:
        in_set: those params, by module and name.
        links: wiring of a request (as in `Get.wiring`; a parameter of type T is `(T, None)`) →
            who answers. A recursive instance links to itself.
    """

    in_set: tuple[type, ...]
    links: Mapping[Any, Answer]

    def __init__(self, rule: Rule, in_set: tuple[type, ...]) -> None:
        self.rule = rule
        self.in_set = in_set
        self.links = MappingProxyType({})

    @cached_property
    def signature(self) -> Hashable:
        """Equal to another's if the rule's key and all its direct choices are the same."""
        choices = [(wiring, choice_of(answer)) for wiring, answer in self.links.items()]
        return (self.rule.key, self.in_set, frozenset(choices))

    def __repr__(self) -> str:
        return f"<{self.rule.name} from ({', '.join(cls.__qualname__ for cls in self.in_set)})>"


def choice_of(answer: Answer) -> Hashable:
    """What an answer was, comparable between two graphs."""
    if isinstance(answer, ParamAnswer):
        return ("param", answer.type)
    if isinstance(answer, RuleAnswer):
        return (answer.instance.rule.key, answer.instance.in_set)
    return frozenset((member, choice_of(inner)) for member, inner in answer.members.items())


def iter_instances(answer: Answer) -> Iterator[Instance]:
    """All instances that an answer leads to, each once, nearest first."""
    seen: set[Instance] = set()
    layer = [answer]
    while layer:
        following: list[Answer] = []
        for found in layer:
            if isinstance(found, UnionAnswer):
                following.extend(found.members.values())
            elif isinstance(found, RuleAnswer) and found.instance not in seen:
                seen.add(found.instance)
                yield found.instance
                following.extend(found.instance.links.values())
        layer = following
