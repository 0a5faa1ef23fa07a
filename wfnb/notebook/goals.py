"""Goals in cells: `%goal NAME value …`.

Knows: goals by their names. Does not know: IPython.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.errors import GoalFailed, MagicError
from wfnb.notebook.arguments import values_of
from wfnb.rules.goals import Goal, goal_name

if TYPE_CHECKING:
    from wfnb.notebook.verbs import Desk

USAGE = "%goal NAME [VALUE …]"

HELP = """Run a goal: its effects happen each time, what it stands on is remembered.

    %goal NAME [VALUE …]

NAME is that of the goal's class, with dashes: CountLines is count-lines. Without a name, all goals
are listed. Values are those that the goal's rule, and what is below it, takes:

    %goal publish Folder("photos")

A goal that ends with another exit code than 0 fails the cell."""


def run_goal(desk: Desk, line: str) -> str | None:
    """What `%goal` shows besides what the goal does: the list of goals, or nothing.

    Raises:
        CallerError: there is no such goal.
        GoalFailed: its exit code is not 0.
    """
    __tracebackhide__ = True
    name, _, rest = line.strip().partition(" ")
    if not name:
        return _listing(desk)
    if not name[0].isalpha():
        raise MagicError(f"%goal needs a name first, not {name}", fix=USAGE)
    found: Goal = desk.engine.run(
        name, *values_of(f"%goal {name}", USAGE, desk.namespace, rest.strip())
    )
    if found.exit_code:
        raise GoalFailed(f"{name} ended with exit code {found.exit_code}")
    return None


def goals_of(desk: Desk) -> dict[str, str]:
    """The goals by name, each with what its rule says of itself."""
    rules = [rule for rule in desk.engine.rule_graph.rules.values() if rule.is_goal]
    return {
        goal_name(rule.product): rule.desc or (rule.__doc__ or "").strip().partition("\n")[0]
        for rule in sorted(rules, key=lambda rule: goal_name(rule.product))
    }


def _listing(desk: Desk) -> str:
    goals = goals_of(desk)
    width = max(map(len, goals), default=0)
    return "\n".join(f"{name:<{width}}   {text}".rstrip() for name, text in goals.items()) or (
        "no goals: put @goal_rule on a function that returns a Goal"
    )
