"""Traces: a recording as Chrome's tracing and Perfetto read it.

Knows: the Trace Event Format.
Does not know: how a recording was made.
Holds: pure. Each body is a slice on the lane of the worker that ran it, cut where it was suspended;
       a task that was only checked is one, too. A slice that never ended ends with the recording.
Source: "Trace Event Format", the JSON array of which Perfetto reads as well.
"""

from __future__ import annotations

from typing import Any

from wfnb.events.steps import Recording, Step

_BEGIN = {"started": "ran", "resumed": "ran", "checked": "checked"}
_END = frozenset({"suspended", "finished", "failed", "cleaned", "put back", "cut off"})


def to_trace(recording: Recording) -> dict[str, Any]:
    """Objects that `json.dumps` takes; the text opens in ui.perfetto.dev and chrome://tracing."""
    events: list[dict[str, Any]] = [
        {"ph": "M", "pid": 1, "tid": 0, "name": "process_name", "args": {"name": _title(recording)}}
    ]
    workers = sorted({step.worker for step in recording.steps})
    for worker in workers:
        name = "asking thread" if worker == 0 else f"worker {worker}"
        events.append(
            {"ph": "M", "pid": 1, "tid": worker, "name": "thread_name", "args": {"name": name}}
        )
    open_: dict[int, list[Step]] = {worker: [] for worker in workers}
    for step in recording.steps:
        if step.kind in _BEGIN:
            open_[step.worker].append(step)
        elif step.kind in _END:
            began = _take(open_[step.worker], step.task)
            if began is not None:
                events.append(_slice(recording, began, step))
        elif step.kind == "reused":
            events.append(_instant(recording, step))
    end = recording.steps[-1] if recording.steps else None
    for left in open_.values():
        events += [_slice(recording, began, end) for began in reversed(left) if end is not None]
    return {"traceEvents": events, "displayTimeUnit": "ms"}


def _take(open_: list[Step], task: int) -> Step | None:
    """The innermost slice of this task that is open, closed."""
    for position in range(len(open_) - 1, -1, -1):
        if open_[position].task == task:
            return open_.pop(position)
    return None


def _slice(recording: Recording, began: Step, ended: Step) -> dict[str, Any]:
    task = recording.tasks[began.task]
    arguments: dict[str, str] = {"how": began.kind, "end": ended.kind}
    arguments.update({"why": began.note} if began.note else {})
    if ended.task == began.task:
        arguments.update({"at": ended.place} if ended.place else {})
        arguments.update({"gave": ended.note} if ended.note else {})
    return {
        "ph": "X",
        "pid": 1,
        "tid": began.worker,
        "ts": round(began.at_s * 1e6, 3),
        "dur": round(max(0.0, ended.at_s - began.at_s) * 1e6, 3),
        "name": task.task,
        "cat": _BEGIN[began.kind],
        "args": arguments,
    }


def _instant(recording: Recording, step: Step) -> dict[str, Any]:
    return {
        "ph": "i",
        "pid": 1,
        "tid": step.worker,
        "ts": round(step.at_s * 1e6, 3),
        "s": "t",
        "name": recording.tasks[step.task].task,
        "cat": "reused",
        "args": {"at": step.place},
    }


def _title(recording: Recording) -> str:
    return f"{recording.product}({', '.join(recording.params)})"
