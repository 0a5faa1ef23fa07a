"""Settings: what a user may choose about an engine.

Knows: names, defaults. Does not know: who reads them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """What may be changed at any time.

    Attributes:
        guard_mutation: whether values that can change in place are looked at again before they
            are used again: True always, False never, None where that costs under 5 % of the
            time it took to make them (and in the first 2 ms of it, of each request).
    """

    guard_mutation: bool | None = None
