"""Random changes and requests against evaluation from scratch: volume, shrinking, threads, Ctrl-C.

`random_changes.Harness` does the checking. WFNB_SEQUENCES sets how many sequences the loop tries.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.models import grammar
from tests.models.grammar import KINDS, NUMBERS, VALUES, WORLD, Spec, known_rule, possible
from tests.models.random_changes import Harness, outcome_of, run_sequence
from wfnb import Engine, RequestInterrupted

SEQUENCES = int(os.environ.get("WFNB_SEQUENCES", "300"))
PARTS = 4

# No missing rules, no cycles, no failures: what threads see then has one meaning at rest.
ACYCLIC: dict[int, Spec] = {
    0: ("multi", (1, "same"), (2, "same"), (3, 1)),
    1: ("sum", (2, True), (4, "same")),
    2: ("condition", (5, "same"), (3, "same"), (4, 1.0)),
    3: ("loop", ((4, "same"), (5, 1))),
    4: ("salt",),
    5: ("salt",),
}


# ------------------------------------------------------------------------------------------- volume


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_gives_what_evaluation_from_scratch_gives(part: int) -> None:
    """Right, minimal and sound, whatever changes and whenever."""
    for seed in range(part, SEQUENCES, PARTS):
        run_sequence(seed)


def test_clears_what_stands_on_a_rule_that_was_withdrawn_and_came_back_changed() -> None:
    """Also when something else was asked meanwhile, which forgets the tasks of withdrawn rules."""
    h = Harness(0)
    h.define(0, ("constant", 1))
    h.define(1, ("pass", (0, "same")))
    h.define(2, ("salt",))
    h.request(1, 0)
    h.delete(0)
    h.request(2, 0)
    h.define(0, ("constant", 2))
    h.request(1, 0)


# -------------------------------------------------------------------------------------- readability

kinds = st.integers(0, KINDS - 1)
numbers = st.sampled_from(NUMBERS)
steps = st.integers(1, 12)
asks = st.tuples(kinds, st.sampled_from(("same", *NUMBERS)))
specs: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("constant"), st.sampled_from((*NUMBERS, 2))),
    st.sampled_from((("salt",), ("own",), ("fail_if_odd",), ("fail", "a"), ("fail", "b"))),
    st.tuples(st.sampled_from(("pass", "mod2")), asks),
    st.tuples(st.just("sum"), asks, asks),
    st.tuples(st.sampled_from(("multi", "condition")), asks, asks, asks),
    st.tuples(st.sampled_from(("loop", "batch")), st.lists(asks, max_size=3).map(tuple)),
    st.tuples(st.just("catch"), asks, st.just(7)),
    st.tuples(st.just("catch_all"), asks, asks, st.just(8)),
)
changes = st.one_of(
    st.tuples(st.just("define"), kinds, specs, st.booleans()),
    st.tuples(st.just("delete"), kinds),
    st.tuples(st.just("move"), kinds, st.sampled_from((*NUMBERS, 2))),
    st.tuples(st.just("invalidate"), st.one_of(st.none(), kinds)),
)


class Changes(RuleBasedStateMachine):
    """The same operations, shrunk by Hypothesis."""

    def __init__(self) -> None:
        super().__init__()
        self.h = Harness(0)

    @rule(change=changes)
    def change(self, change: tuple[Any, ...]) -> None:
        self.h.do(change)

    @rule(kind=kinds)
    def define_again(self, kind: int) -> None:
        self.h.define_again(kind)

    @rule(kind=kinds, n=numbers)
    def request(self, kind: int, n: object) -> None:
        self.h.request(kind, n)

    @rule(kind=kinds, n=numbers, step=steps, change=changes)
    def request_while(self, kind: int, n: object, step: int, change: tuple[Any, ...]) -> None:
        self.h.request_while(kind, n, step, change)

    @rule(kind=kinds, n=numbers, step=steps)
    def request_interrupted(self, kind: int, n: object, step: int) -> None:
        self.h.request_interrupted(kind, n, step)


@pytest.mark.slow
def test_gives_what_evaluation_from_scratch_gives_to_hypothesis() -> None:
    """Fewer sequences, and a failing one comes out short."""
    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=50,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# ------------------------------------------------------------------------------- threads and Ctrl-C


def _engine(pause: Callable[[], object]) -> Engine:
    grammar.reset()
    grammar.witness.is_deaf = True
    grammar.witness.pause = pause
    engine = Engine()
    for kind, spec in ACYCLIC.items():
        engine.define([known_rule(kind, spec)], origin=kind)
    return engine


def _is_right_everywhere(engine: Engine) -> None:
    grammar.witness.pause = None
    for kind in range(KINDS):
        for n in NUMBERS:
            assert {outcome_of(engine, kind, n)} == possible(ACYCLIC, WORLD, kind, n), (kind, n)
    engine._tasks.check(at_rest=True)


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_is_right_after_four_threads_have_asked_and_invalidated() -> None:
    """Nobody hangs, nobody sees an error, and what is remembered at the end holds."""
    seed = 1
    engine = _engine(lambda: time.sleep(0.0003))
    until = time.monotonic() + 4
    errors: list[BaseException] = []

    def act(rng: random.Random) -> None:
        try:
            while time.monotonic() < until:
                kind = rng.randrange(KINDS)
                if rng.random() < 0.25:
                    WORLD[kind] = rng.choice((*NUMBERS, 2))
                    engine.invalidate(VALUES[kind])
                else:
                    outcome = outcome_of(engine, kind, rng.choice(NUMBERS))
                    assert outcome[0] == "value", outcome
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=act, args=(random.Random(seed * 10 + i),), daemon=True)
        for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(12)

    assert not any(thread.is_alive() for thread in threads), f"a thread hangs (seed {seed})"
    assert errors == [], f"seed {seed}"
    _is_right_everywhere(engine)


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_is_right_after_two_hundred_interrupts() -> None:
    """At random times; after each the graph is sound and the next answer right.

    Another thread sends it: a SIGALRM handler in Python would be a frame that is not the engine’s.
    """
    seed = 2
    rng = random.Random(seed)
    engine = _engine(lambda: time.sleep(0.0002))
    hits = 0

    def press(after: float) -> None:
        time.sleep(after)
        os.kill(os.getpid(), signal.SIGINT)

    for shot in range(200):
        engine.invalidate()
        kind, n = rng.randrange(3), rng.choice(NUMBERS)
        pressing = threading.Thread(target=press, args=(rng.uniform(0.00005, 0.006),))
        try:
            pressing.start()
            engine.request(VALUES[kind], grammar.Key(n))
            pressing.join(5)
            time.sleep(0.001)
        except RequestInterrupted:
            hits += 1
        except KeyboardInterrupt:
            pass  # before the request began, or after it ended
        pressing.join(5)
        engine._tasks.check()
        wanted = possible(ACYCLIC, WORLD, kind, n)
        assert {outcome_of(engine, kind, n)} == wanted, f"seed {seed}, interrupt {shot}"

    assert hits > 20, "most interrupts should meet a request"
    _is_right_everywhere(engine)
