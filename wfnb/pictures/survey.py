"""The survey: a rule graph becomes a view.

Knows: rules, their requests and problems; the graph that `to_networkx` gives.
Does not know: layout, formats; what was run.
Holds: wfnb's own rules are one node per kind, and what only they take is not shown; nor are the
    effects that goal rules take. A final product is one that nothing asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Literal

from wfnb.pictures.names import intrinsic_kind, named_rules, signature_of
from wfnb.pictures.view import Edge, EdgeKind, Kind, Node, Problem, View, title_of
from wfnb.rulegraph.codes import OPEN_INPUT, UNUSED
from wfnb.rulegraph.drawing import Name, full_name, id_of
from wfnb.rulegraph.phrases import few
from wfnb.rules.goals import goal_name, has_effects
from wfnb.rules.wording import listing, type_name

if TYPE_CHECKING:
    from wfnb.places import Place
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import Rule

_ORDER: tuple[Kind, ...] = (
    "input", "param", "missing", "intrinsic", "union", "rule", "goal", "product", "query",
)  # fmt: skip
_STRENGTH: tuple[EdgeKind, ...] = ("param", "get", "call", "query", "product")
_SEEN = (OPEN_INPUT, UNUSED)  # what the picture shows by itself: green, and where no query leads


def survey(graph: RuleGraph) -> View:
    """Everything there is to show of a rule graph. Runs nothing."""
    return _Survey(graph).view()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, or several that differ in nothing that a picture tells."""

    kind: EdgeKind
    label: str
    is_rival: bool = False
    is_stopped: bool = False


class _Survey:
    def __init__(self, graph: RuleGraph) -> None:
        self.drawn = graph.to_networkx()
        self.rules = dict(named_rules(graph.rules.values()))
        self.givers: dict[str, list[str]] = {}
        self.makers: dict[str, list[Name]] = {}
        self.passed = {full for name in self.drawn if name[0] == "query" for full in name[2:]}
        self.at: dict[tuple[str, int | None], Name] = {}
        self.effects: set[str] = set()
        for name, rule in self.rules.items():
            self.effects |= {full_name(p.type) for p in rule.params if has_effects(p.type)}
            if not rule.is_intrinsic:
                self._read(name, rule)
        self.problems: dict[Name, list[Problem]] = {}
        self.loose: list[Problem] = []
        self.errors: set[tuple[str, int | None]] = set()
        for found in graph.diagnostics:
            if found.code not in _SEEN:
                self._place(found.origin, _problem(found))
        self.ids: dict[Name, str] = {}
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str], list[_Asked]] = {}

    def view(self) -> View:
        for name, data in self.drawn.nodes(data=True):
            self._node(name, data)
        for owner in self.drawn:
            self._asks(owner)
        for name, rule in self.rules.items():
            if not rule.is_intrinsic:
                self._unanswered(name, rule)
        self._products()
        self._drop_params()
        nodes = sorted(self.nodes.values(), key=_place_in_order)
        number = {node.id: position for position, node in enumerate(nodes)}
        edges = [
            Edge(
                source,
                target,
                min((one.kind for one in asked), key=_STRENGTH.index),
                tuple(dict.fromkeys(one.label for one in asked if one.label)),
                all(one.is_rival for one in asked),
                all(one.is_stopped for one in asked),
            )
            for (source, target), asked in self.edges.items()
        ]
        edges.sort(key=lambda edge: (number[edge.source], number[edge.target]))
        view = View("", tuple(nodes), tuple(edges), tuple(self.loose))
        return View(title_of(nodes, view.all_problems), view.nodes, view.edges, view.problems)

    # ------------------------------------------------------------ reading rules

    def _read(self, name: Name, rule: Rule[Any]) -> None:
        self.makers.setdefault(full_name(rule.product), []).append(name)
        requests = rule.requests()
        for request in requests.found:
            for cls in request.supplied:
                givers = self.givers.setdefault(full_name(cls), [])
                if rule.name not in givers:
                    givers.append(rule.name)
        places = [rule.place, *[r.place for r in requests.found]]
        for place in [*places, *[p.place for p in requests.problems]]:
            self.at.setdefault((place.label, place.line), name)

    def _place(self, origin: Place, problem: Problem) -> None:
        where = (origin.label, origin.line)
        if problem.severity == "error":
            self.errors.add(where)
        name = self.at.get(where) if origin.label else None
        if name is None:
            self.loose.append(problem)
        else:
            self.problems.setdefault(name, []).append(problem)

    # ------------------------------------------------------------ nodes

    def _node(self, name: Name, data: dict[str, Any]) -> None:
        kind, label = name[0], str(data["label"])
        rule = self.rules.get(name)
        if rule is not None:
            self._rule(name, rule)
        elif kind == "query":
            goals = [t for t in self.drawn.succ[name] if t in self.rules and self.rules[t].is_goal]
            if not goals:  # a goal is asked for by running it, which its own node says
                product, _, scope = label.partition(" from ")
                self._add(name, Node("", "query", product, f"from {scope}", makes=(name[1],)))
        elif kind == "union":
            self._add(name, Node("", "union", label, makes=name[1:2]))
        elif name[1] not in self.effects and not self._is_inner(name):
            if kind == "open input":
                self._add(name, Node("", "input", label, makes=name[1:2]))
            else:
                self._param(name, label)

    def _param(self, name: Name, label: str) -> None:
        full = name[1]
        givers = self.givers.get(full, [])
        unions = [u for taker in self.drawn.pred[name] for u in self.drawn.pred[taker]
                  if u[0] == "union"]  # fmt: skip
        note = "passed by who asks"
        if givers:
            note = f"passed by {few(givers)}"
        elif unions:
            note = f"passed as a {self.drawn.nodes[unions[0]]['label']}"
        elif full not in self.passed and full not in self.makers:
            # The rules that take it are stopped by an error; once it is mended, it is open.
            self._add(name, Node("", "input", label, makes=(full,)))
            return
        self._add(name, Node("", "param", label, note, makes=(full,)))

    def _rule(self, name: Name, rule: Rule[Any]) -> None:
        if rule.is_intrinsic:
            self._intrinsic(name, rule)
            return
        place = rule.place
        name_of_goal = goal_name(rule.product) if rule.is_goal else ""
        docstring = cleandoc(rule.__doc__ or "")
        by = "" if rule.name.replace("_", "-") == name_of_goal else rule.name
        found = Node(
            "",
            "goal" if rule.is_goal else "rule",
            name_of_goal or rule.name,
            by if rule.is_goal else f"→ {type_name(rule.product)}",
            place.label or rule.module,
            place.short,
            signature_of(rule),
            (rule.desc or docstring).partition("\n")[0],
            (full_name(rule.product),),
            (rule.module, rule.name),
            1,
            tuple(self.problems.get(name, ())),
            docstring=docstring,
        )
        self._add(name, found)

    def _intrinsic(self, name: Name, rule: Rule[Any]) -> None:
        label = intrinsic_kind(rule)
        if all(map(self._is_intrinsic, self._askers(name))):
            return
        id = self.ids[name] = f"intrinsic {label}"
        before = self.nodes.get(id) or Node(id, "intrinsic", label)
        makes = tuple(dict.fromkeys([*before.makes, full_name(rule.product)]))
        tasks = (*before.tasks, id_of(name))
        self.nodes[id] = replace(before, makes=makes, rules=before.rules + 1, tasks=tasks)

    def _askers(self, name: Name) -> Iterator[Name]:
        """Who asks for an intrinsic, through unions too."""
        for owner in self.drawn.pred[name]:
            if owner[0] == "union":
                yield from self.drawn.pred[owner]
            else:
                yield owner

    def _is_inner(self, name: Name) -> bool:
        """Whether only wfnb's own rules take it."""
        askers = list(self.drawn.pred[name])
        return bool(askers) and all(map(self._is_intrinsic, askers))

    def _is_intrinsic(self, name: Name) -> bool:
        return name in self.rules and self.rules[name].is_intrinsic

    def _add(self, name: Name, node: Node) -> str:
        id = id_of(name)
        while id in self.nodes:
            id += "'"
        self.ids[name] = id
        self.nodes[id] = replace(node, id=id, tasks=(id,) if node.rules else ())
        return id

    # ------------------------------------------------------------ edges

    def _asks(self, owner: Name) -> None:
        answers: dict[object, list[tuple[Name, dict[str, Any]]]] = {}
        for _, target, key, data in self.drawn.out_edges(owner, keys=True, data=True):
            answers.setdefault(key, []).append((target, data))
        for found in answers.values():
            is_param = owner in self.rules and all(target[0] == "param" for target, _ in found)
            if is_param and self._stopped(owner, found[0][0][1], found[0][1]):
                continue
            is_settled = len(found) == 1
            for target, data in found:
                is_rival = not is_settled and not data["is_chosen"]
                self._edge(target, owner, _Asked(data["kind"], data["label"], is_rival))

    def _stopped(self, owner: Name, full: str, data: dict[str, Any]) -> bool:
        """Link a param to the rules that would make it, were they not stopped by an error.

        Returns:
            Whether there are any, and nobody passes it.
        """
        makers = self.makers.get(full, [])
        for maker in makers:
            self._edge(maker, owner, _Asked(data["kind"], data["label"], is_stopped=True))
        return bool(makers) and full not in self.passed and full not in self.givers

    def _edge(self, maker: Name, asker: Name, asked: _Asked) -> None:
        source, target = self.ids.get(maker), self.ids.get(asker)
        if source is None or target is None:
            return
        if source != target or self.nodes[source].kind != "intrinsic":
            self.edges.setdefault((source, target), []).append(asked)

    def _unanswered(self, name: Name, rule: Rule[Any]) -> None:
        """What a body asks for and does not get.

        What nobody makes is a node of its own. Otherwise who makes it is stopped by an error.
        """
        lines = {key[0] for *_, key in self.drawn.out_edges(name, keys=True)}
        for request in rule.requests().found:
            place = request.place
            if place.line in lines:
                continue
            given = listing([type_name(cls) for cls in request.supplied], empty="")
            product, full = type_name(request.product), full_name(request.product)
            label = f"{product} from {given}" if given else product
            if (place.label, place.line) not in self.errors:
                makers = [maker for maker in self.makers.get(full, ())
                          if request.rule in (None, self.rules[maker].key)]  # fmt: skip
                for maker in makers:
                    self._edge(maker, name, _Asked(request.kind, label, is_stopped=True))
                continue
            lost: Name = ("missing", full, *map(full_name, request.supplied))
            if lost not in self.ids:
                note = f"nobody makes it from {given}" if given else "nobody makes it"
                self._add(lost, Node("", "missing", product, note, makes=(full,)))
            self._edge(lost, name, _Asked(request.kind, label))

    def _drop_params(self) -> None:
        """Params that somebody makes after all."""
        used = {source for source, _ in self.edges}
        for id, node in list(self.nodes.items()):
            if node.kind == "param" and id not in used:
                del self.nodes[id]

    def _products(self) -> None:
        asked = {source for source, target in self.edges if source != target}
        for id, node in list(self.nodes.items()):
            if node.kind == "rule" and id not in asked:
                product = node.note.removeprefix("→ ")
                name: Name = ("product", *node.makes)
                if name not in self.ids:
                    self._add(name, Node("", "product", product, makes=node.makes))
                self.edges[id, self.ids[name]] = [_Asked("product", "")]


# ------------------------------------------------------------ parts


def _problem(found: Any) -> Problem:
    severity: Literal["error", "warning", "note"] = found.severity
    return Problem(
        found.code,
        severity,
        found.message,
        found.origin.short,
        tuple(found.reasons),
        found.fix or "",
    )


def _place_in_order(node: Node) -> tuple[object, ...]:
    place = re.sub(r"[0-9]+", lambda number: number[0].zfill(9), node.place)
    return (_ORDER.index(node.kind), place, node.name, node.id)
