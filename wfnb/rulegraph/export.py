"""The rule graph for networkx, for analysis. The only importer of networkx, and only when asked.

Knows: names of nodes and edges. Does not know: layout, drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    import networkx

    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import RuleKey


def to_networkx(graph: RuleGraph) -> networkx.MultiDiGraph[str]:
    """A directed multigraph from askers to what could answer them.

    Nodes are strings: "rule NAME(TYPES)" and "input TYPE", with attributes `kind` ("rule",
    "open input", "query"), `label` and `place`. Edges carry `kind` ("param", "get", "call"),
    `product`, `supplied` (a tuple of names) and `line`.
    """
    import networkx as nx

    result: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for rule in graph.rules.values():
        result.add_node(
            _rule_node(rule.key),
            kind="rule",
            label=rule.name,
            product=type_name(rule.product),
            place=rule.place.short,
        )
    for cls in graph.open_inputs:
        result.add_node(f"input {type_name(cls)}", kind="open input", label=type_name(cls))
    for key, requests in graph.requests.items():
        for request in requests:
            targets = [_rule_node(r.key) for r in graph.solver.rules_for(request)]
            if not targets and not request.supplied and request.rule is None:
                targets = [f"input {type_name(request.product)}"]
            for target in targets:
                if target not in result:
                    result.add_node(target, kind="param", label=target.partition(" ")[2])
                result.add_edge(
                    _rule_node(key),
                    target,
                    kind=request.kind,
                    product=type_name(request.product),
                    supplied=tuple(type_name(t) for t in request.supplied),
                    line=request.place.short,
                )
    queries = [(q.product, frozenset(q.params)) for q in graph.queries]
    for product, scope in dict.fromkeys([*queries, *graph.asked]):
        names = ", ".join(sorted(type_name(t) for t in scope))
        name = f"query {type_name(product)}({names})"
        result.add_node(name, kind="query", label=type_name(product))
        for rule in graph.rules.values():
            if rule.product is product:
                result.add_edge(name, _rule_node(rule.key), kind="get", product=type_name(product))
    return result


def _rule_node(key: RuleKey) -> str:
    return f"rule {key.name}({', '.join(type_name(t) for t in key.types)})"
