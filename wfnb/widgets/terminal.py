"""Progress in a terminal: some lines below the cursor, which go when the request has ended.

What rules print meanwhile has the cursor: whatever is printed first erases the lines, and they are
drawn anew below it. rich's own live display replaces `sys.stdout` to come to the same; so does the
task graph (`Turns`), and two of a kind would restore each other's.

Knows: rich, escape sequences of terminals. Does not know: IPython.
Holds: what is drawn is erased again. Nothing here takes a lock while it prints: an interrupt may
       come at any point of it. No control character of a name gets to the terminal.
"""

from __future__ import annotations

import io
import os
import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, TextIO

from wfnb.events.fold import fold_events
from wfnb.events.state import RequestState, Snapshot
from wfnb.widgets.following import follow

if TYPE_CHECKING:
    from rich.console import RenderableType

    from wfnb.engine import Engine
    from wfnb.events.kinds import MultiGetMoved

MOST_BARS = 4
MOST_RUNNING = 3
_lock = threading.Lock()  # of who draws: of two requests at once, the one that was first


def is_terminal(stream: TextIO) -> bool:
    """Whether something can be drawn on this stream, and rich is there to draw it."""
    try:
        is_tty = stream.isatty()
    except (AttributeError, ValueError):  # closed, or no stream at all
        return False
    return is_tty and os.environ.get("TERM", "dumb") != "dumb" and find_spec("rich") is not None


def show_in_terminal(engine: Engine, request: int, stream: TextIO) -> None:
    """Show a request as it comes on, until it has ended; then a line on how it went."""
    if not _lock.acquire(blocking=False):
        return
    try:
        _show(engine, request, stream)
    finally:
        _lock.release()


def _show(engine: Engine, request: int, stream: TextIO) -> None:
    known: Snapshot | None = None
    with _Canvas(stream) as canvas:
        for message in follow(engine, request):
            if isinstance(message, Snapshot):
                known = message
            elif message is not None and known is not None:
                state = fold_events(known.state, message.events)
                known = Snapshot(message.seq, known.began_at_s, state)
            if known is not None and known.state.requests[-1].outcome == "running":
                canvas.draw(_lines(known.state.requests[-1], time.time() - known.began_at_s))
    if known is not None and known.state.requests[-1].outcome != "running":
        stream.write(_clean(summary(known.state.requests[-1])) + "\n")
        stream.flush()


class _Canvas:
    """The place below the cursor; a context manager."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._write = stream.write
        self._is_used = False

    def __enter__(self) -> _Canvas:
        # on the stream itself, so that it does not matter who stands in for it by now
        self._stream.write = self._print  # type: ignore[method-assign]  # taken back below
        return self

    def __exit__(self, *_: object) -> None:
        if vars(self._stream).get("write") == self._print:
            del self._stream.write
        self._print("")
        self._stream.flush()

    def draw(self, lines: list[str]) -> None:
        """Show these lines in place of those that are there.

        Room is made first (IND scrolls, where there is no line below): only then does the place
        that is saved stay where it is.
        """
        room = "\x1bD" * len(lines) + f"\x1b[{len(lines)}A"
        shown = "\x1b7\x1b[B\r" + "\r\n".join(lines) + "\x1b8"
        self._is_used = True
        self._write("\x1b[J" + room + shown)
        self._stream.flush()

    def _print(self, text: str) -> int:
        """Write what somebody prints, once the lines are gone.

        They are erased each time: whether they are there, another thread may change meanwhile.
        """
        self._write("\x1b[J" + text if self._is_used else text)
        return len(text)


# -------------------------------------------------------------------- what is drawn


def _lines(request: RequestState, now_s: float) -> list[str]:
    from rich.console import Console, Group

    width, height = _size()
    buffer = io.StringIO()
    console = Console(
        file=buffer, force_terminal=True, width=max(20, width - 1), legacy_windows=False
    )
    console.print(Group(*_parts(request, now_s)), soft_wrap=False)
    return buffer.getvalue().splitlines()[: max(1, height - 2)]


def _parts(request: RequestState, now_s: float) -> list[RenderableType]:
    from rich.text import Text

    elapsed = max(0.0, now_s - request.started_s)
    word = "stopping" if request.is_stopping else "running"
    head = f"{_title(request)}: {word} for {duration(elapsed)}; {tally(request)}"
    parts: list[RenderableType] = [_text(head, "bold")]
    moving = [one for one in request.multigets if not one.is_over][:MOST_BARS]
    parts += [_bar(one) for one in moving]
    for lane in request.lanes[:MOST_RUNNING]:
        parts.append(_text(f"  ▶ {lane.task} · {duration(max(0.0, now_s - lane.since_s))}", "dim"))
    more = len(request.lanes) - MOST_RUNNING
    if more > 0:
        parts.append(Text(f"  and {more} more", style="dim"))
    return parts


def _bar(bar: MultiGetMoved) -> RenderableType:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, max_width=40)
    grid.add_column(width=24)
    grid.add_column(no_wrap=True)
    ended = bar.done + bar.reused + bar.failed
    counts = [(bar.done, "done"), (bar.reused, "reused"), (bar.failed, "failed")]
    counts += [(bar.running, "running"), (bar.waiting, "waiting")]
    told = ", ".join(f"{number:,} {word}" for number, word in counts if number or word == "done")
    grid.add_row(
        _text(f"  {bar.asker}"),
        ProgressBar(bar.total, ended, width=24),
        _text(f"{told} of {bar.total:,}"),
    )
    return grid


def _text(text: str, style: str = "") -> RenderableType:
    from rich.text import Text

    return Text(_clean(text), style=style, no_wrap=True, overflow="ellipsis")


def _clean(text: str) -> str:
    """The text without what could move a cursor."""
    return "".join(one if one.isprintable() else "�" for one in text)


def _size() -> tuple[int, int]:
    try:
        found = os.get_terminal_size()
    except OSError:
        return 80, 24
    return found.columns or 80, found.lines or 24


# -------------------------------------------------------------------- in words


def summary(request: RequestState) -> str:
    """The whole of a request that has ended, in one line."""
    took = duration((request.ended_s or request.started_s) - request.started_s)
    told = f"{_title(request)}: {tally(request)} in {took}"
    match request.outcome:
        case "interrupted":
            return f"{told}; interrupted"
        case "failed" | "refused":
            return f"{told}; failed"
        case "started over":
            return f"{told}; started over"
    return f"{told}; exit code {request.exit_code}" if request.exit_code else told


def tally(request: RequestState) -> str:
    """What became of its tasks; remembered ones as far as MultiGets tell."""
    counts = list(request.rules.values())
    kept = sum(one.kept for one in counts)
    parts = [f"{sum(one.ran for one in counts):,} ran"]
    if kept:
        parts.append(f"{kept:,} kept")
    if loaded := sum(one.loaded for one in counts):
        parts.append(f"{loaded:,} from disk")
    parts.append(f"{sum(one.reused for one in request.multigets):,} reused")
    parts.append(f"{sum(one.failed for one in counts):,} failed")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """ "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _title(request: RequestState) -> str:
    return f"goal {request.product}" if request.is_goal else request.product
