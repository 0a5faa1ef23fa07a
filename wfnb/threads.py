"""Where the engine may be spoken to: not in a rule, and without blocking a coroutine.

Knows: frames, running loops. Does not know: requests beyond their text.
"""

from __future__ import annotations

import sys
from typing import Any

from wfnb.errors import BlockingRequestError, EffectError
from wfnb.places import place
from wfnb.rules.requests import _active
from wfnb.rules.wording import type_name

_COROUTINE = 0x80 | 0x100 | 0x200  # co_flags of coroutines, awaitable generators, async generators


def refuse_blocking(
    product: object, params: tuple[object, ...], *, is_awaited: bool = False
) -> None:
    """Raise if the caller is in a place where waiting for an answer would block it for ever.

    Raises:
        BlockingRequestError: with the line to write instead.
    """
    __tracebackhide__ = True
    name = type_name(product)
    args = "".join(f", {type_name(type(param))}" for param in params)
    if _active.worker is not None and not _is_of(sys._getframe(1).f_locals.get("self")):
        raise BlockingRequestError(
            f"a rule of one engine asked another for {name}",
            place=_place_of_caller(),
            why=["what it answers is not followed, so the rule would never run again for it"],
            fix="ask it before, and pass the answer as a param; or define in one engine "
            f"what makes {name}, and await Get({name}{args and ', …'})",
        )
    if _active.worker is not None:
        raise BlockingRequestError(
            f"a rule asked the engine for {name} from outside",
            place=_place_of_caller(),
            why=["a rule that waits for a whole request holds up the one it is part of"],
            fix=f"await Get({name}{args}{', value' if len(params) == 1 else ''})",
        )
    if is_awaited:
        return
    asyncio: Any = sys.modules.get("asyncio.events")
    if asyncio is None or asyncio._get_running_loop() is None:
        return
    frame = sys._getframe(1)
    back: Any = frame
    while back is not None:
        module = str(back.f_globals.get("__name__", ""))
        if module.startswith("IPython.core"):
            return  # a cell that is no coroutine
        if back.f_code.co_flags & _COROUTINE:
            raise BlockingRequestError(
                f"a blocking request for {name} inside a coroutine",
                place=_place_of_caller(),
                why=["it would stop the event loop, and no interrupt could reach it"],
                fix=f"await arequest({name}{', …' if params else ''})",
            )
        back = back.f_back


def _is_of(engine: Any) -> bool:
    """Whether the rule that runs here was asked of this engine, as far as that can be told."""
    session = getattr(_active.worker, "session", None)
    tasks = getattr(engine, "_tasks", None)
    return session is None or tasks is None or session.graph is tasks


def refuse_change(what: str) -> None:
    """Raise if a rule tries to change what the engine knows, which may be why the rule runs.

    Args:
        what: the method, "invalidate".

    Raises:
        EffectError: the caller is a rule other than a goal.
    """
    __tracebackhide__ = True
    worker = _active.worker
    if worker is None or not worker.in_body or worker.attempt.task is None:
        return
    asking = worker.attempt.task.family.rule
    if asking.is_goal:
        return
    raise EffectError(
        f"{asking.name} called {what}() on the engine that runs it",
        place=_place_of_caller(),
        why=["a rule only makes a value: it may run at any time, or not at all"],
        fix=f"call {what}() in a cell, or in a goal rule",
    )


def _place_of_caller() -> Any:
    frame: Any = sys._getframe(1)
    while frame is not None and f"{frame.f_globals.get('__name__', '')}.".startswith("wfnb."):
        frame = frame.f_back
    return place(frame.f_code.co_filename, frame.f_lineno) if frame is not None else None
