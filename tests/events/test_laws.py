"""Laws of the protocol, over random runs of an engine and random events."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.watchers import TOYS, Keeper, Number, Picky, Squares, other_square, square
from wfnb import Engine, WiringError
from wfnb.events import kinds
from wfnb.events.codec import from_json, state_from_json, state_to_json, to_json
from wfnb.events.fold import fold, fold_events
from wfnb.events.state import Batch, Message, Snapshot, State

OPERATIONS = st.one_of(
    st.tuples(st.just("request"), st.integers(0, 6)),
    st.tuples(st.just("pick"), st.integers(0, 3)),
    st.tuples(st.just("invalidate"), st.just(0)),
    st.tuples(st.just("define"), st.integers(0, 1)),
    st.tuples(st.just("forget"), st.just(0)),
    st.tuples(st.just("join"), st.just(0)),
    st.tuples(st.just("leave"), st.just(0)),
)
OTHER = other_square()


def perform(engine: Engine, name: str, n: int) -> None:
    try:
        match name:
            case "request":
                engine.request(Squares, Number(n))
            case "pick":
                engine.request(Picky, Number(n))
            case "invalidate":
                engine.invalidate(square)
            case "define":
                engine.define([[square, OTHER][n]], origin="cell")
            case "forget":
                engine.forget("cell")
    except (ValueError, WiringError):
        pass


@pytest.mark.slow
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.lists(OPERATIONS, max_size=7))
def test_gives_the_same_state_from_any_snapshot_on(operations: list[tuple[str, int]]) -> None:
    """fold(snapshot + rest) == fold(all), gaplessly, whenever an observer came."""
    engine = Engine(TOYS)
    first, late = Keeper(), []
    with ExitStack() as stack:
        watching = stack.enter_context(engine.subscribe(first))
        others = []
        for name, n in operations:
            if name == "join":
                late.append(Keeper())
                others.append(stack.enter_context(engine.subscribe(late[-1])))
            elif name == "leave" and others:
                others.pop().close()
                late.pop()
            else:
                perform(engine, name, n)
        assert watching.catch_up()

    for keeper in late:
        assert keeper.state == first.state
    for position, message in enumerate(first.messages):
        so_far = fold(first.messages[: position + 1])
        snapshot = Snapshot(message.seq, 0.0, so_far)
        assert fold([snapshot, *first.messages[position + 1 :]]) == first.state
    for message in first.messages:
        assert from_json(json.loads(json.dumps(to_json(message)))) == message


# ---------------------------------------------------------------- any events at all

TEXTS = st.sampled_from(["", "a", "b", "rule|m|f", "ü “x”\n"])
PLAIN = {
    "str": TEXTS,
    "int": st.integers(0, 4),
    "float": st.floats(0, 100, width=32),
    "bool": st.booleans(),
}


def _strategy(cls: Any) -> st.SearchStrategy[Any]:
    """Values of a dataclass, from small sets, so that events meet."""
    hints = get_type_hints(cls)
    return st.builds(cls, **{field.name: _of(hints[field.name]) for field in fields(cls)})


def _of(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, type) and hint.__name__ in PLAIN:
        return PLAIN[hint.__name__]
    if hint is NoneType:
        return st.none()
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_of(arguments[0]), max_size=2).map(tuple)
    if origin is UnionType:
        return st.one_of([_of(one) for one in arguments])
    return _strategy(hint)


EVENTS = _of(kinds.Event)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_folds_any_events_alike_from_any_point(data: st.DataObject) -> None:
    """However events are cut into messages, and through JSON."""
    events: list[Any] = data.draw(st.lists(EVENTS, max_size=12))
    cut = data.draw(st.integers(0, len(events)))

    whole = fold_events(State(), events)

    half = fold_events(State(), events[:cut])
    assert fold_events(half, events[cut:]) == whole
    assert state_from_json(json.loads(json.dumps(state_to_json(whole)))) == whole
    message: Message = Batch(1, 0.5, tuple(events))
    assert from_json(json.loads(json.dumps(to_json(message)))) == message
