from fractions import Fraction

import pytest

from recipes.amounts import read_amount, show_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2", Fraction(2)),
        ("1/2", Fraction(1, 2)),
        ("1 1/2", Fraction(3, 2)),
        ("0.25", Fraction(1, 4)),
    ],
)
def test_reads_what_kitchens_write(text: str, amount: Fraction) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize("text", ["", "some"])
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|Fraction"):
        read_amount(text)


@pytest.mark.parametrize("text", ["2", "1/2", "1 1/3", "3/4"])
def test_shows_what_it_has_read(text: str) -> None:
    assert show_amount(read_amount(text)) == text


def test_shows_what_no_cup_measures_as_a_decimal() -> None:
    assert show_amount(Fraction(5, 7)) == "0.71"
