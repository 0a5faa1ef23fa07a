"""The stream: numbers, pace, and observers that fail."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import pytest

from tests.events.watchers import Keeper
from wfnb.events.fold import Gap, fold
from wfnb.events.kinds import Event, Remembered
from wfnb.events.state import Batch, Message, Snapshot
from wfnb.events.stream import Stream


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def never(key: object, error: BaseException) -> None:
    raise AssertionError(f"{key} was dropped") from error


def event(n: int = 1) -> Event:
    return Remembered("Square", n)


def test_sends_a_snapshot_first_and_then_every_batch() -> None:
    """Numbers go up by one, from that of the snapshot."""
    clock, keeper = Clock(), Keeper()
    stream = Stream(never, clock)
    stream.put(event())
    assert stream.flush()

    stream.greet("a", keeper)
    for _ in range(3):
        clock.now += 1
        stream.put(event())
        stream.flush()

    assert [message.seq for message in keeper.messages] == [1, 2, 3, 4]
    assert [type(message) for message in keeper.messages] == [Snapshot, Batch, Batch, Batch]
    assert keeper.state.remembered == {"Square": 4}


def test_sends_at_most_20_batches_a_second() -> None:
    """However many events there are, and however often it is asked to send them."""
    clock, keeper = Clock(), Keeper()
    stream = Stream(never, clock)
    stream.greet("a", keeper)

    for _ in range(10_000):  # ten seconds
        clock.now += 0.001
        stream.put(event())
        stream.flush()

    assert 190 <= len(keeper.messages) - 1 <= 200
    times = [message.at_s for message in keeper.messages if isinstance(message, Batch)]
    assert min(b - a for a, b in pairwise(times)) >= 0.05 - 1e-9


def test_says_when_the_next_batch_may_go() -> None:
    """So that whoever drives it can sleep."""
    clock = Clock()
    stream = Stream(never, clock)
    assert stream.wait_s() == 0
    stream.put(event())
    stream.flush()

    clock.now += 0.02

    assert stream.wait_s() == pytest.approx(0.03)


def test_sends_nothing_when_nothing_happened() -> None:
    """No empty batches."""
    clock, keeper = Clock(), Keeper()
    stream = Stream(never, clock)
    stream.greet("a", keeper)

    clock.now += 10

    assert not stream.flush()
    assert len(keeper.messages) == 1


def test_drops_and_reports_an_observer_that_raises_and_tells_the_others() -> None:
    """Also one that raises at its snapshot."""
    dropped: list[tuple[object, str]] = []
    clock, keeper = Clock(), Keeper()
    stream = Stream(lambda key, error: dropped.append((key, repr(error))), clock)

    def picky(message: Message) -> None:
        if message.seq == 1:
            raise ValueError("one is too many")

    def hopeless(message: Message) -> None:
        raise SystemExit

    stream.greet("picky", picky)
    stream.greet("hopeless", hopeless)
    stream.greet("keeper", keeper)
    for _ in range(2):
        clock.now += 1
        stream.put(event())
        stream.flush()

    assert dropped == [("hopeless", "SystemExit()"), ("picky", "ValueError('one is too many')")]
    assert [message.seq for message in keeper.messages] == [0, 1, 2]


def test_tells_all_observers_when_it_fails_itself() -> None:
    """A bug of ours is reported for each, and none is called again."""
    dropped: list[tuple[object, BaseException]] = []
    clock, keeper = Clock(), Keeper()
    stream = Stream(lambda key, error: dropped.append((key, error)), clock)
    stream.greet("a", keeper)
    stream.greet("b", keeper)
    bug = RuntimeError("a bug")

    stream.fail(bug)
    clock.now += 1
    stream.put(event())
    stream.flush()

    assert dropped == [("a", bug), ("b", bug)]
    assert not stream.is_watched()
    assert len(keeper.messages) == 2


def test_keeps_nothing_of_an_observer_that_has_left() -> None:
    """A view that is closed can be collected."""
    stream, keeper = Stream(never), Keeper()
    stream.greet("a", keeper)
    seen = weakref.ref(keeper)

    stream.dismiss("a")
    del keeper
    gc.collect()

    assert seen() is None


def test_folding_sees_a_gap() -> None:
    """A view must not show a state that never was."""
    snapshot, batch = Snapshot(1, 0.0, Stream(never).state), Batch(3, 0.0, (event(),))

    with pytest.raises(Gap, match="message 3 after 1"):
        fold([snapshot, batch])
    with pytest.raises(Gap, match="message 3 after nothing"):
        fold([batch])
