"""The protocol as JSON: vectors that every language folds to the same state."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from tests.protocol import stories, vectors
from wfnb.events.codec import (
    ProtocolError,
    from_json,
    kind_name,
    state_from_json,
    state_to_json,
    to_json,
)
from wfnb.events.fold import fold
from wfnb.events.kinds import Event, Remembered
from wfnb.events.state import Batch
from wfnb.events.typescript import to_typescript

FOUND: list[dict[str, Any]] = json.loads(vectors.FILE.read_text(encoding="utf-8"))


def test_keeps_the_vectors_current() -> None:
    """After a change of the protocol: `python -m tests.protocol.vectors`."""
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.to_text()


@pytest.mark.parametrize("case", FOUND, ids=[case["name"] for case in FOUND])
def test_folds_each_vector_to_its_state(case: dict[str, Any]) -> None:
    """From JSON to JSON, as a frontend does."""
    messages = [from_json(one) for one in case["messages"]]

    assert state_to_json(fold(messages)) == case["state"]
    assert [to_json(one) for one in messages] == case["messages"]
    assert state_from_json(case["state"]) == fold(messages)


def test_has_a_vector_for_every_kind() -> None:
    """A kind that no vector has would not be tested in the other language."""
    sent = [event for case in FOUND for one in case["messages"] for event in one.get("events", [])]

    assert {event["kind"] for event in sent} == {kind_name(cls) for cls in get_args(Event)}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"v": 2}, "message: version 2, and this is version 1"),
        ({"kind": "bunch"}, "message: no kind is called 'bunch'"),
        ({"seq": "one"}, "message.seq: int is needed, not 'one'"),
        ({"seq": True}, "message.seq: int is needed, not True"),
        ({"events": {}}, "message.events: an array is needed, not {}"),
        ({"events": [4]}, "message.events[0]: an object with a kind is needed, not 4"),
        ({"events": [{"kind": "remembered"}]}, "message.events[0]: product is missing"),
    ],
)
def test_refuses_what_is_no_message(change: dict[str, Any], text: str) -> None:
    """With where it is and why."""
    data = {**to_json(Batch(1, 0.5, (Remembered("Square", 2),))), **change}

    with pytest.raises(ProtocolError) as caught:
        from_json(data)

    assert str(caught.value) == text


def test_passes_over_fields_and_kinds_that_are_new() -> None:
    """The same version with something added is understood by those who do not know it."""
    batch = Batch(1, 0.5, (Remembered("Square", 2),))
    data = to_json(batch)
    data["events"][0]["colour"] = "blue"
    data["events"].append({"kind": "weather-changed", "to": "rain"})

    assert from_json(data) == batch


def test_writes_types_for_every_kind() -> None:
    """The texts that frontends import; deterministic, and each kind with when it is sent."""
    texts = to_typescript()
    text = "".join(texts.values())

    assert list(texts) == ["kinds", "state", "steps"]
    assert texts == to_typescript()
    for cls in get_args(Event):
        assert f"export interface I{cls.__name__} {{\n  readonly kind: '{kind_name(cls)}';" in text
    assert (
        "/** Sent for requests that were answered from memory since the last message. */\n"
        "export interface IRemembered {\n"
        "  readonly kind: 'remembered';\n"
        "  /** the name of the type that was asked for. */\n"
        "  readonly product: string;\n"
        "  /** how many such requests; to be added up. */\n"
        "  readonly count: number;\n"
        "}\n"
    ) in text
    assert "  readonly rules: { readonly [key: string]: IRuleCounts };\n" in text
    assert "  readonly events: readonly WfnbEvent[];\n" in text


def test_says_of_every_kind_when_it_is_sent() -> None:
    """A docstring of an event begins with the moment."""
    for cls in get_args(Event):
        assert (cls.__doc__ or "").startswith(("Sent ", "Sent, ")), cls


def test_keeps_the_recorded_requests_current() -> None:
    """After a change of recordings: `python -m tests.protocol.stories`."""
    assert stories.FILE.read_text(encoding="utf-8") == stories.to_text()
