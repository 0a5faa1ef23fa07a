"""What users read about failures: errors that arise while rules run, their tracebacks and notes.

Knows: frames, names of tasks.
Does not know: scheduling.
"""

from __future__ import annotations

import sys
import types
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wfnb.errors import AwaitError, CycleError, EffectError, ProductError
from wfnb.places import Place, place
from wfnb.rules.wording import plain_qualname
from wfnb.taskgraph.naming import describe, short_value
from wfnb.taskgraph.tasks import FAILED

if TYPE_CHECKING:
    from wfnb.rules.rule import Rule
    from wfnb.taskgraph.tasks import Task

_MOST_FRAMES = 40  # a traceback through more rules than this stops growing


class Failure:
    """An exception a rule raised, with the frames of the rules it came through.

    Attributes:
        traceback: without frames of the engine.
        length: how many frames it has.
        task: whose rule raised, or let it through.
        cause: the failure it was let through from; None where it was raised.
    """

    __slots__ = ("cause", "error", "length", "task", "traceback")

    def __init__(
        self,
        error: BaseException,
        traceback: types.TracebackType | None,
        length: int,
        task: Task | None = None,
        cause: Failure | None = None,
    ) -> None:
        self.error = error
        self.traceback = traceback
        self.length = length
        self.task = task
        self.cause = cause


def failure(error: BaseException, task: Task, cause: Failure | None) -> Failure:
    """Fold the engine's frames out of what the exception has gathered so far."""
    if cause is not None and cause.length > _MOST_FRAMES:
        return Failure(error, cause.traceback, cause.length, task, cause)
    traceback, length = without_engine_frames(error.__traceback__)
    return Failure(error, traceback, length, task, cause)


def without_engine_frames(
    traceback: types.TracebackType | None,
) -> tuple[types.TracebackType | None, int]:
    """The same traceback without frames of wfnb, and its length."""
    kept = []
    while traceback is not None:
        if not is_engine_frame(traceback.tb_frame):
            kept.append(traceback)
        traceback = traceback.tb_next
    folded: types.TracebackType | None = None
    for entry in reversed(kept):
        folded = types.TracebackType(folded, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return folded, len(kept)


def is_engine_frame(frame: types.FrameType) -> bool:
    """Whether a frame is wfnb's own (rules that ship with tests or examples are not)."""
    name = frame.f_globals.get("__name__", "")
    return isinstance(name, str) and (name == "wfnb" or name.startswith("wfnb."))


# -------------------------------------------------------------------- errors while running


def _stands_at(coroutine: Any, rule: Rule) -> tuple[Place, Any]:
    """The innermost line of a suspended body that is no library's, and what it awaits."""
    found = rule.place
    while True:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None or (not is_engine_frame(frame) and _is_library_frame(frame)):
            return found, coroutine
        if not is_engine_frame(frame):
            found = place(frame.f_code.co_filename, frame.f_lineno)
        coroutine = getattr(coroutine, "cr_await", None)


def _is_library_frame(frame: types.FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return module in sys.stdlib_module_names or "site-packages" in frame.f_code.co_filename


def foreign_await(task: Task, coroutine: Any, yielded: object) -> AwaitError:
    """The error for awaiting something that is not a request to the engine."""
    rule = task.family.rule
    where, awaited = _stands_at(coroutine, rule)
    name = getattr(awaited, "__qualname__", None)
    if name is not None:
        what = plain_qualname(name).removesuffix(".__await__")
    elif awaited is not None or yielded is not None:
        what = type(awaited if awaited is not None else yielded).__name__
    else:
        what = "something"
    return AwaitError(
        f"{rule.name} awaited {what}, which is not a request",
        place=where,
        why=["a rule may await Get(...), MultiGet(...) and other rules; nothing else"],
        fix="call blocking code directly (other rules run meanwhile), "
        "or put it in a rule of its own and Get that",
    )


def wrong_product(task: Task, value: object) -> ProductError:
    """The error for a rule that returned something else than it promised."""
    rule = task.family.rule
    cls = type(value)
    promised = rule.product
    why = []
    if value is None:
        why.append("it returned None: is a return missing?")
    elif isinstance(value, promised):
        why.append(f"{cls.__name__} is a subclass; a product is its exact type")
    elif cls.__qualname__ == promised.__qualname__:
        why.append(f"there are two classes named {cls.__name__}; run the cell of the rule again")
    name = "None" if value is None else f"{cls.__name__}: {short_value(value)}"
    return ProductError(
        f"{rule.name} promised {promised.__name__} and returned {name}",
        place=rule.place,
        why=why,
        fix=f"return exactly a {promised.__name__}, or change the return annotation",
    )


def cycle(tasks: list[Task]) -> CycleError:
    """The error for tasks that wait for each other, in waiting order."""
    lines = [describe(task) for task in tasks]
    if len(lines) > 6:
        lines = [*lines[:3], f"… {len(lines) - 5} more …", *lines[-2:]]
    first = describe(tasks[0])
    what = (
        f"{first} asks for itself"
        if len(tasks) == 1
        else f"{first} waits for itself, through {len(tasks) - 1} other"
        + ("s" if len(tasks) > 2 else "")
    )
    chain = [f"{'   ' if i else ''}{'→ ' if i else ''}{line}" for i, line in enumerate(lines)]
    return CycleError(
        what,
        place=tasks[0].family.rule.place,
        why=[*chain, f"   → {first}, again"],
        fix="let one of them ask with another param, or stop before it comes round",
    )


def note_other_failures(tasks: list[Task], position: int, session_number: int) -> None:
    """Name, on the failure that is raised, the later failures that had happened by then."""
    error = tasks[position].error.error
    others = [
        task
        for task in tasks[position + 1 :]
        if task.state is FAILED and task.session == session_number and task.error.error is not error
    ]
    for task in others[:3]:
        other = task.error.error
        add_note(
            error, f"also failed: {describe(task)}: {type(other).__name__}: {_one_line(other)}"
        )
    if len(others) > 3:
        add_note(error, f"and {len(others) - 3} more of the same MultiGet failed")


def note_requests(root: Task, product: type) -> None:
    """Say on a failure how the outside request came to the rule that raised."""
    found: Failure | None = root.error
    error = root.error.error
    chain = []
    while found is not None:
        if found.task is not None:
            chain.append(found.task)
        found = found.cause
    root.error.cause = None
    lines = [describe(task) for task in chain]
    if len(lines) > 6:
        lines = [*lines[:3], f"… {len(lines) - 5} more …", *lines[-2:]]
    add_note(error, f"while making {product.__name__}: " + " → ".join(lines))


def add_note(error: BaseException, note: str) -> None:
    """Attach a note once, also to an exception whose own `add_note` fails."""
    with suppress(Exception):
        if note not in getattr(error, "__notes__", ()):
            BaseException.add_note(error, note)


def _one_line(error: BaseException) -> str:
    try:
        text = str(error).split("\n", 1)[0]
    except Exception:
        return "(no text)"
    return text if len(text) <= 80 else text[:79] + "…"


def cannot_start_over(task: Task) -> EffectError:
    """The error when rules change under a goal that has had effects already."""
    rule = task.family.rule
    return EffectError(
        f"{rule.name} had had effects already when the rules that it stands on changed",
        place=rule.place,
        fix="run it again",
    )
