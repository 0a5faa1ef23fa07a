"""Insight: what an engine can tell without running a rule.

Knows: the rule graph, the remembered tasks, reasons.
Does not know: how anything is defined, run or forgotten (`engine.py`).
Holds: nothing here runs a rule. Each question first looks what has changed since the last.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wfnb.definitions import Definitions
from wfnb.errors import WfnbError
from wfnb.params import a_class
from wfnb.plans import Plan, plan_for
from wfnb.reasons import Reason, Reasons
from wfnb.reports import SessionReport
from wfnb.rulegraph.graph import RuleGraph
from wfnb.stories import Story, stale_now, stale_tasks, story_of
from wfnb.taskgraph.graph import TaskGraph
from wfnb.taskgraph.interrupts import Shield
from wfnb.taskgraph.tasks import CLEARED, DIRTY, NEW, Task, is_given

if TYPE_CHECKING:
    from wfnb.rulegraph.codes import Diagnostic
    from wfnb.rulegraph.explanation import Explanation
    from wfnb.rules.rule import Rule, RuleKey


class Insight(ABC):
    """The half of an engine that runs nothing."""

    _definitions: Definitions
    _define_lock: threading.RLock
    _reasons: Reasons
    _tasks: TaskGraph

    @property
    def rule_graph(self) -> RuleGraph:
        """Who could answer what; immutable."""
        return self._tasks.rule_graph

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong with the rules, leaf causes first."""
        self._before()
        return self.known_diagnostics

    @property
    def known_diagnostics(self) -> tuple[Diagnostic, ...]:
        """The same, without looking first whether anything has changed since."""
        from wfnb.rulegraph.checks import in_order

        with self._define_lock:
            return in_order([*self.rule_graph.diagnostics, *self._definitions.unseen()])

    def explain(self, product: type, *types_or_params: object) -> Explanation:
        """Who would answer, from what, and why not the others. Runs nothing."""
        self._before()
        given = self._with_effects(product, types_or_params)
        scope = frozenset(t if isinstance(t, type) else type(t) for t in given)
        return self._graph_for(a_class(product), scope).explain(product, scope)

    def plan(self, product: type, *params: object) -> Plan:
        """What a request would run, check or reuse. Runs nothing."""
        params = self._looked_up(product, params)
        with Shield(), self._tasks.lock:
            return plan_for(self._tasks, product, params)

    def why(self, product: type, *params: object) -> Reason:
        """Why a request's task ran again the last time, or would run now. Runs nothing."""
        params = self._looked_up(product, params)
        with Shield(), self._tasks.lock:
            return self._reasons.why(product, params)

    def stale(self) -> Story:
        """The remembered tasks that changes have touched since, with the reason. Runs nothing."""
        self._before()
        with Shield(), self._tasks.lock:
            return stale_now(self._tasks, self._reasons)

    def stale_rules(self) -> frozenset[RuleKey]:
        """The rules of such tasks, as far as it is known; looks at nothing."""
        with Shield(), self._tasks.lock:
            return frozenset([task.family.key[0] for task in stale_tasks(self._tasks)])

    def are_stale(self, queries: Iterable[tuple[type, tuple[object, ...]]]) -> list[bool]:
        """Whether requests would find their answers stale, or none; looks at nothing.

        What cannot be answered any more is not stale.
        """
        found: list[bool] = []
        with Shield(), self._tasks.lock:
            stale = stale_tasks(self._tasks)
            for product, params in queries:
                try:
                    root = self._tasks.root(product, params)
                except WfnbError:
                    found.append(False)
                    continue
                found.append(not is_given(root) and (root in stale or root.state is NEW))
        return found

    def known_reasons(self, rule: Rule[Any], most: int) -> tuple[tuple[Reason, ...], int]:
        """Why tasks of a rule will run or be checked, or ran last; looks at nothing.

        Returns:
            At most so many reasons, of stale tasks first; and how many tasks there are.
        """
        with Shield(), self._tasks.lock:
            families = [f for f in self._tasks.families.values() if f.key[0] == rule.key]
            tasks = [t for f in families for t in f.memo.values() if t.state is not NEW]
            stale = [t for t in tasks if t.state in (CLEARED, DIRTY)]
            again = [t for t in tasks if t.cause is not None and t.state not in (CLEARED, DIRTY)]
            again.sort(key=_session_of, reverse=True)  # those of the last request first
            chosen = [*stale[:most], *again[:most]][:most] or tasks[:1]
            return tuple([self._reasons.of(task) for task in chosen]), len(tasks)

    def story(self) -> Story:
        """What the last request did, with the reason for all that ran."""
        last = self.last
        return story_of(last, self._reasons) if last is not None else Story()

    def _looked_up(self, product: type, params: tuple[object, ...]) -> tuple[object, ...]:
        """The params to ask with; the rules that ship with wfnb stand, if they are needed."""
        self._before()
        self._check(product, params)
        params = self._with_effects(product, params)
        graph = self._graph_for(product, frozenset([param.__class__ for param in params]))
        if graph is not self.rule_graph:
            with self._define_lock, Shield(), self._tasks.lock:
                self._tasks.adopt(graph, self._definitions.versions(), ())
        return params

    def _graph_for(self, product: type, scope: frozenset[type]) -> RuleGraph:
        """The rule graph, with the rules of wfnb that a request never made yet would bring."""
        query = product, scope
        if query in self._definitions.asked:
            return self.rule_graph
        with self._define_lock, Shield():
            graph = self._definitions.graph_asked(query)
            is_more = graph.rules.keys() > self.rule_graph.rules.keys()
            return graph if is_more else self.rule_graph

    # ---------------------------------------------------------------- the other half

    @property
    @abstractmethod
    def last(self) -> SessionReport | None:
        """What the last request did; None before the first."""

    @abstractmethod
    def _before(self) -> None:
        """Look what has changed."""

    @abstractmethod
    def _check(self, product: type, params: tuple[object, ...]) -> None:
        """Refuse what cannot be asked."""

    @abstractmethod
    def _with_effects(self, product: object, params: tuple[object, ...]) -> tuple[object, ...]:
        """The params, and for a goal what it may take besides."""


def _session_of(task: Task) -> int:
    return getattr(task, "session", 0)
