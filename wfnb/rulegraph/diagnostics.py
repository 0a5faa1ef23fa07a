"""Diagnostics: what is wrong with the rules, as values, in the words of their author.

    code   severity  what
    WF101… see `wfnb.rules.problems`: what is wrong within one body
    WF202  error     two rules could answer a request equally well
    WF203  error     nothing supplies a type, or no rule makes it from what is supplied
    WF204  error     a type is needed before it can be made: a loop of parameters
    WF205  error     a rule is called by name and is not registered
    WF206  error     a member of a union has no rule
    WF207  error     a union base stands as a parameter: a value has its own type, never the base's
    WF211  warning   a rule is never chosen, another answers wherever it could
    WF212  warning   a param answers although a rule makes the type
    WF213  warning   a param's class has no value equality: each object is another param
    WF220  note      an open input: nobody makes the type, so it must be passed in

Knows: decided nodes and their faults. Does not know: how they were decided.
Holds: one diagnostic per cause. A cause is reported where it arises, with the number of entry
       points it stops, never again for each rule above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wfnb.errors import WiringError, render
from wfnb.hashing.keys import has_identity_key
from wfnb.places import NOWHERE, Place
from wfnb.rulegraph.solver import Ask, Node, Solver
from wfnb.rules.found import StaticRequest
from wfnb.rules.unions import is_union
from wfnb.rules.wording import a, listing, nearest, type_name

if TYPE_CHECKING:
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import Rule

Severity = Literal["error", "warning", "note"]
_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem of the rule graph.

    Attributes:
        code: stable; the table is at the head of this module.
        message: what is wrong, one sentence.
        origin: the line it is written on.
        reasons: per candidate, why it was not taken.
        fix: what to do.
    """

    code: str
    severity: Severity
    message: str
    origin: Place = NOWHERE
    reasons: tuple[str, ...] = ()
    fix: str = ""

    def __str__(self) -> str:
        return "\n".join(
            render(
                self.message, code=self.code, place=self.origin, why=self.reasons, fix=self.fix
            )
        )


def wiring_error(
    graph: RuleGraph, node: Node, product: type, scope: frozenset[type]
) -> WiringError:
    """The error for a request that has no answer, or no single one."""
    leaf, path = next(_leaves(node))
    found = _diagnostic(graph, graph.solver, leaf, product, scope)
    reasons = list(found.reasons)
    if path:
        names = " → ".join(path)
        reasons.append(f"asked by: request for {type_name(product)} → {names}")
    error = WiringError(
        found.message, code=found.code, place=found.origin, why=reasons, fix=found.fix
    )
    return error


def all_diagnostics(graph: RuleGraph) -> tuple[Diagnostic, ...]:
    """Everything, errors first, each cause once."""
    found: dict[tuple[str, str, Place], Diagnostic] = {}
    affected: dict[tuple[str, str, Place], int] = {}

    def add(diagnostic: Diagnostic) -> None:
        key = (diagnostic.code, diagnostic.message, diagnostic.origin)
        found.setdefault(key, diagnostic)
        affected[key] = affected.get(key, 0) + 1

    for rule in graph.rules.values():
        for problem in rule.requests().problems:
            add(
                Diagnostic(
                    problem.code, problem.severity, problem.message, problem.place, (), problem.fix
                )
            )
    queries = [(query.product, frozenset(query.params)) for query in graph.queries]
    for product, scope in dict.fromkeys([*queries, *graph.asked]):
        node = graph.node(product, scope)
        for leaf, _ in _leaves(node):
            add(_diagnostic(graph, graph.solver, leaf, product, scope))
        for warning in _shadows(graph, node, scope):
            add(warning)
    for diagnostic in _unasked(graph):
        add(diagnostic)
    for diagnostic in (*_plain_warnings(graph), *_open_notes(graph)):
        add(diagnostic)
    several = len(dict.fromkeys([*queries, *graph.asked])) > 1
    result = []
    for key, diagnostic in found.items():
        if several and diagnostic.severity == "error" and affected[key] > 1:
            diagnostic = Diagnostic(
                diagnostic.code,
                diagnostic.severity,
                diagnostic.message,
                diagnostic.origin,
                (*diagnostic.reasons, f"it stops {affected[key]} requests"),
                diagnostic.fix,
            )
        result.append(diagnostic)
    return tuple(sorted(result, key=lambda d: _RANK[d.severity]))


# -------------------------------------------------------------------- causes


def _leaves(node: Node) -> Iterator[tuple[Node, list[str]]]:
    """The nodes at which answering fails for a cause of their own, with the rules on the way."""
    seen: set[Node] = set()
    walk: list[tuple[Node, list[str]]] = [(node, [])]
    while walk:
        node, path = walk.pop()
        if node in seen or node.fault is None:
            continue
        seen.add(node)
        here = [*path, node.rule.name] if node.rule is not None else path
        ask = node.fault_ask
        broken = [c for c in ask.candidates if c.fault is not None] if ask is not None else []
        if node.fault == "unanswered" and broken:
            walk.extend((candidate, here) for candidate in reversed(broken))
        else:
            yield node, here


def _diagnostic(
    graph: RuleGraph,
    solver: Solver,
    node: Node,
    product: type | None,
    scope: frozenset[type] | None,
) -> Diagnostic:
    ask = node.fault_ask
    assert ask is not None
    request = ask.request
    wanted = type_name(request.product)
    who = f" for {node.rule.name}" if node.rule is not None else ""
    origin = request.place if node.rule is not None else NOWHERE
    passed = listing(sorted(type_name(t) for t in scope or ()), empty="nothing")
    outside = [] if node.rule is not None else [f"the request passes {passed}"]
    if node.fault == "ambiguous":
        return _ambiguous(node, ask, solver, origin, who)
    if ask.member is not None:
        return _member_without_rule(ask, origin, graph)
    if node.fault == "unregistered":
        assert request.rule is not None
        return Diagnostic(
            "WF205",
            "error",
            f"{node.rule.name if node.rule else 'a request'} calls {request.rule.name}, "
            "which is not registered",
            origin,
            (f"no rule {request.rule.name} with these types stands",),
            "run the cell that defines it, or register it with the engine",
        )
    if node.fault == "loop":
        names = sorted({c.rule.name for c in ask.candidates if c.rule is not None})
        return Diagnostic(
            "WF204",
            "error",
            f"{wanted}{who} is needed before it can be made",
            origin,
            tuple(
                f"{_maker(c.rule)}, and needs {wanted} itself before it starts"
                for c in ask.candidates
                if c.rule is not None
            ),
            f"let one of {listing(names, last='or')} ask in its body, with another param, "
            "or split a type",
        )
    if node.fault == "missing":
        return _missing(graph, node, ask, origin, who, outside, scope)
    return _unanswered(node, ask, solver, origin, who, outside)


def _missing(
    graph: RuleGraph,
    node: Node,
    ask: Ask,
    origin: Place,
    who: str,
    outside: list[str],
    scope: frozenset[type] | None,
) -> Diagnostic:
    request = ask.request
    wanted = type_name(request.product)
    made = {type_name(rule.product): rule for rule in graph.rules.values()}
    reasons = []
    twin = _twin(graph, request.product, scope or frozenset())
    if twin:
        reasons.append(twin)
    elif (meant := nearest(wanted, made)) is not None:
        reasons.append(f"did you mean {meant}? {_maker(made[meant])}")
    if request.supplied:
        given = listing(type_name(t) for t in request.supplied)
        by = f", asked by {node.rule.name}" if node.rule is not None else ""
        return Diagnostic(
            "WF203",
            "error",
            f"no rule makes {wanted} from {given}{by}",
            origin,
            (f"no rule returns {wanted}", *reasons),
            f"write a rule that takes {given} and returns {wanted}",
        )
    if node.rule is None:
        return Diagnostic(
            "WF203",
            "error",
            f"no rule makes {wanted}",
            origin,
            (*reasons, *outside),
            f"write a rule that returns {wanted}",
        )
    rule = node.rule
    return Diagnostic(
        "WF203",
        "error",
        f"nothing supplies {wanted}{who}",
        origin if request.kind != "param" else rule.place,
        (
            f"{_maker(rule)}",
            f"no rule makes {wanted}, and nobody above provides one",
            *reasons,
        ),
        f"write a rule that returns {wanted}, or pass {a(wanted)} in the request",
    )


def _unanswered(
    node: Node, ask: Ask, solver: Solver, origin: Place, who: str, outside: list[str]
) -> Diagnostic:
    request = ask.request
    wanted = type_name(request.product)
    given = listing(type_name(t) for t in request.supplied)
    reasons = [
        f"{_maker(candidate.rule)}, {_why_not(candidate, ask, solver)}"
        for candidate in ask.candidates
        if candidate.rule is not None
    ]
    by = f", asked by {node.rule.name}" if node.rule is not None else ""
    what = f"no rule makes {wanted} from {given}{by}" if given != "nothing" else (
        f"no rule can make {wanted}{who}"
    )
    fix = (
        f"let one of them take {a(given)}, or write Get({wanted}) without supplying anything"
        if len(request.supplied) == 1
        else "mend what the rules above lack"
    )
    return Diagnostic("WF203", "error", what, origin, (*reasons, *outside), fix)


def _ambiguous(
    node: Node, ask: Ask, solver: Solver, origin: Place, who: str
) -> Diagnostic:
    position = node.asks.index(ask)
    tied = solver.best(solver.usable(node, position))
    wanted = type_name(ask.request.product)
    names = [c.rule.name for c in tied if c.rule is not None]
    reasons = [
        f"{_maker(c.rule)}, using {_params(solver, c)}" for c in tied if c.rule is not None
    ]
    if len({c.rule.product for c in tied if c.rule is not None}) == 1 and node.rule is not None:
        fix = f"call the one you mean: await {names[0]}(…), or give one a type of its own"
    else:
        fix = "withdraw one of them, or give one a type of its own"
    return Diagnostic(
        "WF202",
        "error",
        f"{len(tied)} rules make {wanted}{who}, equally well: {listing(names)}",
        origin,
        tuple(reasons),
        fix,
    )


def _member_without_rule(ask: Ask, origin: Place, graph: RuleGraph) -> Diagnostic:
    request = ask.request
    wanted = type_name(request.product)
    assert ask.member is not None
    member = type_name(ask.member)
    base = next(type_name(t) for t in request.supplied if t in graph.unions)
    return Diagnostic(
        "WF206",
        "error",
        f"no rule makes {wanted} from {member}, a member of {base}",
        origin,
        tuple(
            f"{_maker(c.rule)}, {_why_not(c, ask, graph.solver)}"
            for c in ask.candidates
            if c.rule is not None
        ),
        f"write a rule that takes {member} and returns {wanted}, "
        f"or withdraw UnionRule({base}, {member})",
    )


def _why_not(candidate: Node, ask: Ask, solver: Solver) -> str:
    """Why a candidate was passed over, in a clause that follows "X makes Y from Z, "."""
    if candidate.fault is not None:
        inner = candidate.fault_ask
        what = type_name(inner.request.product) if inner is not None else "something"
        if candidate.fault == "ambiguous":
            return f"but two rules make its {what}"
        if candidate.fault == "loop":
            return f"but needs {what} before it can be made"
        return f"but nothing supplies its {what}"
    unused = solver.types(ask.supplied & ~candidate.in_set)
    if unused:
        return f"but does not use the {listing(sorted(type_name(t) for t in unused))} supplied"
    return f"using {_params(solver, candidate)}"


def _params(solver: Solver, node: Node) -> str:
    return listing(sorted(type_name(t) for t in solver.types(node.in_set)), empty="no params")


def _maker(rule: Rule | None) -> str:
    """`resize (In [3], line 2) makes Thumbnail from Photo and Size`."""
    assert rule is not None
    where = f" ({rule.place.short})" if rule.place.label else ""
    source = listing((type_name(t) for t in dict.fromkeys(rule.key.types)), empty="no params")
    return f"{rule.name}{where} makes {type_name(rule.product)} from {source}"


def _twin(graph: RuleGraph, wanted: type, scope: frozenset[type]) -> str | None:
    """Another class of the same name: what a class cell that was run again leaves behind."""
    others = {rule.product for rule in graph.rules.values()} | scope
    for other in others:
        if other is not wanted and other.__qualname__ == wanted.__qualname__:
            return f"there are two classes named {type_name(wanted)}: run its cell, then this, again"
    return None


# -------------------------------------------------------------------- before anything is asked


def _unasked(graph: RuleGraph) -> Iterator[Diagnostic]:
    """What no scope could mend: looked at as if every type that nobody makes were passed in."""
    solver = Solver(graph.rules, graph.requests, graph.unions, is_lenient=True)
    made = {rule.product for rule in graph.rules.values()}
    wanted = {
        request.product
        for requests in graph.requests.values()
        for request in requests
        if not request.supplied and request.rule is None
    }
    open_types = solver.bits(wanted - made)
    for rule in graph.rules.values():
        request = StaticRequest(rule.product, (), rule.key, rule.place, "get", rule.name)
        node = solver.root(request, open_types)
        for leaf, _ in _leaves(node):
            if leaf.rule is not None:
                yield _diagnostic(graph, solver, leaf, None, None)


def _shadows(graph: RuleGraph, root: Node, scope: frozenset[type]) -> Iterator[Diagnostic]:
    """Rules that lose wherever they could answer this request, and params that beat rules."""
    if root.fault is not None:
        return
    solver = graph.solver
    chosen: set[Node] = set()
    lost: dict[str, tuple[Node, Node]] = {}
    beaten: dict[type, Rule] = {}
    walk = [root]
    while walk:
        node = walk.pop()
        if node in chosen:
            continue
        chosen.add(node)
        for ask, choice in zip(node.asks, node.choices, strict=True):
            if choice is None:
                rules = solver.rules_for(ask.request)
                if rules and ask.request.product in scope:
                    beaten.setdefault(ask.request.product, rules[0])
                continue
            walk.append(choice)
            for other in ask.candidates:
                if other is not choice and other.rule is not None and other.fault is None:
                    lost.setdefault(other.rule.name, (other, choice))
    winners = {node.rule.key for node in chosen if node.rule is not None}
    for loser, winner in lost.values():
        assert loser.rule is not None and winner.rule is not None
        if loser.rule.key not in winners and loser.in_set & winner.in_set == winner.in_set:
            yield Diagnostic(
                "WF211",
                "warning",
                f"{loser.rule.name} is never used: {winner.rule.name} makes "
                f"{type_name(loser.rule.product)} from fewer params",
                loser.rule.place,
                (
                    f"{_maker(loser.rule)}, using {_params(solver, loser)}",
                    f"{_maker(winner.rule)}, using {_params(solver, winner)}",
                ),
                f"withdraw one of them, or call the one you mean: await {loser.rule.name}(…)",
            )
    for cls, rule in beaten.items():
        yield Diagnostic(
            "WF212",
            "warning",
            f"the {type_name(cls)} that is passed in is used, not {rule.name}",
            rule.place,
            (_maker(rule),),
            f"leave the {type_name(cls)} out of the request to have it made",
        )


def _plain_warnings(graph: RuleGraph) -> Iterator[Diagnostic]:
    keyed: dict[type, Rule] = {}
    for rule in graph.rules.values():
        for param in rule.params:
            if is_union(param.type):
                name = type_name(param.type)
                yield Diagnostic(
                    "WF207",
                    "error",
                    f"{rule.name} takes the union {name} itself",
                    rule.place,
                    (f"a value has the type of a member, and is never exactly {a(name)}",),
                    f"write a rule per member, and ask with Get(…, {name}, value)",
                )
        for request in graph.requests[rule.key]:
            for cls in request.supplied:
                keyed.setdefault(cls, rule)
    for cls in graph.open_inputs:
        users = [r for r in graph.rules.values() if cls in r.key.types]
        if users:
            keyed.setdefault(cls, users[0])
    for cls, rule in keyed.items():
        if not is_union(cls) and has_identity_key(cls):
            name = type_name(cls)
            yield Diagnostic(
                "WF213",
                "warning",
                f"{name} has no value equality: each object is another param",
                rule.place,
                (f"{rule.name} uses it; an equal {name} made again finds nothing remembered",),
                f"make {name} a @dataclass(frozen=True)",
            )


def _open_notes(graph: RuleGraph) -> Iterator[Diagnostic]:
    for cls in graph.open_inputs:
        users = [
            rule.name
            for rule in graph.rules.values()
            if any(
                request.product is cls and not request.supplied and request.rule is None
                for request in graph.requests[rule.key]
            )
        ]
        name = type_name(cls)
        yield Diagnostic(
            "WF220",
            "note",
            f"{name} is an open input: nobody makes it",
            NOWHERE,
            (f"needed by {listing(sorted(users))}",),
            f"pass {a(name)} in the request, or write a rule that returns one",
        )
