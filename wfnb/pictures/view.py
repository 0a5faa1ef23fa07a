"""The view: what a picture of a rule graph shows, as plain data.

Knows: nodes, edges, problems.
Does not know: where the data comes from; sizes, colours, formats.
Holds: ids are unique and the same in each run; edges lead from who makes to who asks, and both ends
    are nodes of the view; `to_json` gives nothing but dicts, lists, strings, numbers and booleans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal[
    "input",
    "param",
    "missing",
    "rule",
    "goal",
    "union",
    "intrinsic",
    "product",
    "query",
    "group",
]

WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "input": "open input",
        "param": "param",
        "missing": "missing",
        "rule": "rule",
        "goal": "goal",
        "union": "union",
        "intrinsic": "wfnb",
        "product": "final product",
        "query": "query",
        "group": "group",
    }
)
"""Kind → what it is called wherever it is shown."""

EdgeKind = Literal["param", "get", "call", "query", "product"]

_SHOWN_INPUTS = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic, as much of it as a picture tells.

    Attributes:
        place: "In [3], line 2", or "".
        reasons, fix: the rest of it, for views that have the room.
    """

    code: str
    severity: Literal["error", "warning", "note"]
    message: str
    place: str = ""
    reasons: tuple[str, ...] = ()
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """Something that makes a type, or stands for one.

    Attributes:
        id: unique in a view; of what `wfnb.events` has a node for, the id of that.
        name: of the rule or the type.
        note: the rest of what it says of itself: "→ Thumbnail", "passed by make_gallery".
        group: the cell or the file it was written in; "" for what was written nowhere.
        place: the line there.
        signature: of a rule, with names of parameters.
        doc: the first line of a rule's docstring, or its description.
        makes: full names of the types it makes or stands for.
        written: module and name of a rule.
        rules: how many rules it stands for.
        problems: what is wrong with it, the worst first.
        through: wfnb's own rules that it asks, by kind, where they are not drawn.
        is_focus: whether the view is about it.
        docstring: of a rule, as a whole.
        tasks: the ids under which `wfnb.events` tells of the rules that it stands for.
        members: the ids of the nodes that it stands for, if it is a group.
    """

    id: str
    kind: Kind
    name: str
    note: str = ""
    group: str = ""
    place: str = ""
    signature: str = ""
    doc: str = ""
    makes: tuple[str, ...] = ()
    written: tuple[str, str] | None = None
    rules: int = 0
    problems: tuple[Problem, ...] = ()
    through: tuple[str, ...] = ()
    is_focus: bool = False
    docstring: str = ""
    tasks: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Who asks for what from whom.

    Attributes:
        source, target: ids of who makes it and of who asks.
        kind: "param" if it is needed before the body starts; "get" or "call" if the body asks.
        labels: what is asked: "Thumbnail from Photo".
        is_rival: whether somebody else answers, or may, depending on what is asked.
        is_stopped: whether an error further on keeps the source from answering.
    """

    source: str
    target: str
    kind: EdgeKind
    labels: tuple[str, ...] = ()
    is_rival: bool = False
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One picture.

    Attributes:
        title: what is shown, in a line.
        nodes: in the order in which they are told.
        edges: by source and target, in the order of the nodes.
        problems: those that belong to no node.
        hint: what was left out, and how to see it.
    """

    title: str = ""
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    problems: tuple[Problem, ...] = ()
    hint: str = ""

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Those of nodes and the rest; errors, then warnings, then notes."""
        found = [*self.problems, *[p for node in self.nodes for p in node.problems]]
        order = ("error", "warning", "note")
        return tuple(sorted(dict.fromkeys(found), key=lambda p: order.index(p.severity)))


def title_of(view_nodes: Iterable[Node], problems: Iterable[Problem]) -> str:
    """`8 rules · open inputs: Folder, Size · 1 error`."""
    nodes, found = list(view_nodes), [problem.severity for problem in problems]
    parts = [_count("rule", sum(n.rules for n in nodes if n.kind != "intrinsic"))]
    inputs = [n.name for n in nodes if n.kind == "input"]
    if inputs:
        more = len(inputs) - _SHOWN_INPUTS
        names = ", ".join(inputs[:_SHOWN_INPUTS]) + (f" and {more} more" if more > 0 else "")
        parts.append(f"open {'input' if len(inputs) == 1 else 'inputs'}: {names}")
    parts += [_count(s, found.count(s)) for s in ("error", "warning") if s in found]
    return " · ".join(parts)


def to_json(view: View) -> dict[str, Any]:
    """The view as JSON data."""
    return _lists(asdict(view))  # type: ignore[no-any-return]  # a dict stays one


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lists(inner) for inner in value]
    return value


def _count(noun: str, number: int) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
