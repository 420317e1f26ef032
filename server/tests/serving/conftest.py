"""One Hone with several server processes for the tests that look at them from outside."""

from collections.abc import Iterator

import pytest

from tests.fixtures.house import House, open_house


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    """Share one Hone among all modules here."""
    with open_house(workers=3) as opened:
        yield opened
