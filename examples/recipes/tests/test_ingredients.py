from fractions import Fraction

import pytest

from recipes.ingredients import Ingredient, read_ingredient


@pytest.mark.parametrize(
    ("line", "ingredient"),
    [
        ("250 g flour", Ingredient(Fraction(250), "g", "flour")),
        ("250g flour", Ingredient(Fraction(250), "g", "flour")),
        ("1 1/2 cup cold milk", Ingredient(Fraction(3, 2), "cup", "cold milk")),
        ("3 eggs", Ingredient(Fraction(3), "", "eggs")),
    ],
)
def test_reads_a_line(line: str, ingredient: Ingredient) -> None:
    assert read_ingredient(line) == ingredient


def test_refuses_a_line_without_an_amount() -> None:
    with pytest.raises(ValueError, match="this is no ingredient: salt"):
        read_ingredient("salt")
