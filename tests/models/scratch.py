"""What specs of the grammar give when nothing is ever remembered.

Knows: specs, the world, what names mean.
Does not know: engines, rules; it never looks at the `Witness`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.models.grammar import FILE, asks_of, helper_of, surroundings
from tests.models.witness import Broken, Spec, TaskId, moved, typed, whole

Specs = Mapping[int, Spec]
MISSING = "missing"


class Missing(Exception):
    """Nobody makes it."""


class Circle(Exception):
    """A task waits for itself."""


class Scratch:
    """Evaluates specs by recursion, remembering nothing.

    Args:
        mode: of the request.
        is_eager: whether a batch looks at everything, for cycles, before it fails.
    """

    def __init__(self, specs: Specs, world: list[Any], mode: object, *, is_eager: bool) -> None:
        self.specs = specs
        self.world = world
        self.mode = mode
        self.is_eager = is_eager
        self.with_mode = with_mode(specs)
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
        of_mode = typed(self.mode) if kind in self.with_mode else ()
        task = (kind, *typed(n), *of_mode)
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
            case "helper":
                return surroundings.value(helper_of(kind), n)
            case "helper_after":
                return surroundings.value(helper_of(kind), ask(spec[1]))
            case "helper_between":
                value = surroundings.value(helper_of(kind), ask(spec[1]))
                ask(spec[2])
                return value
            case "file":
                return surroundings.value(FILE, n)
            case "mode":
                return self.mode
            case "salted":
                return (whole(ask(spec[1])) + whole(self.world[kind])) % 4
            case "fail_for":
                if typed(n) == spec[1:]:
                    raise Broken("a")
                return n
            case "sum" | "loop":
                return sum(whole(ask(to)) for to in asks_of(spec)) % 4
            case "multi" | "batch":
                return sum(whole(v) for v in self.all(asks_of(spec), ask)) % 4
            case "pass" | "made":
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


def with_mode(specs: Specs) -> frozenset[int]:
    """The kinds whose rules use a mode, or ask for one that does."""
    found = {kind for kind, spec in specs.items() if spec[0] == "mode"}
    while True:
        more = {
            kind
            for kind, spec in specs.items()
            if kind not in found and any(other in found for other, _ in asks_of(spec))
        }
        if not more:
            return frozenset(found)
        found |= more


def may_widen(specs: Specs, touched: set[TaskId]) -> bool:
    """Whether a rule may learn while it runs that it stands on a mode, and begin anew."""
    using = with_mode(specs)
    return any(
        specs[task[0]][0] in ("loop", "batch")
        and any(other in using for other, _ in asks_of(specs[task[0]]))
        for task in touched
        if task[0] in specs
    )


def is_wired(specs: Specs, kind: int, *, hidden: bool) -> bool:
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


def possible(
    specs: Specs, world: list[Any], kind: int, n: object, mode: object = 0
) -> set[tuple[Any, ...]]:
    """The right outcomes: one, but for two matters of timing.

    A cycle behind a failing position of a batch may be met first; a missing rule is told before
    anything runs if the engine knows already that it would be asked for.
    """
    if not is_wired(specs, kind, hidden=False):
        return {(MISSING,)}
    lazy, eager = (
        Scratch(specs, world, mode, is_eager=is_eager).outcome(kind, n)
        for is_eager in (False, True)
    )
    found = {lazy}
    if eager == ("circle",):
        found.add(eager)
    if not is_wired(specs, kind, hidden=True):
        found.add((MISSING,))
    return found
