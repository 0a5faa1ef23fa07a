"""Printing a class: its bases, its fields, and what is written in its body.

Knows: classes, with a part for each thing that an author would name.
Does not know: functions, which are nodes of their own; where a class was found.
"""

from __future__ import annotations

import enum
import re
import sys
from typing import Any, Final

from wfnb.hashing.class_parts import (
    attrs_fields,
    data_fields,
    leads_to,
    type_text,
    written,
)
from wfnb.hashing.framing import frame
from wfnb.hashing.inside import state
from wfnb.hashing.records import Registered, Shown
from wfnb.hashing.value_printer import MARK, ValuePrinter
from wfnb.hashing.values import ABSENT, CONTAINER_IDS, put_on, without_ids

_NAME: Final = re.compile(r"[^\W\d]\w*")
_SCOPES: Final = {"closure": "closure variable"}


class ClassPrinter(ValuePrinter):
    """Prints values and classes."""

    def _labelled(self, kind: str, name: str, value: Any, owner: str) -> bytes:
        key = name.partition(" of ")[0]
        if value is ABSENT:
            return frame(kind.encode(), key.encode(), b"absent")
        self._scope = _SCOPES.get(kind, kind)
        text = self._value(value, key)
        self._scope = "global"
        if text != MARK:
            self._now.note(kind, name, text, value, owner)
        return frame(kind.encode(), key.encode(), text)

    def _annotation(self, annotation: Any, cls: Any) -> list[bytes]:
        """What an annotation leads to; its text is a part by itself."""
        found = [self._value(each, cls.__name__) for each in leads_to(annotation, cls)]
        return [frame(b"of", *found)] if found else []

    def _note_names(self, annotation: str, cls: Any) -> None:
        """A text says something else when its names do."""
        namespace = getattr(sys.modules.get(cls.__module__), "__dict__", {})
        for name in _NAME.findall(annotation):
            if name in namespace:
                self._now.reads.append((namespace, name, namespace[name]))

    def _class(self, cls: Any) -> bytes:
        record = self._now
        record.classes.append((cls, cls.__bases__, tuple(vars(cls).values())))
        short = cls.__name__
        owner = f"class {short}"
        bases = [base for base in cls.__bases__ if base is not object]
        head = [cls.__qualname__.encode(), self._all(bases, short)]
        if type(cls) is not type:
            head.append(self._value(type(cls), type(cls).__name__))
        is_data = "__dataclass_fields__" in vars(cls)
        parts: list[bytes] = []
        order: list[str] = []
        defaults: dict[str, Any] = {}
        if is_data:
            head.append(repr(cls.__dataclass_params__).encode())
            for key, kind, default, factory, settings, metadata, annotation in data_fields(cls):
                order.append(key)
                defaults[key] = default
                field = frame(b"field", key.encode(), kind.encode(), settings)
                record.note("field", f"{short}.{key}", field, Shown(kind), owner)
                parts.append(field)
                parts += self._annotation(annotation, cls)
                if metadata:
                    parts.append(self._labelled("metadata", f"{key} of {short}", metadata, owner))
                if default is not ABSENT:
                    parts.append(self._labelled("default", f"{key} of {short}", default, owner))
                if factory is not ABSENT:
                    parts.append(self._labelled("factory", f"{key} of {short}", factory, owner))
        for key, each in (vars(cls).get("__annotations__") or {}).items():
            if isinstance(each, str):
                self._note_names(each, cls)
            if key not in order:  # of a dataclass: class variables and what only __init__ takes
                kind = type_text(each, cls)
                record.note("field", f"{short}.{key}", kind.encode(), Shown(kind), owner)
                parts.append(frame(b"annotation", key.encode(), kind.encode()))
                parts += self._annotation(each, cls)
        if issubclass(cls, enum.Enum):
            for key, member in cls.__members__.items():
                parts.append(self._labelled("member", f"{short}.{key}", member._value_, owner))
                record.states.append((member, state(member)))
                for name, each in put_on(member).items():
                    parts.append(self._labelled("member", f"{short}.{key}.{name}", each, owner))
        if "__attrs_attrs__" in vars(cls):
            for key, kind, settings, given, annotation in attrs_fields(cls):
                record.note("field", f"{short}.{key}", settings, Shown(kind), owner)
                parts.append(frame(b"field", key.encode(), settings))
                parts += self._annotation(annotation, cls)
                for each, value in given.items():
                    parts.append(self._labelled(each, f"{key} of {short}", value, owner))
        if "_abc_impl" in vars(cls):
            registered = Registered(cls)
            record.reads.append((registered, "", registered.get("", ABSENT)))
            head += [name.encode() for name in registered.names]
        if "__pydantic_fields__" in vars(cls):
            head.append(without_ids(repr(vars(cls)["__pydantic_fields__"])).encode())
        for key, value in written(cls):
            if defaults.get(key, self) is value:
                continue
            text = self._value(value, f"{short}.{key}")
            if text != MARK:
                is_code = MARK in text and id(type(value)) not in CONTAINER_IDS
                kind = "helper" if is_code else "value"
                record.note(kind, f"{short}.{key}", text, ABSENT if is_code else value, owner)
            parts.append(frame(b"attribute", key.encode(), text))
        record.note("class", short, frame(b"", *head))
        order += [key for key in vars(cls).get("__annotations__") or {} if key not in order]
        if order:
            record.note("field order", short, repr(order).encode(), owner=owner)
        return frame(b"class", *head, *parts)
