"""Every error of wfnb, by who can mend it.

WfnbError                      base of all below; str() says what, where, why and what to do
├── DefinitionError            the author of a rule
│   ├── SignatureError         an annotation that is no plain class, defaults, *args
│   ├── RequestError           a Get, MultiGet or call built in a form that means nothing
│   ├── AwaitError             no request was awaited, or one outside a rule
│   ├── ProductError           a rule returned a value that is not exactly of its product type
│   ├── EffectError            an effect outside a goal rule
│   ├── MutationError          a rule changed in place what another rule had made
│   ├── UnionError             a union rule whose base is no union, a value that is no member
│   └── CycleError             a request that waits for itself
├── CallerError                who asked
│   ├── WiringError            no way, or no single way, to make the product from the params
│   ├── ParamError             a param that is no key, two of one type, an old class
│   ├── BlockingRequestError   a blocking request where only an awaited one can work
│   ├── SettingError           a setting that is not there, or a value that it cannot have
│   ├── MagicError             a magic with a wrong verb or option
│   └── GoalFailed             a goal in a cell ended with another exit code than 0
├── WorldError                 what is outside: the disk, a program, the network
│   ├── FileError              a file on the disk or in a digest is not as a request needs it
│   ├── ProcessError           a process gave no usable result
│   │   ├── ProcessStartError        no such program, no such folder, nothing can be started
│   │   ├── ProcessExecutionFailure  another exit code than 0, or too long (in `processes`)
│   │   ├── ProcessOutputError       it wrote more than it may
│   │   ├── ProcessLostError         its end was seen by nobody, or it could not be ended
│   │   └── ProcessCancelled         nobody waits for it any more
│   └── DownloadError          a file could not be downloaded, or is not the expected one
│       └── DownloadCancelled        nobody waits for it any more
└── WfnbBug                    us

RequestInterrupted             a KeyboardInterrupt; everything finished is kept
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfnb.places import Place

_MOST_LINES = 12


class WfnbError(Exception):
    """Something wfnb refuses, with the place and the fix.

    Args:
        what: one sentence: what is wrong, in the author's words.
        code: stable code of the problem ("WF203"), if it has one.
        place: where it is written.
        why: one line per reason, most telling first.
        fix: what to do instead.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str | None = None,
        place: Place | None = None,
        why: Iterable[str] = (),
        fix: str | None = None,
    ) -> None:
        self.what = what
        self.code = code
        self.place = place
        self.why = tuple(why)
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        return "\n".join(
            render(self.what, code=self.code, place=self.place, why=self.why, fix=self.fix)
        )

    def _render_traceback_(self, *_: object) -> list[str]:
        """What IPython shows: the message alone, the engine's frames add nothing."""
        return f"{type(self).__name__}: {self}".splitlines()


def render(
    what: str,
    *,
    code: str | None = None,
    place: Place | None = None,
    why: Iterable[str] = (),
    fix: str | None = None,
) -> list[str]:
    """The lines of a problem: what, where, why (indented), and the fix after an arrow."""
    head = [f"{code}  {what}" if code else what]
    if place is not None and place.label:
        head.append(f"  {place}")
    tail = [f"  → {fix}"] if fix else []
    reasons = [f"    {line}" for line in why]
    room = _MOST_LINES - len(head) - len(tail)
    if len(reasons) > room:
        reasons = [*reasons[: room - 1], f"    … and {len(reasons) - room + 1} more"]
    return [*head, *reasons, *tail]


class DefinitionError(WfnbError):
    """A rule that cannot mean what its author wants."""


class SignatureError(DefinitionError):
    """A rule whose parameters or product are not plain, resolvable classes."""


class RequestError(DefinitionError):
    """A Get, MultiGet or call in a form that means nothing."""


class AwaitError(DefinitionError):
    """A rule awaited something that is not a request, or a request was awaited outside a rule."""


class ProductError(DefinitionError):
    """A rule returned a value that is not exactly of its product type."""


class EffectError(DefinitionError):
    """An effect outside a goal rule, or a goal whose rules changed after its first effect."""


class MutationError(DefinitionError):
    """A rule changed in place a value that another rule had made."""


class MutationWarning(UserWarning):
    """A value that a request had given was changed in place by its user."""


class UnionError(DefinitionError):
    """A union rule without a union, or a value that is no member of one."""


class CycleError(DefinitionError):
    """A request that, through others, waits for itself."""


class CallerError(WfnbError):
    """A request that cannot be served as it was asked."""


class WiringError(CallerError):
    """No way, or no single way, to make the product from the params at hand."""


class ParamError(CallerError):
    """A value that cannot be a param."""


class BlockingRequestError(CallerError):
    """A blocking request in a place where only an awaited one can work."""


class SettingError(CallerError):
    """A setting that is not there, or a value that it cannot have."""


class MagicError(CallerError):
    """A magic with a wrong verb or option."""


class GoalFailed(CallerError):
    """A goal that was run by a magic ended with another exit code than 0."""


class WorldError(WfnbError):
    """Something outside wfnb is not as a request needs it."""


class FileError(WorldError):
    """Something on the disk, or in a digest, is not as the request needs it."""


class ProcessError(WorldError):
    """A process that gave no usable result."""


class ProcessStartError(ProcessError):
    """A process that could not be started: no such program, no such folder."""


class ProcessOutputError(ProcessError):
    """A process that wrote more than it may."""


class ProcessLostError(ProcessError):
    """A process whose end nobody saw, or that could not be ended."""


class ProcessCancelled(ProcessError):
    """A process that nobody waits for any more.

    Attributes:
        has_started: whether it ran by then.
    """

    def __init__(self, what: str, *, has_started: bool = False) -> None:
        super().__init__(what)
        self.has_started = has_started


class DownloadError(WorldError):
    """A file that could not be downloaded, or is not the expected one."""


class DownloadCancelled(DownloadError):
    """A download that nobody waits for any more."""


class WfnbBug(WfnbError):
    """A broken promise of wfnb itself; please report it."""


class RequestInterrupted(KeyboardInterrupt):
    """A request was interrupted; what had finished is kept, what was running is named.

    Attributes:
        running: descriptions of the rules that were running.
    """

    def __init__(self, message: str, running: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.running = tuple(running)

    def _render_traceback_(self, *_: object) -> list[str]:
        return f"{type(self).__name__}: {self}".splitlines()
