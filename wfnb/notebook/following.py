"""Following: rules taken along to the classes that stand in the place of earlier ones.

Knows: which classes stand, which rules a rule was made from.
Does not know: cells, the engine.
Holds: however often a class is defined anew, a rule keeps no class between the one that its cell
       was run with and the one that stands.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, MutableMapping
from typing import Any

from wfnb.notebook.classes import ClassBook
from wfnb.notebook.declared import Declared, is_rule, mentioned, with_types
from wfnb.rules.rule import Rule


class Following:
    """Gives rules, unions and queries with the classes that stand.

    Args:
        classes: which classes stand.
        namespace: gives the notebook's names.
    """

    def __init__(
        self, classes: ClassBook, namespace: Callable[[], MutableMapping[str, object]]
    ) -> None:
        self._classes = classes
        self._namespace = namespace
        self._originals: weakref.WeakKeyDictionary[Rule[Any], Rule[Any]] = (
            weakref.WeakKeyDictionary()
        )

    def current(self, declared: Declared) -> Declared:
        """The same with classes that stand in the place of retired ones."""
        if not self._classes.has_retired():
            return declared
        if not self._successors(mentioned(declared)):
            return declared
        if not is_rule(declared):
            return with_types(declared, self._successors(mentioned(declared)))
        original = self._originals.get(declared, declared)
        now = self._successors({original.product, *(p.type for p in original.params)})
        made = with_types(original, now)
        others = self._successors(mentioned(made))  # which its body reaches by other names
        if others:
            made = with_types(original, {**now, **others})
        self._originals[made] = original
        return made

    def _successors(self, classes: set[type]) -> dict[type, type]:
        found = {cls: self._classes.successor(cls) for cls in classes}
        return {cls: now for cls, now in found.items() if now is not None}

    def take_along(self, declared: Declared) -> Declared:
        """The same, and the names that the rule is bound to mean the new one from now on.

        Else whoever calls it by name would call a rule of earlier classes, which is nobody's.
        """
        current = self.current(declared)
        if current is not declared:
            namespace = self._namespace()
            for name in [n for n, v in list(namespace.items()) if v is declared]:
                namespace[name] = current
        return current
