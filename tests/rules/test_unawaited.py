"""A request that nobody waits for: told before it runs, and again where it is used as an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from wfnb import Engine, Get, MultiGet, rule
from wfnb.rules.requests import Request


@dataclass(frozen=True)
class N:
    n: int = 1


@dataclass(frozen=True)
class A:
    text: str = "a"


@dataclass(frozen=True)
class M:
    t: Any = None


@rule
def make_a(n: N) -> A:
    return A()


async def passed_to_the_product(n: N) -> M:
    x = Get(A, N, n)
    return M(x)


async def put_in_a_text(n: N) -> M:
    x = make_a(n)
    return M(f"got {x}")


async def never_used(n: N) -> M:
    x: A = Get(A, N, n)  # noqa: F841
    return M(1)


async def measured(n: N) -> M:
    several = MultiGet([Get(A, N, n)])
    return M(t=[len(several), [a.text for a in several]])


async def unpacked(n: N) -> M:
    a, b = MultiGet(Get(A, N, n), make_a(n))
    return M((a, b))


async def passed_at_once(n: N) -> M:
    return M(Get(A, N, n))


async def asked_of_too_early(n: N) -> M:
    return M(Get(A, N, n).text)


async def awaited_too_late(n: N) -> M:
    return M(await Get(A, N, n).text)


def plain(n: N) -> M:
    x = make_a(n)
    return M(x.text)


def plain_and_dropped(n: N) -> M:
    make_a(n)
    return M()


SO = "is never awaited, so"


@pytest.mark.parametrize(
    ("function", "message", "fix"),
    [
        (passed_to_the_product, f"Get(A, N, n) {SO} x is no answer", "x = await Get(A, N, n)"),
        (put_in_a_text, f"make_a(n) {SO} x is no answer", "x = await make_a(n)"),
        (never_used, f"Get(A, N, n) {SO} x is no answer", "x = await Get(A, N, n)"),
        (
            measured,
            f"MultiGet([Get(A, N, n)]) {SO} several is no answer",
            "several = await MultiGet([Get(A, N, n)])",
        ),
        (
            unpacked,
            f"MultiGet(Get(A, N, n), make_a(n)) {SO} a, b are no answer",
            "a, b = await MultiGet(Get(A, N, n), make_a(n))",
        ),
        (passed_at_once, f"Get(A, N, n) {SO} nothing is asked", "await Get(A, N, n)"),
        (asked_of_too_early, f"Get(A, N, n) {SO} nothing is asked", "(await Get(A, N, n)).text"),
        (awaited_too_late, f"Get(A, N, n) {SO} nothing is asked", "(await Get(A, N, n)).text"),
        (
            plain,
            f"make_a(n) {SO} x is no answer",
            "write async def plain, and x = await make_a(n)",
        ),
        (
            plain_and_dropped,
            f"make_a(n) {SO} nothing is asked",
            "write async def plain_and_dropped, and await make_a(n)",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_warns_of_a_request_with_a_name_that_nobody_awaits(
    function: Callable[..., Any], message: str, fix: str
) -> None:
    """The likeliest slip of all, which would else be remembered as a wrong value."""
    (problem,) = rule(function).requests().problems

    assert str(problem) == (
        f"WF111  {message}\n"
        f"  test_unawaited.py:{problem.place.line}:  {problem.place.text}\n  → {fix}"
    )
    assert problem.severity == "warning"


# ---------------------------------------------------------------- no false alarms


async def later(n: N) -> M:
    x = Get(A, N, n)
    y = make_a(n)
    return M((await x, await y))


async def in_turn(n: N) -> M:
    x = Get(A, N, n)
    x = await x
    return M(x)


async def handed_to_a_batch(n: N) -> M:
    x, y = Get(A, N, n), make_a(n)
    z = Get(A, N, n)
    return M(await MultiGet(x, y, z))


async def collected(n: N) -> M:
    gets = [Get(A, N, n)]
    gets.append(make_a(n))
    z = Get(A, N, n)
    gets += [z]
    by_name = {"a": Get(A, N, n)}
    return M((await MultiGet(gets), await by_name["a"]))


async def chosen(n: N) -> M:
    x = Get(A, N, n) if n.n else make_a(n)
    y = x or Get(A)
    z = Get(A, N, n)
    w = z
    return M((await y, await w))


def ask(n: N) -> Get[A]:
    x = Get(A, N, n)
    return x


async def wait_for(request: Request[A]) -> A:
    return await request


async def by_helpers(n: N) -> M:
    x = Get(A, N, n)
    inner = lambda: make_a(n)  # noqa: E731
    return M((await ask(n), await wait_for(x), await inner()))


async def in_a_closure(n: N) -> M:
    x = Get(A, N, n)

    async def wait() -> A:
        return await x

    return M(await wait())


async def in_generators(n: N) -> M:
    some = (Get(A, N, N(i)) for i in range(3))
    more = [make_a(N(i)) for i in range(3)]
    return M((await MultiGet(some), await MultiGet(*more), await MultiGet([*more])))


async def shown_first(n: N) -> M:
    x = Get(A, N, n)
    print(f"asking {x!r}")
    if x is not None:
        return M(await x)
    return M()


async def in_a_loop(n: N) -> M:
    pending = None
    found = []
    for i in range(3):
        if pending is not None:
            found.append(await pending)
        pending = Get(A, N, N(i))
    return M(found)


async def tried(n: N) -> M:
    request = Get(A, N, n)
    try:
        return M(await request)
    except ValueError:
        return M(await request)


async def kept_in_an_object(n: N) -> M:
    class Holder:
        request: Any

    holder = Holder()
    holder.request = Get(A, N, n)
    return M(await holder.request)


async def by_name_of_a_local(n: N) -> M:
    x = Get(A, N, n)
    return M(await locals()["x"])


async def walrus(n: N) -> M:
    return M(await (x := Get(A, N, n)) and await x)


async def starred(n: N) -> M:
    x = Get(A, N, n)
    y = (*[x],)
    return M(await MultiGet(*y))


async def compared(n: N) -> M:
    first = Get(A, N, n)
    gets = [g for g in (first, None) if g]
    return M((first in gets, await MultiGet(gets)))


@pytest.mark.parametrize(
    "function",
    [
        later,
        in_turn,
        handed_to_a_batch,
        collected,
        chosen,
        by_helpers,
        in_a_closure,
        in_generators,
        shown_first,
        in_a_loop,
        tried,
        kept_in_an_object,
        by_name_of_a_local,
        walrus,
        starred,
        compared,
    ],
)
def test_accuses_no_request_that_is_awaited_in_another_way(function: Callable[..., Any]) -> None:
    """However it gets there; and it does work."""
    declared = rule(function)

    assert [p for p in declared.requests().problems if p.code == "WF111"] == []
    Engine([make_a, declared]).request(M, N(1))


# ---------------------------------------------------------------- while it runs

USES = {
    "str(x)": "await …",
    "f'got {x}'": "await …",
    "f'got {x:>5}'": "await …",
    "'got %s' % x": "await …",
    "x + 1": "await …",
    "'a' + x": "await …",
    "2 * x": "await …",
    "x < 2": "await …",
    "len(x)": "await …",
    "x[0]": "await …",
    "list(x)": "await …",
    "[y for y in x]": "await …",
    "1 in x": "await …",
    "float(x)": "await …",
    "x.text": "(await …).text",
    "[x.text for _ in 'ab']": "(await …).text",
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("is_async", [True, False])
def test_says_while_running_that_a_request_was_not_awaited(use: str, is_async: bool) -> None:
    """What the text did not show, a string with a request in it, is no value either."""
    form = "async def" if is_async else "def"
    text = f"@rule\n{form} careless(n: N) -> M:\n    x = eval('make_a')(n)\n    return M({use})\n"
    names = {"rule": rule, "N": N, "M": M, "make_a": make_a, "__name__": "careless"}
    exec(text, names)

    with pytest.raises((TypeError, AttributeError)) as caught:
        Engine([make_a, names["careless"]]).request(M, N(1))

    do = USES[use] if is_async else f"async def careless, and {USES[use]}"
    assert str(caught.value) == f"make_a(N(n=1)) was not awaited: write {do}"


def test_leaves_a_request_what_collections_and_debuggers_need() -> None:
    """Equality, hash, truth and repr."""
    x, y = Get(A, N, N(1)), MultiGet(Get(A))

    assert [g for g in (x, None, y) if g] == [x, y]
    assert {x: 1, y: 2}[y] == 2
    assert (repr(x), repr(y)) == ("Get(A, N, N(n=1))", "MultiGet(Get(A))")
    assert not hasattr(x, "__fspath__")
