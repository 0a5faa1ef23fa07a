"""A rule: a function from typed params to a product, and what is known about it.

Knows: its types, its function, where it was written, and how a call of it becomes a request.
Does not know: who supplies its params, or whether its product is remembered.
Holds: a rule never changes. Writing its function again makes another rule of the same key.
"""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn

from wfnb.places import NOWHERE, Place, place
from wfnb.rules.requests import Call
from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from wfnb.rules.body import Reading
    from wfnb.rules.found import Requests, StaticRequest

    T_co = TypeVar("T_co", covariant=True, default=Any)
else:
    from typing import TypeVar

    T_co = TypeVar("T_co", covariant=True)

_MOST_DECORATOR_LINES = 60


class Param(NamedTuple):
    """A parameter of a rule."""

    name: str
    type: type


class RuleKey(NamedTuple):
    """What makes a rule the same one when it is written again."""

    module: str
    name: str
    product: type
    types: tuple[type, ...]


class _OfRule:
    """An attribute of rules that the class `Rule` itself does not have."""

    def __init__(self, read: Callable[[Rule], Any], on_class: str | None = None) -> None:
        self.read = read
        self.on_class = on_class

    def __get__(self, rule: Rule | None, owner: type) -> Any:
        if rule is not None:
            return self.read(rule)
        if self.on_class is not None:
            return self.on_class
        raise AttributeError(f"rules have it, {owner.__name__} has not")


class Rule(Generic[T_co]):
    """A registered function; made by `@rule`.

    Calling it gives a request for what it returns, to be awaited in another rule:
    `thumbnail = await make_thumbnail(upload)`. Values are matched by type to its params,
    in any order; params that are not passed are injected.

    Attributes:
        name: qualified name, without what encloses the last `<locals>`.
        function: what is called with the params; it may be wrapped, `code` is never.
        code: the code of the innermost function: signature and body.
        is_async: whether calling `function` gives a coroutine.
        persist: whether results go to disk; None leaves it to their cost.
        key: equal for a rule that was written again with the same types.
    """

    __slots__ = (
        "__name__",
        "__weakref__",
        "_place",
        "_reading",
        "_renamed",
        "_wirings",
        "cacheable",
        "code",
        "desc",
        "function",
        "is_async",
        "is_goal",
        "key",
        "module",
        "name",
        "params",
        "persist",
        "product",
    )

    name: str
    module: str
    function: Callable[..., Any]
    code: CodeType
    product: type[T_co]
    params: tuple[Param, ...]
    is_async: bool
    is_goal: bool
    desc: str | None
    cacheable: bool
    persist: bool | None
    key: RuleKey
    _place: Place | None
    _reading: Reading | None
    _renamed: Mapping[type, type]
    _wirings: Mapping[type, tuple[RuleKey, type]]

    def __init__(
        self,
        function: Callable[..., Any],
        innermost: FunctionType,
        product: type[T_co],
        params: tuple[Param, ...],
        *,
        is_async: bool,
        desc: str | None = None,
        cacheable: bool = True,
        persist: bool | None = None,
        is_goal: bool = False,
        renamed: Mapping[type, type] | None = None,
    ) -> None:
        qualname: str = getattr(function, "__qualname__", innermost.__qualname__)
        name = qualname.rpartition("<locals>.")[2]
        module = getattr(function, "__module__", None) or innermost.__module__ or "__main__"
        types = tuple([param.type for param in params])
        key = RuleKey(module, name, product, types)
        fields: dict[str, Any] = {
            "name": name,
            "module": module,
            "function": function,
            "code": innermost.__code__,
            "product": product,
            "params": params,
            "is_async": is_async,
            "is_goal": is_goal,
            "desc": desc,
            "cacheable": cacheable,
            "persist": persist,
            "key": key,
            "__name__": innermost.__name__,
            "_place": None,
            "_reading": None,
            "_renamed": renamed or {},
            "_wirings": {cls: (key, cls) for cls in types},
        }
        assign = object.__setattr__
        for field, value in fields.items():
            assign(self, field, value)

    # ------------------------------------------------------------ as a function

    def __call__(self, *values: Any, **keywords: Any) -> Call[T_co]:
        """Ask this rule, and no other, for its product.

        Raises:
            RequestError: a value whose type is no param of this rule, two of one type, a keyword.
        """
        if len(values) == 1 and not keywords:
            value = values[0]
            cls = type(value)
            wiring = self._wirings.get(cls)
            if wiring is not None:
                return Call(self, cls, value, wiring)
        return self._call(values, keywords)

    def _call(self, values: tuple[Any, ...], keywords: dict[str, Any]) -> Call[T_co]:
        by_type = {type(value): value for value in values}
        if keywords or len(by_type) != len(values) or not by_type.keys() <= self._wirings.keys():
            self._refuse(values, keywords)
        if not by_type:
            return Call(self, None, None, (self.key, None))
        types = tuple(by_type)
        return Call(self, types, by_type, (self.key, frozenset(types)))

    def _refuse(self, values: tuple[Any, ...], keywords: dict[str, Any]) -> NoReturn:
        from wfnb.rules.mistakes import wrong_call

        raise wrong_call(self, values, tuple(keywords))

    # Rules alone have these, not the class: whoever looks for them must not mistake it for one.
    __wrapped__ = _OfRule(lambda rule: rule.function)
    __wfnb_rule_key__ = _OfRule(lambda rule: rule.key)

    # ------------------------------------------------------------ what is known

    @property
    def place(self) -> Place:
        """The line with its `def`."""
        found = self._place
        if found is None:
            found = place_of_def(self.code)
            object.__setattr__(self, "_place", found)
        return found

    def requests(self) -> Requests:
        """What its body asks for, as far as it can be seen without running it.

        Read when first wanted, and again when a name that was looked up means something else.

        Cost: about 0.15 ms for a short body, 0.01 ms when it was read before.
        """
        from wfnb.rules import body

        reading = self._reading
        if reading is None or not reading.holds():
            reading = body.read(self)
            object.__setattr__(self, "_reading", reading)
        return reading.requests

    def param_requests(self) -> tuple[StaticRequest, ...]:
        """What it asks for before its body starts: one request per param type."""
        from wfnb.rules.found import StaticRequest

        return tuple(
            [
                StaticRequest(cls, (), None, self.place, "param", type_name(cls))
                for cls in dict.fromkeys(self.key.types)
            ]
        )

    @property
    def is_intrinsic(self) -> bool:
        """Whether it ships with wfnb."""
        return self.module.startswith("wfnb.intrinsics.")

    def with_types(self, mapping: Mapping[type, type]) -> Rule[T_co]:
        """The same rule where some types were written again: old class → new class."""
        renamed = {old: mapping.get(new, new) for old, new in self._renamed.items()}
        renamed.update((old, new) for old, new in mapping.items() if old not in renamed)
        return Rule(
            self.function,
            innermost_of(self.function),
            mapping.get(self.product, self.product),
            tuple([Param(name, mapping.get(cls, cls)) for name, cls in self.params]),
            is_async=self.is_async,
            desc=self.desc,
            cacheable=self.cacheable,
            persist=self.persist,
            is_goal=self.is_goal,
            renamed=renamed,
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a rule never changes; write {self.name} again instead")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a rule never changes; write {self.name} again instead")

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return find_rule, (self.module, self.name)

    def __repr__(self) -> str:
        params = ", ".join(type_name(param.type) for param in self.params)
        return f"rule {self.name}({params}) → {type_name(self.product)}"


# the class keeps its docstring, a rule shows its function's
Rule.__doc__ = _OfRule(lambda rule: rule.function.__doc__, Rule.__doc__)  # type: ignore[assignment]


def find_rule(module: str, name: str) -> Any:
    """The rule that has this name now; what a pickled rule comes back as."""
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part)
    return found


def innermost_of(function: Callable[..., Any]) -> FunctionType:
    """The function under its `functools.wraps` wrappers."""
    inner: Any = function
    while not isinstance(inner, FunctionType) or hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    return inner


def place_of_def(code: CodeType) -> Place:
    """The line of a function's `def`, below its decorators."""
    first = code.co_firstlineno
    filename = code.co_filename
    if not filename:
        return NOWHERE
    starts = re.compile(rf"\s*(?:async\s+)?def\s+{re.escape(code.co_name)}\b").match
    for line in range(first, first + _MOST_DECORATOR_LINES):
        text = linecache.getline(filename, line)
        if not text:
            break
        if starts(text):
            return place(filename, line)
    return place(filename, first)
