"""Defining: what replaces what, with and without an origin."""

from __future__ import annotations

from tests.stories.toys import Number, Parity, Square, square
from wfnb import Engine, rule


def test_adds_what_has_no_origin() -> None:
    """In a plain program each call brings more."""
    engine = Engine()
    engine.define([square])

    @rule
    def parity(number: Number) -> Parity:
        return Parity(number.n % 2)

    assert engine.define([parity]).removed == ()
    assert engine.request(Square, Number(3)) == Square(9)
    assert engine.request(Parity, Number(3)) == Parity(1)


def test_replaces_a_rule_of_the_same_name_without_an_origin() -> None:
    """Also where it takes something else now."""
    engine = Engine()

    def first() -> object:
        @rule
        def area(number: Number) -> Square:
            return Square(number.n)

        return area

    def second() -> object:
        @rule
        def area(parity: Parity) -> Square:
            return Square(parity.odd)

        return area

    engine.define([first()])  # type: ignore[list-item]
    change = engine.define([second()])  # type: ignore[list-item]
    assert [r.name for r in change.removed] == ["area"]
    assert engine.request(Square, Parity(5)) == Square(5)
    assert len(engine.rule_graph.rules) == 1


def test_replaces_all_of_an_origin() -> None:
    engine = Engine([square], root=".")

    @rule
    def parity(number: Number) -> Parity:
        return Parity(number.n % 2)

    engine.define([square, parity], origin="cell")
    assert [r.name for r in engine.define([parity], origin="cell").removed] == ["square"]
