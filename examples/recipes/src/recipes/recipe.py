"""A recipe: what it is called, for how many it is, what it takes."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from recipes.ingredients import Ingredient, read_ingredient

_TITLE = re.compile(r"(?P<name>.+), for (?P<servings>\d+)")


@dataclass(frozen=True)
class Recipe:
    """Ingredients are in the order in which they were written."""

    name: str
    servings: int
    ingredients: tuple[Ingredient, ...]


def read_recipe(text: str) -> Recipe:
    """A recipe from its title, "Pancakes, for 4", and one line for each ingredient.

    Raises:
        ValueError: the title says no number, or a line is no ingredient.
    """
    title, *lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    found = _TITLE.fullmatch(title)
    if found is None:
        raise ValueError(f"for how many is {title}?")
    return Recipe(found["name"], int(found["servings"]), tuple(map(read_ingredient, lines)))


def scale(recipe: Recipe, servings: int) -> Recipe:
    """The same for more people, or for fewer."""
    factor = Fraction(servings, recipe.servings)
    scaled = tuple(replace(one, amount=one.amount * factor) for one in recipe.ingredients)
    return Recipe(recipe.name, servings, scaled)
