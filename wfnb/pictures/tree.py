"""The tree: a view as text, for terminals, for ears, and for whoever opens a notebook untrusted.

Knows: nodes and edges.
Does not know: rules, the width of the screen.
Holds: each rule is told once, with what is wrong with it; where it is met again, it says so. There
    are no more lines than were asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfnb.pictures.texts import cut, plain
from wfnb.pictures.view import WORDS, Edge, Node, Problem, View

MOST_LINES = 200
_MOST_COLUMNS = 160


def tree(view: View, most_lines: int = MOST_LINES) -> str:
    """Who makes what from what."""
    lines = [f"rule graph · {plain(view.title)}"]
    for line in _Tree(view).lines():
        if len(lines) == most_lines - 1:
            lines.append("… and more: %wf graph TYPE shows the part of one type")
            break
        lines.append(cut(line, _MOST_COLUMNS))
    return "\n".join(lines)


class _Tree:
    def __init__(self, view: View) -> None:
        self.view = view
        self.nodes = {node.id: node for node in view.nodes}
        self.below: dict[str, list[Edge]] = {}
        for edge in view.edges:
            self.below.setdefault(edge.target, []).append(edge)
        self.told: set[str] = set()

    def lines(self) -> Iterator[str]:
        asked = {edge.source for edge in self.view.edges if edge.source != edge.target}
        tops = [n for n in self.view.nodes if n.id not in asked]
        for node in [*tops, *self.view.nodes]:  # the second time for loops without a top
            if node.id not in self.told and (node.id in self.below or node.kind not in _LEAVES):
                yield from self._from(node)
        for node in tops:
            if node.id not in self.told:
                yield from self._from(node)
        for problem in self.view.problems:
            if problem.severity != "note":
                yield _line_of(problem)

    def _from(self, top: Node) -> Iterator[str]:
        rest: list[tuple[Node, Edge | None, str, str]] = [(top, None, "", "")]
        while rest:
            node, edge, branch, indent = rest.pop()
            is_again = node.id in self.told and bool(self.below.get(node.id))
            yield f"{branch}{_what(node, edge)}{' …as above' if is_again else ''}"
            if node.id in self.told:
                continue
            self.told.add(node.id)
            below = self.below.get(node.id, [])
            for problem in node.problems:
                if problem.severity != "note":
                    yield f"{indent}{'│  ' if below else '   '}{_line_of(problem)}"
            for number, one in enumerate(reversed(below)):
                fork, under = ("├─ ", "│  ") if number else ("└─ ", "   ")
                maker = self.nodes[one.source]
                rest.append((maker, one, indent + fork, indent + under))


_LEAVES = ("input", "param", "missing", "intrinsic")


def _what(node: Node, edge: Edge | None) -> str:
    """One line: `Thumbnail from Photo: resize (In [3], line 2)`."""
    place = f" ({node.place})" if node.place else ""
    if node.kind == "product":
        return f"{node.name}: {WORDS['product']}"
    if node.kind == "query":
        return f"{node.name} {node.note}: {WORDS['query']}"
    if node.kind == "goal":
        rule = node.signature.partition("(")[0]
        return f"goal {node.name}: {rule}{place}"
    if node.kind == "group":
        return f"{node.name}: {node.group}: {node.note}"
    if node.kind == "intrinsic":
        what = ", ".join(edge.labels) if edge is not None else node.name
        return f"{what}: {node.name} through wfnb"
    if node.kind in _LEAVES:
        return f"{node.name}: {node.note or WORDS[node.kind]}"
    if node.kind == "union":
        return f"{', '.join(edge.labels) if edge else node.name}: by the union {node.name}"
    product = node.note.removeprefix("→ ")
    labels = ", ".join(edge.labels) if edge is not None and edge.labels else product
    either = " perhaps" if edge is not None and edge.is_rival else ""
    stopped = ", stopped by an error" if edge is not None and edge.is_stopped else ""
    return f"{labels}:{either} {node.name}{place}{stopped}"


def _line_of(problem: Problem) -> str:
    where = f" ({problem.place})" if problem.place else ""
    return f"{problem.code} {problem.severity}: {problem.message}{where}"
