"""Goals: effects happen each time and once, what is below them is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.stories.toys import Number, Square, ran, sound, square
from wfnb import (
    CallerError,
    Console,
    Deterministic,
    Engine,
    Get,
    Goal,
    MultiGet,
    SignatureError,
    WiringError,
    goal_rule,
    rule,
)
from wfnb.rules.goals import goal_name


class ShowSquares(Goal):
    pass


@dataclass(frozen=True)
class Count(Goal):
    total: int


@dataclass(frozen=True)
class Text:
    value: str


@goal_rule
async def show_squares(number: Number, console: Console) -> ShowSquares:
    found = await MultiGet(Get(Square, Number, Number(i)) for i in range(number.n))
    for one in found:
        console.print(one.n)
    return ShowSquares(exit_code=0)


def test_has_its_effects_each_time_over_what_is_remembered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scenario 99: the output appears once per run, the rest ran once."""
    engine = Engine([square, show_squares])
    assert engine.run(ShowSquares, Number(3)) == ShowSquares(0)
    assert capsys.readouterr().out == "0\n1\n4\n"
    assert ran(engine) == {"square": 3, "show_squares": 1}
    engine.run(ShowSquares, Number(3))
    assert capsys.readouterr().out == "0\n1\n4\n"
    assert ran(engine) == {"show_squares": 1}
    sound(engine)


def test_runs_a_goal_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    engine = Engine([square, show_squares])
    engine.run("show-squares", Number(1))
    assert capsys.readouterr().out == "0\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ShowSquares", "show-squares"),
        ("Lint", "lint"),
        ("HTTPCheck", "http-check"),
        ("Py3Test", "py3-test"),
    ],
)
def test_names_a_goal_after_its_class(name: str, said: str) -> None:
    assert goal_name(type(name, (Goal,), {})) == said


def test_hands_back_what_the_goal_found() -> None:
    """A goal may have fields of its own; an exit code is no error."""

    @goal_rule
    def count(number: Number) -> Count:
        return Count(exit_code=1, total=number.n)

    assert Engine([count]).run(Count, Number(4)) == Count(1, 4)


# ------------------------------------------------------------------------------------- refused


def told(make: Any) -> str:
    try:
        make()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("nothing was refused")


def test_refuses_goals_and_effects_where_they_do_not_belong() -> None:
    """Scenarios 9 and 10: the text names the decorator to use."""

    def lint(number: Number) -> ShowSquares:
        return ShowSquares(0)

    def shout(console: Console) -> Text:
        return Text("")

    def square_goal(number: Number) -> Square:
        return Square(1)

    def after(done: ShowSquares) -> Text:
        return Text("")

    file = "test_goals.py"
    assert told(lambda: rule(lint)) == (
        "SignatureError: rule lint: returns the goal ShowSquares, and only goal rules may\n"
        f"  {file}:{lint.__code__.co_firstlineno}:  def lint(number: Number) -> ShowSquares:\n"
        "  → put @goal_rule on it instead of @rule"
    )
    assert told(lambda: goal_rule(square_goal)) == (
        "SignatureError: rule square_goal: returns Square, which is no goal\n"
        f"  {file}:{square_goal.__code__.co_firstlineno}:  "
        "def square_goal(number: Number) -> Square:\n"
        "  → derive it from Goal: class Square(Goal); or put @rule on it instead"
    )
    assert told(lambda: rule(shout)) == (
        "SignatureError: rule shout: takes the Console, and only goal rules may have effects\n"
        f"  {file}:{shout.__code__.co_firstlineno}:  def shout(console: Console) -> Text:\n"
        "  → return what is to be shown or written, and let a goal rule do it; "
        "or make this the goal: put @goal_rule on it"
    )
    assert told(lambda: rule(after)) == (
        "SignatureError: rule after: takes the goal ShowSquares, and goals are the outermost\n"
        f"  {file}:{after.__code__.co_firstlineno}:  def after(done: ShowSquares) -> Text:\n"
        "  → ask for what that goal is made from"
    )


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        (
            {"cacheable": True},
            "@goal_rule has no keyword cacheable\n  test_goals.py:  goal_rule(**keywords)\n"
            "    a goal runs whenever it is asked to, so nothing is kept of it\n  → leave it out",
        ),
        (
            {"dsc": "x"},
            "@goal_rule has no keyword dsc\n  test_goals.py:  goal_rule(**keywords)\n"
            "    @goal_rule accepts desc=\n  → did you mean desc=?",
        ),
        (
            {"desc": 3},
            "@goal_rule(desc=3): desc is no text\n  test_goals.py:  goal_rule(**keywords)\n"
            "  → write @goal_rule(desc='…')",
        ),
    ],
)
def test_refuses_keywords_that_mean_nothing(keywords: dict[str, Any], text: str) -> None:
    with pytest.raises(SignatureError) as caught:
        goal_rule(**keywords)
    import re

    assert re.sub(r"\.py:\d+:", ".py:", str(caught.value)) == text


def test_refuses_an_effect_smuggled_into_a_plain_rule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scenario 99: through a global."""
    kept: list[Console] = []

    @goal_rule
    async def show(number: Number, console: Console) -> ShowSquares:
        kept.append(console)
        await Get(Text, Number, number)
        return ShowSquares(0)

    @rule
    def text(number: Number) -> Text:
        kept[0].print("hello")
        return Text("")

    engine = Engine([show, text])
    said = told(lambda: engine.run(ShowSquares, Number(1)))
    assert said == (
        "EffectError: text used the Console, and only goal rules may have effects\n"
        f"  test_goals.py:{text.place.line}:  def text(number: Number) -> Text:\n"
        "    a rule that is remembered would have its effects once, or never\n"
        "  → return what is to be shown or written, and let a goal rule do it"
    )
    assert capsys.readouterr().out == ""
    assert told(lambda: kept[0].print("hello")) == (
        "EffectError: the Console was used outside a goal rule\n"
        "  → take it as a parameter of a goal rule: console: Console"
    )


def test_refuses_to_request_a_goal_and_to_run_what_is_none() -> None:
    engine = Engine([square, show_squares])
    assert told(lambda: engine.request(ShowSquares, Number(1))) == (
        "CallerError: ShowSquares is a goal, which is run, not requested\n  → run(ShowSquares, …)"
    )
    assert told(lambda: engine.run(Square, Number(1))) == (  # type: ignore[type-var]
        "CallerError: Square is no goal\n  → request(Square, …)"
    )
    assert told(lambda: engine.run(show_squares, Number(1))) == (  # type: ignore[arg-type]
        "CallerError: run takes a goal, and show_squares is the rule of ShowSquares\n"
        '  → run(ShowSquares, …) or run("show-squares", …)'
    )
    assert told(lambda: engine.run(square, Number(1))) == (  # type: ignore[arg-type]
        "CallerError: square makes Square, which is no goal\n  → request(Square, …)"
    )
    assert told(lambda: engine.run("show-square", Number(1))) == (
        "CallerError: there is no goal 'show-square'\n    goals: show-squares\n"
        "  → did you mean show-squares?"
    )
    assert told(lambda: Engine([square]).run("lint")) == (
        "CallerError: there is no goal 'lint'\n    there are no goal rules yet\n"
        "  → name a goal, or pass its class"
    )
    with pytest.raises(CallerError):
        engine.run(3)  # type: ignore[arg-type]


def test_refuses_a_rule_that_asks_for_a_goal() -> None:
    @rule
    async def text(number: Number) -> Text:
        await Get(ShowSquares, Number, number)
        return Text("")

    engine = Engine([square, show_squares, text])
    with pytest.raises(WiringError) as caught:
        engine.request(Text, Number(1))
    assert str(caught.value).startswith(
        "WF209  text asks for the goal ShowSquares, and goals are the outermost\n"
    )
    assert str(caught.value).endswith(
        "  → ask for what the rule of ShowSquares asks for, or run ShowSquares from outside"
    )


def test_says_that_a_goal_has_no_rule() -> None:
    with pytest.raises(WiringError) as caught:
        Engine([square]).run(ShowSquares, Number(1))
    assert str(caught.value).splitlines()[0] == "WF201  no goal rule makes ShowSquares"
    assert "write a goal rule that returns ShowSquares" in str(caught.value)
    assert "Console" not in str(caught.value)


def test_names_no_console_among_what_has_to_be_passed() -> None:
    @goal_rule
    async def show(number: Number, console: Console) -> ShowSquares:
        return ShowSquares(0)

    engine = Engine([show])
    assert engine.rule_graph.open_inputs == (Number,)
    assert [d.code for d in engine.diagnostics] == ["WF230"]


def test_takes_goals_and_what_they_lead_to_for_used() -> None:
    engine = Engine([square, show_squares])

    @rule
    def text(number: Number) -> Text:
        return Text("")

    engine.define([text], origin="another")
    engine.request(Text, Number(1))
    assert [d.code for d in engine.diagnostics if d.severity == "warning"] == []


# ------------------------------------------------------------------------------- change meanwhile


@pytest.mark.parametrize("is_silent", [True, False])
def test_starts_over_only_where_nothing_was_shown_yet(
    is_silent: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scenario 82: a change while it runs; the answer is of the world after it, effects once."""
    starts: list[int] = []

    @goal_rule
    async def show(number: Number, console: Console) -> ShowSquares:
        starts.append(1)
        if not is_silent:
            console.print("begun")
        await Get(Square, Number, number)
        if len(starts) == 1:
            engine.invalidate(square)
        return ShowSquares(0)

    engine = Engine([square, show], executor=Deterministic())
    assert engine.run(ShowSquares, Number(2)) == ShowSquares(0)
    assert len(starts) == (2 if is_silent else 1)
    assert capsys.readouterr().out == ("" if is_silent else "begun\n")
    sound(engine)


def test_ends_with_an_error_when_rewired_after_its_first_effect(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scenario 82: a request that only shows while it runs widens the rule; so all starts over."""
    hidden: Any = {"out": Square, "in": Number}

    @rule
    async def text(number: Number) -> Text:
        return Text(str((await Get(hidden["out"], hidden["in"], Number(2))).n))

    @goal_rule
    async def show(number: Number, console: Console) -> ShowSquares:
        console.print("begun")
        await Get(Text, Number, number)
        await Get(hidden["late"])
        return ShowSquares(0)

    hidden["late"] = Letters
    engine = Engine([square, text, show, letters])
    said = told(lambda: engine.run(ShowSquares, Number(2), Word("abc")))
    assert capsys.readouterr().out == "begun\n"
    assert said == (
        "EffectError: show had had effects already when the rules that it stands on changed\n"
        f"  test_goals.py:{show.place.line}:  "
        "async def show(number: Number, console: Console) -> ShowSquares:\n"
        "  → run it again"
    )
    assert engine.run(ShowSquares, Number(2), Word("abc")) == ShowSquares(0)
    assert capsys.readouterr().out == "begun\n"
    sound(engine)


@dataclass(frozen=True)
class Word:
    text: str


@dataclass(frozen=True)
class Letters:
    n: int


@rule
def letters(word: Word) -> Letters:
    return Letters(len(word.text))
