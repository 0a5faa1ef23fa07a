"""What the tests of rules share: the text of a refusal, without line numbers.

Where the refused line is the test's own, it is shortened to `told(…)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from wfnb.errors import WfnbError


def _told(action: Callable[[], object]) -> str:
    with pytest.raises(WfnbError) as caught:
        action()
    error = caught.value
    text = re.sub(r"(test_[a-z_]+[.]py):[0-9]+:", r"\1:", str(error))
    text = re.sub(r"(?m)^(  test_[a-z_]+[.]py:  ).*told[(].*$", r"\1told(…)", text)
    return f"{type(error).__name__}: {text}"


@pytest.fixture
def told() -> Callable[[Callable[[], object]], str]:
    """Run something that wfnb refuses; the class and text of the refusal."""
    return _told
