"""Task graphs: a recording as boxes and lines, bounded however many tasks it has.

Knows: which tasks are drawn, and which are summed up; the layout of rule graphs, which it uses.
Does not know: what becomes of a task at which step.
Holds: the same recording gives the same drawing. Each task is in one box. Lines lead from a task to
       who asked for it. A task that failed has a box of its own, as long as there are few.
"""

from __future__ import annotations

from collections.abc import Iterable

from wfnb.events.steps import Recording, StepStory, StepTask, TaskBox, TaskDrawing, TaskLine
from wfnb.pictures.layout import lay_out
from wfnb.pictures.texts import cut
from wfnb.pictures.view import Edge, Node, View

MOST_BOXES = 120
FEW = 40  # tasks that are all drawn
_SHOWN = 3  # of a rule of which not all are
_MOST_RULES = 60
_MOST_DETAIL = 34
_ROOM = "✔ from memory"  # beside the name: what a view says of the task's state


def step_story(recording: Recording) -> StepStory:
    """A recording with its drawing."""
    return StepStory(recording, draw_tasks(recording))


def draw_tasks(recording: Recording) -> TaskDrawing:
    """Where every task goes, or the group that it is in."""
    tasks = recording.tasks
    groups = _grouped(recording)
    box_by_task = {task: box for box, group in enumerate(groups) for task in group}
    edges: dict[tuple[int, int], None] = {}
    for source, target in _iter_edges(recording):
        edges[box_by_task[source], box_by_task[target]] = None
    ordered = sorted(edges)
    texts = [_texts([tasks[task] for task in group], group) for group in groups]
    nodes = tuple(
        [Node(str(n), "rule", name, note, through=(_ROOM,)) for n, (name, note) in enumerate(texts)]
    )
    view = View(nodes=nodes, edges=tuple([Edge(str(a), str(b), "get") for a, b in ordered]))
    layout = lay_out(view)
    boxes = [
        TaskBox(group, at.box.name, at.box.note, at.x, at.y, at.box.width, at.box.height)
        for group, at in zip(groups, layout.boxes, strict=True)
    ]
    lines = [
        TaskLine(
            source,
            target,
            tuple([number for point in line.points for number in point]),
            line.is_back,
            line.is_loop,
        )
        for (source, target), line in zip(ordered, layout.lines, strict=True)
    ]
    width, height = round(layout.width, 1), round(layout.height, 1)
    return TaskDrawing(layout.direction, width, height, tuple(boxes), tuple(lines))


def _iter_edges(recording: Recording) -> Iterable[tuple[int, int]]:
    """From what is asked for to who asks; from what a value was made from to its task."""
    for step in recording.steps:
        if step.by is not None and step.kind in ("asked", "reused"):
            yield step.task, step.by
    for number, task in enumerate(recording.tasks):
        for below in task.stands_on:
            yield below, number


def _grouped(recording: Recording) -> list[tuple[int, ...]]:
    """The tasks of each box, in the order in which steps tell of them."""
    tasks = recording.tasks
    if len(tasks) <= FEW:
        return [(number,) for number in range(len(tasks))]
    failed = dict.fromkeys([step.task for step in recording.steps if step.kind == "failed"])
    by_rule: dict[str, list[int]] = {}
    for number, task in enumerate(tasks):
        by_rule.setdefault(task.rule, []).append(number)
    rules = list(by_rule.values())
    if len(rules) > _MOST_RULES:
        rest = [number for numbers in rules[_MOST_RULES - 1 :] for number in numbers]
        rules = [*rules[: _MOST_RULES - 1], sorted(rest)]
    shown = _SHOWN if len(rules) * (_SHOWN + 1) <= MOST_BOXES else 0
    found: list[tuple[int, ...]] = []
    for numbers in rules:
        own = [number for number in numbers if number in failed][:_SHOWN]
        own += [number for number in numbers if number not in own][: max(0, shown - len(own))]
        left = [number for number in numbers if number not in own]
        if len(left) == 1:
            own, left = numbers, []
        found += [(number,) for number in sorted(own)]
        found += [tuple(left)] if left else []
    return sorted(found)


def _texts(tasks: list[StepTask], group: tuple[int, ...]) -> tuple[str, str]:
    """The name and the detail of a box."""
    first = tasks[0]
    if len(group) > 1:
        rules = dict.fromkeys([task.name for task in tasks])
        name = first.name if len(rules) == 1 else "other rules"
        return f"{cut(name, 24)} × {len(group)}", f"{len(group)} tasks: open to list them"
    params = first.task.removeprefix(first.name)
    if not params.startswith("("):
        return first.task, cut(first.name, _MOST_DETAIL)
    detail = params[1:-1] if params.endswith(")") else params
    return first.name, cut(detail or f"→ {first.product}", _MOST_DETAIL)
