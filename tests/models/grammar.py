"""Toy rules from a small grammar, and what they give when nothing is ever remembered.

A spec is a tuple: what a rule does with its number. A rule of kind k makes a `ValueK` from a `Key`.
Unlike the toys of `oracle.py`, any kind may ask for any other, so tasks may wait in a circle, rules
may be missing, and products are passed on as they are, so that 1, True and 1.0 travel.

Holds: bodies report to the `Witness` what they saw; `scratch` never looks at it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

from wfnb import Get, MultiGet, Rule, rule

KINDS = 6
NUMBERS: tuple[Any, ...] = (0, 1, True, 1.0)
SAME = "same"  # the asked number is the asker's own
Spec = tuple[Any, ...]
TaskId = tuple[int, str, Any]  # kind, type of the number, number
MISSING = "missing"
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Key:
    """The param of every toy rule."""

    n: object


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


# ----------------------------------------------------------------- what rules can't be seen to read


class Witness:
    """What bodies report: who started, what they heard, what they gave.

    It counts values as generations are counted: the number moves when the value differs.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.is_deaf = False  # threads would tread on each other
        self.pause: Callable[[], object] | None = None  # what bodies do before they go on
        self.runs: list[Run] = []
        self.values: dict[TaskId, object] = {}
        self.counts: dict[TaskId, int] = {}
        self.epochs = [0] * KINDS


class Run:
    """One start of a body."""

    def __init__(self, task: TaskId, spec: Spec, epoch: int) -> None:
        self.task = task
        self.spec = spec
        self.epoch = epoch
        self.heard: list[tuple[TaskId, int]] = []
        self.has_missed = False
        self.is_complete = False


WORLD: list[Any] = [0] * KINDS
witness = Witness()


def reset() -> None:
    """A new world."""
    WORLD[:] = [0] * KINDS
    witness.reset()


def outside(function: _F) -> _F:
    """The same function as if a library's: fingerprints don't follow what it reads."""
    namespace = {**globals(), "__name__": "wfnb.outside"}
    return FunctionType(function.__code__, namespace, function.__name__)  # type: ignore[return-value,attr-defined]


@outside
def salt(kind: int) -> Any:
    """The world, behind the back of fingerprints."""
    return WORLD[kind]


@outside
def start(kind: int, spec: Spec, n: object) -> Run:
    run = Run((kind, *typed(n)), spec, witness.epochs[kind])
    if not witness.is_deaf:
        witness.runs.append(run)
    if witness.pause is not None:
        witness.pause()
    return run


@outside
def hear(run: Run, kind: int, n: object, answer: Any) -> Any:
    task = (kind, *typed(n))
    run.heard.append((task, witness.counts.get(task, 0)))
    return answer.v


@outside
def hear_all(run: Run, targets: Any, n: object, answers: Any) -> list[Any]:
    return [
        hear(run, kind, moved(n, move), answer)
        for (kind, move), answer in zip(targets, answers, strict=True)
    ]


@outside
def miss(run: Run) -> None:
    run.has_missed = True


@outside
def end(run: Run, value: object) -> Any:
    if not witness.is_deaf:
        run.is_complete = True
        if run.task not in witness.values or witness.values[run.task] != typed(value):
            witness.values[run.task] = typed(value)
            witness.counts[run.task] = witness.counts.get(run.task, 0) + 1
    return VALUES[run.task[0]](value)


# ----------------------------------------------------------------------------- rules of the grammar


def random_spec(rng: random.Random) -> Spec:
    """Any rule of the grammar."""
    kind = lambda: rng.randrange(KINDS)  # noqa: E731
    move = lambda: rng.choice((SAME, SAME, SAME, *NUMBERS))  # noqa: E731
    ask = lambda: (kind(), move())  # noqa: E731
    choice = rng.randrange(100)
    if choice < 10:
        return ("constant", rng.choice((*NUMBERS, 2)))
    if choice < 26:
        return ("salt",)
    if choice < 32:
        return ("own",)
    if choice < 42:
        return ("sum", ask(), ask())
    if choice < 48:
        return ("loop", tuple(ask() for _ in range(rng.randint(1, 3))))
    if choice < 58:
        return ("multi", ask(), ask(), ask())
    if choice < 62:
        return ("batch", tuple(ask() for _ in range(rng.randint(0, 3))))
    if choice < 68:
        return ("pass", ask())
    if choice < 76:
        return ("mod2", ask())
    if choice < 84:
        return ("condition", ask(), ask(), ask())
    if choice < 90:
        return ("catch", ask(), 7)
    if choice < 93:
        return ("catch_all", ask(), ask(), 8)
    if choice < 97:
        return ("fail_if_odd",)
    return ("fail", rng.choice("ab"))


def asks_of(spec: Spec) -> list[tuple[int, Any]]:
    """All that a rule may ask for."""
    if spec[0] in ("loop", "batch"):
        return list(spec[1])
    return [part for part in spec[1:] if isinstance(part, tuple)]


def make_rule(kind: int, spec: Spec) -> Rule[Any]:
    """A new rule with a spec's meaning."""
    asks = asks_of(spec)
    products = [VALUES[other] for other, _ in asks] + [None] * 3
    first, second, third = products[:3]
    body = _TEMPLATES[spec[0]](kind, spec, first, second, third)
    body.__name__ = body.__qualname__ = f"toy{kind}"
    body.__annotations__ = {"key": Key, "return": VALUES[kind]}
    return rule(body)


@cache
def _known_rule(kind: int, spec_and_types: str, spec: Spec) -> Rule[Any]:
    return make_rule(kind, spec)


def known_rule(kind: int, spec: Spec) -> Rule[Any]:
    """A rule with a spec's meaning, the same object each time."""
    return _known_rule(kind, repr(spec), spec)


def _constant(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        return end(start(kind, spec, key.n), spec[1])

    return body


def _salt(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        return end(run, salt(kind))

    return body


def _own(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        return end(start(kind, spec, key.n), key.n)

    return body


def _sum(kind: int, spec: Spec, first: Any, second: Any, _: Any) -> Any:
    (a, to_a), (b, to_b) = spec[1:]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, to_a)
        total = whole(hear(run, a, to, await Get(first, Key, Key(to))))
        to = moved(key.n, to_b)
        total += whole(hear(run, b, to, await Get(second, Key, Key(to))))
        return end(run, total % 4)

    return body


def _loop(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        total = 0
        for other, move in spec[1]:
            product, to = VALUES[other], moved(key.n, move)
            total += whole(hear(run, other, to, await Get(product, Key, Key(to))))
        return end(run, total % 4)

    return body


def _multi(kind: int, spec: Spec, first: Any, second: Any, third: Any) -> Any:
    asks = spec[1:]
    (_, to_a), (_, to_b), (_, to_c) = asks

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        answers = await MultiGet(
            Get(first, Key, Key(moved(key.n, to_a))),
            Get(second, Key, Key(moved(key.n, to_b))),
            Get(third, Key, Key(moved(key.n, to_c))),
        )
        total = sum(whole(v) for v in hear_all(run, asks, key.n, answers))
        return end(run, total % 4)

    return body


def _batch(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        gets = [Get(VALUES[other], Key, Key(moved(key.n, move))) for other, move in spec[1]]
        answers = await MultiGet(gets)
        total = sum(whole(v) for v in hear_all(run, spec[1], key.n, answers))
        return end(run, total % 4)

    return body


def _pass(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        return end(run, hear(run, a, to, await Get(first, Key, Key(to))))

    return body


def _mod2(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        return end(run, int(hear(run, a, to, await Get(first, Key, Key(to)))) % 2)

    return body


def _condition(kind: int, spec: Spec, first: Any, second: Any, third: Any) -> Any:
    (a, to_a), (b, to_b), (c, to_c) = spec[1:]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, to_a)
        if int(hear(run, a, to, await Get(first, Key, Key(to)))) % 2:
            to = moved(key.n, to_b)
            return end(run, hear(run, b, to, await Get(second, Key, Key(to))))
        to = moved(key.n, to_c)
        return end(run, hear(run, c, to, await Get(third, Key, Key(to))))

    return body


def _catch(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        try:
            return end(run, hear(run, a, to, await Get(first, Key, Key(to))))
        except Broken:
            miss(run)
            return end(run, spec[2])

    return body


def _catch_all(kind: int, spec: Spec, first: Any, second: Any, _: Any) -> Any:
    asks = spec[1:3]
    (_, to_a), (_, to_b) = asks

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        try:
            answers = await MultiGet(
                Get(first, Key, Key(moved(key.n, to_a))), Get(second, Key, Key(moved(key.n, to_b)))
            )
        except Broken as error:
            miss(run)
            return end(run, spec[3] + (str(error) == "a"))
        return end(run, sum(whole(v) for v in hear_all(run, asks, key.n, answers)) % 4)

    return body


def _fail_if_odd(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        if salt(kind) % 2:
            raise Broken("odd")
        return end(run, key.n)

    return body


def _fail(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        start(kind, spec, key.n)
        raise Broken(spec[1])

    return body


_TEMPLATES: dict[str, Callable[..., Any]] = {
    "constant": _constant,
    "salt": _salt,
    "own": _own,
    "sum": _sum,
    "loop": _loop,
    "multi": _multi,
    "batch": _batch,
    "pass": _pass,
    "mod2": _mod2,
    "condition": _condition,
    "catch": _catch,
    "catch_all": _catch_all,
    "fail_if_odd": _fail_if_odd,
    "fail": _fail,
}


# ------------------------------------------------------------------------------------- from scratch


class Missing(Exception):
    """Nobody makes it."""


class Circle(Exception):
    """A task waits for itself."""


class Scratch:
    """Evaluates specs by recursion, remembering nothing.

    Args:
        is_eager: whether a batch looks at everything, for cycles, before it fails.
    """

    def __init__(self, specs: dict[int, Spec], world: list[Any], *, is_eager: bool) -> None:
        self.specs = specs
        self.world = world
        self.is_eager = is_eager
        self.touched: set[TaskId] = set()

    def outcome(self, kind: int, n: object) -> tuple[Any, ...]:
        """("value", type, value), ("broken", text), ("circle",) or ("missing",)."""
        try:
            return ("value", *typed(self.value(kind, n, ())))
        except Broken as error:
            return ("broken", str(error))
        except Circle:
            return ("circle",)
        except Missing:
            return (MISSING,)

    def value(self, kind: int, n: object, path: tuple[TaskId, ...]) -> Any:
        task = (kind, *typed(n))
        if task in path:
            raise Circle
        if kind not in self.specs:
            raise Missing
        self.touched.add(task)
        path = (*path, task)
        spec = self.specs[kind]
        ask = lambda to: self.value(to[0], moved(n, to[1]), path)  # noqa: E731
        match spec[0]:
            case "constant":
                return spec[1]
            case "salt":
                return self.world[kind]
            case "own":
                return n
            case "sum" | "loop":
                return sum(whole(ask(to)) for to in asks_of(spec)) % 4
            case "multi" | "batch":
                return sum(whole(v) for v in self.all(asks_of(spec), ask)) % 4
            case "pass":
                return ask(spec[1])
            case "mod2":
                return int(ask(spec[1])) % 2
            case "condition":
                return ask(spec[2] if int(ask(spec[1])) % 2 else spec[3])
            case "catch":
                try:
                    return ask(spec[1])
                except Broken:
                    return spec[2]
            case "catch_all":
                try:
                    return sum(whole(v) for v in self.all(spec[1:3], ask)) % 4
                except Broken as error:
                    return spec[3] + (str(error) == "a")
            case "fail_if_odd":
                if self.world[kind] % 2:
                    raise Broken("odd")
                return n
        raise Broken(spec[1])

    def all(self, asks: Any, ask: Callable[[Any], Any]) -> list[Any]:
        answers: list[Any] = []
        failure: Exception | None = None
        for to in asks:
            try:
                answers.append(ask(to))
            except (Broken, Missing, Circle) as error:
                if not self.is_eager:
                    raise
                if failure is None or isinstance(error, Circle):
                    failure = error
        if failure is not None:
            raise failure
        return answers


def is_wired(specs: dict[int, Spec], kind: int, *, hidden: bool) -> bool:
    """Whether all that could be asked for stands.

    Args:
        hidden: count also what the text of a body doesn't show.
    """
    seen = {kind}
    todo = [kind]
    while todo:
        here = todo.pop()
        spec = specs.get(here)
        if spec is None:
            return False
        if spec[0] in ("loop", "batch") and not hidden:
            continue
        for other, _ in asks_of(spec):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return True


def possible(specs: dict[int, Spec], world: list[Any], kind: int, n: object) -> set[Any]:
    """The right outcomes: one, but for two matters of timing.

    A cycle behind a failing position of a batch may be met first; a missing rule is told before
    anything runs if the engine knows already that it would be asked for.
    """
    if not is_wired(specs, kind, hidden=False):
        return {(MISSING,)}
    found = {Scratch(specs, world, is_eager=eager).outcome(kind, n) for eager in (False, True)}
    if len(found) > 1:
        found = {Scratch(specs, world, is_eager=False).outcome(kind, n), *found & {("circle",)}}
    if not is_wired(specs, kind, hidden=True):
        found.add((MISSING,))
    return found
