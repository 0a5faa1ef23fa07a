"""Walking through all that a function can reach, and printing it.

Functions, classes and objects are nodes, printed one by one with a mark where they lead to another;
everything else is printed in place.

Knows: functions, classes, objects, and the names between them.
Does not know: what other values are made of (`value_printer.py`).
Holds: the author's own code is followed by every name in it, a library's by none.
"""

from __future__ import annotations

import builtins
import enum
import hashlib
import sys
import types
from typing import Any

from wfnb.hashing.anatomy import Chain, Import, anatomy, frame, plain
from wfnb.hashing.nodes import Node, digest_of
from wfnb.hashing.origins import is_library
from wfnb.hashing.value_printer import MARK, ValuePrinter
from wfnb.hashing.values import (
    ABSENT,
    attributes,
    content,
    data_fields,
    kind_of,
    of_base,
    rule_key,
    short_text,
    state,
    type_text,
    without_ids,
    written,
)

_UNSEEN_CALLS = frozenset(
    {"getattr", "globals", "eval", "exec", "vars", "locals", "__import__", "import_module"}
)


class Printer(ValuePrinter):
    """One walk.

    Attributes:
        reads: (namespace, name, object) of each name followed.
        functions: each with its code, defaults and keyword defaults.
        cells: closure cells and what is in them.
        classes: the namespace of each class, and the values in it.
        parts: by label, a hash and a short text.
        places: by label, the file and the line of a helper.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads: dict[tuple[int, str], tuple[Any, str, Any]] = {}
        self.functions: list[tuple[types.FunctionType, Any, Any, Any]] = []
        self.cells: list[tuple[types.CellType, Any]] = []
        self.classes: list[tuple[Any, tuple[Any, ...]]] = []
        self.parts: dict[str, tuple[bytes, str]] = {}
        self.places: dict[str, tuple[str, int]] = {}

    def print(self, function: Any) -> bytes:
        """The digest of a function, or of whatever stands in for one."""
        while rule_key(function) is not None:
            function = function.__wrapped__
        name = getattr(function, "__name__", None) or type(function).__name__
        self._subject = str(name)
        root = Node(function, "", self._subject)
        root.text = self._value(function, "")
        root.children, self._children = self._children, []
        while self._pending:
            node = self._pending.popleft()
            self._subject = node.subject or str(name)
            self._is_within_library = False
            try:
                node.text = self._node(node)
            except Exception:  # nested deeper than the stack; an odd metaclass
                self._nesting.clear()
                self._children.clear()
                node.text = self._opaque(node.value, node.name)
            node.children, self._children = self._children, []
        return digest_of(root, list(self._nodes.values()))

    def _part(self, label: str, text: bytes, shown: str = "") -> None:
        known = self.parts.get(label)
        if known is not None:
            text, shown = known[0] + text, known[1] or shown
        self.parts[label] = (hashlib.sha256(text).digest(), shown)

    def _node(self, node: Node) -> bytes:
        value, name = node.value, node.name
        if isinstance(value, types.FunctionType):
            return self._function(value, name)
        if isinstance(value, type):
            text = self._class(value)
            self._part(f"class {value.__name__}", text)
            return text
        own = sorted(attributes(value).items())
        shown = [(key, self._value(each, f"{name}.{key}")) for key, each in own]
        for (key, text), (_, each) in zip(shown, own, strict=True):
            self._part(f"{name}.{key}", text, short_text(each))
        cls = type(value)
        parts = [each for key, text in shown for each in (key.encode(), text)]
        held = of_base(value)
        if held:
            self._part(f"{kind_of(value)} {name}", plain(repr(held)), short_text(held[0]))
            parts.append(self._all(held, name))
        return frame(b"object", self._value(cls, cls.__name__), *parts)

    def _function(self, function: types.FunctionType, name: str) -> bytes:
        code = function.__code__
        module = function.__globals__.get("__name__")
        wrapped = function.__dict__.get("__wrapped__")
        own, of = f"helper {name}" if name else "own body", f" of {name}" if name else ""
        if wrapped is not None:
            own = f"decorator {code.co_qualname.partition('.')[0]}" if name == "" else own
            of = f" of {own}"
        taken = None if is_library(module) else anatomy(code)
        self._is_within_library = taken is None
        body = taken.text if taken else self._library(module, code.co_qualname)
        self._part(own, body)
        if taken is not None and own != "own body":
            self.places[own] = (code.co_filename, code.co_firstlineno)
        self.functions.append((function, code, function.__defaults__, function.__kwdefaults__))
        parts = []
        count = code.co_argcount - len(function.__defaults__ or ())
        defaults = dict(zip(code.co_varnames[count:], function.__defaults__ or (), strict=False))
        for key, value in {**defaults, **(function.__kwdefaults__ or {})}.items():
            parts.append(self._labelled("default", key, of, value))
        for key, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            value = content(cell)
            self.cells.append((cell, value))
            parts.append(self._labelled("closure variable", key, of, value))
        if function.__dict__:
            self.states[id(function)] = (function, state(function))
        if taken is not None:
            own_attributes = [each for each in vars(function).items() if each[0] != "__wrapped__"]
            for key, value in sorted(own_attributes):
                parts.append(self._labelled("attribute", key, of, value))
            parts += [self._read(chain, function.__globals__) for chain in taken.chains]
            parts += [self._import(each, function.__globals__) for each in taken.imports]
        if wrapped is not None:
            self._is_within_library = False
            parts.append(self._value(wrapped, name))
        return frame(b"function", body, *parts)

    def _labelled(self, kind: str, key: str, of: str, value: Any) -> bytes:
        if value is ABSENT:
            return frame(kind.encode(), key.encode(), b"absent")
        self._scope = kind
        text = self._value(value, key)
        self._scope = "global"
        if text != MARK:
            self._part(f"{kind} {key}{of}", text, short_text(value))
        return frame(kind.encode(), key.encode(), text)

    def _class(self, cls: Any) -> bytes:
        self.classes.append((vars(cls), tuple(vars(cls).values())))
        short = cls.__name__
        bases = [base for base in cls.__bases__ if base is not object]
        parts = [cls.__qualname__.encode(), self._all(bases, short)]
        if type(cls) is not type:
            parts.append(self._value(type(cls), type(cls).__name__))
        is_data = "__dataclass_fields__" in vars(cls)
        is_enum = issubclass(cls, enum.Enum)
        if is_data:
            parts.append(repr(cls.__dataclass_params__).encode())
            for key, kind, default, factory, settings in data_fields(cls):
                both = [self._labelled("default", key, f" of {short}", default)]
                both.append(self._labelled("factory", key, f" of {short}", factory))
                parts.append(frame(b"field", key.encode(), kind.encode(), *both, plain(settings)))
        else:
            annotations = vars(cls).get("__annotations__") or {}
            parts += [f"{key}: {type_text(each)}".encode() for key, each in annotations.items()]
        if is_enum:
            for key, member in cls.__members__.items():
                parts.append(self._labelled("member", f"{short}.{key}", "", member._value_))
        for extra in ("__pydantic_fields__", "__attrs_attrs__"):
            if extra in vars(cls):
                parts.append(without_ids(repr(vars(cls)[extra])).encode())
        for key, value in written(cls):
            if is_data and key in cls.__dataclass_fields__:
                continue
            text = self._value(value, f"{short}.{key}")
            if MARK not in text:
                self._part(f"{short}.{key}", text, short_text(value))
            parts.append(frame(b"attribute", key.encode(), text))
        return frame(b"class", *parts)

    # ---------------------------------------------------------------- names

    def _note_read(self, namespace: Any, name: str, value: Any) -> None:
        self.reads[id(namespace), name] = (namespace, name, value)

    def _read(self, chain: Chain, namespace: dict[str, Any]) -> bytes:
        name = chain[0]
        value = namespace.get(name, ABSENT)
        self._note_read(namespace, name, value)
        if value is ABSENT:
            if name in _UNSEEN_CALLS and hasattr(builtins, name):
                self._lint(f"calls {name}(), and what that reads cannot be followed")
            if hasattr(builtins, name):
                return frame(b"builtin", name.encode())
            self._note_read(vars(builtins), name, ABSENT)
            self._part(f"undefined {name}", b"")
            return frame(b"unbound", name.encode())
        if chain == ("importlib", "import_module"):
            self._lint("calls import_module(), and what that reads cannot be followed")
        return self._follow(value, name, chain[1:])

    def _follow(self, value: Any, name: str, rest: Chain) -> bytes:
        """Print what a dotted name leads to: through modules, up to the first other object."""
        while rest and isinstance(value, types.ModuleType) and not is_library(value.__name__):
            inner = vars(value).get(rest[0], ABSENT)
            self._note_read(vars(value), rest[0], inner)
            name = f"{name}.{rest[0]}"
            if inner is ABSENT:
                if "__getattr__" in vars(value):
                    self._lint(f"cannot see into {name}, which its module makes when asked")
                return frame(b"unbound", name.encode())
            value, rest = inner, rest[1:]
        text = self._value(value, name)
        if MARK not in text:
            self._part(f"{kind_of(value)} {name}", text, short_text(value))
        return frame(b"read", name.encode(), text)

    def _import(self, wanted: Import, namespace: dict[str, Any]) -> bytes:
        """An import in a body: followed if the module is the author's and loaded."""
        module = wanted.module
        if wanted.level:
            package = str(namespace.get("__package__") or "").split(".")
            package = package[: len(package) - wanted.level + 1]
            module = ".".join([*package, module] if module else package)
        loaded = sys.modules.get(module)
        if loaded is None or is_library(module):
            if not is_library(module):
                self._note_read(sys.modules, module, ABSENT)
                self._lint(f"cannot see into {module}, which it imports when it runs")
            return frame(b"import", self._library(module, ""))
        self._note_read(sys.modules, module, loaded)
        if not wanted.names or "*" in wanted.names:
            return frame(b"import", self._value(loaded, module))
        return frame(b"import", *[self._follow(loaded, module, (key,)) for key in wanted.names])
