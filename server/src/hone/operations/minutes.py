"""Sums of one minute: what pages and live figures are made of, written with the operations.

The same sums by quarter of an hour keep a day as quick to add up as an hour. Copies of calls that nobody
sees have a status of their own there, under which only tokens and money are counted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone.gateway import SHADOW
from hone.operations import buckets
from hone.operations.rows import Row

MINUTE_MS: Final = 60_000
QUARTER: Final = timedelta(minutes=15)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_UPSERT: Final = """
INSERT INTO {table} AS m (organization_id, minute, model, route, status,
    requests, input_tokens, output_tokens, cost, latency, ttft)
VALUES (%(organization_id)s, %(minute)s, %(model)s, %(route)s, %(status)s,
    %(requests)s, %(input_tokens)s, %(output_tokens)s, %(cost)s,
    %(latency)s::bigint[], %(ttft)s::bigint[])
ON CONFLICT (organization_id, minute, model, route, status) DO UPDATE SET
    requests = m.requests + excluded.requests,
    input_tokens = m.input_tokens + excluded.input_tokens,
    output_tokens = m.output_tokens + excluded.output_tokens,
    cost = m.cost + excluded.cost,
    latency = (SELECT coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY n), '{{}}')
        FROM unnest(m.latency, excluded.latency) WITH ORDINALITY AS both_(a, b, n)),
    ttft = (SELECT coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY n), '{{}}')
        FROM unnest(m.ttft, excluded.ttft) WITH ORDINALITY AS both_(a, b, n))
"""
UPSERT: Final = _UPSERT.format(table="operation_minutes")
"""For psycopg; adds to what other writers counted."""
UPSERT_QUARTERS: Final = _UPSERT.format(table="operation_quarters")

_Key = tuple[bytes, int, str, str, str]


@dataclass(slots=True)
class _Sums:
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    latency: list[int] = field(default_factory=list[int])
    ttft: list[int] = field(default_factory=list[int])

    def add(self, other: "_Sums") -> None:
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.output_tokens += other.output_tokens
        self.cost += other.cost
        self.latency = buckets.add(self.latency, other.latency)
        self.ttft = buckets.add(self.ttft, other.ttft)


@dataclass(slots=True)
class Minutes:
    """Sums of some operations, by organization, minute, model, route and status."""

    _sums: dict[_Key, _Sums] = field(default_factory=dict[_Key, _Sums])

    def count(
        self,
        organization_id: bytes,
        created_ms: int,
        labels: tuple[str, str, str],
        input_tokens: int,
        output_tokens: int,
        cost: int,
        latency_ms: float | None,
        ttft_ms: float | None,
    ) -> None:
        """Count one operation; `labels` are its model, route and status."""
        key = (organization_id, created_ms // MINUTE_MS, *labels)
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = _Sums()
        sums.requests += 1
        sums.input_tokens += input_tokens
        sums.output_tokens += output_tokens
        sums.cost += cost
        if latency_ms is not None:
            buckets.increment(sums.latency, buckets.index(latency_ms))
        if ttft_ms is not None:
            buckets.increment(sums.ttft, buckets.index(ttft_ms))

    def spend(
        self,
        organization_id: bytes,
        created_ms: int,
        labels: tuple[str, str],
        tokens: tuple[int, int],
        cost: int,
    ) -> None:
        """Count what a copy that nobody sees cost: it is nobody's call, and took nobody's time."""
        key = (organization_id, created_ms // MINUTE_MS, *labels, SHADOW)
        sums = self._sums.setdefault(key, _Sums())
        sums.input_tokens += tokens[0]
        sums.output_tokens += tokens[1]
        sums.cost += cost

    def quarters(self) -> "Minutes":
        """Sum the minutes up by quarter of an hour."""
        made = Minutes()
        for (organization_id, minute, *labels), sums in self._sums.items():
            model, route, status = labels
            key = (organization_id, minute // 15 * 15, model, route, status)
            there = made._sums.setdefault(key, _Sums())
            there.add(sums)
        return made

    def parameters(self) -> list[dict[str, Any]]:
        """Give what `UPSERT` takes, in the order in which every writer locks: so none deadlocks."""
        return [_parameter(key, self._sums[key]) for key in sorted(self._sums)]


def of(rows: Sequence[Row]) -> Minutes:
    """Sum rows up."""
    made = Minutes()
    for row in rows:
        if row.arm == SHADOW:
            made.spend(
                row.organization_id,
                row.created_ms,
                (row.model, row.route),
                (row.input_tokens, row.output_tokens),
                row.cost,
            )
            continue
        made.count(
            row.organization_id,
            row.created_ms,
            (row.model, row.route, row.status),
            row.input_tokens,
            row.output_tokens,
            row.cost,
            row.latency_ms,
            row.ttft_ms,
        )
    return made


def quarter_of(at: datetime, *, up: bool = False) -> datetime:
    """Tell when the quarter of an hour of a moment begins, or the next one where it is inside."""
    quarters = (at - _EPOCH) / QUARTER
    return _EPOCH + QUARTER * (math.ceil(quarters) if up else math.floor(quarters))


def _parameter(key: _Key, sums: _Sums) -> dict[str, Any]:
    organization_id, minute, model, route, status = key
    return {
        "organization_id": UUID(bytes=organization_id),
        "minute": datetime.fromtimestamp(minute * 60, UTC),
        "model": model,
        "route": route,
        "status": status,
        "requests": sums.requests,
        "input_tokens": sums.input_tokens,
        "output_tokens": sums.output_tokens,
        "cost": sums.cost,
        "latency": sums.latency,
        "ttft": sums.ttft,
    }
