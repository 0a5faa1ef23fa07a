"""Slips: a request that is used as if it were its answer says that it was not awaited.

Knows: the uses that a request itself has none of.
Does not know: requests beyond their repr.
Holds: `==`, hashing, truth and `repr` are left alone, since collections, `filter` and debuggers
    go by them.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import NoReturn

_MAY_AWAIT = 0x80 | 0x200  # co_flags of coroutines and async generators


class Unawaited:
    """Base of requests: refuses to be what it only asks for."""

    __slots__ = ()

    def _refuse_use(self, *_: object) -> NoReturn:
        raise TypeError(_not_awaited(self, "await …"))

    __str__ = __format__ = __iter__ = __len__ = __getitem__ = __contains__ = _refuse_use
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse_use
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse_use
    __neg__ = __int__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse_use

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(_not_awaited(self, f"(await …).{name}"))


def _not_awaited(request: Unawaited, use: str) -> str:
    """What to write instead, by the function of the rule in which it happened."""
    from wfnb.rules.requests import _active

    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_name.startswith("<"):  # a comprehension, a lambda
        frame = frame.f_back
    how = f"write {use}"
    if _active.worker is not None and frame is not None and not frame.f_code.co_flags & _MAY_AWAIT:
        how = f"write async def {frame.f_code.co_name}, and {use}"
    return f"{request!r} was not awaited: {how}"
