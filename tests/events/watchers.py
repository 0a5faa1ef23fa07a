"""An observer that keeps what it is told, and toy rules to watch."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeVar

from wfnb import Get, MultiGet, Rule, rule
from wfnb.events.fold import fold
from wfnb.events.kinds import Event
from wfnb.events.state import Batch, Message, RequestState, State

E = TypeVar("E", bound=Event)


class Keeper:
    """Keeps all messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def state(self) -> State:
        """What a view would show; fails if a message is missing."""
        return fold(self.messages)

    @property
    def last(self) -> RequestState:
        """The newest request."""
        return self.state.requests[-1]

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind, in order."""
        return [
            event
            for message in self.messages
            if isinstance(message, Batch)
            for event in message.events
            if isinstance(event, kind)
        ]


@dataclass(frozen=True)
class Number:
    n: int


@dataclass(frozen=True)
class Square:
    n: int


@dataclass(frozen=True)
class Squares:
    total: int


@dataclass(frozen=True)
class Slow:
    n: int


@dataclass(frozen=True)
class Slows:
    n: int


@dataclass(frozen=True)
class Picky:
    n: int


@rule
async def square(number: Number) -> Square:
    return Square(number.n * number.n)


@rule
async def squares(number: Number) -> Squares:
    found = await MultiGet(Get(Square, Number, Number(i)) for i in range(number.n))
    return Squares(sum(one.n for one in found))


@rule
async def picky(number: Number) -> Picky:
    found = await Get(Square, Number, number)
    if number.n % 2:
        raise ValueError(f"{number.n} is odd\nand that is that")
    return Picky(found.n)


def other_square() -> Rule[Square]:
    """`square` with another meaning and other values."""

    @rule
    async def square(number: Number) -> Square:
        return Square(number.n * number.n + 1)

    return square


TOYS = [square, squares, picky]


class Gate:
    """A body waits here until the test lets it go on, and the test until it is there."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def wait(self) -> None:
        """For the body."""
        self._reached.set()
        assert self._opened.wait(20)

    def wait_reached(self) -> None:
        """For the test."""
        assert self._reached.wait(20)

    def open(self) -> None:
        """Let the body go on."""
        self._opened.set()

    def close(self) -> None:
        """Hold the next body again."""
        self._opened.clear()
        self._reached.clear()
