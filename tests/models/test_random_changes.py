"""Random changes and requests against evaluation from scratch: volume, threads, Ctrl-C.

`harness.Harness` does the checking. WFNB_SEQUENCES sets how many sequences the loop tries.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.models import grammar
from tests.models.grammar import FILE, known_rule, surroundings
from tests.models.harness import Harness, outcome_of
from tests.models.random_changes import run_sequence
from tests.models.scratch import possible
from tests.models.witness import KINDS, NUMBERS, VALUES, WORLD, Key, Mode, Spec, witness
from wfnb import Engine, RequestInterrupted
from wfnb.hashing.fingerprint import fingerprint

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


# ------------------------------------------------------------------------------------ single cases


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


def test_keeps_what_a_rule_was_seen_to_ask_for() -> None:
    """Its text does not show that it stands on a mode; a change elsewhere is no reason to forget.

    Nor is it one to run it again under another key.
    """
    h = Harness(0)
    h.define(0, ("loop", ((1, "same"),)))
    h.define(1, ("mode",))
    h.request(0, 1, 0)
    h.define(2, ("own",))
    h.request(0, 1, 0)

    assert witness.runs == []


def test_forgets_a_cycle_below_a_task_that_was_only_being_checked() -> None:
    """The task has come to mean something else meanwhile, and asks for nothing any more."""
    h = Harness(0)
    specs = (("catch", (0, "same"), 7), ("constant", 0), ("constant", 0))
    for kind, spec in enumerate((*specs, ("sum", (2, "same"), (1, "same")))):
        h.define(kind, spec)
    h.request(3, 1.0)
    h.define(1, ("pass", (0, "same")))
    h.request_while(3, 1.0, 0, 2, ("define", 3, ("constant", 0), False))


def test_checks_anew_what_moved_while_it_was_checked() -> None:
    """A change during a check is no reason to run: what was seen may be there again."""
    h = Harness(326)
    h.define(1, ("pass", (2, 1)))
    h.define(2, ("own",))
    h.define(3, ("salt",))
    h.define(5, ("condition", (1, "same"), (4, "same"), (5, 0)))
    h.define(4, ("condition", (2, 0), (3, 0), (3, "same")))
    h.define(0, ("mod2", (5, True)))
    h.request(0, 1.0, 1)
    h.move(2, 1)
    h.request_while(1, 1.0, True, 6, ("move", 1, 1))
    h.request_while(5, True, 1, 5, ("move", 2, True))


def test_takes_what_is_outside_for_no_part_of_a_meaning() -> None:
    """The world of these tests moves behind the back of fingerprints, or they would show less."""
    grammar.reset()
    body = known_rule(3, ("salted", (2, "same"))).function
    before = fingerprint(body)
    WORLD[3] = 1

    assert before.holds()
    assert fingerprint(body).digest == before.digest


@pytest.mark.parametrize("spec", [("helper",), ("helper_after", (2, "same")), ("file",)])
def test_takes_what_is_named_for_a_part_of_a_meaning(spec: Spec) -> None:
    """Helpers, helpers of helpers and files of these tests are followed; spellings are not."""
    grammar.reset()
    body = known_rule(3, spec).function
    digests = []

    for meaning, spelling in (("n", 0), ("n", 1), ("1", 2)):
        surroundings.write_helper(grammar.INNER, meaning, spelling)
        surroundings.write_file(meaning, spelling)
        digests.append(fingerprint(body).digest)

    assert digests[0] == digests[1] != digests[2]
    assert surroundings.value(FILE, 0) == 1


# ------------------------------------------------------------------------------------------- volume


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_gives_what_evaluation_from_scratch_gives(part: int) -> None:
    """Right, minimal and sound, whatever changes and whenever."""
    for seed in range(part, SEQUENCES, PARTS):
        run_sequence(seed)


# ------------------------------------------------------------------------------- threads and Ctrl-C


def _engine(pause: Callable[[], object]) -> Engine:
    grammar.reset()
    witness.is_deaf = True
    witness.pause = pause
    engine = Engine()
    for kind, spec in ACYCLIC.items():
        engine.define([known_rule(kind, spec)], origin=kind)
    return engine


def _is_right_everywhere(engine: Engine) -> None:
    witness.pause = None
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
            engine.request(VALUES[kind], Key(n), Mode(0))
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
