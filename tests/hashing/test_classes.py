"""Classes that come and go with their cells, that say how they are equal, that `exec` made."""

from __future__ import annotations

import gc
import linecache
import weakref
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb.hashing.contents.changeable import CANNOT_CHANGE, content_of
from wfnb.hashing.equality import is_same
from wfnb.hashing.fields import has_written_eq
from wfnb.hashing.fingerprint import Fingerprint, difference, fingerprint
from wfnb.hashing.keys import key_function, typed_key

CELL = """\
import enum
from dataclasses import dataclass, field

class Mode(enum.Enum):
    A = 1

@dataclass(frozen=True)
class Inner:
    n: int
    mode: Mode
    owner: type | None = field(default=None, compare=False, metadata={"wfnb_key": False})

@dataclass(frozen=True)
class Outer:
    inner: Inner
    mode: Mode

Inner.outer = Outer  # refers back
Mode.outer = Outer

def f(x: Outer) -> Inner:
    return Inner(x.inner.n, Mode.A)
"""


def run_again(times: int) -> tuple[list[weakref.ref[Any]], list[Fingerprint]]:
    """Run the cell, use its classes in every way, and forget them."""
    code = compile(CELL, "<cell>", "exec", dont_inherit=True)
    linecache.cache["<cell>"] = (len(CELL), None, CELL.splitlines(True), "<cell>")
    space: dict[str, Any] = {"__name__": "__main__"}
    seen: list[weakref.ref[Any]] = []
    prints: list[Fingerprint] = []
    for _ in range(times):
        exec(code, space)
        outer, inner, mode = space["Outer"], space["Inner"], space["Mode"]
        one, other = [outer(inner(1, mode.A), mode.A) for _ in range(2)]
        assert key_function(outer)(one) == key_function(outer)(other)
        assert typed_key((one, mode.A, outer)) == typed_key((other, mode.A, outer))
        assert is_same([one], [other])
        prints = [fingerprint(space["f"])]  # as the engine keeps only the last
        seen += [weakref.ref(each) for each in (outer, inner, mode)]
    del linecache.cache["<cell>"]
    return seen, prints


def test_keeps_no_class_of_an_old_cell_alive() -> None:
    """Runs of a cell whose classes refer to each other leave nothing."""
    seen, prints = run_again(50)

    del prints
    gc.collect()

    assert [each for each in seen if each() is not None] == []


@pytest.mark.slow
def test_keeps_no_class_of_a_thousand_cells_alive() -> None:
    """The same, a thousand times; the print that is kept holds the last classes only."""
    seen, prints = run_again(1000)
    gc.collect()

    assert len([each for each in seen if each() is not None]) <= 3
    assert prints[0].holds()


# ---------------------------------------------------------------- metaclasses with an opinion


class Loose(type):
    """Every class is equal to every other."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return 1


class NoHash(type):
    """Classes by name, which leaves them without a hash."""

    def __eq__(cls, other: object) -> bool:
        return getattr(other, "__name__", None) == cls.__name__


@pytest.mark.parametrize("meta", [Loose, NoHash])
def test_tells_classes_apart_whatever_their_metaclass_says(meta: type) -> None:
    """`A(1)` and `B(1)` are different params, and so are `A` and `B`."""

    def make() -> Any:
        @dataclass(frozen=True)
        class A(metaclass=meta):  # type: ignore[misc] # the metaclass is a value here
            n: int

        return A

    one, other = make(), make()

    assert one == other
    assert typed_key(one(1)) == typed_key(one(1))
    assert hash(typed_key(one(1))) == hash(typed_key(one(1)))
    assert typed_key(one(1)) != typed_key(other(1))
    assert typed_key(one) == typed_key(one)
    assert typed_key(one) != typed_key(other)
    assert typed_key((one(1),)) != typed_key((other(1),))
    assert not is_same(one(1), other(1))


@pytest.mark.parametrize("meta", [Loose, NoHash])
def test_keys_params_of_such_a_class(meta: type) -> None:
    """A field of such a class is keyed by what is in it."""

    @dataclass(frozen=True)
    class A(metaclass=meta):  # type: ignore[misc] # the metaclass is a value here
        n: int

    @dataclass(frozen=True)
    class Holder:
        a: A
        some: object

    key = key_function(Holder)

    assert key(Holder(A(1), A(2))) == key(Holder(A(1), A(2)))
    assert key(Holder(A(1), A(2))) != key(Holder(A(1), A(3)))
    assert key(Holder(A(1), A(2))) != key(Holder(A(2), A(2)))
    assert key_function(A)(A(1)) == key_function(A)(A(1))
    assert isinstance(key(Holder(A(1), A(2))), Hashable)


ODD = """\
from dataclasses import dataclass
class NoHash(type):
    def __eq__(cls, other): return type(cls) is type(other)
@dataclass(frozen=True)
class A(metaclass=NoHash):
    n: int
a, several = A(1), [A(1), A(2)]
def f(x): return a, several, A
"""


def test_prints_objects_of_such_a_class() -> None:
    """They are seen into like any other."""
    one, other = fingerprint(executed(ODD)["f"]), fingerprint(executed(ODD)["f"])

    assert one == other
    assert one.lints == ("f reads a mutable global several",)
    changed = fingerprint(executed(ODD.replace("A(1), [", "A(3), ["))["f"])
    assert difference(one, changed) == "a.n: 1 → 3"


def test_looks_into_products_of_such_a_class() -> None:
    space = executed(ODD)

    assert content_of(space["a"]) is CANNOT_CHANGE
    before = content_of(space["several"])
    assert before.is_seen
    space["several"].append(space["a"])
    assert content_of(space["several"]) != before


# ---------------------------------------------------------------- code without a file of its own

WRITTEN = """\
from dataclasses import dataclass

@dataclass(frozen=True)
class A:
    x: object
    def __eq__(self, other): return type(other) is A and self.x[0] == other.x[0]
    def __hash__(self): return 1

def f(x): return A(x)
"""


def executed(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(source, space)
    return space


def test_takes_no_executed_code_for_made_by_dataclass() -> None:
    """`exec` names the file of what it compiles as `dataclasses` does."""
    cls = executed(WRITTEN)["A"]
    plain = executed(WRITTEN.replace("__eq__", "same").replace("def __hash__", "def other"))["A"]

    assert has_written_eq(cls)
    assert not has_written_eq(plain)
    assert is_same(cls([1, 2]), cls([1, 3]))
    assert not is_same(plain([1, 2]), plain([1, 3]))


def test_sees_the_methods_of_executed_code() -> None:
    """Its `__eq__` counts, though a dataclass makes one, too."""
    one = fingerprint(executed(WRITTEN)["f"])
    other = fingerprint(executed(WRITTEN.replace("other.x[0]", "other.x[-1]"))["f"])

    assert difference(one, other) == "helper A.__eq__"
