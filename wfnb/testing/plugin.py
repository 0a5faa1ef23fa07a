"""For pytest: the fixture `rule_runner`. Loaded by pytest itself wherever wfnb is installed.

Knows: pytest. Does not know: rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wfnb.testing.runner import RuleRunner


@pytest.fixture
def rule_runner(tmp_path: Path) -> RuleRunner:
    """A `wfnb.testing.RuleRunner` without rules, rooted in the test's `tmp_path`."""
    from wfnb.testing.runner import RuleRunner  # late: most test runs never ask for it

    return RuleRunner(root=tmp_path)
