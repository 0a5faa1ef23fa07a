from fractions import Fraction

from recipes.ingredients import Ingredient
from recipes.recipe import read_recipe
from recipes.shopping import shopping_list

PANCAKES = read_recipe("Pancakes, for 4\n250 g flour\n1/2 l milk\n3 eggs")
BREAD = read_recipe("Bread, for 8\n1 kg flour\n2 tsp salt\n600 ml water")


def test_adds_up_what_several_recipes_take() -> None:
    assert shopping_list([PANCAKES, BREAD])[1] == Ingredient(Fraction(5, 4), "kg", "flour")


def test_lists_by_name_in_handy_units() -> None:
    assert shopping_list([BREAD]) == (
        Ingredient(Fraction(1), "kg", "flour"),
        Ingredient(Fraction(10), "ml", "salt"),
        Ingredient(Fraction(600), "ml", "water"),
    )


def test_counts_what_has_no_unit() -> None:
    assert shopping_list([PANCAKES, PANCAKES])[0] == Ingredient(Fraction(6), "", "eggs")
