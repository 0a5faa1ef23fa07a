"""Parts of a view: what concerns one product, and cells or files as one node each.

Knows: nodes, edges, groups.
Does not know: rules; how large is too large.
Holds: a part of a view is a view. What stands on a product is all that may ask for it, directly or
    not; what it stands on, all that it may lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from wfnb.pictures.view import Edge, Node, Problem, View

_MAKERS = ("input", "param", "missing", "rule", "goal", "intrinsic", "union")
_AROUND = ("input", "param", "missing", "product")


def find(view: View, full_name: str) -> tuple[str, ...]:
    """The ids of all that makes a type, or stands for it."""
    makers = [n.id for n in view.nodes if n.kind in _MAKERS and full_name in n.makes]
    asked = [n.id for n in view.nodes if n.kind == "query" and full_name in n.makes]
    return tuple(makers or asked)


def find_rule(view: View, module: str, name: str) -> tuple[str, ...]:
    """The ids of the rules of that name."""
    return tuple([n.id for n in view.nodes if n.written == (module, name)])


def focus(view: View, ids: Collection[str], about: str) -> View:
    """These nodes, what they stand on and what stands on them.

    Args:
        about: how the title calls them.
    """
    below: dict[str, list[str]] = {}
    above: dict[str, list[str]] = {}
    for edge in view.edges:
        below.setdefault(edge.target, []).append(edge.source)
        above.setdefault(edge.source, []).append(edge.target)
    kept = _reach(ids, below) | _reach(ids, above)
    nodes = tuple([replace(n, is_focus=n.id in ids) for n in view.nodes if n.id in kept])
    edges = tuple([e for e in view.edges if e.source in kept and e.target in kept])
    shown, everything = (sum(n.rules for n in v if n.kind != "intrinsic")
                         for v in (nodes, view.nodes))  # fmt: skip
    noun = "rule" if everything == 1 else "rules"
    return View(f"{about}: {shown} of {everything} {noun}", nodes, edges)


def fold(view: View) -> View:
    """wfnb's own rules as words on the rules that ask them.

    Nearly every rule may ask for files: drawn as a node, they would be a knot of lines amid the
    picture. What the view is about stays a node.
    """
    own = {n.id: n.name for n in view.nodes if n.kind == "intrinsic" and not n.is_focus}
    through: dict[str, dict[str, None]] = {}
    for edge in view.edges:
        if edge.source in own:
            through.setdefault(edge.target, {})[own[edge.source]] = None
    nodes = tuple(
        [replace(n, through=tuple(through.get(n.id, ()))) for n in view.nodes if n.id not in own]
    )
    edges = tuple([e for e in view.edges if e.source not in own and e.target not in own])
    return replace(view, nodes=nodes, edges=edges)


def cell_of(node: Node) -> str:
    """The cell or file that a rule was written in; "" for what is no rule."""
    return node.group


def module_of(node: Node) -> str:
    """The module that a rule belongs to; all cells of a notebook are one."""
    if node.written is None:
        return ""
    return "this notebook" if node.written[0] == "__main__" else node.written[0]


def collapse(view: View, group_of: Callable[[Node], str] = cell_of) -> View:
    """One node per group: per cell or file, unless told otherwise.

    Inputs and final products that concern one group only become part of it.
    """
    groups: dict[str, list[Node]] = {}
    home: dict[str, str] = {}
    for node in view.nodes:
        if group := group_of(node):
            groups.setdefault(group, []).append(node)
            home[node.id] = f"group {group}"
    inside: dict[str, list[Node]] = {}
    around = _neighbours(view, home)
    for node in view.nodes:
        if node.kind in _AROUND and len(around.get(node.id, ())) == 1:
            (home[node.id],) = around[node.id]
            inside.setdefault(home[node.id], []).append(node)
    nodes = [node for node in view.nodes if node.id not in home]
    nodes += [_group(name, members, inside) for name, members in groups.items()]
    edges: dict[tuple[str, str], Edge] = {}
    for edge in view.edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if source != target:
            known = edges.get((source, target))
            labels = (*(known.labels if known else ()), *edge.labels)
            edges[source, target] = Edge(
                source,
                target,
                "param",
                tuple(dict.fromkeys(labels)),
                edge.is_rival and (known is None or known.is_rival),
                edge.is_stopped and (known is None or known.is_stopped),
            )
    number = {node.id: position for position, node in enumerate(nodes)}
    ordered = sorted(edges.values(), key=lambda e: (number[e.source], number[e.target]))
    return replace(view, nodes=tuple(nodes), edges=tuple(ordered))


def thin(view: View) -> View:
    """Without the edges that follow from others: who asks A, which asks B, need not show B."""
    following: dict[str, list[str]] = {node.id: [] for node in view.nodes}
    for edge in view.edges:
        following[edge.source].append(edge.target)
    bit = {node.id: 1 << position for position, node in enumerate(view.nodes)}
    reach: dict[str, int] = {}
    for node in _last_first(following):
        reach[node] = bit[node]
        for other in following[node]:
            reach[node] |= reach.get(other, 0)
    kept = [
        edge
        for edge in view.edges
        if not any(
            reach[other] & bit[edge.target] and not reach[other] & bit[edge.source]
            for other in following[edge.source]
            if other != edge.target
        )
    ]
    return replace(view, edges=tuple(kept))


def _last_first(following: Mapping[str, list[str]]) -> list[str]:
    """All nodes, each after those that follow it, as far as there are no loops."""
    order: list[str] = []
    seen: set[str] = set()
    for start in following:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(following[start]))]
        while path:
            node, rest = path[-1]
            for other in rest:
                if other not in seen:
                    seen.add(other)
                    path.append((other, iter(following[other])))
                    break
            else:
                order.append(node)
                path.pop()
    return order


def _neighbours(view: View, home: Mapping[str, str]) -> dict[str, set[str]]:
    around: dict[str, set[str]] = {}
    for edge in view.edges:
        around.setdefault(edge.source, set()).add(home.get(edge.target, edge.target))
        around.setdefault(edge.target, set()).add(home.get(edge.source, edge.source))
    return around


def _group(name: str, members: list[Node], inside: Mapping[str, list[Node]]) -> Node:
    id = f"group {name}"
    absorbed = inside.get(id, ())
    counts = [("rule", sum(n.kind == "rule" for n in members))]
    counts += [("goal", sum(n.kind == "goal" for n in members))]
    counts += [("open input", sum(n.kind == "input" for n in absorbed))]
    told = [f"{count} {noun if count == 1 else noun + 's'}" for noun, count in counts if count]
    problems: list[Problem] = [p for node in [*members, *absorbed] for p in node.problems]
    order = ("error", "warning", "note")
    problems.sort(key=lambda problem: order.index(problem.severity))
    return Node(
        id,
        "group",
        name,
        ", ".join(node.name for node in members),
        " · ".join(told),
        makes=tuple(dict.fromkeys(full for node in members for full in node.makes)),
        rules=sum(node.rules for node in members),
        problems=tuple(problems),
        through=tuple(dict.fromkeys(kind for node in members for kind in node.through)),
        is_focus=any(node.is_focus for node in members),
        tasks=tuple([task for node in members for task in node.tasks]),
        members=tuple([node.id for node in (*members, *absorbed)]),
    )


def _reach(start: Iterable[str], following: Mapping[str, list[str]]) -> set[str]:
    seen = set(start)
    rest = list(seen)
    while rest:
        for other in following.get(rest.pop(), ()):
            if other not in seen:
                seen.add(other)
                rest.append(other)
    return seen
