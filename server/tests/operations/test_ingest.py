"""What the drain brings lands exactly once, and a bad frame holds nothing up."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest
from sqlalchemy import select, text

from hone import operations
from hone.core import clock, ids
from hone.core.db import Database
from hone.gateway import Settled, Status
from hone.operations import buckets
from hone.operations.models import Operation, OperationContent, OperationMinute, Quarantine
from tests.fixtures.database import Urls, make_organization
from tests.operations.frames import KEY_ID, MODEL_ID, PRICE_ID, attempt, land, opened, settled


async def stored(owner: Database) -> list[Operation]:
    async with owner.transaction() as session:
        return list((await session.scalars(select(Operation).order_by(Operation.id))).all())


async def quarantined(owner: Database) -> list[Quarantine]:
    async with owner.transaction() as session:
        query = select(Quarantine).order_by(Quarantine.segment, Quarantine.position)
        return list((await session.scalars(query)).all())


async def minutes_of(owner: Database) -> list[OperationMinute]:
    async with owner.transaction() as session:
        query = select(OperationMinute).order_by(
            OperationMinute.model, OperationMinute.route, OperationMinute.status
        )
        return list((await session.scalars(query)).all())


async def test_every_field_of_a_frame_lands(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    frame = settled(
        organization_id,
        route_id=MODEL_ID.bytes,
        metadata=b'{"ticket": 7}',
        content_key=PRICE_ID.bytes,
        content=b"sealed",
    )
    landed = await land(urls.owner, [frame])
    assert landed == operations.Landed(1, 0, frozenset({organization_id}))
    (row,) = await stored(owner)
    made = UUID(bytes=frame.id)
    assert (row.id, row.organization_id, row.created_at) == (
        made,
        organization_id,
        ids.created_at(made),
    )
    assert (row.kind, row.source, row.status, row.http_status) == (
        "chat",
        "gateway",
        "success",
        200,
    )
    assert (row.error_code, row.finish_reason) == (None, "stop")
    assert (row.route, row.route_id) == ("assistant", MODEL_ID)
    assert (row.model, row.model_id, row.provider) == ("gpt-4o", MODEL_ID, "openai")
    assert (row.upstream, row.key_id) == ("gpt-4o-2026-08-06", KEY_ID)
    assert (row.user_id, row.conversation_id, row.external_id) == ("u-1", "c-1", None)
    assert row.stream
    assert (row.input_tokens, row.output_tokens) == (120, 30)
    assert (row.cached_tokens, row.written_tokens, row.reasoning_tokens) == (20, 40, 5)
    assert row.written_hour_tokens == 15
    assert not row.usage_estimated
    assert (row.cost, row.price_id, row.revenue) == (600_000_000, PRICE_ID, None)
    assert (row.latency_ms, row.ttft_ms, row.overhead_ms) == (411.5, 101.75, 0.25)
    assert (row.confidence, row.satisfaction_score) == (None, None)
    assert row.attempts[0]["upstream"] == "gpt-4o-2026-08-06"
    assert row.attempts[0]["cost"] == 600_000_000
    assert row.candidates == [
        {"model": "gpt-4o", "propensity": 0.75},
        {"model": "claude-sonnet", "propensity": 0.25},
    ]
    assert row.metadata_ == {"ticket": 7}
    async with owner.transaction() as session:
        content = (await session.scalars(select(OperationContent))).one()
    assert (content.id, content.created_at, content.organization_id) == (
        made,
        row.created_at,
        organization_id,
    )
    assert (content.key_id, content.sealed) == (PRICE_ID, b"sealed")


async def test_each_attempt_is_billed_and_the_last_names_the_model(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    failed = attempt(model="backup", status=500, error="upstream_error", cost=7, input_tokens=3)
    frame = settled(organization_id, attempts=[failed, attempt(cost=11, estimated=True)])
    await land(urls.owner, [frame])
    (row,) = await stored(owner)
    assert (row.model, row.cost, row.input_tokens) == ("gpt-4o", 18, 123)
    assert row.usage_estimated
    assert [each["number"] for each in row.attempts] == [1, 2]


async def test_a_call_that_was_never_attempted_is_named_by_its_route(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    frame = settled(
        organization_id,
        attempts=[],
        candidates=[],
        status=Status.ERROR,
        error="no_target_left",
        http_status=503,
        endpoint="embeddings",
    )
    await land(urls.owner, [frame])
    (row,) = await stored(owner)
    assert (row.model, row.provider, row.model_id) == ("assistant", None, None)
    assert (row.kind, row.status, row.error_code) == ("embeddings", "error", "no_target_left")
    assert (row.cost, row.attempts, row.candidates) == (0, [], [])


async def test_a_call_whose_process_died_is_estimated(
    urls: Urls, database: Database, owner: Database, organization_id: UUID
) -> None:
    first = opened(organization_id)
    second = msgspec.structs.replace(first, number=2, model="backup", input_price=1_000_000)
    await claim(database, organization_id, UUID(bytes=first.id))
    landed = await land(urls.owner, interrupted=[[first, second]])
    assert landed.operations == 1
    (row,) = await stored(owner)
    assert (row.status, row.error_code, row.model) == ("interrupted", "interrupted", "backup")
    assert (row.input_tokens, row.cost) == (200, 100 * 2_500_000 + 100 * 1_000_000)
    assert row.usage_estimated
    assert (row.latency_ms, row.http_status) == (None, None)
    assert [each["error"] for each in row.attempts] == ["interrupted", "interrupted"]
    (minute,) = await minutes_of(owner)
    assert (minute.status, minute.requests, minute.latency) == ("interrupted", 1, [])
    async with owner.transaction() as session:
        claims = await session.scalar(text("SELECT count(*) FROM idempotency"))
    assert claims == 0, "a client may try again under the same Idempotency-Key"


async def claim(database: Database, organization_id: UUID, operation_id: UUID) -> None:
    async with database.transaction(organization_id) as session:
        await session.execute(
            text(
                "INSERT INTO idempotency (organization_id, key_digest, request_digest,"
                " operation_id, state, expires_at)"
                " VALUES (:o, '\\x01', '\\x02', :id, 'claimed', now() + interval '1 day')"
            ),
            {"o": organization_id, "id": operation_id},
        )


async def test_minutes_add_up(urls: Urls, owner: Database, organization_id: UUID) -> None:
    at = int(clock.now().timestamp() * 1000) // 60_000 * 60_000
    frames = [
        settled(
            organization_id, id=ids.new(at + number).bytes, latency_ms=float(10 ** (number % 4))
        )
        for number in range(40)
    ]
    other = settled(organization_id, id=ids.new(at).bytes, status=Status.CANCELLED, ttft_ms=None)
    await land(urls.owner, frames[:10])
    await land(urls.owner, [*frames[10:], other])
    cancelled, done = await minutes_of(owner)
    assert cancelled.status == "cancelled"
    assert (cancelled.requests, cancelled.ttft) == (1, [])
    assert (done.minute, done.model, done.route) == (
        datetime.fromtimestamp(at / 1000, UTC),
        "gpt-4o",
        "assistant",
    )
    assert (done.requests, done.input_tokens, done.output_tokens) == (40, 4800, 1200)
    assert done.cost == 40 * 600_000_000
    assert done.latency == buckets.count(frame.latency_ms for frame in frames)
    assert done.ttft == buckets.count([101.75] * 40)


async def test_old_months_get_their_partitions(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    at = datetime(2024, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC)
    frames = [
        settled(organization_id, id=ids.new(int(at.timestamp() * 1000) + extra).bytes)
        for extra in (0, 1)
    ]
    await land(urls.owner, frames)
    async with owner.transaction() as session:
        found = await session.execute(text("SELECT tableoid::regclass::text FROM operations"))
        names = {name for (name,) in found}
    assert names == {"operations_2024_02", "operations_2024_03"}


def case(value: dict[str, object] | str | None) -> str:
    """Name a case by what is wrong: a value may be made anew by every process that runs tests."""
    return next(iter(value)) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metadata": b"{not json"}, "invalid input syntax for type json"),
        ({"attempts": [attempt(input_tokens=2**40)]}, None),
        ({"attempts": [attempt(cost=2**64 - 1)]}, None),
        ({"id": b"not an id"}, None),
        ({"id": ids.new(int(datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000)).bytes}, "future"),
        ({"organization_id": b"?"}, None),
        ({"content": b"x", "content_key": b"short"}, "not an id"),
        ({"status": 99}, None),
        ({"route_id": b"odd"}, "not an id"),
        ({"overhead_ms": 1e300}, None),
        ({"http_status": 100_000}, None),
    ],
    ids=case,
)
async def test_a_bad_frame_is_set_aside_and_the_rest_lands(
    urls: Urls,
    owner: Database,
    organization_id: UUID,
    changes: dict[str, object],
    reason: str | None,
) -> None:
    frames = [settled(organization_id) for _ in range(9)]
    frames[6] = msgspec.structs.replace(settled(organization_id), **changes)
    landed = await land(urls.owner, frames)
    assert (landed.operations, landed.quarantined) == (8, 1)
    assert len(await stored(owner)) == 8
    (minute,) = await minutes_of(owner)
    assert minute.requests == 8
    (row,) = await quarantined(owner)
    assert (row.lane, row.segment, row.position) == ("lane-1", 1, 106)
    assert reason is None or reason in row.reason
    kept = msgspec.msgpack.Decoder(Settled).decode(row.raw)
    assert kept.route == "assistant"


async def test_a_batch_of_bad_frames_only_is_set_aside(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    frames = [settled(organization_id, metadata=b"{") for _ in range(5)]
    landed = await land(urls.owner, frames)
    assert (landed.operations, landed.quarantined) == (0, 5)
    assert landed.organizations == frozenset()
    assert len(await quarantined(owner)) == 5


async def test_operations_that_died_together_are_all_set_aside(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    interrupted = [[opened(organization_id, metadata=b"{")] for _ in range(3)]
    damage = operations.Damaged(operations.Place("lane-1", 1, 10_000), "no frame", b"\x00\xff")
    landed = await land(urls.owner, interrupted=interrupted, damaged=[damage])
    assert (landed.operations, landed.quarantined) == (0, 4)
    rows = await quarantined(owner)
    assert [row.position for row in rows] == [10_000, 10_001, 10_002, 10_003]
    assert (rows[0].raw, rows[0].organization_id) == (b"\x00\xff", None)
    assert rows[1].organization_id == organization_id


async def test_an_operation_that_is_there_already_is_not_counted_twice(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    frame = settled(organization_id)
    await land(urls.owner, [frame])
    landed = await land(urls.owner, [frame, settled(organization_id)])
    assert (landed.operations, landed.quarantined) == (1, 1)
    assert len(await stored(owner)) == 2
    assert sum(row.requests for row in await minutes_of(owner)) == 2


async def test_text_that_postgresql_refuses_is_cleaned(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    frame = settled(
        organization_id,
        user="a\0b",
        conversation="x" * 10_000,
        route="r\0",
        metadata=rb'{"a":"\u0000","b":"\ud83d","c":"\\u0000","d":"\ud83d\ude00"}',
    )
    landed = await land(urls.owner, [frame])
    assert landed.quarantined == 0
    (row,) = await stored(owner)
    assert row.user_id == "a\ufffdb"
    assert row.route == "r\ufffd"
    assert row.conversation_id is not None
    assert len(row.conversation_id) == 512
    assert row.metadata_ == {"a": "\ufffd", "b": "\ufffd", "c": "\\u0000", "d": "😀"}


async def test_nothing_of_a_transaction_that_fails_stays(
    urls: Urls, owner: Database, organization_id: UUID
) -> None:
    batch = operations.Batch(
        settled=[
            (operations.Place("lane-1", 1, 1), settled(organization_id)),
            (operations.Place("lane-1", 1, 2), settled(organization_id, metadata=b"{")),
        ]
    )
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as connection:
        with pytest.raises(ZeroDivisionError):
            async with connection.transaction():
                await operations.ingest(connection, batch)
                raise ZeroDivisionError
        async with connection.transaction():
            await operations.ingest(connection, batch)
    assert len(await stored(owner)) == 1
    assert len(await quarantined(owner)) == 1


async def test_without_a_transaction_nothing_is_taken(urls: Urls) -> None:
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as connection:
        with pytest.raises(AssertionError):
            await operations.ingest(connection, operations.Batch())


async def test_an_empty_batch_is_nothing(urls: Urls, organization_id: UUID) -> None:
    assert await land(urls.owner) == operations.Landed(0, 0, frozenset())


async def test_marks_move_and_end(urls: Urls, database: Database) -> None:
    async with await psycopg.AsyncConnection.connect(urls.owner, autocommit=True) as connection:
        assert await operations.spool_mark(connection, "lane-1") is None
        await operations.mark_spool(connection, "lane-1", (1, 500))
        await operations.mark_spool(connection, "lane-1", (2, 40), finished=True)
        await operations.mark_spool(connection, "lane-1", (2, 40))
        assert await operations.spool_mark(connection, "lane-1") == operations.Mark(2, 40, True)


async def test_two_drains_at_once_neither_deadlock_nor_lose(
    urls: Urls, database: Database, owner: Database, organization_id: UUID
) -> None:
    other = await make_organization(database, "Other")
    at = int((clock.now() - timedelta(days=400)).timestamp() * 1000)

    async def drain(organizations: list[UUID]) -> None:
        for _ in range(5):
            frames = [
                settled(each, id=ids.new(at).bytes, route=route)
                for each in organizations
                for route in ("b", "a", "c")
            ]
            await land(urls.owner, frames)

    async with asyncio.TaskGroup() as group:
        group.create_task(drain([organization_id, other]))
        group.create_task(drain([other, organization_id]))
    assert len(await stored(owner)) == 60
    assert sum(row.requests for row in await minutes_of(owner)) == 60
