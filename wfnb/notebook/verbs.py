"""Verbs: what `%wf VERB` answers.

Knows: the engine's questions and answers, the notebook's names.
Does not know: IPython.
Holds: every answer is plain text, or a picture or live view with its text, the same for a
       notebook run twice from the top; only `status` counts what ran. What cannot be answered is
       raised, never printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from wfnb.errors import MagicError, WiringError
from wfnb.notebook import graphs, stepping
from wfnb.notebook.arguments import split, values_of
from wfnb.notebook.options import unknown
from wfnb.notebook.reports import plural

if TYPE_CHECKING:
    from wfnb.engine import Engine
    from wfnb.rulegraph.codes import Diagnostic
    from wfnb.rulegraph.graph import RuleGraph
    from wfnb.rules.rule import Rule
    from wfnb.watching.saving import Saved
    from wfnb.widgets.base import View


Shown = Union[str, dict[str, str], "Saved", "View"]
Answer = Shown | tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a verb looks: the engine, and the names of the notebook.

    Attributes:
        reload: runs changed modules again and tells what that changed.
        has_views: whether live views can be shown.
    """

    engine: Engine
    namespace: Mapping[str, object]
    reload: Callable[[], str]
    has_views: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of `%wf`.

    Attributes:
        usage: the line to write.
        summary: what it shows, one line.
        help: more of it.
        answer: gives the text, all forms of a picture by MIME type, or a live view with its
            text; or several of these, to be shown one after the other.
    """

    usage: str
    summary: str
    help: str
    answer: Callable[[Desk, str], Answer]


def answer(desk: Desk, line: str) -> Answer:
    """The answer to `%wf {line}`.

    Raises:
        MagicError: for an unknown verb, or words that the verb cannot take.
    """
    __tracebackhide__ = True
    name, _, rest = line.strip().partition(" ")
    return find(name).answer(desk, rest.strip())


def find(name: str) -> Verb:
    """The verb of that name."""
    if name in VERBS:
        return VERBS[name]
    known = f"verbs: {', '.join(VERBS)}"
    fix = "%wf? tells what each verb shows"
    if not name:
        raise MagicError("%wf needs a verb", why=[known], fix=fix)
    raise unknown(f"%wf has no verb {name!r}", known, name, VERBS, fix=fix, form="%wf {}")


def help_text(name: str = "") -> str:
    """What `%wf VERB?` shows; without a verb, all of them in short."""
    if name:
        verb = find(name)
        return f"{verb.usage}\n\n{verb.summary}\n\n{verb.help}"
    width = max(len(v.usage) for v in VERBS.values())
    verbs = "\n".join(f"    {v.usage:<{width}}   {v.summary}" for v in VERBS.values())
    return f"Ask about the rules of this notebook.\n\n{verbs}\n\n%wf VERB? tells more."


# -- the verbs --------------------------------------------------------------------------------


def _reload(desk: Desk, line: str) -> str:
    _take_nothing("reload", line)
    return desk.reload()


def _rules(desk: Desk, line: str) -> str:
    _take_nothing("rules", line)
    graph = desk.engine.rule_graph
    rules = sorted(graph.own_rules.values(), key=lambda r: (r.name, r.module, signature(r)))
    if not rules:
        return "no rules"
    width = max(len(signature(r)) for r in rules)
    lines = [f"{signature(r):<{width}}   {r.place.short}".rstrip() for r in rules]
    return "\n".join([*lines, *_open_inputs(graph)])


def _cancel(desk: Desk, line: str) -> str:
    running = desk.engine.running
    if line:
        wanted = [int(line)] if line.isdecimal() else []
        if not wanted or not desk.engine.cancel(wanted[0]):
            raise MagicError(
                f"%wf cancel: there is no request {line} that runs",
                why=[_listed(running)],
                fix="%wf cancel" if running else "",
            )
    else:
        wanted = [number for number in running if desk.engine.cancel(number)]
    names = [f"request {number} ({running.get(number, 'started over')})" for number in wanted]
    return f"cancelled: {', '.join(names)}" if names else _listed({})


def _listed(running: Mapping[int, str]) -> str:
    names = [f"{number} ({product})" for number, product in running.items()]
    return f"running: {', '.join(names)}" if names else "no request runs"


def _check(desk: Desk, line: str) -> Answer:
    _take_options("check", line, ("--strict",))
    found = list(desk.engine.diagnostics)
    count = plural("rule", len(desk.engine.rule_graph.own_rules))
    grave = [d for d in found if d.severity == "error"]
    text = "\n".join([*(str(d) for d in found), f"{_tally(found)} in {count}"])
    if line and grave:
        raise WiringError(f"{_tally(grave)} in {count}", why=str(grave[0]).splitlines())
    if line:
        return text
    if not desk.has_views:
        from wfnb.watching.saving import Saved, kept, problems_of

        metadata = kept(snapshot=problems_of(desk.engine.rule_graph))
        return Saved("problems", {"text/plain": text}, metadata)
    from wfnb.widgets.problems import ProblemsView

    return ProblemsView(desk.engine, text)


def _explain(desk: Desk, line: str) -> str:
    __tracebackhide__ = True
    product, *rest = _evaluate("explain", desk, line)
    return str(desk.engine.explain(product, *rest))


def _plan(desk: Desk, line: str) -> str:
    __tracebackhide__ = True
    product, *rest = _evaluate("plan", desk, line)
    return str(desk.engine.plan(product, *rest))


def _why(desk: Desk, line: str) -> str:
    __tracebackhide__ = True
    product, *rest = _evaluate("why", desk, line)
    return str(desk.engine.why(product, *rest))


def _stale(desk: Desk, line: str) -> str:
    _take_nothing("stale", line)
    return str(desk.engine.stale())


def _status(desk: Desk, line: str) -> str:
    _take_nothing("status", line)
    graph = desk.engine.rule_graph
    found = list(desk.engine.diagnostics)
    lines = [f"{plural('rule', len(graph.own_rules))} · {_tally(found)}", *_open_inputs(graph)]
    last = desk.engine.last
    if last is not None:
        ran, cleaned, reused = len(last.ran), len(last.cleaned), len(last.reused)
        failed = f" · {len(last.failed)} failed" if last.failed else ""
        lines.append(f"last request: {ran} ran · {cleaned} cleaned · {reused} reused{failed}")
    return "\n".join(lines)


VERBS: dict[str, Verb] = {
    "cancel": Verb(
        "%wf cancel [NUMBER]",
        "interrupt the request of that number, or all that run",
        "It ends as by the stop button, in the cell that asked; what had finished is kept. For\n"
        "front ends that run a cell beside a busy one, and for requests that cells left running.",
        _cancel,
    ),
    "check": Verb(
        "%wf check [--strict]",
        "every problem of the rules, leaf causes first",
        "Nothing is run. With --strict, a problem that is an error fails the cell, so that a\n"
        "notebook run in CI stops there.",
        _check,
    ),
    "explain": Verb(
        "%wf explain TYPE [TYPE …]",
        "who would make TYPE from params of the other types, and why not the others",
        "Nothing is run. Values may stand in place of the param types:\n\n"
        '    %wf explain Gallery Folder ThumbnailSize\n    %wf explain Gallery Folder("photos")',
        _explain,
    ),
    "graph": Verb(graphs.USAGE, graphs.SUMMARY, graphs.HELP, graphs.draw),
    "plan": Verb(
        "%wf plan TYPE [VALUE …]",
        "what a request would run, without running it",
        "Write it as the request, with spaces or commas:\n\n"
        '    %wf plan Gallery Folder("photos") ThumbnailSize(128)',
        _plan,
    ),
    "reload": Verb(
        "%wf reload",
        "run again the modules of the workspace whose files have changed",
        "A module counts as it was loaded, so what is saved in an editor changes nothing until\n"
        "then. Modules that import a changed one are run again, too. Names that cells took from\n"
        "them mean the new objects, rules of theirs are replaced, and a class whose definition\n"
        "is the same stays the same. If one fails, all stay as they were.",
        _reload,
    ),
    "rules": Verb(
        "%wf rules",
        "every rule with its signature and its cell, and the types that nobody makes",
        "Sorted by name.",
        _rules,
    ),
    "stale": Verb(
        "%wf stale",
        "what changes have touched since it was made, with the change",
        "run: its rule has to run again. check: it runs again only if what it stands on comes\n"
        "out different. forgotten: its rule or its class does not stand any more.",
        _stale,
    ),
    "status": Verb(
        "%wf status",
        "how many rules and problems there are, and what the last request did",
        "The counts of the last request depend on what was remembered, so they differ between\n"
        "two runs of a notebook; leave this verb out of notebooks that are compared.",
        _status,
    ),
    "story": Verb(stepping.USAGE, stepping.SUMMARY, stepping.HELP, stepping.tell),
    "why": Verb(
        "%wf why TYPE [VALUE …]",
        "why the answer of a request was made again, or would be, down to what moved first",
        "Nothing is run. Write it as the request, with spaces or commas:\n\n"
        '    %wf why Gallery Folder("photos") ThumbnailSize(128)',
        _why,
    ),
}


# -- wording ----------------------------------------------------------------------------------


def signature(rule: Rule[Any]) -> str:
    """`resize(photo: Photo, size: Size) → Thumbnail`."""
    params = ", ".join(f"{p.name}: {p.type.__qualname__}" for p in rule.params)
    return f"{rule.name}({params}) → {rule.product.__qualname__}"


def _open_inputs(graph: RuleGraph) -> list[str]:
    names = [t.__qualname__ for t in graph.open_inputs]
    word = plural("input", len(names), with_count=False)
    return [f"open {word}: {', '.join(names)}"] if names else []


def _tally(found: Iterable[Diagnostic]) -> str:
    severities = [d.severity for d in found]
    counts = [(s, severities.count(s)) for s in ("error", "warning", "note")]
    return ", ".join(plural(s, n) for s, n in counts if n) or "no problems"


# -- arguments --------------------------------------------------------------------------------


def _take_nothing(verb: str, line: str) -> None:
    if line:
        raise MagicError(f"%wf {verb} takes nothing, not {line!r}", fix=f"%wf {verb}")


def _take_options(verb: str, line: str, known: tuple[str, ...]) -> None:
    for word in line.split():
        if word not in known:
            why = f"options: {', '.join(known)}"
            fix = f"%wf {verb}? tells what it takes"
            raise unknown(f"%wf {verb} has no option {word!r}", why, word, known, fix=fix)


def _evaluate(verb: str, desk: Desk, line: str) -> list[Any]:
    """The values of the expressions on a line, the first of them a class."""
    __tracebackhide__ = True
    who, usage = f"%wf {verb}", VERBS[verb].usage
    values = values_of(who, usage, desk.namespace, line)
    if not values or not isinstance(values[0], type):
        got = f", not {split(who, usage, line)[0]}" if values else ""
        raise MagicError(f"{who} needs a type first{got}", fix=usage)
    return values
