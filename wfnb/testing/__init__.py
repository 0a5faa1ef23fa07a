"""PROVE: rules in plain pytest, without a notebook.

    RuleRunner            a real engine on a temporary folder: request, run goals, edit files
    run_rule_with_mocks   one rule alone, its requests answered by you
    plugin.py             the fixture `rule_runner`, for every pytest that has wfnb installed

Knows: engines. Does not know: cells.
"""

from __future__ import annotations

from wfnb.testing.mocks import MockError, MockGet, run_rule_with_mocks
from wfnb.testing.runner import GoalResult, RuleRunner

__all__ = ["GoalResult", "MockError", "MockGet", "RuleRunner", "run_rule_with_mocks"]
