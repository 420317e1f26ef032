"""One house for all tests here, which says all that it ever says."""

from collections.abc import Iterator

import pytest

from tests.fixtures.house import House, open_house
from tests.security.places import PASSWORD, Places, furnished

ENV = {
    "HONE_TELEMETRY__LOG_LEVEL": "debug",
    "HONE_SECURITY__PRIVATE_UPSTREAMS": "true",
    "HONE_BOOTSTRAP__ADMIN_PASSWORD": PASSWORD,
}


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    """Run one Hone."""
    with open_house(workers=1, env=ENV) as opened:
        yield opened


@pytest.fixture(scope="package")
def places(house: House) -> Iterator[Places]:
    """Furnish two organizations."""
    with furnished(house) as made:
        yield made
