"""Causes: why a task ran again, as far as the task graph can see.

Knows: kinds of cause, and which of them holds for a task that is about to run.
Does not know: what changed in a definition, or how to word it for people (`wfnb/reasons.py`).
Holds: a task that ran once and never again has no cause. A cause keeps no rule or cell alive.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from wfnb.rules.rule import RuleKey
from wfnb.rules.wording import type_name
from wfnb.taskgraph.tasks import CLEARED, FAILED, Task


class Cause:
    """Why a task runs though it, or one like it, ran before."""

    __slots__ = ()


class Because(Cause):
    """A cause that a clause says whole, like `it was invalidated`.

    Also stands for the `version` of a task whose value is worth nothing under any definition.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class WorldMoved(Because):
    """What a task saw of the world looks otherwise now; the clause needs no subject."""

    __slots__ = ()


class Redefined(Cause):
    """The rule meant something else when the value was made.

    Attributes:
        old, new: the versions.
    """

    __slots__ = ("key", "new", "old")

    def __init__(self, key: RuleKey, old: object, new: object) -> None:
        self.key = key
        self.old = old
        self.new = new


class Moved(Cause):
    """A dependency gave something else.

    Attributes:
        dep: the first that did, in the order they were asked.
        seen, now: its generations; `now` is None if it failed.
    """

    __slots__ = ("dep", "now", "seen")

    def __init__(self, dep: Task, seen: int, now: int | None) -> None:
        self.dep = dep
        self.seen = seen
        self.now = now


UNCACHEABLE = Because("its rule says cacheable=False, so it runs once in every request")
GOAL = Because("a goal runs whenever it is asked to")
FAILED_BEFORE = Because("it failed the last time, and failures are not remembered")
FROM_ERROR = Because("it went on after an error, and such a value counts for one request only")
ONE_REQUEST = Because("its result counts for one request only")
INVALIDATED = Because("it was invalidated")
REVERSED = Because("what it stands on has come to stand on it")
MEANWHILE = Because("something changed while it was being checked")
UNFINISHED = Because("it did not finish the last time")


def cause_of(task: Task) -> Cause | None:
    """Why the body of a task that is not clean has to run, without a look at dependencies."""
    family = task.family
    version: Any = task.version if task.generation else None
    if task.state is FAILED or (task.state is CLEARED and not task.generation):
        return FAILED_BEFORE
    if not task.generation:
        return None
    if isinstance(version, Cause):
        return version
    if version != family.version:
        last = family.redefined  # one for all its tasks: there may be very many
        if last is None or last.old is not version or last.new is not family.version:
            last = family.redefined = Redefined(family.rule.key, version, family.version)
        return last
    if not family.is_cacheable:
        return GOAL if family.rule.is_goal else UNCACHEABLE
    return None


def moved(dep: Task, seen: int) -> Moved:
    """The cause when `dep` is not as it was seen."""
    return Moved(dep, seen, None if dep.state is FAILED else dep.generation)


def first_moved(deps: tuple[Task, ...], seen: tuple[int, ...]) -> Cause:
    """The same for a batch that is not as it was seen."""
    for dep, generation in zip(deps, seen, strict=True):
        if dep.state is FAILED or dep.generation != generation:
            return moved(dep, generation)
    return MEANWHILE  # one had failed, and has been cleared since


ChangeOf = Callable[[type], str]  # what made a class another one, "" if that is not known


def rewired(
    before: Mapping[Any, Hashable], after: Mapping[Any, Hashable], change_of: ChangeOf
) -> Because:
    """The cause when requests of a rule are answered otherwise; by wiring, as `choice_of` says."""
    for wiring, old in before.items():
        new = after.get(wiring, old)
        if new != old:
            product = wiring[0].product if isinstance(wiring[0], RuleKey) else wiring[0]
            one, other = _rule_of(old), _rule_of(new)
            if one is not None and other is not None and one[:2] == other[:2]:
                return _replaced_class(one, other, change_of) or Because(
                    f"{one.name}, which makes {type_name(product)}, uses other params now"
                )
            return Because(f"{type_name(product)} comes from {_who(new)} now, not from {_who(old)}")
    return Because("what it asks for is answered by others now")


def withdrawn(key: RuleKey, standing: Iterable[RuleKey], change_of: ChangeOf) -> Because:
    """The cause when a rule that it asked does not stand any more."""
    for other in standing:
        if other[:2] == key[:2]:
            found = _replaced_class(key, other, change_of)
            if found is not None:
                return found
    return Because(f"rule {key.name} was withdrawn")


def _replaced_class(old: RuleKey, new: RuleKey, change_of: ChangeOf) -> Because | None:
    for one, other in zip((old.product, *old.types), (new.product, *new.types), strict=False):
        if one is not other and one.__qualname__ == other.__qualname__:
            change = change_of(one)
            return Because(f"class {type_name(one)} was defined anew{change and f': {change}'}")
    return None


def _rule_of(choice: Hashable) -> RuleKey | None:
    found = choice[0] if isinstance(choice, tuple) else None
    return found if isinstance(found, RuleKey) else None


def _who(choice: Hashable) -> str:
    rule = _rule_of(choice)
    if rule is not None:
        return rule.name
    return "a param" if isinstance(choice, tuple) else "other members of its union"
