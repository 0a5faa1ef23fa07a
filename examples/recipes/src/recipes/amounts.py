"""Amounts, as a kitchen writes them: 2, 1/2, 1 1/2, 0.25."""

from fractions import Fraction


def read_amount(text: str) -> Fraction:
    """The number that "1 1/2" means.

    Raises:
        ValueError: it is no number.
    """
    parts = text.split()
    if not parts:
        raise ValueError("an amount is missing")
    return sum((Fraction(part) for part in parts), start=Fraction(0))


def show_amount(amount: Fraction) -> str:
    """Exactly where a kitchen can measure it, to halves, thirds and quarters; else as a decimal."""
    whole, rest = divmod(amount, 1)
    if rest.denominator > 4:
        return f"{float(amount):.2f}".rstrip("0").rstrip(".")
    if not rest:
        return str(whole)
    return f"{whole} {rest}" if whole else str(rest)
