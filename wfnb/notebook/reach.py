"""Reach: rules that use something of an earlier class, through the names they follow.

A rule's types follow by name when a class is defined anew, but a global that was made before, a
default or a closure keeps the earlier class. Nothing that such a rule does can be right: it would
pass on values that nobody takes, or quietly compare unequal. So a request that could run it is
refused, and told which cell to run again.

Knows: what rules read, and which rules a request can come to.
Does not know: how values are looked into (`stale.py`), how requests are run.
Holds: a rule is looked at again when what it reads, or which classes stand, has changed. Nothing
       here outlives the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wfnb.errors import DefinitionError, WiringError
from wfnb.notebook.declared import is_rule
from wfnb.notebook.stale import Stale, earlier, find_stale, reasons, remedy, told
from wfnb.rulegraph.instances import RuleAnswer, UnionAnswer

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.hashing.fingerprint import Fingerprint
    from wfnb.notebook.classes import ClassBook
    from wfnb.rules.rule import Rule


TWO_CLASSES = "WF210"


class Reach:
    """What the rules of one notebook reach.

    Args:
        classes: which classes stand.
        namespace: gives the notebook's names.
        binders: the label of the cell that bound a name last.
    """

    def __init__(
        self,
        classes: ClassBook,
        namespace: Callable[[], Mapping[str, object]],
        binders: Mapping[str, str],
    ) -> None:
        self._classes = classes
        self._namespace = namespace
        self._binders = binders
        self._looked_at: dict[object, tuple[int, Fingerprint]] = {}

    def forget(self) -> None:
        """Keep nothing of what was looked at; called when a cell ends."""
        self._looked_at.clear()

    def refusal(
        self, engine: Engine, product: type, params: tuple[object, ...]
    ) -> DefinitionError | None:
        """The error for a request that could run a rule which uses an earlier class."""
        if not self._classes.has_retired():
            return None
        for rule in _rules_of(engine, product, params):
            error = self._refusal_of(rule)
            if error is not None:
                return error
        return None

    def _refusal_of(self, rule: Rule[Any]) -> DefinitionError | None:
        known = self._looked_at.get(rule.key)
        if known is not None and known[0] == self._classes.epoch and known[1].holds():
            return None
        from wfnb.hashing.fingerprint import fingerprint  # half of what importing wfnb would cost

        meaning = fingerprint(rule.function)
        for name, value in _reads(rule, meaning):
            found = find_stale(value, self._classes)
            if found is not None:
                return self._error(rule, name, value, found)
        self._looked_at[rule.key] = (self._classes.epoch, meaning)
        return None

    def _error(self, rule: Rule[Any], name: str, value: object, found: Stale) -> DefinitionError:
        if value is rule.function:
            what = f"{rule.name} keeps {told(found, self._classes)}"
        elif found.path:
            what = f"{rule.name} uses {name}, which holds {told(found, self._classes)}"
        else:
            verb = "built on" if found.is_built else "made by"
            if isinstance(value, type):
                verb = "which is built on" if found.is_built else "which is"
            what = f"{rule.name} uses {name}, {verb} {earlier(found, self._classes)}"
        where = [f"in {name}{found.path}"] if found.path else []
        return DefinitionError(
            what,
            place=rule.place,
            why=[*where, *reasons(found, self._classes)],
            fix=remedy(
                found,
                [value, *([rule] if value is rule.function else [])],
                self._classes,
                self._namespace(),
                self._binders,
            ),
        )


def _rules_of(engine: Engine, product: type, params: tuple[object, ...]) -> Iterator[Rule[Any]]:
    """The rules that a request can come to, in the order of what they ask."""
    try:
        answer = engine.rule_graph.solve(product, frozenset(type(p) for p in params))
    except WiringError as error:  # which the engine will say itself
        if error.code == TWO_CLASSES:  # but not which of them is the earlier one
            yield from [r for r in engine.rule_graph.rules.values() if r.name in error.what]
        return
    waiting: list[object] = [answer]
    seen: set[object] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, UnionAnswer):
            waiting += reversed(list(each.members.values()))
        elif isinstance(each, RuleAnswer) and each.instance not in seen:
            seen.add(each.instance)
            yield each.instance.rule
            waiting += reversed(list(each.instance.links.values()))


def _reads(rule: Rule[Any], meaning: Fingerprint) -> Iterator[tuple[str, object]]:
    """Every name that a rule follows, with its value; rules and modules lead elsewhere."""
    yield rule.name, rule.function
    for _, name, value in meaning.reads:
        if not is_rule(value):
            yield name, value
