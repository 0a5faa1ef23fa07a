"""Classes: the same definition in a cell that is run again gives the same class object.

Running `class Photo: …` again makes a second class that looks like the first and equals it in
nothing: isinstance, ==, dict look-ups, pickles, enum members and the annotations of older rules
all break. So every class statement of a cell gets one more decorator, outermost, that binds the
class of the earlier run where the definition has not changed. Where it has changed, the new class
stands, and the earlier one is retired: rules follow by name, and a value of it is an error.

Knows: class statements as text, what they read, which class stands under which name.
Does not know: rules, the engine.
Holds: a definition is its text, its bases and what it reads while it runs.
       Nothing here keeps a class alive, and nothing here raises into a cell.
       A class is retired if and only if another one stands under its name.
"""

from __future__ import annotations

import os
import sys
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from wfnb.notebook.meanings import Meaning, read
from wfnb.notebook.statements import ClassText

_MODULE = "__main__"


@dataclass(frozen=True, slots=True)
class Retirement:
    """Why a class is no longer the one that its name means.

    Attributes:
        label: of the cell that defined it ("In [3]"), "" if that is not known.
        change: what became different ("field n: int = 0 → n: int = 1"), "" if not known.
    """

    label: str
    change: str


@dataclass(slots=True)
class _Definition:
    text: ClassText
    bases: tuple[Callable[[], object], ...]
    reads: tuple[Meaning, ...]
    mentions: tuple[Meaning, ...]
    label: str


class ClassBook:
    """Every class that cells of one notebook have defined, and which of them stands.

    Args:
        namespace: the notebook's names.
        digest: gives a token for the meaning of a function.
        label: gives the label of the running cell.

    Attributes:
        epoch: moves whenever a class is retired or stands again.
        modules: names of the modules whose classes are looked after; "__main__" is the notebook.
    """

    def __init__(
        self,
        namespace: Callable[[], Mapping[str, object]],
        digest: Callable[[object], object],
        label: Callable[[], str],
    ) -> None:
        self._namespace = namespace
        self._digest = digest
        self._label = label
        self.epoch = 0
        self.modules = {_MODULE}
        self._standing: dict[tuple[str, str], weakref.ref[type]] = {}
        self._definitions: weakref.WeakKeyDictionary[type, _Definition] = (
            weakref.WeakKeyDictionary()
        )
        self._retired: weakref.WeakKeyDictionary[type, Retirement] = weakref.WeakKeyDictionary()

    def __len__(self) -> int:
        return len(self._definitions)

    def keep(self, text: ClassText, new: object) -> object:
        """The class to bind: that of an earlier run if its definition is the same, else `new`."""
        if not isinstance(new, type) or new.__module__ not in self.modules:
            return new
        try:
            return self._keep(text, new)
        except Exception:  # whatever is odd about this class, the cell's own meaning comes first
            return new

    def adopt(self, text: ClassText, cls: type) -> None:
        """Take note of a class that a module defined when it was imported, as it stands now."""
        if self._definitions.get(cls) is None:
            self._definitions[cls] = self._define(text, cls)
            self._standing.setdefault((cls.__module__, cls.__qualname__), weakref.ref(cls))

    def saved(self) -> Callable[[], None]:
        """What undoes everything that happens to classes from now on."""
        standing, retired = dict(self._standing), dict(self._retired.items())

        def restore() -> None:
            self._standing = standing
            self._retired.clear()
            self._retired.update(retired)
            self.epoch += 1

        return restore

    def settle(self) -> None:
        """Look at names in annotations once more; called when a cell ends, as they may be late."""
        for cls, definition in [p for p in self._definitions.items() if p[0] not in self._retired]:
            definition.mentions = self._read(definition.text.mentions, cls.__module__)

    def retirement(self, cls: type) -> Retirement | None:
        """Why `cls` does not stand any more; None if it does, or is not of this notebook."""
        return self._retired.get(cls)

    def successor(self, cls: type) -> type | None:
        """The class that stands in the place of a retired one; None for any other class."""
        if cls not in self._retired:
            return None
        outer, *inner = cls.__qualname__.split(".")
        known = self._standing.get((cls.__module__, outer))
        found: object = known() if known is not None else None
        for name in inner:
            found = getattr(found, name, None)
        return found if isinstance(found, type) and found not in self._retired else None

    def label(self, cls: type) -> str:
        """The label of the cell that defined `cls` last, "" if that is not known."""
        known = self._definitions.get(cls)
        if known is None and "." in cls.__qualname__:  # in the body of another
            outer = self._standing.get((cls.__module__, cls.__qualname__.partition(".")[0]))
            standing = outer() if outer is not None else None
            known = self._definitions.get(standing) if standing is not None else None
        return known.label if known is not None else ""

    def has_retired(self) -> bool:
        """Whether any retired class is still alive."""
        return bool(self._retired)

    def _keep(self, text: ClassText, new: type) -> type:
        name = (new.__module__, new.__qualname__)
        definition = self._define(text, new)
        before = self._before(*name)
        if before is not None and before is not new:
            earlier = (c for c in self._retired if (c.__module__, c.__qualname__) == name)
            for old in [before, *earlier]:
                known = self._definitions.get(old)
                if known is not None and _is_same(known, definition):
                    known.label, known.text = definition.label, text
                    _take_positions(old, new)
                    self._stand(name, old, before, definition)
                    return old
        self._definitions[new] = definition
        self._stand(name, new, before, definition)
        return new

    def _define(self, text: ClassText, cls: type) -> _Definition:
        module = cls.__module__
        return _Definition(
            text,
            tuple(weakref.ref(b) for b in cls.__bases__),
            self._read(text.reads, module),
            self._read(text.mentions, module),
            self._label() if module == _MODULE else _file_name(module),
        )

    def _before(self, module: str, name: str) -> type | None:
        """The class that stood under this name, be it defined before the notebook was watched."""
        known = self._standing.get((module, name))
        standing = known() if known is not None else None
        if standing is not None:
            return standing
        bound = self._names_of(module).get(name)
        if isinstance(bound, type) and (bound.__module__, bound.__qualname__) == (module, name):
            return bound
        return None

    def _stand(
        self,
        name: tuple[str, str],
        chosen: type,
        before: type | None,
        definition: _Definition,
    ) -> None:
        self._standing[name] = weakref.ref(chosen)
        for each in (chosen, *_nested(chosen)):
            self._retired.pop(each, None)
        if before is not None and before is not chosen:
            known = self._definitions.get(before)
            retirement = Retirement("", "")
            if known is not None:
                change = _change_of_text(known, definition) or self._change_of_bases(before)
                retirement = Retirement(known.label, change or _change_of_reads(known, definition))
            self._retired.update(dict.fromkeys((before, *_nested(before)), retirement))
        self.epoch += 1

    def _change_of_bases(self, cls: type) -> str:
        """What changed in a base, if that is why `cls` does not stand any more."""
        for base in cls.__bases__:
            retirement = self._retired.get(base)
            if retirement is not None:
                return f"{retirement.change or 'something'} in its base {base.__qualname__}"
        return ""

    def _names_of(self, module: str) -> Mapping[str, object]:
        return self._namespace() if module == _MODULE else vars(sys.modules[module])

    def _read(self, names: tuple[str, ...], module: str) -> tuple[Meaning, ...]:
        namespace = self._names_of(module)
        return tuple(read(name, namespace, self._digest) for name in names)


def _file_name(module: str) -> str:
    return os.path.basename(getattr(sys.modules.get(module), "__file__", None) or module)


def _nested(cls: type) -> Iterator[type]:
    """The classes that its body has defined, and those in theirs."""
    for value in list(vars(cls).values()):
        if isinstance(value, type) and value.__qualname__.startswith(f"{cls.__qualname__}."):
            yield value
            yield from _nested(value)


def _is_same(old: _Definition, new: _Definition) -> bool:
    return (
        old.text.parts == new.text.parts
        and [b() for b in old.bases] == [b() for b in new.bases]
        and old.reads == new.reads
        and all(
            a == b or not (a.is_bound and b.is_bound)
            for a, b in zip(old.mentions, new.mentions, strict=True)
        )
    )


def _change_of_text(old: _Definition, new: _Definition) -> str:
    """The first difference of the texts, in the words of the cell; "" if there is none."""
    before, after = dict(old.text.parts), dict(new.text.parts)
    for name in [n for n, _ in old.text.parts if n not in after]:
        return f"{name} is gone"
    for name in [n for n, _ in new.text.parts if n not in before]:
        return f"{name} is new"
    for (name, was), (now_name, now) in zip(old.text.parts, new.text.parts, strict=False):
        if name != now_name:
            return f"{now_name} has moved"
        if was != now:
            is_short = "\n" not in was + now and len(was + now) <= 70
            return f"{name}: {was} → {now}" if is_short else f"{name} has changed"
    if len(old.text.parts) != len(new.text.parts):
        return "body has changed"
    return ""


def _change_of_reads(old: _Definition, new: _Definition) -> str:
    """The first name that stands for something else, the texts being the same."""
    meanings = [
        *zip(old.text.reads, old.reads, new.reads, strict=True),
        *zip(old.text.mentions, old.mentions, new.mentions, strict=True),
    ]
    for name, was_meant, is_meant in meanings:
        if was_meant != is_meant and was_meant.is_bound and is_meant.is_bound:
            if was_meant.text and is_meant.text:
                return f"{name}: {was_meant.text} → {is_meant.text}"
            return f"{name} has changed"
    return "its bases have changed"


# -- positions --------------------------------------------------------------------------------


def _take_positions(old: type, new: type) -> None:
    """Give the methods of the kept class the lines and docstrings of the cell as it is now.

    The code means the same, but tracebacks and the debugger go by its positions.
    """
    for name, value in list(vars(new).items()):
        was = vars(old).get(name)
        for before, after in zip(_functions(was), _functions(value), strict=False):
            _take_function(before, after)
        if (
            isinstance(was, type)
            and isinstance(value, type)
            and was.__qualname__.startswith(f"{old.__qualname__}.")
        ):
            _take_positions(was, value)
    if "__firstlineno__" in vars(new):
        type.__setattr__(old, "__firstlineno__", vars(new)["__firstlineno__"])
    if isinstance(vars(new).get("__doc__"), str):
        type.__setattr__(old, "__doc__", new.__doc__)


def _functions(value: object) -> list[types.FunctionType]:
    if isinstance(value, property):
        found: list[object] = [value.fget, value.fset, value.fdel]
    else:
        found = [getattr(value, "__func__", value)]
    return [f for f in found if isinstance(f, types.FunctionType)]


def _take_function(before: types.FunctionType, after: types.FunctionType) -> None:
    was, now = before.__code__, after.__code__
    is_one = was.co_qualname == now.co_qualname and was.co_freevars == now.co_freevars
    if is_one and was.co_filename != "<string>":  # that one was made by dataclasses, not by a cell
        before.__code__ = now
        before.__doc__ = after.__doc__
