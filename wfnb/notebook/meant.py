"""What was perhaps meant by a name that a cell does not know, told where it fails.

A class that is misspelt in an annotation fails before `@rule` sees the function, and IPython,
unlike Python itself, offers no name in its place.

Knows: IPython's hook for exceptions.
Does not know: rules, beyond their decorator in the text of a cell.
Holds: the hook is only taken when it is free, and given back.
"""

from __future__ import annotations

import builtins
import linecache
from types import TracebackType
from typing import Any

from wfnb.rules.wording import nearest

_OPTIMIZED = 0x1  # co_flags of functions; cells and class bodies have it not
_MARKS = ("@rule", "@goal_rule", "'%%rule")


def install(shell: Any) -> None:
    """Have unknown names in cells with rules noted with what was perhaps meant."""
    if not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), _show)


def uninstall(shell: Any) -> None:
    """No longer."""
    if shell.custom_exceptions == (NameError,):
        shell.set_custom_exc((), None)


def _show(
    shell: Any,
    kind: type[BaseException],
    error: NameError,
    traceback: TracebackType,
    tb_offset: int | None = None,
) -> None:
    note = _note(shell, error, traceback)
    if note and note not in getattr(error, "__notes__", ()):
        error.add_note(note)
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def _note(shell: Any, error: NameError, traceback: TracebackType) -> str:
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    frame = traceback.tb_frame
    if frame.f_globals is not shell.user_ns or frame.f_code.co_flags & _OPTIMIZED:
        return ""
    lines = linecache.getlines(frame.f_code.co_filename)
    if not error.name or not any(line.lstrip().startswith(_MARKS) for line in lines):
        return ""
    known = [*frame.f_locals, *frame.f_globals, *vars(builtins)]
    meant = nearest(error.name, [name for name in known if not name.startswith("_")])
    return f"did you mean {meant}?" if meant else ""
