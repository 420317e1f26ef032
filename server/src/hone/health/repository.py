"""Every query of the health domain. Each one names the organization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text

from hone.core.db import Session
from hone.health.states import Circuit
from hone.registry import Model, Provider

LOST_SECONDS: Final = 10
"""A process that was silent for so long is no longer counted."""
MOST_CALLS: Final = 2000
"""Of a window; more would take longer to sum up than a page that asks often may take."""
LAST_ERRORS: Final = 5
_LIVING: Final = f"seen_at > now() - interval '{LOST_SECONDS} seconds'"
_CIRCUITS: Final = text(f"""
SELECT c.model_id,
    count(*) FILTER (WHERE c.until > now()) AS open,
    count(*) FILTER (WHERE c.until <= now()) AS half_open,
    min(c.since) AS since, max(c.until) AS until,
    (array_agg(c.reason ORDER BY c.until DESC))[1] AS reason,
    (array_agg(c.asked ORDER BY c.until DESC))[1] AS asked
FROM open_circuits c JOIN server_processes p ON p.id = c.process_id AND p.{_LIVING}
WHERE c.organization_id = :organization_id
GROUP BY 1
""")
_PROCESSES: Final = text(f"SELECT count(*) FROM server_processes WHERE {_LIVING}")

# What the request itself made fail tells nothing of the model. A client that left made none fail.
_TRIES: Final = f"""
WITH calls AS (
    SELECT id, created_at, attempts FROM operations
    WHERE organization_id = :organization_id AND created_at >= :since AND source = 'gateway'
    ORDER BY created_at DESC, id DESC LIMIT {MOST_CALLS}
), known AS (
    SELECT * FROM unnest(CAST(:models AS uuid[]), CAST(:providers AS uuid[]))
        AS k (model_id, provider_id)
), tries AS (
    SELECT c.id, c.created_at, k.provider_id, k.model_id, a ->> 'model' AS model,
        a ->> 'error' AS error, (a ->> 'status')::integer AS status,
        (a ->> 'durationMs')::float AS ms, (a ->> 'ttftMs')::float AS first,
        a ->> 'error' IS NOT NULL
            AND a ->> 'error' NOT IN ('client_gone', 'interrupted', 'unsupported_parameter',
                'context_length_exceeded', 'content_filter')
            AND coalesce((a ->> 'status')::integer, 0) NOT IN (400, 405, 406, 410, 411, 412, 413,
                414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451) AS failed
    FROM calls c CROSS JOIN LATERAL jsonb_array_elements(c.attempts) AS a
    JOIN known k ON k.model_id = (a ->> 'modelId')::uuid
)
"""
_FIGURES: Final = text(
    _TRIES
    + """
SELECT provider_id, model_id, count(*) AS attempts, count(*) FILTER (WHERE failed) AS failed,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ms)
        FILTER (WHERE error IS NULL) AS ms,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY first)
        FILTER (WHERE error IS NULL) AS first,
    max(created_at) FILTER (WHERE error IS NULL) AS answered_at
FROM tries GROUP BY GROUPING SETS ((provider_id), (provider_id, model_id))
"""
)
_ERRORS: Final = text(
    _TRIES
    + f"""
SELECT id, created_at, provider_id, model, error, status FROM (
    SELECT *, row_number() OVER (PARTITION BY provider_id ORDER BY created_at DESC, id DESC) AS place
    FROM tries WHERE failed
) AS failures WHERE place <= {LAST_ERRORS} ORDER BY created_at DESC, id DESC
"""
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What attempts came to."""

    attempts: int = 0
    failed: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None
    ttft_p50_ms: float | None = None
    ttft_p95_ms: float | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed."""

    operation_id: UUID
    at: datetime
    provider_id: UUID
    model: str
    error: str
    status: int | None


async def circuits(
    session: Session, organization_id: UUID, models: Sequence[UUID]
) -> dict[UUID, Circuit]:
    """Tell of each model how its circuit is in all processes that are heard of."""
    counted = await processes(session)
    found = await session.execute(_CIRCUITS, {"organization_id": organization_id})
    told = {
        row.model_id: Circuit(
            counted, row.open, row.half_open, row.since, row.until, row.reason, row.asked
        )
        for row in found
    }
    closed = Circuit(counted)
    return {model_id: told.get(model_id, closed) for model_id in models}


async def processes(session: Session) -> int:
    """Count the server processes that are heard of."""
    return int((await session.execute(_PROCESSES)).scalar_one())


async def providers(session: Session, organization_id: UUID) -> Sequence[Provider]:
    """List providers by name."""
    query = select(Provider).where(Provider.organization_id == organization_id)
    return (await session.scalars(query.order_by(Provider.name))).all()


async def models(session: Session, organization_id: UUID) -> Sequence[Model]:
    """List models by name."""
    query = select(Model).where(Model.organization_id == organization_id)
    return (await session.scalars(query.order_by(Model.name))).all()


async def figures(
    session: Session, organization_id: UUID, since: datetime, homes: Mapping[UUID, UUID]
) -> dict[UUID, Figures]:
    """Sum up the attempts at each model, and at each provider, by their ids."""
    found = await session.execute(_FIGURES, _parameters(organization_id, since, homes))
    return {
        row.model_id or row.provider_id: Figures(
            row.attempts, row.failed, *_pair(row.ms), *_pair(row.first), row.answered_at
        )
        for row in found
    }


async def failures(
    session: Session, organization_id: UUID, since: datetime, homes: Mapping[UUID, UUID]
) -> list[Failure]:
    """List the newest attempts at each provider that failed, newest first."""
    found = await session.execute(_ERRORS, _parameters(organization_id, since, homes))
    return [Failure(*row) for row in found]


def _parameters(
    organization_id: UUID, since: datetime, homes: Mapping[UUID, UUID]
) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "since": since,
        "models": list(homes),
        "providers": list(homes.values()),
    }


def _pair(percentiles: Sequence[float | None] | None) -> tuple[float | None, float | None]:
    low, high = percentiles or (None, None)
    return low and round(low, 1), high and round(high, 1)
