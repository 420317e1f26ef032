"""`hone audit verify`: whole, and broken where somebody wrote behind its back."""

import asyncio

import pytest

from hone.core import events
from hone.core.db import Database
from tests.cli.console import Installation


@pytest.fixture
def sealed(installed: Installation) -> Installation:
    """Give an installation whose events have been sealed."""
    installed.hone("keys", "create", "one")

    async def seal() -> None:
        owner = Database.connect(installed.urls.owner, pool_size=1)
        while await events.seal(owner):
            pass
        await owner.aclose()

    asyncio.run(seal())
    return installed


def test_a_whole_trail_is_whole(sealed: Installation) -> None:
    said = sealed.hone("audit", "verify")
    assert said.code == 0
    assert said.out.endswith(" events, the chain is whole\n")
    document = sealed.hone("audit", "verify", "--json").document
    assert document["broken"] is None
    assert document["checked"] >= 3


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE events SET name = 'key.read' WHERE position = 2",
        "DELETE FROM events WHERE position = 2",
        "DELETE FROM events WHERE position = (SELECT max(position) FROM events)",
    ],
)
def test_tampering_is_found(sealed: Installation, tampering: str) -> None:
    sealed.rows("ALTER TABLE events DISABLE TRIGGER USER")
    sealed.rows(tampering)
    said = sealed.hone("audit", "verify")
    assert said.code == 1
    assert "broken at" in said.out
    assert sealed.hone("audit", "verify", "--json").code == 1
