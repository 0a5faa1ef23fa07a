"""Questions: what an editor asks about the rules, answered on the spot.

A page asks as `control.py` says, with one of these as `do`; where it says `text` and `at`, that is
the text of a cell and a position in it, in UTF-16 code units. Every answer has `done` and `text`,
and besides:

    makers      text, at or name          type, spots: the rules that make the type
    users       text, at or name          type, spots: what takes, asks for or supplies the type
    complete    text, at                  prefix, items: {name, note, lacks}, the likeliest first
    hover       text, at                  type, begin, end, doc, spots: who makes it
    why         cell, or rule             rules: {rule, label, count, reasons: [text]}
    dependants  ·                         dirty, cells: ids of cells
    graph       ·                         data: what the graph view draws (wfnb/pictures/live.py)
    clear       ·, or cell                cleared, dirtied: numbers of tasks

A spot is {rule, label, how, cell, line, source, place}: `cell` is the id of a cell, "" if that is
not known, and `line` counts from 1 in the cell as it ran.

Knows: the engine's answers, cells, what is under a cursor.
Does not know: comms, pages.
Holds: no rule is run, no name of a page is evaluated. A question may come on any thread, while a
       cell runs; it sees the rules as they stood when that cell asked last.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wfnb.errors import MagicError
from wfnb.notebook import cursor
from wfnb.notebook.naming import class_of, known_as, value_of
from wfnb.notebook.reports import plural
from wfnb.notebook.verbs import signature
from wfnb.rules.requests import Get
from wfnb.rules.wording import listing, type_name
from wfnb.watching.telling import rule_id

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.notebook.askers import Askers
    from wfnb.notebook.cells import Cells
    from wfnb.places import Place
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rulegraph.offers import Offer
    from wfnb.rules.rule import Rule

MOST_ITEMS = 200
MOST_SPOTS = 100
MOST_REASONS = 5
MOST_DRAWN = 600  # rules; half a second
PATIENCE_S = 0.3
_DOC = 400

Asked = Mapping[str, Any]
Answer = dict[str, Any]
Spot = dict[str, Any]


class Questions:
    """Answers about one notebook.

    Args:
        namespace: gives the notebook's names.
    """

    def __init__(
        self, cells: Cells, askers: Askers, namespace: Callable[[], Mapping[str, object]]
    ) -> None:
        self._cells = cells
        self._askers = askers
        self._namespace = namespace
        self._drawn: tuple[RuleGraph, Answer] | None = None

    @property
    def answers(self) -> dict[str, Callable[[Engine, Asked], Answer]]:
        """By what there is to do; for `Control`."""
        return {
            "makers": self.makers,
            "users": self.users,
            "complete": self.complete,
            "hover": self.hover,
            "why": self.why,
            "dependants": self.dependants,
            "graph": self.graph,
            "clear": self.clear,
        }

    # -- types ---------------------------------------------------------------------------------

    def makers(self, engine: Engine, asked: Asked) -> Answer:
        """The rules that make the type."""
        cls = self._class(engine, asked)
        if isinstance(cls, str):
            return no(cls)
        spots = self._spots(engine, _iter_makers(engine, cls))
        name = type_name(cls)
        text = f"{plural('rule', len(spots))} {_form(len(spots), 'make')} {name}"
        text = text if spots else f"no rule makes {name}: it is passed with a request"
        return {"done": bool(spots), "text": text, "type": name, "spots": spots}

    def users(self, engine: Engine, asked: Asked) -> Answer:
        """What takes, asks for or supplies the type."""
        cls = self._class(engine, asked)
        if isinstance(cls, str):
            return no(cls)
        spots = self._spots(engine, _iter_users(engine, cls))
        count = len({spot["rule"] for spot in spots})
        name = type_name(cls)
        text = f"{plural('rule', count)} {_form(count, 'use')} {name}"
        text = text if spots else f"no rule uses {name}"
        return {"done": bool(spots), "text": text, "type": name, "spots": spots}

    def hover(self, engine: Engine, asked: Asked) -> Answer:
        """Who makes the type, from what, and what its class says of itself."""
        word = cursor.word_at(*_cursor(asked))
        cls = self._named(engine, word.text) if word else None
        if word is None or cls is None:
            return no("no type that rules know")
        spots = self._spots(engine, _iter_makers(engine, cls))
        users = sum(1 for _ in _iter_users(engine, cls))
        if not spots and not users:
            return no(f"no rule has to do with {type_name(cls)}")
        text = "" if spots else "no rule makes it: an open input, passed with a request"
        found = {"type": type_name(cls), "begin": word.begin, "end": word.end}
        return {"done": True, "text": text, **found, "doc": _doc(cls), "spots": spots}

    def _class(self, engine: Engine, asked: Asked) -> type | str:
        """The class that is asked about, or what to say instead."""
        name = asked.get("name")
        if name is None:
            word = cursor.word_at(*_cursor(asked))
            if word is None:
                return "put the cursor on the name of a type"
            name = word.text
        if not isinstance(name, str) or len(name) > 200:
            return "a name of a type is a short text"
        cls = self._named(engine, name)
        return cls if cls is not None else f"{name} is no type that rules know"

    def _named(self, engine: Engine, name: str) -> type | None:
        return class_of(name, self._namespace(), engine.rule_graph)

    # -- completion ----------------------------------------------------------------------------

    def complete(self, engine: Engine, asked: Asked) -> Answer:
        """What a `Get` at the cursor can ask for; or at its second place, what to supply."""
        found = cursor.open_get(*_cursor(asked))
        namespace = self._namespace()
        if found is None or not self._is_get(found.name, namespace):
            return no("the cursor is in no Get")
        if found.position:
            product = self._named(engine, found.product)
            taken = _inputs_of(engine, product) if product is not None else {}
            items = [_item(known_as(cls, namespace), note, ()) for cls, note in taken.items()]
        else:
            items = self._offered(engine, found, namespace)
        items = [
            one
            for one in items
            if one["name"].startswith(found.prefix) and _can_be_written(one["name"])
        ][:MOST_ITEMS]
        text = plural("type", len(items))
        return {"done": bool(items), "text": text, "prefix": found.prefix, "items": items}

    def _is_get(self, name: str, namespace: Mapping[str, object]) -> bool:
        value = value_of(name, namespace)
        return value is Get or (value is None and name == "Get")

    def _offered(
        self, engine: Engine, found: cursor.OpenGet, namespace: Mapping[str, object]
    ) -> list[Spot]:
        scope, supplied = (
            [cls for cls in (self._named(engine, name) for name in names) if cls is not None]
            for names in (found.scope, found.supplied)
        )
        offers = engine.rule_graph.offers(scope, supplied, PATIENCE_S)
        own = self._named(engine, found.own) if found.own else None
        offers.sort(key=lambda offer: offer.product is own)  # what it makes itself it seldom asks
        return [
            _item(
                known_as(offer.product, namespace), _note(offer), tuple(map(type_name, offer.lacks))
            )
            for offer in offers
        ]

    # -- cells ---------------------------------------------------------------------------------

    def why(self, engine: Engine, asked: Asked) -> Answer:
        """Why the tasks of a cell's rules, or of one rule, ran again, or will."""
        rules = self._rules(engine, asked)
        if not rules:
            return no("no rule stands because of this cell: run it first")
        told: list[Spot] = []
        for rule in rules:
            reasons, count = engine.known_reasons(rule, MOST_REASONS)
            texts = [str(reason) for reason in reasons]
            if not count:
                texts = ["nothing of it is remembered: it was not asked for yet"]
            elif count > len(texts):
                texts.append(f"… of {plural('task', count)}")
            names = {"rule": rule_id(rule.key), "label": signature(rule)}
            told.append({**names, "count": count, "reasons": texts})
        text = "\n\n".join("\n".join([one["label"], *one["reasons"]]) for one in told)
        return {"done": True, "text": text, "rules": told}

    def dependants(self, engine: Engine, asked: Asked) -> Answer:
        """The cells that have asked for what would not be found as it was."""
        by_rule = self._cells.by_rule()
        stale = [by_rule[key] for key in engine.stale_rules() if key in by_rule]
        dirty = sorted(set(stale))
        cells = self._askers.stale(engine)
        text = f"{plural('cell', len(cells))} asked for what has changed since"
        return {"done": bool(cells), "text": text, "dirty": dirty, "cells": cells}

    def clear(self, engine: Engine, asked: Asked) -> Answer:
        """Have tasks run again when they are next asked for: a cell's, or all."""
        if "cell" in asked:
            rules = self._rules(engine, asked)
            if not rules:
                return no("no rule stands because of this cell: run it first")
            cleared, dirtied = engine.invalidate(*rules)
        else:
            cleared, dirtied = engine.invalidate()
        text = f"{plural('task', cleared)} will run again when asked for"
        text += f", {plural('other', dirtied)} will be checked" if dirtied else ""
        return {"done": True, "text": text, "cleared": cleared, "dirtied": dirtied}

    def graph(self, engine: Engine, asked: Asked) -> Answer:
        """What the graph view draws; as long as the rules are the same, drawn up once."""
        from wfnb.pictures.live import live

        graph = engine.rule_graph
        if len(graph.rules) > MOST_DRAWN:
            count = plural("rule", len(graph.rules))
            return no(f"{count} are too many for this place: %wf graph shows them")
        if self._drawn is None or self._drawn[0] is not graph:
            self._drawn = graph, live(graph)
        return {"done": True, "text": "", "data": self._drawn[1]}

    def _rules(self, engine: Engine, asked: Asked) -> list[Rule]:
        """The rules of a cell, or the one that is named, as they are written."""
        rules = engine.rule_graph.own_rules
        if "rule" in asked:
            return [rule for key, rule in rules.items() if rule_id(key) == asked["rule"]]
        cells = self._cells.by_rule()
        found = [rule for key, rule in rules.items() if cells.get(key) == asked.get("cell")]
        return sorted(found, key=lambda rule: (rule.place.line or 0, rule.name))

    # -- places --------------------------------------------------------------------------------

    def _spots(self, engine: Engine, found: Iterator[tuple[Rule, str, Place]]) -> list[Spot]:
        cells = self._cells.by_rule()
        spots = []
        for rule, how, place in found:
            is_own = place.label == rule.place.label  # else the line of a helper somewhere else
            spot = {"rule": rule_id(rule.key), "label": signature(rule), "how": how}
            cell = cells.get(rule.key, "") if is_own else ""
            where = {"cell": cell, "line": place.line, "source": place.text}
            spots.append({**spot, **where, "place": place.short})
            if len(spots) == MOST_SPOTS:
                break
        return spots


def _iter_makers(engine: Engine, cls: type) -> Iterator[tuple[Rule, str, Place]]:
    for rule in _in_order(engine):
        if rule.product is cls:
            yield rule, "makes", rule.place


def _iter_users(engine: Engine, cls: type) -> Iterator[tuple[Rule, str, Place]]:
    for rule in _in_order(engine):
        if any(param.type is cls for param in rule.params):
            yield rule, "takes", rule.place
        for request in rule.requests().found:
            if request.product is cls and request.kind != "param":
                yield rule, "asks for", request.place
            elif cls in request.supplied:
                yield rule, "supplies", request.place


def _in_order(engine: Engine) -> list[Rule]:
    rules = engine.rule_graph.rules.values()
    return sorted(rules, key=lambda rule: (rule.is_intrinsic, rule.name, rule.module))


def _inputs_of(engine: Engine, product: type) -> dict[type, str]:
    """What may be supplied for a product: what its makers take, and who takes it."""
    found: dict[type, list[str]] = {}
    for rule in _in_order(engine):
        if rule.product is product:
            for param in rule.params:
                found.setdefault(param.type, []).append(rule.name)
    return {cls: f"taken by {listing(names)}" for cls, names in found.items()}


def _item(name: str, note: str, lacks: tuple[str, ...]) -> Spot:
    return {"name": name, "note": note, "lacks": list(lacks)}


def _can_be_written(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _note(offer: Offer) -> str:
    if offer.lacks:
        return f"{offer.rule.name}, if {listing(map(type_name, offer.lacks))} is supplied"
    return f"{offer.rule.name}, from {listing(map(type_name, offer.uses))}"


def _doc(cls: type) -> str:
    """The first paragraph of a class's own docstring, but for what dataclasses write."""
    doc = vars(cls).get("__doc__")
    if not isinstance(doc, str) or doc.startswith(f"{cls.__name__}("):
        return ""
    return inspect.cleandoc(doc).partition("\n\n")[0][:_DOC]


def _cursor(asked: Asked) -> tuple[str, int]:
    """The text and the position that a page has sent.

    Raises:
        MagicError: it has sent something else.
    """
    text, at = asked.get("text"), asked.get("at")
    if not isinstance(text, str) or type(at) is not int or at < 0:
        raise MagicError("a question needs the text of a cell, and at: a position in it")
    if len(text) > cursor.MOST_CHARACTERS:
        raise MagicError(f"a cell of {len(text):,} characters is too long to look into")
    return text, at


def _form(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def no(text: str) -> Answer:
    """Nothing was done, and why."""
    return {"done": False, "text": text}
