"""Goals: the outermost products. Only their rules may have effects, and those happen every time.

Knows: what makes a class a goal, and what it is called.
Does not know: how a goal is run, what effects there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Goal:
    """What a goal rule returns; derive one class per goal, and run it by its name.

        class Lint(Goal):
            pass

        @goal_rule
        async def lint(console: Console) -> Lint: ...

    Attributes:
        exit_code: 0 says that all is well, as of a process.
    """

    exit_code: int


def goal_name(goal: type[Goal]) -> str:
    """The name to run it by: `CountLines` is `count-lines`."""
    return _WORDS.sub("-", goal.__name__).lower()


def is_goal(product: type) -> bool:
    """Whether only a goal rule may make it."""
    return issubclass(product, Goal)


def has_effects(cls: type) -> bool:
    """Whether using a value of the class changes the world outside, as a console does."""
    return cls.__dict__.get("__wfnb_effects__") is True
