"""One engine driven by random changes and requests, each answer compared with `grammar`.

The plain loop and the state machine both drive a `Harness`; it does the checking.
"""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.models import grammar
from tests.models.grammar import (
    KINDS,
    MISSING,
    NUMBERS,
    VALUES,
    WORLD,
    Broken,
    Key,
    Run,
    Scratch,
    Spec,
    TaskId,
    known_rule,
    make_rule,
    possible,
    random_spec,
    typed,
)
from wfnb import CycleError, Deterministic, Engine, RequestInterrupted, WiringError

Outcome = tuple[Any, ...]
Operation = tuple[Any, ...]
_UNKNOWN = object()


def outcome_of(engine: Engine, kind: int, n: object) -> Outcome:
    """What a request gives, in the words of `grammar`."""
    try:
        return ("value", *typed(engine.request(VALUES[kind], Key(n)).v))
    except Broken as error:
        return ("broken", str(error))
    except CycleError:
        return ("circle",)
    except WiringError:
        return (MISSING,)
    except RequestInterrupted:
        return ("interrupted",)


class Harness:
    """An engine, the same world without memory, and every operation on both.

    Args:
        seed: of the engine's order of steps.
    """

    def __init__(self, seed: int) -> None:
        grammar.reset()
        self.specs: dict[int, Spec] = {}
        self.last: dict[TaskId, Run] = {}
        self.checked = 0
        self.steps = 0
        self.at_step: int | None = None
        self.action: Callable[[], object] | None = None
        self.engine = Engine(executor=Deterministic(seed, self._on_step))

    def do(self, operation: Operation) -> None:
        """Call the method of this name."""
        getattr(self, operation[0])(*operation[1:])

    # ------------------------------------------------------------ changes

    def define(self, kind: int, spec: Spec, is_fresh: bool = False) -> None:
        """Define or redefine, with an object that was seen before or with a new one."""
        self.specs[kind] = spec
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
        self.engine.forget(kind)
        grammar.witness.epochs[kind] += 1
        for task in grammar.witness.counts:  # what is forgotten can't be compared with
            if task[0] == kind:
                grammar.witness.counts[task] += 1
        self.engine._tasks.check()

    def move(self, kind: int, value: object) -> None:
        """Change the world behind the engine's back, and say so."""
        WORLD[kind] = value
        self.invalidate(kind)

    def invalidate(self, kind: int | None) -> None:
        """Invalidate a kind's rule, its product, or everything."""
        for one in range(KINDS) if kind is None else (kind,):
            grammar.witness.epochs[one] += 1
        if kind is None:
            self.engine.invalidate()
        elif kind in self.specs and kind % 2:
            self.engine.invalidate(known_rule(kind, self.specs[kind]))
        else:
            self.engine.invalidate(VALUES[kind])
        self.engine._tasks.check()

    # ------------------------------------------------------------ requests

    def _on_step(self) -> None:
        self.steps += 1
        if self.steps == self.at_step and self.action is not None:
            action, self.action = self.action, None
            action()

    def request(self, kind: int, n: object) -> None:
        """Ask, and compare."""
        self._ask(kind, n)
        self._compare(kind, n, possible(self.specs, WORLD, kind, n))
        self._judge(kind, n, is_quiet=True)

    def request_while(self, kind: int, n: object, step: int, change: Operation) -> None:
        """Ask; at a step something changes, and the answer is of the world after it."""
        before = possible(self.specs, WORLD, kind, n)
        stood = set(self.specs)
        self.action, self.at_step = lambda: self.do(change), step
        self._ask(kind, n)
        has_changed = self.action is None
        allowed = possible(self.specs, WORLD, kind, n)
        if has_changed and (set(self.specs) != stood or (MISSING,) in allowed | before):
            # what ran of a withdrawn rule may end, and what is missing may not be asked for
            allowed |= before
            for eager in (False, True):
                allowed.add(Scratch(self.specs, WORLD, is_eager=eager).outcome(kind, n))
        self._compare(kind, n, allowed)
        self._judge(kind, n, is_quiet=not has_changed)

    def request_interrupted(self, kind: int, n: object, step: int) -> None:
        """Ask; at a step Ctrl-C is pressed. The right answer or none, and the next one is right."""
        pressed: list[bool] = []

        def press() -> None:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)

        self.action, self.at_step = press, step
        self._ask(kind, n)
        allowed = possible(self.specs, WORLD, kind, n)
        if pressed:
            allowed.add(("interrupted",))
        self._compare(kind, n, allowed)
        if pressed:  # nobody tells us which of these runs were kept
            for run in grammar.witness.runs:
                grammar.witness.values[run.task] = _UNKNOWN
                self.last.pop(run.task, None)
        self._judge(kind, n, is_quiet=not pressed)

    def _ask(self, kind: int, n: object) -> None:
        self.steps = 0
        grammar.witness.runs.clear()
        try:
            self.got = outcome_of(self.engine, kind, n)
        finally:
            self.at_step = None
        self.engine._tasks.check(at_rest=True)

    def _compare(self, kind: int, n: object, allowed: set[Outcome]) -> None:
        self.checked += 1
        assert self.got in allowed, f"toy{kind}({n!r}) gave {self.got}, from scratch {allowed}"

    def _judge(self, kind: int, n: object, *, is_quiet: bool) -> None:
        """Nothing ran without need.

        Args:
            is_quiet: nothing happened during the request, so each task ran once at most.
        """
        runs = list(grammar.witness.runs)
        if is_quiet:
            most = Counter(run.task for run in runs).most_common(1)
            assert not most or most[0][1] == 1, f"{most[0]}: ran more than once"
            if self.got != ("circle",):
                scratch = Scratch(self.specs, WORLD, is_eager=True)
                has_cycle = scratch.outcome(kind, n) == ("circle",)
                for run in runs:  # a cycle that nobody waited for leaves more than is needed
                    assert has_cycle or run.task in scratch.touched, (
                        f"{run.task}: ran, and nobody needs it"
                    )
        for run in runs:
            if not run.is_complete:
                continue
            old = self.last.get(run.task)
            if old is not None and not old.has_missed and not run.has_missed:
                assert (repr(old.spec), old.epoch, old.heard) != (
                    repr(run.spec),
                    run.epoch,
                    run.heard,
                ), f"{run.task}: ran again, though nothing it knows had changed"
            self.last[run.task] = run


# ----------------------------------------------------------------------------------- the plain loop


def random_operation(rng: random.Random) -> Operation:
    """Any operation on a harness: the name of a method, and arguments."""
    kind, n, step = rng.randrange(KINDS), rng.choice(NUMBERS), rng.randint(1, 12)
    choice = rng.randrange(100)
    if choice < 38:
        return ("request", kind, n)
    if choice < 54:
        return ("request_while", kind, n, step, random_change(rng))
    if choice < 65:
        return ("request_interrupted", kind, n, step)
    return random_change(rng)


def random_change(rng: random.Random) -> Operation:
    """Any operation that is no request."""
    kind, choice = rng.randrange(KINDS), rng.randrange(100)
    if choice < 30:
        return ("define", kind, random_spec(rng), rng.random() < 0.3)
    if choice < 42:
        return ("define_again", kind)
    if choice < 46:
        return ("delete", kind)
    if choice < 80:
        return ("move", kind, rng.choice((*NUMBERS, 2)))
    if choice < 95:
        return ("invalidate", kind)
    return ("invalidate", None)


def random_sequence(seed: int, operations: int = 40) -> list[Operation]:
    """All kinds defined, then random operations."""
    rng = random.Random(seed)
    found: list[Operation] = []
    for kind in range(KINDS):
        found.append(("move", kind, rng.choice(NUMBERS)))
        found.append(("define", kind, random_spec(rng)))
    return found + [random_operation(rng) for _ in range(operations)]


def run_sequence(seed: int, operations: Sequence[Operation] | None = None) -> int:
    """One random sequence, or a part of one; how many requests it compared.

    Raises:
        AssertionError: with the seed, and what to write to see it again.
    """
    operations = random_sequence(seed) if operations is None else operations
    h = Harness(seed)
    try:
        for operation in operations:
            h.do(operation)
    except BaseException as error:
        error.add_note(f"seed {seed}; the shortest of it: shrink({seed})")
        raise
    return h.checked


def shrink(seed: int) -> list[Operation]:
    """For people: the operations of a failing seed that cannot be left out."""

    def failure(operations: list[Operation]) -> object:
        try:
            run_sequence(seed, operations)
        except Exception as error:
            return (type(error), str(error).rpartition(":")[2].rpartition(" gave ")[2][:10])
        return None

    operations = random_sequence(seed)
    wanted = failure(operations)
    is_shorter = wanted is not None
    while is_shorter:
        is_shorter = False
        for position in reversed(range(len(operations))):
            without = operations[:position] + operations[position + 1 :]
            if failure(without) == wanted:
                operations, is_shorter = without, True
    return operations
