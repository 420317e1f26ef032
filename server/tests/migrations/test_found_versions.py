"""What was there before versions were kept gets its first version from the migration."""

import runpy
from pathlib import Path
from typing import Any

import psycopg

from hone.core.db import Database
from tests.fixtures.database import Urls
from tests.identity.api import Api, open_api
from tests.registry.test_routes import ASSISTANT

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
COLUMNS = "kind, subject_id, version, state"


async def test_the_migration_writes_what_the_service_would(database: Database, urls: Urls) -> None:
    async with open_api(database) as api:
        await _fill(api)
    (file,) = VERSIONS.glob("*_remember_every_version.py")
    with psycopg.connect(urls.owner) as connection:
        query = f"SELECT {COLUMNS} FROM registry_versions ORDER BY kind, subject_id"
        kept = connection.execute(query.encode()).fetchall()
        connection.execute("DELETE FROM registry_versions")
        connection.execute(runpy.run_path(str(file))["FOUND"])
        found = connection.execute(query.encode()).fetchall()
        assert [_said(row) for row in found] == [_said(row) for row in kept]
        connection.rollback()
    assert len(kept) == 5


def _said(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out what says nothing: fields that came later are absent in what was found."""
    *rest, state = row
    return (*rest, {name: value for name, value in state.items() if value is not None})


async def _fill(api: Api) -> None:
    provider = {"name": "openai", "kind": "openai", "apiKey": "sk-1"}
    assert (await api.post("/api/providers", provider)).status_code == 201
    for name in ("large", "small", "spare"):
        model = {"name": name, "provider": "openai", "upstream": "gpt-4o"}
        assert (await api.post("/api/models", model)).status_code == 201
    assert (await api.post("/api/routes", ASSISTANT)).status_code == 201
