"""Mutating: a remembered value that somebody changed in place is found, told and made again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.stories.toys import Number, ran, sound
from wfnb import Engine, Get, MultiGet, MutationError, MutationWarning, rule


@dataclass(frozen=True)
class Table:
    rows: list[int]


@dataclass(frozen=True)
class Total:
    n: int


@dataclass(frozen=True)
class Mean:
    n: int


@dataclass(frozen=True)
class Both:
    n: int


@rule
def load(number: Number) -> Table:
    return Table(list(range(number.n)))


@rule
async def total(number: Number) -> Total:
    return Total(sum((await Get(Table)).rows))


@rule
async def mean(number: Number) -> Mean:
    rows = (await Get(Table)).rows
    return Mean(sum(rows) // len(rows))


@rule
async def both(number: Number) -> Both:
    one, other = await MultiGet(Get(Total), Get(Mean))
    return Both(one.n + other.n)


SAID = (
    "the Table that load(Number(4)) had given was changed in place since; it is made again. "
    "Work on a copy of what a request gives"
)


def test_makes_again_what_a_cell_changed_before_handing_it_out() -> None:
    engine = Engine([load])
    engine.request(Table, Number(4)).rows.append(100)
    with pytest.warns(MutationWarning) as caught:
        assert engine.request(Table, Number(4)).rows == [0, 1, 2, 3]
    assert [str(one.message) for one in caught] == [SAID]
    assert caught[0].filename == __file__
    assert str(engine.why(Table, Number(4))) == (
        "load(Number(4)) ran again\n└─ its value had been changed in place"
    )
    sound(engine)


def test_makes_again_what_a_cell_changed_before_a_rule_uses_it() -> None:
    engine = Engine([load, total, mean])
    engine.request(Table, Number(4)).rows.append(100)
    with pytest.warns(MutationWarning) as caught:
        assert engine.request(Total, Number(4)) == Total(6)
    assert [str(one.message) for one in caught] == [SAID]
    assert engine.request(Mean, Number(4)) == Mean(1)
    sound(engine)


def test_runs_nothing_anew_that_had_used_the_value_before_it_was_changed() -> None:
    engine = Engine([load, total, mean, both])
    assert engine.request(Total, Number(4)) == Total(6)
    engine.request(Table, Number(4)).rows.append(100)
    with pytest.warns(MutationWarning):
        assert engine.request(Both, Number(4)) == Both(7)
    assert ran(engine)["load"] == 1
    assert "total" not in ran(engine)
    sound(engine)


def test_makes_again_what_was_changed_before_a_rule_that_fails_on_it() -> None:
    engine = Engine([load, total])
    table = engine.request(Table, Number(4))
    table.rows.append("no number")  # type: ignore[arg-type]
    with pytest.warns(MutationWarning):
        assert engine.request(Total, Number(4)) == Total(6)
    sound(engine)


@rule
async def pushy(number: Number) -> Total:
    table = await Get(Table)
    table.rows.append(100)
    return Total(sum(table.rows))


@pytest.mark.parametrize("is_known", [False, True])
def test_fails_the_rule_that_changes_what_another_made(is_known: bool) -> None:
    """Whether the value was remembered from an earlier request or not."""
    engine = Engine([load, pushy, mean])
    if is_known:
        engine.request(Table, Number(4))
    with pytest.raises(MutationError) as caught:
        engine.request(Total, Number(4))
    line = pushy.place.line
    assert str(caught.value) == (
        "pushy changed in place what load made for it\n"
        f"  test_mutating.py:{line}:  async def pushy(number: Number) -> Total:\n"
        "    load(Number(4)) had given something else; now it is Table([0, 1, 2, …])\n"
        "  → work on a copy: all who ask for it are given the same object"
    )
    assert engine.request(Mean, Number(4)) == Mean(1)
    sound(engine)


def test_lets_a_rule_that_was_mended_go_on() -> None:
    engine = Engine([load, pushy])
    with pytest.raises(MutationError):
        engine.request(Total, Number(4))
    engine.forget(pushy)
    engine.define([total], origin="mended")
    assert engine.request(Total, Number(4)) == Total(6)
    sound(engine)


def test_looks_at_nothing_when_told_not_to() -> None:
    engine = Engine([load])
    engine.settings.guard_mutation = False
    engine.request(Table, Number(4)).rows.append(100)
    assert engine.request(Table, Number(4)).rows == [0, 1, 2, 3, 100]


@dataclass(frozen=True)
class Slow:
    """Takes longer to look at than to make."""

    rows: list[Any] = field(default_factory=list)


@pytest.mark.parametrize("always", [None, True])
def test_looks_at_what_costs_much_only_when_told_to(always: bool | None) -> None:
    rows = [(i,) for i in range(60_000)]

    @rule
    def slow(number: Number) -> Slow:
        return Slow(list(rows))

    engine = Engine([slow])
    engine.settings.guard_mutation = always
    engine.request(Slow, Number(1))
    engine.request(Slow, Number(2)).rows.append(0)
    if always:
        with pytest.warns(MutationWarning):
            assert len(engine.request(Slow, Number(2)).rows) == 60_000
    else:
        assert len(engine.request(Slow, Number(2)).rows) == 60_001


def test_looks_at_what_takes_long_to_make() -> None:
    rows = [(i,) for i in range(20_000)]

    @rule
    def slow(number: Number) -> Slow:
        time.sleep(0.6)
        return Slow(list(rows))

    engine = Engine([slow])
    engine.request(Slow, Number(1)).rows.append(0)
    with pytest.warns(MutationWarning):
        assert len(engine.request(Slow, Number(1)).rows) == 20_000
