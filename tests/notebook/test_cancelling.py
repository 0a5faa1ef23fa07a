"""Cancelling in a real kernel: with `%wf cancel`, and from a page, while a cell is busy."""

from __future__ import annotations

import threading
import time
import uuid

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


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
@pytest.mark.parametrize("ask", ASKS)
def test_answers_a_page_while_a_cell_is_busy(kernel: Kernel, ask: str) -> None:
    """A comm that it opens on a subshell is answered at once, and the request ends."""
    subshell, load = kernel.new_subshell(), kernel.announced()
    number = int(str(kernel.ok("current_engine()._tasks.next_session_number()").result)) + 1
    sent = _in_a_moment(kernel, *_opening(load, {"do": "cancel", "request": number}), subshell)

    outcome = kernel.run(ask, cell_id="ask")

    assert [e[0] for e in outcome.errors] == ["RequestInterrupted"], outcome
    assert time.perf_counter() - sent[0] < 0.5 + 0.5  # the machine does other things besides
    assert kernel.ok("request(Made, Item(0)).n").result == "0"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"do": "cancel", "request": 0}, "request 0 does not run any more"),
        ({"do": "cancel", "request": "1"}, "'1' is no number of a request"),
        ({"do": "cancel", "request": True}, "True is no number of a request"),
        ({"do": "cancel"}, "None is no number of a request"),
        ({"do": "cancel", "request": 1, "engine": -1}, "the engine that was meant has gone"),
        ({"do": "cancel", "request": 1, "engine": []}, "TypeError: unhashable type: 'list'"),
        ({"do": "run", "code": "1/0"}, "wfnb cannot 'run'"),
        ({}, "wfnb cannot None"),
        (["cancel"], "wfnb cannot None"),
    ],
)
def test_answers_a_page_that_asks_nonsense(kernel: Kernel, data: object, text: str) -> None:
    """With a sentence, whatever it is; and closes the comm."""
    assert _asked(kernel, kernel.announced(), data) == [{"done": False, "text": text}, "closed"]


def test_answers_no_page_once_it_is_unloaded(kernel: Kernel) -> None:
    """And answers again when it is loaded again, where it then is announced."""
    load = kernel.announced()
    kernel.ok("%unload_ext wfnb")
    assert _asked(kernel, load, {"do": "cancel", "request": 1}) == ["closed"]

    kernel.ok("%load_ext wfnb")
    assert kernel.announced() != load
    assert len(_asked(kernel, kernel.announced(), {"do": "cancel", "request": 1})) == 2


def _opening(load: str, data: object) -> tuple[str, dict[str, object]]:
    """What a page sends to ask something."""
    return "comm_open", {
        "comm_id": uuid.uuid4().hex,
        "target_name": f"wfnb.control.{load}",
        "target_module": None,
        "data": data,
    }


def _asked(kernel: Kernel, load: str, data: object) -> list[object]:
    """What comes back on the comm: messages, and its end."""
    message = kernel.client.session.msg(*_opening(load, data))
    kernel.client.shell_channel.send(message)
    back: list[object] = []
    while True:
        found = kernel.client.get_iopub_msg(timeout=10)
        if found["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if found["msg_type"] == "comm_msg":
            back.append(found["content"]["data"])
        elif found["msg_type"] == "comm_close":
            back.append("closed")
        elif found["content"].get("execution_state") == "idle":
            return back


def _beside(kernel: Kernel, code: str, subshell: str) -> list[float]:
    """Send a cell to a subshell in a moment; gives a list that gets the time when it was."""
    content = {
        "code": code,
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    return _in_a_moment(kernel, "execute_request", content, subshell)


def _in_a_moment(
    kernel: Kernel, kind: str, content: dict[str, object], subshell: str
) -> list[float]:
    sent: list[float] = []
    message = kernel.client.session.msg(kind, content)
    message["header"]["subshell_id"] = subshell

    def send() -> None:
        sent.append(time.perf_counter())
        kernel.client.shell_channel.send(message)

    threading.Timer(0.6, send).start()
    return sent
