"""Ingredients: one line of a recipe."""

import re
from dataclasses import dataclass
from fractions import Fraction

from recipes.amounts import read_amount
from recipes.units import UNITS

_LINE = re.compile(r"(?P<amount>[\d./ ]*\d)\s*(?P<rest>\D.*)")


@dataclass(frozen=True)
class Ingredient:
    """So much of something; the unit is "" for what is counted."""

    amount: Fraction
    unit: str
    name: str


def read_ingredient(line: str) -> Ingredient:
    """The ingredient that "1 1/2 cup milk" or "3 eggs" means.

    Raises:
        ValueError: the line says no amount, or not of what.
    """
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(f"this is no ingredient: {line.strip()}")
    first, _, others = found["rest"].partition(" ")
    amount = read_amount(found["amount"])
    if first in UNITS and others:
        return Ingredient(amount, first, others.strip())
    return Ingredient(amount, "", found["rest"])
