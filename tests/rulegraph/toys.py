"""Toy rules in one line each, for graphs that are about wiring alone.

    make: Gallery <- Folder, Size; Get(Thumb, Photo); Get(Date); shrink(Photo)

reads: rule `make` returns a Gallery, takes a Folder and a Size, and its body asks for a Thumb
supplying a Photo, for a Date, and for the rule `shrink` with a Photo. The first rule stands in
cell 1, its parameters on line 1, the first request of its body on line 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wfnb.places import Place
from wfnb.rulegraph.codes import Diagnostic
from wfnb.rulegraph.graph import RuleGraph
from wfnb.rulegraph.instances import Answer, Instance, RuleAnswer
from wfnb.rules.found import Requests, StaticRequest, by_qualname
from wfnb.rules.rule import Param, Rule, RuleKey
from wfnb.rules.unions import QueryRule


class ToyRule(Rule[Any]):
    """A rule whose requests are given, not read."""

    __slots__ = ("found",)

    found: Requests

    def requests(self) -> Requests:
        return self.found


def toy_rule(
    name: str,
    product: type,
    params: Iterable[type],
    place: Place,
    found: Requests = Requests(),  # noqa: B008 - frozen
) -> ToyRule:
    def function() -> None: ...

    function.__qualname__ = name
    function.__module__ = "toys"
    made = ToyRule(
        function,
        function,  # type: ignore[arg-type]  # a function is a FunctionType
        product,
        tuple(Param(cls.__name__.lower(), cls) for cls in params),
        is_async=True,
    )
    object.__setattr__(made, "_place", place)
    object.__setattr__(made, "found", found)
    return made


class Toys:
    """Rules and the types that they name; `toys["Photo"]` is a type, `toys.rule("make")` a rule."""

    def __init__(self, text: str) -> None:
        self._types: dict[str, type] = {}
        self.rules: list[ToyRule] = []
        self.unions: dict[type, tuple[type, ...]] = {}
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        heads = [self._head(line, cell) for cell, line in enumerate(lines, 1)]
        keys = {name: RuleKey("toys", name, product, params) for name, product, params, *_ in heads}
        for name, product, params, bodies, cell in heads:
            found = tuple(
                self._request(body, cell, line, keys) for line, body in enumerate(bodies, 2)
            )
            shown = ", ".join(f"{cls.__name__.lower()}: {cls.__name__}" for cls in params)
            text = f"async def {name}({shown}) -> {product.__name__}:"
            place = Place(f"In [{cell}]", 1, text, is_cell=True)
            self.rules.append(toy_rule(name, product, params, place, Requests(found)))

    def __getitem__(self, name: str) -> type:
        if name not in self._types:
            self._types[name] = type(
                name, (), {"__module__": "toys", "__eq__": _eq, "__hash__": _h}
            )
        return self._types[name]

    def rule(self, name: str) -> ToyRule:
        return next(rule for rule in self.rules if rule.name == name)

    def types(self, names: str) -> tuple[type, ...]:
        return tuple(self[name] for name in re.findall(r"\w+", names))

    def union(self, base: str, members: str) -> Toys:
        self.unions[self[base]] = self.types(members)
        return self

    # ------------------------------------------------------------ questions

    def graph(self, *queries: str, asked: Iterable[str] = (), **more: Any) -> RuleGraph:
        """The graph, with queries like "Gallery <- Folder, Size"."""
        return RuleGraph(
            self.rules,
            queries=[QueryRule(*self.query(query)) for query in queries],
            unions=self.unions,
            asked=[(product, frozenset(scope)) for product, scope in map(self.query, asked)],
            **more,
        )

    def query(self, text: str) -> tuple[type, tuple[type, ...]]:
        product, _, scope = text.partition("<-")
        return self[product.strip()], self.types(scope)

    def solve(self, query: str) -> Answer:
        product, scope = self.query(query)
        return self.graph().solve(product, frozenset(scope))

    def told(self, *queries: str, **more: Any) -> list[str]:
        """The codes of the graph's errors and warnings."""
        return [
            found.code
            for found in self.graph(*queries, **more).diagnostics
            if found.severity != "note"
        ]

    def problem(self, *queries: str, **more: Any) -> Diagnostic:
        """The one error or warning of the graph."""
        [found] = [
            found for found in self.graph(*queries, **more).diagnostics if found.severity != "note"
        ]
        return found

    # ------------------------------------------------------------ reading

    def _head(self, line: str, cell: int) -> tuple[str, type, tuple[type, ...], list[str], int]:
        name, _, rest = line.partition(":")
        product, _, rest = rest.partition("<-")
        params, *bodies = rest.split(";")
        return name.strip(), self[product.strip()], self.types(params), bodies, cell

    def _request(
        self, body: str, cell: int, line: int, keys: Mapping[str, RuleKey]
    ) -> StaticRequest:
        head, _, rest = body.strip().rstrip(")").partition("(")
        text = body.strip()
        place = Place(f"In [{cell}]", line, f"await {text}", is_cell=True)
        if head == "Get":
            product, *supplied = self.types(rest)
            return StaticRequest(product, by_qualname(tuple(supplied)), None, place, "get", text)
        key = keys.get(head) or RuleKey("toys", head, self["Lost"], self.types(rest))
        return StaticRequest(key.product, by_qualname(self.types(rest)), key, place, "call", text)


def _eq(self: object, other: object) -> bool:
    return type(self) is type(other)


def _h(self: object) -> int:
    return hash(type(self))


def shown(answer: Answer) -> str:
    """An answer on one line: who answers what, all the way down: `make(a=from P, B=b(P))`."""
    return _shown(answer, ())


def _shown(answer: Answer, above: tuple[Instance, ...]) -> str:
    if not isinstance(answer, RuleAnswer):
        members = getattr(answer, "members", None)
        if members is None:
            return "param"
        return (
            "{" + ", ".join(f"{m.__name__}: {_shown(a, above)}" for m, a in members.items()) + "}"
        )
    instance = answer.instance
    head = f"{instance.rule.name}[{' '.join(cls.__name__ for cls in instance.in_set)}]"
    if instance in above or not instance.links:
        return head
    inner = [
        f"{_wiring(wiring)}={_shown(link, (*above, instance))}"
        for wiring, link in instance.links.items()
    ]
    return f"{head}({', '.join(inner)})"


def _wiring(wiring: tuple[Any, Any]) -> str:
    asked, supplied = wiring
    name = asked.name if isinstance(asked, RuleKey) else asked.__name__
    if supplied is None:
        return str(name)
    types = supplied if isinstance(supplied, frozenset) else {supplied}
    return f"{name}({' '.join(sorted(cls.__name__ for cls in types))})"
