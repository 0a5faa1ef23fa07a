"""Equality of products: whether a rule that ran again made the same.

Typed and recursive, as keys of params are. Where a value's own `==` has to be asked, an exception
or an answer that is not a bool counts as "changed": a needless run is better than a stale answer.

Knows: what values of each kind are made of.
Does not know: tasks; what follows from a difference.
Holds: `is_same` never raises, not even for a value that objects to being compared. (An interrupt
           passes through.)
       Depth is no limit: pairs wait in a list, not on the stack. Each pair is compared once,
           however often a value is shared. A value that holds itself counts as changed.

Every task that ran again is compared, and most products are records of plain fields: for those a
function is generated per class, which leaves all else to the general way (0.3 µs instead of 1.7 for
one field; Python 3.11, one core of a shared 2-core EPYC; timeit, best of 9).
"""

from __future__ import annotations

import inspect
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable
from types import MappingProxyType, MemberDescriptorType
from typing import Any, Final

from wfnb.hashing.fields import UNSET, compared_fields, count_in_dict, extras, may_carry_more
from wfnb.hashing.forms import OF_SUBCLASS, inherits_eq, special_form, typed
from wfnb.hashing.per_class import PerClass

_PLAIN: Final = frozenset(map(id, (str, int, bytes, bool, type(None))))

# Items that must be the same, one by one; None if the values differ anyway.
_Pairs = tuple[Iterable[Any], Iterable[Any]]
_Items = _Pairs | None


def is_same(old: object, new: object) -> bool:
    """Whether two products are of the same types and content, all the way down.

    All fields of a dataclass count, but those with `metadata={"wfnb_key": False}`; the order of
    a dict does, and that of a set does not. A class with an `__eq__` of its author's is asked.
    """
    if old is new:
        return True
    cls = type(old)
    if cls is not type(new):
        return False
    if id(cls) in _PLAIN:
        return old == new
    try:
        compare = _compare_by_id(id(cls)) or _compare_of(cls)
        found = compare(old, new)
        if found is not None:
            return found
        items = _items(old, new, cls)
        deeper = None if items is None else _differing(items)
        return deeper is not None and (not deeper or _is_same_deep(old, new))
    except Exception:
        return False


def is_same_at_once(old: object, new: object) -> bool | None:
    """The same, for two values of one class, when nobody's code has to run for it; else None.

    Always None for the first two values of a class.
    """
    compare = _plain_compare_by_id(id(type(old)))
    return None if compare is None else compare(old, new)


# ---------------------------------------------------------------- records of plain fields

_SOURCE: Final = """\
def compare(old, new):
    try:
        {reads}
    except AttributeError:
        return None
    {tests}
    {more}
    return True
"""
_MORE: Final = """
    if len(old.__dict__) != {count} or len(new.__dict__) != {count}:
        return None
"""
_TEST: Final = """
    if a{i} is not b{i}:
        cls = type(a{i})
        if cls is not type(b{i}):
            return False
        if id(cls) in PLAIN:
            if a{i} != b{i}:
                return False
        elif cls is not float or not a{i} or a{i} != b{i}:
            return None
"""

# Whether two values of one class are the same; None if that takes a look into what they hold.
_Compare = Callable[[Any, Any], bool | None]

_compares: PerClass[_Compare] = PerClass()
_compare_by_id = _compares.get
_plain_compares: PerClass[_Compare] = PerClass()  # those that run no code of the class
_plain_compare_by_id = _plain_compares.get


def _compare_of(cls: type) -> _Compare:
    names = compared_fields(cls)
    compare = _look_inside if names is None else _compile(cls, names)
    _compares.set(cls, compare)
    if names is not None and _reads_plainly(cls, names):
        _plain_compares.set(cls, compare)
    return compare


def _reads_plainly(cls: type, names: Iterable[str]) -> bool:
    reads: object = cls.__getattribute__
    if reads is not object.__getattribute__ or hasattr(cls, "__getattr__"):
        return False
    found = [inspect.getattr_static(cls, name, None) for name in names]  # slots, defaults
    return not any(
        hasattr(type(one), "__get__") and type(one) is not MemberDescriptorType for one in found
    )


def _look_inside(old: object, new: object) -> bool | None:
    return None


def _compile(cls: type, names: tuple[str, ...]) -> _Compare:
    more = _MORE.format(count=count_in_dict(cls)) if may_carry_more(cls) else ""
    reads = [f"a{i} = old.{name}; b{i} = new.{name}" for i, name in enumerate(names)]
    tests = [_TEST.format(i=i) for i in range(len(names))]
    scope: dict[str, Any] = {"PLAIN": _PLAIN}
    exec(_SOURCE.format(reads="; ".join(reads) or "pass", tests="".join(tests), more=more), scope)
    compare: _Compare = scope["compare"]
    return compare


# ---------------------------------------------------------------- everything else


def _differing(items: _Pairs) -> list[tuple[Any, Any, bool]] | None:
    """The pairs that have to be looked into; None if one of them surely differs."""
    found = []
    for one, other in zip(*items, strict=True):
        if one is other:
            continue
        cls = type(one)
        if cls is not type(other):
            return None
        if cls is float:
            if not (one and one == other) and repr(one) != repr(other):  # ±0.0 and NaN
                return None
        elif id(cls) not in _PLAIN:
            found.append((one, other, False))
        elif one != other:
            return None
    return found


def _is_same_deep(old: object, new: object) -> bool:
    pending: list[tuple[Any, Any, bool]] = [(old, new, False)]
    # By id; the values are kept, since one that a property made could free its id for another.
    comparing: dict[tuple[int, int], tuple[Any, Any]] = {}
    compared: dict[tuple[int, int], tuple[Any, Any]] = {}
    while pending:
        old, new, is_done = pending.pop()
        pair = (id(old), id(new))
        if is_done:
            compared[pair] = comparing.pop(pair)
            continue
        if pair in compared:
            continue
        if pair in comparing:
            return False
        cls = type(old)
        found = (_compare_by_id(id(cls)) or _compare_of(cls))(old, new)
        if found is not None:
            if not found:
                return False
            continue
        items = _items(old, new, cls)
        if items is None:
            return False
        deeper = _differing(items)
        if deeper is None:
            return False
        comparing[pair] = (old, new)
        pending.append((old, new, True))
        pending += deeper
    return True


_NOTHING: Final[_Pairs] = ((), ())


def _items(old: Any, new: Any, cls: type) -> _Items:
    """What is in two values of one class, in pairs."""
    if cls is tuple or cls is list:
        return _sequence(old, new)
    if cls is dict:
        return _mapping(old, new)
    if cls is set or cls is frozenset:
        return _NOTHING if _keys(old) == _keys(new) else None
    names = compared_fields(cls)
    if names is not None:
        ours = [getattr(old, name, UNSET) for name in names]
        theirs = [getattr(new, name, UNSET) for name in names]
        if may_carry_more(cls):
            return [*ours, extras(old)], [*theirs, extras(new)]
        return ours, theirs
    return _items_of_rarer(old, new, cls)


def _items_of_rarer(old: Any, new: Any, cls: type) -> _Items:
    for base in (tuple, list, deque, frozenset, set, OrderedDict, defaultdict, Counter, dict):
        if issubclass(cls, base) and _leaves_eq(cls, base):
            return _items_of_subclass(old, new, base)
    if cls is MappingProxyType:
        return _mapping(dict(old), dict(new))
    # Decimal, datetime, range, …: their == takes different values for equal.
    form = special_form(cls)
    if form is not None:
        return _NOTHING if form(old) == form(new) else None
    if inherits_eq(cls):
        return _items_added(old, new, cls)
    from wfnb.hashing.inside import is_open, parts_of  # late: few values need it

    if is_open(cls):
        return [vars(old)], [vars(new)]
    parts = parts_of(old)
    if parts is not None:
        return parts, parts_of(new) or ()
    return _NOTHING if (old == new) is True else None


def _items_added(old: Any, new: Any, cls: type) -> _Items:
    """What an author's class adds to what a library's compares."""
    from wfnb.hashing.inside import is_open, parts_of

    added = _added(old), _added(new)
    parts = parts_of(old)
    if parts is not None:
        return [added[0], *parts], [added[1], *(parts_of(new) or ())]
    if any(is_open(base) for base in cls.__mro__):
        return [added[0]], [added[1]]
    for base, form in OF_SUBCLASS.items():
        if issubclass(cls, base):
            return ([added[0]], [added[1]]) if form(old) == form(new) else None
    return ([added[0]], [added[1]]) if (old == new) is True else None


def _added(value: Any) -> dict[str, Any]:
    from wfnb.hashing.values import attributes

    own = attributes(value)  # without what cached properties keep
    return {name: own[name] for name in vars(value) if name in own}


def _items_of_subclass(old: Any, new: Any, base: type) -> _Items:
    """What is in the container, then what else its objects carry."""
    found: _Items
    if issubclass(base, dict):
        found = _mapping(old, new)
        if base is defaultdict and found is not None:
            found = ([old.default_factory, *found[0]], [new.default_factory, *found[1]])
    elif base in (set, frozenset):
        found = _NOTHING if _keys(old) == _keys(new) else None
    else:
        found = (list(old), list(new)) if len(old) == len(new) else None
        if base is deque and found is not None:
            found = ([old.maxlen, *found[0]], [new.maxlen, *found[1]])
    if found is None or not hasattr(old, "__dict__"):
        return found
    return [*found[0], vars(old)], [*found[1], vars(new)]


def _leaves_eq(cls: type, base: type) -> bool:
    own: object = cls.__eq__
    return own is base.__eq__


def _sequence(old: Any, new: Any) -> _Items:
    """Long rows of plain values are left to `==`, which is fast; it must not see ±0.0 or NaN."""
    if len(old) != len(new):
        return None
    kinds = set(map(id, map(type, old)))
    if kinds <= _PLAIN or (kinds == {id(float)} and 0.0 not in old and old == new):
        is_typed = [*map(type, old)] == [*map(type, new)]
        return _NOTHING if is_typed and old == new else None
    return old, new


def _mapping(old: dict[Any, Any], new: dict[Any, Any]) -> _Items:
    if len(old) != len(new):
        return None
    if [*map(typed, old)] != [*map(typed, new)]:
        return None
    return old.values(), new.values()


def _keys(values: Iterable[Any]) -> frozenset[Hashable]:
    return frozenset([typed(value) for value in values])
