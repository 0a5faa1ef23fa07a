"""What rules of the models are made of: params, products, the world, and who watches them run.

Knows: types, numbers; what bodies report.
Does not know: rules, engines.
Holds: a `Witness` counts values as generations are counted: a number moves when a value differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.models.outside import outside

KINDS = 6
NUMBERS: tuple[Any, ...] = (0, 1, True, 1.0)
MODES: tuple[Any, ...] = (0, 1, True)
SAME = "same"  # the asked number is the asker's own
Spec = tuple[Any, ...]
TaskId = tuple[Any, ...]  # kind, type of the number, number; type of the mode, mode, if it is used


@dataclass(frozen=True)
class Key:
    """The param of every toy rule."""

    n: object


@dataclass(frozen=True)
class Mode:
    """A param that comes through to those who use it, or stand on who does."""

    m: object


def _value(kind: int) -> Any:
    name = f"Value{kind}"
    made = type(
        name, (), {"__annotations__": {"v": object}, "__module__": __name__, "__qualname__": name}
    )
    return dataclass(frozen=True)(made)


VALUES = tuple(_value(kind) for kind in range(KINDS))
Value0, Value1, Value2, Value3, Value4, Value5 = VALUES


class Broken(Exception):
    """What failing toys raise; equal texts are equal failures."""


def typed(value: object) -> tuple[str, object]:
    """A value that differs if the type does."""
    return (type(value).__name__, value)


def moved(n: object, move: object) -> object:
    """The number asked for."""
    return n if move == SAME and isinstance(move, str) else move


def whole(value: object) -> int:
    """A number that tells 1, True and 1.0 from each other."""
    return int(value) * 3 + {int: 0, bool: 1, float: 2}[type(value)]  # type: ignore[call-overload,no-any-return]


class Witness:
    """What bodies report: who started, what they heard, what they gave.

    Attributes:
        mode: of the request that runs.
        with_mode: kinds whose answers depend on it, as far as their rules say.
        meanings: by kind, what its rule reads by name means now.
        epochs: by kind, how often it was made to run again for no other reason.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.is_deaf = False  # threads would tread on each other
        self.pause: Callable[[], object] | None = None  # what bodies do before they go on
        self.mode: object = 0
        self.with_mode: frozenset[int] = frozenset()
        self.meanings: Callable[[Spec, int], object] = lambda spec, kind: None
        self.runs: list[Run] = []
        self.values: dict[TaskId, object] = {}
        self.counts: dict[TaskId, int] = {}
        self.epochs = [0] * KINDS

    def task(self, kind: int, n: object) -> TaskId:
        """The task that makes a kind from a number in the request that runs."""
        of_mode = typed(self.mode) if kind in self.with_mode else ()
        return (kind, *typed(n), *of_mode)


class Run:
    """One start of a body."""

    def __init__(self, task: TaskId, spec: Spec) -> None:
        self.task = task
        self.reason = (repr(spec), witness.epochs[task[0]], witness.meanings(spec, task[0]))
        self.heard: list[tuple[TaskId, int]] = []
        self.has_missed = False
        self.is_complete = False


WORLD: list[Any] = [0] * KINDS
witness = Witness()


def reset() -> None:
    """A new world."""
    WORLD[:] = [0] * KINDS
    witness.reset()


# ----------------------------------------------------------------- what rules can't be seen to read


@outside
def salt(kind: int) -> Any:
    """The world, behind the back of fingerprints."""
    return WORLD[kind]


@outside
def start(kind: int, spec: Spec, n: object) -> Run:
    """A body starts."""
    run = Run(witness.task(kind, n), spec)
    if not witness.is_deaf:
        witness.runs.append(run)
    if witness.pause is not None:
        witness.pause()
    return run


@outside
def hear(run: Run, kind: int, n: object, answer: Any) -> Any:
    """It has got an answer."""
    task = witness.task(kind, n)
    run.heard.append((task, witness.counts.get(task, 0)))
    return answer.v


@outside
def hear_all(run: Run, targets: Any, n: object, answers: Any) -> list[Any]:
    """It has got all answers of a batch."""
    return [
        hear(run, kind, moved(n, move), answer)
        for (kind, move), answer in zip(targets, answers, strict=True)
    ]


@outside
def miss(run: Run) -> None:
    """It has caught a failure, and what it makes of that is good for its request only."""
    run.has_missed = True


@outside
def end(run: Run, value: object) -> Any:
    """It gives a value."""
    if not witness.is_deaf:
        run.is_complete = True
        if run.task not in witness.values or witness.values[run.task] != typed(value):
            witness.values[run.task] = typed(value)
            witness.counts[run.task] = witness.counts.get(run.task, 0) + 1
    return VALUES[run.task[0]](value)
