from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb.rules.unions import QueryRule, UnionMembership, UnionRule, is_union, union

Told = Callable[[Callable[[], object]], str]


@union
class Vehicle:
    pass


@union
class Animal:
    pass


class Car(Vehicle):
    pass


@dataclass(frozen=True)
class Truck:
    pass


def test_does_not_hand_the_mark_of_a_union_down() -> None:
    """Scenario 60: a member that subclasses its base is an ordinary class."""
    assert is_union(Vehicle)
    assert not is_union(Car)


def test_declares_members_that_need_not_be_subclasses() -> None:
    """Scenario 61: a pair is a value."""
    pair = UnionRule(Vehicle, Truck)

    assert (pair.base, pair.member) == (Vehicle, Truck)
    assert pair == UnionRule(Vehicle, Truck)
    assert hash(pair) == hash(UnionRule(Vehicle, Truck))
    assert repr(pair) == "UnionRule(Vehicle, Truck)"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            (Truck, Car),
            "UnionRule(Truck, Car): Truck is no union\n{place}"
            "  → mark it: @union above class Truck",
        ),
        (
            (Truck, Vehicle),
            "UnionRule(Truck, Vehicle): Truck is no union, but Vehicle is\n{place}"
            "  → swap the two: UnionRule(Vehicle, Truck)",
        ),
        (
            (Car, Truck),
            "UnionRule(Car, Truck): Car is no union itself\n{place}"
            "    its base Vehicle is; a subclass does not inherit the mark\n"
            "  → write UnionRule(Vehicle, Truck), or mark Car with @union",
        ),
        (
            (Vehicle, Truck()),
            "UnionRule takes two classes, and Truck() is none\n{place}"
            "  → write UnionRule(Base, Member)",
        ),
        (
            ("Vehicle", Truck),
            "UnionRule takes two classes, and 'Vehicle' is none\n{place}"
            "  → write UnionRule(Base, Member)",
        ),
    ],
)
def test_refuses_a_pair_that_is_no_union_and_member(arguments: Any, text: str, told: Told) -> None:
    """Scenario 61: with a hint, if the two were swapped."""
    place = "  test_unions.py:  told(…)\n"
    assert told(lambda: UnionRule(*arguments)) == (f"UnionError: {text.format(place=place)}")


def test_refuses_to_mark_what_is_no_class(told: Told) -> None:
    """Scenario 61: a union is a class."""
    assert told(lambda: union(len)) == (
        "UnionError: @union was put on <built-in function len>, which is no class\n"
        "  test_unions.py:  told(…)\n"
        "  → put @union above a class: @union, class Vehicle: …"
    )


def test_gathers_the_members_of_unions() -> None:
    """Members keep the order in which they were declared; one that is repeated counts once."""
    pairs = [UnionRule(Vehicle, Truck), UnionRule(Vehicle, Car), UnionRule(Vehicle, Truck)]

    membership = UnionMembership.from_rules(pairs)

    assert membership[Vehicle] == (Truck, Car)
    assert membership.get(Vehicle) == (Truck, Car)
    assert membership.get(Animal) == ()
    assert membership.has_members(Vehicle)
    assert not membership.has_members(Animal)
    assert membership == UnionMembership({Vehicle: (Truck, Car)})
    assert hash(membership) == hash(UnionMembership({Vehicle: (Truck, Car)}))
    assert list(membership) == [Vehicle]
    assert repr(membership) == "UnionMembership(Vehicle: Truck, Car)"


def test_refuses_to_look_up_the_members_of_nothing(told: Told) -> None:
    """By index, a base without members is a mistake; `.get` gives none."""
    membership = UnionMembership({Vehicle: (Truck,)})

    assert told(lambda: membership[Animal]) == (
        "UnionError: the union Animal has no members\n"
        "  test_unions.py:  told(…)\n"
        "  → declare one: UnionRule(Animal, Member); or use .get(Animal)"
    )
    assert told(lambda: membership[Truck]) == (
        "UnionError: Truck is no union\n"
        "  test_unions.py:  told(…)\n"
        "  → mark it: @union above class Truck"
    )


def test_declares_a_query_as_a_value() -> None:
    """A query is a product and a set of types; their order is for reading only."""
    query = QueryRule(Car, [Truck, str])

    assert (query.product, query.params) == (Car, (Truck, str))
    assert query == QueryRule(Car, (str, Truck))
    assert hash(query) == hash(QueryRule(Car, (str, Truck)))
    assert query != QueryRule(Car, [Truck])
    assert QueryRule(Car).params == ()
    assert repr(query) == "QueryRule(Car, [Truck, str])"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            (Car, Truck),
            "SignatureError: QueryRule(Car, Truck): the params' types come in a list\n{place}"
            "  → write QueryRule(Car, [Truck])",
        ),
        (
            (Car, [Truck, 42]),
            "SignatureError: QueryRule takes classes, and the param 42 is none\n{place}"
            "  → write QueryRule(Out, [In, …])",
        ),
        (
            (tuple[Car, ...], []),
            "SignatureError: QueryRule takes classes, and the product tuple[Car, ...] is none\n"
            "{place}  → write QueryRule(Out, [In, …])",
        ),
        (
            (Car, [Truck, Truck]),
            "RequestError: QueryRule(Car, …) names Truck twice\n{place}"
            "  → a scope holds one value of a type; name it once",
        ),
    ],
)
def test_refuses_a_query_of_anything_but_classes(arguments: Any, text: str, told: Told) -> None:
    """A query's product and params are classes, each param once."""
    place = "  test_unions.py:  told(…)\n"
    assert told(lambda: QueryRule(*arguments)) == text.format(place=place)
