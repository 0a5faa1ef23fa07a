"""Cards: a recipe to pin to the kitchen wall."""

from recipes.amounts import show_amount
from recipes.recipe import Recipe


def card(recipe: Recipe) -> str:
    """The recipe as text, amounts in a column of their own."""
    amounts = [f"{show_amount(one.amount)} {one.unit}".strip() for one in recipe.ingredients]
    width = max(map(len, amounts), default=0)
    title = f"{recipe.name}, for {recipe.servings}"
    lines = [
        f"{amount:>{width}}  {one.name}"
        for amount, one in zip(amounts, recipe.ingredients, strict=True)
    ]
    return "\n".join([title, "-" * len(title), *lines])
