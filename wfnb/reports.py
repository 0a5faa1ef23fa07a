"""What a request did, told after it.

Knows: sessions that have ended. Does not know: those that run.
"""

from __future__ import annotations

from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING

from wfnb.errors import WfnbError
from wfnb.taskgraph.naming import describe
from wfnb.taskgraph.sessions import Restart
from wfnb.taskgraph.tasks import FAILED, Task, is_given, iter_tasks

if TYPE_CHECKING:
    from wfnb.events.kinds import Outcome
    from wfnb.taskgraph.sessions import Session


class RequestFacts:
    """When and how a request ended.

    Attributes:
        number, query, params, since, until, cut_off: of its session.
        error: the name of its type and its text; empty if there was none. The error itself would
            keep frames alive.
        outcome: "answered", "failed" (a rule raised), "interrupted", "refused", "started over".
    """

    __slots__ = ("cut_off", "error", "number", "outcome", "params", "query", "since", "until")

    def __init__(self, session: Session, root: Task | None, error: BaseException | None) -> None:
        self.number = session.number
        self.query = session.query
        self.params = session.params
        self.since = session.since
        self.until = perf_counter()
        self.cut_off: list[Task] = session.cut_off
        self.error = _told(error) if error is not None else ("", "")
        self.outcome = _outcome(root, error)


class SessionReport:
    """What one request ran, checked and reused, in the order it happened.

    Args:
        session: None when the answer was remembered, so that nothing had to be done.
        root: the task that was asked for; None when the request did not come to its end.
        error: why it did not.

    Attributes:
        facts: None without a session.
    """

    __slots__ = ("facts", "root", "tasks_cleaned", "tasks_failed", "tasks_mutated", "tasks_ran")

    def __init__(
        self, session: Session | None, root: Task | None, error: BaseException | None = None
    ) -> None:
        self.facts = RequestFacts(session, root, error) if session is not None else None
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


def _told(error: BaseException) -> tuple[str, str]:
    try:
        text = str(error)
    except Exception:  # a user's own class may fail to give its text
        text = ""
    return type(error).__name__, text


def _outcome(root: Task | None, error: BaseException | None) -> Outcome:
    if error is None:
        return "failed" if root is not None and root.state is FAILED else "answered"
    if isinstance(error, Restart):
        return "started over"
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return "refused" if isinstance(error, WfnbError) else "failed"
