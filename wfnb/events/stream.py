"""The stream: observers, numbers, and the pace at which they are told.

Knows: who watches, what has not been told yet, when the next message may go out.
Does not know: where events come from; threads, but that `put` may be called from any.
Holds: an observer gets a snapshot first, then every batch, in order, without a gap.
       At most `MOST_A_SECOND` batches a second go out. An observer that raises is dropped and
       reported; the others are told all the same.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from wfnb.events.fold import fold_events
from wfnb.events.kinds import Event
from wfnb.events.state import Batch, Message, Snapshot, State

MOST_A_SECOND = 20
PACE_S = 1 / MOST_A_SECOND

Observer = Callable[[Message], object]


class Stream:
    """What goes to the observers of one engine; all but `put` is called on one thread.

    Args:
        report: told the key of an observer that was dropped, and what it had raised.
        clock: seconds, growing.

    Attributes:
        state: after the last batch.
        seq: of the last batch.
    """

    def __init__(
        self,
        report: Callable[[object, BaseException], object],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.state = State()
        self.seq = 0
        self.clock = clock
        self.began_at_s = time.time()
        self.zero_s = clock()
        self._report = report
        self._observers: dict[object, Observer] = {}
        self._pending: deque[Event] = deque()
        self._due_s = self.zero_s

    def now_s(self) -> float:
        """Seconds since the stream began."""
        return self.clock() - self.zero_s

    def put(self, event: Event) -> None:
        """Have an event told with the next batch."""
        self._pending.append(event)

    def greet(self, key: object, observer: Observer) -> None:
        """Send a snapshot to an observer, and all batches from now on."""
        self._observers[key] = observer
        self._tell(key, observer, Snapshot(self.seq, self.began_at_s, self.state))

    def dismiss(self, key: object) -> None:
        """Tell this observer nothing more."""
        self._observers.pop(key, None)

    def is_watched(self) -> bool:
        """Whether there is an observer."""
        return bool(self._observers)

    def fail(self, error: BaseException) -> None:
        """Drop all observers, since nothing more can be told."""
        for key in list(self._observers):
            self.dismiss(key)
            self._report(key, error)

    def wait_s(self) -> float:
        """How long until the next batch may go out; 0 if it may now."""
        return max(0.0, self._due_s - self.clock())

    def flush(self) -> bool:
        """Send what is pending, if there is anything and it is time.

        Returns:
            Whether a batch went out.
        """
        now = self.clock()
        if not self._pending or now < self._due_s:
            return False
        events = tuple([self._pending.popleft() for _ in range(len(self._pending))])
        self._due_s = now + PACE_S
        self.seq += 1
        self.state = fold_events(self.state, events)
        batch = Batch(self.seq, now - self.zero_s, events)
        for key, observer in list(self._observers.items()):
            if key in self._observers:  # it may be dismissed by another
                self._tell(key, observer, batch)
        return True

    def _tell(self, key: object, observer: Observer, message: Message) -> None:
        try:
            observer(message)
        except BaseException as error:  # whatever a view does, the engine goes on
            self.dismiss(key)
            self._report(key, error)
