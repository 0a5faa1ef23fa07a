"""Units: what they are called, and what can be added to what."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Unit:
    """A unit, as so many of the unit that its kind is counted in."""

    name: str
    kind: str
    size: Fraction


UNITS = {
    unit.name: unit
    for unit in (
        Unit("g", "weight", Fraction(1)),
        Unit("kg", "weight", Fraction(1000)),
        Unit("ml", "volume", Fraction(1)),
        Unit("tsp", "volume", Fraction(5)),
        Unit("tbsp", "volume", Fraction(15)),
        Unit("cup", "volume", Fraction(240)),
        Unit("l", "volume", Fraction(1000)),
    )
}


def convert(amount: Fraction, unit: str, to: str) -> Fraction:
    """The same amount in another unit.

    Raises:
        ValueError: one is a weight and the other is a volume.
    """
    source, target = UNITS[unit], UNITS[to]
    if source.kind != target.kind:
        raise ValueError(f"{unit} is a {source.kind}, {to} is a {target.kind}")
    return amount * source.size / target.size


def handiest(amount: Fraction, unit: str) -> tuple[Fraction, str]:
    """The amount in g or kg, in ml or l, whichever is easier to read."""
    small, large = ("g", "kg") if UNITS[unit].kind == "weight" else ("ml", "l")
    in_large = convert(amount, unit, large)
    return (in_large, large) if in_large >= 1 else (convert(amount, unit, small), small)
