"""Names the fixture modules, and lets property tests take their time on a busy machine."""

import gc

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# All that is imported stays: looking through it for garbage would take a fifth of the time.
gc.disable()

pytest_plugins = [
    "tests.fixtures.distribution",
    "tests.fixtures.postgres",
    "tests.fixtures.database",
    "tests.fixtures.house",
    "tests.fixtures.signals",
]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Collect garbage as usual among what tests make."""
    gc.freeze()
    gc.enable()
