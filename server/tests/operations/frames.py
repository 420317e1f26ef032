"""Frames as the gateway writes them, and the drain's transaction around them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from hone import operations
from hone.core import ids
from hone.gateway import Attempt, Opened, Settled, Status

MODEL_ID = UUID("01980000-0000-7000-8000-000000000002")
PRICE_ID = UUID("01980000-0000-7000-8000-000000000003")
KEY_ID = UUID("01980000-0000-7000-8000-000000000001")
"""Fixed: it is a parameter of tests, which every test worker must name alike."""


def attempt(**changes: Any) -> Attempt:
    """Make an attempt that went well."""
    made = Attempt(
        model="gpt-4o",
        provider="openai",
        upstream="gpt-4o-2026-08-06",
        model_id=MODEL_ID.bytes,
        price_id=PRICE_ID.bytes,
        status=200,
        error=None,
        started_ms=0.4,
        duration_ms=410.5,
        ttft_ms=101.25,
        input_tokens=120,
        output_tokens=30,
        cached_tokens=20,
        reasoning_tokens=5,
        estimated=False,
        cost=600_000_000,
        written_tokens=40,
        written_hour_tokens=15,
    )
    return msgspec.structs.replace(made, **changes)


def settled(organization_id: UUID, **changes: Any) -> Settled:
    """Make the frame of an operation that went well."""
    made = Settled(
        id=ids.new().bytes,
        organization_id=organization_id.bytes,
        key_id=KEY_ID.bytes,
        endpoint="chat/completions",
        route="assistant",
        route_id=None,
        status=Status.SUCCESS,
        http_status=200,
        error=None,
        finish_reason="stop",
        stream=True,
        user="u-1",
        conversation="c-1",
        metadata=None,
        latency_ms=411.5,
        ttft_ms=101.75,
        overhead_ms=0.25,
        candidates=[("gpt-4o", 0.75), ("claude-sonnet", 0.25)],
        attempts=[attempt()],
        content_key=None,
        content=None,
    )
    return msgspec.structs.replace(made, **changes)


def opened(organization_id: UUID, **changes: Any) -> Opened:
    """Make the frame of an attempt that is about to start."""
    made = Opened(
        id=ids.new().bytes,
        organization_id=organization_id.bytes,
        key_id=KEY_ID.bytes,
        number=1,
        endpoint="chat/completions",
        route="assistant",
        route_id=None,
        model="gpt-4o",
        provider="openai",
        upstream="gpt-4o-2026-08-06",
        model_id=MODEL_ID.bytes,
        price_id=PRICE_ID.bytes,
        input_price=2_500_000,
        output_price=10_000_000,
        estimated_input_tokens=100,
        stream=True,
        user="u-1",
        conversation=None,
        metadata=None,
    )
    return msgspec.structs.replace(made, **changes)


async def land(
    owner_url: str,
    frames: Sequence[Settled] = (),
    interrupted: Sequence[Sequence[Opened]] = (),
    damaged: Sequence[operations.Damaged] = (),
    lane: str = "lane-1",
) -> operations.Landed:
    """Store frames as the drain does: one transaction, as hone_owner."""
    batch = operations.Batch(damaged=list(damaged))
    for number, frame in enumerate(frames):
        batch.settled.append((operations.Place(lane, 1, 100 + number), frame))
    for attempts in interrupted:
        batch.interrupted.append((operations.Place(lane, 1, 10_000), attempts))
    async with (
        await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as connection,
        connection.transaction(),
    ):
        return await operations.ingest(connection, batch)


def identifier(frame: Settled | Opened) -> str:
    """Name the operation of a frame as the API does."""
    return ids.public("op", UUID(bytes=frame.id))
