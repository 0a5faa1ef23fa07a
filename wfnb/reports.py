"""What a request did, told after it.

Knows: sessions that have ended. Does not know: events while one runs.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from wfnb.taskgraph.naming import describe
from wfnb.taskgraph.tasks import Task, is_given, iter_tasks

if TYPE_CHECKING:
    from wfnb.taskgraph.sessions import Session


class SessionReport:
    """What one request ran, checked and reused, in the order it happened.

    Args:
        session: None when the answer was remembered, so that nothing had to be done.
        root: the task that was asked for; None when the request did not come to its end.
    """

    __slots__ = ("root", "tasks_cleaned", "tasks_failed", "tasks_mutated", "tasks_ran")

    def __init__(self, session: Session | None, root: Task | None) -> None:
        self.tasks_ran: list[Task] = session.ran if session is not None else []
        self.tasks_cleaned: list[Task] = session.cleaned if session is not None else []
        self.tasks_failed: list[Task] = session.failed if session is not None else []
        self.tasks_mutated: list[Task] = session.mutated if session is not None else []
        self.root = root

    @property
    def ran(self) -> tuple[str, ...]:
        """The tasks whose rules ran to the end, as `rule(param, …)`."""
        return tuple([describe(task) for task in self.tasks_ran])

    @property
    def cleaned(self) -> tuple[str, ...]:
        """The tasks that were proved to hold without running."""
        return tuple([describe(task) for task in self.tasks_cleaned])

    @property
    def failed(self) -> tuple[str, ...]:
        """The tasks whose rules raised."""
        return tuple([describe(task) for task in self.tasks_failed])

    @property
    def reused(self) -> tuple[str, ...]:
        """The remembered tasks that the answer stands on directly or through others."""
        if self.root is None:
            return ()
        touched = {*self.tasks_ran, *self.tasks_cleaned, *self.tasks_failed}
        found: dict[Task, None] = {}
        todo = [self.root]
        seen = {self.root}
        while todo:
            task = todo.pop()
            if task not in touched and not is_given(task):
                found[task] = None
                continue
            for dep in iter_tasks(task.deps):
                if dep not in seen:
                    seen.add(dep)
                    todo.append(dep)
        return tuple([describe(task) for task in found])

    @property
    def ran_counts(self) -> Counter[str]:
        """How often each rule ran, by name."""
        return Counter([task.family.rule.name for task in self.tasks_ran])

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {n}" for name, n in sorted(self.ran_counts.items()))
        return f"ran: {counts or 'nothing'}"
