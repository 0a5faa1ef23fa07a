"""Reports: the few lines under a `%%rule` cell.

Knows: words. Does not know: how they are shown.
Holds: a notebook run twice from the top shows the same text both times, whether or not its cells
       have ids; what changed is only mentioned when a cell is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wfnb.notebook.outcomes import CellStory

_MOST_PROBLEMS = 3


def report(
    story: CellStory | None,
    open_inputs: Iterable[type],
    problems: Sequence[object],
    unmarked: Sequence[tuple[str, int]] = (),
) -> str:
    """The text for one cell.

    Args:
        story: what became of the cell's rules; None if it never had any.
        open_inputs: types that nobody makes.
        problems: the diagnostics that concern this cell, the most telling first.
        unmarked: names and lines of functions that might be meant as rules.
    """
    rules = story.rules if story is not None else ()
    if rules:
        parts = [f"rules: {len(rules)} registered"]
    elif unmarked:
        name, line = unmarked[0]
        parts = [f"no rules here: is @rule missing above {name} (line {line})?"]
    else:
        parts = ["rules: none"]
    if story is not None and not story.is_first:
        parts += _changes(story)
    mine = [t.__qualname__ for t in open_inputs if t in _asked(rules)]
    if mine:
        parts.append(f"open {plural('input', len(mine), with_count=False)}: {', '.join(mine)}")
    if problems:
        parts.append(plural("problem", len(problems)))
    lines = [" · ".join(parts)]
    if story is not None:
        lines += _replacements(story.replaced)
        lines += [f"note: withdrawn: {what}" for what in _of_places(story.lost)]
    lines += [str(p) for p in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        lines.append(f"… and {len(problems) - _MOST_PROBLEMS} more: %wf check")
    return "\n".join(lines)


def plural(word: str, count: int, *, with_count: bool = True) -> str:
    """`1 problem`, `2 problems`."""
    text = word if count == 1 else f"{word}s"
    return f"{count} {text}" if with_count else text


def _changes(story: CellStory) -> list[str]:
    groups = (("added", story.added), ("changed", story.changed), ("withdrawn", story.withdrawn))
    return [f"{word}: {', '.join(names)}" for word, names in groups if names] or ["nothing changed"]


def _replacements(replaced: Iterable[tuple[str, str]]) -> list[str]:
    return [
        f"note: {', '.join(names)} {'replaces the one' if len(names) == 1 else 'replace those'}"
        f" of {place}"
        for place, names in _by_place(replaced).items()
    ]


def _of_places(rules: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{', '.join(names)} of {place}" for place, names in _by_place(rules).items()]


def _by_place(rules: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    by_place: dict[str, list[str]] = {}
    for name, place in rules:
        by_place.setdefault(place, []).append(name)
    return by_place


def _asked(rules: Iterable[Any]) -> set[type]:
    asked: set[type] = set()
    for rule in rules:
        asked |= {p.type for p in rule.params}
        asked |= {r.product for r in rule.requests().found}
    return asked
