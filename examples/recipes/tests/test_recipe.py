from fractions import Fraction

import pytest

from recipes.recipe import read_recipe, scale

PANCAKES = """
Pancakes, for 4
250 g flour
3 eggs
"""


def test_reads_a_recipe() -> None:
    recipe = read_recipe(PANCAKES)

    assert (recipe.name, recipe.servings) == ("Pancakes", 4)
    assert [one.name for one in recipe.ingredients] == ["flour", "eggs"]


def test_refuses_a_title_without_servings() -> None:
    with pytest.raises(ValueError, match="for how many is Pancakes?"):
        read_recipe("Pancakes\n3 eggs")


def test_scales_every_ingredient() -> None:
    scaled = scale(read_recipe(PANCAKES), servings=6)

    assert [one.amount for one in scaled.ingredients] == [Fraction(375), Fraction(9, 2)]
