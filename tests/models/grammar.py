"""Toy rules from a small grammar.

A spec is a tuple: what a rule does with its number. A rule of kind k makes a `ValueK` from a `Key`.
Any kind may ask for any other, so tasks may wait in a circle, rules may be missing, and products
are passed on as they are, so that 1, True and 1.0 travel. What a spec gives, says `scratch.py`.

Holds: bodies report to the `Witness` what they saw.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.models import witness as reports
from tests.models.surroundings import (
    FILE_MEANINGS,
    HELPER_MEANINGS,
    INNER,
    INNER_MEANINGS,
    MODULE,
    Surroundings,
)
from tests.models.witness import (
    KINDS,
    NUMBERS,
    SAME,
    VALUES,
    Broken,
    Key,
    Mode,
    Spec,
    end,
    hear,
    hear_all,
    miss,
    moved,
    salt,
    start,
    typed,
    whole,
    witness,
)
from wfnb import Get, MultiGet, Rule, rule

surroundings = Surroundings(
    {"Get": Get, "Key": Key, "end": end, "hear": hear, "moved": moved, "start": start}
    | {cls.__name__: cls for cls in VALUES}
)
FILE = MODULE


def reset() -> None:
    """A new world, and names that mean what they meant at first."""
    reports.reset()
    witness.meanings = meaning_of
    for kind in range(KINDS):
        if surroundings.meanings.get(helper_of(kind)) != HELPER_MEANINGS[-1]:
            surroundings.write_helper(helper_of(kind), HELPER_MEANINGS[-1])
    if surroundings.meanings.get(INNER) != INNER_MEANINGS[-1]:
        surroundings.write_helper(INNER, INNER_MEANINGS[-1])
    if surroundings.meanings.get(FILE) != FILE_MEANINGS[0]:
        surroundings.write_file(FILE_MEANINGS[0])


def helper_of(kind: int) -> str:
    """The helper that a rule of a kind calls."""
    return f"helper{kind}"


def meaning_of(spec: Spec, kind: int) -> object:
    """What a rule reads by name."""
    if spec[0] in ("helper", "helper_after", "helper_between"):
        return surroundings.meanings[helper_of(kind)], surroundings.meaning(helper_of(kind))
    return surroundings.meaning(FILE) if spec[0] == "file" else None


# ----------------------------------------------------------------------------- rules of the grammar


def random_spec(rng: random.Random) -> Spec:
    """Any rule of the grammar."""
    kind = lambda: rng.randrange(KINDS)  # noqa: E731
    move = lambda: rng.choice((SAME, SAME, SAME, *NUMBERS))  # noqa: E731
    ask = lambda: (kind(), move())  # noqa: E731
    choice = rng.randrange(140)
    if choice >= 100:
        return (
            ("helper",),
            ("helper_after", ask()),
            ("helper_between", ask(), ask()),
            ("file",),
            ("mode",),
            ("salted", ask()),
            ("made", (kind(), SAME)),
            ("fail_for", *typed(rng.choice(NUMBERS))),
        )[choice % 8]
    if choice < 10:
        return ("constant", rng.choice((*NUMBERS, 2)))
    if choice < 26:
        return ("salt",)
    if choice < 32:
        return ("own",)
    if choice < 42:
        return ("sum", ask(), ask())
    if choice < 48:
        return ("loop", tuple(ask() for _ in range(rng.randint(1, 3))))
    if choice < 58:
        return ("multi", ask(), ask(), ask())
    if choice < 62:
        return ("batch", tuple(ask() for _ in range(rng.randint(0, 3))))
    if choice < 68:
        return ("pass", ask())
    if choice < 76:
        return ("mod2", ask())
    if choice < 84:
        return ("condition", ask(), ask(), ask())
    if choice < 90:
        return ("catch", ask(), 7)
    if choice < 93:
        return ("catch_all", ask(), ask(), 8)
    if choice < 97:
        return ("fail_if_odd",)
    return ("fail", rng.choice("ab"))


def fitting(kind: int, spec: Spec) -> Spec:
    """The same for a kind, if it can be: parameters that other rules make go round in no loop."""
    return ("own",) if spec[0] == "made" and spec[1][0] <= kind else spec


def takes(spec: Spec) -> dict[str, Any]:
    """The parameters that a rule has beside its key: with others it is another rule."""
    if spec[0] == "mode":
        return {"mode": Mode}
    return {"made": VALUES[spec[1][0]]} if spec[0] == "made" else {}


def asks_of(spec: Spec) -> list[tuple[int, Any]]:
    """All that a rule may ask for."""
    if spec[0] in ("loop", "batch"):
        return list(spec[1])
    return [part for part in spec[1:] if isinstance(part, tuple)]


def make_rule(kind: int, spec: Spec) -> Rule[Any]:
    """A new rule with a spec's meaning."""
    if spec[0] in _TEXTS:
        body = _written(kind, spec)
    else:
        body = _built(kind, spec)
    body.__name__ = body.__qualname__ = f"toy{kind}"
    body.__module__ = __name__
    body.__annotations__ = {"key": Key, "return": VALUES[kind]}
    body.__annotations__.update(takes(spec))
    return rule(body)


def _written(kind: int, spec: Spec) -> Any:
    """A rule as a cell has it, with names of the notebook in it."""
    names = {"kind": kind, "spec": spec, "file": FILE}
    for letter, (other, move) in zip("ab", asks_of(spec), strict=False):
        names |= {letter: other, f"to_{letter}": repr(move)}
    text = _TEXTS[spec[0]].format(**names)
    return surroundings.function(text, "toy")


def _built(kind: int, spec: Spec) -> Any:
    asks = asks_of(spec)
    products = [VALUES[other] for other, _ in asks] + [None] * 3
    first, second, third = products[:3]
    return _TEMPLATES[spec[0]](kind, spec, first, second, third)


@cache
def _known_rule(kind: int, spec_and_types: str, spec: Spec) -> Rule[Any]:
    return make_rule(kind, spec)


def known_rule(kind: int, spec: Spec) -> Rule[Any]:
    """A rule with a spec's meaning, the same object each time."""
    return _known_rule(kind, repr(spec), spec)


def _constant(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        return end(start(kind, spec, key.n), spec[1])

    return body


def _salt(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        return end(run, salt(kind))

    return body


def _own(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        return end(start(kind, spec, key.n), key.n)

    return body


def _sum(kind: int, spec: Spec, first: Any, second: Any, _: Any) -> Any:
    (a, to_a), (b, to_b) = spec[1:]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, to_a)
        total = whole(hear(run, a, to, await Get(first, Key, Key(to))))
        to = moved(key.n, to_b)
        total += whole(hear(run, b, to, await Get(second, Key, Key(to))))
        return end(run, total % 4)

    return body


def _loop(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        total = 0
        for other, move in spec[1]:
            product, to = VALUES[other], moved(key.n, move)
            total += whole(hear(run, other, to, await Get(product, Key, Key(to))))
        return end(run, total % 4)

    return body


def _multi(kind: int, spec: Spec, first: Any, second: Any, third: Any) -> Any:
    asks = spec[1:]
    (_, to_a), (_, to_b), (_, to_c) = asks

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        answers = await MultiGet(
            Get(first, Key, Key(moved(key.n, to_a))),
            Get(second, Key, Key(moved(key.n, to_b))),
            Get(third, Key, Key(moved(key.n, to_c))),
        )
        total = sum(whole(v) for v in hear_all(run, asks, key.n, answers))
        return end(run, total % 4)

    return body


def _batch(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        gets = [Get(VALUES[other], Key, Key(moved(key.n, move))) for other, move in spec[1]]
        answers = await MultiGet(gets)
        total = sum(whole(v) for v in hear_all(run, spec[1], key.n, answers))
        return end(run, total % 4)

    return body


def _pass(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        return end(run, hear(run, a, to, await Get(first, Key, Key(to))))

    return body


def _mod2(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        return end(run, int(hear(run, a, to, await Get(first, Key, Key(to)))) % 2)

    return body


def _condition(kind: int, spec: Spec, first: Any, second: Any, third: Any) -> Any:
    (a, to_a), (b, to_b), (c, to_c) = spec[1:]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, to_a)
        if int(hear(run, a, to, await Get(first, Key, Key(to)))) % 2:
            to = moved(key.n, to_b)
            return end(run, hear(run, b, to, await Get(second, Key, Key(to))))
        to = moved(key.n, to_c)
        return end(run, hear(run, c, to, await Get(third, Key, Key(to))))

    return body


def _catch(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        to = moved(key.n, move)
        try:
            return end(run, hear(run, a, to, await Get(first, Key, Key(to))))
        except Broken:
            miss(run)
            return end(run, spec[2])

    return body


def _catch_all(kind: int, spec: Spec, first: Any, second: Any, _: Any) -> Any:
    asks = spec[1:3]
    (_, to_a), (_, to_b) = asks

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        try:
            answers = await MultiGet(
                Get(first, Key, Key(moved(key.n, to_a))), Get(second, Key, Key(moved(key.n, to_b)))
            )
        except Broken as error:
            miss(run)
            return end(run, spec[3] + (str(error) == "a"))
        return end(run, sum(whole(v) for v in hear_all(run, asks, key.n, answers)) % 4)

    return body


def _mode(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key, mode):  # type: ignore[no-untyped-def]
        return end(start(kind, spec, key.n), mode.m)

    return body


def _salted(kind: int, spec: Spec, first: Any, *_: Any) -> Any:
    a, move = spec[1]

    async def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        total = whole(salt(kind))  # the world may move before the answer comes
        to = moved(key.n, move)
        total += whole(hear(run, a, to, await Get(first, Key, Key(to))))
        return end(run, total % 4)

    return body


def _made(kind: int, spec: Spec, *_: Any) -> Any:
    a, _ = spec[1]

    def body(key, made):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        return end(run, hear(run, a, key.n, made))

    return body


def _fail_for(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        if typed(key.n) == spec[1:]:
            raise Broken("a")
        return end(run, key.n)

    return body


def _fail_if_odd(kind: int, spec: Spec, *_: Any) -> Any:
    def body(key):  # type: ignore[no-untyped-def]
        run = start(kind, spec, key.n)
        if salt(kind) % 2:
            raise Broken("odd")
        return end(run, key.n)

    return body


def _fail(kind: int, spec: Spec, *_: Any) -> Any:
    async def body(key):  # type: ignore[no-untyped-def]
        start(kind, spec, key.n)
        raise Broken(spec[1])

    return body


_TEMPLATES: dict[str, Callable[..., Any]] = {
    "constant": _constant,
    "salt": _salt,
    "own": _own,
    "sum": _sum,
    "loop": _loop,
    "multi": _multi,
    "batch": _batch,
    "pass": _pass,
    "mod2": _mod2,
    "condition": _condition,
    "catch": _catch,
    "catch_all": _catch_all,
    "mode": _mode,
    "salted": _salted,
    "made": _made,
    "fail_if_odd": _fail_if_odd,
    "fail_for": _fail_for,
    "fail": _fail,
}

_TEXTS = {
    "helper": """\
def toy(key):
    return end(start({kind}, {spec}, key.n), helper{kind}(key.n))
""",
    "helper_after": """\
async def toy(key):
    run = start({kind}, {spec}, key.n)
    to = moved(key.n, {to_a})
    return end(run, helper{kind}(hear(run, {a}, to, await Get(Value{a}, Key, Key(to)))))
""",
    "helper_between": """\
async def toy(key):
    run = start({kind}, {spec}, key.n)
    to = moved(key.n, {to_a})
    value = helper{kind}(hear(run, {a}, to, await Get(Value{a}, Key, Key(to))))
    to = moved(key.n, {to_b})
    hear(run, {b}, to, await Get(Value{b}, Key, Key(to)))
    return end(run, value)
""",
    "file": """\
def toy(key):
    return end(start({kind}, {spec}, key.n), {file}.value(key.n))
""",
}
