"""Unions: a type that stands for several.

Knows: which classes are marked, and which pairs (base, member) were declared well.
Does not know: who answers for a member.
Holds: the mark is in the class's own dict. A member that subclasses its base is no union.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from wfnb.errors import RequestError, SignatureError, UnionError
from wfnb.rules.wording import nearest, place_of_caller, short_value, type_name

Cls = TypeVar("Cls", bound=type)

_MARK = "__wfnb_union__"


def union(cls: Cls) -> Cls:
    """Mark a class as one that stands for several, its members.

    Any class may be a base, and members need not subclass it.
    `Get(Out, Base, member)` goes to the rule that makes `Out` from the member's own type.

    Raises:
        UnionError: it is not put on a class.
    """
    if not isinstance(cls, type):
        raise UnionError(
            f"@union was put on {short_value(cls)}, which is no class",
            place=place_of_caller(),
            fix="put @union above a class: @union, class Vehicle: …",
        )
    setattr(cls, _MARK, True)
    return cls


def is_union(cls: type) -> bool:
    """Whether the class itself is marked; subclasses of a union are not."""
    return _MARK in cls.__dict__


@dataclass(frozen=True, slots=True, init=False)
class UnionRule:
    """`member` is one of those `base` stands for.

    Raises:
        UnionError: `base` is not marked with `@union`, or one of the two is no class.
    """

    base: type
    member: type

    def __init__(self, base: type, member: type) -> None:
        for value in (base, member):
            if not isinstance(value, type):
                raise UnionError(
                    f"UnionRule takes two classes, and {short_value(value)} is none",
                    place=place_of_caller(),
                    fix="write UnionRule(Base, Member)",
                )
        if not is_union(base):
            raise _not_a_union(base, member)
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "member", member)

    def __repr__(self) -> str:
        return f"UnionRule({type_name(self.base)}, {type_name(self.member)})"


def _not_a_union(base: type, member: type) -> UnionError:
    base_name, member_name = type_name(base), type_name(member)
    if is_union(member):
        return UnionError(
            f"UnionRule({base_name}, {member_name}): {base_name} is no union, but {member_name} is",
            place=place_of_caller(),
            fix=f"swap the two: UnionRule({member_name}, {base_name})",
        )
    marked = next((cls for cls in base.__mro__[1:] if is_union(cls)), None)
    if marked is not None:
        return UnionError(
            f"UnionRule({base_name}, {member_name}): {base_name} is no union itself",
            place=place_of_caller(),
            why=[f"its base {type_name(marked)} is; a subclass does not inherit the mark"],
            fix=f"write UnionRule({type_name(marked)}, {member_name}), "
            f"or mark {base_name} with @union",
        )
    return UnionError(
        f"UnionRule({base_name}, {member_name}): {base_name} is no union",
        place=place_of_caller(),
        fix=f"mark it: @union above class {base_name}",
    )


@dataclass(frozen=True, slots=True)
class UnionMembership:
    """Who is a member of which union; a rule may take it as a parameter.

    Attributes:
        members: per base, its members in the order they were declared.
    """

    members: Mapping[type, tuple[type, ...]]

    def __post_init__(self) -> None:
        frozen = {base: tuple(members) for base, members in self.members.items()}
        object.__setattr__(self, "members", MappingProxyType(frozen))

    @classmethod
    def from_rules(cls, rules: Iterable[UnionRule]) -> UnionMembership:
        """Gather union rules; one that is declared twice counts once."""
        members: dict[type, dict[type, None]] = {}
        for rule in rules:
            members.setdefault(rule.base, {})[rule.member] = None
        return cls({base: tuple(found) for base, found in members.items()})

    def __getitem__(self, base: type) -> tuple[type, ...]:
        """The members of a union that has some.

        Raises:
            UnionError: nothing was declared to be a member of `base`.
        """
        found = self.members.get(base)
        if found is not None:
            return found
        name = type_name(base)
        if is_union(base):
            raise UnionError(
                f"the union {name} has no members",
                place=place_of_caller(),
                fix=f"declare one: UnionRule({name}, Member); or use .get({name})",
            )
        meant = nearest(name, (type_name(known) for known in self.members))
        raise UnionError(
            f"{name} is no union",
            place=place_of_caller(),
            fix=f"did you mean {meant}?" if meant else f"mark it: @union above class {name}",
        )

    def get(self, base: type) -> tuple[type, ...]:
        """The members of a union; `()` for a class that has none."""
        return self.members.get(base, ())

    def has_members(self, base: type) -> bool:
        """Whether anything was declared to be a member of `base`."""
        return bool(self.members.get(base))

    def __iter__(self) -> Iterator[type]:
        return iter(self.members)

    def __hash__(self) -> int:
        return hash(frozenset(self.members.items()))

    def __repr__(self) -> str:
        shown = [
            f"{type_name(base)}: {', '.join(map(type_name, members))}"
            for base, members in self.members.items()
        ]
        return f"UnionMembership({'; '.join(shown)})"


@dataclass(frozen=True, slots=True, init=False)
class QueryRule:
    """An entry point that must always be satisfiable: a product, from params of these types.

    Two are equal when they mean the same; the order of the params is not part of that.

    Raises:
        SignatureError: the product or a param is no class.
        RequestError: a param's type is given twice.
    """

    product: type
    params: tuple[type, ...]

    def __init__(self, product: type, params: Iterable[type] = ()) -> None:
        if isinstance(params, type):
            raise SignatureError(
                f"QueryRule({type_name(product)}, {type_name(params)}): "
                "the params' types come in a list",
                place=place_of_caller(),
                fix=f"write QueryRule({type_name(product)}, [{type_name(params)}])",
            )
        given: tuple[Any, ...] = tuple(params)
        for position, cls in enumerate((product, *given)):
            if not isinstance(cls, type):
                role = "product" if position == 0 else "param"
                raise SignatureError(
                    f"QueryRule takes classes, and the {role} {type_name(cls)} is none",
                    place=place_of_caller(),
                    fix="write QueryRule(Out, [In, …])",
                )
        for position, cls in enumerate(given):
            if cls in given[:position]:
                raise RequestError(
                    f"QueryRule({type_name(product)}, …) names {type_name(cls)} twice",
                    place=place_of_caller(),
                    fix="a scope holds one value of a type; name it once",
                )
        object.__setattr__(self, "product", product)
        object.__setattr__(self, "params", given)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QueryRule):
            return NotImplemented
        return self.product is other.product and set(self.params) == set(other.params)

    def __hash__(self) -> int:
        return hash((self.product, frozenset(self.params)))

    def __repr__(self) -> str:
        names = ", ".join(map(type_name, self.params))
        return f"QueryRule({type_name(self.product)}, [{names}])"


__all__ = ["QueryRule", "UnionMembership", "UnionRule", "is_union", "union"]
