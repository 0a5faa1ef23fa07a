"""Questions of an editor to a real kernel, while a cell is busy in a rule."""

from __future__ import annotations

import time
import uuid
from typing import Any

import ipykernel
import pytest

from tests.notebook.kernel import Kernel

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

RULES = """\
import time
from dataclasses import dataclass
from wfnb import Get, request, rule

@dataclass(frozen=True)
class Item:
    n: int
@dataclass(frozen=True)
class Made:
    n: int
@dataclass(frozen=True)
class Sold:
    n: int

@rule
def make(item: Item) -> Made:
    time.sleep(item.n)
    return Made(item.n)

@rule
async def sell(item: Item) -> Sold:
    made = await Get(Made)
    return Sold(made.n)
"""
GET = "async def f(item: Item) -> None:\n    await Get("
QUESTIONS: list[dict[str, Any]] = [
    {"do": "makers", "name": "Made"},
    {"do": "users", "name": "Made"},
    {"do": "hover", "text": "Made", "at": 2},
    {"do": "complete", "text": GET, "at": len(GET)},
    {"do": "why", "cell": "rules"},
    {"do": "dependants"},
    {"do": "clear", "cell": "rules"},
]
DONE = {"makers": True, "users": True, "hover": True, "complete": True, "why": True, "clear": True}


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="it has no subshells")
def test_answers_an_editor_while_a_rule_runs(loaded: Kernel) -> None:
    """Each question in less than half a second, though the rule blocks the kernel's thread."""
    subshell, load = loaded.new_subshell(), loaded.announced()
    loaded.ok("request(Sold, Item(0))", cell_id="first")
    busy = _send(loaded, "execute_request", {"code": "request(Sold, Item(4)).n", "silent": False})
    time.sleep(0.5)

    answers, times = {}, {}
    for question in QUESTIONS:
        began = time.perf_counter()
        answers[question["do"]] = _ask(loaded, load, question, subshell)
        times[question["do"]] = time.perf_counter() - began

    assert {do: one["done"] for do, one in answers.items()} == {**DONE, "dependants": False}
    assert max(times.values()) < 0.5 + 0.5, times  # the machine does other things besides
    spots = answers["makers"]["spots"] + answers["users"]["spots"]
    assert [(s["how"], s["cell"], s["line"]) for s in spots] == [
        ("makes", "rules", 16),
        ("asks for", "rules", 22),
    ]
    assert [one["name"] for one in answers["complete"]["items"]] == ["Made", "Sold"]
    assert answers["clear"]["cleared"] == 2  # the two that run now are told to run again
    assert _wait(loaded, busy) == "4"
    assert _ask(loaded, load, {"do": "dependants"})["cells"] == ["first"]


def _send(kernel: Kernel, kind: str, content: dict[str, Any], subshell: str | None = None) -> str:
    message = kernel.client.session.msg(kind, content)
    if subshell is not None:
        message["header"]["subshell_id"] = subshell
    kernel.client.shell_channel.send(message)
    return str(message["header"]["msg_id"])


def _ask(
    kernel: Kernel, load: str, data: dict[str, Any], subshell: str | None = None
) -> dict[str, Any]:
    target = f"wfnb.control.{load}"
    comm = {"comm_id": uuid.uuid4().hex, "target_name": target, "data": data}
    sent = _send(kernel, "comm_open", comm, subshell)
    while True:
        found = kernel.client.get_iopub_msg(timeout=10)
        if found["parent_header"].get("msg_id") == sent and found["msg_type"] == "comm_msg":
            return dict(found["content"]["data"])


def _wait(kernel: Kernel, sent: str) -> str | None:
    """The value of a cell that was sent before."""
    value = None
    while True:
        found = kernel.client.get_iopub_msg(timeout=20)
        if found["parent_header"].get("msg_id") != sent:
            continue
        if found["msg_type"] == "execute_result":
            value = found["content"]["data"]["text/plain"]
        elif found["content"].get("execution_state") == "idle":
            return value
