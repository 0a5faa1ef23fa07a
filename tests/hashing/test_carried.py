"""Records that carry more than their fields: what else they carry counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any

import pytest

from wfnb.errors import ParamError
from wfnb.hashing.contents.changeable import content_digest
from wfnb.hashing.equality import is_same, is_same_at_once
from wfnb.hashing.keys import key_function


@dataclass(frozen=True)
class Scaled:
    n: int
    by: InitVar[Any] = 1

    def __post_init__(self, by: Any) -> None:
        object.__setattr__(self, "factor", by)


@dataclass(frozen=True)
class Base:
    n: int


@dataclass(frozen=True)
class Named(Base):
    def __init__(self, n: int, name: Any) -> None:
        super().__init__(n)
        object.__setattr__(self, "name", name)


@dataclass(frozen=True)
class Summed:
    """A field that is made from others, as is often seen; and something that has no key."""

    rows: tuple[int, ...]
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.rows))
        object.__setattr__(self, "index", {row: i for i, row in enumerate(self.rows)})

    @cached_property
    def largest(self) -> int:
        return max(self.rows)


@dataclass(frozen=True)
class Late:
    """A field that need not be set."""

    n: int
    note: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, f"extra{self.n % 2}", 1)


@dataclass
class Draft:
    n: int


@dataclass(slots=True)
class Slotted:
    n: int


def noted(note: object) -> Draft:
    made = Draft(1)
    made.note = note  # type: ignore[attr-defined] # what the test is about
    return made


PAIRS: dict[str, Callable[[Any], Any]] = {
    "given to __post_init__ only": lambda each: Scaled(1, each),
    "given to a written __init__ only": lambda each: Named(1, each),
}


@pytest.mark.parametrize("make", PAIRS.values(), ids=PAIRS)
def test_tells_records_apart_by_what_else_they_were_made_from(make: Callable[[Any], Any]) -> None:
    """As params and as products, typed."""
    key = key_function(type(make(1)))

    assert key(make(1)) == key(make(1))
    assert len({key(make(1)), key(make(True)), key(make(2))}) == 3
    assert is_same(make(1), make(1))
    for other in (make(True), make(2)):
        assert not is_same(make(1), other)
        assert not is_same_at_once(make(1), other)
    assert content_digest(make([1])) is not None
    assert content_digest(make(1)) is None


def test_refuses_a_param_that_carries_what_can_change() -> None:
    """Naming the attribute."""
    with pytest.raises(ParamError) as caught:
        key_function(Scaled)(Scaled(1, [2]))

    assert str(caught.value) == (
        "Scaled cannot be a param: Scaled.factor is a list, which can change while the result is "
        "remembered\n  → put tuple(…) there"
    )


def test_takes_what_is_made_from_the_fields_for_no_news() -> None:
    """An index beside the fields has no key and needs none; neither do cached properties."""
    key, one, other = key_function(Summed), Summed((1, 2)), Summed((1, 2))
    assert one.largest == 2

    assert key(one) == key(other)
    assert key(one) != key(Summed((1, 3)))
    assert is_same(one, other)
    assert not is_same(one, Summed((1, 3)))


def test_tells_records_apart_that_lack_a_field_for_an_attribute() -> None:
    """The number of attributes does not tell where fields need not be set."""
    key, late = key_function(Late), Late(1)
    more = Late(1)
    object.__setattr__(more, "note", 0)
    object.__delattr__(more, "extra1")

    assert key(late) == key(Late(1))
    assert key(late) != key(more)
    assert is_same(late, Late(1))
    assert not is_same(late, more)


def test_compares_what_was_put_on_a_product_later() -> None:
    """A record that is not frozen takes any attribute."""
    assert is_same(noted([1]), noted([1]))
    assert not is_same(noted(1), noted(True))
    assert not is_same(noted(1), Draft(1))
    assert not is_same_at_once(noted(1), Draft(1))
    assert is_same(Slotted(1), Slotted(1))
    assert not is_same(Slotted(1), Slotted(2))
