"""Magics: `%wf`, `%goal` and `%%rule` as IPython knows them.

Knows: IPython's registry of magics, its pager and its displays.
Does not know: what verbs answer; how a `%%rule` cell is run (`headers.py` rewrites it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core import page
from IPython.display import display

from wfnb.errors import MagicError
from wfnb.notebook import goals, graphs, verbs
from wfnb.notebook.verbs import Desk

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

RULE_HELP = """Declare rules, and report on them under the cell.

    %%rule [--quiet] [--rerun]

The cell runs as any other cell: an ordinary cell with @rule declares the same rules. Under it
stands how many rules there are now, which types nobody makes yet, and every problem.

    --quiet, -q   no report
    --rerun       redo the tasks of this cell's rules even if nothing has changed, for rules
                  that depend on something the engine cannot see"""


def show(answer: verbs.Answer) -> None:
    """Display plain text under the running cell, a picture in all its forms, or a live view."""
    for one in answer if isinstance(answer, tuple) else (answer,):
        data: dict[str, Any]
        metadata: dict[str, Any] = {}
        if isinstance(one, str):
            data = {"text/plain": one}
        elif isinstance(one, dict):
            data = dict(one)
        else:
            data, metadata = one.bundle(), one.metadata
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]  # IPython's


def register(shell: InteractiveShell, desk: Callable[[], Desk]) -> None:
    """Register the magics; `desk` gives where verbs look."""

    def wf(line: str) -> None:
        __tracebackhide__ = True
        name = line.strip()
        if name.endswith("?"):
            page.page(verbs.help_text(name.rstrip("? ")))
        else:
            show(verbs.answer(desk(), line))

    def goal(line: str) -> None:
        __tracebackhide__ = True
        if line.strip() == "?":
            page.page(goals.HELP)
            return
        text = goals.run_goal(desk(), line)
        if text is not None:
            show(text)

    def rule(line: str, cell: str) -> None:
        if line.strip().startswith("?"):
            page.page(RULE_HELP)
            return
        raise MagicError(
            "%%rule was called as a function, where its cell could neither await nor fail",
            fix="write %%rule on the first line of a cell",
        )

    wf.__doc__ = verbs.help_text()
    goal.__doc__ = goals.HELP
    rule.__doc__ = RULE_HELP
    shell.magics_manager.register_function(wf, "line", "wf")
    shell.magics_manager.register_function(goal, "line", "goal")
    shell.magics_manager.register_function(rule, "cell", "rule")
    graphs.register(shell)


def unregister(shell: InteractiveShell) -> None:
    """Remove the magics."""
    for name in ("wf", "goal"):
        shell.magics_manager.magics["line"].pop(name, None)
    shell.magics_manager.magics["cell"].pop("rule", None)
    graphs.unregister(shell)
