from recipes.cards import card
from recipes.recipe import read_recipe


def test_puts_a_recipe_on_a_card() -> None:
    recipe = read_recipe("Pancakes, for 4\n250 g flour\n1/2 l milk\n3 eggs")

    assert card(recipe).splitlines() == [
        "Pancakes, for 4",
        "---------------",
        "250 g  flour",
        "1/2 l  milk",
        "    3  eggs",
    ]
