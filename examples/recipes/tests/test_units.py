from fractions import Fraction

import pytest

from recipes.units import convert, handiest


def test_converts_within_a_kind() -> None:
    assert convert(Fraction(2), "tbsp", "ml") == 30
    assert convert(Fraction(1, 2), "kg", "g") == 500


def test_refuses_to_weigh_a_volume() -> None:
    with pytest.raises(ValueError, match="cup is a volume, g is a weight"):
        convert(Fraction(1), "cup", "g")


def test_finds_the_handiest_unit() -> None:
    assert handiest(Fraction(5), "cup") == (Fraction(6, 5), "l")
    assert handiest(Fraction(2), "tsp") == (Fraction(10), "ml")
