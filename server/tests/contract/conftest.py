"""One Hone for every client that is tried, with a model of each format behind it."""

from collections.abc import Iterator

import pytest

from tests.contract.models import declare
from tests.fixtures.house import House, open_house


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    """Share one Hone among all modules here."""
    with open_house() as opened:
        declare(opened)
        yield opened
