"""Shopping: what several recipes take together."""

from collections.abc import Iterable
from fractions import Fraction

from recipes.ingredients import Ingredient
from recipes.recipe import Recipe
from recipes.units import UNITS, convert, handiest

_COUNTED_IN = {"weight": "g", "volume": "ml"}


def shopping_list(recipes: Iterable[Recipe]) -> tuple[Ingredient, ...]:
    """Every ingredient once, by name; weights and volumes are added up, each for itself."""
    sums: dict[tuple[str, str], Fraction] = {}
    for recipe in recipes:
        for one in recipe.ingredients:
            unit = _COUNTED_IN[UNITS[one.unit].kind] if one.unit else ""
            amount = convert(one.amount, one.unit, unit) if unit else one.amount
            sums[one.name, unit] = sums.get((one.name, unit), Fraction(0)) + amount
    return tuple(_handy(name, unit, amount) for (name, unit), amount in sorted(sums.items()))


def _handy(name: str, unit: str, amount: Fraction) -> Ingredient:
    if not unit:
        return Ingredient(amount, unit, name)
    return Ingredient(*handiest(amount, unit), name)
