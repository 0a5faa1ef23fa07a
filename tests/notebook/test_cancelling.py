"""`%wf cancel` in a real kernel: beside a busy cell, and for requests that cells left running."""

from __future__ import annotations

import threading
import time

import ipykernel
import pytest

from tests.notebook.kernel import Kernel

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

RULES = """
import asyncio, time
from dataclasses import dataclass
from wfnb import Goal, Get, MultiGet, arequest, current_engine, goal_rule, request, rule, run

@dataclass(frozen=True)
class Item:
    n: int
@dataclass(frozen=True)
class Made:
    n: int
@dataclass(frozen=True)
class Basket:
    total: int
@dataclass(frozen=True)
class Fill(Goal):
    exit_code: int = 0

@rule
def make(item: Item) -> Made:
    print("make", item.n)
    time.sleep(30.0 if item.n else 0.0)
    return Made(item.n)

@rule
async def fill(item: Item) -> Basket:
    made = await MultiGet(Get(Made, Item, Item(n)) for n in range(item.n))
    return Basket(len(made))

@goal_rule
async def fill_all(item: Item) -> Fill:
    await Get(Basket)
    return Fill()
"""
ASKS = ["request(Basket, Item(9))", "await arequest(Basket, Item(9))", "run(Fill, Item(9))"]


@pytest.fixture
def kernel(loaded: Kernel) -> Kernel:
    """That kernel with nothing remembered."""
    loaded.ok("current_engine().invalidate()", cell_id="reset")
    return loaded


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
@pytest.mark.parametrize("ask", ASKS)
def test_cancels_what_a_busy_cell_asked(kernel: Kernel, ask: str) -> None:
    """From a cell on a subshell, at once."""
    subshell = kernel.new_subshell()
    cancelled = _beside(kernel, "%wf cancel", subshell)

    outcome = kernel.run(ask, cell_id="ask")

    assert [e[0] for e in outcome.errors] == ["RequestInterrupted"], outcome
    assert "make(Item(" in outcome.error
    assert time.perf_counter() - cancelled[0] < 0.5 + 0.5  # the machine does other things besides
    assert kernel.ok("%wf cancel").displayed == "no request runs"
    assert kernel.ok("request(Made, Item(0)).n").result == "0"


def test_cancels_what_a_cell_left_running(kernel: Kernel) -> None:
    """By its number; it is cancelled as asyncio cancels tasks."""
    kernel.ok("task = asyncio.create_task(arequest(Basket, Item(9)))\nawait asyncio.sleep(0.3)")
    [number, product] = eval(str(kernel.ok("[*current_engine().running.items()][0]").result))
    assert product == "Basket"
    assert kernel.complete("%wf cancel ") == [str(number)]

    wrong = kernel.run("%wf cancel 0")
    assert wrong.error == (
        "MagicError: %wf cancel: there is no request 0 that runs\n"
        f"    running: {number} (Basket)\n"
        "  → %wf cancel"
    )
    done = kernel.ok(f"%wf cancel {number}\nawait asyncio.wait([task])")
    assert done.displayed == f"cancelled: request {number} (Basket)"
    assert kernel.ok("task.cancelled()").result == "True"
    assert kernel.run(f"%wf cancel {number}").error.endswith("no request runs")


def _beside(kernel: Kernel, code: str, subshell: str) -> list[float]:
    """Send a cell to a subshell in a moment; gives a list that gets the time when it was."""
    sent: list[float] = []
    content = {
        "code": code,
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    message = kernel.client.session.msg("execute_request", content)
    message["header"]["subshell_id"] = subshell

    def send() -> None:
        sent.append(time.perf_counter())
        kernel.client.shell_channel.send(message)

    threading.Timer(0.6, send).start()
    return sent
