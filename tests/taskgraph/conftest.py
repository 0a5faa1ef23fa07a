"""Every test starts in an empty world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.taskgraph.toys import STARTS, WORLD


@pytest.fixture(autouse=True)
def _empty_world() -> Iterator[None]:
    WORLD.clear()
    STARTS.clear()
    yield
    WORLD.clear()
    STARTS.clear()
