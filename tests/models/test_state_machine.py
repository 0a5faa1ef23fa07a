"""The operations of `Harness` as a state machine of Hypothesis, which makes a failure short."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.models.harness import Harness
from tests.models.surroundings import FILE_MEANINGS, HELPER_MEANINGS, INNER_MEANINGS, SPELLINGS
from tests.models.witness import KINDS, MODES, NUMBERS, WORLD, Spec

EXAMPLES, STEPS = 250, 50

kinds = st.integers(0, KINDS - 1)
numbers = st.sampled_from(NUMBERS)
modes = st.sampled_from(MODES)
steps = st.integers(1, 12)
spellings = st.integers(0, SPELLINGS - 1)
worlds = st.sampled_from((*NUMBERS, 2))
asks = st.tuples(kinds, st.sampled_from(("same", *NUMBERS)))
specs: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("constant"), worlds),
    st.sampled_from(
        [(name,) for name in ("salt", "own", "helper", "file", "mode", "fail_if_odd")]
        + [("fail", "a"), ("fail", "b"), ("fail_for", "int", 0), ("fail_for", "bool", True)]
    ),
    st.tuples(st.sampled_from(("pass", "mod2", "helper_after", "salted")), asks),
    st.tuples(st.just("made"), st.tuples(kinds, st.just("same"))),
    st.tuples(st.sampled_from(("sum", "helper_between")), asks, asks),
    st.tuples(st.sampled_from(("multi", "condition")), asks, asks, asks),
    st.tuples(st.sampled_from(("loop", "batch")), st.lists(asks, max_size=3).map(tuple)),
    st.tuples(st.just("catch"), asks, st.just(7)),
    st.tuples(st.just("catch_all"), asks, asks, st.just(8)),
)
changes = st.one_of(
    st.tuples(st.just("define"), kinds, specs, st.booleans()),
    st.tuples(st.just("define_again"), kinds),
    st.tuples(st.just("delete"), kinds),
    st.tuples(st.just("move"), kinds, worlds),
    st.tuples(st.just("invalidate"), st.one_of(st.none(), kinds)),
    st.tuples(
        st.just("edit_helper"), kinds, st.sampled_from(HELPER_MEANINGS), spellings, st.booleans()
    ),
    st.tuples(
        st.just("edit_helper"), st.none(), st.sampled_from(INNER_MEANINGS), spellings, st.booleans()
    ),
    st.tuples(st.just("edit_file"), st.sampled_from(FILE_MEANINGS), spellings, st.booleans()),
)


class Changes(RuleBasedStateMachine):
    """The same operations, shrunk by Hypothesis."""

    done = 0

    def __init__(self) -> None:
        super().__init__()
        self.h = Harness(0)

    @initialize(all_specs=st.tuples(*[specs] * KINDS), world=st.tuples(*[worlds] * KINDS))
    def define_all(self, all_specs: tuple[Any, ...], world: tuple[Any, ...]) -> None:
        WORLD[:] = world
        for kind, spec in enumerate(all_specs):
            self.h.define(kind, spec)

    def do(self, *operation: Any) -> None:
        Changes.done += 1
        self.h.do(operation)

    @rule(kind=kinds, spec=specs, is_fresh=st.booleans())
    def define(self, kind: int, spec: Spec, is_fresh: bool) -> None:
        self.do("define", kind, spec, is_fresh)

    @rule(kind=kinds)
    def define_with_the_same_meaning(self, kind: int) -> None:
        self.do("define_again", kind)

    @rule(
        kind=kinds, meaning=st.sampled_from(HELPER_MEANINGS), spelling=spellings, told=st.booleans()
    )
    def edit_a_helper(self, kind: int, meaning: str, spelling: int, told: bool) -> None:
        self.do("edit_helper", kind, meaning, spelling, told)

    @rule(meaning=st.sampled_from(INNER_MEANINGS), spelling=spellings, told=st.booleans())
    def edit_a_helper_of_helpers(self, meaning: str, spelling: int, told: bool) -> None:
        self.do("edit_helper", None, meaning, spelling, told)

    @rule(meaning=st.sampled_from(FILE_MEANINGS), spelling=spellings, told=st.booleans())
    def edit_a_file(self, meaning: str, spelling: int, told: bool) -> None:
        self.do("edit_file", meaning, spelling, told)

    @rule(kind=kinds, value=worlds)
    def move(self, kind: int, value: object) -> None:
        self.do("move", kind, value)

    @rule(kind=st.one_of(st.none(), kinds))
    def invalidate(self, kind: int | None) -> None:
        self.do("invalidate", kind)

    @rule(kind=kinds)
    def delete(self, kind: int) -> None:
        self.do("delete", kind)

    @rule(kind=kinds, n=numbers, text=st.sampled_from("ab"))
    def fail(self, kind: int, n: object, text: str) -> None:
        self.do("fail", kind, n, text)

    @rule(kind=kinds, n=numbers, mode=modes)
    def request(self, kind: int, n: object, mode: object) -> None:
        self.do("request", kind, n, mode)

    @rule(kind=kinds, n=numbers, mode=modes)
    def request_again(self, kind: int, n: object, mode: object) -> None:
        self.do("request_again", kind, n, mode)

    @rule(kind=kinds, n=numbers, mode=modes, step=steps, change=changes)
    def request_while(
        self, kind: int, n: object, mode: object, step: int, change: tuple[Any, ...]
    ) -> None:
        self.do("request_while", kind, n, mode, step, change)

    @rule(kind=kinds, n=numbers, mode=modes, step=steps)
    def interrupt(self, kind: int, n: object, mode: object, step: int) -> None:
        self.do("request_interrupted", kind, n, mode, step)

    @rule(kind=kinds, n=numbers, mode=modes)
    def restart(self, kind: int, n: object, mode: object) -> None:
        self.do("restart", kind, n, mode)


@pytest.mark.slow
@pytest.mark.timeout(300)  # some 20 s of work, on a machine of its own
def test_gives_what_evaluation_from_scratch_gives_to_hypothesis() -> None:
    """Ten thousand steps, none of which diverges; if one did, it would come out short."""
    Changes.done = 0
    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS + 1,
            deadline=None,
            database=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Changes.done >= 10_000
