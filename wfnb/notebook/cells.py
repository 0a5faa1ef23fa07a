"""Cells: which one runs, what it has declared, and what stands because of it.

Knows: origins, the rules of each, the order of events of a cell.
Does not know: IPython's objects; how rules are compared; what is printed.
Holds: a rule stands for at most one cell, the one that defined it last.
       A rule whose name a cell has given to something else is withdrawn, unless it is still
       bound to another name, or in a collection; one that never had its own name stays.
       A cell that fails leaves the rules of all cells as they stood before it.
       What a request sees is what a notebook run from the top would have declared by then, and
       what this cell declared in an earlier run and still will further down.

The engine is asked to follow after every cell, whatever became of it: names that it has rebound
are what would run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wfnb.errors import WfnbError
from wfnb.notebook.declared import Declared, is_meant, is_named, is_rule, key_of, name_of
from wfnb.notebook.following import Following
from wfnb.notebook.options import RuleOptions
from wfnb.notebook.outcomes import CellStory, story_of_all, story_of_cell
from wfnb.notebook.statements import EVERYTHING

if TYPE_CHECKING:
    from wfnb.definitions import Change
    from wfnb.engine import Engine
    from wfnb.notebook.classes import ClassBook


@dataclass(frozen=True, slots=True)
class Checks:
    """What the engine asks of a notebook before it serves a request; an error given is raised.

    Attributes:
        param: of each param.
        request: of the product and the params.
        over: told when a cell is over.
        asked: told of each request that may be made.
    """

    param: Callable[[object], WfnbError | None]
    request: Callable[[type, tuple[object, ...]], WfnbError | None]
    over: Callable[[], object]
    asked: Callable[[type, tuple[object, ...]], object]


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """A cell as the origin of rules: its id, or without one the names that it defines."""

    identity: str | frozenset[str]


@dataclass(slots=True)
class _Cell:
    identity: str | None = None
    names: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    named: set[Declared] = field(default_factory=set)
    options: RuleOptions | None = None
    declared: list[Declared] = field(default_factory=list)
    has_failed: bool = False
    registered: tuple[Declared, ...] | None = None
    before: dict[CellOrigin, tuple[Declared, ...]] = field(default_factory=dict)
    moved: set[object] = field(default_factory=set)
    cleared: set[object] = field(default_factory=set)


class Cells:
    """The cells of one notebook and the rules that stand because of them.

    Args:
        engine: gives the engine to use now.
        namespace: gives the notebook's names.
        classes: which classes stand.
        checks: what is not to be requested.
        settle_in: called with each engine that comes to have the notebook's rules.
    """

    def __init__(
        self,
        engine: Callable[[], Engine],
        namespace: Callable[[], MutableMapping[str, object]],
        classes: ClassBook,
        checks: Checks,
        settle_in: Callable[[Engine], object],
    ) -> None:
        self._settle_in = settle_in
        self._checks = checks
        self._engine_of = engine
        self._namespace = namespace
        self._classes = classes
        self._following = Following(classes, namespace)
        self._attached: Engine | None = None
        self._standing: dict[CellOrigin, tuple[Declared, ...]] = {}
        self._running: _Cell | None = None
        self._lock = threading.RLock()

    # -- the events of a cell ------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a cell runs, or has declared something without having begun."""
        return self._running is not None

    @property
    def running(self) -> str | None:
        """The id of the cell that runs; None if none does, or it has no id."""
        cell = self._running
        return cell.identity if cell is not None else None

    def by_rule(self) -> dict[object, str]:
        """The ids of cells by the keys of the rules that stand because of them."""
        with self._lock:
            return {
                key_of(rule): origin.identity
                for origin, rules in self._standing.items()
                if isinstance(origin.identity, str)
                for rule in rules
                if is_rule(rule)
            }

    def begin(self, identity: str | None, deleted: Iterable[str] = ()) -> None:
        """A cell starts; `deleted` cells are gone from the notebook."""
        with self._lock:
            if self._running is not None:  # declared outside any cell, say by a widget's callback
                self.end(has_failed=False)
            for gone in deleted:
                self._withdraw(CellOrigin(gone))
            namespace = self._namespace()
            stand = [r for rules in self._standing.values() for r in rules if is_rule(r)]
            named = {r for r in stand if is_named(r, namespace)}
            self._running = _Cell(identity, named=named)

    def head(self, options: RuleOptions) -> None:
        """The running cell is a `%%rule` cell."""
        with self._lock:
            self._cell().options = options

    def read(self, names: Iterable[str], imports: Iterable[str]) -> None:
        """The running cell binds these names at its top level."""
        with self._lock:
            cell = self._cell()
            cell.names |= set(names)
            cell.imports |= set(imports)

    def identify(self, identity: str | None) -> None:
        """The running cell's id, for one whose beginning was not seen."""
        with self._lock:
            self._cell().identity = identity

    def declare(self, declared: Declared) -> None:
        """A rule was made; it is registered when its cell ends or asks for something."""
        with self._lock:
            self._cell().declared.append(declared)
            self.attach()

    def fail(self) -> None:
        """Part of the running cell has failed; so will the whole."""
        with self._lock:
            self._cell().has_failed = True

    def flush(self) -> None:
        """Register what the running cell has declared so far; called before each request."""
        with self._lock:
            if self._running is not None:
                self._register(self._running, is_over=False)
            self._follow()

    def end(self, *, has_failed: bool) -> tuple[RuleOptions | None, CellStory | None]:
        """The running cell is over.

        Returns:
            Its options if it was a `%%rule` cell, and what became of its rules if it succeeded.
        """
        with self._lock:
            cell, self._running = self._cell(), None
            self._classes.settle()
            story = None
            try:
                if has_failed or cell.has_failed:
                    self._restore(cell)
                else:
                    story = self._register(cell, is_over=True)
            finally:
                self._follow()
                self._checks.over()
            return cell.options, story

    def exchange(self, newer: Callable[[Declared], Iterable[Declared]]) -> CellStory:
        """Put others in the place of rules that stand, all cells alike.

        Args:
            newer: gives what comes in the place of a rule: itself, another, none, or several.

        Returns:
            What became of the rules of all cells; those that follow a name are among the changed.
        """
        with self._lock:
            before = {name_of(r) for rules in self._standing.values() for r in rules}
            moved: set[str] = set()
            for origin, rules in list(self._standing.items()):
                come = tuple(n for r in rules for n in newer(r))
                if come != rules:
                    self._put(origin, come)
                    change = self.attach().define(come, origin=origin)
                    moved |= {name_of(r) for r in (*change.added, *change.changed)}
            moved |= self._follow()
            now = [r for rules in self._standing.values() for r in rules]
            return story_of_all(before, now, moved)

    # -- the engine ----------------------------------------------------------------------------

    def attach(self) -> Engine:
        """The current engine, which asks us before each request and has the rules of all cells."""
        with self._lock:  # a page may look at the engine from a thread of its own
            engine = self._engine_of()
            if engine is not self._attached:
                self.detach()
                engine.before_request.append(self.flush)
                engine.param_checks.append(self._checks.param)
                engine.request_checks.append(self._checks.request)
                engine.on_request.append(self._checks.asked)
                self._settle_in(engine)
                self._attached = engine
                for origin, rules in self._standing.items():
                    engine.define(rules, origin=origin)
            return engine

    def detach(self) -> None:
        """Leave the engine alone from now on; its rules stay."""
        engine, self._attached = self._attached, None
        if engine is not None:
            engine.before_request.remove(self.flush)
            engine.param_checks.remove(self._checks.param)
            engine.request_checks.remove(self._checks.request)
            engine.on_request.remove(self._checks.asked)
            engine.watch_cells()

    # -- registering ---------------------------------------------------------------------------

    def _cell(self) -> _Cell:
        if self._running is None:
            self._running = _Cell()
        return self._running

    def _register(self, cell: _Cell, *, is_over: bool) -> CellStory | None:
        rules = self._declared(cell)
        origin = _origin(cell, rules)
        stood = cell.before.get(origin, self._standing.get(origin, ()))
        self._withdraw_unnamed(cell, origin, {key_of(r) for r in rules})
        if not rules and not stood and not cell.before:
            return None
        if not is_over:
            rules = [*rules, *_still_to_come(stood, rules, cell.names)]
            if not rules:
                return None
        if tuple(rules) != cell.registered:
            change = self._define(cell, origin, tuple(rules))
            cell.moved |= {key_of(r) for r in (*change.added, *change.changed)}
            cell.registered = tuple(rules)
        if cell.options is not None and cell.options.is_rerun:
            for rule in [r for r in rules if is_rule(r) and key_of(r) not in cell.cleared]:
                cell.cleared.add(key_of(rule))
                self.attach().invalidate(rule)
        if not is_over:
            return None
        # Without an id this may be another cell that defines the same names. A report must not
        # depend on whether a frontend sends ids, so then every run counts as a cell of its own.
        has_id = cell.identity is not None
        others = [r for o, rs in cell.before.items() if o != origin or not has_id for r in rs]
        others = [self._following.current(r) for r in others]
        stand = [r for rs in self._standing.values() for r in rs]
        return story_of_cell(stood, rules, cell.moved, others, stand, is_known=has_id)

    def _declared(self, cell: _Cell) -> list[Declared]:
        """What the cell has brought, later ones in place of earlier ones with the same key."""
        namespace = self._namespace()
        cell.declared = [self._following.take_along(r) for r in cell.declared]
        home = namespace.get("__name__")
        found: dict[object, Declared] = {}
        for declared in cell.declared:
            is_bound = any(namespace.get(name) is declared for name in cell.names)
            if getattr(declared, "module", home) == home or is_bound:
                found[key_of(declared)] = declared
        own = _origin(cell, ())
        owned = {id(r) for o, rules in self._standing.items() for r in rules if o != own}
        owned -= {id(r) for r in cell.registered or ()}
        names = namespace.keys() if EVERYTHING in cell.imports else cell.imports
        for name in list(names):
            value: Declared = namespace.get(name)
            is_mine = name in cell.imports or id(value) not in owned
            if is_rule(value) and value.module != home and is_mine:
                found.setdefault(key_of(value), value)
        return [self._following.take_along(r) for r in found.values()]

    def _define(self, cell: _Cell, origin: CellOrigin, rules: tuple[Declared, ...]) -> Change:
        self._remember(cell, origin)
        keys = {key_of(r) for r in rules}
        for other, theirs in list(self._standing.items()):
            left = tuple(r for r in theirs if key_of(self._following.current(r)) not in keys)
            if other != origin and len(left) < len(theirs):
                self._remember(cell, other)
                self._put(other, left)
                if any(key_of(r) not in keys for r in theirs if r not in left):
                    # It names a class that this cell has defined anew: to the engine, another rule.
                    self.attach().define(left, origin=other)
        self._put(origin, rules)
        return self.attach().define(rules, origin=origin)

    def _withdraw_unnamed(self, cell: _Cell, origin: CellOrigin, keys: set[object]) -> None:
        """Withdraw rules of other cells whose names this one has given to something else.

        Those with one of `keys` it defines anew, so that they are changed, and not withdrawn.
        """
        namespace = self._namespace()
        lost = {r for r in cell.named if not is_named(r, namespace)}
        lost = {r for r in lost if not is_meant(r, namespace)}
        lost = {r for r in lost if key_of(self._following.current(r)) not in keys}
        for other, theirs in list(self._standing.items()):
            left = tuple(r for r in theirs if r not in lost)
            if other != origin and len(left) < len(theirs):
                self._remember(cell, other)
                self._put(other, left)
                self.attach().define(left, origin=other)

    def _remember(self, cell: _Cell, origin: CellOrigin) -> None:
        cell.before.setdefault(origin, self._standing.get(origin, ()))

    def _put(self, origin: CellOrigin, rules: tuple[Declared, ...]) -> None:
        if rules:
            self._standing[origin] = rules
        else:
            self._standing.pop(origin, None)

    def _restore(self, cell: _Cell) -> None:
        for origin, rules in cell.before.items():
            self._put(origin, rules)
            if rules:
                self.attach().define(rules, origin=origin)
            else:
                self.attach().forget(origin)

    def _withdraw(self, origin: CellOrigin) -> None:
        if self._standing.pop(origin, None) is not None:
            self.attach().forget(origin)

    # -- following -----------------------------------------------------------------------------

    def _follow(self) -> set[str]:
        """Take every cell's rules along to the classes that stand, and to names rebound.

        Returns:
            The names of the rules that mean something else now.
        """
        if not self._standing and self._attached is None:
            return set()
        engine = self.attach()
        moved: set[str] = set()
        if self._classes.has_retired():
            for origin, rules in list(self._standing.items()):
                current = tuple(self._following.take_along(r) for r in rules)
                if any(a is not b for a, b in zip(rules, current, strict=True)):
                    self._rename(rules, current)
                    self._standing[origin] = current
                    change = engine.define(current, origin=origin)
                    moved |= {name_of(r) for r in (*change.added, *change.changed)}
        return moved | {r.name for r in engine.refresh().changed}

    def _rename(self, rules: tuple[Declared, ...], current: tuple[Declared, ...]) -> None:
        if self._running is not None:
            named = self._running.named
            named |= {now for was, now in zip(rules, current, strict=True) if was in named}


def _origin(cell: _Cell, rules: Iterable[Declared]) -> CellOrigin:
    if cell.identity is not None:
        return CellOrigin(cell.identity)
    return CellOrigin(frozenset(cell.names - {EVERYTHING}) | {name_of(r) for r in rules} - {""})


def _still_to_come(
    stood: Iterable[Declared], declared: Iterable[Declared], names: set[str]
) -> list[Declared]:
    """Rules of the cell's earlier run that its text will define again further down."""
    here = {name_of(r) for r in declared}
    return [r for r in stood if is_rule(r) and name_of(r) in names - here]
