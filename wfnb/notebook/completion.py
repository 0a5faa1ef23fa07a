"""Completion: what Tab offers after `%wf` and `%%rule`.

Knows: IPython's matchers. Does not know: what the words do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)

from wfnb.notebook.goals import goals_of
from wfnb.notebook.graphs import OPTIONS
from wfnb.notebook.options import RULE_OPTIONS
from wfnb.notebook.stepping import OPTIONS as STORY_OPTIONS
from wfnb.notebook.verbs import VERBS

if TYPE_CHECKING:
    from wfnb.notebook.verbs import Desk

_OPTIONS = {"check": ("--strict",), "graph": OPTIONS, "story": STORY_OPTIONS}

Matcher = Callable[[CompletionContext], SimpleMatcherResult]


def matcher_of(desk: Callable[[], Desk]) -> Matcher:
    """A matcher for verbs, options, types and rules; silent on every other line."""

    @context_matcher()  # type: ignore[untyped-decorator]  # IPython's
    def wfnb_matcher(context: CompletionContext) -> SimpleMatcherResult:
        words = context.text_until_cursor.split(" ")
        offered: list[tuple[str, str]] = []
        if words[0] == "%%rule" and len(words) > 1:
            offered = [(option, "option") for option in RULE_OPTIONS]
        elif words[0] == "%goal" and len(words) > 1:
            goals = [(name, "goal") for name in goals_of(desk())]
            offered = goals if len(words) == 2 else _names(desk())
        elif words[0] == "%wf" and len(words) == 2:
            offered = [(verb, "verb") for verb in VERBS]
        elif words[0] == "%wf" and words[1] == "cancel":
            running = desk().engine.running.items()
            offered = [(str(number), product) for number, product in running]
        elif words[0] == "%wf" and len(words) > 2:
            options = [(option, "option") for option in _OPTIONS.get(words[1], ())]
            offered = options if words[1] in ("check", "story") else [*_names(desk()), *options]
        found = [
            SimpleCompletion(text=text, type=kind)
            for text, kind in offered
            if text.startswith(context.token)
        ]
        return {"completions": found, "suppress": bool(found)}

    return wfnb_matcher  # type: ignore[no-any-return]  # the decorator is untyped


def _names(desk: Desk) -> list[tuple[str, str]]:
    """Types that rules make or take, then rules, as far as the notebook has a name for them."""
    rules = desk.engine.rule_graph.rules.values()
    types = {t.__name__ for r in rules for t in (r.product, *(p.type for p in r.params))}
    names = [(t, "class") for t in sorted(types)]
    names += [(r, "function") for r in sorted({r.name for r in rules})]
    return [(name, kind) for name, kind in names if name in desk.namespace]
