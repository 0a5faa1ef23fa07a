"""To and from JSON: messages and states as plain objects, by what their types say.

Knows: dataclasses of strings, numbers, tuples, string mappings, and unions told apart by `kind`.
Does not know: what any of them means.
Holds: `from_json(to_json(message)) == message`. What is wrong is refused with where it is and why.
       A field or a kind that is not known is passed over: with the same version it is a new one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from wfnb.events.kinds import VERSION
from wfnb.events.state import Message, State

Json = dict[str, Any]
R = TypeVar("R")
_Decoder = Callable[[Any, str], Any]


class ProtocolError(Exception):
    """This is no message of the protocol's version; says where and why."""


class _UnknownKind(Exception):
    pass


def to_json(message: Message) -> Json:
    """A message as objects that `json.dumps` takes."""
    return {"v": VERSION, **_encode(message, is_tagged=True)}


def from_json(data: object) -> Message:
    """The message again.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    if not isinstance(data, dict):
        raise ProtocolError(f"message: an object is needed, not {type(data).__name__}")
    if data.get("v") != VERSION:
        raise ProtocolError(f"message: version {data.get('v')!r}, and this is version {VERSION}")
    try:
        message: Message = _decoder(Message)(data, "message")
    except _UnknownKind as error:
        raise ProtocolError(str(error)) from None
    return message


def data_to_json(data: Any) -> Json:
    """Any record of the protocol as objects that `json.dumps` takes."""
    found: Json = _encode(data)
    return found


def data_from_json(cls: type[R], data: object, where: str) -> R:
    """The record again.

    Args:
        where: what to call it when it is refused.

    Raises:
        ProtocolError: it is none.
    """
    record: R = _decoder(cls)(data, where)
    return record


def state_to_json(state: State) -> Json:
    """A state as objects that `json.dumps` takes."""
    found: Json = _encode(state)
    return found


def state_from_json(data: object) -> State:
    """The state again.

    Raises:
        ProtocolError: it is none.
    """
    state: State = _decoder(State)(data, "state")
    return state


# -------------------------------------------------------------------- out


def _encode(value: Any, *, is_tagged: bool = False) -> Any:
    cls = value.__class__
    names = _names(cls)
    if names is not None:
        found: Json = {"kind": kind_name(cls)} if is_tagged or _is_event(cls) else {}
        for name in names:
            found[name] = _encode(getattr(value, name))
        return found
    if cls is tuple:
        return [_encode(one) for one in value]
    if cls is dict:
        return {key: _encode(one) for key, one in value.items()}
    return value


@cache
def _names(cls: type) -> tuple[str, ...] | None:
    if not dataclasses.is_dataclass(cls):
        return None
    return tuple([field.name for field in dataclasses.fields(cls)])


def kind_name(cls: type) -> str:
    """What stands for a class under `kind`: `RequestStarted` is "request-started"."""
    cut = [f"-{c}" if c.isupper() and position else c for position, c in enumerate(cls.__name__)]
    return "".join(cut).lower()


@cache
def _is_event(cls: type) -> bool:
    from wfnb.events.kinds import Event

    return cls in get_args(Event)


# -------------------------------------------------------------------- in


def _decoder(hint: Any) -> _Decoder:
    """What reads a value of this type; made once per type."""
    key = str(hint) if get_origin(hint) is not None else hint
    found = _decoders.get(key)
    if found is None:
        found = _decoders[key] = _make(hint)
    return found


_decoders: dict[Any, _Decoder] = {}


def _make(hint: Any) -> _Decoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in (str, int, bool, float, NoneType):
        return _plain(hint)
    if origin is Literal:
        return _literal(arguments)
    if origin is tuple:
        return _tuple(_decoder(arguments[0]))
    if origin in (UnionType, Union):
        return _union(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    return _record(hint)


def _plain(cls: type) -> _Decoder:
    def decode(data: Any, where: str) -> Any:
        if cls is float and type(data) is int:
            try:
                return float(data)
            except OverflowError:
                raise ProtocolError(f"{where}: no number may be so large") from None
        if type(data) is not cls:
            raise ProtocolError(f"{where}: {cls.__name__} is needed, not {data!r:.40}")
        return data

    return decode


def _literal(choices: tuple[Any, ...]) -> _Decoder:
    def decode(data: Any, where: str) -> Any:
        if data not in choices:
            raise ProtocolError(f"{where}: none of {', '.join(choices)}: {data!r:.40}")
        return data

    return decode


def _tuple(inner: _Decoder) -> _Decoder:
    def decode(data: Any, where: str) -> Any:
        if not isinstance(data, list):
            raise ProtocolError(f"{where}: an array is needed, not {data!r:.40}")
        found = []
        for position, one in enumerate(data):
            try:
                found.append(inner(one, f"{where}[{position}]"))
            except _UnknownKind:  # a new kind of event
                continue
        return tuple(found)

    return decode


def _mapping(inner: _Decoder) -> _Decoder:
    def decode(data: Any, where: str) -> Any:
        if not isinstance(data, dict):
            raise ProtocolError(f"{where}: an object is needed, not {data!r:.40}")
        return {key: inner(one, f"{where}.{key}") for key, one in data.items()}

    return decode


def _union(classes: tuple[Any, ...]) -> _Decoder:
    if NoneType in classes:
        [other] = [cls for cls in classes if cls is not NoneType]
        some = _decoder(other)
        return lambda data, where: None if data is None else some(data, where)
    by_kind = {kind_name(cls): cls for cls in classes}

    def decode(data: Any, where: str) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
            raise ProtocolError(f"{where}: an object with a kind is needed, not {data!r:.40}")
        cls = by_kind.get(data["kind"])
        if cls is None:
            raise _UnknownKind(f"{where}: no kind is called {data['kind']!r:.40}")
        return _decoder(cls)(data, where)

    return decode


def _record(cls: Any) -> _Decoder:
    hints = get_type_hints(cls)
    inner = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(cls)}
    needed = [
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]

    def decode(data: Any, where: str) -> Any:
        if not isinstance(data, dict):
            raise ProtocolError(f"{where}: an object is needed, not {data!r:.40}")
        for name in needed:
            if name not in data:
                raise ProtocolError(f"{where}: {name} is missing")
        return cls(
            **{
                name: decode_one(data[name], f"{where}.{name}")
                for name, decode_one in inner.items()
                if name in data
            }
        )

    return decode
