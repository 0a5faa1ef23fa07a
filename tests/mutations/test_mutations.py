"""The list of bugs keeps up with the code; `python3 tests/mutations` puts them in."""

from __future__ import annotations

import ast

import pytest

from tests.mutations.bugs import BUGS, Bug
from tests.mutations.runs import LEFT_OUT, ROOT, SUITE, broken


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_has_the_text_that_a_bug_replaces_exactly_once(bug: Bug) -> None:
    """Or the bug would say nothing any more; with it in, the file is still Python."""
    text = (ROOT / "wfnb" / bug.file).read_text(encoding="utf-8")

    assert ast.dump(ast.parse(broken(bug, text))) != ast.dump(ast.parse(text))


def test_has_no_bug_twice_and_finds_every_test_of_the_suite() -> None:
    """Names are told apart in the table; a folder that was moved would be run by nobody."""
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert [name for name in (*SUITE, LEFT_OUT) if not (ROOT / name).exists()] == []
    assert [bug.name for bug in BUGS if not (ROOT / bug.near).exists()] == []
