"""Watching: the thread that looks at an engine, and tells its observers.

Whoever asks, defines or invalidates leaves a note in a queue, no more. One thread takes the notes,
looks at the requests that run, and hands what is new to the stream. It sleeps while nothing runs
and no note comes. Its own work takes at most a twentieth of the time: the more there is to look
at, the more seldom it looks.

Knows: notes, requests that run, when to look.
Does not know: kinds of event (`telling`, `sampling`), numbers and pace (`wfnb.events.stream`).
Holds: observers are called on this thread alone, without any lock. After the last one has gone,
       nothing of the watch is kept by the engine, and nothing of the engine by the watch.
"""

from __future__ import annotations

import _thread
import sys
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wfnb.events.kinds import Remembered, RequestsPassed, TasksTouched
from wfnb.events.stream import PACE_S, Observer, Stream
from wfnb.reports import RequestFacts, SessionReport
from wfnb.rules.wording import type_name
from wfnb.watching.overview import Overview
from wfnb.watching.sampling import Causes, Sampler
from wfnb.watching.telling import (
    clean,
    request_ended,
    request_started,
    rules_changed,
)

if TYPE_CHECKING:
    from wfnb.asking import Asking
    from wfnb.definitions import Change, Definitions
    from wfnb.listeners import Ear
    from wfnb.reasons import Reasons
    from wfnb.taskgraph.causes import Cause
    from wfnb.taskgraph.graph import TaskGraph
    from wfnb.taskgraph.sessions import Session

MOST_TOLD = 50  # requests that begin and end between two messages, with events of their own
_SHARE = 20  # the watch takes one part in so many of the time
_LONGEST_PAUSE_S = 1.0

_state_of = attrgetter("state")

Note = tuple[Any, ...]


class Subscription:
    """One observer's place; ends with `close()`, or at the end of a `with` block."""

    def __init__(self, watch: Watch) -> None:
        self._watch: Watch | None = watch

    def close(self) -> None:
        """Have the observer told nothing more; one call of it may still be under way."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.unsubscribe(self)

    def let_go(self) -> None:
        """Keep nothing of the engine, which has gone."""
        self._watch = None

    def catch_up(self, timeout_s: float = 5.0) -> bool:
        """Wait until all that happened before this call was told; whether that came about.

        From an observer it comes back at once: the thread cannot wait for itself.
        """
        watch = self._watch
        return watch is not None and watch.catch_up(timeout_s)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Watch:
    """Looks at one engine as long as somebody watches; a `Listener`.

    Args:
        tell: shows a sentence to the user; None makes it a warning.

    Attributes:
        is_over: the last observer has gone, and no other may come.
    """

    def __init__(
        self,
        graph: TaskGraph,
        reasons: Reasons,
        ear: Ear,
        asking: Asking,
        definitions: Definitions,
        tell: Callable[[str], object] | None = None,
    ) -> None:
        self.is_over = False
        self._tell = tell or _warn
        self._graph = graph
        self._reasons = reasons
        self._ear = ear
        self._asking = asking
        self._stream = Stream(self._dropped)
        self._notes: SimpleQueue[Note] = SimpleQueue()
        self._lock = threading.RLock()  # a finalizer may come while this thread holds it
        self._members: set[object] = set()
        self._running: dict[int, Sampler] = {}
        self._abandoned: set[int] = set()  # told as ended though their askers are still in bodies
        self._thread = 0
        self._overview = Overview(graph, asking, definitions)
        self._pause_s = 0.0

    # ---------------------------------------------------------------- observers

    def subscribe(self, observer: Observer) -> Subscription | None:
        """Greet this observer soon, and tell it all that follows; None if this watch is over."""
        found = Subscription(self)
        with self._lock:
            if self.is_over:
                return None
            self._members.add(found)
            if not self._thread:
                with self._graph.lock:  # no request begins or ends between these
                    self._ear.listener = self
                    self._look_back()
                self._thread = _thread.start_new_thread(self._serve, ())
        self._notes.put(("greet", found, observer))
        return found

    def _look_back(self) -> None:
        """Note what there was before anybody watched: the last request, and those that run."""
        last = self._asking.last
        if last is not None:
            self.ended(last)
        for session in self._graph.sessions.values():
            self.began(session)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Tell this one nothing more."""
        self._stream.dismiss(subscription)
        self._leave(subscription)
        self._notes.put(("left",))

    def end(self) -> None:
        """Tell nobody anything more."""
        with self._lock:
            members = list(self._members)
            self._members.clear()
        for one in members:
            if isinstance(one, Subscription):
                one.let_go()
        self._leave(None)
        self._notes.put(("left",))

    def _leave(self, subscription: object) -> None:
        with self._lock:
            self._members.discard(subscription)
            if not self._members:
                self.is_over = True
                if self._ear.listener is self:
                    self._ear.listener = None

    def _dropped(self, key: object, error: BaseException) -> None:
        """Tell of an observer that raised; or of ourselves, if that fails in turn, on stderr."""
        self._leave(key)
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        text = f"an observer of wfnb raised {what}; it is told nothing more"
        try:
            self._tell(text)
        except Exception:  # warnings are errors here, or the notebook has gone
            traceback.print_exception(error, file=sys.stderr)

    def catch_up(self, timeout_s: float) -> bool:
        """Wait for the thread to have told all notes."""
        if self.is_over or _thread.get_ident() == self._thread:
            return False
        done = threading.Event()
        self._notes.put(("mark", done))
        return done.wait(timeout_s)

    # ---------------------------------------------------------------- notes, from any thread

    def began(self, session: Session) -> None:
        """A request is about to run."""
        self._notes.put(("began", session))

    def ended(self, report: SessionReport) -> None:
        """A request has its answer, or will get none."""
        facts = report.facts
        if facts is None:
            return
        sampler = self._running.get(facts.number)
        since = sampler.told_ran if sampler is not None else 0
        self._notes.put(("ended", facts, report, Causes(report.tasks_ran[since:], since)))

    def remembered(self, product: type) -> None:
        """A request was answered from memory."""
        self._notes.put(("remembered", product))

    def changed(self, change: Change, cell: str) -> None:
        """Definitions changed."""
        self._notes.put(("changed", change, cell, self._stream.now_s()))

    def touched(self, why: str, cleared: int, dirtied: int) -> None:
        """Tasks were cleared though no definition changed."""
        self._notes.put(("touched", TasksTouched(why, cleared, dirtied, self._stream.now_s())))

    # ---------------------------------------------------------------- the thread

    def _serve(self) -> None:
        try:
            while not self.is_over:
                self._step()
        except BaseException as error:  # a bug of ours: nobody is told anything any more
            self.is_over = True
            self._ear.listener = None
            self._stream.fail(error)
        finally:
            while not self._notes.empty():
                note = self._notes.get()
                if note[0] == "mark":
                    note[1].set()

    def _step(self) -> None:
        """Wait for something to tell and for the time to tell it, and tell it."""
        notes = []
        if not self._running:
            notes.append(self._notes.get())
        pause = max(self._stream.wait_s(), self._pause_s, PACE_S if self._running else 0)
        if pause:
            self._nap(pause, notes)
        while not self._notes.empty():
            notes.append(self._notes.get())
        since = time.thread_time()
        self._take(notes)
        self._look()
        spent = time.thread_time() - since
        self._look_around()  # seldom new: it must not hold up the next look at what runs
        self._pause_s = min(spent * (_SHARE - 1), _LONGEST_PAUSE_S)
        self._stream.flush()
        for note in notes:
            if note[0] == "greet" and note[1] in self._members:
                self._stream.greet(note[1], note[2])
                if note[1] not in self._members:  # it has left meanwhile
                    self._stream.dismiss(note[1])
            elif note[0] == "mark":
                note[1].set()

    def _nap(self, pause: float, notes: list[Note]) -> None:
        """Let more notes come in; the last observer to leave ends it."""
        until = time.perf_counter() + pause
        while not self.is_over and (left := until - time.perf_counter()) > 0:
            time.sleep(min(left, PACE_S))

    def _take(self, notes: list[Note]) -> None:
        ended = {note[1].number for note in notes if note[0] == "ended"}
        short = [note[1].number for note in notes if note[0] == "began" and note[1].number in ended]
        unseen = {number for number in short[:-MOST_TOLD] if number not in self._running}
        passed = Counter[str]()
        remembered = Counter[type]()
        for note in notes:
            match note:
                case ("began", session):
                    if session.number not in unseen:
                        self._follow(session)
                case ("ended", facts, report, causes):
                    if facts.number in unseen:
                        passed["count"] += 1
                        passed["ran"] += len(report.tasks_ran)
                        passed["kept"] += len(report.tasks_cleaned)
                        passed["failed"] += len(report.tasks_failed)
                    else:
                        self._end(facts, report, causes)
                case ("remembered", product):
                    remembered[product] += 1
                case ("changed", change, cell, at_s):
                    event = rules_changed(change, cell, at_s)
                    if event is not None:
                        self._stream.put(event)
                case ("touched", event):
                    self._stream.put(event)
        if passed:
            self._stream.put(RequestsPassed(**passed))
        for product, count in remembered.items():
            self._stream.put(Remembered(type_name(product), count))

    def _follow(self, session: Session) -> None:
        """Look at a request from now on."""
        if session.number not in self._running:
            self._start(session.number, session, Sampler(session.number, session, self._clause))

    def _start(self, number: int, found: Session | RequestFacts, sampler: Sampler) -> None:
        at_s = found.since - self._stream.zero_s
        self._stream.put(request_started(number, found.query[0], found.params, at_s))
        self._running[number] = sampler

    def _end(
        self, facts: RequestFacts, report: SessionReport, causes: Causes | None = None
    ) -> None:
        """Tell the rest of a request, or all of it if it is not known."""
        number = facts.number
        if number in self._abandoned:
            self._abandoned.discard(number)
            return
        if number not in self._running:
            self._start(number, facts, Sampler(number, report, self._clause))
        at_s = facts.until - self._stream.zero_s
        for event in self._running.pop(number).look(at_s, is_last=True, causes=causes):
            self._stream.put(event)
        self._stream.put(request_ended(facts, report.root, at_s))

    def _clause(self, cause: Cause | None) -> str:
        return clean(self._reasons.clauses_of(cause)[1])

    # ---------------------------------------------------------------- looking

    def _look(self) -> None:
        at_s = self._stream.now_s()
        for number, sampler in list(self._running.items()):
            for event in sampler.look(at_s):
                self._stream.put(event)
            session = self._graph.sessions.get(number)
            ended = sampler.session
            if session is None and ended is not None and sampler.was_abandoned():
                report = SessionReport(ended, None, ended.stop)
                assert report.facts is not None
                self._end(report.facts, report)
                self._abandoned.add(number)

    def _look_around(self) -> None:
        for event in self._overview.look(counts=not self._running):
            self._stream.put(event)


def hush(ear: Ear) -> None:
    """The engine has gone: whoever listens to it hears nothing any more."""
    if isinstance(ear.listener, Watch):
        ear.listener.end()


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=2)
