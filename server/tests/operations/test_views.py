"""The views that analysts know: their SQL runs as it was written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from fastapi import FastAPI

from hone.core import clock, ids
from hone.core.db import Database
from hone.operations.routes import router
from tests.fixtures.app import client, grant, make_app
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import land, settled
from tests.requirements.documents.multi_model_calls import ENGAGEMENT, REVENUE, USAGE

VIEWS = (
    "ai_requests",
    "ai_model_operations",
    "ai_inference_logs",
    "ai_classifications",
    "ai_suggestions",
)


@pytest_asyncio.fixture
async def organization(urls: Urls, database: Database, organization_id: UUID) -> UUID:
    """Record calls by the gateway, one logged elsewhere, and one of somebody else."""
    old = ids.new(int((clock.now() - timedelta(days=2)).timestamp() * 1000)).bytes
    other = await make_organization(database, "Other")
    frames = [settled(each) for each in (organization_id, organization_id, other)]
    await land(urls.owner, [*frames, settled(organization_id, id=old)])
    app = make_app(database, router)
    body = {
        "modelId": "own",
        "operationType": "chat",
        "userId": "u-2",
        "costUsd": 0.25,
        "revenueUsd": 1.5,
        "satisfactionScore": 4,
    }
    async with client(app, grant(app, organization_id)) as http:
        assert (await http.post("/api/ai/operations/log", json=body)).status_code == 201
    return organization_id


async def rows(
    urls: Urls, organization_id: UUID, query: str, *values: object
) -> list[tuple[object, ...]]:
    """Ask as an analyst's tool does: as hone_app, in one organization."""
    async with await psycopg.AsyncConnection.connect(urls.app) as connection:
        await connection.execute(
            "SELECT set_config('hone.organization_id', %s, true)", (str(organization_id),)
        )
        found = psycopg.AsyncRawCursor(connection)
        await found.execute(query.encode(), values or None)
        return await found.fetchall()


async def test_usage_by_model(urls: Urls, organization: UUID) -> None:
    found = {row[0]: row[1:] for row in await rows(urls, organization, USAGE)}
    assert found == {"gpt-4o": (2, Decimal("0.0006")), "own": (1, Decimal("0.25"))}


async def test_revenue_by_day(urls: Urls, organization: UUID) -> None:
    since = datetime.now(UTC) - timedelta(days=1, hours=12)
    found = await rows(urls, organization, REVENUE, since)
    assert sum(int(str(row[2])) for row in found) == 3
    assert found[-1][1] == Decimal("1.5")
    assert found[-1][3] == Decimal("1.5")


async def test_engagement_by_user(urls: Urls, organization: UUID) -> None:
    first, second = await rows(urls, organization, ENGAGEMENT)
    assert first[:3] == ("u-1", 3, Decimal("0.0018"))
    assert second[:3] == ("u-2", 1, Decimal("0.25"))
    assert second[4] == 4.0


async def log(app: FastAPI, organization_id: UUID, **told: object) -> None:
    """Log a call that was made elsewhere."""
    body = {"modelId": "own", "responseTimeMs": 120, "inputTokens": 9, "outputTokens": 1, **told}
    async with client(app, grant(app, organization_id)) as http:
        assert (await http.post("/api/ai/operations/log", json=body)).status_code == 201


async def test_a_failure_is_told_in_words(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    failed = {"operationType": "chat", "success": False, "errorMessage": "took too long"}
    await log(make_app(database, router), organization_id, **failed)
    for view in ("ai_model_operations", "ai_inference_logs"):
        query = f"SELECT success, error_message, response_time_ms, input_tokens FROM {view}"
        assert await rows(urls, organization_id, query) == [(False, "took too long", 120.0, 9)]


async def test_classifications_and_suggestions_have_a_view_each(
    urls: Urls, database: Database, organization_id: UUID
) -> None:
    app = make_app(database, router)
    await log(app, organization_id, operationType="classification", confidence=0.5, externalId=123)
    told = {"suggestionType": "reply", "sources": ["page-1"]}
    await log(app, organization_id, operationType="suggestion", metadata=told)
    classified = "SELECT external_id, confidence_score, processing_time_ms, tokens_used"
    assert await rows(urls, organization_id, f"{classified} FROM ai_classifications") == [
        ("123", 0.5, 120.0, 10)
    ]
    suggested = "SELECT suggestion_type, source_references FROM ai_suggestions"
    assert await rows(urls, organization_id, suggested) == [("reply", ["page-1"])]


@pytest.mark.parametrize("view", VIEWS)
async def test_another_organization_sees_nothing_of_it(
    urls: Urls, database: Database, organization: UUID, view: str
) -> None:
    stranger = await make_organization(database, "Stranger")
    everything = f"SELECT * FROM {view}"
    if view in {"ai_requests", "ai_model_operations", "ai_inference_logs"}:
        assert await rows(urls, organization, everything)
    assert await rows(urls, stranger, everything) == []
