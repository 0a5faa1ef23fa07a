"""One engine and the same world without memory, and every operation on both.

Knows: what an operation does to either; what is right, and what ran without need.
Does not know: which operations come, in what order.
Holds: after each operation the task graph keeps its promises about states and edges.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.models import grammar
from tests.models.grammar import (
    INNER,
    asks_of,
    fitting,
    helper_of,
    known_rule,
    make_rule,
    surroundings,
    takes,
)
from tests.models.scratch import MISSING, Scratch, may_widen, possible, with_mode
from tests.models.witness import (
    KINDS,
    VALUES,
    WORLD,
    Broken,
    Key,
    Mode,
    Run,
    Spec,
    TaskId,
    typed,
    witness,
)
from wfnb import CycleError, Deterministic, Engine, RequestInterrupted, WiringError

Outcome = tuple[Any, ...]
Operation = tuple[Any, ...]
_UNKNOWN = object()


def outcome_of(engine: Engine, kind: int, n: object, mode: object = 0) -> Outcome:
    """What a request gives, in the words of `scratch`."""
    try:
        return ("value", *typed(engine.request(VALUES[kind], Key(n), Mode(mode)).v))
    except Broken as error:
        return ("broken", str(error))
    except CycleError:
        return ("circle",)
    except WiringError:
        return (MISSING,)
    except RequestInterrupted:
        return ("interrupted",)


class Harness:
    """Does operations, and checks what comes of them.

    Args:
        seed: of the engine's order of steps.

    Attributes:
        checked: how many answers were compared.
        is_strict: allow no needless run either when something changes during the request.
    """

    is_strict = False

    def __init__(self, seed: int) -> None:
        grammar.reset()
        self.seed = seed
        self.specs: dict[int, Spec] = {}
        self.last: dict[TaskId, Run] = {}
        self.checked = 0
        self.steps = 0
        self.at_step: int | None = None
        self.action: Callable[[], object] | None = None
        self.is_asking = False
        self.engine = self._new_engine()

    def _new_engine(self) -> Engine:
        engine = Engine(executor=Deterministic(self.seed, self._on_step))
        engine.before_request.append(engine.refresh)  # as a notebook has it
        return engine

    def do(self, operation: Operation) -> None:
        """Call the method of this name."""
        getattr(self, operation[0])(*operation[1:])

    # ------------------------------------------------------------ changes

    def define(self, kind: int, spec: Spec, is_fresh: bool = False) -> None:
        """Define or redefine, with an object that was seen before or with a new one."""
        spec = fitting(kind, spec)
        before = self.specs.get(kind)
        if before is not None and takes(before) != takes(spec):
            self._forget(kind)  # another rule
        self.specs[kind] = spec
        self._rewire()
        made = make_rule(kind, spec) if is_fresh else known_rule(kind, spec)
        self.engine.define([made], origin=kind)
        self.engine._tasks.check()

    def define_again(self, kind: int) -> None:
        """Define the same with another object."""
        if kind in self.specs:
            self.define(kind, self.specs[kind], is_fresh=True)

    def delete(self, kind: int) -> None:
        """Withdraw a kind's rule."""
        self.specs.pop(kind, None)
        self._rewire()
        self.engine.forget(kind)
        self._forget(kind)
        self.engine._tasks.check()

    def _standing(self) -> dict[int, dict[str, Any]]:
        """Which rules there are."""
        return {kind: takes(spec) for kind, spec in self.specs.items()}

    def _rewire(self) -> None:
        """Rules that ask for another task than before, with a mode or without, run again."""
        before, witness.with_mode = witness.with_mode, with_mode(self.specs)
        moved = before ^ witness.with_mode
        for kind, spec in self.specs.items():
            if any(other in moved for other, _ in asks_of(spec)):
                witness.epochs[kind] += 1

    def _forget(self, kind: int) -> None:
        witness.epochs[kind] += 1
        for task in witness.counts:  # what is forgotten can't be compared with
            if task[0] == kind:
                witness.counts[task] += 1

    def move(self, kind: int, value: object) -> None:
        """Change the world behind the engine's back, and say so."""
        WORLD[kind] = value
        self.invalidate(kind)

    def invalidate(self, kind: int | None) -> None:
        """Invalidate a kind's rule, its product, or everything."""
        for one in range(KINDS) if kind is None else (kind,):
            witness.epochs[one] += 1
        if kind is None:
            self.engine.invalidate()
        elif kind in self.specs and kind % 2:
            self.engine.invalidate(known_rule(kind, self.specs[kind]))
        else:
            self.engine.invalidate(VALUES[kind])
        self.engine._tasks.check()

    def edit_helper(self, kind: int | None, meaning: str, spelling: int, is_told: bool) -> None:
        """Run the cell of a kind's helper, or of the one that helpers call.

        Args:
            is_told: at once, as after a cell; otherwise the next request is the first to look.
        """
        name = INNER if kind is None else helper_of(kind)
        surroundings.write_helper(name, meaning, spelling)
        if is_told or self.is_asking:
            self.engine.refresh()
        self.engine._tasks.check()

    def edit_file(self, meaning: str, spelling: int, is_told: bool) -> None:
        """Write the workspace's file, and import it anew."""
        surroundings.write_file(meaning, spelling)
        if is_told or self.is_asking:
            self.engine.refresh()
        self.engine._tasks.check()

    # ------------------------------------------------------------ requests

    def _on_step(self) -> None:
        self.steps += 1
        if self.steps == self.at_step and self.action is not None:
            action, self.action = self.action, None
            action()

    def request(self, kind: int, n: object, mode: object = 0) -> None:
        """Ask, and compare."""
        self._ask(kind, n, mode)
        self._compare(kind, n, possible(self.specs, WORLD, kind, n, mode))
        self._judge(kind, n, is_quiet=True)

    def request_again(self, kind: int, n: object, mode: object = 0) -> None:
        """Ask twice: what has given a value is remembered, what has failed runs once more."""
        self.request(kind, n, mode)
        first = list(witness.runs)
        has_missed = any(self.specs[task[0]][0] in ("catch", "catch_all") for task in self.touched)
        self.request(kind, n, mode)
        if self.got[0] == "value" and not has_missed:
            assert witness.runs == [], f"{[run.task for run in witness.runs]}: ran again"
        if self.got[0] == "broken" and not has_missed:
            assert witness.runs, f"toy{kind}({n!r}): a failure was remembered; {first}"

    def request_while(
        self, kind: int, n: object, mode: object, step: int, change: Operation
    ) -> None:
        """Ask; at a step something changes, and the answer is of the world after it."""
        before = possible(self.specs, WORLD, kind, n, mode)
        stood = self._standing()
        self.action, self.at_step = lambda: self.do(change), step
        self._ask(kind, n, mode)
        has_changed = self.action is None
        allowed = possible(self.specs, WORLD, kind, n, mode)
        if has_changed and (self._standing() != stood or (MISSING,) in allowed | before):
            # what ran of a withdrawn rule may end, and what is missing may not be asked for
            allowed |= before
            for eager in (False, True):
                allowed.add(Scratch(self.specs, WORLD, mode, is_eager=eager).outcome(kind, n))
        self._compare(kind, n, allowed)
        self._judge(kind, n, is_quiet=not has_changed)

    def request_while_undone(
        self, kind: int, n: object, mode: object, steps: tuple[int, int], meaning: str
    ) -> None:
        """Ask; at a step the helper that helpers call is edited, and at a later one mended."""
        before = surroundings.meanings[INNER]
        edit, undo = ("edit_helper", None, meaning, 0, True), ("edit_helper", None, before, 1, True)
        first, gap = steps

        def change() -> None:
            self.do(edit)
            self.at_step, self.action = first + gap, lambda: self.do(undo)

        self.at_step, self.action = first, change
        self._ask(kind, n, mode)
        has_changed = self.action is not change
        if has_changed and self.action is not None:  # the request was shorter
            self.do(undo)
            self._ask(kind, n, mode)
        self._compare(kind, n, possible(self.specs, WORLD, kind, n, mode))
        self._judge(kind, n, is_quiet=not has_changed, is_undone=True)

    def request_interrupted(self, kind: int, n: object, mode: object, step: int) -> None:
        """Ask; at a step Ctrl-C is pressed. The right answer or none, and the next one is right."""
        pressed: list[bool] = []

        def press() -> None:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)

        self.action, self.at_step = press, step
        self._ask(kind, n, mode)
        allowed = possible(self.specs, WORLD, kind, n, mode)
        if pressed:
            allowed.add(("interrupted",))
        self._compare(kind, n, allowed)
        if pressed:  # nobody tells us which of these runs were kept
            for run in witness.runs:
                witness.values[run.task] = _UNKNOWN
                self.last.pop(run.task, None)
        self._judge(kind, n, is_quiet=not pressed)

    def fail(self, kind: int, n: object, text: str) -> None:
        """Have a rule fail, see it fail, mend it, and see it mended."""
        before = self.specs.get(kind)
        self.define(kind, ("fail", text))
        self.request_again(kind, n)
        if before is not None:
            self.define(kind, before)
            self.request(kind, n)

    def restart(self, kind: int, n: object, mode: object = 0) -> None:
        """A new engine, where everything is defined anew: it remembers nothing and agrees."""
        self.request(kind, n, mode)
        before = self.got
        self.engine = self._new_engine()
        self.last.clear()
        for one in range(KINDS):
            self._forget(one)
            self.define_again(one)
        self.request(kind, n, mode)
        if before != self.got:  # timing decides, see `possible`
            assert len(possible(self.specs, WORLD, kind, n, mode)) > 1, (before, self.got)
        if self.got[0] == "value":
            missed = self.touched - {run.task for run in witness.runs}
            assert not missed, f"{missed}: remembered by an engine that is new"

    def _ask(self, kind: int, n: object, mode: object) -> None:
        self.steps = 0
        witness.mode = mode
        witness.runs.clear()
        self.wiring_asked = (witness.with_mode, self._standing())
        self.is_asking = True
        try:
            self.got = outcome_of(self.engine, kind, n, mode)
        finally:
            self.is_asking = False
            self.at_step = None
        self.engine._tasks.check(at_rest=True)
        scratch = Scratch(self.specs, WORLD, mode, is_eager=False)
        scratch.outcome(kind, n)
        self.touched = scratch.touched

    def _compare(self, kind: int, n: object, allowed: set[Outcome]) -> None:
        self.checked += 1
        assert self.got in allowed, f"toy{kind}({n!r}) gave {self.got}, from scratch {allowed}"

    def _judge(self, kind: int, n: object, *, is_quiet: bool, is_undone: bool = False) -> None:
        """Nothing ran without need.

        Args:
            is_quiet: nothing happened during the request, so each task ran once at most.
            is_undone: what happened was undone; who had begun in between runs again.
        """
        runs = list(witness.runs)
        scratch = Scratch(self.specs, WORLD, witness.mode, is_eager=True)
        has_cycle = scratch.outcome(kind, n) == ("circle",)
        has_rewired = self.wiring_asked != (witness.with_mode, self._standing())
        has_widened = has_rewired or may_widen(self.specs, scratch.touched)
        if is_quiet:
            most = Counter(run.task for run in runs).most_common(1)
            assert has_widened or not most or most[0][1] == 1, f"{most[0]}: ran more than once"
            for run in runs:  # a cycle that nobody waited for leaves more than is needed
                assert has_cycle or run.task in scratch.touched, (
                    f"{run.task}: ran, and nobody needs it"
                )
        excused: set[TaskId] = set()
        for run in runs:
            if not run.is_complete:
                continue
            old = self.last.get(run.task)
            if old is not None and not (old.has_missed or run.has_missed or has_widened):
                is_needed = (old.reason, old.heard) != (run.reason, run.heard)
                if not is_needed and not is_quiet and (is_undone or not self.is_strict):
                    is_needed = run.task not in excused  # checked as something changed: run
                    excused.add(run.task)
                assert is_needed, f"{run.task}: ran again, though nothing it knows had changed"
            self.last[run.task] = run
            if has_rewired:  # it may have run under the key of before
                del self.last[run.task]
