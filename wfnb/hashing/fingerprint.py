"""Fingerprints: what a function means, as a digest of all the code and values it can reach.

A framed SHA-256 over the canonical syntax (no positions, comments, docstrings, own name), defaults,
closure cells, wrappers, and everything reachable by a global name: functions and classes of cells
and workspace files by their own meaning, library ones by name and version, constants by value.
What cannot be looked into is told apart by which object it is, and linted; it never counts as
constant.

Knows: functions, classes, namespaces. Does not know: rules, except as objects that carry
    `__wfnb_rule_key__`; their own changes are followed by whoever holds them.
Holds: the same for equal meaning in every process, whatever the hash seed; bound objects aside.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import dis
import enum
import functools
import hashlib
import itertools
import os
import sys
import sysconfig
import types
import weakref
from dataclasses import dataclass
from typing import Any

from wfnb.hashing.syntax import function_syntax

_ABSENT: Any = type("_Absent", (), {"__repr__": lambda self: "nothing"})()
_OPAQUE_CALLS = {"globals", "eval", "exec", "vars", "locals", "__import__", "getattr"}
_LIBRARY = tuple(
    {
        os.path.realpath(path) + os.sep
        for name, path in sysconfig.get_paths().items()
        if name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
)
_tokens: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
_kept_tokens: dict[int, tuple[Any, int]] = {}
_next_token = itertools.count(1)
_syntax_bytes: dict[types.CodeType, bytes] = {}
_chains: dict[types.CodeType, tuple[tuple[str, ...], ...]] = {}
_MOST_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Read:
    """A name that a meaning went through, and the object it led to.

    Attributes:
        digest: of the value, if it can change in place; None if its identity says it all.
    """

    namespace: Any
    name: str
    value: Any
    digest: bytes | None = None

    def holds(self) -> bool:
        """Whether the name still leads to the same, unchanged."""
        now = self.namespace.get(self.name, _ABSENT)
        if now is not self.value:
            return False
        return self.digest is None or _Printer().value_digest(now) == self.digest


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a function means.

    Attributes:
        reads: all names it went by.
        lints: what could not be followed safely, one sentence each.
        parts: what it is made of: a label, a digest, and a short text of the value.
    """

    digest: bytes
    reads: tuple[Read, ...]
    lints: tuple[str, ...]
    parts: tuple[tuple[str, bytes, str], ...]

    def holds(self) -> bool:
        """Whether printing again would give the same; cheap."""
        for read in self.reads:
            if not read.holds():
                return False
        return True


def fingerprint(function: Any) -> Fingerprint:
    """Print a function (or a class) and all it can reach."""
    printer = _Printer()
    digest = hashlib.sha256(printer.print(function, getattr(function, "__name__", "it"))).digest()
    return Fingerprint(
        digest,
        tuple(printer.reads.values()),
        tuple(dict.fromkeys(printer.lints)),
        tuple(printer.parts),
    )


def difference(old: Fingerprint, new: Fingerprint) -> str | None:
    """The first part that differs, in the author's words; None if the meaning is the same."""
    if old.digest == new.digest:
        return None
    before = {label: (digest, text) for label, digest, text in old.parts}
    for label, digest, text in new.parts:
        known = before.get(label)
        if known is None:
            return f"{label} is new"
        if known[0] != digest:
            return f"{label}: {known[1]} → {text}" if text and known[1] != text else label
    gone = [label for label, _, _ in old.parts if label not in {p[0] for p in new.parts}]
    return f"{gone[0]} is gone" if gone else "own body"


def frame(tag: bytes, *parts: bytes) -> bytes:
    """Parts that cannot run into each other."""
    return tag + b"".join([b"%d:" % len(part) + part for part in parts]) + b";"


def canonical(node: object) -> bytes:
    """A syntax tree without positions, docstrings, and fields that are empty."""
    if isinstance(node, ast.AST):
        parts = [type(node).__name__.encode()]
        for name in sorted(node._fields):
            if name in ("ctx", "kind", "type_comment"):
                continue
            value = getattr(node, name, None)
            if name == "body" and isinstance(
                node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            ):
                value = _without_docstring(value)
            if value == [] or (value is None and not isinstance(node, ast.Constant)):
                continue
            parts.append(frame(name.encode(), canonical(value)))
        return frame(b"N", *parts)
    if isinstance(node, list):
        return frame(b"L", *[canonical(item) for item in node])
    if isinstance(node, frozenset):
        return frame(b"S", *sorted(canonical(item) for item in node))
    return frame(b"C", type(node).__name__.encode(), repr(node).encode("utf-8", "surrogatepass"))


def _without_docstring(body: Any) -> Any:
    first = body[0] if body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return body[1:]
    return body


class _Printer:
    def __init__(self) -> None:
        self.reads: dict[tuple[int, str], Read] = {}
        self.lints: list[str] = []
        self.parts: list[tuple[str, bytes, str]] = []
        self._path: dict[int, int] = {}  # the objects being printed: id → depth
        self._done: dict[int, tuple[Any, bytes]] = {}  # functions and classes printed whole

    # ---------------------------------------------------------------- values

    def value_digest(self, value: Any) -> bytes:
        return hashlib.sha256(self.print(value, "")).digest()

    def print(self, value: Any, label: str) -> bytes:
        cls = type(value)
        if value is None or value is Ellipsis or cls in (bool, int, float, complex, str, bytes):
            return frame(b"P", cls.__name__.encode(), repr(value).encode("utf-8", "surrogatepass"))
        key = getattr(value, "__wfnb_rule_key__", None)
        if key is not None:
            return frame(b"rule", str(key[0]).encode(), str(key[1]).encode())
        depth = self._path.get(id(value))
        if depth is not None:
            return frame(b"again", b"%d" % (len(self._path) - depth))
        known = self._done.get(id(value))
        if known is not None:
            return known[1]
        self._path[id(value)] = len(self._path)
        try:
            printed = self._compound(value, cls, label)
        finally:
            del self._path[id(value)]
        if isinstance(value, (types.FunctionType, type)) and b"again" not in printed:
            self._done[id(value)] = (value, printed)
        return printed

    def _compound(self, v: Any, cls: type, label: str) -> bytes:
        if isinstance(v, type):
            return self._class(v, label)
        if isinstance(v, types.FunctionType):
            return self._function(v, label)
        if isinstance(v, enum.Enum):
            return frame(b"member", self.print(cls, label), v.name.encode())
        if isinstance(v, types.ModuleType):
            return frame(b"module", v.__name__.encode(), _version(v.__name__))
        if isinstance(v, types.MethodType):
            return frame(b"bound", self.print(v.__func__, label), self.print(v.__self__, label))
        if isinstance(v, functools.partial):
            return frame(
                b"partial",
                self.print(v.func, label),
                self.print(v.args, label),
                self.print(v.keywords, label),
            )
        if isinstance(v, (staticmethod, classmethod)):
            return frame(cls.__name__.encode(), self.print(v.__func__, label))
        if isinstance(v, property):
            return frame(b"property", *[self.print(f, label) for f in (v.fget, v.fset, v.fdel)])
        if isinstance(v, functools.cached_property):
            return frame(b"cached", self.print(v.func, label))
        wrapped = getattr(v, "__wrapped__", None)
        if wrapped is not None and isinstance(wrapped, types.FunctionType):
            return frame(b"wrapper", cls.__qualname__.encode(), self.print(wrapped, label))
        if isinstance(v, (tuple, list)) and cls in (tuple, list):
            return frame(cls.__name__.encode(), *[self.print(x, label) for x in v])
        if isinstance(v, tuple):
            return frame(b"named", self.print(cls, label), *[self.print(x, label) for x in v])
        if cls in (set, frozenset):
            return frame(b"set", *sorted(self.print(x, label) for x in v))
        if isinstance(v, (dict, types.MappingProxyType)):
            return frame(
                b"dict",
                *[frame(b"i", self.print(k, label), self.print(x, label)) for k, x in v.items()],
            )
        if isinstance(v, types.CodeType):
            return self._code(v, {}, label)
        if isinstance(v, (types.BuiltinFunctionType, types.MethodDescriptorType)):
            return frame(b"builtin", str(getattr(v, "__module__", "")).encode(), v.__qualname__.encode())
        if dataclasses.is_dataclass(v):
            return frame(
                b"data",
                self.print(cls, label),
                *[self.print(getattr(v, f.name, _ABSENT), label) for f in dataclasses.fields(v)],
            )
        if cls is types.SimpleNamespace:
            return frame(b"namespace", self.print(dict(sorted(vars(v).items())), label))
        if not is_library(cls.__module__) and hasattr(v, "__dict__") and cls.__eq__ is object.__eq__:
            return frame(b"object", self.print(cls, label), self.print(dict(vars(v)), label))
        if cls.__repr__ is not object.__repr__ and cls.__module__ in _SIMPLE_MODULES:
            return frame(b"simple", cls.__qualname__.encode(), repr(v).encode())
        if v is _ABSENT:
            return b"absent;"
        self.lints.append(f"cannot see into {label or 'a value'}, a {cls.__qualname__}")
        return frame(b"opaque", cls.__qualname__.encode(), b"%d" % _token(v))

    # ---------------------------------------------------------------- functions

    def _function(self, function: Any, label: str) -> bytes:
        if is_library(function.__module__) and not function.__closure__:
            module = str(function.__module__)
            return frame(b"lib", module.encode(), function.__qualname__.encode(), _version(module))
        code = function.__code__
        parts = [
            self.print(function.__defaults__, f"a default of {function.__name__}"),
            self.print(function.__kwdefaults__, f"a default of {function.__name__}"),
        ]
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            try:
                content = cell.cell_contents
            except ValueError:
                parts.append(frame(b"cell", name.encode(), b"empty"))
                continue
            printed = self.print(content, name)
            self._part(f"closure {name}", printed, content)
            if _is_mutable(content):
                self.lints.append(f"{function.__name__} closes over {name}, which can be changed")
                self._note_read(_CellNamespace(cell), "cell_contents", content, printed)
            parts.append(frame(b"cell", name.encode(), printed))
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            parts.append(frame(b"wrapped", self.print(wrapped, label)))
        parts.append(self._code(code, function.__globals__, function.__name__))
        return frame(b"function", *parts)

    def _code(self, code: types.CodeType, namespace: dict[str, Any], label: str) -> bytes:
        syntax = _syntax(code)
        if syntax is None:
            consts = [
                self._code(c, namespace, label) if isinstance(c, types.CodeType) else self.print(c, label)
                for c in code.co_consts
            ]
            syntax = frame(b"bytecode", code.co_code, *consts, *[n.encode() for n in code.co_names])
        is_first = not self.parts
        self.parts.append(
            ("own body" if is_first else f"helper {label}", hashlib.sha256(syntax).digest(), "")
        )
        parts = [syntax]
        for chain in _global_chains(code):
            parts.append(self._read(chain, namespace, label))
        return frame(b"code", *parts)

    def _read(self, chain: tuple[str, ...], namespace: dict[str, Any], label: str) -> bytes:
        name = chain[0]
        value = namespace.get(name, _ABSENT)
        self._note_read(namespace, name, value, None)
        if value is _ABSENT:
            if hasattr(builtins, name):
                if name in _OPAQUE_CALLS:
                    self.lints.append(f"{label} calls {name}(): what it reads cannot be followed")
                return frame(b"builtin", name.encode())
            return frame(b"unbound", name.encode())
        rest = list(chain[1:])
        used = name
        while rest and isinstance(value, types.ModuleType) and not is_library(value.__name__):
            inner = vars(value).get(rest[0], _ABSENT)
            if inner is _ABSENT:
                break
            self._note_read(vars(value), rest[0], inner, None)
            value = inner
            used = f"{used}.{rest.pop(0)}"
        if isinstance(value, types.ModuleType):
            printed = frame(b"module", value.__name__.encode(), _version(value.__name__))
            return frame(b"global", ".".join(chain).encode(), printed)
        printed = self.print(value, used)
        if not isinstance(value, (types.FunctionType, type)):
            self._part(f"constant {used}", printed, value)
        if _is_mutable(value):
            self.lints.append(f"{label} reads {used}, which can be changed in place")
            self._note_read(namespace, name, namespace[name], printed, value)
        return frame(b"global", used.encode(), printed)

    def _note_read(
        self, namespace: Any, name: str, value: Any, printed: bytes | None, inner: Any = _ABSENT
    ) -> None:
        digest = None
        if printed is not None:
            digest = _Printer().value_digest(value)
        key = (id(namespace), name)
        if digest is not None or key not in self.reads:
            self.reads[key] = Read(namespace, name, value, digest)

    def _part(self, label: str, printed: bytes, value: Any) -> None:
        text = repr(value) if type(value) in (bool, int, float, str, bytes, tuple) else ""
        self.parts.append(
            (label, hashlib.sha256(printed).digest(), text if len(text) <= 40 else text[:39] + "…")
        )

    # ---------------------------------------------------------------- classes

    def _class(self, cls: Any, label: str) -> bytes:
        if is_library(cls.__module__):
            return frame(
                b"libclass",
                str(cls.__module__).encode(),
                cls.__qualname__.encode(),
                _version(str(cls.__module__)),
            )
        parts = [cls.__qualname__.encode(), *[self.print(base, label) for base in cls.__bases__]]
        generated = set(_GENERATED)
        if "__dataclass_fields__" in cls.__dict__:
            generated |= _OF_DATACLASSES
            parts.append(repr(cls.__dataclass_params__).encode())
            for field in dataclasses.fields(cls):
                text = field.type if isinstance(field.type, str) else getattr(
                    field.type, "__qualname__", repr(field.type)
                )
                parts.append(
                    frame(
                        b"field",
                        field.name.encode(),
                        str(text).encode(),
                        self.print(_or_absent(field.default), label),
                        self.print(_or_absent(field.default_factory), label),
                        repr((field.init, field.repr, field.compare, field.kw_only)).encode(),
                    )
                )
        if issubclass(cls, enum.Enum):
            generated |= {name for name in vars(cls) if name.startswith("_") and name.endswith("_")}
            for member in cls.__members__:
                parts.append(
                    frame(b"m", member.encode(), self.print(cls.__members__[member]._value_, label))
                )
            generated |= set(cls.__members__)
        for name, value in vars(cls).items():
            if name in generated and not _is_written(value):
                continue
            if isinstance(value, (types.MemberDescriptorType, types.GetSetDescriptorType)):
                parts.append(name.encode())
                continue
            if isinstance(value, types.FunctionType):
                self._note_read(_ClassNamespace(cls), name, value, None)
            elif _is_mutable(value):
                self._note_read(_ClassNamespace(cls), name, value, b"")
            else:
                self._note_read(_ClassNamespace(cls), name, value, None)
            parts.append(frame(b"a", name.encode(), self.print(value, f"{cls.__name__}.{name}")))
        printed = frame(b"class", *parts)
        self.parts.append((f"class {cls.__name__}", hashlib.sha256(printed).digest(), ""))
        return printed


_SIMPLE_MODULES = {"datetime", "decimal", "fractions", "pathlib", "re", "uuid", "builtins", "zoneinfo"}
_GENERATED = {
    "__slotnames__", "_abc_impl", "__abstractmethods__", "__parameters__", "__module__", "__dict__",
    "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__", "__qualname__",
    "__annotate_func__", "__annotations_cache__", "__dataclass_params__", "__match_args__",
    "__dataclass_fields__", "__orig_bases__", "__annotations__", "__hash__", "__wfnb_union__",
}  # fmt: skip
_OF_DATACLASSES = {
    "__init__", "__repr__", "__eq__", "__setattr__", "__delattr__", "__lt__", "__le__", "__gt__",
    "__ge__", "__replace__", "__getstate__", "__setstate__", "__slots__",
}  # fmt: skip


class _ClassNamespace:
    """A class's own attributes, looked up like a dict."""

    __slots__ = ("cls",)
    _kept: weakref.WeakKeyDictionary[type, _ClassNamespace] = weakref.WeakKeyDictionary()

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def get(self, name: str, default: Any) -> Any:
        return vars(self.cls).get(name, default)


class _CellNamespace:
    """A closure cell, looked up like a dict."""

    __slots__ = ("cell",)

    def __init__(self, cell: types.CellType) -> None:
        self.cell = cell

    def get(self, name: str, default: Any) -> Any:
        try:
            return self.cell.cell_contents
        except ValueError:
            return default


def _is_written(value: Any) -> bool:
    """Whether a method with a generated name was written by the class's author."""
    return isinstance(value, types.FunctionType) and not value.__code__.co_filename.startswith("<string>")


def _or_absent(value: Any) -> Any:
    return _ABSENT if value is dataclasses.MISSING else value


def _is_mutable(value: Any) -> bool:
    if isinstance(value, (list, dict, set, bytearray, types.SimpleNamespace)):
        return True
    cls = type(value)
    if cls is tuple:
        return any(_is_mutable(item) for item in value)
    if getattr(value, "__wfnb_rule_key__", None) is not None:
        return False
    return (
        not isinstance(value, (type, types.FunctionType, types.ModuleType, enum.Enum))
        and not is_library(cls.__module__)
        and hasattr(value, "__dict__")
        and not getattr(getattr(cls, "__dataclass_params__", None), "frozen", False)
    )


@functools.lru_cache(maxsize=2048)
def is_library(module_name: str | None) -> bool:
    """Whether a module is the standard library's, an installed package's, or wfnb's own."""
    if not module_name or module_name == "__main__":
        return False
    top = module_name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "wfnb":
        return True
    file = getattr(sys.modules.get(module_name), "__file__", None)
    if file is None:
        return module_name in sys.builtin_module_names
    real = os.path.realpath(file)
    return "site-packages" in real or real.startswith(_LIBRARY)


@functools.lru_cache(maxsize=1024)
def _version(module_name: str) -> bytes:
    top = module_name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return b"%d.%d" % sys.version_info[:2]
    if not is_library(module_name):
        return b""
    version = getattr(sys.modules.get(top), "__version__", None)
    if isinstance(version, str):
        return version.encode()
    from importlib import metadata

    try:
        return metadata.version(top).encode()
    except metadata.PackageNotFoundError:
        return b"?"


def _token(value: Any) -> int:
    """A number for an object that no other object gets."""
    try:
        found = _tokens.get(value)
        if found is None:
            found = _tokens[value] = next(_next_token)
        return found
    except TypeError:
        kept = _kept_tokens.get(id(value))
        if kept is None:
            kept = _kept_tokens[id(value)] = (value, next(_next_token))
        return kept[1]


def _syntax(code: types.CodeType) -> bytes | None:
    """The canonical bytes of a function's definition, its name, defaults and decorators aside."""
    found = _syntax_bytes.get(code)
    if found is not None:
        return found
    node = function_syntax(code)
    if node is None:
        return None
    arguments = node.args
    shape = [
        [a.arg for a in arguments.posonlyargs],
        [a.arg for a in arguments.args],
        arguments.vararg.arg if arguments.vararg else None,
        [a.arg for a in arguments.kwonlyargs],
        arguments.kwarg.arg if arguments.kwarg else None,
    ]
    body = node.body if isinstance(node, ast.Lambda) else _without_docstring(node.body)
    found = frame(b"def", type(node).__name__.encode(), repr(shape).encode(), canonical(body))
    if len(_syntax_bytes) >= _MOST_CACHED:
        _syntax_bytes.clear()
    _syntax_bytes[code] = found
    return found


def _global_chains(code: types.CodeType) -> tuple[tuple[str, ...], ...]:
    """Dotted names that start at a global, nested code included."""
    found = _chains.get(code)
    if found is not None:
        return found
    chains: set[tuple[str, ...]] = set()
    current: tuple[str, ...] = ()
    for step in dis.get_instructions(code):
        name = step.opname
        if name in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_GLOBALS"):
            if current:
                chains.add(current)
            current = (str(step.argval),)
        elif name in ("LOAD_ATTR", "LOAD_METHOD") and current:
            current = (*current, str(step.argval))
        elif name not in ("PUSH_NULL", "PRECALL", "CACHE", "RESUME"):
            if current:
                chains.add(current)
            current = ()
    if current:
        chains.add(current)
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            chains.update(_global_chains(const))
    result = tuple(sorted(chains))
    if len(_chains) >= _MOST_CACHED:
        _chains.clear()
    _chains[code] = result
    return result
