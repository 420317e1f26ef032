"""Two replicas for the tests that look at limits from outside."""

from collections.abc import Iterator

import pytest

from tests.limits.replicas import Replicas, open_replicas


@pytest.fixture(scope="package")
def replicas() -> Iterator[Replicas]:
    with open_replicas() as opened:
        yield opened
