"""Bugs to put in: one for each thing that keeps answers right, or keeps runs few.

A bug is a replacement in one file of `wfnb/`: `old` occurs there exactly once. When the code it
breaks is written anew, the bug is, too.

Knows: texts of the package. Does not know: which test notices what.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """A replacement.

    Attributes:
        name: what it does, in a few words.
        file: relative to `wfnb/`.
        near: tests that are likely to notice it, and run first.
    """

    name: str
    file: str
    old: str
    new: str
    near: str


BUGS: tuple[Bug, ...] = (
    # ------------------------------------------------------------------ clearing and dirtying
    Bug(
        "what stands on a cleared task is not dirtied",
        "taskgraph/graph.py",
        "for above in iter_dependents(todo.pop()):",
        "for above in [todo.pop()][1:]:",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a changed rule’s tasks are not cleared",
        "taskgraph/graph.py",
        "or (task.generation and task.version != version)",
        "or (task.generation and False)",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a rule whose choices changed keeps its tasks",
        "taskgraph/graph.py",
        "self.clear(family.memo.values(), for_good=why)",
        "pass",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "pruning a rule leaves what stood on it",
        "taskgraph/graph.py",
        "self.clear(above, for_good=cause)",
        "pass",
        near="tests/models/test_random_changes.py",
    ),
    Bug(
        "an invalidation of what runs is lost",
        "taskgraph/graph.py",
        "session.recalled.add(task)",
        "pass",
        near="tests/models/test_changes_meanwhile.py",
    ),
    Bug(
        "a change of definitions goes unseen by what runs",
        "taskgraph/graph.py",
        "self.revision += 1  # also for what is running, which nothing below clears",
        "pass",
        near="tests/taskgraph/test_threads.py",
    ),
    Bug(
        "a dependency that is no more is kept",
        "taskgraph/tasks.py",
        "            remove_dependent(dep, task)\n",
        "            pass\n",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a new dependency of a re-run is not noted",
        "taskgraph/tasks.py",
        "    for dep in now:\n        add_dependent(dep, task)\n",
        "",
        near="tests/taskgraph/test_invalidation.py",
    ),
    # ------------------------------------------------------------------ checking and running
    Bug(
        "a dependency’s generation is not compared",
        "taskgraph/cleaning.py",
        "if dep.state is FAILED or dep.generation != seen:",
        "if dep.state is FAILED:",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "the generations of a batch are not compared",
        "taskgraph/cleaning.py",
        "if batch.limit < len(dep) or tuple([t.generation for t in dep]) != seen:",
        "if batch.limit < len(dep):",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "no early cutoff",
        "taskgraph/outcomes.py",
        "if not is_equal:",
        "if True:",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a value never counts as changed",
        "taskgraph/outcomes.py",
        "is_equal = is_same_at_once(old, value)",
        "is_equal = True",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a task of another version is cleaned",
        "taskgraph/driver.py",
        "if task.generation and family.is_cacheable and task.version == family.version:",
        "if task.generation and family.is_cacheable:",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "an uncacheable value is kept",
        "taskgraph/outcomes.py",
        "if attempt.bound or not family.is_cacheable:",
        "if attempt.bound:",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a body starts from an older definition than its arguments, and nobody notes which",
        "taskgraph/families.py",
        "_active.worker.attempt.version = family.version",
        "pass",
        near="tests/models/test_changes_meanwhile.py",
    ),
    Bug(
        "a definition that changed and came back is trusted",
        "taskgraph/outcomes.py",
        "attempt.version if attempt.version is family.version else MEANWHILE",
        "attempt.version",
        near="tests/models/test_changes_meanwhile.py",
    ),
    # ------------------------------------------------------------------ the world
    Bug(
        "a value changed in place is handed out",
        "taskgraph/guards.py",
        "return now is not None and now != marked and task.value is value",
        "return False",
        near="tests/stories/test_mutating.py",
    ),
    Bug(
        "a body may use a value changed in place",
        "taskgraph/guards.py",
        "elif now is not None and dep.value is value:",
        "elif False:",
        near="tests/stories/test_mutating.py",
    ),
    Bug(
        "a file that moved is not noticed",
        "intrinsics/world.py",
        "if sighting.has_moved(look):",
        "if False:",
        near="tests/intrinsics/test_engine.py",
    ),
    Bug(
        "a goal starts over after its first effect",
        "taskgraph/outcomes.py",
        "        and task not in session.with_effects\n    ):\n        if task",
        "    ):\n        if task",
        near="tests/stories/test_goals.py",
    ),
    # ------------------------------------------------------------------ failures, interrupts
    Bug(
        "a failure is remembered",
        "taskgraph/tasks.py",
        "(state is BOUND or state is FAILED) and task.session == session_number",
        "state is FAILED or (state is BOUND and task.session == session_number)",
        near="tests/taskgraph/test_errors.py",
    ),
    Bug(
        "a value bound to one session is kept for others",
        "taskgraph/tasks.py",
        "(state is BOUND or state is FAILED) and task.session == session_number",
        "state is BOUND or (state is FAILED and task.session == session_number)",
        near="tests/taskgraph/test_invalidation.py",
    ),
    Bug(
        "a value made from a caught error is a fact",
        "taskgraph/driver.py",
        "worker.attempt.bound = BY_ERROR",
        "worker.attempt.bound = False",
        near="tests/taskgraph/test_errors.py",
    ),
    Bug(
        "a batch fails by timing",
        "taskgraph/driver.py",
        "failed = tasks[batch.limit]",
        "failed = [t for t in tasks if t.state is FAILED][-1]",
        near="tests/taskgraph/test_errors.py",
    ),
    Bug(
        "what stands behind a failure is started",
        "taskgraph/sharing.py",
        "if task.state is FAILED and position < batch.limit:",
        "if False:",
        near="tests/taskgraph/test_errors.py",
    ),
    Bug(
        "what a body makes of an interrupt is kept",
        "taskgraph/interrupts.py",
        "worker.attempt.bound = True  # whatever the body makes of this is no fact",
        "pass",
        near="tests/taskgraph/test_interrupts.py",
    ),
    Bug(
        "an interrupted task stays claimed",
        "taskgraph/outcomes.py",
        "        task.state = before\n        hand_over(worker.session, task)\n",
        "        hand_over(worker.session, task)\n",
        near="tests/models/test_random_changes.py",
    ),
    Bug(
        "a task left unanswered is handed to nobody",
        "taskgraph/outcomes.py",
        "hand_over(worker.session, task)",
        "pass",
        near="tests/taskgraph/test_errors.py",
    ),
    Bug(
        "a cycle goes undetected",
        "taskgraph/cycles.py",
        "return path[on_path[id(attempt)] :]",
        "return None",
        near="tests/taskgraph/test_errors.py",
    ),
    # ------------------------------------------------------------------ keys, equality, wiring
    Bug(
        "a key ignores types",
        "hashing/forms.py",
        "        return (cls, form(value))\n",
        "        return form(value)\n",
        near="tests/hashing/test_keys.py",
    ),
    Bug(
        "equality of products ignores the type of what is inside",
        "hashing/equality.py",
        "        if cls is not type(other):\n            return None\n",
        "",
        near="tests/hashing/test_equality.py",
    ),
    Bug(
        "an in-set is narrower than what is used below",
        "rulegraph/recursion.py",
        "used |= chosen.used & ~slot.supplied",
        "pass",
        near="tests/rulegraph/test_laws.py",
    ),
    Bug(
        "what a rule has learned is forgotten",
        "definitions.py",
        "self._learned[key] = (*self._learned.get(key, ()), learned)",
        "pass",
        near="tests/models/test_random_changes.py",
    ),
    # ------------------------------------------------------------------ meanings
    Bug(
        "nobody looks whether what was read is still there",
        "definitions.py",
        "if not old.holds(checked):",
        "if False:",
        near="tests/battery",
    ),
    Bug(
        "a new definition with the same name means the same",
        "definitions.py",
        "or old.digest != new.digest",
        "or False",
        near="tests/stories/test_changing.py",
    ),
    Bug(
        "meanings ignore defaults",
        "hashing/printer.py",
        "if defaults or keyword_defaults:",
        "if False:",
        near="tests/hashing/test_fingerprint.py",
    ),
    Bug(
        "meanings ignore closures",
        "hashing/printer.py",
        "if function.__closure__:",
        "if False:",
        near="tests/hashing/test_fingerprint.py",
    ),
    Bug(
        "meanings ignore what a name leads to",
        "hashing/name_printer.py",
        'return frame(b"read", name.encode(), text)',
        'return frame(b"read", name.encode())',
        near="tests/hashing/test_fingerprint.py",
    ),
    Bug(
        "meanings depend on the order of a set",
        "hashing/value_printer.py",
        "found.sort(key=lambda entry: entry[:2])",
        "pass",
        near="tests/hashing/test_fingerprint.py",
    ),
    Bug(
        "a docstring is a part of a meaning",
        "hashing/anatomy.py",
        "case [ast.Expr(ast.Constant(str())), *rest]:",
        "case [ast.Expr(ast.Constant(int())), *rest]:",
        near="tests/battery",
    ),
    # ------------------------------------------------------------------ cells
    Bug(
        "an unchanged class is a new one",
        "notebook/classes.py",
        "if before is not None and before is not new:",
        "if False:",
        near="tests/notebook/test_classes.py",
    ),
    Bug(
        "a changed class is taken for the old one",
        "notebook/classes.py",
        "if known is not None and _is_same(known, definition):",
        "if known is not None:",
        near="tests/notebook/test_classes.py",
    ),
)
