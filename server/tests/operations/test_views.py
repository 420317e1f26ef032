"""The view that analysts know: their SQL runs as it was written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest_asyncio

from hone.core import clock, ids
from hone.core.db import Database
from hone.operations.routes import router
from tests.fixtures.app import client, grant, make_app
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import land, settled

USAGE = (
    "SELECT model_name, COUNT(*), AVG(cost_usd) \n"
    "FROM ai_requests \n"
    "WHERE created_at > NOW() - INTERVAL '24 hours' \n"
    "GROUP BY model_name;\n"
)
REVENUE = (
    "\n    SELECT \n"
    "      DATE_TRUNC('day', created_at) as date,\n"
    "      SUM(revenue_usd) as daily_revenue,\n"
    "      COUNT(*) as request_count,\n"
    "      AVG(revenue_usd) as avg_revenue_per_request\n"
    "    FROM ai_requests \n"
    "    WHERE created_at >= $1\n"
    "    GROUP BY DATE_TRUNC('day', created_at)\n"
    "    ORDER BY date\n  "
)
ENGAGEMENT = (
    "\n    SELECT \n"
    "      user_id,\n"
    "      COUNT(*) as total_requests,\n"
    "      SUM(cost_usd) as total_cost,\n"
    "      MAX(created_at) as last_activity,\n"
    "      AVG(satisfaction_score) as avg_satisfaction\n"
    "    FROM ai_requests \n"
    "    WHERE created_at >= NOW() - INTERVAL '30 days'\n"
    "    GROUP BY user_id\n"
    "    ORDER BY total_requests DESC\n  "
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


async def test_another_organization_sees_nothing_of_it(
    urls: Urls, database: Database, organization: UUID
) -> None:
    stranger = await make_organization(database, "Stranger")
    assert await rows(urls, stranger, USAGE) == []
    assert await rows(urls, stranger, ENGAGEMENT) == []
