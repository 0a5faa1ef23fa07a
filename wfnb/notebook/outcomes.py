"""Outcomes: what a cell, or a reload, has made of the rules.

Knows: rules before and after. Does not know: cells, how it is told (`reports.py`).
Holds: names stand in the order of their definitions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wfnb.notebook.declared import Declared, is_rule, key_of, name_of


@dataclass(frozen=True, slots=True)
class CellStory:
    """What became of the rules of one cell that has succeeded.

    Attributes:
        rules: the cell's rules as they stand now.
        is_first: whether the cell had no rules before.
        added, changed, withdrawn: names of rules, in order of definition, against what stood
            before the cell.
        replaced: names of rules that stood for another cell, each with the place of that one
            ("In [4]"), in order of definition.
        lost: the same for rules of other cells whose names mean no rule any more.
    """

    rules: tuple[Declared, ...]
    is_first: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


def story_of_cell(
    stood: Iterable[Declared],
    now: Iterable[Declared],
    moved: Collection[object],
    others: Iterable[Declared],
    stand: Iterable[Declared],
    *,
    is_known: bool,
) -> CellStory:
    """The story of one cell.

    Args:
        stood: what stood for the cell before.
        now: what stands for it now.
        moved: keys of the rules that are new, or mean something else now.
        others: what stood for other cells that have lost something to this one.
        stand: what stands now, for all cells.
        is_known: whether it is certain that the same cell has run before.
    """
    rules = tuple(r for r in now if is_rule(r))
    before = [name_of(r) for r in stood if is_rule(r)]
    names = [name_of(r) for r in rules]
    keys = {key_of(r) for r in stand}
    earlier = {key_of(r): r for r in others if is_rule(r)}
    gone = {name_of(r): r for key, r in earlier.items() if key not in keys}
    pairs = [(r, earlier.get(key_of(r)) or gone.get(name_of(r))) for r in rules]
    return CellStory(
        rules=rules,
        is_first=not is_known or not before,
        added=tuple(n for n in names if n not in before),
        changed=tuple(name_of(r) for r in rules if name_of(r) in before and key_of(r) in moved),
        withdrawn=tuple(n for n in before if n not in names),
        replaced=tuple(
            (name_of(r), was.place.label)
            for r, was in pairs
            if was is not None and was.function is not r.function
        ),
        lost=tuple((name, r.place.label) for name, r in gone.items() if name not in names),
    )


def story_of_all(
    before: Collection[str], now: Iterable[Declared], moved: Collection[str]
) -> CellStory:
    """The story of all cells.

    Args:
        before: names of the rules that stood.
        moved: names of those that are new, or mean something else now.
    """
    rules = tuple(r for r in now if is_rule(r))
    names = [name_of(r) for r in rules]
    return CellStory(
        rules=rules,
        is_first=False,
        added=tuple(n for n in names if n not in before),
        changed=tuple(n for n in names if n in before and n in moved),
        withdrawn=tuple(sorted(set(before) - set(names) - {""})),
    )
