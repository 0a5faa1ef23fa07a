"""wfnb's own column of the battery, edit by edit.

Three processes with three hash seeds go through all edits, once for this file.
"""

from __future__ import annotations

import sys
from functools import cache

import pytest

from tests.battery.columns import INSTALLED_AS, OK, Findings, ask_wfnb
from tests.battery.edits import EDITS, Edit

FORMS = ("rule", "caller")


@cache
def _findings() -> Findings:
    return ask_wfnb(sys.executable)


def _cases() -> list[object]:
    return [
        pytest.param(edit, form, id=f"{edit.name}-{form}")
        for edit in EDITS
        for form in FORMS
        if edit.is_rule or form != "rule"
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "form"), _cases())
def test_gives_the_right_value_in_one_kernel_and_runs_only_if_needed(edit: Edit, form: str) -> None:
    """Ask, run the edited cell, ask again."""
    assert _findings().within(edit, form) == (OK, "")


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "form"), _cases())
def test_means_the_same_in_two_processes_only_if_it_does(edit: Edit, form: str) -> None:
    """Before the edit under one hash seed, after it under another."""
    assert _findings().across(edit, form) == (OK, "")


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_is_told_the_truth_by_the_battery(edit: Edit) -> None:
    """An edit changes what `f` gives exactly if it says so."""
    for form in _findings().before[edit.name]:
        before, after = (
            found[edit.name][form] for found in (_findings().before, _findings().after)
        )
        assert (before["value"] != after["value"]) == edit.differs


def test_has_27_edits_and_five_peers() -> None:
    """None is left out; each has a name of its own, and something to edit."""
    assert len({edit.name for edit in EDITS}) == 27
    assert sum(not edit.differs for edit in EDITS) == 6
    assert all(edit.at < len(edit.cells) for edit in EDITS)
    assert len(INSTALLED_AS) == 5
