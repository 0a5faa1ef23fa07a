"""Watching an engine: what observers are told, when, and at what cost."""

from __future__ import annotations

import asyncio
import gc
import json
import time
import weakref
from dataclasses import dataclass

import pytest

from tests.events.watchers import (
    TOYS,
    Gate,
    Keeper,
    Number,
    Picky,
    Slow,
    Slows,
    Square,
    Squares,
    other_square,
    square,
)
from wfnb import Console, Engine, Get, Goal, MultiGet, goal_rule, rule
from wfnb.events.codec import data_to_json, to_json
from wfnb.events.kinds import RequestsPassed, TasksDone, TasksTouched
from wfnb.events.state import Batch, Message, RuleCounts, Why

SQUARE = (
    "rule|tests.events.watchers|square|tests.events.watchers.Square|tests.events.watchers.Number"
)
SQUARES = (
    "rule|tests.events.watchers|squares|tests.events.watchers.Squares|tests.events.watchers.Number"
)


def slow_rules(gate: Gate) -> list[object]:
    @rule
    async def slow(number: Number) -> Slow:
        if number.n == 1:
            gate.wait()
        return Slow(number.n)

    @rule
    async def slows(number: Number) -> Slows:
        found = await MultiGet(Get(Slow, Number, Number(i)) for i in range(number.n))
        return Slows(len(found))

    return [slow, slows]


def test_tells_what_ran_and_why_by_rule() -> None:
    """Aggregates per rule and reason, that add up to what the request did."""
    engine, keeper = Engine(TOYS), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.request(Squares, Number(5))
        engine.request(Squares, Number(7))
        assert watching.catch_up()

    first, second = keeper.state.requests
    assert (first.product, first.params, first.outcome) == ("Squares", ("Number(5)",), "answered")
    asked = "asked for the first time"
    assert first.rules == {
        SQUARE: RuleCounts(5, 0, 0, (Why("ran", asked, 5),)),
        SQUARES: RuleCounts(1, 0, 0, (Why("ran", asked, 1),)),
    }
    assert second.rules[SQUARE].ran == 2
    assert first.ended_s is not None
    assert first.started_s <= first.ended_s <= second.started_s


def test_tells_the_cause_that_held_when_a_task_ran() -> None:
    """Even if it has run again for another one before anybody looked."""
    engine, keeper = Engine(TOYS), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.request(Squares, Number(3))
        engine.invalidate(square)
        engine.request(Squares, Number(3))
        engine.define([other_square()], origin="again")
        engine.request(Squares, Number(3))
        assert watching.catch_up()

    whys = [
        {(why.what, why.text): why.count for counts in one.rules.values() for why in counts.whys}
        for one in keeper.state.requests
    ]
    assert whys == [
        {("ran", "asked for the first time"): 1},
        {("ran", "it was invalidated"): 3, ("kept", "nothing that it stands on moved"): 1},
        whys[2],
    ]
    assert ("ran", "square, which it asked, gave something else") in whys[2]
    [touched] = [change for change in keeper.state.changes if isinstance(change, TasksTouched)]
    assert (touched.why, touched.cleared, touched.dirtied) == ("it was invalidated", 3, 1)


def test_tells_failures_with_their_first_line() -> None:
    """A request that fails ends with the type and the first line of the error."""
    engine, keeper = Engine(TOYS), Keeper()
    with engine.subscribe(keeper) as watching:
        with pytest.raises(ValueError, match="odd"):
            engine.request(Picky, Number(3))
        assert watching.catch_up()

    assert (keeper.last.outcome, keeper.last.error) == ("failed", "ValueError: 3 is odd")
    assert sum(counts.failed for counts in keeper.last.rules.values()) == 1


def test_tells_goals_and_their_exit_codes() -> None:
    """A goal is a request that says so, without what it is given to act with."""

    @dataclass(frozen=True)
    class Greet(Goal):
        pass

    @goal_rule
    async def greet(number: Number, console: Console) -> Greet:
        return Greet(exit_code=number.n)

    engine, keeper = Engine([greet]), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.run(Greet, Number(3))
        assert watching.catch_up()

    assert (keeper.last.is_goal, keeper.last.exit_code) == (True, 3)
    assert keeper.last.params == ("Number(3)",)


def test_tells_definitions_the_graph_and_its_problems() -> None:
    """From the snapshot on, and again when they change."""
    engine, keeper = Engine(TOYS), Keeper()

    @rule
    def lonely(slow: Slow) -> Slows:
        return Slows(slow.n)

    with engine.subscribe(keeper) as watching:
        assert watching.catch_up()
        assert {node.label for node in keeper.state.nodes.values()} >= {"square", "squares"}
        engine.define([lonely], origin="cell")
        assert watching.catch_up()
        assert "lonely" in {node.label for node in keeper.state.nodes.values()}
        problems = [str(one) for one in engine.diagnostics]
        assert len(keeper.state.problems) == len(problems)
        engine.forget("cell")
        assert watching.catch_up()

    state = keeper.state
    assert "lonely" not in {node.label for node in state.nodes.values()}
    assert {edge.source for edge in state.edges.values()} <= set(state.nodes)
    changes = [getattr(change, "added", ()) for change in state.changes]
    assert ("lonely",) in changes


def test_tells_what_rules_read_and_nobody_can_watch() -> None:
    """These problems are of no graph, but they are the engine's; all are in one order."""
    rows = [1]

    @rule
    def first(number: Number) -> Slow:
        return Slow(rows[0])

    engine, keeper = Engine([*TOYS, first]), Keeper()
    with engine.subscribe(keeper) as watching:
        assert watching.catch_up()

    assert "WF242" in [one.code for one in keeper.state.problems]
    told = [(one.code, one.message) for one in keeper.state.problems]
    assert told == [(one.code, one.message) for one in engine.diagnostics]


def test_counts_no_task_that_has_only_failed() -> None:
    """It has no value to be remembered, nor one to be redone."""

    @rule
    def slow(number: Number) -> Slow:
        return Slow(1 // number.n)

    engine, keeper = Engine([slow]), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.request(Slow, Number(1))
        with pytest.raises(ZeroDivisionError):
            engine.request(Slow, Number(0))
        assert watching.catch_up()
        [counts] = keeper.state.tasks.values()
        assert (counts.known, counts.stale) == (1, 0)
        engine.invalidate(slow)
        assert watching.catch_up()

    [counts] = keeper.state.tasks.values()
    assert (counts.known, counts.stale) == (1, 1)


def test_counts_what_is_remembered_and_what_is_stale() -> None:
    """By rule, when nothing runs."""
    engine, keeper = Engine(TOYS), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.request(Squares, Number(4))
        engine.request(Squares, Number(4))
        engine.request(Squares, Number(4))
        engine.invalidate(square)
        assert watching.catch_up()

    state = keeper.state
    assert {rule: (one.known, one.stale) for rule, one in state.tasks.items()} == {
        SQUARE: (4, 4),
        SQUARES: (1, 1),
    }
    assert state.remembered == {"Squares": 2}


def test_snapshots_a_request_that_is_under_way() -> None:
    """Who comes in the middle sees what runs, and in the end what all others see."""
    gate = Gate()
    engine, early, late = Engine(slow_rules(gate)), Keeper(), Keeper()  # type: ignore[arg-type]

    async def watch() -> None:
        asked = asyncio.ensure_future(engine.arequest(Slows, Number(5)))
        while not asked.done():
            await asyncio.sleep(0.01)
            if gate._reached.is_set():
                break
        with engine.subscribe(late) as watching:
            assert await asyncio.to_thread(watching.catch_up)
            deadline = time.monotonic() + 10
            while "4" not in str(late.last.multigets) and time.monotonic() < deadline:
                assert await asyncio.to_thread(watching.catch_up)
            middle = late.last
            gate.open()
            await asked
            assert await asyncio.to_thread(watching.catch_up)
        assert middle.outcome == "running"
        assert [lane.task for lane in middle.lanes] == ["slow(Number(1))"]
        [multiget] = middle.multigets
        assert (multiget.asker, multiget.total) == ("slows(Number(5))", 5)
        assert (multiget.done, multiget.running, multiget.is_over) == (4, 1, False)

    with engine.subscribe(early) as watching:
        asyncio.run(watch())
        assert watching.catch_up()

    assert early.state == late.state
    assert early.last.outcome == "answered"
    assert early.last.lanes == ()
    assert [span.task for span in early.last.spans] == ["slow(Number(1))"]
    [multiget] = early.last.multigets
    assert (multiget.done, multiget.running, multiget.is_over) == (5, 0, True)
    assert sorted(counts.ran for counts in early.last.rules.values()) == [1, 5]


def test_tells_which_line_a_suspended_body_waits_at() -> None:
    """The await of the rule, though a worker of its own runs what it waits for."""
    gate = Gate()
    engine, keeper = Engine(slow_rules(gate)), Keeper()  # type: ignore[arg-type]

    async def watch() -> None:
        asked = asyncio.ensure_future(engine.arequest(Slows, Number(5)))
        with engine.subscribe(keeper) as watching:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                assert await asyncio.to_thread(watching.catch_up)
                if keeper.state.requests and keeper.last.waiting:
                    break
            waiting = keeper.last.first_waiting
            gate.open()
            await asked
        line = slow_rules.__code__.co_firstlineno + 9
        assert [(one.task, one.wanted) for one in waiting] == [("slows(Number(5))", 1)]
        assert waiting[0].place == f"test_watching.py:{line}"

    asyncio.run(watch())


def test_tells_a_multiget_that_is_checked_without_a_line() -> None:
    """Nothing awaits it: the tasks are those that the last run had asked for."""
    gate = Gate()
    rules = slow_rules(gate)
    engine, keeper = Engine(rules), Keeper()  # type: ignore[arg-type]
    gate.open()
    engine.request(Slows, Number(5))
    gate.close()
    engine.invalidate(rules[0])  # type: ignore[arg-type]

    async def watch() -> None:
        asked = asyncio.ensure_future(engine.arequest(Slows, Number(5)))
        await asyncio.to_thread(gate.wait_reached)
        with engine.subscribe(keeper) as watching:
            assert await asyncio.to_thread(watching.catch_up)
            gate.open()
            await asked
            assert await asyncio.to_thread(watching.catch_up)

    asyncio.run(watch())

    [multiget] = keeper.last.multigets
    assert (multiget.asker, multiget.place, multiget.total) == ("slows(Number(5))", "", 5)


def test_lets_observers_ask_the_engine() -> None:
    """They are called without any lock, also while another thread is in a body."""
    gate = Gate()
    engine, keeper = Engine([*TOYS, *slow_rules(gate)]), Keeper()  # type: ignore[list-item]
    answers: list[object] = []

    def curious(message: Message) -> None:
        if isinstance(message, Batch) and not answers:
            answers.append(engine.request(Squares, Number(4)))
            engine.define([], origin="nothing")
            gate.open()

    with engine.subscribe(curious), engine.subscribe(keeper) as watching:
        assert watching.catch_up()
        engine.request(Slows, Number(5))
        assert watching.catch_up()

    assert answers == [engine.request(Squares, Number(4))]
    assert {one.product for one in keeper.state.requests} == {"Slows", "Squares"}


def test_drops_an_observer_that_raises_with_a_sentence() -> None:
    """The others are told, the request is answered."""
    engine, keeper = Engine(TOYS), Keeper()
    told: list[str] = []
    engine.watch_cells(tell=told.append)

    def broken(message: Message) -> None:
        raise KeyError("view")

    with engine.subscribe(keeper) as watching, engine.subscribe(broken):
        assert engine.request(Square, Number(3)) == Square(9)
        assert watching.catch_up()

    assert told == ["an observer of wfnb raised KeyError: 'view'; it is told nothing more"]
    assert keeper.last.outcome == "answered"


def test_tells_nothing_after_the_end() -> None:
    """`close()` may be called twice, and another observer may come later."""
    engine, keeper, other = Engine(TOYS), Keeper(), Keeper()
    watching = engine.subscribe(keeper)
    assert watching.catch_up()

    watching.close()
    watching.close()
    engine.request(Square, Number(1))
    with engine.subscribe(other) as again:
        assert again.catch_up()

    assert not watching.catch_up()
    assert engine._ear.listener is None
    assert len(keeper.messages) == 1
    assert other.last.product == "Square", "the last request is in the snapshot"


@pytest.mark.slow
def test_keeps_nothing_alive_after_the_end() -> None:
    """Neither observers nor the watch, and an engine that is dropped while it is watched goes."""

    def gone(*refs: weakref.ref[object]) -> bool:
        deadline = time.monotonic() + 10
        while any(ref() is not None for ref in refs) and time.monotonic() < deadline:
            gc.collect()
            time.sleep(0.01)
        return all(ref() is None for ref in refs)

    engine, keeper = Engine(TOYS), Keeper()
    watching = engine.subscribe(keeper)
    engine.request(Squares, Number(3))
    assert watching.catch_up()
    watch = weakref.ref(engine._ear.listener)
    watching.close()
    seen = weakref.ref(keeper)
    del keeper, watching
    assert gone(watch, seen)

    engine.subscribe(Keeper())
    tasks, last = weakref.ref(engine._tasks), weakref.ref(engine)
    del engine
    assert gone(tasks, last)


def test_tells_many_short_requests_as_one() -> None:
    """A loop of requests costs a bounded number of events."""
    engine, keeper = Engine(TOYS), Keeper()
    engine.request(Square, Number(0))
    with engine.subscribe(keeper) as watching:
        assert watching.catch_up()
        for n in range(1, 401):
            engine.request(Square, Number(n))
        assert watching.catch_up()

    passed = keeper.of(RequestsPassed)
    told = sum(event.count for event in keeper.of(TasksDone))
    assert sum(event.count for event in passed) >= 100
    assert sum(event.ran for event in passed) + told == 400
    assert len(keeper.state.requests) <= 20


@pytest.mark.slow
def test_watches_100_000_tasks_in_few_messages() -> None:
    """Aggregates, never a message per task; and all of them add up."""
    engine, keeper = Engine(TOYS), Keeper()
    with engine.subscribe(keeper) as watching:
        engine.request(Squares, Number(100_000))
        assert watching.catch_up(30)

    assert len(keeper.messages) < 200
    assert keeper.last.rules[SQUARE].ran == 100_000
    assert sum(len(m.events) for m in keeper.messages if isinstance(m, Batch)) < 1_000


class Half:
    """A value whose text ends within a character, as one that was cut off does."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __repr__(self) -> str:
        return f"half \ud83d {self.n}"


def test_tells_texts_that_hold_half_a_character() -> None:
    """Of params, values, errors and causes; a message can always be sent, a story always saved."""

    @rule
    def fails(half: Half) -> Square:
        raise ValueError("cannot parse \ud83d in row 3")

    engine = Engine([fails])
    engine.watch_cells(records=True)
    texts: list[bytes] = []
    with engine.subscribe(
        lambda message: texts.append(json.dumps(to_json(message), ensure_ascii=False).encode())
    ) as watching:
        with pytest.raises(ValueError, match="row 3"):
            engine.request(Square, Half(1))
        assert watching.catch_up()

    told = b"".join(texts).decode()
    assert "ValueError: cannot parse ? in row 3" in told
    assert "half ? 1" in told
    recording = engine.last_recording
    assert recording is not None
    assert json.dumps(data_to_json(recording), ensure_ascii=False).encode()
