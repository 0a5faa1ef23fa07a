"""Mocks: one rule driven by hand, its requests answered by functions of the test.

Knows: requests, and which mock fits. Does not know: engines.
Holds: a request without a mock, and a mock that nothing asked, fail the test and are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, SimpleNamespace
from typing import Any, TypeVar

from wfnb.errors import CallerError
from wfnb.rules.requests import Call, Get, MultiGet, _active
from wfnb.rules.rule import Rule
from wfnb.rules.wording import listing, short_value, type_name

T = TypeVar("T")


class MockError(CallerError, AssertionError):
    """A rule and its mocks do not go together."""


@dataclass(frozen=True)
class MockGet:
    """The answer to requests for one product from certain inputs.

    Attributes:
        output_type: the product that is asked for.
        input_types: the types that the request supplies, in the order in which `mock` takes
            them; the base of a union where the request names that.
        mock: called with the supplied values; gives the product.
    """

    output_type: type
    input_types: tuple[type, ...]
    mock: Callable[..., Any]

    def __post_init__(self) -> None:
        inputs: object = self.input_types
        if isinstance(inputs, list):
            object.__setattr__(self, "input_types", tuple(inputs))
        _check_types(self.output_type, self.input_types)
        mock: object = self.mock
        if not callable(mock):
            names = ", ".join(_as_name(cls) for cls in self.input_types)
            raise MockError(
                f"the mock of {self} is no function: {short_value(mock)}",
                fix=f"pass one of the inputs: lambda{' ' if names else ''}{names}: …",
            )

    def __str__(self) -> str:
        names = "".join(f", {type_name(cls)}" for cls in self.input_types)
        return f"MockGet({type_name(self.output_type)}{names})"


def run_rule_with_mocks(
    rule: Rule[T],
    *,
    rule_args: Sequence[object] = (),
    mock_gets: Iterable[MockGet] = (),
    mock_calls: Mapping[Rule[Any], Callable[..., Any]] | None = None,
) -> T:
    """Run the body of one rule, and give what it returns.

    Args:
        rule_args: the arguments of its function, also those that other rules would make.
        mock_gets: answer requests by their types; calls by name too, if no other mock does.
        mock_calls: answer calls by name, `await some_rule(…)`, by the rule that is called.

    Raises:
        MockError: something of a wrong form, too many or too few arguments, a request that no mock
            answers, an answer of another type, a mock that was not used.
        Exception: what the rule raises.
    """
    __tracebackhide__ = True
    mock_gets = _several(mock_gets, "mock_gets", MockGet, "[MockGet(…)]")
    mock_calls = {} if mock_calls is None else mock_calls
    _check_rule(rule)
    _check_calls(mock_calls)
    rule_args = _several(rule_args, "rule_args", object, "[…], one value for each parameter")
    if len(rule_args) != len(rule.params):
        wanted = listing([type_name(param.type) for param in rule.params])
        raise MockError(
            f"{rule.name} takes {len(rule.params)} arguments, and was given {len(rule_args)}",
            place=rule.place,
            why=[f"it takes {wanted}"],
            fix="pass rule_args=[…], one value for each parameter",
        )
    answers = _Answers(rule, mock_gets, dict(mock_calls))
    outer, _active.worker = _active.worker, answers
    try:
        result = rule.function(*rule_args)
        if rule.is_async:
            result = _drive(rule, result)
    finally:
        _active.worker = outer
    answers.refuse_unused()
    return result  # type: ignore[no-any-return]


# ---------------------------------------------------------------- checks


def _check_types(product: object, inputs: object) -> None:
    if isinstance(product, type) and isinstance(inputs, type):
        names = f"{type_name(product)}, ({type_name(inputs)},)"
        raise MockError(
            f"MockGet takes the types of the inputs in a tuple, not {type_name(inputs)} alone",
            fix=f"write MockGet({names}, …)",
        )
    if not isinstance(inputs, tuple):
        raise MockError(
            f"MockGet takes the types of the inputs in a tuple, not {short_value(inputs)}",
            fix="write MockGet(Product, (Input,), …)",
        )
    for one in (product, *inputs):
        if not isinstance(one, type):
            raise MockError(
                f"MockGet takes classes, not {short_value(one)}",
                fix=f"write {type_name(type(one))}, the class",
            )


def _check_rule(rule: object) -> None:
    if not isinstance(rule, Rule):
        is_function = isinstance(rule, FunctionType)
        name = rule.__name__ if isinstance(rule, FunctionType) else short_value(rule)
        raise MockError(
            f"run_rule_with_mocks runs a rule, and {name} is none",
            fix=f"write @rule above {name}" if is_function else "pass what @rule has made",
        )


def _check_calls(calls: object) -> None:
    if not isinstance(calls, Mapping):
        raise MockError(
            f"mock_calls is no mapping: {short_value(calls)}",
            fix="write mock_calls={some_rule: a function}",
        )
    for rule, mock in calls.items():
        if not isinstance(rule, Rule) or not callable(mock):
            wrong, wanted = (mock, "a function") if isinstance(rule, Rule) else (rule, "a rule")
            raise MockError(
                f"mock_calls has {short_value(wrong)} where {wanted} should be",
                fix="write mock_calls={some_rule: a function}",
            )


def _several(values: Any, name: str, cls: type[T], form: str) -> tuple[T, ...]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise MockError(f"{name} is one {type_name(type(values))}", fix=f"write {name}={form}")
    taken = tuple(values)
    for value in taken:
        if not isinstance(value, cls):
            raise MockError(f"{name} has {short_value(value)} in it", fix=f"write {name}={form}")
    return taken


def _as_name(cls: type) -> str:
    """What a parameter of this type would be called: TextFile → text_file."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


# ---------------------------------------------------------------- driving


def _drive(rule: Rule[Any], coroutine: Any) -> Any:
    __tracebackhide__ = True
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise MockError(
        f"{rule.name} awaited something that is no request",
        place=rule.place,
        fix="only Get, MultiGet and other rules can be awaited in a rule",
    )


class _Answers:
    """Stands where the engine's worker stands while a body runs."""

    def __init__(
        self,
        rule: Rule[Any],
        gets: tuple[MockGet, ...],
        calls: dict[Rule[Any], Callable[..., Any]],
    ) -> None:
        self.rule = rule
        self.gets = gets
        self.calls = calls
        self.used: set[object] = set()
        self.in_body = True  # what effects look at, from here on
        self.attempt = SimpleNamespace(task=SimpleNamespace(family=SimpleNamespace(rule=rule)))
        self.session = SimpleNamespace(with_effects=_Anything())

    def await_get(self, get: Get[Any] | Call[Any]) -> Generator[Any, Any, Any]:
        __tracebackhide__ = True
        return _given(self.answer(get))

    def await_all(self, multi: MultiGet[Any]) -> Generator[Any, Any, Any]:
        __tracebackhide__ = True
        return _given(tuple([self.answer(get) for get in multi.gets]))

    def answer(self, request: Any) -> Any:
        __tracebackhide__ = True
        name, values, mock = self._find(request)
        value = mock(*values)
        if type(value) is not request.product:
            raise MockError(
                f"{name} gave {short_value(value)} for {type_name(request.product)}",
                place=self.rule.place,
                fix=f"have it return a {type_name(request.product)}",
            )
        return value

    def _find(self, request: Any) -> tuple[str, Sequence[Any], Callable[..., Any]]:
        if isinstance(request, Call) and request.rule in self.calls:
            self.used.add(request.rule)
            name = f"the mock of {request.rule.name}"
            return name, request.shown_values, self.calls[request.rule]
        for mock in self.gets:
            values = _values_for(request, mock)
            if mock.output_type is request.product and values is not None:
                self.used.add(id(mock))
                return str(mock), values, mock.mock
        supplied = [type_name(cls) for cls in _supplied(request)]
        there = [*map(str, self.gets), *(f"the mock of {rule.name}" for rule in self.calls)]
        product = type_name(request.product)
        inputs = f"({', '.join(supplied)}{',' if len(supplied) == 1 else ''})"
        raise MockError(
            f"no mock answers {request!r}",
            place=self.rule.place,
            why=[f"there is {listing(there)}" if there else "there are no mocks"],
            fix=f"add MockGet({product}, {inputs}, lambda …: {product}(…))",
        )

    def refuse_unused(self) -> None:
        """Raises MockError for mocks that nothing asked."""
        __tracebackhide__ = True
        left = [str(mock) for mock in self.gets if id(mock) not in self.used]
        left += [f"the mock of {rule.name}" for rule in self.calls if rule not in self.used]
        if left:
            raise MockError(
                f"{self.rule.name} never asked for {listing(left)}",
                place=self.rule.place,
                fix="leave it out, or mend the types that it answers",
            )


def _given(value: Any) -> Generator[Any, Any, Any]:
    """What an `await` iterates over to get a value at once."""
    yield from ()
    return value


class _Anything:
    def add(self, _: object) -> None:
        """Nothing starts over here."""


def _supplied(request: Any) -> tuple[type, ...]:
    supplied = request.supplied
    if supplied is None:
        return ()
    return supplied if isinstance(supplied, tuple) else (supplied,)


def _values_for(request: Any, mock: MockGet) -> tuple[Any, ...] | None:
    """The request's values in the order of the mock's types; None if the types are others."""
    by_type = dict(zip(_supplied(request), request.shown_values, strict=True))
    if len(by_type) != len(mock.input_types):
        return None
    found = []
    for cls in mock.input_types:
        if cls not in by_type:
            return None
        found.append(by_type[cls])
    return tuple(found)
