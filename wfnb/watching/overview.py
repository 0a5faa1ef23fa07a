"""The overview: what stands in an engine, told when it has changed.

Knows: the rule graph, its problems, how many tasks are remembered.
Does not know: what runs.
Holds: nothing is drawn or counted again unless something moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from wfnb.events.kinds import Event, TasksCounted
from wfnb.taskgraph.tasks import CLEARED, DIRTY
from wfnb.watching.telling import Drawing, draw, iter_changes, rule_id

if TYPE_CHECKING:
    from wfnb.asking import Asking
    from wfnb.definitions import Definitions
    from wfnb.rulegraph.codes import Diagnostic
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.tasks import Task

_state_of = attrgetter("state")
_generation_of = attrgetter("generation")


class Overview:
    """Looks at what stands."""

    def __init__(self, graph: TaskGraph, asking: Asking, definitions: Definitions) -> None:
        self._graph = graph
        self._asking = asking
        self._definitions = definitions
        self._graph_told: object = None
        self._unseen_told: list[Diagnostic] = []
        self._drawn = Drawing()
        self._looked: object = None
        self._counts: dict[str, tuple[int, int]] = {}

    def look(self, *, counts: bool) -> Iterator[Event]:
        """What is new since the last look.

        Args:
            counts: whether to count tasks, too.
        """
        graph = self._graph.rule_graph
        now = (self._graph.revision, self._asking.last, graph)
        has_moved = counts and now != self._looked
        if has_moved or graph is not self._graph_told:
            yield from self._draw(graph)
        if has_moved:
            self._looked = now
            yield from self._count_tasks()

    def _draw(self, graph: RuleGraph) -> Iterator[Event]:
        """What looks otherwise, and what is wrong now."""
        unseen = self._definitions.unseen()
        if graph is self._graph_told and unseen == self._unseen_told:
            return
        self._graph_told, self._unseen_told = graph, unseen
        drawn = draw(graph, unseen)
        yield from iter_changes(self._drawn, drawn)
        self._drawn = drawn

    def _count_tasks(self) -> Iterator[TasksCounted]:
        """How many tasks there are."""
        with self._graph.lock:
            found = [(one.key[0], list(one.memo.values())) for one in self._graph.families.values()]
        counts: dict[str, tuple[int, int]] = {}
        for key, tasks in found:
            if tasks:
                known, stale = counts.get(rule_id(key), (0, 0))
                more_known, more_stale = _count(tasks)
                counts[rule_id(key)] = (known + more_known, stale + more_stale)
        for rule in (*counts, *(one for one in self._counts if one not in counts)):
            now = counts.get(rule, (0, 0))
            if now != self._counts.get(rule, (0, 0)):
                yield TasksCounted(rule, *now)
        self._counts = counts


def _count(tasks: list[Task]) -> tuple[int, int]:
    """How many have a value or had one, and how many of those are stale."""
    states = list(map(_state_of, tasks))
    generations = list(map(_generation_of, tasks))
    stale = states.count(CLEARED) + states.count(DIRTY)
    never = generations.count(0)
    if never and stale:  # some have only failed so far
        stale = sum(
            one in (CLEARED, DIRTY) and generation > 0
            for one, generation in zip(states, generations, strict=True)
        )
    return len(tasks) - never, stale
