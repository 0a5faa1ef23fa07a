"""Fixtures: a store of blobs, gone after the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wfnb.intrinsics.blobs import BlobStore


@pytest.fixture
def store() -> Iterator[BlobStore]:
    store = BlobStore()
    yield store
    store.close()
