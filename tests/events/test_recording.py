"""Recording: a request step by step, and as a trace."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.events.watchers import TOYS, Gate, Number, Picky, Slows, Square, Squares, square, squares
from wfnb import Deterministic, Engine, Get, MultiGet, RequestInterrupted, rule
from wfnb.events.steps import Recording
from wfnb.events.trace import to_trace
from wfnb.taskgraph.driver import DEPTH


@dataclass(frozen=True)
class Deep:
    n: int


@rule
async def deep(number: Number) -> Deep:
    if not number.n:
        return Deep(0)
    below = await Get(Deep, Number, Number(number.n - 1))
    return Deep(below.n + 1)


def lines(recording: Recording | None, *kinds: str) -> list[str]:
    """Steps as text, without times."""
    assert recording is not None
    found = []
    for step in recording.steps:
        if kinds and step.kind not in kinds:
            continue
        by = f" by {recording.tasks[step.by].task}" if step.by is not None else ""
        place = f" at {step.place}" if step.place else ""
        note = f": {step.note}" if step.note else ""
        found.append(f"{step.kind} {recording.tasks[step.task].task}{by}{place}{note}")
    return found


def line_in(function: object, offset: int) -> str:
    code = function.function.__code__  # type: ignore[attr-defined]
    return f"{os.path.basename(code.co_filename)}:{code.co_firstlineno + offset}"


AT = line_in(squares, 2)


def test_records_each_step_with_lines_causes_and_values() -> None:
    """In order; what is asked says who asks, and where."""
    engine = Engine(TOYS)
    with engine.recording() as recorder:
        engine.request(Squares, Number(2))

    asked = "asked for the first time"
    assert lines(recorder.last) == [
        f"started squares(Number(2)): {asked}",
        f"asked square(Number(0)) by squares(Number(2)) at {AT}",
        f"asked square(Number(1)) by squares(Number(2)) at {AT}",
        f"started square(Number(0)): {asked}",
        "finished square(Number(0)): Square(0)",
        f"started square(Number(1)): {asked}",
        "finished square(Number(1)): Square(1)",
        "finished squares(Number(2)): Squares(1)",
    ]


def test_records_what_was_reused_checked_and_cleaned() -> None:
    """Early cutoff as it happens."""
    engine = Engine(TOYS)
    engine.request(Squares, Number(2))
    engine.invalidate(square)
    with engine.recording() as recorder:
        engine.request(Squares, Number(2))
        assert lines(recorder.last) == [
            "checked squares(Number(2))",
            "started square(Number(0)): it was invalidated",
            "finished square(Number(0)): Square(0)",
            "started square(Number(1)): it was invalidated",
            "finished square(Number(1)): Square(1)",
            "cleaned squares(Number(2))",
        ]
        with pytest.raises(ValueError, match="odd"):
            engine.request(Picky, Number(1))

    at = line_in(TOYS[2], 2)
    assert recorder.last is not None
    assert recorder.last.outcome == "failed"
    assert lines(recorder.last)[1:] == [
        f"reused square(Number(1)) by picky(Number(1)) at {at}",
        f"failed picky(Number(1)) at {line_in(TOYS[2], 4)}: ValueError: 1 is odd",
    ]


@pytest.mark.parametrize("executor", [None, Deterministic(3)])
def test_records_suspensions_with_the_line_of_the_await(executor: Deterministic | None) -> None:
    """A body that is suspended is resumed later, and finished after that."""
    engine = Engine([deep], executor=executor)
    with engine.recording() as recorder:
        assert engine.request(Deep, Number(DEPTH + 5)) == Deep(DEPTH + 5)

    suspended = lines(recorder.last, "suspended")
    at = line_in(deep, 4)
    assert f"suspended deep(Number({DEPTH + 5})) at {at}" in suspended
    assert len(suspended) == len(lines(recorder.last, "resumed"))
    assert lines(recorder.last, "cut off") == []
    assert lines(recorder.last)[-1] == f"finished deep(Number({DEPTH + 5})): Deep({DEPTH + 5})"


def test_records_what_an_interrupt_cut_off() -> None:
    """Whatever had begun and not ended."""
    gate = Gate()

    @rule
    async def held(number: Number) -> Square:
        gate.wait()
        return Square(1)

    engine = Engine([held, squares])

    def press() -> None:
        gate.wait_reached()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with engine.recording() as recorder, pytest.raises(RequestInterrupted):
        engine.request(Squares, Number(1))
    thread.join()

    assert recorder.last is not None
    assert recorder.last.outcome == "interrupted"
    assert sorted(lines(recorder.last, "cut off")) == [
        "cut off held(Number(0))",
        "cut off squares(Number(1))",
    ]


def test_bounds_a_recording() -> None:
    """The first steps are kept, the others are counted."""
    engine = Engine(TOYS)
    with engine.recording(most_steps=10) as recorder:
        engine.request(Squares, Number(50))

    assert recorder.last is not None
    assert len(recorder.last.steps) == 10
    assert recorder.last.dropped > 50


def test_records_only_while_asked_to() -> None:
    """Before and after, workers are the plain ones; a remembered answer leaves the last."""
    engine = Engine(TOYS)
    with engine.recording() as recorder:
        assert recorder.last is None
        engine.request(Square, Number(1))
        last = recorder.last
        engine.request(Square, Number(1))
        assert recorder.last is last
    engine.request(Square, Number(2))

    assert recorder.last is last


def test_answers_the_same_when_recorded() -> None:
    """Forms of requests that are wired as they are met, helpers and errors included."""

    @rule
    async def odd(number: Number) -> Deep:
        kinds = {"square": Square}

        async def ask(n: int) -> Square:
            found: Square = await Get(kinds["square"], Number, Number(n))
            return found

        total = (await ask(number.n)).n
        found = await MultiGet([Get(kinds["square"], Number, Number(i)) for i in range(3)])
        return Deep(total + sum(one.n for one in found))

    engine = Engine([odd, square])
    with engine.recording() as recorder:
        assert engine.request(Deep, Number(4)) == Engine([odd, square]).request(Deep, Number(4))
    engine._tasks.check()

    assert lines(recorder.last)[-1] == "finished odd(Number(4)): Deep(21)"


def test_exports_a_trace() -> None:
    """Slices on lanes, nested as bodies were, that Chrome and Perfetto read."""
    engine = Engine([*TOYS, deep])
    with engine.recording() as recorder:
        engine.request(Squares, Number(2))
        trace = to_trace(recorder.last)  # type: ignore[arg-type]
        engine.request(Deep, Number(DEPTH + 5))
        deep_trace = to_trace(recorder.last)  # type: ignore[arg-type]

    events = json.loads(json.dumps(trace))["traceEvents"]
    assert [e["args"]["name"] for e in events if e["ph"] == "M"] == [
        "Squares(Number(2))",
        "asking thread",
    ]
    slices = {e["name"]: e for e in events if e["ph"] == "X"}
    assert list(slices) == ["square(Number(0))", "square(Number(1))", "squares(Number(2))"]
    outer, inner = slices["squares(Number(2))"], slices["square(Number(1))"]
    assert outer["ts"] <= inner["ts"]
    assert inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"] + 0.01
    assert inner["args"] == {
        "how": "started",
        "end": "finished",
        "why": "asked for the first time",
        "gave": "Square(1)",
    }
    for one in deep_trace["traceEvents"]:
        assert one["ph"] == "M" or one["dur"] >= 0
    cut = [e for e in deep_trace["traceEvents"] if e.get("args", {}).get("end") == "suspended"]
    assert cut
    assert cut[0]["args"]["at"] == line_in(deep, 4)


# -- what a notebook records by itself ---------------------------------------------------------


def test_keeps_the_last_request_of_a_notebook() -> None:
    """Before anybody asks for it, with the sources of the bodies and the text of the story."""
    engine = Engine(TOYS)
    engine.watch_cells(records=True)
    assert engine.last_recording is None
    engine.request(Squares, Number(2))

    found = engine.last_recording
    assert found is not None
    assert (found.product, found.params, found.outcome) == ("Squares", ("Number(2)",), "answered")
    assert [task.source for task in found.tasks] == [0, 1, 1]
    assert [(t.name, t.product) for t in found.tasks[:2]] == [
        ("squares", "Squares"),
        ("square", "Square"),
    ]
    source = found.sources[0]
    assert source.first == squares.code.co_firstlineno
    assert source.lines[0] == "@rule"
    asked = next(step for step in found.steps if step.kind == "asked")
    assert asked.line is not None
    assert "MultiGet" in source.lines[asked.line - source.first]
    assert found.text == str(engine.story())


def test_tells_that_an_answer_was_remembered() -> None:
    """It has one step, and the request before it is not mistaken for it."""
    engine = Engine(TOYS)
    engine.watch_cells(records=True)
    engine.request(Squares, Number(2))
    engine.request(Squares, Number(2))

    found = engine.last_recording
    assert found is not None
    assert found.outcome == "remembered"
    assert lines(found) == ["reused squares(Number(2)): Squares(1)"]
    assert found.text == "reused    squares(Number(2))"


def test_records_nothing_where_nobody_may_look() -> None:
    """Without a notebook, after it has gone, and where the setting says so."""
    engine = Engine(TOYS)
    engine.request(Square, Number(1))
    assert engine.last_recording is None

    engine.watch_cells(records=True)
    engine.settings.recorded_steps = 0
    engine.request(Square, Number(2))
    assert engine.last_recording is None
    engine.settings.recorded_steps = 100
    engine.request(Square, Number(3))
    assert engine.last_recording is not None

    engine.watch_cells()
    engine.request(Square, Number(4))
    assert engine._ear.recorder is None
    assert engine.last_recording is None


def test_is_out_of_the_way_when_a_recording_is_full() -> None:
    """Workers are plain ones again; how many tasks are missing is told."""
    engine = Engine([*TOYS, deep])
    engine.watch_cells(records=True)
    engine.settings.recorded_steps = 10
    classes = set()

    @rule
    async def seen(number: Number) -> Slows:
        await MultiGet(Get(Square, Number, Number(i)) for i in range(50))
        [session] = engine._tasks.sessions.values()
        classes.update(type(worker).__name__ for worker in [session.driver])
        return Slows(1)

    engine.define([seen])
    engine.request(Slows, Number(1))

    found = engine.last_recording
    assert found is not None
    assert classes == {"Worker"}
    assert (len(found.steps), found.dropped) == (10, 51)
    assert engine.request(Deep, Number(DEPTH * 3)) == Deep(DEPTH * 3)
    engine._tasks.check()


def test_records_less_where_many_requests_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop of small requests is not slowed down by it; a second later all is as before."""
    now = [0.0]
    monkeypatch.setattr("wfnb.watching.keeping.perf_counter", lambda: now[0])
    engine = Engine(TOYS)
    engine.watch_cells(records=True)
    recorded = []
    for n in range(1_500):
        engine.request(Square, Number(n))
        recorded.append(engine.last_recording is not None)
    assert recorded.count(True) == 1_000

    now[0] += 1.0
    engine.request(Square, Number(-1))
    assert engine.last_recording is not None


def test_hands_a_recording_on_to_the_one_around_it() -> None:
    """What a `with` block records is the last request for the notebook, too."""
    engine = Engine(TOYS)
    engine.watch_cells(records=True)
    with engine.recording() as recorder:
        engine.request(Square, Number(1))

    assert engine.last_recording == recorder.last


def test_tells_the_requests_of_one_multiget_apart_from_others() -> None:
    """Two awaits in one line are two."""

    @rule
    async def loop(number: Number) -> Squares:
        await MultiGet(Get(Square, Number, Number(n)) for n in range(2))
        for n in (0, 1): await Get(Square, Number, Number(n))  # fmt: skip  # noqa: E701
        return Squares(0)

    engine = Engine([loop, square])
    with engine.recording() as recorder:
        engine.request(Squares, Number(2))

    assert recorder.last is not None
    found = [(s.kind, s.part, s.parts) for s in recorder.last.steps if s.by is not None]
    assert found == [("asked", 1, 2), ("asked", 2, 2), ("reused", 1, 1), ("reused", 1, 1)]


class Heavy:
    """A value that is equal to no other, and counted as long as it lives."""

    alive = 0

    def __init__(self) -> None:
        Heavy.alive += 1
        weakref.finalize(self, Heavy.let_go)

    @classmethod
    def let_go(cls) -> None:
        cls.alive -= 1


@dataclass(frozen=True)
class Counts:
    made: int


@rule
def make_heavy() -> Heavy:
    return Heavy()


@rule
async def count_heavy() -> Counts:
    await Get(Heavy)
    return Counts(Heavy.alive)


def test_lets_go_of_old_values_without_the_garbage_collector() -> None:
    """The recording of a notebook holds what the last request made, and while one runs nothing."""
    engine = Engine([make_heavy, count_heavy])
    engine.watch_cells(records=True)
    gc.collect()
    gc.disable()
    try:
        Heavy.alive = 0
        counts = set()
        for _ in range(5):
            counts.add(engine.request(Counts).made)
            engine.invalidate(make_heavy)
        alive = Heavy.alive
    finally:
        gc.enable()

    assert counts == {1}
    assert alive <= 1
    assert engine.last_recording is not None
    assert lines(engine.last_recording, "finished")[-1].startswith("finished count_heavy()")


def test_notes_nothing_in_a_body_that_comes_back_after_the_end() -> None:
    """Its request was cancelled; the thread that it holds serves the next ones."""
    gate = Gate()

    @rule
    def stays(number: Number) -> Square:
        gate.wait()
        return Square(number.n)

    engine = Engine([stays, squares])
    engine.watch_cells(records=True)

    async def ask() -> None:
        asked = asyncio.ensure_future(engine.arequest(Squares, Number(3)))
        await asyncio.to_thread(gate.wait_reached)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(ask())
    time.sleep(0.3)  # by then it was given up
    gate.open()
    assert engine.request(Squares, Number(3)) == Squares(3)


@pytest.mark.parametrize("how", ["by number", "by asyncio"])
def test_tells_nothing_of_a_request_that_was_given_up_when_its_body_returns(how: str) -> None:
    """What was asked meanwhile stays the last request, and its recording."""
    gate = Gate()

    @rule
    def stays(number: Number) -> Slows:
        gate.wait()
        return Slows(1)

    engine = Engine([stays, square])
    engine.watch_cells(records=True)

    async def ask() -> None:
        asked = asyncio.ensure_future(engine.arequest(Slows, Number(1)))
        await asyncio.to_thread(gate.wait_reached)
        if how == "by number":
            assert engine.cancel(1)
        else:
            asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        while engine.running:
            await asyncio.sleep(0.01)
        await engine.arequest(Square, Number(3))

    loop = asyncio.new_event_loop()
    try:
        with engine.recording() as recorder:
            loop.run_until_complete(ask())
            before = (engine.last, recorder.last)
            others = [one for one in threading.enumerate() if "(run)" in one.name]
            gate.open()
            for thread in others:
                thread.join(5)
    finally:
        loop.close()

    assert others
    assert (engine.last, recorder.last) == before
    assert engine.last is not None
    assert engine.last.facts is not None
    assert engine.last.facts.query[0] is Square
    assert engine.last_recording is not None
    assert engine.last_recording.product == "Square"


@pytest.mark.parametrize("ends_first", [0, 1])
def test_ends_recordings_in_any_order(ends_first: int) -> None:
    """As in two asyncio tasks: who is left goes on recording, and in the end nobody does."""
    engine = Engine(TOYS)
    both = [engine.recording(), engine.recording()]
    for one in both:
        one.__enter__()
    engine.request(Square, Number(1))
    both[ends_first].__exit__(None, None, None)
    left = both[1 - ends_first]
    engine.request(Square, Number(2))
    found = [one.last.params if one.last is not None else None for one in both]
    left.__exit__(None, None, None)
    engine.request(Square, Number(3))

    assert found[1 - ends_first] == ("Number(2)",)
    assert found[ends_first] == ("Number(1)",)
    assert left.last is not None
    assert left.last.params == ("Number(2)",)
    assert engine._ear.recorder is None


def test_leaves_the_recordings_of_a_notebook_that_came_meanwhile() -> None:
    """They are on after the block, too."""
    engine = Engine(TOYS)
    with engine.recording():
        engine.watch_cells(records=True)
    engine.request(Square, Number(1))

    assert engine.last_recording is not None


class Shown:
    """A value that says when it is shown."""

    on_show: Callable[[], object] = staticmethod(lambda: None)

    def __repr__(self) -> str:
        Shown.on_show()
        return "Shown!"


@rule
def shown(number: Number) -> Shown:
    return Shown()


def test_shows_values_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others go on meanwhile; an interrupt ends it, and the next one who asks gets all of it."""
    engine = Engine([shown])
    engine.watch_cells(records=True)
    engine.request(Shown, Number(1))
    told = lines(engine.last_recording)
    engine.request(Shown, Number(2))
    free: list[bool] = []

    def look() -> None:
        def take() -> None:
            free.append(engine._tasks.lock.acquire(timeout=1.0))
            if free[-1]:
                engine._tasks.lock.release()

        thread = threading.Thread(target=take)
        thread.start()
        thread.join()

    monkeypatch.setattr(Shown, "on_show", staticmethod(look))
    assert engine.last_recording is not None
    engine.story()
    assert free
    assert all(free)

    engine.request(Shown, Number(3))

    def press() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Shown, "on_show", staticmethod(press))
    with pytest.raises(KeyboardInterrupt):
        engine.last_recording  # noqa: B018  # it is a look
    monkeypatch.setattr(Shown, "on_show", staticmethod(lambda: None))
    assert lines(engine.last_recording) == [line.replace("1", "3") for line in told]


def test_keeps_a_request_that_ended_while_another_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The later one is the last."""
    engine = Engine([shown, *TOYS])
    engine.watch_cells(records=True)
    engine.request(Shown, Number(1))
    asked: list[object] = []

    def ask() -> None:
        if not asked:
            asked.append(None)
            engine.request(Squares, Number(2))

    monkeypatch.setattr(Shown, "on_show", staticmethod(ask))
    first = engine.last_recording
    last = engine.last_recording

    assert first is not None
    assert last is not None
    assert (first.product, last.product) == ("Shown", "Squares")
