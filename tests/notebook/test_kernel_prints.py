"""Where prints of rules go, and in which order, in a real kernel."""

from __future__ import annotations

import pytest

from tests.notebook.kernel import Kernel

pytestmark = [pytest.mark.kernel, pytest.mark.slow]


RULES = """
import sys, threading, time
from dataclasses import dataclass
from wfnb import Get, MultiGet, arequest, current_engine, request, rule

@dataclass(frozen=True)
class Item:
    n: int
    s: float
@dataclass(frozen=True)
class Made:
    n: int
@dataclass(frozen=True)
class Order:
    count: int
    s: float
@dataclass(frozen=True)
class Basket:
    thread: bool
@dataclass(frozen=True)
class Shelf:
    n: int

@rule
def make(item: Item) -> Made:
    print("begin", item.n)
    time.sleep(item.s)
    print("end", item.n, file=sys.stderr if item.n < 0 else sys.stdout)
    return Made(item.n)

@rule
async def fill(order: Order) -> Basket:
    print("fill")
    times = [order.s * (order.count - n) for n in range(order.count)]
    made = await MultiGet(Get(Made, Item, Item(n, s)) for n, s in enumerate(times))
    print("filled")
    return Basket([m.n for m in made] == list(range(order.count)))

@rule
async def stack(order: Order) -> Shelf:
    print("stack")
    found = await MultiGet(
        Get(Basket, Order, Order(n, order.s + n / 1000)) for n in range(order.count, 0, -1)
    )
    print("stacked")
    return Shelf(len(found))
"""
ASKS = ["request", "await arequest"]


def _filled(count: int) -> list[str]:
    return ["fill", *(f"{w} {n}" for n in range(count) for w in ("begin", "end")), "filled"]


@pytest.fixture
def kernel(loaded: Kernel) -> Kernel:
    """That kernel with nothing remembered."""
    loaded.ok("current_engine().invalidate()\nout = sys.stdout", cell_id="reset")
    return loaded


@pytest.mark.parametrize("ask", ASKS)
def test_shows_prints_in_the_cell_that_asks(kernel: Kernel, ask: str) -> None:
    """From whichever thread; nothing is left for the next cell."""
    outcome = kernel.ok(f"({ask}(Basket, Order(8, 0.01))).thread", cell_id="ask")

    assert outcome.result == "True"
    assert sorted(outcome.stdout.split("\n")[:-1]) == sorted(_filled(8))
    assert kernel.ok("time.sleep(0.1)\nprint('mine')").stdout == "mine\n"


@pytest.mark.parametrize("ask", ASKS)
def test_shows_prints_of_concurrent_rules_in_the_order_of_the_requests(
    kernel: Kernel, ask: str
) -> None:
    """Though the last ones end first."""
    outcome = kernel.ok(f"({ask}(Basket, Order(12, 0.02))).thread", cell_id="ask")

    assert outcome.stdout.split("\n")[:-1] == _filled(12)
    assert kernel.ok("sys.stdout is out").result == "True"


@pytest.mark.parametrize("ask", ASKS)
def test_shows_what_the_first_rule_prints_as_it_goes(kernel: Kernel, ask: str) -> None:
    """Also when the request is stopped; what the others had printed is not lost."""
    outcome = kernel.run(f"{ask}(Basket, Order(3, 7.0))", cell_id="ask", interrupt_after_s=0.5)

    assert outcome.errors[0][0] == "RequestInterrupted"
    assert outcome.stdout.split("\n")[:-1] == ["fill", "begin 0", "begin 1", "begin 2"]
    assert kernel.ok("sys.stdout is out").result == "True"


@pytest.mark.parametrize("ask", ASKS)
def test_shows_each_batch_of_several_in_order(kernel: Kernel, ask: str) -> None:
    """Batches inside a batch: no rule's prints come before those of a rule that it asked."""
    outcome = kernel.ok(f"({ask}(Shelf, Order(4, 0.04))).n", cell_id="ask")

    lines = outcome.stdout.split("\n")[:-1]
    assert (lines[0], lines[-1]) == ("stack", "stacked")
    assert lines.count("fill") == lines.count("filled") == 4
    for n in range(4):
        begun = [i for i, line in enumerate(lines) if line == f"begin {n}"]
        assert [lines[i + 1] for i in begun] == [f"end {n}"] * (4 - n)
