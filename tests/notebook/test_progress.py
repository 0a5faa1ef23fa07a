"""A request that takes long shows itself, in the cell that asked; a short one does not."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest

from tests.notebook.kernel import Kernel

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

WIDGET = "application/vnd.jupyter.widget-view+json"
RULES = """
import asyncio, sys, threading, time
from dataclasses import dataclass
from wfnb import Goal, Get, MultiGet, arequest, current_engine, goal_rule, request, rule, run

@dataclass(frozen=True)
class Item:
    n: int
    s: float
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
    time.sleep(item.s)
    return Made(item.n)

@rule
async def fill(item: Item) -> Basket:
    made = await MultiGet(Get(Made, Item, Item(n, item.s)) for n in range(item.n))
    return Basket(len(made))

@goal_rule
async def fill_all(item: Item) -> Fill:
    await Get(Basket)
    return Fill()
"""


@pytest.fixture
def kernel(loaded: Kernel) -> Kernel:
    """That kernel with nothing remembered."""
    loaded.ok("current_engine().invalidate()\ncurrent_engine().settings.progress_after = 0.3")
    return loaded


def _messages(kernel: Kernel, *cells: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Run cells; gives their message ids, and all that came until the last has ended."""
    sent = [kernel.client.execute(cell, store_history=True) for cell in cells]
    waiting, found = set(sent), []
    until = time.monotonic() + 30
    while waiting and time.monotonic() < until:
        message = kernel.client.get_iopub_msg(timeout=30)
        found.append(message)
        if message["content"].get("execution_state") == "idle":
            waiting.discard(message["parent_header"].get("msg_id"))
    for _ in sent:
        reply = kernel.client.get_shell_msg(timeout=30)
        assert reply["content"]["status"] == "ok", reply["content"]
    return sent, found


def _shown(messages: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """The displays: whose, and of which MIME types."""
    return [
        (one["parent_header"]["msg_id"], sorted(one["content"]["data"]))
        for one in messages
        if one["msg_type"] == "display_data"
    ]


def _last_state(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The request in the last checkpoint that was sent."""
    states = [
        one["content"]["data"]["state"]
        for one in messages
        if one["msg_type"] == "comm_msg" and one["content"]["data"].get("method") == "update"
    ]
    texts = [one["snapshot"] for one in states if "snapshot" in one]
    found: dict[str, Any] = json.loads(texts[-1])["state"]["requests"][-1]
    return found


def test_loads_without_a_thread_and_without_widgets(running: Kernel) -> None:
    """Loading, and a short request, import nothing for it."""
    running.ok("import sys, threading\nbefore = set(threading.enumerate())\n%load_ext wfnb")
    running.ok(RULES, cell_id="rules")
    running.ok("request(Basket, Item(3, 0.001))")

    assert running.ok("{'anywidget', 'ipywidgets', 'rich'} & {*sys.modules}").result == "set()"
    names = "[one.name for one in {*threading.enumerate()} - before if 'wfnb' in one.name]"
    assert running.ok(names).result == "[]"


@pytest.mark.parametrize(
    "ask",
    [
        "request(Basket, Item(4, 1.0))",
        "await arequest(Basket, Item(4, 1.0))",
        "run(Fill, Item(4, 1.0))",
    ],
)
def test_shows_a_slow_request_in_its_cell(kernel: Kernel, ask: str) -> None:
    """As a widget and nothing else; at the end the widget knows how it went."""
    kernel.ok("import wfnb.widgets.progress\ncurrent_engine().settings.progress_after = 0.2")
    (sent,), messages = _messages(kernel, f"x = {ask}\ntime.sleep(0.6)")

    assert _shown(messages) == [(sent, [WIDGET])]
    state = _last_state(messages)
    assert state["outcome"] == "answered"
    assert sum(one["ran"] for one in state["rules"].values()) >= 5
    batches = [one for one in messages if one["content"].get("data", {}).get("method") == "custom"]
    assert batches
    assert len(batches) < 20


def test_shows_nothing_for_short_requests(kernel: Kernel) -> None:
    """Below the setting; nor with the setting at None, however long they take."""
    _, messages = _messages(kernel, "x = request(Basket, Item(3, 0.1))")
    assert _shown(messages) == []

    kernel.ok("current_engine().settings.progress_after = None")
    _, messages = _messages(kernel, "x = request(Basket, Item(3, 0.7))")
    assert _shown(messages) == []


def test_shows_nothing_where_a_cell_keeps_its_outputs(kernel: Kernel) -> None:
    """`%%capture`."""
    _, messages = _messages(kernel, "%%capture\nx = request(Basket, Item(3, 0.7))")

    assert _shown(messages) == []


def test_lands_in_the_cell_that_asked_though_another_runs(kernel: Kernel) -> None:
    """A request that a cell left running, while the next cell is busy."""
    (asked, _), messages = _messages(
        kernel,
        "task = asyncio.create_task(arequest(Basket, Item(3, 1.0)))\nawait asyncio.sleep(0.05)",
        "for _ in range(30):\n    await asyncio.sleep(0.05)",
    )

    assert _shown(messages) == [(asked, [WIDGET])]
    kernel.ok("await task")


def test_shows_a_request_that_starts_over_once(kernel: Kernel) -> None:
    """Under its new number, in the same display."""
    kernel.ok(
        "@dataclass(frozen=True)\nclass Odd:\n    n: int\n"
        "@rule\nasync def odd(item: Item) -> Odd:\n"
        "    kinds = {'made': Made}\n    await Get(Basket)\n"
        "    return Odd((await Get(kinds['made'])).n)\n"
        "@dataclass(frozen=True)\nclass Text:\n    n: int\n",
        cell_id="odd",
    )
    _, messages = _messages(kernel, "x = request(Odd, Item(3, 0.6))\ntime.sleep(0.5)")

    assert len(_shown(messages)) == 1
    assert _last_state(messages)["outcome"] == "answered"


def test_tells_how_it_was_interrupted(kernel: Kernel) -> None:
    """The line that stays says so."""
    kernel.client.execute("x = request(Basket, Item(4, 20.0))")
    messages: list[dict[str, Any]] = []
    cancelled = False
    while True:
        message = kernel.client.get_iopub_msg(timeout=30)
        messages.append(message)
        if message["msg_type"] == "display_data" and not cancelled:
            cancelled = True
            os.kill(kernel.pid, signal.SIGINT)
        if message["content"].get("execution_state") == "idle":
            break
    kernel.client.get_shell_msg(timeout=30)
    _, late = _messages(kernel, "time.sleep(0.5)")

    assert _last_state([*messages, *late])["outcome"] == "interrupted"


def test_goes_on_where_a_view_fails(kernel: Kernel) -> None:
    """Nothing of it comes into the way of a request."""
    kernel.ok(
        "import wfnb.widgets.progress as module\n"
        "kept = module.ProgressView\nmodule.ProgressView = None"
    )
    try:
        outcome = kernel.ok("request(Basket, Item(3, 0.6)).total")
    finally:
        kernel.ok("module.ProgressView = kept")

    assert outcome.result == "3"
    assert (outcome.stdout, outcome.stderr) == (
        "note: how a request comes on cannot be shown: "
        "TypeError: 'NoneType' object is not callable\n",
        "",
    )
