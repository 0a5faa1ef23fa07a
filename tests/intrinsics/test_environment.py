from __future__ import annotations

import pytest

from wfnb.errors import ParamError
from wfnb.hashing.equality import is_same
from wfnb.hashing.keys import key_function
from wfnb.intrinsics.environment import EnvironmentVars, EnvironmentVarsRequest

COMPLETE = {"HOME": "/somewhere", "LANG": "C", "TOKEN": "secret-4711", "EMPTY": ""}


def test_gives_the_variables_that_are_asked_for_and_set() -> None:
    """What is not set is left out; a pair sets, whatever the environment says."""
    request = EnvironmentVarsRequest(["LANG", "ABSENT", "HOME=/elsewhere", "EMPTY", "X=a=b"])

    found = request.select(COMPLETE)

    assert dict(found) == {"EMPTY": "", "HOME": "/elsewhere", "LANG": "C", "X": "a=b"}


def test_gives_only_what_is_allowed() -> None:
    """Asked for or set, both."""
    request = EnvironmentVarsRequest(["LANG", "TOKEN", "X=1"], allowed=["LANG"])

    assert dict(request.select(COMPLETE)) == {"LANG": "C"}


def test_is_the_same_value_whatever_else_is_set() -> None:
    """An unrelated change of the environment changes nothing that was asked for."""
    request = EnvironmentVarsRequest(["LANG"])

    assert is_same(request.select(COMPLETE), request.select({"LANG": "C", "NEW": "1"}))
    assert not is_same(request.select(COMPLETE), request.select({"LANG": "de"}))


def test_is_a_param_whatever_the_order() -> None:
    """Both are keys by their content."""
    of_request, of_vars = key_function(EnvironmentVarsRequest), key_function(EnvironmentVars)

    one, other = EnvironmentVarsRequest(["A", "B"]), EnvironmentVarsRequest(["B", "A", "B"])
    assert of_request(one) == of_request(other)
    assert of_vars(EnvironmentVars({"A": "1", "B": "2"})) == of_vars(
        EnvironmentVars([("B", "2"), ("A", "1")])
    )
    assert of_vars(EnvironmentVars({"A": "1"})) != of_vars(EnvironmentVars({"A": "2"}))


def test_is_a_mapping() -> None:
    """Like the environment it comes from."""
    found = EnvironmentVars({"A": "1", "B": "2"})

    assert (found["A"], found.get("C"), len(found), list(found)) == ("1", None, 2, ["A", "B"])
    assert "A" in found
    assert "C" not in found
    with pytest.raises(KeyError):
        found["C"]


def test_shows_no_value() -> None:
    """A repr may end in a log, in a traceback, in a notebook."""
    request = EnvironmentVarsRequest(["TOKEN=secret-4711", "HOME"])

    assert repr(request) == "EnvironmentVarsRequest(HOME, TOKEN)"
    assert repr(request.select(COMPLETE)) == "EnvironmentVars(HOME, TOKEN)"


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        (
            "HOME",
            "EnvironmentVarsRequest takes a list of names, not one text (requested)\n"
            '  → write EnvironmentVarsRequest(["HOME"])',
        ),
        (
            5,
            "EnvironmentVarsRequest takes a list of names, not int (requested)\n"
            '  → write EnvironmentVarsRequest(["HOME"])',
        ),
        (
            [1],
            "a name in EnvironmentVarsRequest is no text: int\n"
            '  → pass str: EnvironmentVarsRequest(["HOME"])',
        ),
        (
            ["=x"],
            "no environment variable can be named ''\n"
            '  → a name is not empty and has no "=" and no NUL in it',
        ),
        (
            ["A\0B"],
            "no environment variable can be named 'A\\x00B'\n"
            '  → a name is not empty and has no "=" and no NUL in it',
        ),
        (
            ["A", "A=1"],
            "EnvironmentVarsRequest asks for A in two ways\n  → leave one of them out",
        ),
    ],
)
def test_refuses_names_that_cannot_be(requested: list[str], text: str) -> None:
    """With what to write instead."""
    with pytest.raises(ParamError) as caught:
        EnvironmentVarsRequest(requested)

    assert str(caught.value) == text


def test_refuses_values_that_cannot_be_without_showing_them() -> None:
    """They may be secrets."""
    for value, text in (
        (
            1,
            "the value of TOKEN is no text: int\n"
            "  → pass str; leave the variable out to have it not set",
        ),
        (
            "secret\0",
            "the variable 'TOKEN' has a NUL in it\n  → no environment variable can; leave it out",
        ),
        (
            "secret\ud800",
            "the variable 'TOKEN' has half a character in it\n"
            "  → no environment variable can; leave it out",
        ),
    ):
        with pytest.raises(ParamError) as caught:
            EnvironmentVars({"TOKEN": value})  # type: ignore[dict-item]  # that is what is tested
        assert str(caught.value) == text
