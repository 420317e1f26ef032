"""Names the fixture modules; nothing else."""

pytest_plugins = [
    "tests.fixtures.distribution",
    "tests.fixtures.postgres",
    "tests.fixtures.database",
    "tests.fixtures.house",
    "tests.fixtures.signals",
]
