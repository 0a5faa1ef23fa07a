"""Recording: has requests noted step by step, and tells the last one as plain data.

Knows: tapes, and the words for tasks, values and causes.
Does not know: how steps are taken down (`wfnb.taskgraph.stepping`); sources (`bodies`).
Holds: requests that run while no recorder is on cost nothing. A tape is put in words when somebody
       asks for it, and until then keeps the values of its request alive. Values are shown without
       the graph's lock: an interrupt ends that, and the next one who asks begins anew.
"""

from __future__ import annotations

from itertools import groupby
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wfnb.events.steps import Recording, Step, StepTask
from wfnb.reasons import FIRST
from wfnb.rules.goals import has_effects
from wfnb.rules.wording import type_name
from wfnb.settings import MOST_STEPS
from wfnb.stories import story_of
from wfnb.taskgraph.causes import Cause
from wfnb.taskgraph.interrupts import Shield
from wfnb.taskgraph.stepping import Note, Stepper, Tape
from wfnb.taskgraph.tasks import Task, is_given, iter_tasks
from wfnb.watching.bodies import Bodies
from wfnb.watching.telling import clean, error_text, task_rule_id, task_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wfnb.listeners import Ear
    from wfnb.reasons import Reasons
    from wfnb.reports import SessionReport
    from wfnb.taskgraph.sessions import Session


class Found:
    """A request that has ended, and the recording of it once that is made.

    Attributes:
        taken: what is to be put in words; None when that was done.
    """

    __slots__ = ("taken", "told")

    def __init__(self, taken: tuple[Tape | None, SessionReport] | None) -> None:
        self.taken = taken
        self.told: Recording | None = None


class Recorder:
    """Records requests while its `with` block lasts; each takes the place of the one before.

    Args:
        most_steps: of one request that are kept.
    """

    def __init__(self, ear: Ear, reasons: Reasons, most_steps: int = MOST_STEPS) -> None:
        self._ear = ear
        self._reasons = reasons
        self._most = most_steps
        self._found = Found(None)
        self._outer: Recorder | None = None

    def __enter__(self) -> Recorder:
        outer = self._ear.recorder
        self._outer = outer if isinstance(outer, Recorder) else None
        self._ear.recorder = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        around = self._ear.recorder
        if around is self:
            self._ear.recorder = self._outer
        while isinstance(around, Recorder):  # in tasks, who began last does not end first
            if around._outer is self:
                around._outer = self._outer
            around = around._outer

    @property
    def last(self) -> Recording | None:
        """The last request that ran; None before the first, and for one that was not recorded."""
        found = self._found
        taken = found.taken
        if taken is not None:
            found.told = self._tell(*taken)
            found.taken = None
        return found.told

    # ---------------------------------------------------------------- called by who asks

    def began(self, session: Session) -> None:
        """A request is about to run: have it noted."""
        session.tape = self.make_tape()
        if session.tape is not None:
            session.worker_class = Stepper

    def make_tape(self) -> Tape | None:
        """For one request; None to have it not recorded."""
        return Tape(self._most)

    def ended(self, session: Session, report: SessionReport) -> None:
        """It has its answer, or will get none."""
        tape = session.tape
        if tape is not None:
            tape.end()
            session.tape = Tape(0, counts=False)  # the session is in cycles; values are not to be
        if not session.is_given_up:  # else the last one is what was asked since
            self._keep(tape, report)

    def _keep(self, tape: Tape | None, report: SessionReport) -> None:
        self._found = Found((tape, report))
        if self._outer is not None:
            self._outer._keep(tape, report)

    # ---------------------------------------------------------------- in words

    def _tell(self, tape: Tape | None, report: SessionReport) -> Recording | None:
        facts = report.facts
        if tape is None or facts is None:
            return None
        numbers: dict[Task, int] = {}
        bodies = Bodies()
        for kind, _, task, by, _, spot, _ in tape.notes:
            numbers.setdefault(task, len(numbers))
            if by is not None:
                numbers.setdefault(by, len(numbers))
            if kind == "started" and spot is not None:
                bodies.add(task, spot.code)
        with Shield(), self._reasons.lock:
            deps = {task: task.deps for task in numbers}
        return Recording(
            facts.number,
            type_name(facts.query[0]),
            tuple([value_text(one) for one in facts.params if not has_effects(type(one))]),
            facts.outcome,
            tuple(
                [step_task(task, bodies.position(task), numbers, deps[task]) for task in numbers]
            ),
            tuple(
                [
                    self._step(note, numbers, bodies, facts.since, *part)
                    for note, part in zip(tape.notes, _parts(tape.notes), strict=True)
                ]
            ),
            _dropped(tape, report),
            bodies.sources,
            story_text(report, self._reasons),
        )

    def _step(
        self,
        note: Note,
        numbers: Mapping[Task, int],
        bodies: Bodies,
        since: float,
        part: int,
        parts: int,
    ) -> Step:
        kind, at, task, by, worker, spot, about = note
        place, line = "", None
        if spot is not None:
            place = spot.short if kind != "started" else ""
            line = bodies.line(by or task, spot)
        return Step(
            kind,
            max(0.0, at - since),
            numbers[task],
            None if by is None else numbers[by],
            worker,
            place,
            self._text(kind, about),
            line,
            part,
            parts,
        )

    def _text(self, kind: str, about: object) -> str:
        if kind == "started":
            cause = about if isinstance(about, Cause) else None
            try:
                return clean(self._reasons.clauses_of(cause)[0]) if cause is not None else FIRST
            except Exception:  # a value cannot be shown
                return ""
        if kind == "failed" and isinstance(about, BaseException):
            return error_text(type(about).__name__, about)
        return value_text(about) if kind == "finished" else ""


def remembered(report: SessionReport, reasons: Reasons) -> Recording | None:
    """The recording of a request whose answer was there: it has one step."""
    root = report.root
    if root is None or is_given(root):
        return None
    params = tuple([value_text(one) for one in root.params if not has_effects(type(one))])
    return Recording(
        0,
        type_name(root.family.product),
        params,
        "remembered",
        (step_task(root, None, {}, ()),),
        (Step("reused", 0.0, 0, None, 0, "", value_text(root.value)),),
        0,
        (),
        story_text(report, reasons),
    )


def step_task(
    task: Task, source: int | None, numbers: Mapping[Task, int], deps: tuple[Any, ...]
) -> StepTask:
    """A task in words; `numbers` are the positions of all that steps tell of."""
    family = task.family
    below = dict.fromkeys([numbers[one] for one in iter_tasks(deps) if one in numbers])
    return StepTask(
        task_text(task),
        task_rule_id(task),
        family.rule.name,
        type_name(family.product),
        source,
        tuple(below),
    )


def story_text(report: SessionReport, reasons: Reasons) -> str:
    """What the request did, with the reasons, whatever its values do when they are shown."""
    try:
        return clean(str(story_of(report, reasons)))
    except Exception:
        return ""


def _parts(notes: Sequence[Note]) -> Iterator[tuple[int, int]]:
    """Of each note, which it is of how many that one await has brought about."""
    for key, group in groupby(notes, _await_of):
        count = len(list(group))
        yield from [(n + 1, count) if key else (1, 1) for n in range(count)]


def _await_of(note: Note) -> int:
    """What tells one await from another, even in the same line; 0 for what is none."""
    _, _, _, by, _, spot, _ = note
    return id(spot) if by is not None and spot is not None else 0


def _dropped(tape: Tape, report: SessionReport) -> int:
    """How many steps are missing; where nobody counted, one per task whose end is."""
    if tape.counts or not tape.is_full():
        return tape.dropped
    ends = ("finished", "failed", "cleaned")
    told = sum(kind in ends for kind, *_ in tape.notes)
    settled = len(report.tasks_ran) + len(report.tasks_cleaned) + len(report.tasks_failed)
    return max(1, settled - told)
