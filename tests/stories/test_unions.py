"""Unions: a request goes by the type of its value."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.stories.toys import sound
from wfnb import Engine, Get, UnionError, UnionMembership, UnionRule, rule, union


@union
class Vehicle:
    """Stands for several."""


@dataclass(frozen=True)
class Car:
    n: int


@dataclass(frozen=True)
class Bike:
    n: int


@dataclass(frozen=True)
class Load:
    kilos: int


@dataclass(frozen=True)
class Trip:
    vehicle: object


@dataclass(frozen=True)
class Ticket:
    text: str


@dataclass(frozen=True)
class Priced:
    text: str


@dataclass(frozen=True)
class Count:
    n: int


@rule
def car(car: Car, load: Load) -> Ticket:
    return Ticket(f"car {car.n} with {load.kilos}")


@rule
def bike(bike: Bike) -> Ticket:
    return Ticket(f"bike {bike.n}")


@rule
async def trip(trip: Trip) -> Priced:
    return Priced((await Get(Ticket, Vehicle, trip.vehicle)).text)


@rule
def count(membership: UnionMembership) -> Count:
    return Count(len(membership[Vehicle]))


MEMBERS = (UnionRule(Vehicle, Car), UnionRule(Vehicle, Bike))


def test_dispatches_on_the_type_of_the_value_and_passes_the_scope_on() -> None:
    """Scenarios 40 and 59: each member has its rule; params in scope reach it."""
    engine = Engine([car, bike, trip, *MEMBERS])
    assert engine.request(Priced, Trip(Car(1)), Load(5)) == Priced("car 1 with 5")
    assert engine.request(Priced, Trip(Bike(2)), Load(5)) == Priced("bike 2")
    sound(engine)


def test_refuses_a_value_that_is_no_member() -> None:
    """Scenario 59: the missing registration is named."""
    engine = Engine([car, bike, trip, *MEMBERS])
    with pytest.raises(UnionError) as caught:
        engine.request(Priced, Trip(Load(1)), Load(5))
    assert str(caught.value) == (
        "Load is not a member of the union Vehicle\n"
        "    members of Vehicle: Bike, Car\n"
        "  → register it: UnionRule(Vehicle, Load)"
    )


def test_goes_by_a_union_among_several_supplied_values() -> None:
    """The other values reach the member's rule as they are."""

    @rule
    async def loaded(trip: Trip) -> Priced:
        ticket = await Get(Ticket, {trip.vehicle: Vehicle, Load(7): Load})
        return Priced(ticket.text)

    @rule
    def bike_with_load(bike: Bike, load: Load) -> Ticket:
        return Ticket(f"bike {bike.n} with {load.kilos}")

    engine = Engine([car, bike_with_load, loaded, *MEMBERS])
    assert engine.request(Priced, Trip(Car(1))) == Priced("car 1 with 7")
    assert engine.request(Priced, Trip(Bike(1))) == Priced("bike 1 with 7")
    sound(engine)


def test_injects_who_is_a_member_and_follows_it() -> None:
    """A rule that takes the membership runs again when it changes."""
    engine = Engine([count, *MEMBERS])
    assert engine.request(Count) == Count(2)
    engine.define([UnionRule(Vehicle, Load)], origin="more")
    assert engine.request(Count) == Count(3)
    engine.forget("more")
    assert engine.request(Count) == Count(2)
    sound(engine)
