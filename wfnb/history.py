"""History: what rules meant before, as far as someone may ask why they ran again.

Knows: prints of earlier versions, without the objects that they read.
Does not know: tasks, cells.
Holds: nothing here keeps a function, a value or a class alive, but for what a rule means now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfnb.hashing.differences import Outline
    from wfnb.hashing.fingerprint import Fingerprint
    from wfnb.rules.rule import RuleKey

_MOST = 20  # versions of one rule

Settings = tuple[bool, bool]  # cacheable, async
Version = tuple[bytes, Settings, object]  # digest, settings, members of unions if it reads them


class History:
    """The last versions of each rule that stands."""

    def __init__(self) -> None:
        self._known: dict[RuleKey, dict[bytes, tuple[Fingerprint | Outline, str]]] = {}

    def note(self, key: RuleKey, print_: Fingerprint, by: str) -> None:
        """Remember what a rule means now, and the cell that made it mean that."""
        known = self._known.setdefault(key, {})
        if known:
            last = next(reversed(known))
            if last == print_.digest:
                known[last] = (print_, known[last][1])
                return
            from wfnb.hashing.differences import outline

            known[last] = (outline(known[last][0]), known[last][1])
            known.pop(print_.digest, None)
        known[print_.digest] = (print_, by)
        if len(known) > _MOST:
            del known[next(iter(known))]

    def forget(self, key: RuleKey) -> None:
        """The rule does not stand any more."""
        self._known.pop(key, None)

    def differences(self, key: RuleKey, old: Version, new: Version) -> tuple[str, tuple[str, ...]]:
        """The cell that made a rule mean something else ("" if that is not known), and what."""
        by = ""
        found: list[str] = []
        if old[0] != new[0]:
            known = self._known.get(key, {})
            before, _ = known.get(old[0], (None, ""))
            after, by = known.get(new[0], (None, ""))
            if before is not None and after is not None:
                from wfnb.hashing.differences import differences

                found += [str(one) for one in differences(before, after)]
            else:
                found.append("it was changed more than once")
        if old[1][0] != new[1][0]:
            found.append(f"cacheable: {old[1][0]} → {new[1][0]}")
        if old[1][1] != new[1][1]:
            found.append("async def → def" if old[1][1] else "def → async def")
        if old[2] != new[2]:
            found.append("the members of a union")
        return by, tuple(found)
