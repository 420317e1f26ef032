"""Names the fixture modules, and lets property tests take their time on a busy machine."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

pytest_plugins = [
    "tests.fixtures.distribution",
    "tests.fixtures.postgres",
    "tests.fixtures.database",
    "tests.fixtures.house",
    "tests.fixtures.signals",
]
