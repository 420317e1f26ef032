"""Installations to type commands at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hone.cli import options, start
from hone.core.postgres import EmbeddedPostgres
from tests.cli.console import Installation
from tests.fixtures.database import Urls, empty_database


@pytest.fixture
def fresh(tmp_path: Path, urls: Urls) -> Installation:
    """Give an installation with its tables and nothing in them."""
    return Installation(tmp_path, urls)


@pytest.fixture
def installed(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Give an installation after its first start."""
    with monkeypatch.context() as patched:
        for name, value in fresh.env.items():
            patched.setenv(name, value)
        start.prepare(options.settings())
    return fresh


@pytest.fixture
def empty(tmp_path: Path, postgres: EmbeddedPostgres) -> Iterator[Installation]:
    """Give an installation whose database has no tables yet."""
    with empty_database(postgres) as made:
        yield Installation(tmp_path, made)
