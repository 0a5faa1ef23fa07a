"""Graphs: what `%wf graph` shows, and a rule graph that is the value of a cell.

`%wf graph` gives two outputs, a picture and under it the live view. A widget lives as long as its
kernel: JupyterLab opens a saved notebook with "Error displaying widget: model not found" in its
place, and shows nothing else of that output, whatever other forms it has. So what lasts is an
output of its own, which is also what nbconvert, code hosts and untrusted readers show; while the
view lives, it hides the picture (labextension/src/widgets/graph.view.ts). The view's output has no
text, as the picture's says all, and nbval passes over it: a notebook compares equal with widgets
and without. The picture's metadata has what the view would show (`wfnb.watching.saving`).
`--static`, a terminal, or no ipywidgets: the picture alone.

Knows: the words of the verb; that rule graphs and engines have a picture.
Does not know: how it is drawn, how it is displayed.
Holds: nothing is run. The same notebook, run twice from the top, shows the same bytes, but for the
    id of the view.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from wfnb.engine import Engine
from wfnb.errors import MagicError
from wfnb.notebook.arguments import split, values_of
from wfnb.notebook.options import unknown
from wfnb.rulegraph.graph import RuleGraph
from wfnb.rules.rule import Rule

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from wfnb.notebook.verbs import Desk
    from wfnb.pictures.view import View as Graph
    from wfnb.watching.saving import Saved
    from wfnb.widgets.base import View

USAGE = "%wf graph [TYPE or RULE]"
SUMMARY = "the rules as a picture: who makes what from what, and what is wrong where"
HELP = """Nothing is run. With a type or a rule, only what it stands on and what stands on it.

    --cells    in the picture, one box per cell or file; many rules are drawn like that anyway
    --static   the picture alone, without the live view

The picture is saved with the notebook. Where ipywidgets and anywidget are installed, a live view
takes its place as long as the kernel lives: it follows cells and requests, can be searched, zoomed
and cut down to what concerns one rule, and has a table and all details of each rule.

Green and round: an open input, which has to be passed. Blue: a final product, with a fold, or
what was asked for, with two tips. Orange, with its corners cut: a goal. Dashed and round: a param
that a rule passes along; in red, something that nobody makes. A problem stands on the box that it
is about, with its code; %wf check tells it in full."""
OPTIONS = ("--cells", "--static")
MOST_KEPT = 300  # rules


def draw(desk: Desk, line: str) -> tuple[dict[str, str] | Saved | View, ...]:
    """All forms of the picture, by MIME type; and the live view, if one can be shown.

    Raises:
        MagicError: an unknown option, several types, a type or rule that no rule has to do with.
    """
    from wfnb.pictures.bundle import bundle
    from wfnb.pictures.parts import collapse
    from wfnb.pictures.survey import survey
    from wfnb.watching.saving import Saved

    words = line.split()
    options = [word for word in words if word.startswith("-")]
    for option in options:
        if option not in OPTIONS:
            why = f"options: {', '.join(OPTIONS)}"
            fix = "%wf graph? tells what it takes"
            raise unknown(f"%wf graph has no option {option!r}", why, option, OPTIONS, fix=fix)
    about = " ".join(word for word in words if word not in OPTIONS)
    graph = survey(desk.engine.rule_graph)
    if about:
        graph = _part(graph, desk, about)
    static = bundle(collapse(graph) if "--cells" in options else graph)
    if "--static" in options:
        return (static,)
    focus = [node.id for node in graph.nodes if node.is_focus]
    saved = Saved("graph", static, _kept(desk.engine.rule_graph, focus))
    if not desk.has_views:
        return (saved,)
    from wfnb.widgets.graph import GraphView

    return saved, GraphView(desk.engine, focus)


def _kept(graph: RuleGraph, focus: Collection[str]) -> dict[str, Any]:
    """What is shown of the view when there is no kernel; {} for a graph that is too large."""
    from wfnb.pictures.live import live
    from wfnb.watching.saving import kept, problems_of

    if len(graph.rules) > MOST_KEPT:  # it would take long, and come out larger than is kept
        return {}
    return kept(snapshot=problems_of(graph), data=live(graph, focus))


def register(shell: InteractiveShell) -> None:
    """Have rule graphs and engines shown as pictures where they are the value of a cell."""
    _formatter(shell).for_type(RuleGraph, _bundle_of)
    _formatter(shell).for_type(Engine, _bundle_of_engine)


def unregister(shell: InteractiveShell) -> None:
    """Have them shown as any other object."""
    _formatter(shell).pop(RuleGraph, None)
    _formatter(shell).pop(Engine, None)


def _bundle_of(graph: RuleGraph) -> dict[str, str]:
    from wfnb.pictures.bundle import bundle_of

    return bundle_of(graph)


def _bundle_of_engine(engine: Engine) -> dict[str, str]:
    forms = _bundle_of(engine.rule_graph)
    return {**forms, "text/plain": f"{engine!r}\n{forms['text/plain']}"}


def _formatter(shell: InteractiveShell) -> Any:
    formatter = shell.display_formatter
    assert formatter is not None  # a shell makes it before it runs anything
    return formatter.mimebundle_formatter


def _part(view: Graph, desk: Desk, text: str) -> Graph:
    from wfnb.pictures.parts import find, find_rule, focus
    from wfnb.rulegraph.drawing import full_name
    from wfnb.rules.wording import nearest, type_name

    values = values_of("%wf graph", USAGE, desk.namespace, text)
    written = split("%wf graph", USAGE, text)
    if len(values) != 1:
        raise MagicError(f"%wf graph takes one type or rule, not {len(values)}", fix=USAGE)
    about, name = values[0], written[0]
    if isinstance(about, Rule):
        ids = find_rule(view, about.module, about.name)
        what, name = f"rule {about.name} is not registered", about.name
    elif isinstance(about, type):
        ids = find(view, full_name(about))
        what, name = f"no rule makes or takes {type_name(about)}", type_name(about)
    else:
        raise MagicError(f"%wf graph needs a type or a rule, not {name}", fix=USAGE)
    if ids:
        return focus(view, ids, name)
    known = {node.name for node in view.nodes}
    known |= {full.rpartition(".")[2] for node in view.nodes for full in node.makes}
    likely = nearest(name, sorted(known & desk.namespace.keys()))
    fix = f"did you mean %wf graph {likely}?" if likely else "%wf graph shows all there is"
    raise MagicError(f"%wf graph: {what}", fix=fix)
