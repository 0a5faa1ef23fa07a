"""Definitions: what stands, where it came from, and what it means.

Knows: rules, queries and unions by origin; the fingerprint of each rule.
Does not know: tasks.
Holds: one rule per key. The last definition of a key wins, whatever its origin.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wfnb.errors import DefinitionError
from wfnb.history import History
from wfnb.intrinsics.needed import Wanted, needed_intrinsics
from wfnb.rulegraph.graph import Query, RuleGraph
from wfnb.rules.declare import rule
from wfnb.rules.found import StaticRequest
from wfnb.rules.rule import Rule, RuleKey
from wfnb.rules.unions import QueryRule, UnionMembership, UnionRule
from wfnb.rules.wording import short_value

if TYPE_CHECKING:
    from wfnb.hashing.fingerprint import Fingerprint
    from wfnb.rulegraph.codes import Diagnostic

Standing = Rule[Any] | QueryRule | UnionRule


@dataclass(frozen=True, slots=True)
class Change:
    """What a definition changed.

    Attributes:
        added, changed, removed, unchanged: rules; a changed one is named as it is now.
        cleared, dirtied: numbers of tasks.
    """

    added: tuple[Rule[Any], ...] = ()
    changed: tuple[Rule[Any], ...] = ()
    removed: tuple[Rule[Any], ...] = ()
    unchanged: tuple[Rule[Any], ...] = ()
    cleared: int = 0
    dirtied: int = 0

    def with_counts(self, cleared: int, dirtied: int) -> Change:
        """The same with numbers of tasks."""
        return dataclasses.replace(self, cleared=cleared, dirtied=dirtied)


class Definitions:
    """All that stands.

    Attributes:
        history: what rules meant before.
        running_cell: gives the label of the cell that runs, "" if there is none.
    """

    def __init__(self) -> None:
        self.asked: dict[Query, None] = {}
        self._by_origin: dict[Hashable, tuple[Standing, ...]] = {}
        self._rules: dict[RuleKey, Rule[Any]] = {}
        self._prints: dict[RuleKey, Fingerprint] = {}
        self.history = History()
        self.running_cell: Callable[[], str] = str
        self._requests: dict[RuleKey, object] = {}
        self._intrinsic: tuple[Rule[Any], ...] = ()
        self._learned: dict[RuleKey, tuple[StaticRequest, ...]] = {}

    # ---------------------------------------------------------------- changing

    def define(self, items: tuple[Standing, ...], origin: Hashable) -> Change:
        """Replace what stands for `origin`; each definition is an origin of its own for None."""
        for item in items:
            if not isinstance(item, (Rule, QueryRule, UnionRule)):
                raise _not_a_definition(item)
        rules = {item.key: item for item in items if isinstance(item, Rule)}
        for other, stood in self._by_origin.items():
            if other != origin and rules:
                self._by_origin[other] = tuple(
                    [s for s in stood if not (isinstance(s, Rule) and s.key in rules)]
                )
        if origin is None:
            for item in items:
                self._by_origin[_own_origin(item)] = (item,)
        elif items:
            self._by_origin[origin] = items
        else:
            self._by_origin.pop(origin, None)
        return self._settle()

    def forget(self, what: Hashable) -> Change:
        """Withdraw an origin, or a rule."""
        if isinstance(what, Rule):
            for origin, stood in list(self._by_origin.items()):
                self._by_origin[origin] = tuple(
                    [s for s in stood if not (isinstance(s, Rule) and s.key == what.key)]
                )
        else:
            self._by_origin.pop(what, None)
        return self._settle()

    def refresh(self, rules: Iterable[Rule[Any]] | None) -> Change | None:
        """Print again the rules whose reads moved; None if no meaning and no request did."""
        keys = [r.key for r in rules] if rules is not None else list(self._rules)
        changed = []
        checked: set[Any] = set()
        is_moved = False
        for key in keys:
            found = self._rules.get(key)
            if found is None:
                continue
            old = self._prints[key]
            if not old.holds(checked):
                new = self._prints[key] = fingerprint(found.function)
                self.history.note(key, new, self.running_cell())
                if new.digest != old.digest:
                    changed.append(found)
                    self._learned.pop(key, None)
            if found.requests() is not self._requests.get(key):
                is_moved = True
        if not changed and not is_moved:
            return None
        return Change(changed=tuple(changed))

    def _settle(self) -> Change:
        now: dict[RuleKey, Rule[Any]] = {}
        for stood in self._by_origin.values():
            for item in stood:
                if isinstance(item, Rule):
                    now[item.key] = item
        self._add_membership(now)
        added, changed, unchanged = [], [], []
        for key, found in now.items():
            if self._rules.get(key) is found:
                unchanged.append(found)
                continue
            new = fingerprint(found.function)
            old = self._prints.get(key)
            self._prints[key] = new
            self.history.note(key, new, self.running_cell())
            if key not in self._rules:
                added.append(found)
            elif (
                old is None
                or old.digest != new.digest
                or _settings(found) != _settings(self._rules[key])
            ):
                changed.append(found)
                self._learned.pop(key, None)
            else:
                unchanged.append(found)
        removed = [found for key, found in self._rules.items() if key not in now]
        for found in removed:
            self._prints.pop(found.key, None)
            self.history.forget(found.key)
            self._learned.pop(found.key, None)
        self._rules = now
        self._drop_replaced_queries()
        return Change(tuple(added), tuple(changed), tuple(removed), tuple(unchanged))

    def _drop_replaced_queries(self) -> None:
        """A query that names a class since replaced by one of its name is nobody's any more."""
        known = {cls for found in self._rules.values() for cls in _types_of(found)}
        names = {(cls.__module__, cls.__qualname__) for cls in known}
        for query in list(self.asked):
            if any(
                cls not in known and (cls.__module__, cls.__qualname__) in names
                for cls in (query[0], *query[1])
            ):
                del self.asked[query]

    def _add_membership(self, now: dict[RuleKey, Rule[Any]]) -> None:
        if not any(UnionMembership in key.types for key in now):
            return
        pairs = tuple(
            sorted(
                ((u.base.__qualname__, u.member.__qualname__) for u in self._unions()),
            )
        )
        membership = UnionMembership.from_rules(self._unions())

        def union_membership() -> UnionMembership:
            return membership

        union_membership.__defaults__ = None
        union_membership.__module__ = "wfnb"
        made = rule(union_membership)
        old = self._rules.get(made.key)
        self._membership_pairs = pairs
        now[made.key] = old if old is not None and self._membership == membership else made
        self._membership = membership

    _membership: UnionMembership | None = None
    _membership_pairs: tuple[tuple[str, str], ...] = ()

    # ---------------------------------------------------------------- what stands

    def _unions(self) -> list[UnionRule]:
        return [
            item
            for stood in self._by_origin.values()
            for item in stood
            if isinstance(item, UnionRule)
        ]

    def versions(self) -> dict[RuleKey, object]:
        """Per rule a value that differs when its meaning does."""
        versions: dict[RuleKey, object] = {
            key: (self._prints[key].digest, _settings(found), self._pairs_if(found))
            for key, found in self._rules.items()
        }
        versions.update((found.key, "ships with wfnb") for found in self._intrinsic)
        return versions

    def _pairs_if(self, found: Rule[Any]) -> object:
        return self._membership_pairs if found.product is UnionMembership else None

    def graph(self) -> RuleGraph:
        """The rule graph of all that stands."""
        self._requests = {key: found.requests() for key, found in self._rules.items()}
        return self._graph(self._learned)

    def unseen(self) -> list[Diagnostic]:
        """What is wrong with the values that rules read, as they are now."""
        from wfnb.rulegraph.unseen import unseen

        prints = self._prints
        found = [(rule, prints.get(key)) for key, rule in list(self._rules.items())]
        return unseen([(rule, print_.lints) for rule, print_ in found if print_ is not None])

    def graph_with(self, key: RuleKey, learned: StaticRequest) -> RuleGraph:
        """The rule graph if `learned` were among the requests of a rule."""
        return self._graph({**self._learned, key: (*self._learned.get(key, ()), learned)})

    def keep_learned(self, key: RuleKey, learned: StaticRequest) -> None:
        """Have a request that was met while running count among those of its rule."""
        self._learned[key] = (*self._learned.get(key, ()), learned)

    def graph_asked(self, query: Query) -> RuleGraph:
        """The rule graph if this had been asked from outside."""
        self._requests = {key: found.requests() for key, found in self._rules.items()}
        return self._graph(self._learned, query)

    def _graph(self, learned: dict[RuleKey, tuple[StaticRequest, ...]], *more: Query) -> RuleGraph:
        asked = tuple(dict.fromkeys((*self.asked, *more)))
        queries = [
            item
            for stood in self._by_origin.values()
            for item in stood
            if isinstance(item, QueryRule)
        ]
        unions = dict(UnionMembership.from_rules(self._unions()).members)
        self._intrinsic = self._needed_intrinsics(queries, learned, asked)
        rules = (*self._rules.values(), *self._intrinsic)
        return RuleGraph(rules, queries, unions, learned, asked)

    def _needed_intrinsics(
        self,
        queries: list[QueryRule],
        learned: dict[RuleKey, tuple[StaticRequest, ...]],
        asked: tuple[Query, ...],
    ) -> tuple[Rule[Any], ...]:
        wanted: set[Wanted] = {(q.product, frozenset(q.params)) for q in queries}
        wanted.update(asked)
        made = set()
        for found in self._rules.values():
            made.add(found.product)
            for request in (*found.param_requests(), *found.requests().found):
                wanted.add((request.product, frozenset(request.supplied)))
        for requests in learned.values():
            wanted.update((request.product, frozenset(request.supplied)) for request in requests)
        return needed_intrinsics(wanted, made)


def _own_origin(item: Standing) -> Hashable:
    """What makes a definition the same one when it is written again outside any cell."""
    if isinstance(item, Rule):
        return (Rule, item.module, item.name)
    return item


def _types_of(found: Rule[Any]) -> Iterable[type]:
    """All types that a rule names."""
    yield found.product
    yield from found.key.types
    for request in found.requests().found:
        yield request.product
        yield from request.supplied


def fingerprint(function: object) -> Fingerprint:
    """What a function means; imported late, since it is a quarter of what importing wfnb costs."""
    from wfnb.hashing.fingerprint import fingerprint

    return fingerprint(function)


def _settings(found: Rule[Any]) -> tuple[bool, bool]:
    return (found.cacheable, found.is_async)


def _not_a_definition(item: object) -> DefinitionError:
    name = getattr(item, "__name__", None) or short_value(item)
    fix = "put @rule above it" if callable(item) else "pass rules, QueryRule and UnionRule"
    return DefinitionError(f"{name} is no rule", fix=fix)
