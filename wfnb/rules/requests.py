"""Requests: what a rule awaits. `Get`, `MultiGet`, and the `Call` that calling a rule gives.

Knows: which forms mean something, and what to say about the others.
Does not know: who answers. Awaiting hands the request to the worker that runs the rule.
Holds: `wiring` alone decides which link is followed, `values` alone what travels on it.

Building a request is on the hot path: 10,000 of them precede a batch of 10,000. A
`Get(Out, In, value)` costs 270 ns (Python 3.11, one core of a shared 2-core Xeon; timeit, best
of 7); everything that is only needed to explain a mistake is in `mistakes.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from wfnb.rules.slips import Unawaited

if TYPE_CHECKING:
    from wfnb.rules.rule import Rule

T_co = TypeVar("T_co", covariant=True)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")


class _Active(threading.local):
    """The worker that runs a rule body on this thread, if one does."""

    worker: Any = None


_active = _Active()


class _Absent:
    """Stands for an argument that was not given."""

    def __repr__(self) -> str:
        return "…"


_ABSENT: Any = _Absent()


class Request(Unawaited, Generic[T_co]):
    """What `Get` and calls have in common.

    Attributes:
        product: the type that is asked for.
        supplied: the type of the value that is passed along, a tuple of several, or None.
        values: that value, a dict from type to value for several, or None.
        wiring: the request without its values: equal for requests that the same link answers.
    """

    __slots__ = ("product", "supplied", "values", "wiring")

    product: type[T_co]
    supplied: type | tuple[type, ...] | None
    values: Any
    wiring: tuple[Any, Any]

    def __await__(self) -> Generator[Any, Any, T_co]:
        worker = _active.worker
        if worker is None:
            _refuse_await(self)
        return worker.await_get(self)  # type: ignore[no-any-return]  # T_co is the worker's promise

    @property
    def shown_values(self) -> tuple[object, ...]:
        """The values that are passed along, in the order of their types."""
        if self.supplied is None:
            return ()
        if isinstance(self.supplied, tuple):
            return tuple(self.values[cls] for cls in self.supplied)
        return (self.values,)


class Get(Request[T_co]):
    """Ask for a product, from inside a rule: `thumbnail = await Get(Thumbnail, Upload, upload)`.

    The forms:
        Get(Out)                    from the params in scope alone
        Get(Out, value)             supplying `value`, as a param of exactly its type
        Get(Out, In, value)         the same; `In` may be a union of which the value is a member
        Get(Out, {value: In, …})    supplying several

    The same `Get` may be awaited again. In the last form values are keys of a dict, so they
    have to be hashable; a value that is not (a table, an array) goes into a small frozen
    dataclass together with the others.

    Raises:
        RequestError: the arguments fit none of the forms.
    """

    __slots__ = ()

    @overload
    def __init__(self, product: type[T_co], /) -> None: ...
    @overload
    def __init__(self, product: type[T_co], value: object, /) -> None: ...
    @overload
    def __init__(self, product: type[T_co], supplied: type[A], value: A, /) -> None: ...
    # a union's members need not be subclasses of it
    @overload
    def __init__(self, product: type[T_co], supplied: type, value: object, /) -> None: ...

    def __init__(
        self, product: Any = _ABSENT, supplied: Any = _ABSENT, value: Any = _ABSENT, /, *more: Any
    ) -> None:
        if type(value) is supplied and type(product) is type and not more:
            self.product = product
            self.supplied = supplied
            self.values = value
            self.wiring = (product, supplied)
            return
        self._accept_other_form(product, supplied, value, more)

    def _accept_other_form(
        self, product: Any, supplied: Any, value: Any, more: tuple[Any, ...]
    ) -> None:
        if more or not isinstance(product, type):
            _refuse_get(product, supplied, value, *more)
        self.product = product
        if supplied is _ABSENT:
            self.supplied = self.values = None
            self.wiring = (product, None)
        elif value is _ABSENT:
            if type(supplied) is dict:
                self._accept_several(product, supplied)
            elif isinstance(supplied, type) or type(supplied) in _REQUESTS:
                _refuse_get(product, supplied)
            else:
                self.supplied = cls = type(supplied)
                self.values = supplied
                self.wiring = (product, cls)
        elif isinstance(supplied, type) and (
            type(value) is supplied or _accepts_members(supplied, value)
        ):
            self.supplied = supplied
            self.values = value
            self.wiring = (product, supplied)
        else:
            _refuse_get(product, supplied, value)

    def _accept_several(self, product: type, given: dict[Any, Any]) -> None:
        by_type: dict[type, Any] = {}
        for value, cls in given.items():
            if (
                not isinstance(cls, type)
                or cls in by_type
                or not (type(value) is cls or _accepts_members(cls, value))
            ):
                _refuse_get(product, given)
            by_type[cls] = value
        if len(by_type) > 1:
            self.supplied = tuple(by_type)
            self.values = by_type
            self.wiring = (product, frozenset(by_type))
        elif by_type:
            self.supplied, self.values = next(iter(by_type.items()))
            self.wiring = (product, self.supplied)
        else:
            self.supplied = self.values = None
            self.wiring = (product, None)

    def __repr__(self) -> str:
        from wfnb.rules.wording import short_value, type_name

        shown = [type_name(self.product)]
        if isinstance(self.supplied, tuple):
            pairs = [f"{short_value(self.values[cls])}: {type_name(cls)}" for cls in self.supplied]
            shown.append(f"{{{', '.join(pairs)}}}")
        elif self.supplied is not None:
            shown += [type_name(self.supplied), short_value(self.values)]
        return f"Get({', '.join(shown)})"


class Call(Request[T_co]):
    """Ask one rule by name; made by calling a `Rule`, never directly.

    Attributes:
        rule: the rule that was called.
    """

    __slots__ = ("rule",)

    def __init__(self, rule: Rule[T_co], supplied: Any, values: Any, wiring: Any) -> None:
        self.rule = rule
        self.product = rule.product
        self.supplied = supplied
        self.values = values
        self.wiring = wiring

    def __repr__(self) -> str:
        from wfnb.rules.wording import short_value

        return f"{self.rule.name}({', '.join(short_value(v) for v in self.shown_values)})"


class MultiGet(Unawaited, Generic[T_co]):
    """Ask for several products at once; the result is a tuple in the order of the requests.

    Takes requests one by one, `MultiGet(Get(A), Get(B))`, or one iterable of them, which is
    read at once. Nothing asked, `()` answered.

    Raises:
        RequestError: something among the arguments is no request.
    """

    __slots__ = ("gets",)

    gets: list[Request[Any]] | tuple[Request[Any], ...]

    @overload
    def __init__(self: MultiGet[tuple[()]], /) -> None: ...
    @overload
    def __init__(self: MultiGet[tuple[A]], a: Request[A], /) -> None: ...
    @overload
    def __init__(self: MultiGet[tuple[A, ...]], gets: Iterable[Request[A]], /) -> None: ...
    @overload
    def __init__(self: MultiGet[tuple[A, B]], a: Request[A], b: Request[B], /) -> None: ...
    @overload
    def __init__(
        self: MultiGet[tuple[A, B, C]], a: Request[A], b: Request[B], c: Request[C], /
    ) -> None: ...
    @overload
    def __init__(
        self: MultiGet[tuple[A, B, C, D]],
        a: Request[A],
        b: Request[B],
        c: Request[C],
        d: Request[D],
        /,
    ) -> None: ...
    @overload
    def __init__(
        self: MultiGet[tuple[A, B, C, D, E]],
        a: Request[A],
        b: Request[B],
        c: Request[C],
        d: Request[D],
        e: Request[E],
        /,
    ) -> None: ...
    @overload
    def __init__(
        self: MultiGet[tuple[A, B, C, D, E, F]],
        a: Request[A],
        b: Request[B],
        c: Request[C],
        d: Request[D],
        e: Request[E],
        f: Request[F],
        /,
    ) -> None: ...
    @overload
    def __init__(self: MultiGet[tuple[A, ...]], /, *gets: Request[A]) -> None: ...

    def __init__(self, /, *given: Any) -> None:
        gets: Any = given
        if len(given) == 1 and type(given[0]) not in _REQUESTS:
            gets = _read_iterable(given[0])
        for get in gets:
            if type(get) not in _REQUESTS:
                _refuse_batch(gets)
        self.gets = gets

    def __await__(self) -> Generator[Any, Any, T_co]:
        worker = _active.worker
        if worker is None:
            _refuse_await(self)
        return worker.await_all(self)  # type: ignore[no-any-return]  # T_co is the worker's promise

    def __repr__(self) -> str:
        return f"MultiGet({', '.join(map(repr, self.gets[:3]))}{', …' * (len(self.gets) > 3)})"


_REQUESTS = frozenset({Get, Call})


def _read_iterable(given: Any) -> list[Any]:
    if isinstance(given, str | bytes | Unawaited | type) or not hasattr(given, "__iter__"):
        _refuse_batch((given,))
    return list(given)


def _accepts_members(supplied: type, value: object) -> bool:
    """Whether the check of the exact type is left to whoever knows the members of the union."""
    return "__wfnb_union__" in supplied.__dict__ and not isinstance(value, type)


def _refuse_get(*arguments: Any) -> None:
    from wfnb.rules.mistakes import wrong_get

    raise wrong_get(tuple(arg for arg in arguments if arg is not _ABSENT))


def _refuse_batch(gets: Iterable[Any]) -> None:
    from wfnb.rules.mistakes import wrong_batch

    raise wrong_batch(tuple(cast("Iterable[object]", gets)))


def _refuse_await(request: Request[Any] | MultiGet[Any]) -> None:
    from wfnb.rules.mistakes import await_outside

    raise await_outside(request)
