"""Recording: has requests noted step by step, and tells the last one as plain data.

Knows: tapes, and the words for tasks, values and causes.
Does not know: how steps are taken down (`wfnb.taskgraph.stepping`).
Holds: requests that run while no recorder is on cost nothing. A tape is put in words when somebody
       asks for it, and until then keeps the values of its request alive.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from wfnb.events.steps import MOST_STEPS, Recording, Step, StepTask
from wfnb.reasons import FIRST
from wfnb.rules.goals import has_effects
from wfnb.rules.wording import type_name
from wfnb.taskgraph.causes import Cause
from wfnb.taskgraph.stepping import Note, Stepper, Tape
from wfnb.watching.telling import error_text, task_rule_id, task_text, value_text

if TYPE_CHECKING:
    from wfnb.listeners import Ear
    from wfnb.reasons import Reasons
    from wfnb.reports import RequestFacts, SessionReport
    from wfnb.taskgraph.sessions import Session
    from wfnb.taskgraph.tasks import Task


class Recorder:
    """Records requests while its `with` block lasts; each takes the place of the one before.

    Args:
        most_steps: of one request that are kept.
    """

    def __init__(self, ear: Ear, reasons: Reasons, most_steps: int = MOST_STEPS) -> None:
        self._ear = ear
        self._reasons = reasons
        self._most = most_steps
        self._found: tuple[Tape, RequestFacts] | None = None
        self._told: Recording | None = None

    def __enter__(self) -> Recorder:
        self._outer, self._ear.recorder = self._ear.recorder, self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ear.recorder = self._outer

    @property
    def last(self) -> Recording | None:
        """The last request that ran; None before the first."""
        if self._found is not None:
            tape, facts = self._found
            self._told = self._tell(tape, facts)
            self._found = None
        return self._told

    # ---------------------------------------------------------------- called by who asks

    def began(self, session: Session) -> None:
        """A request is about to run: have it noted."""
        session.tape = Tape(self._most)
        session.worker_class = Stepper

    def ended(self, session: Session, report: SessionReport) -> None:
        """It has its answer, or will get none."""
        if session.tape is not None and report.facts is not None:
            session.tape.end()
            self._found = (session.tape, report.facts)

    # ---------------------------------------------------------------- in words

    def _tell(self, tape: Tape, facts: RequestFacts) -> Recording:
        numbers: dict[Task, int] = {}
        steps = []
        for note in tape.notes:
            task = numbers.setdefault(note.task, len(numbers))
            by = None if note.by is None else numbers.setdefault(note.by, len(numbers))
            at_s = max(0.0, note.at - facts.since)
            text = self._text(note)
            steps.append(Step(note.kind, at_s, task, by, note.worker, note.line, text))
        return Recording(
            facts.number,
            type_name(facts.query[0]),
            tuple([value_text(one) for one in facts.params if not has_effects(type(one))]),
            facts.outcome,
            tuple([StepTask(task_text(task), task_rule_id(task)) for task in numbers]),
            tuple(steps),
            tape.dropped,
        )

    def _text(self, note: Note) -> str:
        if note.kind == "started":
            cause = note.about if isinstance(note.about, Cause) else None
            try:
                return self._reasons.clauses_of(cause)[0] if cause is not None else FIRST
            except Exception:  # a value cannot be shown
                return ""
        if isinstance(note.about, BaseException):
            return error_text(type(note.about).__name__, note.about)
        return value_text(note.about) if note.kind == "finished" else ""
