"""Settings: what a user may choose about an engine.

Knows: names, defaults, which values mean something.
Does not know: who reads them.
Holds: a setting always has a value that it can have; a wrong name or value is refused where it is
    assigned. Who reads them reads them anew each time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from wfnb.errors import SettingError

MOST_STEPS: Final = 10_000  # of one request, that are recorded

KeepSandboxes: TypeAlias = Literal["never", "on_failure", "always"]


@dataclass(slots=True)
class Settings:
    """What may be changed at any time.

    Attributes:
        guard_mutation: whether values that can change in place are looked at again before they
            are used again: True always, False never, None where that costs under 5 % of the
            time it took to make them (and in the first 2 ms of it, of each request).
        keep_sandboxes: which folders of processes stay, to look at, with `__run.sh` in them: those
            that failed, all, or none. From the next process that runs. Nobody removes them.
        process_concurrency: how many processes run at a time; None for as many as there are cores,
            not counting those that are asleep. From the next process that runs.
        progress_after: after how many seconds a request shows how it comes on, in a notebook or
            a terminal; None for never.
        recorded_steps: how many steps of each request a notebook keeps for `%wf story`; 0 for none.
            From the next request that runs.
        sandbox_folder: where the folders of processes are made, in one of the user's own; None for
            the system's place for temporary files. From the next process that runs.
    """

    guard_mutation: bool | None = None
    keep_sandboxes: KeepSandboxes = "never"
    process_concurrency: int | None = None
    progress_after: float | None = 0.5
    recorded_steps: int = 2_000
    sandbox_folder: str | Path | None = None

    def __setattr__(self, name: str, value: object) -> None:
        check = _CHECKS.get(name)
        if check is None:
            raise _no_such(name)
        object.__setattr__(self, name, check(value))


def _guard_mutation(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    raise _refused(
        "guard_mutation",
        value,
        why=[
            "True looks at values again each time, False never, None where it is cheap",
        ],
        fix="guard_mutation = True, False or None",
    )


def _keep_sandboxes(value: object) -> object:
    if value in ("never", "on_failure", "always"):
        return value
    raise _refused(
        "keep_sandboxes",
        value,
        why=["it says which folders of processes stay, to look at"],
        fix='keep_sandboxes = "never", "on_failure" or "always"',
    )


def _process_concurrency(value: object) -> object:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise _refused(
        "process_concurrency",
        value,
        why=["it is how many processes run at a time; None: as many as there are cores"],
        fix="process_concurrency = a number from 1, or None",
    )


def _progress_after(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf:
        return value
    raise _refused(
        "progress_after",
        value,
        why=["it is after how many seconds a request shows how it comes on; None: never"],
        fix="progress_after = a number from 0, or None",
    )


def _recorded_steps(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_STEPS:
        return value
    raise _refused(
        "recorded_steps",
        value,
        why=["it is how many steps of each request a notebook keeps for %wf story; 0: none"],
        fix=f"recorded_steps = a number from 0 to {MOST_STEPS:,}".replace(",", "_"),
    )


def _sandbox_folder(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, (str, Path)) and str(value) and "\0" not in str(value):
        return Path(os.path.abspath(os.path.expanduser(value)))
    raise _refused(
        "sandbox_folder",
        value,
        why=["it is where the folders of processes are made; None: with temporary files"],
        fix="sandbox_folder = the path of a folder, or None",
    )


_CHECKS: Final[dict[str, Callable[[object], Any]]] = {
    "guard_mutation": _guard_mutation,
    "keep_sandboxes": _keep_sandboxes,
    "process_concurrency": _process_concurrency,
    "progress_after": _progress_after,
    "recorded_steps": _recorded_steps,
    "sandbox_folder": _sandbox_folder,
}
assert list(_CHECKS) == [field.name for field in fields(Settings)]


def _refused(name: str, value: object, *, why: list[str], fix: str) -> SettingError:
    return SettingError(f"the setting {name} cannot be {value!r:.80}", why=why, fix=f"write {fix}")


def _no_such(name: str) -> SettingError:
    import difflib  # a hundredth of what importing wfnb costs, and only needed here

    close = difflib.get_close_matches(name, _CHECKS, 1, 0.5)
    return SettingError(
        f"there is no setting {name}",
        why=[f"there is {', '.join(_CHECKS)}"],
        fix=f"did you mean {close[0]}?" if close else "write one of these",
    )
