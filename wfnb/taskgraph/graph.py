"""The task graph as a whole: families attached to the rule graph, clearing, dirtying, learning.

Knows: which families there are and what their rules mean now.
Does not know: cells, fingerprints (a version is any value that differs when the meaning does).
Holds: under `lock`, always. `revision` moves whenever something was cleared or dirtied.
       A family's links lead where the current rule graph says, or it is out of use.
       `check()` verifies the edges.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wfnb.rulegraph.instances import Instance, ParamAnswer, RuleAnswer, choice_of
from wfnb.rules.found import StaticRequest, by_qualname, show_request
from wfnb.rules.requests import Call, Request
from wfnb.rules.wording import type_name
from wfnb.settings import Settings
from wfnb.taskgraph.causes import Cause, ChangeOf, rewired, withdrawn
from wfnb.taskgraph.families import Family, FamilyKey, find_task, given
from wfnb.taskgraph.tasks import (
    BOUND,
    CLEAN,
    CLEARED,
    DIRTY,
    FAILED,
    NEW,
    RUNNING,
    STATE_NAMES,
    Task,
    is_given,
    iter_dependents,
    iter_tasks,
)

if TYPE_CHECKING:
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import RuleKey
    from wfnb.taskgraph.sessions import Session

_ENDED = frozenset({CLEAN, BOUND, DIRTY, FAILED, CLEARED})

Query = tuple[type, frozenset[type]]


class TaskGraph:
    """All tasks of one engine.

    Attributes:
        lock: held for everything but rule bodies.
        sessions: those that run, by number.
        restarting: those that have ended, and have no successor yet, which starts them over.
        versions: per rule what it means now.
        change_of: what made a class another one, where somebody knows.
        world: what rules that ship with wfnb reach for, see `wfnb.intrinsics.world`.
        on_step: for tests: called, without the lock, between steps of a shuffled session.
    """

    def __init__(self, rule_graph: RuleGraph) -> None:
        self.lock = threading.RLock()
        self.settings = Settings()
        self.world: Any = None
        self.revision = 0
        self.sessions: dict[int, Session] = {}
        self.restarting: dict[int, Session] = {}
        self.families: dict[FamilyKey, Family] = {}
        self.versions: dict[RuleKey, object] = {}
        self.rule_graph = rule_graph
        self.change_of: ChangeOf = lambda _: ""
        self.on_step: Callable[[], object] | None = None
        self.on_slow: Callable[[int], object] | None = None
        self.relearn: Callable[[RuleKey, StaticRequest], RuleGraph] | None = None
        self.keep_learned: Callable[[RuleKey, StaticRequest], None] | None = None
        self._numbers = itertools.count(1)
        self._roots: dict[Query, Family | type] = {}
        self._counts = [0, 0]

    def next_session_number(self) -> int:
        """A number no session had."""
        return next(self._numbers)

    # ---------------------------------------------------------------- asking

    def peek(self, product: type, params: tuple[object, ...]) -> Task | None:
        """The task of an outside request if it was asked before; needs no lock, changes nothing.

        Raises:
            ParamError: a param that cannot be a key.
        """
        by_type = {param.__class__: param for param in params}
        family = self._roots.get((product, frozenset(by_type)))
        if not isinstance(family, Family):
            return None
        found = tuple([by_type[cls] for cls in family.in_set])
        return family.memo.get(family.key_of(found[0] if len(found) == 1 else found))

    def root(self, product: type, params: tuple[object, ...]) -> Task:
        """The task that an outside request asks for, made if it is new.

        Raises:
            WiringError: nobody can answer.
            ParamError: a param that cannot be a key.
        """
        by_type = {param.__class__: param for param in params}
        query = (product, frozenset(by_type))
        family = self._roots.get(query)
        if family is None:
            family = self._roots[query] = self.resolve(query)
        if not isinstance(family, Family):
            return given(by_type[family])
        return find_task(family, tuple([by_type[cls] for cls in family.in_set]))

    def resolve(self, query: Query) -> Family | type:
        """Who answers a query: a family, or the type of the param that does."""
        answer = self.rule_graph.solve(*query)
        if isinstance(answer, ParamAnswer):
            return answer.type
        assert isinstance(answer, RuleAnswer)
        return self.attach(answer.instance)

    def attach(self, root: Instance) -> Family:
        """Point families at the current rule graph; clear those whose choices changed."""
        todo: list[tuple[Family, Instance]] = []
        reached: dict[Instance, Family] = {}

        def family_of(instance: Instance) -> Family:
            family = reached.get(instance)
            if family is None:
                key = (instance.rule.key, instance.in_set)
                family = self.families.get(key)
                if family is None:
                    version = self.versions.get(instance.rule.key)
                    family = self.families[key] = Family(instance.rule, instance.in_set, version)
                reached[instance] = family
                if family.instance is not instance:
                    todo.append((family, instance))
            return family

        result = family_of(root)
        while todo:
            family, instance = todo.pop()
            now = {wiring: choice_of(answer) for wiring, answer in instance.links.items()}
            if any(now.get(wiring, choice) != choice for wiring, choice in family.choices.items()):
                # for good: its old dependencies may hold, and are not the ones it would ask now
                why = rewired(family.choices, now, self.change_of)
                self.clear(family.memo.values(), for_good=why)
            if family.rule is not instance.rule:
                family.follow(instance.rule, self.versions.get(instance.rule.key))
            family.attach(instance, family_of)
        return result

    # ---------------------------------------------------------------- changing

    def adopt(
        self, rule_graph: RuleGraph, versions: dict[RuleKey, object], queries: Iterable[Query]
    ) -> tuple[int, int]:
        """Take on a new rule graph and what its rules mean.

        Tasks of rules whose meaning or wiring changed are cleared, what stands on them is dirtied.

        Args:
            queries: outside requests to wire again at once; those that fail now fail when asked.

        Returns:
            How many tasks were cleared, and how many dirtied.
        """
        self._counts = [0, 0]
        self.revision += 1  # also for what is running, which nothing below clears
        self.rule_graph = rule_graph
        self.versions = versions
        self._roots.clear()
        for family in self.families.values():
            rule = rule_graph.rules.get(family.key[0])
            if rule is None:
                continue
            version = versions.get(rule.key)
            if family.rule is not rule or family.version != version:
                is_changed = family.version != version
                family.follow(rule, version)
                self.clear(
                    task
                    for task in family.memo.values()
                    if (task.state is FAILED and is_changed)
                    or (task.generation and task.version != version)
                )
        for query in [*queries, *(session.query for session in self.sessions.values())]:
            try:
                self._roots[query] = self.resolve(query)
            except Exception:
                continue  # it is told when somebody asks
        cleared, dirtied = self._counts
        self._counts = [0, 0]
        return cleared, dirtied

    def clear(self, tasks: Iterable[Task], *, for_good: Cause | None = None) -> tuple[int, int]:
        """Make tasks run again when they are next asked for, and suspect all above them.

        Args:
            for_good: why they run even if their rule comes to mean again what it meant.
        """
        cleared = []
        for task in tasks:
            if task.state in _ENDED:
                if for_good is not None and task.generation:
                    task.version = for_good
                if task.state is not CLEARED:
                    task.state = CLEARED
                    cleared.append(task)
            elif task.state is RUNNING and for_good is not None:
                session = self.sessions.get(task.session)
                if session is not None:
                    session.recalled.add(task)
        dirtied = 0
        todo = list(cleared)
        while todo:
            for above in iter_dependents(todo.pop()):
                if above.state is CLEAN or above.state is BOUND:
                    above.state = DIRTY
                    dirtied += 1
                    todo.append(above)
                elif above.state is FAILED:
                    above.state = CLEARED
                    todo.append(above)
        if cleared or for_good is not None:
            self.revision += 1
        self._counts[0] += len(cleared)
        self._counts[1] += dirtied
        return len(cleared), dirtied

    def prune(self) -> None:
        """Forget families of rules that do not stand any more."""
        gone = [key for key in self.families if key[0] not in self.rule_graph.rules]
        for key in gone:
            family = self.families.pop(key)
            cause = withdrawn(key[0], self.rule_graph.rules, self.change_of)
            for task in family.memo.values():
                # for good: once the family is gone, nothing tells those above of its return
                above = [one for one in iter_dependents(task) if task in iter_tasks(one.deps)]
                self.clear(above, for_good=cause)
                for dep in iter_tasks(task.deps):
                    if isinstance(dep.dependents, dict):
                        dep.dependents.pop(task, None)
                    elif isinstance(dep.dependents, list):
                        if task in dep.dependents:
                            dep.dependents.remove(task)
                    elif dep.dependents is task:
                        dep.dependents = None

    def iter_concerned(self, what: Sequence[object] | None) -> Iterator[Task]:
        """Tasks of these rules, and of the rules that make these products; all if None."""
        for family in list(self.families.values()):
            if what is None or any(_concerns(one, family) for one in what):
                yield from family.memo.values()

    # ---------------------------------------------------------------- learning

    def learn(self, task: Task, request: Request[Any]) -> Any:
        """Wire a request that the text of the task's rule did not show.

        Returns:
            Its link; None if the rule uses more params for it, so that keys above have changed.

        Raises:
            WiringError: it cannot be answered.
        """
        family = task.family
        link = family.links.get(request.wiring)
        if link is not None:
            return link
        supplied = request.supplied
        types = () if supplied is None else supplied if isinstance(supplied, tuple) else (supplied,)
        pinned = request.rule if isinstance(request, Call) else None
        head = type_name(request.product) if pinned is None else pinned.name
        learned = StaticRequest(
            request.product,
            by_qualname(types),
            pinned.key if pinned is not None else None,
            family.rule.place,
            "call" if pinned is not None else "get",
            show_request(head, types, in_braces=pinned is None),
        )
        assert self.relearn is not None
        assert self.keep_learned is not None
        graph = self.relearn(family.rule.key, learned)
        for session in self.sessions.values():
            graph.solve(*session.query)
        self.keep_learned(family.rule.key, learned)
        self.adopt(graph, self.versions, ())
        if family.instance is None or request.wiring not in family.links:
            return None
        return family.links[request.wiring]

    # ---------------------------------------------------------------- for tests

    def check(self, *, at_rest: bool = False) -> None:
        """Verify what the module's docstring promises; raises AssertionError.

        Args:
            at_rest: no body is running any more, also none whose session is over.
        """
        for family in self.families.values():
            for task in family.memo.values():
                if task.state is RUNNING:
                    assert not at_rest, f"{task.family} is still running"
                    continue
                if task.state is NEW or not task.generation:
                    continue
                for dep in iter_tasks(task.deps):
                    assert is_given(dep) or task in set(iter_dependents(dep)), (
                        f"{task.family} lacks its reverse edge"
                    )
                    if task.state is CLEAN:
                        assert dep.state is CLEAN, (
                            f"clean {task.family} stands on {STATE_NAMES[dep.state]} {dep.family}"
                        )
                if task.state is CLEAN:
                    for dep, seen in zip(task.deps, task.seen, strict=True):
                        generations = (
                            dep.generation
                            if dep.__class__ is Task
                            else tuple([one.generation for one in dep])
                        )
                        assert generations == seen, f"{task.family} saw another generation"


def _concerns(what: object, family: Family) -> bool:
    if isinstance(what, type):
        return family.product is what
    key = getattr(what, "__wfnb_rule_key__", None)
    return key is not None and bool(family.key[0] == key)


__all__ = ["Query", "TaskGraph"]
