"""Effects: who may have them, and when.

Knows: the body that runs on this thread.
Does not know: what the effect is.
Holds: only the body of a goal rule has effects, and from its first one on it is never run anew.
"""

from __future__ import annotations

from wfnb.errors import EffectError
from wfnb.rules.requests import _active
from wfnb.rules.wording import type_name


def begin_effect(owner: object) -> None:
    """To be called before each effect.

    Raises:
        EffectError: no goal rule is running on this thread.
    """
    __tracebackhide__ = True
    worker = _active.worker
    task = worker.attempt.task if worker is not None and worker.in_body else None
    name = type_name(type(owner))
    if task is None:
        raise EffectError(
            f"the {name} was used outside a goal rule",
            fix=f"take it as a parameter of a goal rule: {name.lower()}: {name}",
        )
    rule = task.family.rule
    if not rule.is_goal:
        raise EffectError(
            f"{rule.name} used the {name}, and only goal rules may have effects",
            place=rule.place,
            why=["a rule that is remembered would have its effects once, or never"],
            fix="return what is to be shown or written, and let a goal rule do it",
        )
    worker.session.with_effects.add(task)
